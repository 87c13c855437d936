#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Functions: who may do what at which device. What is not open is not shown,
# and refused to whoever asks for it all the same.
. "$(dirname "$0")/lib/scenario.sh"
export RIG_NATIVE=copy,scan,fax,usb,storage,settings RIG_HEARTBEAT=1
rig r
may() {		# FUNCTION STATE [TEMPLATE] [OPTION...]; done quietly
	local out
	out=$("$RIG_CTL" access set "$@" 2>&1) || { fail "access set $*" "$out"; return 1; }
}
may_not_more() { "$RIG_CTL" access unset "$@" >/dev/null 2>&1 || fail "access unset $*"; }
items() { j '(if (.menu|type) == "object" then .menu else . end) | [.items[] | select(.type != "list" and .type != "message") | .id] | join(" ")'; }
card() { login_card "$RIG_ANNA_CARD"; }
other() { login '"method":"card+pin","value":"'"$RIG_OTTO_CARD"'","encoding":"hex","pin":"'"$RIG_OTTO_PIN"'"'; }
native="copy scan fax usb storage settings"

printf 'a page\n' >"$W/page"
hold "$W/page" -t One
hold "$W/page" -t Two
J=$(id_of One)

# ---- open to whoever is logged in, closed to nobody
step native-refused copy
step swipe "$RIG_ANNA_CARD"
for what in copy copy-color scan-to-my-email scan-to-usb print-from-usb fax storage settings-network; do
	step native "$what"
done
step expect '"Copy"'
step expect '"Print all"'
step logout
step native-refused copy
card
is "$(items)" "all selected delete options copies set-copies $native logout" "all items are there"
is "$(j '.session.functions | [.copy.color, .settings.allow, (.scan.to | length)] | @csv')" \
	'"any",true,5' "and the session says so"
is "$(j '.menu.session.functions == .session.functions')" true "and the menu as the session"

# ---- everywhere, in the middle of a session
may copy disabled
may @scanning disabled
may scan open
may job-delete disabled
may print-all disabled
action '"op":"menu","menu":"jobs"'
is "$(items)" "selected options copies set-copies scan fax usb storage settings logout" "what is disabled is gone at the next touch"
is "$(j '.menu.session.functions | [.copy.allow, .scan.allow, .scan.color, (.scan.to|length), .usb.scan_to, .usb.print_from] | @csv')" \
	'false,true,"mono",0,false,true' "and the device is told"
delete "$J"
is "$STATUS $(j '.result + " " + .reason')" "200 denied not-allowed-here" "who asks for it all the same is refused"
like "$(menu_text)" 'not open to you' "in words"
action '"op":"release","jobs":"all"'
is "$(j '.result + " " + .reason') $(printed)" "denied not-allowed-here 0" "so is printing all"
is "$(count held)" 2 "nothing is gone"
logout
step swipe "$RIG_ANNA_CARD"
step expect-not '"Delete selected"'
for what in copy scan-to-my-email scan-to-usb scan-color; do step native-refused "$what"; done
for what in scan print-from-usb fax; do step native "$what"; done
step logout

# ---- a device before a group of devices before everywhere
api PATCH "/devices/$RIG_DEVICE_ID" '{"groups":"2nd floor,colour"}'
may copy open --device-group '2nd Floor'
card
is "$(j .session.functions.copy.allow)" true "a group of devices goes before everywhere"; logout
may copy disabled --device Flur
card
is "$(j .session.functions.copy.allow)" false "the device before its group"
may copy open --device Flur --for user:anna
action '"op":"menu","menu":"jobs"'
is "$(j .menu.session.functions.copy.allow)" true "and a user before everybody"; logout
other
is "$(j .session.functions.copy.allow)" false "but not another one"; logout
like "$(ctl access explain anna Flur copy)" 'copy +Flur +user:anna +open +yes +it is the nearest' "explain says which entry decides"
like "$(ctl access explain anna Flur copy)" 'copy +Flur +everybody +disabled +no +another entry is nearer to the person' "and why others do not"
like "$(ctl access explain nobody Flur copy)" 'State: +hidden' "also for nobody"

