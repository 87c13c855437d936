#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# The directory servers of the tests are what they claim to be.
. "$(dirname "$0")/lib/scenario.sh"
. "$S_SRC/tests/rig/lib/directory.sh"
server slapd l || skip_all "$SERVER_WHY"
service=dn:$RIG_LDAP_BIND_DN
as_service() { ldapwhoami -x -D "$RIG_LDAP_BIND_DN" -y "$RIG_LDAP_BIND_PW" "$@" 2>&1; }

# ---- each way to be safe, or not
is "$(as_service -H "$RIG_LDAP_URL")" "$service" "plain"
is "$(as_service -ZZ -H "$RIG_LDAP_URL")" "$service" "STARTTLS"
is "$(as_service -H "$RIG_LDAPS_URL")" "$service" "LDAPS"
is "$(as_service -H "ldaps://127.0.0.1:$RIG_LDAPS_PORT")" "$service" "LDAPS, by address"
is "$(as_service -H "$RIG_LDAPI_URL")" "$service" "the local socket"
for kind in wrong-host expired future self-signed; do
	ok "a certificate: $kind" "$RIG" slapd cert "$W/l" $kind
	unlike "$(as_service -ZZ -H "$RIG_LDAP_URL")" "$service" "$kind: STARTTLS is refused"
	unlike "$(as_service -H "$RIG_LDAPS_URL")" "$service" "$kind: LDAPS is refused"
	is "$(LDAPTLS_REQCERT=never as_service -H "$RIG_LDAPS_URL")" "$service" \
		"$kind: it is the certificate, nothing else"
done
"$RIG" slapd cert "$W/l" revoked
is "$(as_service -ZZ -H "$RIG_LDAP_URL")" "$service" "revoked: good for who reads no list"
unlike "$(with_crl as_service -ZZ -H "$RIG_LDAP_URL")" "$service" \
	"revoked: refused by who reads it"
"$RIG" slapd cert "$W/l" right
is "$(with_crl as_service -ZZ -H "$RIG_LDAP_URL")" "$service" \
	"the right one is not on that list"
unlike "$(LDAPTLS_CACERT=$RIG_LDAP_TLS/other-ca.crt as_service -ZZ -H "$RIG_LDAP_URL")" \
	"$service" "who trusts another authority refuses"

# ---- people
bad=
while IFS=$'\t' read -r uid password dn; do
	case $uid in
	staff[1-4]?)	continue ;;
	locked|expired)	want='Invalid credentials' ;;
	nopass)		want=anonymous ;;
	*)		want=^dn: ;;
	esac
	[[ $(ldapwhoami -x -H "$RIG_LDAPI_URL" -D "$dn" -y "$(secret "$password")" 2>&1) =~ $want ]] ||
		bad+=" $uid"
done <"$RIG_LDAP_LIST"
is "$bad" "" "people have the passwords of the list, three cannot log in"
LDAP_OPT="-e ppolicy"
like "$(ldap_who locked)" "Account locked" "locked"
like "$(ldap_who expired)" "Password expired" "expired"
like "$(ldap_who mustchange)" "must be changed" "must be changed"
for _ in 1 2 3; do ldap_who locksoon wrong >/dev/null; done
like "$(ldap_who locksoon)" "Account locked" "locked after three wrong ones"
LDAP_OPT=
before=$(ldap_binds anna)
like "$(ldap_who anna wrong)" "Invalid credentials" "a wrong password"
is "$(ldapwhoami -x -H "$RIG_LDAP_URL" -D "$(dir_dn anna)" -w "")" anonymous \
	"an empty one is an anonymous bind, and succeeds (as RFC 4513 has it)"
like "$(ldapsearch -x -H "$RIG_LDAP_URL" -b "$RIG_LDAP_PEOPLE" uid=anna 2>&1)" \
	"Insufficient access" "who is anonymous reads nothing"
