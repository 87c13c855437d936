#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Refusals: with a reason in words, at once, and the queue goes on.
. "$(dirname "$0")/lib/scenario.sh"
rig r --conf 'UnknownUsers refuse' --conf 'MaxJobsPerUser 2' \
	--conf 'MaxJobSize 100k' --conf 'MaxSpoolSize 250k'
doc s.bin 2000
doc big.bin 150000
doc mid.bin 90000

why() { lpstat -l -o "$RIG_RAW_QUEUE" 2>&1; }
PRINT_AS=niemand print_raw "$W/s.bin" -t stranger >"$W/id.txt"
refused() { lpstat -l -W not-completed -o | grep -qi "${1:-.}" ||
	ipp_reason | grep -q "${1:-.}"; }
ipp_reason() {
	ipptool -tv "${RIG_IPP_URL/FollowMe/FollowRaw}" get-jobs.test 2>/dev/null |
		grep -E 'job-state-reasons|job-printer-state-message'
}
settled() { ! lpstat -p "$RIG_RAW_QUEUE" | grep -q 'now printing'; }
wait_until 10 settled; sleep 0.3
is "$(count held)" 0 "a job of an unknown user is not held"
like "$(lpstat -p "$RIG_RAW_QUEUE")" "idle" "the queue is alive"
like "$(why; lpstat -p -l "$RIG_RAW_QUEUE"; ipp_reason; grep -a niemand "$R/cups/log/error_log")" \
	"niemand|unknown|not known|No user" "and the reason is there in words"

hold "$W/s.bin" -t 1
hold "$W/s.bin" -t 2
print_raw "$W/s.bin" -t 3 >/dev/null
wait_until 5 settled; sleep 0.5
is "$(count held anna)" 2 "MaxJobsPerUser: the third is refused"
PRINT_AS=$RIG_USER hold "$W/mid.bin" -t other
is "$(count held)" 3 "another user's job goes through after it"
PRINT_AS=$RIG_USER print_raw "$W/big.bin" -t big >/dev/null
wait_until 5 settled; sleep 0.5
is "$(count held)" 3 "MaxJobSize: a larger one is refused"
login_card "$RIG_ANNA_CARD"
release all
within 10 "room for anna again" state_count_is sent 2
hold "$W/mid.bin" -t fits
print_raw "$W/mid.bin" -t toofull >/dev/null
wait_until 5 settled; sleep 0.5
is "$(count held)" 2 "MaxSpoolSize: refused when the spool is full"
is "$(spool_files | wc -l)" 2 "and no refused job left a file"
like "$(lpstat -p "$RIG_RAW_QUEUE"; lpstat -a "$RIG_RAW_QUEUE")" \
	"idle.*accepting" "the queue still takes jobs"
nok "no refusal stopped it" eval 'lpstat -p | grep -qi disabled'
