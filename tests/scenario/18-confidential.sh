#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Jobs with a PIN: asked for after log-in, never stored or logged in clear.
. "$(dirname "$0")/lib/scenario.sh"
rig r --conf 'WrongPinLimit 3' --conf 'ConfidentialExpiry 2h' --conf 'JobExpiry 1d'
PIN=7391
gs -q -dNOPAUSE -dBATCH -sDEVICE=pdfwrite -o "$W/a.pdf" \
	-c "/Helvetica 40 selectfont 72 700 moveto (Secret) show showpage"
doc a.bin 3000
confidential() { lp -d "$RIG_QUEUE" -U anna -t "$1" -o "job-password=$2" "${@:3}" "$W/a.pdf" >/dev/null 2>&1; }
confidential one $PIN
within 10 "held" held_is 1
confidential two $PIN
confidential three 1111
within 10 "three confidential jobs are held" held_is 3
hold "$W/a.bin" -t ordinary
one=$(id_of one)
api GET "/jobs/$one"
is "$(j .confidential)" true "marked as confidential"
is "$(life "$one")" 7200 "with an expiry of their own"
is "$(life "$(id_of ordinary)")" 86400 "ordinary ones have theirs"
for f in "$RIG_DB" "$RIG_DB-wal" "$RIG_LOG"; do
	[ ! -f "$f" ] || nok "the PIN is not in ${f##*/}" grep -qaE "(^|[^0-9])$PIN([^0-9]|\$)" "$f"
done

login_card "$RIG_ANNA_CARD"
release all
within 10 "release all without the PIN prints the ordinary one" printed_is 1
is "$(count held)" 3 "and no other"
release "$one"
unlike "$(j '.jobs[0].status')" accepted "one alone is not released either"
pin() { action '"op":"unlock","credential":{"method":"pin","value":"'$1'"}'; }
pin 0000
unlike "$STATUS$(j .result)" 'ok$|^5' "a wrong PIN opens nothing"
pin $PIN
is "$STATUS $(j .result)" "200 ok" "the right one opens"
release all
within 10 "every job with that PIN is printed" state_count_is sent 3
is "$(state "$(id_of three)")" held "the one with another PIN is not"
logout

# The limit: three wrong ones in a row delete what is confidential.
login_card "$RIG_ANNA_CARD"
for p in 0001 0002 0003; do pin $p; done
like "$(menu_text)" 'PIN.*deleted' "the owner at the panel is told"
within 5 "after three wrong PINs the job is deleted" held_is 0
jobs_json 'job_state=deleted'
like "$(j '.jobs[0].reason')" 'PIN' "and the record says why"

# A hashed PIN, as job-password-encryption allows.
confidential hashed "$(printf %s 5555 | sha256sum | cut -d' ' -f1)" -o job-password-encryption=sha2-256
within 10 "a hashed PIN is taken" held_is 1
pin 5555
release all
within 10 "and opened by its digits" state_count_is sent 4