is $(($(ldap_binds anna) - before)) 2 "slapd's log tells who tried, an empty password too"
n() { grep -c ^dn: <<<"$1"; }
is "$(n "$(ldap_find mail=twin@example.com dn)")" 2 "two with the same mail address"
is "$(n "$(ldap_find uid=double dn)")" 2 "two with the same name"
is "$(n "$(ldap_find 'uid=stern*' dn)")" 2 "a star not escaped finds two"
is "$(n "$(ldap_find 'uid=stern\2a' dn)")" 1 "an escaped one finds one"
out=$(ldap_find objectClass=person dn)
is "$(n "$out")" 50 "50 at once and no more"
like "$out" "Size limit exceeded" "and it says so"
is "$(n "$(ldap_find -E pr=20/noprompt objectClass=person dn)")" \
	"$(wc -l <"$RIG_LDAP_LIST")" "all of them in pages of 20 (RFC 2696)"
like "$(ldap_find uid=anna memberOf)" "memberOf: cn=accounting," "memberOf"
like "$(ldap_find -b "$RIG_LDAP_GROUPS" cn=it memberOf)" "memberOf: cn=company," "of a group in a group"
like "$(ldap_find -b "$RIG_LDAP_GROUPS" cn=circle1 memberOf)" "memberOf: cn=circle2," "in a circle"
like "$(ldap_find -b "$RIG_LDAP_GROUPS" memberUid=anna cn)" "cn: printers" "posixGroup"
like "$(ldap_find -b "$RIG_LDAP_BASE" uid=anna dn)" "refldap://localhost:9/" "a referral"

# ---- DIGEST-MD5
is "$(ldap_sasl DIGEST-MD5 anna "$(dir_password anna)")" "dn:$(dir_dn anna)" "DIGEST-MD5"
is "$(ldap_sasl DIGEST-MD5 jürgen "$(dir_password jürgen)")" "dn:$(dir_dn jürgen)" \
	"DIGEST-MD5, not ASCII"
is "$(ldap_sasl DIGEST-MD5 release "$(cat "$RIG_LDAP_BIND_PW")")" "$service" \
	"DIGEST-MD5, the service account"
like "$(ldap_sasl DIGEST-MD5 anna wrong)" "Invalid credentials" "DIGEST-MD5, a wrong password"

# ---- more than one
server slapd l --name b
server slapd l --name other --domain other.example --anonymous \
	--conf "security simple_bind=64"
like "$(LDAP_URL=$RIG_B_LDAP_URL ldap_who anna)" "$(dir_dn anna)" "a second one, the same people"
list=$RIG_OTHER_LDAP_LIST
other() {
	ldapwhoami -x -H "$RIG_OTHER_LDAP_URL" -D "$(dir_dn anna "$list")" \
		-y "$(secret "$1")" "${@:2}" 2>&1
}
like "$(other "$(dir_password anna "$list")" -ZZ)" dc=other "another domain"
like "$(other "$(dir_password anna)" -ZZ)" "Invalid credentials" "where anna has another password"
like "$(other "$(dir_password anna "$list")")" "Confidentiality required" "and must be safe (--conf)"
like "$(ldapsearch -x -LLL -H "$RIG_OTHER_LDAP_URL" -b "$RIG_OTHER_LDAP_PEOPLE" uid=anna dn 2>&1)" \
	"dn: uid=anna" "and everybody may read (--anonymous)"
"$RIG" slapd stop "$W/l"
like "$(ldap_who anna)" "Can't contact" "the first is gone"
like "$(LDAP_URL=$RIG_B_LDAP_URL ldap_who anna)" "$(dir_dn anna)" "the second is not"
"$RIG" slapd start "$W/l"
like "$(ldap_who anna)" "$(dir_dn anna)" "and it comes back where it was"
like "$(ldap_find uid=anna memberOf)" "memberOf: cn=accounting," "with all it had"
"$RIG" down "$W/l"
is "$(ps ax -o args | grep -F "slapd -f $W/l/" | grep -v grep)" "" "none is left after rig down"
