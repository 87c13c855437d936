#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# The same request_id: the same answer; with another body: 409.
. "$(dirname "$0")/lib/scenario.sh"
rig r
doc a.bin 4000
hold "$W/a.bin" -t A
A=$(id_of A)
login_card "$RIG_ANNA_CARD"
RID=$(uuid)
release "$A"
first=$BODY
is "$(j '.jobs[0].status')" accepted "released"
release "$A"
is "$BODY" "$first" "the same request again: the same answer"
like "$HEAD" '[Ii]dempotent-[Rr]eplay: true' "marked as a replay"
delete "$A"
is "$STATUS $(j .code)" "409 idempotency-conflict" "another body under it is refused"
unset RID
within 10 "it came out" printed_is 1
sleep 0.5
is "$(printed)" 1 "once"

# The key counts per device.
device_new two 127.0.0.1 "$RIG_LPD_PORT" op
RID=$(uuid)
login_card "$RIG_ANNA_CARD"
s1=$SID
device_as "$W/two.dev"
login_card "$RIG_ANNA_CARD"
is "$STATUS $(j .result)" "200 ok" "another device may use the same key"
unlike "$SID" "$s1" "and gets its own session"

# It holds over a restart.
unset RID D_CERT D_KEY
hold "$W/a.bin" -t B
login_card "$RIG_ANNA_CARD"
RID=$(uuid)
release "$(id_of B)"
first=$BODY
within 10 "B came out" printed_is 2
S_MAY_DIE=1
"$RIG" restart "$R"
keep=$BODY
action '"op":"release","jobs":'"$(jq -c '[.jobs[]|{id:.id}]' <<<"$first")"
is "$(jq -cS .jobs <<<"$BODY")" "$(jq -cS .jobs <<<"$first")" "the answer is the same after a restart"
sleep 0.5
is "$(printed)" 2 "and nothing is printed again"
