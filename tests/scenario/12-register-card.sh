#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# An unknown card is tied to its owner by name and password at the panel.
. "$(dirname "$0")/lib/scenario.sh"
rig r --conf 'CardsPerUser 2'
NEW=0A0B0C0D0E
register() {
	action '"op":"register-card","credential":{"method":"password","user":"'$1'","password":'"$(jq -Rn --arg p "$2" '$p')"'},"card":{"value":"'$3'","encoding":"hex"}'
}
login_card $NEW
is "$(j .reason)" card-unknown "the card is unknown"
register anna wrong $NEW
is "$(j .result) $(j .reason)" "denied bad-credential" "a wrong password ties nothing"
login_card $NEW
is "$(j .reason)" card-unknown "it is still unknown"
register anna "$RIG_ANNA_PASSWORD" $NEW
is "$STATUS $(j .result) $(j .session.user.id)" "200 ok anna" "the right one opens a session"
SID=$(j .session.session_id); logout
login_card $NEW
is "$(j .result) $(j .session.user.id)" "ok anna" "from now on the card is enough"
logout
register anna "$RIG_ANNA_PASSWORD" 0A0B0C0D0F
is "$(j .result)" denied "a third card of one user is refused"
register "$RIG_USER" x $RIG_ANNA_CARD
is "$(j .result)" denied "nobody takes another one's card"
api GET '/cards?user=anna'
is "$(j '.cards|length')" 2 "two cards are on record"
unlike "$BODY" "$NEW" "and their numbers are not shown"
nok "nor kept in clear in the database" grep -qaiE "$NEW|$RIG_ANNA_CARD" "$RIG_DB"
api DELETE "/cards/$(j '.cards[1].id')"
is "$STATUS" 204 "a lost card is removed"
login_card $NEW
is "$(j .reason)" card-unknown "and opens nothing any more"
# A card that is lent: to otto until this second passes, then to nobody.
api POST /cards '{"user":"otto","value":"0A0B0C0D10","encoding":"hex","valid_until":"2020-01-01"}'
is "$STATUS" 400 "a day that has passed is refused"
like "$BODY" valid_until "and the field is named"
soon=$(date -u -d '+4 seconds' +%Y-%m-%dT%H:%M:%SZ)
api POST /cards '{"user":"anna","value":"0A0B0C0D10","encoding":"hex","valid_until":"'$soon'"}'
is "$STATUS $(j .valid_until | cut -c1-19)Z" "201 $soon" "a card is lent"
login_card 0A0B0C0D10
is "$(j .result) $(j .session.user.id)" "ok anna" "it works until then"
logout
sleep 5
login_card 0A0B0C0D10
is "$(j .result) $(j .reason)" "denied card-expired" "and no longer"
api POST /cards '{"user":"otto","value":"0A0B0C0D10","encoding":"hex"}'
is "$STATUS $(j .valid_until)" "201 null" "it can be given to somebody else"
"$RIG" stop "$R" 2>/dev/null
S_MAY_DIE=1
sed -i '/^RegisterUnknown/d' "$RIG_CONF"; echo 'RegisterUnknownCards no' >>"$RIG_CONF"
"$RIG" start "$R"
register anna "$RIG_ANNA_PASSWORD" $NEW
is "$STATUS $(j .code)" "403 forbidden" "switched off, no card is registered at the panel"
