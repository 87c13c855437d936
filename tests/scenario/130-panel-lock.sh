#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# san: yes
# A locked panel: what is released there waits, over a restart, too; its PIN,
# an administrator or who may use panel-lock unlocks it.
. "$(dirname "$0")/lib/scenario.sh"
export RIG_LEVEL=2 RIG_DEVICE_API=1 RIG_HEARTBEAT=3600 RIG_NATIVE=copy,scan,usb
rig r
doc a.bin 5000
menu() { opdp POST /opdp/v1/panel/menu '{"state":"locked","session_id":null,"menu":"login","rev":null,"locale":"en"}'; }
ways() { j '(.menu | if type == "object" then . else empty end) // . | [.items[] | .action.method? // .action.menu? // .type | select(. != "field" and . != "choice")] | join(" ")'; }
locked() { api GET "/devices/$RIG_DEVICE_ID"; j '.panel_locked_at != null'; }
said() { is "$(j '"\(.result) \(.reason)"')" "$1" "$2"; }

hold "$W/a.bin" -t first
hold "$W/a.bin" -t second
gs -q -dNOPAUSE -dBATCH -sDEVICE=pdfwrite -o "$W/a.pdf" \
	-c "/Helvetica 40 selectfont 72 700 moveto (Secret) show showpage"
lp -d "$RIG_QUEUE" -U anna -t secret -o job-password=4711 "$W/a.pdf" >/dev/null 2>&1
within 10 "two jobs and a confidential one are held" held_is 3
like "$(ctl device lock "$RIG_DEVICE_ID")" "is locked" "an administrator locks the panel"
is "$(locked)" true "and it is shown"
opdp GET /opdp/v1/device/restrictions
is "$(j '.panel_lock')" true "the device is told"

nok "a release from elsewhere does not print" ctl job release "$(id_of first)" --device "$RIG_DEVICE_ID"
api POST "/jobs/$(id_of second)/release" '{"device":"'"$RIG_DEVICE_ID"'"}'
is "$STATUS $(j .code)" "409 panel-locked" "and says why"
like "$(ctl explain "$(id_of first)")" "panel is locked" "so does the story of the job"
api POST "/jobs/$(id_of secret)/release" '{"device":"'"$RIG_DEVICE_ID"'"}'
like "$STATUS $(j .detail)" "409 .*confidential and stays held" "a confidential one stays held"
ok "restart" "$RIG" restart "$R"
step heartbeat
sleep 1
is "$(locked) $(printed)" "true 0" "it is locked after a restart, and nothing came out"

# ---- at the panel
menu
like "$(menu_text)" "panel is locked" "the log-in menu says so"
unlike "$(ways)" "device-pin" "there is no PIN yet"
printf '271828\n' >"$W/pin"
ctl device secret "$RIG_DEVICE_ID" pin --password-file "$W/pin" >/dev/null
menu
like "$(ways)" "login-device-pin" "with a PIN of the device it is offered"
ctl access set panel-lock disabled >/dev/null
login_card "$RIG_ANNA_CARD"
said "denied panel-locked" "who may not unlock panels is not let in"
login '"method":"device-pin","value":"314159"'
said "denied bad-credential" "a wrong PIN unlocks nothing"
login '"method":"device-pin","value":"271828"'
said "denied panel-unlocked" "the right one does"
is "$(locked)" false "the panel is open"
within 10 "and both jobs come out" printed_is 2
sleep 1
is "$(state "$(id_of secret)")" held "but not the confidential one"

# ---- who may unlock panels prints there, and unlocks
ctl access unset panel-lock >/dev/null
hold "$W/a.bin" -t third
hold "$W/a.bin" -t fourth
ctl device lock "$RIG_DEVICE_ID" >/dev/null
api POST "/jobs/$(id_of fourth)/release" '{"device":"'"$RIG_DEVICE_ID"'"}'
login_card "$RIG_ANNA_CARD"
is "$(j .result)" ok "who may unlock it gets in"
release "$(id_of third)"
within 10 "prints there" printed_is 3
action '"op":"unlock-panel"'
is "$(j .result)" ok "and unlocks it"
within 10 "what waited comes out" printed_is 4
is "$(locked)" false "it is open"
is "$(ctl audit --what panel-locked | grep -c panel-locked) $(ctl audit --what panel-unlocked | grep -c panel-unlocked)" "2 2" "the audit log has it"

# ---- the device itself: it stores what comes from elsewhere, does nothing at
# its panel; USB is closed and opened by its own two functions
straight() { DEVICE_URI="lpd://127.0.0.1:$RIG_LPD_PORT/lp" /usr/lib/cups/backend/lpd 1 otto straight 1 '' "$W/a.bin" 2>/dev/null; }
told() { [ "$(jq -c "[.restrictions | $1]" "$R/opsim/device.json")" = "$2" ]; }
try() { printf 'native %s\n' "$1" | "$RIG_BUILD/tests/opsim/opsim" panel --control "$RIG_OPSIM" - 2>&1; }
for f in print-direct print-from-usb; do ctl access set $f open --for nobody >/dev/null; done
within 10 "the device is told at once what is open" told '.unauthenticated | .print, .usb_print_from, .usb_scan_to' '["allow","allow","deny"]'
ok "printing from USB is done" try print-from-usb
nok "scanning to USB is not" try scan-to-usb
ok "a document from elsewhere is taken" straight
within 10 "and comes out" printed_is 5
ctl device lock "$RIG_DEVICE_ID" >/dev/null
within 10 "locked: it is told to store" told '.panel_lock, .unauthenticated.print, .unauthenticated.usb_print_from' '[true,"hold","deny"]'
ok "a document from elsewhere is taken" straight
nok "nothing is printed from USB" try print-from-usb
sleep 1
is "$(printed)" 5 "but nothing comes out"
ctl device unlock "$RIG_DEVICE_ID" >/dev/null
within 10 "unlocked: it comes out" printed_is 6
