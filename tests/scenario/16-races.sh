#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# san: yes
# Double tap, two devices at once, lost reply, logout while it sends.
. "$(dirname "$0")/lib/scenario.sh"
rig r
doc a.bin 400000
device_new two 127.0.0.1 "$RIG_LPD_PORT" op || fail "second device" "$STATUS $BODY"

# par COMMAND-NUMBER...: run taps at the same moment; answers in files
tap() { (RID=; [ -z "${3:-}" ] || device_as "$3"
	SID=$2; release "$1"; printf '%s\n' "$BODY" >"$W/tap.$BASHPID.txt") & }
accepted() { cat "$W"/tap.*.txt | jq -r '.jobs[]?.status' | grep -c accepted; }

for round in 1 2 3 4 5; do
	rm -f "$W"/tap.*
	hold "$W/a.bin" -t "tap $round"
	id=$(id_of "tap $round")
	unset D_CERT D_KEY
	login_card "$RIG_ANNA_CARD"; s1=$SID
	device_as "$W/two.dev"
	login_card "$RIG_ANNA_CARD"; s2=$SID
	unset D_CERT D_KEY
	tap "$id" "$s1"; tap "$id" "$s1"; tap "$id" "$s2" "$W/two.dev"
	tap "$id" "$s2" "$W/two.dev"; tap "$id" "$s1"
	wait
	is "$(accepted)" 1 "round $round: five taps at two devices, one is accepted"
	within 10 "it comes out" printed_is $round
done
sleep 0.5
is "$(printed)" 5 "nothing came out twice"
is "$(jq -r .release_ref "$RIG_OUT/jobs.jsonl" 2>/dev/null | sort -u | wc -l)" 5 \
	"under five references"

# The answer is lost: asked again with the same request_id it is the same.
hold "$W/a.bin" -t lost
id=$(id_of lost)
login_card "$RIG_ANNA_CARD"
RID=$(uuid)
body='{"request_id":"'$RID'","session_id":"'$SID'","op":"release","jobs":[{"id":"'$id'"}]}'
curl -sS --max-time 0.02 --cacert "$RIG_CA" --cert "$RIG_DEVICE_CERT" \
	--key "$RIG_DEVICE_KEY" -d "$body" "$RIG_PANEL_URL/action" >/dev/null 2>&1
opdp POST /opdp/v1/panel/action "$body"
is "$STATUS $(j '.jobs[0].status')" "200 accepted" "a lost answer is given again"
unset RID
within 10 "printed" printed_is 6
sleep 0.5
is "$(printed)" 6 "once"

hold "$W/a.bin" -t going
fault "send:mid-data sleep 1500"
release all
wait_until 5 fault_hit
logout
is "$(j .result)" ok "logout while it is sending"
within 10 "the job comes out all the same" printed_is 7
within 5 "as sent" state_count_is sent 7
