#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# san: yes
# A job printed by lp is held, shown at the panel, released, and what the
# device gets is byte for byte what was printed, in the name of its owner.
. "$(dirname "$0")/lib/scenario.sh"
rig r

doc raw.bin 300000
hold "$W/raw.bin" -t "Bericht A"
is "$(count held anna)" 1 "a job on the raw queue is held"
is "$(lpstat -o | wc -l)" 0 "cupsd is done with it"
is "$(printed)" 0 "nothing is printed before the release"

gs -q -dNOPAUSE -dBATCH -sDEVICE=pdfwrite -o "$W/page.pdf" \
	-c "/Helvetica 40 selectfont 72 700 moveto (Page) show showpage"
lp -U anna -d "$RIG_QUEUE" -t "Seite" "$W/page.pdf" >"$W/lp.txt" 2>&1
within 10 "a PDF on the queue with our driver is held" held_is 2

login_card "$RIG_ANNA_CARD"
is "$STATUS $(j .result)" "200 ok" "the card opens a session"
is "$(j .session.user.id)" anna "of the card's owner"
list
is "$(job_ids | wc -l)" 2 "the panel lists both jobs"
like "$(menu_text)$BODY" "Bericht A" "with their titles"

release "$(id_of 'Bericht A')"
is "$STATUS $(j '.jobs[0].status')" "200 accepted" "one is released"
REF=$(j '.jobs[0].release_ref')
like "$REF" '^[0-9A-Z]{10}$' "with a reference of 10 letters"
within 10 "the device got it" printed_is 1
same "$(ls "$RIG_OUT"/*.prn)" "$W/raw.bin" "byte for byte what was printed"
CF=$(cat "$RIG_OUT"/*.cf)
like "$CF" $'(^|\n)Panna' "the control file names the owner"
like "$CF" "JOP$REF" "and begins the title with the reference"
within 5 "core knows it is sent" state_count_is sent 1

release all
within 10 "the other one comes too" printed_is 2
is "$(copies_of "$W/page.pdf")" 1 "the PDF is byte for byte the same file"
within 5 "nothing is held any more" held_is 0
within 5 "and nothing is left in the spool" spool_empty
logout
is "$(j .result)" ok "the session is closed"
