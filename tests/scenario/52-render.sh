#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# A held document that something is asked of: made anew when it is released,
# by processes without a network; what goes out has the pages it should have.
. "$(dirname "$0")/lib/scenario.sh"
command -v gs >/dev/null && command -v pdftoppm >/dev/null ||
	skip_all "needs ghostscript and poppler-utils"
rig r
S_MAY_DIE=1	# a render and core are killed here

held_pdf() {
	lp -U anna -d "$RIG_QUEUE" -t "$1" "${@:2}" "$W/six.pdf" >/dev/null 2>&1
}
renders() { role_pids render | wc -l; }
renders_are() { [ "$(renders)" -eq "$1" ]; }

gs -q -dNOPAUSE -dBATCH -sDEVICE=pdfwrite -o "$W/six.pdf" -c "/Helvetica 40 \
selectfont 1 1 6 { 1 0 0 setrgbcolor 72 700 moveto (Page ) show 9 string cvs \
show showpage } for"
is "$(pdf_pages "$W/six.pdf")" 6 "the document has six pages"
is "$(renders)" 2 "two renders wait"

held_pdf "two up" -o number-up=2
within 10 "a job with options is held" held_is 1
login_card "$RIG_ANNA_CARD"
release "$(id_of 'two up')"
within 20 "and printed" printed_is 1
is "$(pdf_pages "$(printed_last)")" 3 "on three sides"
within 10 "two renders wait again" renders_are 2
is "$(find "$R/run/render" -mindepth 1 | wc -l)" 0 "no temporary file is left"
is "$(find "$RIG_SPOOL" -name '*.made' | wc -l)" 0 "nor what was made"

held_pdf "gray" -o print-color-mode=monochrome -o page-ranges=2-3
within 10 "a job in gray is held" held_is 1
release "$(id_of 'gray')"
within 20 "and printed" printed_is 2
is "$(pdf_pages "$(printed_last)")" 2 "two of its pages"
is "$(pdftoppm -r 30 "$(printed_last)" | python3 -c '
import re, sys
d, at, bad, pages = sys.stdin.buffer.read(), 0, 0, 0
while at < len(d):
    m = re.compile(rb"P6\s(\d+) (\d+)\s255\s").match(d, at)
    n = 3 * int(m[1]) * int(m[2])
    p = d[m.end():m.end() + n]
    bad += any(a != b or b != c for a, b, c in zip(p[::3], p[1::3], p[2::3]))
    at, pages = m.end() + n, pages + 1
print(pages, bad)')" "2 0" "without a coloured pixel"

# A render that is killed at its work: asked again, by another.
fault render:before-result kill
held_pdf "killed" -o number-up=6
within 10 "one more is held" held_is 1
release "$(id_of 'killed')"
within 30 "and printed though its render was killed" printed_is 3
ok "which it was" fault_hit
is "$(pdf_pages "$(printed_last)")" 1 "on one side, once"

# core is killed while a render works for it.
fault render:before-make sleep 4000
held_pdf "orphan" -o number-up=2
within 10 "one more is held" held_is 1
release "$(id_of 'orphan')"
within 10 "a render is at work on it" fault_hit
kill -9 "$(role_pids core)"
within 20 "it is held again: nothing had printed" held_is 1
within 15 "the render whose work nobody wants is gone" renders_are 2
is "$(printed)" 3 "and nothing has"
login_card "$RIG_ANNA_CARD"
release "$(id_of 'orphan')"
within 20 "the next time it prints" printed_is 4
is "$(pdf_pages "$(printed_last)")" 3 "as it was asked for"
ok "the device gets PCL XL" ctl device set Flur --driver pclxl
held_pdf "pcl" -o sides=two-sided-long-edge
within 10 "one more is held" held_is 1
release "$(id_of 'pcl')"
within 20 "and printed" printed_is 5
is "$("$RIG_BUILD/filter/release-pages" facts --json "$(printed_last)" | jq -c '[.language, .sides, .duplex]')" \
	'["pclxl",6,"two-sided-long-edge"]' "six sides, on both"
within 10 "nothing of it is left in the spool" spool_empty
is "$(find "$RIG_SPOOL" -name '*.made' | wc -l)" 0 "nor what was made"
logout
