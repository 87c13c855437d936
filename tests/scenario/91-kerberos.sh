#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# The KDC of the tests gives tickets, and slapd takes them.
. "$(dirname "$0")/lib/scenario.sh"
. "$S_SRC/tests/rig/lib/directory.sh"
server slapd l || skip_all "$SERVER_WHY"
server krb5 l || skip_all "$SERVER_WHY"
krb5_use
gssapi() { ldapwhoami -Q -N -Y GSSAPI -H "$RIG_LDAP_URL" "$@" 2>&1; }

nok "no ticket, no log-in" gssapi
ok "a password gives a ticket" krb5_login anna
is "$(krb5_who)" "anna@$RIG_KRB5_REALM" "of that person"
is "$(gssapi)" "dn:$(dir_dn anna)" "slapd takes it"
is "$(gssapi -ZZ -O maxssf=0)" "dn:$(dir_dn anna)" "within TLS, too"
like "$(klist)" "ldap/localhost@$RIG_KRB5_REALM" "for the service of that host"
kdestroy
like "$(krb5_login anna wrong)" "Password incorrect|Preauthentication failed" "a wrong password"
nok "an empty one" krb5_login anna ""
like "$(krb5_login nobody x)" "not found in Kerberos database" "nobody of that name"
like "$(krb5_login locked)" "have been revoked" "locked"
like "$(krb5_login mustchange)" "must change it now" "must be changed"
like "$(krb5_login expired)" "must change it now" "expired"
for _ in 1 2 3; do krb5_login locksoon wrong >/dev/null; done
like "$(krb5_login locksoon)" "have been revoked" "locked after three wrong ones"
ok "a name that is not ASCII" krb5_login jürgen
is "$(gssapi)" "dn:$(dir_dn jürgen)" "and slapd finds the entry"
kdestroy
ok "the service account has a keytab" kinit -k -t "$RIG_KRB5_KEYTAB" release
is "$(gssapi)" "dn:$RIG_LDAP_BIND_DN" "and is itself at slapd"
ok "a ticket for the host opens with the keytab of the host" \
	kvno -k "$RIG_KRB5_HOST_KEYTAB" "$RIG_KRB5_HOST_PRINCIPAL"
# One who plays the KDC knows people's passwords at most, not the host's key.
server krb5 false
krb5_use
ok "a false KDC gives tickets, too" krb5_login anna
nok "which do not open with the keytab of the host" \
	kvno -k "$W/l/krb5/host.keytab" "$RIG_KRB5_HOST_PRINCIPAL"
like "$(gssapi)" "Invalid credentials" "and slapd refuses them"
server_use l
krb5_use
"$RIG" krb5 stop "$W/l"
like "$(krb5_login anna)" "Cannot contact any KDC" "no KDC, no ticket"
"$RIG" krb5 start "$W/l"
ok "it comes back where it was" krb5_login anna
is "$(gssapi)" "dn:$(dir_dn anna)" "with all it had"
"$RIG" slapd stop "$W/l"
"$RIG" slapd start "$W/l"
is "$(gssapi)" "dn:$(dir_dn anna)" "so does slapd"
is "$(find /etc/krb5* /var/lib/krb5kdc /tmp/krb5cc* /var/tmp/krb5* \
	-newer "$W/l/krb5/krb5.conf" -type f 2>/dev/null)" "" \
	"nothing of it is in the system's own places"
