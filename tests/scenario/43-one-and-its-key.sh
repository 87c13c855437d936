#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# One releaserd in its folders; and a host key that is open, gone or another.
. "$(dirname "$0")/lib/scenario.sh"
rig r
doc a.bin 3000
hold "$W/a.bin" -t before
prog=$RIG_BUILD/releaserd/releaserd key=$R/key/host.key
# How a start ends, and what it says.
start_says() {
	out=$(timeout 20 "$prog" -c "$R/releaserd.conf" 2>&1)
	is $? 1 "$2"
	like "$out" "$1" "... and why"
}
inode=$(stat -c %i "$R/run/api.sock")
start_says "another releaserd is at work in $R/run" "a second one refuses to start"
is "$(stat -c %i "$R/run/api.sock")" "$inode" "the sockets of the first stay"
is "$(count held)" 1 "and it works on"
"$RIG" stop "$R"
chmod 644 "$key"
start_says "host.key is open to others .mode 0644" "a host key that all can read is refused"
chmod 600 "$key"
mv "$key" "$W/host.key"
start_says 'host key .* is missing' "without the host key no other one is made"
nok "none is there" test -e "$key"
chmod 777 "$R/spool"
start_says 'others may write to .*/spool' "a spool all can write to is refused"
chmod 700 "$R/spool"
(umask 077; head -c 32 /dev/urandom >"$key")
"$RIG" start "$R"
ok "another key: the log says so" grep -q 'host key is not the one' "$R/log/releaserd"
is "$(count held)" 1 "the job is there"
login_password anna "$RIG_ANNA_PASSWORD"
is "$(j .result)" ok "people log in"
id=$(id_of before)
release "$id"
within 10 "what cannot be read is held again" state_is "$id" held
unlike "$(reason "$id")" '^(null)?$' "with the reason"
hold "$W/a.bin" -t after
login_password anna "$RIG_ANNA_PASSWORD"
release "$(id_of after)"
within 10 "new jobs are printed" printed_is 1
"$RIG" stop "$R"
(umask 077; cp "$W/host.key" "$key")
"$RIG" start "$R"
login_card "$RIG_ANNA_CARD"
release "$id"
within 10 "with the old key back the job is printed" printed_is 2
