#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# san: yes
# long: 30
# A device of OPDP level 3 says what came out: that is paid, once, whatever
# way its records come; what did not come out flows back by itself.
. "$(dirname "$0")/lib/scenario.sh"
S_MAY_DIE=1
command -v gs >/dev/null || skip_all "needs ghostscript"
export RIG_LEVEL=3
rig r --conf 'LprTries 1' --conf 'LprReplyTimeout 4s'
numbered "$W/twelve.pdf" 12
api POST /prices '{"text":"mono 0.05\ncolour 0.20\n"}'
is "$STATUS" 201 "twelve pages are 0.60"
api POST /accounts/anna/grant '{"amount":"100.00"}'
is "$STATUS" 200 "anna has a hundred"
is "$(ops count 12 >/dev/null && ops usage | grep -c 'last 0')" 1 "the device counts, its log is empty"

left_is() { [ "$(balance anna)" = "$1" ]; }
settled_is() { [ "$(charge "$1" '\(.state) \(.micro) \(.source)')" = "settled $2 device" ]; }
records() { sqlite3 "$RIG_DB" 'SELECT count(*) FROM usage_record'; }
records_are() { [ "$(records)" = "$1" ]; }
# hold_job TITLE: sets id
hold_job() {
	print "$1" "$W/twelve.pdf"
	found() { id=$(id_of "$1"); [ -n "$id" ] && [ "$(state "$id")" = held ]; }
	wait_until 20 found "$1" || fail "$1 is held"
}
out() { api POST "/jobs/$1/release" '{"device":"Flur"}'; is "$STATUS" 202 "$2 goes out"; }
sides() { api GET "/usage?by=day"; j '[.totals.jobs, .totals.sides] | map(tostring) | join(" ")'; }

# ---- all of it, and a part
hold_job whole; out "$id" "a job"
within 10 "it is paid by the record of the device" settled_is "$id" 600000
is "$(balance anna)" "99.40" "for twelve pages"
like "$(events "$id")" 'reported: the device says: 12 sides .0 in colour. on 12 sheets came out; completed' \
	"what the device said is told"
ops fault usage-stop 5 >/dev/null
hold_job part; out "$id" "a job that jams after five pages"
within 10 "five pages are paid" settled_is "$id" 250000
is "$(balance anna)" "99.15" "and no more"
like "$(events "$id")" 'reported: .* 5 sides .*aborted, error' "explain tells how far it came"
like "$(events "$id")" 'settled: 0.25 EUR paid, by device; 0.35 EUR flowed back' "and what flowed back"
is "$(sides)" "2 17" "the figures have what came out"

# ---- the same again and again, and in another order
ops fault usage-twice >/dev/null
hold_job twice; out "$id" "a job whose record comes twice"
within 10 "it is paid" settled_is "$id" 600000
ops fault usage-lost >/dev/null
hold_job lost; out "$id" "a job after whose record the answer is lost"
again() { [ "$(jq -rs '[.[] | select(.path == "/opdp/v1/usage" and
	([.request.records[].seq] | index(4)))] | length' "$R/opsim/trace.jsonl")" -ge 2 ]; }
within 10 "the device pushes it again" again
within 5 "it is paid" settled_is "$id" 600000
is "$(balance anna) $(records)" "97.95 4" "each was counted once"
ops fault always:usage-hold >/dev/null
ops fault usage-reverse >/dev/null
hold_job first; first=$id; hold_job second; second=$id
out "$first" "one job"; out "$second" "another"
within 10 "both are on paper" printed_is 6
is "$(charge "$first" '\(.state)') $(charge "$second" '\(.state)')" "reserved reserved" \
	"a device that counts is waited for"
ops usage-push >/dev/null
within 10 "the newest record came alone" records_are 5
ops usage-push >/dev/null
within 10 "the first is paid" settled_is "$first" 600000
within 10 "the second too" settled_is "$second" 600000
is "$(balance anna)" "96.75" "and both once"
like "$(ops usage)" 'last 6, waiting 0' "the device may forget them all"

# ---- the log survives the power; it is lost; it counts too much; it corrects
hold_job power; out "$id" "a job before the power fails"
within 10 "it is on paper" printed_is 7
ops power-off >/dev/null; ops power-on >/dev/null
within 10 "the log is pushed when the power is back" settled_is "$id" 600000
ops fault none >/dev/null; ops fault usage-reset >/dev/null
hold_job reset; out "$id" "a job with the first record of a new log"
within 10 "it is paid" settled_is "$id" 600000
like "$(ops usage)" 'last 1, waiting 0' "the log began anew"
is "$(balance anna)" "95.55" "nothing was taken for a repetition"
ops fault usage-over 3 >/dev/null
hold_job over; out "$id" "a job that is counted too high"
within 10 "it pays what the device says" settled_is "$id" 750000
like "$(events "$id")" '0.15 EUR more than was set aside' "and explain tells"
ops usage-correct 10 2 >/dev/null
within 10 "the device corrects itself" settled_is "$id" 800000
is "$(balance anna)" "94.75" "eight mono, two in colour"
is "$(sides)" "9 99" "the figures follow"

