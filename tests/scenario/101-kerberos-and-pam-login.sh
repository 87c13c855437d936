#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# People whose password a KDC checks, with LDAP or without, or PAM: at a panel.
. "$(dirname "$0")/lib/scenario.sh"
. "$S_SRC/tests/rig/lib/directory.sh"
. "$S_SRC/tests/scenario/lib/user.sh"
server slapd l || skip_all "$SERVER_WHY"
server krb5 l || skip_all "$SERVER_WHY"
grep -q 'define HAVE_KRB5' "$RIG_BUILD/config.h" || skip_all "built without MIT Kerberos"
mkdir "$W/pam.d"
rig r --conf 'AgentProcesses 3' --conf 'LoginFailures 10' --conf 'Pam yes' --conf "PamFolder $W/pam.d"
ctl() { "$RIG_CTL" "$@" 2>&1; }
wrong() { is "$(j '"\(.result) \(.reason)"')" "denied $2" "$1"; }
{ cat "$RIG_KRB5_KEYTAB"; tail -c +3 "$RIG_KRB5_HOST_KEYTAB"; } >"$W/keytab"
first=$RIG_KRB5_PORT

# ---- a realm, and no LDAP
printf 'UserBind kerberos\nKdc localhost:%s\nDomain example.com\n' "$first" >"$W/conf"
printf 'DeadTime 4s\nConnectTime 1s\nAnswerTime 2s\n' >>"$W/conf"
head -c 20 "$W/keytab" >"$W/short"
like "$(ctl directory add realm "$W/conf" --keytab "$W/short")" "no keytab" "half a keytab is refused"
is "$(ctl --json directory list | jq '.directories | length')" 0 "and nothing is kept"
like "$(ctl directory add realm "$W/conf")" "is added" "added without one"
like "$(ctl directory test realm)" "no keytab with a key for host/NAME" "the test says what is missing"
login_password carla "$(dir_password carla)"; wrong "and nobody gets in" backend-unavailable
like "$(ctl directory set realm --keytab "$W/keytab")" "is changed" "the keytab"
is "$(ctl --json directory list | jq -r '.directories[] | "\(.has_keytab) \(.servers[0].kdc) \(.servers[0].port)"')" \
	"true true $first" "is there, and the KDC"
like "$(ctl directory list)" "KDC localhost:$first" "which the list says"
like "$(ctl directory test realm)" "right.*KDC: good" "the test is good"
hex() { od -An -v -tx1 | tr -d ' \n'; }
key=$(tail -c 32 "$RIG_KRB5_KEYTAB" | hex)
is "$(hex <"$W/keytab" | grep -c "$key")" 1 "a key of it is looked for"
is "$(cat "$RIG_DIR"/state/*.db* | hex | grep -c "$key")" 0 "no key of it lies in the clear"
ctl directory set realm "$W/conf" >/dev/null
is "$(ctl --json directory list | jq -r '.directories[].has_keytab')" true "it stays when the settings change"

login_password carla "$(dir_password carla)"
is "$STATUS $(j .result) $(j .session.user.id)" "200 ok carla" "a person of the realm"
is "$(j '.session.proven | join(" ")')" kerberos:realm "who has proven a password of Kerberos"; logout
ctl template set tickets kerberos:realm >/dev/null
api POST /access '{"function":"panel","state":"template","template":"tickets"}'
login_password carla "$(dir_password carla)"
is "$(j .session.user.id)" carla "which a template may ask for"; logout
login_password anna "$RIG_ANNA_PASSWORD"; wrong "and an internal one is none" not-allowed-here
api POST /access '{"function":"panel","state":"open"}'
api POST /settings '{"changes":{"UserApi":true}}'
api POST /access '{"function":"my-sessions","state":"template","template":"tickets"}'
enter carla "$(dir_password carla)"
web GET /me/sessions
is "$STATUS" 200 "the same over HTTPS"
enter anna "$RIG_ANNA_PASSWORD"
web GET /me/sessions
gives 403 "where an internal one is none, either" forbidden
api POST /access '{"function":"my-sessions","state":"open"}'
api GET /users/carla
is "$(j '.mail')" "" "the account has its name, and nothing else"
login_password carla@EXAMPLE.COM "$(dir_password carla)"
is "$(j .session.user.id)" carla "the same with the domain"; logout
login_password carla wrong; wrong "a wrong password" bad-credential
login_password carla ""; wrong "an empty one" bad-credential
login_password nobody-there x; wrong "nobody" bad-credential
login_password carla/admin "$(dir_password carla)"; wrong "no other principal" bad-credential
login_password carla@OTHER.EXAMPLE "$(dir_password carla)"; wrong "no other realm" bad-credential
login_password locked "$(dir_password locked)"; wrong "locked there" account-closed
login_password mustchange "$(dir_password mustchange)"; wrong "to be changed there" password-expired
login_password mustchange x; wrong "which is told to who knows it" bad-credential
login_password jürgen "$(dir_password jürgen)"
is "$(j .session.user.id)" jürgen "a name that is not ASCII"; logout
login_password anna "$RIG_ANNA_PASSWORD"
is "$(j .session.user.id)" anna "an internal account stays one"; logout

