#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# People whose password is in a directory: at a panel and over HTTPS. Real
# OpenLDAP servers, one of which goes away.
. "$(dirname "$0")/lib/scenario.sh"
. "$S_SRC/tests/rig/lib/directory.sh"
server slapd l || skip_all "$SERVER_WHY"
rig r --conf 'AgentProcesses 3' --conf 'LoginFailures 3'
ctl() { "$RIG_CTL" "$@" 2>&1; }

conf() {	# SERVERS [LINE...]
	printf 'Servers %s\nBindName %s\nUserBase %s\nGroupScheme member-of\n' \
		"$1" "$RIG_LDAP_BIND_DN" "$RIG_LDAP_PEOPLE"
	printf 'GroupBase %s\nDomain example.com\nTlsCa ours\nDeadTime 4s\n' "$RIG_LDAP_GROUPS"
	printf 'ConnectTime 1s\nAnswerTime 2s\n'
	shift
	[ $# -eq 0 ] || printf '%s\n' "$@"
}

# ---- written down, and tried
here=localhost:$RIG_LDAP_PORT
conf "$here" >"$W/conf"
add=(--password-file "$RIG_LDAP_BIND_PW" --ca "$RIG_LDAP_CA")
like "$(ctl directory add school "$W/conf" "${add[@]}" --dry-run)" \
	"That is right" "the settings are right"
is "$(ctl --json directory list | jq '.directories | length')" 0 "nothing is kept of that"
like "$(ctl directory add school "$W/conf" --password-file "$RIG_LDAP_BIND_PW")" "TlsCa" \
	"without the authorities it names it is refused"
conf "$here" 'UserFilter (uid=%u' >"$W/bad"
like "$(ctl directory add school "$W/bad" "${add[@]}")" "UserFilter" "a filter that is none is named"
like "$(ctl directory add school "$W/conf" "${add[@]}")" "is added" "added"
is "$(ctl --json directory list | jq -r '.directories[] | "\(.name) \(.domain) \(.has_service_password) \(.has_ca)"')" \
	"school example.com true true" "it is there"
nok "its password is shown nowhere" grep -qF "$(cat "$RIG_LDAP_BIND_PW")" \
	<(ctl --json directory list; ctl directory show school)
nok "and stands nowhere in the clear" grep -rqaF "$(cat "$RIG_LDAP_BIND_PW")" "$RIG_DIR/state"
out=$(ctl directory test school anna)
like "$out" "right" "every server of it answers"
like "$out" "accounting" "and says in which groups anna is"

# ---- at a panel
wrong() { is "$(j '"\(.result) \(.reason)"')" "denied $2" "$1"; }
login_password carla "$(dir_password carla)"
is "$STATUS $(j .result) $(j .session.user.id)" "200 ok carla" "a person of the directory"
logout
is "$(api GET /users/carla; j '.mail')" "$(ldap_find uid=carla mail | sed -n 's/^mail: //p')" \
	"has an account now, with the mail address of there"
login_password CARLA@EXAMPLE.COM "$(dir_password carla)"
is "$(j .session.user.id)" carla "the same with a domain, in capitals"; logout
login_password 'EXAMPLE\carla' "$(dir_password carla)"
is "$(j .session.user.id)" carla "and as Windows writes it"; logout
login_password carla wrong; wrong "a wrong password" bad-credential
login_password carla ""; wrong "an empty one" bad-credential
login_password 'car*' "$(dir_password carla)"; wrong "a star" bad-credential
login_password 'carla)(uid=*' "$(dir_password carla)"; wrong "a filter" bad-credential
login_password nobody-there x; wrong "nobody" bad-credential
login_password locked "$(dir_password locked)"; wrong "locked there" account-closed
login_password mustchange "$(dir_password mustchange)"; wrong "to be changed there" password-expired
login_password jürgen "$(dir_password jürgen)"
is "$(j .session.user.id)" jürgen "a name that is not ASCII"; logout
login_password anna "$RIG_ANNA_PASSWORD"
is "$(j .session.user.id)" anna "an internal account stays one"; logout
login_password anna@example.com "$(dir_password anna)"
wrong "who has its name in the directory does not get it" bad-credential

# ---- the domain is chosen
opdp POST /opdp/v1/panel/menu '{"state":"locked","session_id":null,"menu":"login-password","rev":null,"locale":"en"}'
is "$(j '[.items[] | select(.id == "domain") | .values[].value] | join(" ")')" \
	" example.com (Local)" "the menu has the domains"
chosen() { login "$(jq -cn --arg u "$1" --arg d "$2" --arg p "$3" \
	'{method: "password", user: $u, domain: $d, password: $p}' | sed 's/^{//;s/}$//')"; }
chosen carla example.com "$(dir_password carla)"
is "$(j .session.user.id)" carla "that of the directory"; logout
chosen carla '(Local)' "$(dir_password carla)"; wrong "not the internal one" bad-credential
chosen anna '(Local)' "$RIG_ANNA_PASSWORD"
is "$(j .session.user.id)" anna "an internal account"; logout
chosen anna nowhere.example.com "$RIG_ANNA_PASSWORD"
is "$(j .session.user.id)" anna "a domain nobody has is as none"; logout

# ---- its groups
api GET /groups
like "$(j '[.groups[].name] | join(" ")')" "company" "groups come with their people"

# ---- a server that goes away, and none is left
server slapd two
spare=$RIG_LDAP_PORT
cp "$RIG_LDAP_CA" "$W/both.pem"
server_use l
cat "$RIG_LDAP_CA" >>"$W/both.pem"
conf "$here localhost:$spare" >"$W/conf"
like "$(ctl directory set school "$W/conf" --ca "$W/both.pem")" "is changed" "it has two servers now"
like "$(ctl directory test school)" "right" "both are good"
"$RIG" slapd down "$W/l" >/dev/null
login_password carla "$(dir_password carla)"
is "$(j .session.user.id)" carla "the second server is asked"; logout
like "$(ctl directory list)" "asked last" "the first is known to be silent"
"$RIG" slapd down "$W/two" >/dev/null
login_password carla "$(dir_password carla)"; wrong "none answers" backend-unavailable
start=${EPOCHREALTIME/./}
login_password carla "$(dir_password carla)"; wrong "the next one hears it" backend-unavailable
test $((${EPOCHREALTIME/./} - start)) -lt 700000
is $? 0 "at once"
login_password anna "$RIG_ANNA_PASSWORD"
is "$(j .session.user.id)" anna "internal accounts do not notice"; logout
ctl directory remove school >/dev/null
login_password carla "$(dir_password carla)"; wrong "removed: nobody can log in to its accounts" bad-credential
nok "no password is in the log" grep -qaE "$(dir_password carla)|$(dir_password jürgen)" "$RIG_LOG"
