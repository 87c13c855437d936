#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Delete, copies changed at the panel, logout, and the session's end.
. "$(dirname "$0")/lib/scenario.sh"
rig r
doc a.bin 4000
doc b.bin 5000
hold "$W/a.bin" -t A
hold "$W/b.bin" -t B
A=$(id_of A) B=$(id_of B)
login_card "$RIG_ANNA_CARD"
delete "$A"
is "$(j '.jobs[0].status')" deleted "a job is deleted"
delete "$A"
unlike "$(j '.jobs[0].status')" '^deleted' "twice is not-held"
is "$(state "$A")" deleted "its record stays, with its state"
like "$(reason "$A")" . "and its reason"

action '"op":"set-options","job":"'$B'","options":{"copies":4}'
is "$STATUS" 200 "copies are changed"
is "$(api GET "/jobs/$B"; j .copies)" 4 "to four"
action '"op":"set-options","job":"'$B'","options":{"copies":1000}'
unlike "$STATUS" '^(200|5..)' "1000 copies are refused"
action '"op":"set-options","job":"'$B'","options":{"punch":true}'
is "$(j '.jobs[0].code // .code')" option-not-supported "an option we do not do is refused by name"
is "$(api GET "/jobs/$B"; j .copies)" 4 "and nothing is changed by it"
action '"op":"release","jobs":[{"id":"'$B'","options":{"copies":2}}]'
is "$(j '.jobs[0].status')" accepted "a release may bring its own options"
within 10 "two copies come out" copies_are "$W/b.bin" 2

PRINT_AS=$RIG_USER hold "$W/a.bin" -t other
O=$(id_of other)
release "$O"
unlike "$(j '.jobs[0].status')" accepted "nobody releases another one's job"
delete "$O"
unlike "$(j '.jobs[0].status')" deleted "nor deletes it"
is "$(state "$O")" held "it is still held"

old=$SID
logout
is "$STATUS $(j .result)" "200 ok" "logout"
SID=$old
list
like "$STATUS" '^(404|410|401)' "the session is closed"
action '"op":"logout","reason":"timeout"'
is "$STATUS $(j .result)" "200 ok" "logout of a closed session works too"
SID=$(uuid)
action '"op":"logout","reason":"user"'
is "$STATUS $(j .result)" "200 ok" "and of one that never was"
list
is "$STATUS $(j .code)" "404 session-unknown" "but nothing else does"
