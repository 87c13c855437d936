#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Someone else holds the database's lock for a while: waiting, nothing lost.
. "$(dirname "$0")/lib/scenario.sh"
rig r
doc a.bin 2000
hold "$W/a.bin" -t first
{ echo 'BEGIN IMMEDIATE;'; sleep 4; echo 'COMMIT;'; } | sqlite3 "$RIG_DB" &
lock=$!
sleep 0.5
print_raw "$W/a.bin" -t second >/dev/null
opdp POST /opdp/v1/panel/menu '{"state":"locked"}'
unlike "$STATUS" '^(000|500)' "a panel gets an answer meanwhile"
wait $lock
within 20 "the job is held afterwards" held_is 2
login_card "$RIG_ANNA_CARD"
release all
within 10 "both come out" printed_is 2
sleep 0.5
is "$(printed)" 2 "once each"
