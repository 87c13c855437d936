#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# The domain controller of the tests answers as Active Directory does.
# long: 40
. "$(dirname "$0")/lib/scenario.sh"
. "$S_SRC/tests/rig/lib/directory.sh"
server samba d || skip_all "$SERVER_WHY"
user=release@$RIG_AD_DOMAIN
as() {
	ldapsearch -x -LLL -o ldif-wrap=no -D "$1" -y "$(secret "$2")" "${@:3}" 2>&1
}
# login NAME [PASSWORD]: by simple bind over LDAPS, as <name>@<domain>
login() {
	as "$1@$RIG_AD_DOMAIN" "${2-$(dir_password "$1" "$RIG_AD_LIST")}" \
		-H "$RIG_ADS_URL" -b "$RIG_AD_BASE" "sAMAccountName=$1" sAMAccountName
}
find_ad() {
	ldapsearch -x -LLL -o ldif-wrap=no -H "$RIG_ADS_URL" -D "$user" \
		-y "$RIG_AD_BIND_PW" -b "$RIG_AD_BASE" "$@" 2>&1
}

pw=$(cat "$RIG_AD_BIND_PW")
like "$(as "$user" "$pw" -H "$RIG_AD_URL" -b "" -s base)" \
	"Strong.er. authentication required" "plain: refused"
like "$(as "$user" "$pw" -ZZ -H "$RIG_AD_URL" -b "" -s base)" "DC=ad,DC=example" "STARTTLS"
like "$(as "$RIG_AD_BIND_DN" "$pw" -H "$RIG_ADS_URL" -b "" -s base)" "DC=ad,DC=example" \
	"LDAPS, by distinguished name"
like "$(LDAPTLS_CACERT=$RIG_LDAP_TLS/other-ca.crt login anna)" "Can't contact" \
	"who trusts another authority refuses"
like "$(ldapsearch -x -LLL -H "$RIG_ADS_URL" -b "$RIG_AD_BASE" cn=x 2>&1)" \
	"Operations error" "who is anonymous reads nothing"
like "$(login anna)" "sAMAccountName: anna" "name@domain"
like "$(as 'AD\anna' "$(dir_password anna "$RIG_AD_LIST")" -H "$RIG_ADS_URL" \
	-b "$RIG_AD_BASE" sAMAccountName=anna sAMAccountName)" \
	"sAMAccountName: anna" "DOMAIN\\name"
like "$(login jürgen)" "^dn" "a name that is not ASCII"
like "$(login anna "")" "data 52e," "no password (Windows would let in as nobody, as slapd of the rig)"
like "$(login anna wrong)" "data 52e," "a wrong password"
like "$(login locked)" "data 533," "disabled"
like "$(login expired)" "data 701," "expired"
like "$(login mustchange)" "data 773," "must be changed"
for _ in 1 2 3 4 5; do login locksoon wrong >/dev/null; done
like "$(login locksoon)" "data 775," "locked after five wrong ones"
anna=$(dir_dn anna "$RIG_AD_LIST")
chain=$(find_ad "member:1.2.840.113556.1.4.1941:=$anna" cn | sed -n 's/^cn: //p' | sort | xargs)
is "$chain" "accounting company deep1 deep2 deep3 deep4 deep5 self" "the chain rule finds groups of groups"
like "$(find_ad -E pr=10/noprompt objectClass=user dn | grep -c ^dn)" "^[67][0-9]$" "in pages of ten"
like "$(find_ad "(sAMAccountName=anna)" dn)" "refldaps?://" "referrals come with it"

# ---- Kerberos and NTLM
export KRB5_CONFIG=$RIG_AD_KRB5_CONFIG KRB5CCNAME=FILE:$W/tickets
RIG_KRB5_LIST=$RIG_AD_LIST
ok "a password gives a ticket" krb5_login anna
like "$(ldapsearch -Q -N -Y GSSAPI -LLL -H "$RIG_AD_URL" -b "$RIG_AD_BASE" \
	sAMAccountName=anna sAMAccountName 2>&1)" "sAMAccountName: anna" "GSSAPI"
like "$(krb5_login anna wrong)" "Password incorrect|Preauthentication failed" "a wrong one gives none"
like "$(krb5_login locked)" "have been revoked" "disabled"
# Name and password go in by its standard input.
ntlm() {
	printf '%s %s\n' "$1" "${2-$(dir_password "$1" "$RIG_AD_LIST")}" |
		"$RIG_AD_NTLM_AUTH" --domain=AD --helper-protocol=squid-2.5-basic 2>&1
}
if command -v ntlm_auth >/dev/null; then
	wait_until 20 eval '[ "$(ntlm anna)" = OK ]'
	is "$(ntlm anna)" OK "NTLM"
	is "$(ntlm anna wrong)" ERR "NTLM, a wrong password"
	is "$(ntlm locked)" ERR "NTLM, disabled"
else
	skip "NTLM" "no ntlm_auth (package winbind)"
fi
# ---- what can be done to it
printf 'silent\n' >"$W/d/order-samba-ports"
nok "silent: it answers no more" timeout 2 ldapsearch -x -H "$RIG_AD_URL" -b "" -s base
: >"$W/d/order-samba-ports"
like "$(login anna)" "sAMAccountName: anna" "and again"
"$RIG" samba stop "$W/d"
like "$(login anna)" "Can't contact" "stopped"
"$RIG" samba start "$W/d"
like "$(login anna)" "sAMAccountName: anna" "it comes back where it was"
pids=$(sed -n 's/^samba //p' "$W/d/pids" | cut -d' ' -f1)
pids+=" $(pgrep -P "$pids" | xargs -r -n1 pgrep -P)"
open=$(for p in $pids; do ls -l "/proc/$p/fd" 2>/dev/null; done | sed -n 's/.* -> //p')
like "$open" "$W/d/samba/" "its files are its own"
is "$(grep -E '^/(run|var/lib|var/cache|etc)/samba' <<<"$open")" "" "and none is the system's"
