#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Security templates with a directory, over HTTPS, at the HTML panel and at the
# simulated device; a device that becomes somebody's.
. "$(dirname "$0")/lib/scenario.sh"
. "$S_SRC/tests/rig/lib/directory.sh"
. "$S_LIB/user.sh"
server slapd l || skip_all "$SERVER_WHY"
export RIG_NATIVE=copy,scan
rig r --conf 'LoginFailures 5'
conf() { printf 'Servers localhost:%s\nBindName %s\nUserBase %s\nDomain %s\nTlsCa ours\nGroupScheme member-of\nGroupBase %s\n' \
	"$RIG_LDAP_PORT" "$RIG_LDAP_BIND_DN" "$RIG_LDAP_PEOPLE" "$1" "$RIG_LDAP_GROUPS"; }
for d in school.example.com office.example.com; do
	conf $d >"$W/conf"
	ctl directory add "${d%%.*}" "$W/conf" --password-file "$RIG_LDAP_BIND_PW" --ca "$RIG_LDAP_CA" >/dev/null
done
panel_asks() { ctl template set "$@" >/dev/null && api POST /access '{"function":"panel","state":"template","template":"'"$1"'"}'; }
said() { is "$(j '"\(.result) \(.reason // .session.user.id)"')" "$1" "$2"; }
domains() { opdp POST /opdp/v1/panel/menu '{"state":"locked","session_id":null,"menu":"login-password","rev":null,"locale":"en"}'
	j '[.items[] | select(.id == "domain") | .values[].value] | join(" ")'; }
P=$(dir_password carla)

# ---- a block of a directory
like "$(ctl template set off ldap:nowhere)" "no directory" "a directory that is not there is refused"
panel_asks ours ldap:school
is "$(domains)" school.example.com "only the directory that is asked can be chosen"
login_password carla@school.example.com "$P"
said "ok carla" "its people come in"
is "$(j '.session.proven | join(" ")')" ldap:school "by its block"; logout
login_password carla@office.example.com "$P"
said "denied not-allowed-here" "people of another do not"
login_password anna "$RIG_ANNA_PASSWORD"
said "denied not-allowed-here" "nor does a password kept here"
login_password carla "$P"
said "ok carla" "a name without a domain means the one that is asked"; logout
api POST /cards '{"user":"carla","value":"0BADCAFE","encoding":"hex"}'
panel_asks both card ldap:school --success all
login_card 0BADCAFE
said "denied more-needed" "a card, then the directory"
S=$(j '[.menu.items[].action.step? // empty][0]')
is "$(j '[.menu.items[] | select(.type == "field" or .type == "choice") | .id] | join(" ")')" password "which is not chosen any more"
action '"op":"login","step":"'"$S"'","credential":{"method":"password","password":"'"$P"'"}'
SID=$(j '.session.session_id // empty')
is "$(j '"\(.result) \(.session.proven | join(" "))"')" "ok card ldap:school" "both are proven"; logout
like "$(ctl directory remove school)" 'template "both"' "a directory that a template names stays"
panel_asks ours ldap internal
is "$(domains)" " office.example.com school.example.com (Local)" "any directory, and here"
login_password anna "$RIG_ANNA_PASSWORD"
said "ok anna" "then that is enough"; logout

# ---- what is no template
refused() {	# BODY MEMBER
	api POST /templates "$1"
	is "$STATUS $(j .field)" "400 $2" "refused, and $2 is named: $1"
}
refused '{"name":"bad","blocks":["card","card"]}' blocks
refused '{"name":"bad","blocks":[]}' blocks
refused '{"name":"bad","blocks":"card"}' blocks
refused '{"name":"bad","blocks":["card",7]}' blocks
refused '{"name":"bad","blocks":["ldap:"]}' blocks
refused '{"name":"bad","blocks":["card\nguest"]}' blocks
refused '{"name":"bad","blocks":["backup"]}' blocks
refused '{"name":"bad","success":"all","blocks":["card","internal","code","pam","ntlm"]}' blocks
refused '{"name":"bad","blocks":["card"],"success":"some"}' success
refused '{"name":"bad","blocks":["card"],"groups":["nobody of that name"]}' groups
refused '{"name":"bad","blocks":["device-pin"],"groups":["staff"]}' groups
refused '{"name":"OURS","blocks":["card"]}' name
api_as 1 GET /templates
is "$STATUS" 403 "who is no administrator does not see them"
api_as 1 POST /device-secrets '{"kind":"pin","value":"271828"}'
is "$STATUS" 403 "nor sets the PIN of a device"
for pin in 123 12345678901234567 12a4; do
	api POST /device-secrets '{"kind":"pin","value":"'$pin'"}'
	is "$STATUS" 400 "no PIN: $pin"
done

# ---- over HTTPS there is one step
ctl group add staff >/dev/null
ctl template set here internal --groups staff >/dev/null
api POST /settings '{"changes":{"UserApiTemplate":"here"}}'
is "$STATUS $(j .applied)" "200 true" "a template for log-ins over HTTPS"
enter anna "$RIG_ANNA_PASSWORD"
gives 403 "who is in no group of it does not come in" forbidden
enter anna wrong
gives 401 "a wrong password says no more than before" bad-credential
ctl group join staff anna >/dev/null
enter anna "$RIG_ANNA_PASSWORD"
gives 201 "who is in one, does"
like "$(ctl template delete here)" "is used" "and the template stays"
ctl template set here card internal --success all >/dev/null
enter anna "$RIG_ANNA_PASSWORD"
gives 403 "two steps cannot be taken there" forbidden
api POST /settings '{"changes":{"UserApiTemplate":null}}'

# ---- at the HTML panel
panel_asks strict card internal --success all
. "$S_SRC/tests/scenario/lib/html.sh"
html "$RIG_SERVER_URL/panel/"
nok "its menu asks for a card only" grep -q 'name="id_number"' "$W/page.html"
field=$(grep -o 'name="[^"]*" type="password" maxlength="116"' "$W/page.html" | cut -d'"' -f2)
press reader "$field" "$RIG_ANNA_CARD"
ok "then for a password" grep -q 'name="password"' "$W/page.html"
nok "and for no name" grep -q 'name="user"' "$W/page.html"
press submit password wrong
ok "a wrong one leaves the step" grep -q 'name="password"' "$W/page.html"
press submit password "$RIG_ANNA_PASSWORD"
ok "the right one opens" grep -q 'Anna Muster' "$W/page.html"
ctl template set number id-number >/dev/null
api POST /access '{"function":"job-delete","state":"template","template":"number"}'
doc a.bin 2000
hold "$W/a.bin" -t Alpha
html "$RIG_SERVER_URL/panel/?menu=jobs"
press delete
ok "what needs more asks for it" grep -q 'name="id_number"' "$W/page.html"
press by-number id_number 99999999
ok "a wrong number" grep -q 'name="id_number"' "$W/page.html"
press by-number id_number "$RIG_ANNA_NUMBER"
ok "a right one leads back to the jobs" grep -q Alpha "$W/page.html"
press delete
nok "from where it is deleted now" grep -q Alpha "$W/page.html"
press logout
html "$RIG_SERVER_URL/panel/"
press reader "$field" "$RIG_ANNA_CARD"
press back
nok "the way back gives the step up" grep -q 'name="password"' "$W/page.html"

# ---- at the simulated device
step menu
step swipe "$RIG_ANNA_CARD"
step expect '"Now your password"'
step expect-not '"Anna Muster"'
step type password "$(jq -Rn --arg p "$RIG_ANNA_PASSWORD" '$p')"
step press submit
step expect '"Anna Muster"'
step logout

# ---- a device, and then somebody
printf 'Sesam 77\n' >"$W/secret"
ctl device secret "$RIG_DEVICE_ID" password --password-file "$W/secret" >/dev/null
panel_asks hall device-password card
ctl template set sure card >/dev/null
api POST /access '{"function":"panel","state":"open"}'
panel_asks hall device-password card
api POST /access '{"function":"copy","state":"template","template":"hall"}'
api POST /access '{"function":"scan","state":"template","template":"sure"}'
login '"method":"device-password","value":"Sesam 77"'
is "$(j '"\(.result) \(.session.user)"')" "ok null" "the device is open"
is "$(j '"\(.session.functions.copy.allow) \(.session.functions.scan.allow)"')" "true false" \
	"a function whose template it satisfies is, one that asks for a person is not"
was=$SID
action '"op":"menu","menu":"prove","template":"sure"'
action '"op":"login","template":"sure","credential":{"method":"card","value":"'"$RIG_ANNA_CARD"'","encoding":"hex"}'
is "$(j '"\(.result) \(.session.user.id) \(.session.proven | join(" "))"')" "ok anna device-password card" "a card makes the session hers"
is "$(j .session.session_id)" "$was" "the same session"
is "$(j .session.functions.scan.allow)" true "which may do what asks for a person"
action '"op":"list"'
is "$(j .result)" ok "with her jobs"
logout

# ---- so many and no more
api GET /templates
for ((n = $(j '.templates | length'); n < 140; n++)); do
	api POST /templates '{"name":"n'$n'","blocks":["card"]}'
done
is "$STATUS" 201 "140 templates can be"
refused '{"name":"bad","blocks":["card"]}' name
api GET /templates
is "$(j '.templates | length')" 140 "and no more"
