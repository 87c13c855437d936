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


# ---- ranges, days, clashes, a second card: in hex again
ctl card set-format hex --yes >/dev/null; ctl card set-format --forget-former >/dev/null
like "$(ctl settings set CardRanges 9-1)" 'no range' "a range that is none is refused"
like "$(ctl settings set CardRanges '0A000000-0AFFFFFF')" . "people may register cards of a range"
register() {
	action '"op":"register-card","credential":{"method":"password","user":"'$1'","password":'"$(jq -Rn --arg p "$2" '$p')"'},"card":{"value":"'$3'","encoding":"hex"}'
}
register anna "$RIG_ANNA_PASSWORD" 0B000001
is "$(j '.result+" "+.reason')" "denied card-range" "no others"
register anna "$RIG_ANNA_PASSWORD" 0A000001
is "$(j .result)" ok "those they may"
SID=$(j .session.session_id); logout
like "$(printf '0B000002\n' | ctl card add anna --stdin)" added "operators register any"
like "$(printf '0B000003\n' | ctl_as games me card add --stdin)" 'CardRanges' "people none of them on their page"

# A clash: told to the person, written down, seen by the help desk, settled.
api POST /users '{"name":"berta","password":"secret-berta"}'
register berta secret-berta 0A000001
is "$(j '.result+" "+.reason')" "denied card-in-use" "somebody else's card is not taken"
out=$(ctl card clashes)
like "$out" '0001 +anna +berta' "the help desk sees both"
like "$(ctl audit --what card-clash)" berta "it is in the audit log"
id=$(awk '/berta/{print $1}' <<<"$out")
like "$(ctl card give "$id" berta)" "berta's now" "it is given to one of them"
read_at 0A000001; is "$who" berta "whose it is from now on"
unlike "$(ctl card clashes)" berta "and nobody waits for it"
register anna "$RIG_ANNA_PASSWORD" 0A000001
like "$(ctl card keep "$id")" 'stays' "or it stays where it is"
unlike "$(ctl card clashes)" anna "then, too"
register berta secret-berta 0A000001
is "$(j .result)" ok "one's own card is no clash"
SID=$(j .session.session_id); logout
ctl user set berta --disabled yes >/dev/null
read_at 0A000001; is "$who" account-closed "the card of a closed account opens nothing"
register anna "$RIG_ANNA_PASSWORD" 0A000001
is "$(j .reason)" card-in-use "and is not free"
ctl user delete berta >/dev/null
register anna "$RIG_ANNA_PASSWORD" 0A000001
is "$(j .result)" ok "that of a deleted one is"
SID=$(j .session.session_id); logout

# A card that is lent: good from, until, then free.
iso() { date -u -d "$1" +%Y-%m-%dT%H:%M:%SZ; }
like "$(printf '0A000009\n' | ctl card add otto --stdin --valid-from 2031-01-02 --valid-until 2031-01-01)" valid_from "from is before until"
until=$(iso '+7 seconds')
like "$(printf '0A000009\n' | ctl card add anna --stdin --valid-from "$(iso '+3 seconds')" --valid-until "$until")" added "a card is lent"
read_at 0A000009; is "$who" card-not-yet "it is not good before its time"
now() { read_at 0A000009; [ "$who" = "$1" ]; }
within 6 "then it is" now anna
within 8 "until it is over" now card-expired
api POST /users '{"name":"carl","password":"secret-carl"}'
register carl secret-carl 0A000009
is "$(j .result)" ok "then somebody else may have it"
SID=$(j .session.session_id); logout

# At the simulated device, which makes numbers as it is told; a second card.
told() { [ "$(jq -r "$1" "$R/opsim/device.json")" = "$2" ]; }
told_to() { ops heartbeat >/dev/null; within 10 "opsim is told: $1 $2" told "$1" "$2"; }
ctl settings set CardRanges "" >/dev/null
while IFS='|' read -r f value num; do
	ctl card set-format $f --device "$RIG_DEVICE_ID" --yes >/dev/null
	ctl card set-format --device "$RIG_DEVICE_ID" --forget-former >/dev/null
	told_to .config.card.format "${f%% *}"
	printf '%s\n' "$num" | ctl card add carl --encoding ascii --stdin >/dev/null
	step swipe "$value"
	step expect carl
	step logout
done <<'EOT'
decimal|00D507D2|13961170
wiegand-26 start=4 length=5|006232C8|06500
ascii|ascii:;4711000022223333=99?|4711000022223333
EOT
out=$(ops swipe 006232C9; ops show)
unlike "$out" carl "what makes no number there is refused"
ctl card set-format --default --device "$RIG_DEVICE_ID" --yes >/dev/null
printf '0A00000A\n' | ctl card add anna --stdin >/dev/null
for how in ignore switch logout; do
	ctl settings set SecondSwipe "$how" >/dev/null
	told_to .config.card.second_swipe "$how"
	step swipe 0A00000A
	step expect Anna
	ops swipe 0A000009 >/dev/null
	shown=$(ops show)
	case $how in
	ignore) like "$shown" Anna "a second card is ignored" ;;
	switch) like "$shown" carl "a second card's owner is logged in" ;;
	logout) unlike "$shown" 'Anna|carl' "a second card logs out" ;;
	esac
	ops logout >/dev/null
done
