#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Copies, scans and faxes at a device of OPDP level 3: allowed in advance, paid
# by what came out, once; a log that is full, lost, or fetched; the power fails with
# a document half out; somebody logs out while one goes over.
. "$(dirname "$0")/lib/scenario.sh"
S_MAY_DIE=1
export RIG_LEVEL=3 RIG_NATIVE=copy,scan,fax,usb RIG_HEARTBEAT=1 RIG_DEVICE_API=1
rig r
api POST /prices '{"text":"mono 0.10\ncolour 0.25\nmono 0.05 for copy\nmono 0.01 for scan\nmono 0.50 for fax\n"}'
is "$STATUS" 201 "a copy is 0.05, a scan 0.01, a page of a fax 0.50"
left_is() { [ "$(balance anna)" = "$1" ]; }
ctl quota set user:anna 1.00 --period never >/dev/null
ok "anna has 1.00" left_is 1.00
said() { local out; out=$(ops "$1" 2>&1); is "$(tail -1 <<<"$out")" "$2" "$3"; [ "$(tail -1 <<<"$out")" = "$2" ] || echo "# $out"; }
step swipe "$RIG_ANNA_CARD"

# ---- a part of what she has, and the end of it
said "copy 4" "copy: 4 of 4, completed" "four copies"
within 5 "are 0.20" left_is 0.80
said "scan 5 my-email" "scan: 5 of 5, completed" "five pages are scanned"
within 5 "for 0.05" left_is 0.75
said "fax 1" "fax-send: 1 of 1, completed" "a page goes by fax"
within 5 "for 0.50" left_is 0.25
ops fault grant-lost >/dev/null
said "copy 12" "copy: 5 of 12, canceled, quota" "five of twelve, and it stops"
within 5 "nothing is left" left_is 0.00
said "copy 1" "copy: refused, quota-exceeded" "and no more"
api POST /accounts/anna/grant '{"amount":"10.00"}'
like "$(ctl activity list --user anna)" 'copy +done +anna' "releasectl lists her copies"
id=$(ctl --json activity list --user anna --what copy | jq -r '.activity[0].id')
like "$(ctl activity show "$id")" '5 mono sides at 0.05' "and says why they cost so much"
is "$(ctl --json usage --group function --by all | jq -r '[.rows[] | "\(.function) \(.sides)"] | sort | join(", ")')" "copy 9, fax-send 1, scan 5" "the figures by function"
is "$(ctl --json usage --by all | jq -r .totals.sides)" 9 "paper only in all"
ops fault usage-over 2 >/dev/null
said "copy 3" "copy: 5 of 3, completed" "the device counts two too many"
within 5 "they are paid" left_is 9.75

# ---- the power fails after five of twelve
ops pace 100 >/dev/null; ops "copy 12 &" >/dev/null; sleep 0.55
ops power-off >/dev/null
n=$(ops wait-done | sed -n 's/copy: \([0-9]*\) of 12, aborted, power/\1/p')
ok "the power fails after $n of twelve" [ "${n:-0}" -gt 0 ]
is "$(ops usage | grep -c 'waiting 1')" 1 "the record waits in the device"
ops power-on >/dev/null
within 10 "so many are paid when it is back" left_is "$(awk "BEGIN { printf \"%.2f\", 9.75 - $n * 0.05 }")"

