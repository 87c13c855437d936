#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Guests: invited by the help desk or by a host, good for a time, no more than
# guests, and forgotten when it is over.
. "$(dirname "$0")/lib/scenario.sh"
rig r --conf 'GuestHosts hosts' --conf 'GuestKeepTime 0' --conf 'GuestTime 2d' --conf 'LoginFailures 10'
doc a.bin 3000
iso() { date -u -d "$1" +%Y-%m-%dT%H:%M:%SZ; }
code_in() { login '"method":"qr","value":"'"$1"'"'; who=$(j '.session.user.id // .reason'); }

out=$(ctl guest add --display "Visitor One" --mono 10)
like "$out" 'Guest: +guest-[0-9A-Z]{5}' "the help desk invites a guest"
code=$(sed -n 's/^Code: *//p' <<<"$out") name=$(sed -n 's/^Guest: *//p' <<<"$out")
like "$(ctl guest list)" "$name +Visitor One +open" "who is on the list"
code_in "$code"
is "$who" "$name" "the code opens a panel"
like "$(j '.session.proven|tostring')" guest "as a guest, for templates"
is "$(j '[.session.quota[]|[.bucket,.remaining]]|sort|tostring')" '[["color",0],["mono",10]]' "with what it may print"
logout
code_in "${code/-/}"
is "$who" "$name" "again, until the end"
logout
code_in "$(tr A-Z a-z <<<"$code")"; is "$who" "$name" "in small letters, too"; logout
login_password "$name" "$code"
is "$(j .session.user.id) $(j '.session.proven|tostring' | grep -c guest)" "$name 1" "and is the password with the name"
logout
nok "the code is in no file in clear" grep -qaF "$code" "$RIG_DB" "$RIG_DB-wal"

# A guest is nothing else.
like "$(ctl role set "$name" administrator)" 'guests have no role' "a guest gets no role"
api POST /me/code '{}'
out=$(ctl guest add --days 3)
like "$out" 'at most \(setting GuestTime\)' "nobody is a guest for longer than GuestTime"
like "$(ctl guest add --valid-until 2020-01-01)" 'valid_until' "nor in the past"

# A new code makes the old one worthless.
new=$(ctl guest set "$name" --new-code | sed -n 's/^Code: *//p')
code_in "$code"; is "$who" bad-credential "the old code is good no more"
code_in "$new"; is "$who" "$name" "the new one is"
sid=$SID

# What is held ends with the guest.
PRINT_AS=$name hold "$W/a.bin" -t theirs
ctl guest end "$name" >/dev/null
SID=$sid list
like "$STATUS" '^(404|410)' "the end of a guest ends the session"
code_in "$new"; like "$who" 'bad-credential|account-closed' "and opens nothing any more"
forgotten() { ! ctl guest list | grep -q "$name"; }
within 25 "the account is erased GuestKeepTime later" forgotten
like "$(ctl user show "$name")" 'no user' "with all that is known"

# One that begins later, and ends by itself.
out=$(ctl guest add --valid-from "$(iso '+3 seconds')" --valid-until "$(iso '+8 seconds')")
code=$(sed -n 's/^Code: *//p' <<<"$out") name=$(sed -n 's/^Guest: *//p' <<<"$out")
code_in "$code"
is "$who" bad-credential "a code opens nothing before its time"
login_password "$name" "$code"; is "$(j .reason)" account-closed "nor does the password"
opens() { ctl guest list | grep -q "$name.* open "; }
within 8 "its time begins" opens
code_in "$code"
is "$who" "$name" "then it does"
shut() { list; [[ $STATUS =~ ^4 ]]; }
within 12 "until its time is over" shut
login_password "$name" "$code"; is "$(j .result)" denied "and the password is good no more"

# Hosts.
like "$(ctl_as games guest add)" 'GuestHosts' "not everybody may invite"
ctl group add hosts >/dev/null; ctl group join hosts games >/dev/null
out=$(ctl_as games guest add --days 1)
like "$out" 'Code: ' "a member of GuestHosts may"
name=$(sed -n 's/^Guest: *//p' <<<"$out")
like "$(ctl_as games guest add --mono 5)" 'help desk' "but not say what guests may print"
other=$(ctl guest add | sed -n 's/^Guest: *//p')
out=$(ctl_as games guest list)
like "$out" "$name" "a host sees the guests he invited"
unlike "$out" "$other" "and no others"
like "$(ctl_as games guest end "$other")" 'no guest' "nor ends them"
like "$(ctl_as games guest end "$name")" 'no guest any more' "but one's own"