# ---- a group of people
api POST /groups '{"name":"Staff"}'
api PATCH /groups/Staff '{"op":"add","name":"otto"}'
may print disabled
may print open --for group:staff
card
is "$(j .session.functions.print.allow)" false "who is not in the group may not print"
is "$(items)" "options copies set-copies copy scan fax usb storage settings logout" "and sees no button for it"
release "$J"
is "$(j '.jobs[0] | .status + " " + .code') $(state "$J")" "error not-allowed-here held" "a release is refused and the job held"
like "$(events "$J")" 'access: "print" is not open to anna at Flur: it is disabled there \(entry [0-9]+\)' "explain of the job names the entry"
api POST "/jobs/$J/release" '{"device":"Flur"}'
is "$STATUS" 202 "root on this host is not asked"
within 10 "it prints" printed_is 1
logout
may_not_more print
api PATCH /groups/Staff '{"op":"add","name":"anna"}'
api PATCH /groups/Staff '{"op":"remove","name":"otto"}'
may print disabled
card
release "$(id_of Two)"
is "$(j '.jobs[0].status')" accepted "a member may"
within 10 "it prints" printed_is 2
logout
api DELETE /groups/Staff
is "$(ctl access list print --for group:staff | wc -l)" 1 "a group that goes takes its entries with it"
may_not_more print

# ---- colour
if command -v gs >/dev/null; then
	gs -q -dNOPAUSE -dBATCH -sPAPERSIZE=a4 -sDEVICE=pdfwrite -o "$W/red.pdf" \
		-c "1 0 0 setrgbcolor 100 100 200 200 rectfill showpage"
	lp -U anna -d "$RIG_QUEUE" -t Red "$W/red.pdf" >/dev/null 2>&1
	within 10 "a job in colour is held" held_is 1
	J=$(id_of Red)
	may print-color disabled --device Flur
	card
	release "$J"
	is "$(j '.result + " " + .jobs[0].code + " " + .menu.menu')" "confirm color-not-allowed mono" "colour is refused, and black and white offered"
	logout
	step swipe "$RIG_ANNA_CARD"
	step release all
	may print-all open
	step release all
	step press '"Print in black and white"'
	step expect-result accepted
	within 20 "it comes out" printed_is 3
	api GET "/jobs/$J"
	is "$(j .pages.printed.colour_sides)" 0 "without colour"
	step logout
	may_not_more print-color --device Flur

	# Who may not print on one side prints on both.
	may print-one-sided disabled
	gs -q -dNOPAUSE -dBATCH -sPAPERSIZE=a4 -sDEVICE=pdfwrite -o "$W/two.pdf" \
		-c "showpage showpage"
	lp -U anna -d "$RIG_QUEUE" -o sides=one-sided -t Sides "$W/two.pdf" >/dev/null 2>&1
	within 10 "a job on one side is held" held_is 1
	J=$(id_of Sides)
	card
	is "$(j .session.rules.force_duplex)" true "the device is told to print on both sides"
	release "$J"
	is "$(j '.jobs[0].status')" accepted "the job is taken"
	within 20 "and comes out" printed_is 4
	api GET "/jobs/$J"
	is "$(j '.pages.printed | "\(.sides) \(.sheets)"')" "2 1" "on one sheet"
	like "$(events "$J")" 'changed by the table of functions' "explain says who did that"
	logout
	may_not_more print-one-sided
fi

# ---- a template: proven once more, then open
ctl template set mitpin internal >/dev/null
may @fax template mitpin
card
is "$(j '[.session.functions.fax.allow, (.menu.items[] | select(.id == "fax") | .type + " " + .action.menu + " " + .action.template)] | @csv')" \
	'false,"link prove mitpin"' "an item that needs a template leads to the proof"