# ---- nobody knew whether it had printed
ops fault always:usage-hold >/dev/null; ops fault drop-final-ack >/dev/null
hold_job unsure; out "$id" "a job whose transfer breaks off"
within 10 "nobody knows whether it printed" state_is "$id" unconfirmed
ops usage-push >/dev/null
within 10 "its record says that it did" state_is "$id" sent
ok "and it is paid" settled_is "$id" 600000
like "$(events "$id")" 'sent: the device says that it printed all of it' "explain says who knew"
is "$(sides)" "10 111" "it is counted now"
ops fault drop-final-ack >/dev/null; ops fault usage-stop 5 >/dev/null
hold_job unsure-part; out "$id" "a job that breaks off and stops"
within 10 "nobody knows" state_is "$id" unconfirmed
ops usage-push >/dev/null
within 10 "five pages are paid" settled_is "$id" 250000
is "$(state "$id")" unconfirmed "it is not all of it: its owner may print it again"
ops fault none >/dev/null; ops fault silent-final >/dev/null
hold_job early; out "$id" "a job whose record is faster than its transfer"
reported() { events "$id" | grep -q reported:; }
within 3 "the record is here" reported
is "$(state "$id") $(charge "$id" '\(.state)')" "releasing reserved" "and waits for the transfer"
within 15 "then the job is sent, though nothing confirmed it" state_is "$id" sent
ok "and paid" settled_is "$id" 600000
is "$(balance anna)" "93.30" "once"
ops fault none >/dev/null; ops power-off >/dev/null; ops power-on >/dev/null

# ---- a day without a record
ops fault always:usage-hold >/dev/null
hold_job late; out "$id" "a job without a record"
within 10 "it is sent" state_is "$id" sent
sqlite3 -cmd '.timeout 5000' "$RIG_DB" "UPDATE reservation SET due_ms = 1"
guess() { [ "$(charge "$id" '\(.state) \(.micro) \(.source) \(.unconfirmed)')" = "settled 600000 estimate true" ]; }
within 20 "after a day an estimate has to do" guess
ops usage-correct 3 >/dev/null	# of nobody's record: takes the place of the last
ops fault none >/dev/null; ops usage-push >/dev/null
within 10 "a late record corrects it" settled_is "$id" 150000
is "$(balance anna)" "93.15" "and the rest flows back"

# ---- killed between record and settlement: both or none
n=$(records)
for point in core:record-kept core:records-kept; do
	ops fault always:usage-hold >/dev/null
	hold_job "$point"; out "$id" "$point: a job"
	within 10 "$point: it is sent" state_is "$id" sent
	fault "$point kill"
	ops fault none >/dev/null; ops usage-push >/dev/null
	within 10 "$point: killed there" fault_hit
	within 20 "$point: pushed again it is paid" settled_is "$id" 600000
	n=$((n + 1))
	is "$(records)" "$n" "$point: and kept once"
done
is "$(balance anna)" "91.95" "both jobs are paid once"

# ---- what the server says to other devices and to nonsense
last=$(api GET "/jobs/$id"; j .release_ref)
usage() { opdp POST /opdp/v1/usage "$1"; }
rec() { jq -cn --arg f "$last" --argjson s "$1" "$(printf '{seq:$s,record_id:"x\($s)",function:"print",
	job:{release_ref:$f},result:"completed",lines:[{color:"mono",impressions:%s}]}' "$2")"; }
device_new Other 127.0.0.1 9 lp
device_as "$W/Other.dev"
usage "{\"epoch\":\"e\",\"records\":[$(rec 1 3)]}"
is "$STATUS $(j .acked_seq)" "200 1" "a device speaks of a job that came out elsewhere"
is "$(balance anna)" "91.95" "it is kept, and nobody pays"
device_as "$R/opsim"
usage "{\"epoch\":\"e\",\"records\":[$(rec 1 -3),7,$(rec 2 1.5),$(rec 4 1000001),{\"seq\":3}]}"
is "$STATUS $(j .acked_seq)" "200 4" "bad records hinder no other"
is "$(j '[.rejected[] | "\(.seq) \(.code)"] | join(", ")')" \
	"1 bad-record, null bad-record, 2 bad-record, 4 too-large, 3 bad-record" "each is told"
is "$(balance anna)" "91.95" "and costs nothing"
for body in '{}' '{"epoch":"e"}' '{"epoch":"e","records":[]}' '{"epoch":"","records":[{}]}' \
    '{"epoch":"e","records":"all"}' '{"epoch":"e","oldest_seq":0,"records":[{}]}' \
    "{\"epoch\":\"e\",\"records\":[$(yes '{},' | head -100 | tr -d '\n')0]}"; do
	usage "$body"
	is "$STATUS $(j .code)" "400 bad-request" "refused: ${body:0:50}"
done
beat() { opdp POST /opdp/v1/device/heartbeat "{\"usage_last_seq\":$1,\"usage_epoch\":\"$2\"}"; }
beat 4 e
is "$(j '.pending | index("usage")')" null "nothing is missing"
beat 5 e
is "$(j '.pending | index("usage")')" 0 "a heartbeat is told what is missing"
beat 1 unknown
is "$(j '.pending | index("usage")')" 0 "also of a log nobody has seen"
D_CERT=
usage "{\"epoch\":\"e\",\"records\":[$(rec 9 3)]}"
is "$STATUS $(j .code)" "401 not-registered" "strangers report nothing"
ok "the ledger is right" "$RIG_CTL" ledger check