# ---- and after five sides of a document of twelve
{ printf '\033E'; for p in {1..12}; do printf 'page %d\r\n\f' "$p"; done; printf '\033E'; } >"$W/twelve.pcl"
ops count 12 >/dev/null
# lost_power TITLE FAULT...: released, and the power fails; sets id
lost_power() {
	hold "$W/twelve.pcl" -t "$1"; id=$(id_of "$1")
	for f in "${@:2}" "power-cut 5"; do ops fault $f >/dev/null; done
	api POST "/jobs/$id/release" '{"device":"Flur"}'
	is "$STATUS" 202 "$1: released"
}
paid_is() { [ "$(charge "$id" '\(.state) \(.micro) \(.source)')" = "$1" ]; }
boots() { jq -r 'select(.request.boot_id) | .request.boot_id' "$R/opsim/trace.jsonl" | sort -u | wc -l; }
boots_more() { [ "$(boots)" -gt "$was" ]; }
lost_power all-here
within 10 "it took all of it" state_is "$id" sent
dark() { jq -e '.printing.sides == 5' "$R/opsim/usage.json" >/dev/null; }
within 5 "and after five sides the power fails" dark
was=$(boots)
is "$(charge "$id" '\(.state)')" reserved "a device that counts is waited for"
ops power-on >/dev/null
within 10 "back again it says five, and they are paid" paid_is "settled 500000 device"
like "$(events "$id")" 'reported: .* 5 sides .*aborted, power' "explain tells why"
within 5 "it has another boot id" boots_more
lost_power on-its-way silent-final
within 10 "the connection breaks off: nobody knows" state_is "$id" unconfirmed
ops power-on >/dev/null
within 10 "five are paid" paid_is "settled 500000 device"
is "$(state "$id")" unconfirmed "and its owner may print it again"
like "$(events "$id")" 'settled: 0.50 EUR paid, by device; 0.70 EUR flowed back' "explain tells what flowed back"
lost_power no-record silent-final usage-none
within 10 "again nobody knows" state_is "$id" unconfirmed
ops power-on >/dev/null
is "$(ops usage | grep -c 'waiting 0')" 1 "and the device says nothing of it"
is "$(charge "$id" '\(.state)')" reserved "a day long it is waited for"
sqlite3 -cmd '.timeout 5000' "$RIG_DB" "UPDATE reservation SET due_ms = 1"
guess() { [ "$(charge "$id" '\(.state) \(.micro) \(.source) \(.unconfirmed)')" = "settled 1200000 estimate true" ]; }
within 10 "then it is an estimate, and marked" guess
is "$(state "$id")" unconfirmed "the job is as it was"
less() { api GET "/accounts/anna?kind=user" >/dev/null; was=$(awk "BEGIN { printf \"%.2f\", $was - $1 }"); }
was=$(balance anna); ops pace 1 >/dev/null

ops heartbeat >/dev/null; sleep 1.2	# that it was off ends sessions here
step swipe "$RIG_ANNA_CARD"
# ---- she logs out while it goes over
hold "$W/twelve.pcl" -t going; id=$(id_of going) n=$(copies_of "$W/twelve.pcl")
SID=$(jq -rs '[.[].response.session?.session_id? | values] | last' "$R/opsim/trace.jsonl")
list; is "$STATUS" 200 "she is logged in"
ops fault slow 400 >/dev/null
step release "$id"
step logout
is "$(state "$id")" releasing "she has logged out, it is still on its way"
list; like "$STATUS" '^(401|404|410)' "her session is closed"
within 10 "it comes out" state_is "$id" sent
is "$(copies_of "$W/twelve.pcl")" $((n + 1)) "whole, and once"
within 5 "and is paid" paid_is "settled 1200000 device"
less 1.20
is "$(balance anna)" "$was" "once"
step swipe "$RIG_ANNA_CARD"
# ---- nothing is pushed: it is fetched; a record is lost; the log is lost
ops fault always:usage-pushless >/dev/null
said "copy 4" "copy: 4 of 4, completed" "copies whose record is not pushed"
less 0.20
within 10 "it is fetched" left_is "$was"
waits() { ops usage | grep -q "waiting $1"; }
within 5 "and acknowledged" waits 0
ops fault usage-forget >/dev/null
said "copy 2" "copy: 2 of 2, completed" "a record that is lost"
said "copy 3" "copy: 3 of 3, completed" "and one behind it"
less 0.25	# the grant of the lost one is still open
within 10 "that one is paid" left_is "$was"
gap() { api GET '/audit?what=usage-gap'; j '.audit[].detail' | grep -q "$1"; }
within 5 "the gap is told, and how much came out" gap 'its counter says 2 sides'
ops fault none >/dev/null; ops fault usage-reset >/dev/null
said "copy 1" "copy: 1 of 1, completed" "the log begins anew"
less 0.05
within 10 "and is paid" left_is "$was"
ops fault always:usage-hold >/dev/null; ops fault always:usage-full 1 >/dev/null
ops fault api-refuse >/dev/null; ops fault api-refuse >/dev/null
said "copy 1" "copy: 1 of 1, completed" "the log is full now"
less 0.05
within 10 "until it is fetched" left_is "$was"
ops fault none >/dev/null
# ---- killed between two steps: all of it or nothing
fault "core:record-kept kill"
ops "copy 2" >/dev/null
within 10 "killed with a record half kept" fault_hit
less 0.10
within 20 "pushed again it is paid, once, by who was logged in then" left_is "$was"
ops logout >/dev/null 2>&1
step swipe "$RIG_ANNA_CARD"
fault "core:grant-kept kill"
like "$(ops "copy 2" | tail -1)" "copy: refused" "killed over a grant, nothing is copied"
within 10 "that was it" fault_hit
within 20 "and nothing is set aside" left_is "$was"
api GET "/ledger/check"; is "$(j .wrong)" 0 "the ledger is right"
