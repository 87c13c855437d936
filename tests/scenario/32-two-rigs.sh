#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Two whole stacks side by side know nothing of each other; down leaves nothing.
. "$(dirname "$0")/lib/scenario.sh"
rig a
rig b
doc a.bin 3000
rig_use a
hold "$W/a.bin" -t in-a
is "$(count held)" 1 "one job in a"
rig_use b
is "$(count held)" 0 "none in b"
login_card "$RIG_ANNA_CARD"
is "$(j .result)" ok "b's panel works"
d=$D_CERT k=$D_KEY
rig_use a
D_CERT=$d D_KEY=$k
opdp POST /opdp/v1/panel/menu '{"state":"locked"}'
like "$STATUS" '^(000|401|403)' "b's device is nobody to a"
unset D_CERT D_KEY
login_card "$RIG_ANNA_CARD"
release all
within 10 "a prints" printed_is 1
pids=$(awk '{print $2}' "$RIG_PIDS")
"$RIG" down "$W/a"
is "$(for p in $pids; do ps -s "$p" -o stat= ; done | grep -vc Z)" 0 "down: no process is left"
is "$(grep -c "$W/a" /proc/mounts)" 0 "no mount"
is "$(ss -Hltn "sport = :$RIG_HTTPS_PORT" | wc -l)" 0 "no port"
rig_use b
login_card "$RIG_ANNA_CARD"
is "$(j .result)" ok "b goes on"
