#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# releaserd away: cupsd keeps the job and says why; back: it is held once.
. "$(dirname "$0")/lib/scenario.sh"
rig r
doc a.bin 20000
S_MAY_DIE=1
ok "releaserd ends when asked" "$RIG" stop "$R"
id=$(print_raw "$W/a.bin" -t waits)
like "$id" '^[0-9]+$' "lp takes the job all the same"
waiting() { ipptool -tv "${RIG_IPP_URL/FollowMe/FollowRaw}" get-printer-attributes.test |
	grep printer-state-reasons | grep -q connecting-to-device; }
within 10 "the queue says connecting-to-device" waiting
is "$(lpstat -o | wc -l)" 1 "cupsd keeps the job"
ok "releaserd starts again" "$RIG" start "$R"
within 40 "the job is held" held_is 1
gone() { [ -z "$(lpstat -o)" ]; }
within 10 "cupsd is done with it" gone
sleep 1
is "$(count held)" 1 "once"
login_card "$RIG_ANNA_CARD"
release all
within 10 "and printed" printed_is 1
same "$(ls "$RIG_OUT"/*.prn)" "$W/a.bin" "byte for byte"

# A stop and start keeps what is held and who is registered.
hold "$W/a.bin" -t kept
ok "restart" "$RIG" restart "$R"
is "$(count held)" 1 "held jobs are kept over a restart"
login_card "$RIG_ANNA_CARD"
is "$(j .result)" ok "users, cards and devices too"
release all
within 10 "and it can be printed" printed_is 2
