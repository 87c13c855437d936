#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# release-station: card readers beside printers that have no panel (doc/kiosk.md,
# section 10). The readers are pipes with the key events of Linux in them.
# san: yes
. "$(dirname "$0")/lib/scenario.sh"
rig r --conf 'RegisterUnknownCards no'
umask 077

# one NAME: a station in $W/NAME with reader and keypad, of its own device
one() {
	local dir=$W/$1

	BODY=$(ctl --json device add "$1" --lpr "127.0.0.1:$RIG_LPD_PORT/op")
	"$RIG_BUILD/ctl/releasectl" station enroll --server "$RIG_SERVER_URL" \
		--ca "$RIG_CA" --out "$dir" --serial "$1" --key-file - \
		--password-file "$W/p12" <<<"$(j .activation_key)" >/dev/null 2>&1
	mkfifo "$dir.reader" "$dir.keypad"
	: >"$dir.screen"
	printf 'Reader %s\nScreen %s\nPatience 3s\n' "$dir.reader" "$dir.screen" \
		>"$dir/station.conf"
	printf '%s\n' "${@:2}" >>"$dir/station.conf"
}
echo secret >"$W/p12"
one left 'Tap all'
one right 'Tap list' "Keypad $W/right.keypad" 'Locale de' \
	'Phone https://print.example.com/release/jobs.cgi?device=1'
STATION=$RIG_BUILD/station/release-station

is "$("$STATION" -t "$W/left" "$W/right" | wc -l)" 2 "both are stations"
echo 'Tap sometimes' >"$W/bad.conf"
cp -r "$W/left" "$W/bad" && cp "$W/bad.conf" "$W/bad/station.conf"
like "$("$STATION" -t "$W/bad" 2>&1); $?" 'station.conf:1: .*Tap.*1$' "a wrong setting has its line"
like "$("$STATION" -t "$W/nowhere" 2>&1)" 'releasectl station enroll' "no station: what to do"
is "$("$STATION" 2>/dev/null; echo $?)" 2 "no folder: wrong use"

"$STATION" "$W/left" "$W/right" 2>"$W/log" &
STATION_PID=$!
ends $STATION_PID

# tap PLACE CARD, type PLACE KEYS: line by line through a reader that stays
plug() {
	mkfifo "$W/$1.lines" 2>/dev/null
	python3 "$S_LIB/card-reader.py" "$W/$1" <"$W/$1.lines" &
	ends $!
	eval "$2_PID=$!; exec $3>\"$W/$1.lines\""
}
plug left.reader LEFT 7
plug right.reader RIGHT 8
plug right.keypad KEYS 9

# The picture that is on a screen now.
screen() { awk 'BEGIN { RS = "\033\\[2J" } { last = $0 } END { print last }' "$W/$1.screen"; }
shows() { screen "$1" | grep -qE "$2"; }
ok "the left one waits for a card" wait_until 10 shows left 'Hold your card'
ok "the right one in German" wait_until 10 shows right 'Bitte Karte vorhalten'
ok "with a code for phones" shows right '▀'

# what the server knows of a station, now: tells left .readers
tells() {
	ctl --json station list | jq -r --arg n "$1" \
		".devices[] | select(.name == \$n) | .station | $2"
}
heard() { [ "$(tells left '.readers[0].present')" = "$1" ]; }
ok "the server knows their readers" wait_until 10 heard true
is "$(tells right '[.readers[].kind] | join(" ")') $(tells left .address)" \
	"card keypad 127.0.0.1" "of each, and where it calls from"
is "$(tells right .host)" "$(hostname)" "and the computer"
like "$(ctl station list)" "left.*card.*$(date +%Y -d '397 days')" "as a table"

ctl user add kate --display "Kate Kiosk" >/dev/null
ctl card add kate --encoding hex --stdin <<<"04A1B2C3" >/dev/null
ctl user add pia --display "Pia Pin" --pin --stdin <<<"4711" >/dev/null
ctl card add pia --encoding ascii --stdin <<<"0012345" >/dev/null
doc a.bin 3000
doc b.bin 3100
doc c.bin 3200
PRINT_AS=kate hold "$W/a.bin" -t "First" && PRINT_AS=kate hold "$W/b.bin" -t "Second"

