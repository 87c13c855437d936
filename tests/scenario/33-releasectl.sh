#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# releasectl: people, cards, devices, jobs; administrators and everyone else.
. "$(dirname "$0")/lib/scenario.sh"
rig r
like "$(ctl status)" "$RIG_HTTPS_PORT" "status shows where it listens"
ok "status --json is JSON" eval '"$RIG_CTL" --json status | jq -e .version'

printf 'Pa55-wörd\n' | "$RIG_CTL" user add berta --display "Berta B." --password --stdin >"$W/o.txt" 2>&1
is "$?" 0 "a user with a password from standard input"
like "$(ctl user list)" 'berta.*Berta B\.' "is in the list"
nok "twice is refused" "$RIG_CTL" user add berta
printf '0102030405\n' | "$RIG_CTL" card add berta --stdin >"$W/o.txt" 2>&1
is "$?" 0 "a card"
login_card 0102030405
is "$(j .session.user.id)" berta "opens a session"
login_password berta Pa55-wörd
is "$(j .session.user.id)" berta "and so does the password"
ok "an account is closed" "$RIG_CTL" user set berta --disabled yes
login_card 0102030405
is "$(j .reason)" account-closed "and opens nothing any more"
ok "a user is deleted" "$RIG_CTL" user delete berta
nok "and gone" "$RIG_CTL" user show berta

out=$(ctl device add zwei --lpr "127.0.0.1:$RIG_LPD_PORT/op")
like "$out" '([0-9A-Z]{5}-){3}[0-9A-Z]{5}' "device add shows the activation key"
nok "which device show does not" eval 'ctl device show zwei | grep -qE "([0-9A-Z]{5}-){3}[0-9A-Z]{5}"'
like "$(ctl device list)" 'zwei.*waiting' "the device waits for its registration"

doc a.bin 2000
hold "$W/a.bin" -t "By hand"
id=$(id_of "By hand")
like "$(ctl job list)" 'By hand' "job list"
like "$(ctl job show "$id")" 'By hand' "job show"
ok "job release sends it to a device" "$RIG_CTL" job release "$id" --device Flur
within 10 "and it is printed" copies_are "$W/a.bin" 1
like "$(ctl explain "$id")" 'Flur' "explain tells where it went"
like "$(ctl explain "$id")" 'sent|has it' "and what became of it"
hold "$W/a.bin" -t other
id=$(id_of other)
is "$(ctl_as 65534 job list | grep -c other)" 0 "someone else does not see it"
nok "nor deletes it" ctl_as 65534 job delete "$id"
nok "nor adds users" ctl_as 65534 user add mallory
ok "the administrator deletes it" "$RIG_CTL" job delete "$id"
is "$(state "$id")" deleted "it is deleted"
nok "a noun nobody knows" "$RIG_CTL" frobnicate
like "$(ctl help)" 'releasectl' "help"
ok "the completion for bash is bash" bash -n "$S_SRC/ctl/completion/releasectl"
