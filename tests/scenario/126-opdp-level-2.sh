#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# OPDP level 2: the server calls the device. Sessions that are pushed, what
# changes reaches the device at once, commands, a wrong clock, a reboot, lost
# answers; and the same for a device that fetches what is asked of it.
. "$(dirname "$0")/lib/scenario.sh"
. "$S_LIB/web.sh"
export RIG_LEVEL=2 RIG_DEVICE_API=1 RIG_HEARTBEAT=3600
export RIG_NATIVE=copy,scan,session-inline,session-push
rig r
T=$R/opsim/trace.jsonl
DEV=$(jq -r .device_id "$R/opsim/device.json")
# calls METHOD PATH-REGEX [STATUS]: how many of them the device had
calls() { jq -s --arg m "$1" --arg p "^/opdp/v1$2" --arg s "${3:-}" '[.[] | select(.method == $m and
	(.path | test($p)) and ($s == "" or (.status | tostring) == $s))] | length' "$T"; }
shows() { ops show | grep -qF -- "$1"; }
session_there() { [ "$(ops show | grep -c 'logged in:')" = "$1" ]; }
kept() { jq -r "$1" "$R/opsim/device.json"; }
told() { [ "$(kept "$1")" = "$2" ]; }
log() { grep -c -- "$1" "$R/log/releaserd"; }
beat() { ops heartbeat; sleep 0.3; }

# It has said where it can be called, with its own key.
wait_until 3 eval '[ "$(ctl device show "$DEV" --json | jq -r .protocol)" = opdp ]'
is "$(ctl device show "$DEV" --json | jq -r '.protocol + " " + .session_mode')" "opdp inline" "the device has an API, and sessions inline"
like "$(ctl device set "$DEV" --session-mode sideways; ctl device show "$DEV")" 'session_mode is inline or push.*Sessions: +inline' "a mode nobody knows is refused"
beat
ok "sessions are to be pushed" ctl device set "$DEV" --session-mode push
within 2 "the device is told at once, not with its next heartbeat" told .config.session_mode push