# ---- a tap prints
echo 04a1b2c3 >&7
ok "a card at the left prints both" wait_until 20 printed_is 2
ok "and its screen says so" wait_until 5 shows left 'Kate Kiosk: 2/2 jobs print now'
is "$(copies_of "$W/a.bin") $(copies_of "$W/b.bin")" "1 1" "each once"
echo 04A1B2C3 >&7
ok "nothing is left" wait_until 5 shows left 'There is nothing to print'
echo FF00 >&7
ok "a card nobody has is refused in words" wait_until 5 shows left 'card'
PRINT_AS=kate hold "$W/a.bin" -t "Twice"
printf '04a1b2c3\n04a1b2c3\n' >&7
ok "two taps in a row" wait_until 20 printed_is 3
is "$(copies_of "$W/a.bin")" 2 "print once"

# ---- the list, and a PIN
PRINT_AS=pia hold "$W/b.bin" -t "Mine <b>" && PRINT_AS=pia hold "$W/c.bin" -t "Mine too"
PRINT_AS=pia hold "$W/a.bin" -t "Gone"
GONE=$(ctl --json job list --user pia | jq -r '.jobs[] | select(.title == "Gone").id')
echo 0012345 >&7
ok "a card with a PIN, no keys: where to go" wait_until 5 shows left 'needs a PIN'
echo 0012345 >&8
ok "at the other one the PIN is asked for" wait_until 5 shows right 'PIN der Karte'
echo 1111 >&9
ok "a wrong one is refused" wait_until 5 shows right '.'
unlike "$(screen right)" 'Mine' "and shows nothing"
echo 0012345 >&8
wait_until 5 shows right 'PIN der Karte'
printf '%0100d\n' 7 >&9
ok "what can be no PIN is refused" wait_until 5 grep -q 'said no' "$W/log"
sleep 1
nok "and ends no station" grep -q 'station stopped' "$W/log"
echo 0012345 >&8
wait_until 5 shows right 'PIN der Karte'
echo 4711 >&9
ok "the right one shows the list" wait_until 5 shows right '1 .*Mine'
ok "of both" shows right '2 .*Mine'
is "$(screen right | grep -c 'First\|Second')" 0 "and of nobody else"
title=$(screen right | sed -n 's/^1  \(Mine[^ ]*\( too\)\?\( <b>\)\?\) .*/\1/p')
before=$(printed)
n=$(screen right | sed -n 's/^\([0-9]\)  Gone .*/\1/p')
ctl job delete "$GONE" >/dev/null
echo "$n" >&9
ok "a job that is gone meanwhile" wait_until 10 shows right 'nicht mehr'
ok "is said above the list of the others" shows right '^1 .*Mine'
nok "where it is no more" shows right 'Gone'
echo 7 >&9
echo 1 >&9
ok "a number prints that one" wait_until 20 printed_is $((before + 1))
ok "and the list has the other" wait_until 5 shows right '^1 .*Mine'
nok "and no second one" shows right '^2 '
echo 0012345 >&8
ok "the card logs out" wait_until 5 shows right 'Bitte Karte vorhalten'
is "$(printed)" $((before + 1)) "without printing"
echo 0012345 >&8
wait_until 5 shows right 'PIN der Karte'
echo 4711 >&9
wait_until 5 shows right '1 .*Mine'
echo >&9
ok "Enter prints what is left" wait_until 20 printed_is $((before + 2))
is "$(copies_of "$W/c.bin")" 1 "once"

# ---- two readers, one card
PRINT_AS=kate hold "$W/a.bin" -t "At both"
n=$(printed)
echo 04a1b2c3 >&7 & echo 04a1b2c3 >&8
wait $!
sleep 1
echo >&9
ok "at two devices it comes out" wait_until 20 printed_is $((n + 1))
sleep 0.5
is "$(printed)" $((n + 1)) "once"

# ---- readers and servers come and go
echo 0 >&9
mv "$W/left.reader" "$W/pulled"
kill $LEFT_PID
ok "a reader that is pulled out" wait_until 10 shows left 'reader is not there'
ok "the server hears of it" wait_until 10 heard false
mv "$W/pulled" "$W/left.reader"
plug left.reader LEFT 7
ok "and put in again" wait_until 10 shows left 'Hold your card'
PRINT_AS=kate hold "$W/b.bin" -t "Later"
"$RIG" stop "$RIG_DIR" >/dev/null
echo 04a1b2c3 >&7
ok "the server is away" wait_until 10 shows left 'does not answer'
"$RIG" start "$RIG_DIR" >/dev/null
n=$(printed)
echo 04a1b2c3 >&7
ok "and there again" wait_until 20 printed_is $((n + 1))

# ---- it ends when it is of no use
ctl device delete left >/dev/null
echo 04a1b2c3 >&7
ok "a device that was deleted is said" wait_until 10 grep -q 'does not take this station' "$W/log"
unlike "$(cat "$W/log")" '04a1b2c3|0012345|4711|Mine|kate' "no card, PIN, title or name in the log"
