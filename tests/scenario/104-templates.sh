#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# san: yes
# Security templates: what a panel asks for, in one step and in several.
. "$(dirname "$0")/lib/scenario.sh"
rig r --conf 'LoginFailures 3'
OTTO_PASSWORD="otto geheim 77"
api PATCH /users/otto '{"password":"'"$OTTO_PASSWORD"'"}'
panel_asks() {	# TEMPLATE BLOCK...; any, or: all TEMPLATE BLOCK...
	local success=any
	[ "$1" != all ] || { success=all; shift; }
	ctl template set "$1" "${@:2}" --success $success >/dev/null &&
		api POST /access '{"function":"panel","state":"template","template":"'"$1"'"}' &&
		[[ $STATUS == 20? ]]
}
ways() { j '(.menu | if type == "object" then . else empty end) // . | [.items[] | .action.method? // .action.menu? // .action.op? // .type | select(. != "field" and . != "choice")] | join(" ")'; }
menu() { opdp POST /opdp/v1/panel/menu '{"state":"locked","session_id":null,"menu":"'"${1:-login}"'","rev":null,"locale":"en"}'; }
# The step of the menu at hand, as its actions have it.
take_step() { S=$(j '[.menu.items[].action.step? // empty][0] // ""'); }
with() {	# CREDENTIAL; goes on with the step
	action '"op":"login","step":"'"$S"'","credential":{'"$1"'}'
	SID=$(j '.session.session_id // empty')
}
password() { printf '"method":"password","password":%s' "$(jq -Rn --arg p "$1" '$p')"; }
named() { printf '"method":"password","user":"%s","password":%s' "$1" "$(jq -Rn --arg p "$2" '$p')"; }
card() { printf '"method":"card","value":"%s","encoding":"hex"' "$1"; }
said() { is "$(j '"\(.result) \(.reason // .session.user.id)"')" "$1" "$2"; }

# ---- as it is without any
menu
is "$(ways)" "reader id-number login-password login-code" "without a template everything is offered"

# ---- any: one block each
ok "a template of the panel: card or number" panel_asks easy card id-number
menu
is "$(ways)" "reader id-number" "only these are offered"
login_password anna "$RIG_ANNA_PASSWORD"
said "denied not-allowed-here" "a right password is not enough"
login_password anna wrong
said "denied not-allowed-here" "a wrong one says no more"
login_card "$RIG_ANNA_CARD"
said "ok anna" "a card is"
is "$(j '.session.proven | join(" ")')" card "and the session says what was proven"
logout
login '"method":"id-number","value":"'"$RIG_ANNA_NUMBER"'"'
said "ok anna" "a number, too"; logout
ok "card with PIN" panel_asks easy card+pin
login_card "$RIG_ANNA_CARD"
said "denied not-allowed-here" "a card without a PIN is none with one"
login_card "$RIG_OTTO_CARD"
said "denied pin-needed" "one that has a PIN asks for it"
login '"method":"card+pin","value":"'"$RIG_OTTO_CARD"'","encoding":"hex","pin":"'"$RIG_OTTO_PIN"'"'
said "ok otto" "and opens with it"; logout
ok "a code" panel_asks easy code
code=$(jq -r .code <<<"$(ctl_as "$RIG_USER" --json me code)")
menu
is "$(ways)" "qr" "its menu comes at once"
login '"method":"qr","value":"'"$code"'"'
said "ok $RIG_USER" "and it opens"; logout

# ---- all: each, in order, by one person
ok "card, then password" panel_asks all strict card internal
login_password anna "$RIG_ANNA_PASSWORD"
said "denied not-allowed-here" "the second step is no first one"
login_card "$RIG_ANNA_CARD"
said "denied more-needed" "the first block is right"; take_step
is "$(ways)" "password logout" "its menu asks for a password"
is "$(j '[.menu.items[] | select(.type == "field") | .id] | join(" ")')" password "and for no name"
opdp POST /opdp/v1/panel/action '{"request_id":"'"$(uuid)"'","session_id":"'"$S"'","op":"list"}'
is "$STATUS $(j .code)" "404 session-unknown" "half a log-in is no session"
with "$(password wrong)"
said "denied bad-credential" "a wrong password"
with "$(named otto "$OTTO_PASSWORD")"
said "denied bad-credential" "another person's right one"
is "$(audit login-other-person)" 1 "is in the audit log"
with "$(card "$RIG_ANNA_CARD")"
said "denied not-allowed-here" "the card again"
with "$(password "$RIG_ANNA_PASSWORD")"
said "ok anna" "her own opens"
is "$(j '.session.proven | join(" ")')" "card internal" "with both"
logout
with "$(password "$RIG_ANNA_PASSWORD")"
said "denied step-over" "the step opens nothing twice"

# ---- each wrong block counts
login_card "$RIG_ANNA_CARD"; take_step
for _ in 1 2 3; do with "$(password wrong)"; done
with "$(password "$RIG_ANNA_PASSWORD")"
said "denied locked-out" "three wrong second steps lock out"
ctl user unlock anna >/dev/null
with "$(password "$RIG_ANNA_PASSWORD")"
said "ok anna" "the step is still there"; logout

# ---- given up, restarted, another device
login_card "$RIG_ANNA_CARD"; take_step
action '"op":"logout","step":"'"$S"'"'
with "$(password "$RIG_ANNA_PASSWORD")"
said "denied step-over" "the way back ends the step"
login_card "$RIG_ANNA_CARD"; take_step; one=$S
ok "a second device" device_new second 127.0.0.1 "$RIG_LPD_PORT" lp
device_as "$W/second.dev"
with "$(password "$RIG_ANNA_PASSWORD")"
said "denied step-over" "a step is worth nothing at another device"
login_card "$RIG_OTTO_CARD"
said "denied pin-needed" "two panels at once: otto at the second"; take_step
login '"method":"card+pin","value":"'"$RIG_OTTO_CARD"'","encoding":"hex","pin":"'"$RIG_OTTO_PIN"'"'
take_step
with "$(password "$OTTO_PASSWORD")"
said "ok otto" "each goes on with his own step"; logout
unset D_CERT D_KEY
S=$one; with "$(password "$RIG_ANNA_PASSWORD")"
said "ok anna" "and anna at the first with hers"; logout
login_card "$RIG_ANNA_CARD"; take_step
S_MAY_DIE=1
"$RIG" stop "$R" 2>/dev/null; "$RIG" start "$R"
with "$(password "$RIG_ANNA_PASSWORD")"
said "denied step-over" "after a restart it begins anew"
login_card "$RIG_ANNA_CARD"; take_step
with "$(password "$RIG_ANNA_PASSWORD")"
said "ok anna" "and works as before"; logout

# ---- groups
ctl group add staff >/dev/null
ctl template set strict --groups staff >/dev/null
login_card "$RIG_ANNA_CARD"
said "denied not-allowed-here" "who is in no group of the template does not pass"
ctl group join staff anna >/dev/null
login_card "$RIG_ANNA_CARD"
said "denied more-needed" "who is in one, does"

# ---- the secret of a device
ok "PIN of the device" panel_asks easy device-pin card
printf '271828\n' >"$W/pin"
like "$(ctl device secret all pin --password-file "$W/pin")" "is set" "a PIN for every device"
nok "it is kept as a verifier" grep -rqa 271828 "$RIG_DIR/state"
menu
is "$(ways)" "reader login-device-pin" "it is offered"
login '"method":"device-pin","value":"314159"'
said "denied bad-credential" "a wrong PIN"
login '"method":"device-pin","value":"271828"'
is "$(j '"\(.result) \(.session.user) \(.session.proven | join(" "))"')" "ok null device-pin" "the right one is nobody's session"
action '"op":"list"'
is "$(j '"\(.result) \(.reason)"')" "denied not-allowed-here" "which has no jobs"
action '"op":"release","jobs":"all"'
is "$(j '"\(.result) \(.reason)"')" "denied not-allowed-here" "and prints none"
logout

# ---- who is logged in proves more
ctl template set sure internal >/dev/null
api POST /access '{"function":"print-color","state":"template","template":"sure"}'
is "$STATUS" 200 "printing in colour asks for a password"
api POST /access '{"function":"job-delete","state":"template","template":"sure"}'
is "$STATUS" 200 "deleting, too"
doc a.bin 3000
hold "$W/a.bin" -t Alpha
login_card "$RIG_ANNA_CARD"
said "ok anna" "a card opens the panel"
is "$(j .session.functions.print.color)" mono "and no colour"
is "$(j '[.menu.items[] | select(.action.template?) | "\(.id) \(.action.template)"] | join(" ")')" \
	"delete sure" "an item leads on"
delete "$(id_of Alpha)"
is "$(j '"\(.result) \(.reason)"')" "denied template-needed" "what it would do is refused"
is "$(ways)" "password jobs" "with the same menu"
action '"op":"menu","menu":"prove","template":"sure"'
is "$(ways)" "password jobs" "to the menu of what is missing"
action '"op":"login","template":"sure","credential":{'"$(password wrong)"'}'
said "denied bad-credential" "a wrong password"
action '"op":"list"'
is "$(j .result)" ok "leaves the session"
was=$SID
action '"op":"login","template":"sure","credential":{'"$(password "$RIG_ANNA_PASSWORD")"'}'
said "ok anna" "the right one"
is "$(j .session.session_id)" "$was" "goes on with the session"
is "$(j .session.functions.print.color)" any "which may print in colour now"
is "$(j '[.menu.items[] | select(.action.template?)] | length')" 0 "and has nothing left to prove"
delete "$(id_of Alpha)"
is "$(j '.jobs[0].status')" deleted "and delete"
logout

# ---- what is used stays
like "$(ctl template delete easy)" "is used" "a template of the panel is not deleted"
like "$(ctl template show easy)" "panel" "and says where it is used"
