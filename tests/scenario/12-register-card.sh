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
"$RIG" stop "$R" 2>/dev/null
S_MAY_DIE=1
sed -i '/^RegisterUnknown/d' "$RIG_CONF"; echo 'RegisterUnknownCards no' >>"$RIG_CONF"
"$RIG" start "$R"
register anna "$RIG_ANNA_PASSWORD" $NEW
is "$STATUS $(j .code)" "403 forbidden" "switched off, no card is registered at the panel"