action '"op":"login","template":"mitpin","credential":{"method":"password","user":"anna","password":'"$(jq -Rn --arg p "$RIG_ANNA_PASSWORD" '$p')"'}'
is "$(j '.result + " " + (.session.functions.fax.allow | tostring)')" "ok true" "which opens it"
is "$(j '.menu.items[] | select(.id == "fax") | .type')" native "as the item itself"
logout
card
is "$(j .session.functions.fax.allow)" false "until the session ends"
logout
may print template mitpin
hold "$W/page" -t Three
J=$(id_of Three)
card
release "$J"
is "$(j '.jobs[0].code + " " + (.menu.items[0].id // "")') $(state "$J")" "template-needed password held" "a release leads there, too"
logout
may_not_more print
may panel template mitpin --for user:anna
card
is "$(j '.result + " " + .reason')" "denied more-needed" "a panel that asks one person for more"
other
is "$(j .result)" ok "and not the next"; logout
may panel disabled --device Flur --for user:anna
card
is "$(j '.result + " " + .reason')" "denied not-allowed-here" "a panel that is closed to somebody"
may_not_more panel --device Flur --for user:anna
may_not_more panel --for user:anna
card
may panel disabled --device Flur
action '"op":"menu","menu":"jobs"'
is "$(j '.result + " " + .reason + " " + .menu.menu')" "denied not-allowed-here login" "a panel that is closed in the middle of a session ends it"
card
is "$(j '.result + " " + .reason')" "denied not-allowed-here" "and takes nobody"
may_not_more panel --device Flur
card
is "$(j .result)" ok "until it is opened again"
may panel disabled --device Flur
opdp POST /opdp/v1/panel/menu '{"state":"in-session","session_id":"'"$SID"'","menu":"jobs","rev":null,"locale":"en"}'
is "$STATUS $(j .menu)" "200 login" "asking for a menu ends it, too"
may_not_more panel --device Flur

# ---- while nobody is logged in
step native-refused copy
step native-refused print-from-usb
may print-from-usb open --for nobody --device Flur
may copy open --for nobody
copies() { ops native copy >/dev/null 2>&1; }
within 10 "the device hears of it with its next heartbeat" copies
step native print-from-usb
step native-refused scan-to-usb
step native-refused copy-color
opdp GET /opdp/v1/device/restrictions
is "$(j '[.unauthenticated.copy, .unauthenticated.usb, .unauthenticated.usb_print_from, .rules.force_mono] | @csv')" \
	'"allow","deny","allow",true' "print from USB and scan to it are apart"

# ---- from where documents are taken
for bad in 10.0.0/8 10.0.0.0/33 10.0.0.0/ 10.0.0.0/8x 2001:db8::/129 here; do
	api POST /settings '{"changes":{"PrintFrom":"192.168.7.9 '"$bad"'"}}'
	is "$STATUS" 422 "PrintFrom takes no $bad"
done
api POST /settings '{"changes":{"PrintFrom":"10.0.0.0/8 192.168.7.9"}}'
is "$STATUS" 200 "documents come only from elsewhere"
from_elsewhere() { [ "$(jq -c .restrictions.print_from "$R/opsim/device.json")" = '["10.0.0.0/8","192.168.7.9"]' ]; }
within 10 "the device hears of that" from_elsewhere
hold "$W/page" -t Four
J=$(id_of Four)
before=$(printed)
card
release "$J"
is "$(j '.jobs[0].status')" accepted "a release"
logout
refused_there() { [ -n "$(reason "$J")" ]; }
within 20 "finds no device that takes it" refused_there
is "$(state "$J") $(printed)" "held $before" "and the job is held"
api POST /settings '{"changes":{"PrintFrom":"127.0.0.0/8"}}'
from_here() { [ "$(jq -c .restrictions.print_from "$R/opsim/device.json")" = '["127.0.0.0/8"]' ]; }
within 10 "from here it is" from_here
card
release "$J"
logout
within 10 "taken" printed_is $((before + 1))
opdp GET /opdp/v1/device/restrictions
rev=$(j .rev)

# ---- a restart
ops power-off >/dev/null		# no heartbeat into the void
ok "restart" "$RIG" restart "$R"
ops power-on >/dev/null
opdp GET /opdp/v1/device/restrictions
is "$(j .rev)" "$rev" "the restrictions are the same, and so is their revision"
card
is "$(j '[.session.functions.copy.allow, .session.functions.scan.color] | @csv')" 'true,"mono"' "and the table"
logout
api DELETE "/devices/$RIG_DEVICE_ID"
is "$(api GET '/access?limit=200'; j '[.access[] | select(.device_id != null)] | length')" 0 "a device that goes takes its entries with it"
