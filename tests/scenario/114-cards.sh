#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Card numbers in nine formats, made by the server or by the device; ranges,
# cards that are lent, cards two people want, a second card at a panel.
. "$(dirname "$0")/lib/scenario.sh"
rig r --conf 'CardsPerUser 20'

# card FORMAT -> what is registered: the number by hand, then read at a panel
format() { printf '%s' "$1" >"$W/f"; out=$(ctl card set-format $1 --yes); }
number() { printf '%s\n' "$1" | ctl card add anna --encoding number --stdin; }
read_at() { # VALUE [ENCODING]: who it is at a device that sends what it reads
	login '"method":"card","value":"'"$1"'","encoding":"'"${2:-hex}"'"'
	who=$(j '.session.user.id // .reason'); [ -z "$SID" ] || logout
}
# A change of the format says first what it means.
out=$(ctl card set-format decimal)
is "$? $(grep -c 'cannot be converted' <<<"$out")" "1 1" "a change is not made without a word: $out"
like "$(ctl card formats)" 'server +- +hex|server +hex' "and nothing has changed"
read_at "$RIG_ANNA_CARD"; is "$who" anna "cards are read as before"

# FORMAT|read|number
while IFS='|' read -r f value num enc; do
	format "$f"
	like "$out" Changed "the format is $f"
	out=$(number "$num")
	like "$out" "added for anna" "$num is registered"
	read_at "$value" "$enc"
	is "$who" anna "$value is $num in $f"
done <<'EOT'
hex-reversed|11223344|44332211|hex
hex-mirrored|0180F0A1|80010F85|hex
decimal|00D507D0|13961168|hex
decimal-reversed|6ECBD718|416795502|hex
wiegand-26|000451E5|00210482|hex
card-24|00D507D1|13961169|hex
uid|04A1B2C3D4E5F6|01303689068602870|hex
ascii|;6035771234567890=9912?8|6035771234567890|ascii
hex|A1B2C3D4E5|A1B2C3D4E5|hex
EOT
out=$(printf '%s\n' 000451E5 | ctl card read --stdin)
like "$out" 'wiegand-26 +00210482' "an administrator sees what each format makes of a card"
like "$out" 'uid +0000283109' "all of them"
is "$(grep -c '^' <<<"$(ctl --json card read --stdin <<<000451E5 | jq -r '.all[].format')")" 9 "nine"

# A device group and a device have their own; a device that makes numbers.
ctl device set "$RIG_DEVICE_ID" --groups "2nd floor" >/dev/null
ctl card set-format wiegand-26 start=4 length=5 --device-group "2nd Floor" --usb 0c27:3bfa --yes >/dev/null
opdp GET /opdp/v1/device/config
is "$(j '.card|[.format,.start,.length,.usb_vid,.usb_pid]|tostring')" '["hex",1,0,"0c27","3bfa"]' \
	"while cards are known by the former format, devices send what they read"
read_at "$RIG_ANNA_CARD"; is "$who" bad-credential "a card of another kind is no card here"
number 10482 >/dev/null
read_at 000451E5; is "$who" anna "a card of this kind is"
ctl card set-format --device-group "2nd floor" --forget-former >/dev/null
opdp GET /opdp/v1/device/config
is "$(j '.card|[.format,.start,.length]|tostring')" '["wiegand-26",4,5]' "then they are told how to make numbers"
rev=$(j .rev)
opdp POST /opdp/v1/device/heartbeat '{"status":{"state":"idle"},"config_rev":1}'
like "$(j '.pending|tostring')" config "and that there is something to fetch"
opdp POST /opdp/v1/device/heartbeat '{"status":{"state":"idle"},"config_rev":'"$rev"'}'
unlike "$(j '.pending|tostring')" config "until they have it"
login '"method":"card","value":"10482","encoding":"number"'
is "$(j .session.user.id)" anna "a device that makes the number sends it so"
logout

# A card under its old number gets its new one at the reader.
ctl card set-format --default --device-group "2nd floor" --yes >/dev/null
out=$(ctl card set-format decimal --yes)
read_at "$RIG_ANNA_CARD"
is "$who" anna "a card that was registered in hex is known"
ctl card set-format --forget-former >/dev/null
read_at "$RIG_ANNA_CARD"
is "$who" anna "and is so for good"
read_at "$RIG_OTTO_CARD"
is "$who" card-unknown "one that was never held up is not"
like "$(ctl audit --what card-renumbered)" anna "it is written down"

