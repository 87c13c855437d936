#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# One-time codes: two panels at once, at one device only, their end, a restart.
. "$(dirname "$0")/lib/scenario.sh"
rig r --conf 'OneTimeCodeTime 30s' --conf 'LoginFailures 10' --conf 'SelfServicePerHour 0'
code() { out=$(ctl_as games me code "$@"); printf '%s\n' "$out" | head -1; }
code_in() { login '"method":"qr","value":"'"$1"'"'; who=$(j '.session.user.id // .reason'); }

# The same code at two devices, four times: exactly one opens.
device_new second 127.0.0.1 9 lp
for i in 1 2 3 4; do
	c=$(code)
	(code_in "$c"; printf '%s\n' "$who" >"$W/who.1") &
	(device_as "$W/second.dev"; code_in "$c"; printf '%s\n' "$who" >"$W/who.2") &
	wait
	is "$(sort "$W/who.1" "$W/who.2" | tr '\n' ' ')" "bad-credential games " "try $i: one of two"
done

# Good at one device only.
c=$(code --device "$RIG_DEVICE_ID")
code_in "$c"; is "$who" games "a code for this device opens it"; logout
c=$(code --device second)
code_in "$c"; is "$who" bad-credential "one for another does not"
(device_as "$W/second.dev"; code_in "$c"; printf '%s\n' "$who" >"$W/who.2")
is "$(cat "$W/who.2")" games "but that one"
code_in "$c"; is "$who" bad-credential "and it is used up then"
like "$(code --device nowhere)" 'no device' "and there must be such a device"

# A newer one takes its place; closed accounts; a restart; the end.
old=$(code); c=$(code)
code_in "$old"; is "$who" bad-credential "a newer code takes the older one's place"
S_MAY_DIE=1
"$RIG" restart "$R"
code_in "$c"; is "$who" games "a code survives a restart"; logout
c=$(code)
ctl user set games --disabled yes >/dev/null
code_in "$c"; is "$who" account-closed "a closed account's code opens nothing"
ctl user set games --disabled no >/dev/null
code_in "$c"; is "$who" games "and is not used up by that"; logout
c=$(code)
over() { sleep 1; [ "$SECONDS" -ge $((made + 31)) ]; }
made=$SECONDS
within 40 "its time passes" over
code_in "$c"; is "$who" bad-credential "then it opens nothing"
