#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# long: 40
# An agent has passwords checked by a domain as Active Directory: by its KDC,
# with tickets, by winbind.
. "$(dirname "$0")/lib/scenario.sh"
. "$S_SRC/tests/rig/lib/directory.sh"
. "$S_SRC/tests/rig/lib/asker.sh"
server samba d || skip_all "$SERVER_WHY"
RIG_LDAP_LIST=$RIG_AD_LIST
S=$W/d/samba
pw=$(dir_password anna)

# ---- winbind, asked by Samba's own program
if command -v ntlm_auth >/dev/null; then
	asker_up "Ntlm yes" "NtlmHelper $RIG_AD_NTLM_AUTH"
	ntlm() { conf_of "UserBind ntlm" "NtDomain AD" "AnswerTime 4s" "$@"; }
	ready() { ntlm; login anna; [ "$(said outcome)" = right ]; }
	wait_until 20 ready
	ntlm
	login_is anna right "NTLM"
	is "$(said login) $(said proof)" "anna ntlm" "what was proven"
	login_is anna wrong "NTLM, a wrong one" x
	login_is anna wrong "NTLM, an empty one" ""
	login_is jürgen right "NTLM, not ASCII"
	login_is nobody-there wrong "NTLM, nobody" x
	login_is locked closed "NTLM, disabled"
	login_is expired closed "NTLM, expired"
	login_is mustchange must-change "NTLM, must be changed"
	for name in "anna@$RIG_AD_DOMAIN" 'AD\anna' 'BUILTIN\anna' AD/anna AD+anna; do
		login_is "$name" wrong "NTLM, no domain is read from a name: $name" "$pw"
	done
	login_is anna wrong "NTLM, a password that looks as lines of the helper" $'x Password: '"$pw"
	ask test ""
	is "$(said outcome)" right "NTLM, the test"
	like "$(said words)" "NTLM: good" "NTLM, says so"
	ntlm "NtDomain OTHER"
	login anna
	unlike "$(said outcome)" right "NTLM, another domain"
	ask bench 20 anna "$pw" 10
	asker_down
	# A helper that does what it should not.
	cat >"$W/helper" <<'X'
#!/bin/bash
case $(cat "${0%/*}/does") in
hang)	sleep 60 ;;
crash)	kill -SEGV $$ ;;
nothing) ;;
other)	echo "Authenticated: Yess" ;;
later)	echo "Authenticated: No"; echo "Authenticated: Yes" ;;
args)	env >"${0%/*}/seen/env"; printf '%s\n' "$@" >"${0%/*}/seen/args"; echo "Authenticated: No" ;;
away)	echo "Authenticated: No"; echo "NT_STATUS_NO_LOGON_SERVERS: x (0xc000005e)" >&2 ;;
down)	echo "Authenticated: No"; echo "Reading winbind reply failed! (0x01)" >&2 ;;
strange) echo "Authenticated: No"; echo "NT_STATUS_X: x (0xc0000022)" >&2 ;;
much)	yes "Authenticated: Yes" ;;
esac
X
	chmod 755 "$W/helper"
	mkdir -m 777 "$W/seen"
	asker_up "Ntlm yes" "NtlmHelper $W/helper"
	ntlm "AnswerTime 1s"
	does() { echo "$1" >"$W/does"; login_is anna "$2" "a helper: $1" "$pw"; }
	does hang away
	[ "$(said ms)" -le 1500 ]
	is $? 0 "after its time ($(said ms) ms)"
	does crash away
	does nothing away
	does other away
	does later wrong
	does away away
	does down away
	does strange settings
	does much away
	does args wrong
	nok "the password is in no argument and no environment" grep -qF "$pw" "$W/seen/env" "$W/seen/args"
	nok "nor is the name" grep -qF anna "$W/seen/env" "$W/seen/args"
	asker_down
	asker_up "Ntlm yes" "NtlmHelper $W/nowhere"
	ntlm
	login_is anna settings "a helper that is not there" "$pw"
	like "$(said words)" "ntlm_auth is not there" "says so"
	asker_down
	asker_up
	ntlm
	login_is anna settings "where Ntlm is not allowed" "$pw"
	like "$(said words)" "not allow.*Ntlm" "says so"
	asker_down
else
	skip "NTLM" "no ntlm_auth (package winbind)"
fi

# ---- its KDC, with keys of the service account and of a service of this host
grep -q 'define HAVE_KRB5' "$RIG_BUILD/config.h" || { skip "Kerberos" "built without it"; exit; }
adm() { samba-tool "$@" -s "$S/etc/smb.conf" >>"$W/adm.log" 2>&1; }
ok "a service of this host" adm spn add host/print.ad.example.com release -H "$S/private/sam.ldb"
ok "keys of the account" adm domain exportkeytab "$W/keytab" --principal=release
ok "keys of the service" adm domain exportkeytab "$W/keytab" --principal=host/print.ad.example.com
asker_up
tell ca "$RIG_LDAP_CA"
tell keytab "$W/keytab"
KDC="Kdc localhost:$(sed -n 's/.*kdc = 127.0.0.1:\([0-9]*\).*/\1/p' "$RIG_AD_KRB5_CONFIG")"
krb() { conf_of "UserBind kerberos" "$KDC" "Realm $RIG_AD_REALM" "AnswerTime 4s" "$@"; }
ways() {	# WORDS: what all ways have in common
	login_is anna right "$1"
	login_is anna wrong "$1, a wrong one" x
	login_is anna wrong "$1, an empty one" ""
	login_is jürgen right "$1, not ASCII"
	login_is locked closed "$1, disabled"
	login_is expired closed "$1, expired"
	login_is mustchange must-change "$1, must be changed"
	login_is mustchange wrong "$1, which is told to who knows it" x
}
krb
ways "Kerberos"
# Its KDC takes names with @ for others': who is called so is not asked for.
login_is "anna@$RIG_AD_REALM" wrong "no realm is read from a name" "$pw"
login_is 'AD\anna' wrong "and no domain" "$pw"
ask test ""
is "$(said outcome)" right "the test of its KDC"
gss() {
	conf_of "Servers localhost:$RIG_AD_PORT" "Tls none" "Bind gssapi" "BindName release" \
		"UserBind gssapi" "$KDC" "Realm $RIG_AD_REALM" "UserBase $RIG_AD_BASE" \
		"UserFilter (sAMAccountName=%u)" "AttrLogin sAMAccountName" "AttrDisplay displayName" \
		"GroupScheme ad-chain" "GroupFilter (objectClass=group)" "AnswerTime 4s" "$@"
}
gss
ways "GSSAPI"
login anna
is "$(said login) $(said proof) $(said display)" "anna gssapi Müller, Anna" "and who it is"
like "$(said groups)" deep5 "with groups, all of it sealed"
gss "UserName %u"
login_is anna right "by name, without a search before it"
login_is "anna@$RIG_AD_REALM" wrong "where no realm is read, either" "$pw"
gss "Tls ldaps" "TlsCa rig" "Servers localhost:$RIG_ADS_PORT"
login_is anna settings "Samba takes no tickets within TLS"
like "$(said words)" "Tls none" "and it is said what to do"
gss "UserBind kerberos"
login_is anna right "a password at the KDC, groups from LDAP"
is "$(said proof)" kerberos "what was proven"
is "$(grep -acE '4711|anna|jürgen' "$W/agent.log")" 0 "no name and no password in the log"
asker_down
