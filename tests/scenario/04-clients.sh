#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# lp with copies and several files, lpr, ipptool, and LPR through cups-lpd.
. "$(dirname "$0")/lib/scenario.sh"
rig r
PDF=$W/p.pdf
gs -q -dNOPAUSE -dBATCH -sDEVICE=pdfwrite -o "$PDF" \
	-c "/Helvetica 40 selectfont 72 700 moveto (Page) show showpage"
doc one.bin 5000
doc two.bin 6000

hold "$W/one.bin" -n 3 -t copies
jobs_json
is "$(j '.jobs[0].copies')" 3 "lp -n 3: three copies are asked for"
is "$(j '.jobs[0].bytes')" "$(stat -c %s "$W/one.bin")" "and one is held"
login_card "$RIG_ANNA_CARD"
release all
within 10 "three copies come out" copies_are "$W/one.bin" 3
is "$(printed)" 1 "of a document that is sent once"

# Several files: cupsd gives them to a driver's queue one by one, and to a raw
# queue as one stream.
gs -q -dNOPAUSE -dBATCH -sDEVICE=pdfwrite -o "$W/q.pdf" \
	-c "/Helvetica 40 selectfont 72 700 moveto (Second) show showpage"
lp -U anna -d "$RIG_QUEUE" -t multi "$PDF" "$W/q.pdf" >/dev/null
within 10 "a job of two files is held, one document for each" held_is 2
release all
within 10 "the first comes out" copies_are "$PDF" 1
within 10 "and the second" copies_are "$W/q.pdf" 1
doc one.bin 5000
lp -U anna -d "$RIG_RAW_QUEUE" -o raw "$W/one.bin" "$W/two.bin" >/dev/null
within 10 "on a raw queue they are one" held_is 1
cat "$W/one.bin" "$W/two.bin" >"$W/both.bin"
release all
within 10 "whole, in their order" copies_are "$W/both.bin" 1

lpr -P "$RIG_RAW_QUEUE" -U anna -o raw -T "by lpr" "$W/one.bin"
within 10 "lpr: held" held_is 1
lp -U anna -d "$RIG_QUEUE" -t pdf-2 -n 2 "$PDF" >/dev/null
within 10 "lp -n 2 on the driver's queue: held" held_is 2
is "$(api GET "/jobs/$(id_of pdf-2)"; j .copies)" 2 "with its two copies"

ipptool -q -f "$PDF" -d filetype=application/pdf "$RIG_IPP_URL" \
	"$(dirname "$0")/print-job.test" >"$W/ipp.txt" 2>&1
is "$?" 0 "ipptool's Print-Job passes"
within 10 "and is held" held_is 3
jobs_json
is "$(j '.jobs[] | select(.title=="IPP job") | .user')" anna "for its user"
release all
within 10 "all of them come out" held_is 0
within 10 "two copies and one" copies_are "$PDF" 4
within 5 "and that of lpr" copies_are "$W/one.bin" 1
