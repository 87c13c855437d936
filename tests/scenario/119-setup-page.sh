#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# limit: 120
# The texts of doc/identity-setup.md work: each is read by the parser, and used
# with a server of its kind where there is one.
. "$(dirname "$0")/lib/scenario.sh"
. "$S_SRC/tests/rig/lib/directory.sh"
server slapd l || skip_all "$SERVER_WHY"
rig r
ctl() { "$RIG_CTL" "$@" 2>&1; }
PAGE=$S_SRC/doc/identity-setup.md
text() { awk -v want="\`\`\`$1 $2" '$0 == "```" { on = 0 } on; $0 == want { on = 1 }' "$PAGE"; }
# With the rig's own servers, whose names are others.
here() { sed "s/^Servers .*/Servers $1/; s/^Kdc .*/Kdc $1/"; }

# ---- what --like makes is what the page says
printf x >"$W/x"
for kind in openldap active-directory freeipa; do
	text own $kind >"$W/own"
	text directory.conf $kind >"$W/want"
	test -s "$W/own" -a -s "$W/want" || bail "the page has no text of $kind"
	like "$(ctl directory add p-$kind "$W/own" --like $kind --ca "$RIG_LDAP_CA" --password-file "$W/x")" \
		"is added" "$kind: what the page has one write"
	is "$(ctl directory show p-$kind)" "$(cat "$W/want")" "$kind: comes to what it says"
	like "$(ctl directory set p-$kind "$W/want")" "is changed" "$kind: which is right as it stands"
	ctl directory remove p-$kind >/dev/null
done
like "$(ctl directory add x "$W/own" --like other)" "openldap, active-directory or freeipa" "another kind"
text directory.conf kerberos >"$W/conf"
if grep -q 'define HAVE_KRB5' "$RIG_BUILD/config.h"; then
	like "$(ctl directory add kerberos "$W/conf" --dry-run)" "That is right" "Kerberos"
else
	skip "Kerberos" "built without MIT Kerberos"
fi

# ---- the messages are there
bad=
while IFS= read -r words; do
	part=${words%%: *}
	grep -qrF "${part%% uid *}" "$S_SRC/releaserd" || bad+=" ($words)"
done < <(awk '/^\| words/ { on = 1; next } /^$/ { on = 0 } on && /^\| `/' "$PAGE" |
	sed 's/^| `\([^`]*\)`.*/\1/')
is "$bad" "" "each message of the table is one"
bad=
while IFS= read -r words; do
	grep -qaF "$words" "$(ldd "$RIG_BUILD/releaserd/releaserd" | awk '/libcrypto/ { print $3 }')" ||
		bad+=" ($words)"
done < <(sed -n 's/^| `TLS: \([^`]*\)`.*/\1/p' "$PAGE")
is "$bad" "" "and each of OpenSSL's is OpenSSL's"

# ---- with real servers
try() {	# NAME KIND SERVERS PASSWORD-FILE WHO GROUP
	text directory.conf "$2" | here "$3" >"$W/conf"
	like "$(ctl directory add "$1" "$W/conf" --ca "$RIG_LDAP_CA" --password-file "$4")" \
		"is added" "$1: the text, with a server of the rig"
	OUT=$(ctl directory test "$1" "$5")
	like "$OUT" "right" "$1: the server is good"
	like "$OUT" "$6" "$1: $5 is known, with groups"
}
try openldap openldap "localhost:$RIG_LDAP_PORT" "$RIG_LDAP_BIND_PW" anna accounting
login_password carla@example.com "$(dir_password carla)"
is "$(j .session.user.id)" carla "openldap: a log-in"; logout
ctl directory remove openldap >/dev/null

# FreeIPA's tree: what is below cn=accounts, its object class of groups
own_class="objectclass ( 1.3.6.1.4.1.4203.666.11.4711 NAME 'ipausergroup' SUP top AUXILIARY )"
server slapd i --domain ipa.example.com --conf "$own_class" || bail "$SERVER_WHY"
base=$RIG_LDAP_BASE
cat >"$W/ipa.ldif" <<X
$(for dn in cn=accounts "cn=users,cn=accounts" "cn=groups,cn=accounts" cn=etc "cn=sysaccounts,cn=etc"; do
	printf 'dn: %s,%s\nobjectClass: organizationalRole\n\n' "$dn" "$base"
done)

dn: uid=release,cn=sysaccounts,cn=etc,$base
objectClass: account
objectClass: simpleSecurityObject
uid: release
userPassword: release-4711

dn: uid=ines,cn=users,cn=accounts,$base
objectClass: inetOrgPerson
objectClass: posixAccount
uid: ines
cn: Ines Ipa
sn: Ipa
displayName: Ines I.
mail: ines@ipa.example.com
uidNumber: 20001
gidNumber: 20001
homeDirectory: /home/ines
userPassword: ines-4711

dn: cn=editors,cn=groups,cn=accounts,$base
objectClass: groupOfNames
objectClass: ipausergroup
cn: editors
member: uid=ines,cn=users,cn=accounts,$base

dn: cn=may-sudo,cn=etc,$base
objectClass: groupOfNames
cn: may-sudo
member: uid=ines,cn=users,cn=accounts,$base
X
ldapadd -Q -Y EXTERNAL -H "$RIG_LDAPI_URL" -f "$W/ipa.ldif" >"$W/out" 2>&1 || bail "$(cat "$W/out")"
try freeipa freeipa "localhost:$RIG_LDAP_PORT" "$(secret release-4711)" ines editors
unlike "$OUT" may-sudo "freeipa: what is no group of users is none here"
login_password ines@ipa.example.com ines-4711
is "$(j .session.user.id) $(j .session.user.display)" "ines Ines I." "freeipa: a log-in"; logout
ctl directory remove freeipa >/dev/null

if server samba d; then
	try ad active-directory "localhost:${RIG_ADS_URL##*:}" "$RIG_AD_BIND_PW" anna deep5
	login_password 'AD\carla' "$(dir_password carla "$RIG_AD_LIST")"
	is "$(j .session.user.id)" carla "ad: a log-in"; logout
else
	skip "Active Directory" "$SERVER_WHY"
fi