# ---- KDCs that die
server krb5 two
second=$RIG_KRB5_PORT
server_use l
# The second one plays the first: it has its database.
"$RIG" krb5 stop "$W/two"
cp "$W"/l/krb5/{principal*,stash} "$W/two/krb5/"
cp "$W/l/krb5/kdc.conf" "$W/two/krb5/kdc.conf"
sed -i "s/$first/$second/; s|$W/l/|$W/two/|" "$W/two/krb5/kdc.conf"
"$RIG" krb5 start "$W/two"
sed "s/^Kdc.*/& localhost:$second/" "$W/conf" >"$W/conf2"
ctl directory set realm "$W/conf2" >/dev/null
like "$(ctl directory test realm)" "$first: KDC: good.*$second: KDC: good" "both are good"
"$RIG" krb5 stop "$W/l"
login_password carla "$(dir_password carla)"
is "$(j .session.user.id)" carla "the first is away: the second answers"; logout
like "$(ctl directory list)" "KDC localhost:$first \(silent" "the first is known to be silent"
"$RIG" krb5 stop "$W/two"
login_password carla "$(dir_password carla)"; wrong "none answers" backend-unavailable
login_password carla "$(dir_password carla)"; wrong "the next one hears it" backend-unavailable
like "$(ctl directory list)" "KDC localhost:$first \(silent.*KDC localhost:$second \(silent" \
	"both are known to be silent"
"$RIG" krb5 start "$W/l"
sleep 4
login_password carla "$(dir_password carla)"
is "$(j .session.user.id)" carla "and it comes back"; logout

# ---- the realm with LDAP beside it, all of it with tickets
{
	printf 'Servers localhost:%s\nTlsCa ours\nBind gssapi\nBindName release\n' "$RIG_LDAP_PORT"
	printf 'UserBind gssapi\nUserBase %s\nGroupScheme member-of\nGroupBase %s\n' \
		"$RIG_LDAP_PEOPLE" "$RIG_LDAP_GROUPS"
	grep -v UserBind "$W/conf"
} >"$W/conf3"
like "$(ctl directory set realm "$W/conf3" --ca "$RIG_LDAP_CA")" "is changed" "with LDAP"
out=$(ctl directory test realm carla)
like "$out" "good, TLS.*KDC: good" "the test says both"
like "$out" "carla@example.com" "and who carla is"
login_password carla "$(dir_password carla)"
is "$(j '"\(.session.user.id) \(.session.proven | join(" "))"')" "carla ldap+gssapi:realm" "a ticket for LDAP"; logout
api GET /users/carla
is "$(j '.mail')" carla@example.com "brings what LDAP knows"
login_password carla x; wrong "a wrong one" bad-credential
ctl directory remove realm >/dev/null

# ---- PAM
if grep -q 'define HAVE_PAM' "$RIG_BUILD/config.h" &&
    ! grep -q '^#define REL_SANITIZERS 1' "$RIG_BUILD/config.h" && find /lib /usr/lib -name pam_pwdfile.so 2>/dev/null | grep -q .; then
	printf 'paul:%s\n' "$(openssl passwd -6 -stdin <<<pam-paul-4711)" >"$W/people"
	printf '%s\n' "auth required pam_pwdfile.so pwdfile=$W/people nodelay" \
		"account required pam_permit.so" >"$W/pam.d/people"
	printf '%s\n' "auth required pam_permit.so" "account required pam_permit.so" >"$W/pam.d/open"
	chmod 644 "$W/people" "$W"/pam.d/*
	printf 'UserBind pam\nPamService people\n' >"$W/conf"
	like "$(ctl directory add host "$W/conf")" "is added" "a directory of PAM"
	like "$(ctl directory test host)" "PAM: good" "its test"
	login_password paul pam-paul-4711
	is "$(j '"\(.session.user.id) \(.session.proven | join(" "))"')" "paul pam:host" "a password of PAM"; logout
	login_password paul x; wrong "a wrong one" bad-credential
	login_password paul ""; wrong "an empty one" bad-credential
	printf 'UserBind pam\nPamService open\n' >"$W/conf"
	ctl directory set host "$W/conf" >/dev/null
	like "$(ctl directory test host)" "lets in anybody" "a service that lets in anybody is found"
	login_password paul ""; wrong "but with an empty password" bad-credential
	printf 'UserBind ntlm\nNtDomain AD\n' >"$W/conf"
	ctl directory set host "$W/conf" >/dev/null
	like "$(ctl directory test host)" "not allow it: Ntlm" "NTLM, which is not allowed here"
else
	skip "PAM" "no pam_pwdfile (package libpam-pwdfile)"
fi
nok "no password is in the log" grep -qaE "$(dir_password carla)|pam-paul|$(dir_password jürgen)" "$RIG_LOG"