# A log-in: the answer has no session, the call has it.
step swipe "$RIG_ANNA_CARD"
ok "Anna is logged in" shows "logged in: Anna"
is "$(calls PUT /session/ 201)" 1 "the session came by a call of the server"
is "$(jq -rs '[.[] | select(.path == "/opdp/v1/panel/action")][0].response | keys | join(" ")' "$T")" "result session_pending" "not with the answer"
step native copy
ok "copying is closed to everybody" ctl access set copy disabled
within 3 "and does not start any more in the session that is open" ops native-refused copy
is "$(calls PATCH /session/ 200)" 1 "by a merge patch"
is "$(jq -rs '[.[] | select(.method == "PATCH")][0].request | keys | join(" ")' "$T")" functions "of what has changed"
patched() { [ "$(jq -rs "[.[] | select(.method == \"PATCH\")][-1].request | $1" "$T")" = "$2" ]; }
ctl access set copy-color disabled >/dev/null; ctl access unset copy >/dev/null
within 3 "so does the right to copy in colour" patched .functions.copy.color mono
ctl quota set user:anna 120 --unit colour >/dev/null
within 3 "and what is left of a quota, for all that prints" patched '.quota[0] | "\(.color) \(.remaining) \(.functions)"' 'color 120 ["print","copy","usb","storage"]'
ctl quota delete user:anna --unit colour >/dev/null; ctl access unset copy-color >/dev/null
step logout
within 2 "log-out closes it there" eval '[ "$(calls DELETE /session/ 204)" = 1 ]'
within 2 "and the device says so" session_there 0

# What holds while nobody is logged in.
ctl access unset copy >/dev/null
step native-refused copy
REV=$(kept .restrictions.rev)
ok "copying is opened to nobody in particular" ctl access set copy open --for nobody
within 2 "the device has the new restrictions within a second or so" told .restrictions.unauthenticated.copy allow
step native copy
nok "their revision is another" told .restrictions.rev "$REV"
is "$(jq -s '[.[] | select(.path == "/opdp/v1/restrictions" and .method == "PUT")] | length' "$T")" 1 "one call did it"
like "$(ctl device restrictions "$DEV" --at-device)" "asked: it has revision $(kept .restrictions.rev), what it should have" "asked itself, it has them"

# Answers get lost: asked again, nothing twice.
step fault api-drop-reply
step swipe "$RIG_ANNA_CARD"
ok "a lost answer: the session is open" shows "logged in: Anna"
step fault api-drop-reply
ok "a command whose answer is lost" ctl device command "$DEV" identify
ok "is carried out once" shows "identified: 1"
step fault api-twice
ok "one that arrives twice" ctl device command "$DEV" identify
ok "too" shows "identified: 2"
ok "a message" ctl device command "$DEV" message 'Toner kommt um 10' --ttl 30
ok "is on the panel" shows "message: Toner kommt um 10"
like "$(ctl device command "$DEV" dance)" 'command is identify' "commands nobody knows are refused"
ok "the session there ends" ctl device command "$DEV" reboot-session
within 2 "at once" session_there 0
step logout

# The same from its page.
submit admin "admin/device.cgi?id=$DEV" "id=$DEV" do=message 'text=<b>Gleich</b> da'
ok "a message from the page" shows "message: <b>Gleich</b> da"
page admin "admin/device.cgi?id=$DEV"
like "$PAGE" 'value="identify".*name="text"' "which has the buttons"
submit admin "admin/device.cgi?id=$DEV" "id=$DEV" do=message text=
like "$PAGE" 'Type what the panel is to show' "and wants a text"

# It starts anew: nobody is logged in any more.
step swipe "$RIG_ANNA_CARD"
SID=$(jq -rs '[.[] | select(.method == "PUT" and (.path | test("/session/")))][-1].request.session_id' "$T")
step heartbeat; sleep 0.3
step reboot
within 3 "a reboot ends the session" eval '[ "$(log "started anew")" = 1 ]'
device_as "$R/opsim"
list
is "$STATUS $(j .code)" "404 session-unknown" "also here"

# Its clock.
step skew 90000
beat
within 3 "a wrong clock is told to be set" eval '[ "$(calls POST /command)" -ge 6 ]'
like "$(ctl device items "$DEV" state)" 'clock-skew +(90|89)000' "and stands among what is known of the device"
beat
like "$(ctl device items "$DEV" state)" 'clock-skew +0' "until it is right"

# It does not answer: the person is told, and logged in nowhere.
step fault always:api-refuse 503
step swipe "$RIG_ANNA_CARD"
ok "a device that is away: the panel says so" shows "does not answer the print server"
ok "nobody is logged in" session_there 0
like "$(ctl device command "$DEV" identify)" 'does not answer' "and a command fails in words"
like "$(ctl device restrictions "$DEV" --at-device)" 'does not answer' "so does the question what it has"
step fault none

# The server starts again while somebody is logged in; another one comes.
step swipe "$RIG_ANNA_CARD"
session_there 1
sqlite3 "$R/state/release.db" 'UPDATE device SET renew_ms = 1' || fail "the certificate is made old"
"$RIG" restart "$R" >/dev/null 2>&1
login_card "$RIG_ANNA_CARD"
is "$(j .session_pending)" true "a log-in after a restart"
within 4 "takes the place of the session that is open there" eval '[ "$(calls PUT "/session/.*takeover=1" 201)" = 1 ]'
is "$(calls PUT /session/ 409)" 1 "when the device has said that there is one"
OLD=$(openssl x509 -in "$R/opsim/device.crt" -noout -serial)
beat
within 3 "an old certificate is renewed" eval '[ "$(openssl x509 -in "$R/opsim/device.crt" -noout -serial)" != "$OLD" ]'
cp "$R/opsim/device.key" "$R/opsim/device.crt" "$W/"; chmod 644 "$W"/device.*
"$RIG" restart "$R" >/dev/null 2>&1
beat
within 3 "a session nobody here knows is closed there" session_there 0

# A device that cannot be called, and has no certificate, fetches what is asked of it.
api POST /devices "$(jq -cn --argjson p "$RIG_LPD_PORT" '{name:"Poll",serial:"any",lpr_host:"127.0.0.1",lpr_port:$p}')"
POLL=$(j .id) P=$W/r/poll
mkdir -p "$P"; j .activation_key >"$P/key"
OPSIM=$RIG_BUILD/tests/opsim/opsim
ok "another one registers, without an API" "$OPSIM" register --dir "$P" --server "$RIG_SERVER_URL" --ca "$R/server-ca.pem" \
	--key-file "$P/key" --serial POLL-1 --level 2 --auth token --native copy,session-push,command-poll --trace "$P/trace.jsonl"
"$OPSIM" run --dir "$P" --control "$P/control.sock" --heartbeat 1 --trace "$P/trace.jsonl" --ready "$P/ready" >"$P/log" 2>&1 &
POLL_PID=$!
wait_until 3 test -s "$P/ready"
RIG_OPSIM=$P/control.sock
step swipe "$RIG_ANNA_CARD"
ok "it gets its session" shows "logged in: Anna"
step fault api-drop-reply
ok "a command whose result is lost" ctl device command "$POLL" identify
ok "is carried out once" shows "identified: 1"
like "$(ctl device restrictions "$POLL" --at-device)" 'asked: it has revision [0-9]+, what it should have' "it says what it has"
step logout
within 3 "and log-out ends it" session_there 0
T=$P/trace.jsonl
ok "all of it was fetched" eval '[ "$(calls GET /device/commands 200)" -ge 3 ] && [ "$(calls POST /device/commands/.*/result 204)" -ge 3 ]'
kill $POLL_PID; wait $POLL_PID 2>/dev/null

# The same one with an API: no certificate there, a token of the server's.
rm "$P/ready"
"$OPSIM" run --dir "$P" --control "$P/control.sock" --api 127.0.0.1:0 --trace "$P/trace.jsonl" --ready "$P/ready" >"$P/log" 2>&1 &
POLL_PID=$!
wait_until 3 test -s "$P/ready"
step swipe "$RIG_ANNA_CARD"
is "$(calls PUT /session/ 201)" 1 "a device with a token is called with one"
ok "it is removed" ctl device delete "$POLL"
kill $POLL_PID; wait $POLL_PID 2>/dev/null
cat "$T" >>"$R/opsim/trace.jsonl"
RIG_OPSIM=$R/opsim/control.sock T=$R/opsim/trace.jsonl
step swipe "$RIG_ANNA_CARD"
session_there 1
ok "the first device is removed" ctl device delete "$DEV"
within 3 "and hears the end of its session" session_there 0
