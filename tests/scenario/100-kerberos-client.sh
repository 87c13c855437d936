#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# An agent in its jail asks a real KDC, and logs in at a real slapd with tickets.
. "$(dirname "$0")/lib/scenario.sh"
. "$S_SRC/tests/rig/lib/directory.sh"
. "$S_SRC/tests/rig/lib/asker.sh"
server slapd l || skip_all "$SERVER_WHY"
server krb5 l || skip_all "$SERVER_WHY"
server middle m --to "$RIG_KRB5_PORT" || skip_all "$SERVER_WHY"
grep -q 'define HAVE_KRB5' "$RIG_BUILD/config.h" || skip_all "built without MIT Kerberos"
asker_up

# A keytab with the keys of both: a file is two bytes and one key after the other.
{ cat "$RIG_KRB5_KEYTAB"; tail -c +3 "$RIG_KRB5_HOST_KEYTAB"; } >"$W/keytab"
tell ca "$RIG_LDAP_CA"
tell keytab "$W/keytab"
KDC="Kdc localhost:$RIG_KRB5_PORT"
REALM="Realm $RIG_KRB5_REALM"
TIMES=("ConnectTime 1s" "AnswerTime 2s")
krb() { conf_of "UserBind kerberos" "$KDC" "$REALM" "${TIMES[@]}" "$@"; }
pw=$(dir_password anna)

# ---- passwords at the KDC, and nothing else
krb
login_is anna right "a password at the KDC"
is "$(said login) $(said proof) $(said kdc) $(said dn)" "anna kerberos 0 " \
	"an account of that name, and what was proven"
agent=$(pgrep -P "$asker")
is "$(awk '/^(Uid|Seccomp|NoNewPrivs):/ { print $2 }' "/proc/$agent/status" | xargs)" \
	"65534 1 $(jail_filter)" "by an agent in its jail"
login_is anna wrong "a wrong one" wrong
login_is anna wrong "an empty one" ""
login_is nobody-there wrong "nobody" x
login_is jürgen right "a name that is not ASCII"
login_is locked closed "locked there"
login_is mustchange must-change "must be changed"
login_is mustchange wrong "which is told to who knows it" x
login_is expired must-change "expired"
for _ in 1 2 3; do login locksoon x; done
login_is locksoon closed "locked after three wrong ones"
n=$(grep -c 'AS_REQ.*PREAUTH_FAILED' "$RIG_KRB5_LOG")
login anna wrong
is $(($(grep -c 'AS_REQ.*PREAUTH_FAILED' "$RIG_KRB5_LOG") - n)) 1 "a wrong one counts once there"
for name in "anna@$RIG_KRB5_REALM" anna@OTHER.EXAMPLE anna/admin 'anna\@x' '@' / "krbtgt/$RIG_KRB5_REALM" \
    release/localhost kadmin/changepw host/localhost; do
	login_is "$name" wrong "no principal is read from what is typed: $name" "$pw"
done

# ---- is it the right KDC?
ask test ""
is "$(said outcome)" right "the test of the KDC"
like "$(said words)" "localhost:$RIG_KRB5_PORT: KDC: good" "says so"
krb "KdcCheckPrincipal host/nowhere"
login_is anna settings "a principal that is not in the keytab does not prove it"
like "$(said words)" "did not prove" "says so"
tell keytab "$RIG_KRB5_KEYTAB"
krb
login_is anna settings "a keytab without a service"
like "$(said words)" "no keytab with a key for host/NAME" "says so"
tell keytab /dev/null
krb
login_is anna settings "no keytab at all"
ask test ""
is "$(said outcome)" settings "the test says so as well"
krb "KdcCheck no"
login_is anna right "where the KDC is believed"
printf 'no keytab' >"$W/bad"
tell keytab "$W/bad"
krb
login_is anna settings "a keytab that is none"
tell keytab "$W/keytab"
good=$RIG_KRB5_PORT
server krb5 false
krb "Kdc localhost:$RIG_KRB5_PORT"
login_is anna settings "a false KDC, which knows the password"
like "$(said words)" "false one" "is said to be one"
krb "Kdc localhost:$RIG_KRB5_PORT" "KdcCheck no"
login_is anna right "it lets in where it is believed"
krb "Kdc localhost:$RIG_KRB5_PORT" "Realm OTHER.EXAMPLE"
login anna
unlike "$(said outcome)" right "a KDC of another realm"
server_use l

# ---- KDCs that do not answer
bounded() {	# most ms, order
	"$RIG" middle order "$W/m" ${2:-}
	krb "Kdc localhost:$RIG_MIDDLE_PORT"
	login_is anna away "$2"
	[ "$(said ms)" -le "$1" ]
	is $? 0 "$2: within $1 ms ($(said ms))"
	is "$(said dead)" 256 "$2: the KDC is dead"
}
bounded 3300 silent
bounded 1300 deaf
bounded 3300 delay:2500
bounded 500 reset:3
bounded 3300 garbage
bounded 3300 huge
"$RIG" middle order "$W/m" silent
krb "Kdc localhost:$RIG_MIDDLE_PORT localhost:$good"
login_is anna right "the first is silent: the second answers"
is "$(said kdc) $(said dead)" "1 256" "and who is dead is said"
tell first-kdc 1
login_is anna right "who begins with the second"
is "$(($(said ms) < 300)) $(said dead)" "1 0" "does not wait ($(said ms) ms)"
ask test ""
is "$(said outcome)" away "a test of both"
like "$(said words)" "$RIG_MIDDLE_PORT: KDC: no answer.*$good: KDC: good" "says which"
tell first-kdc 0
"$RIG" middle order "$W/m" drip
krb "Kdc localhost:$RIG_MIDDLE_PORT"
login anna
[ "$(said ms)" -le 3300 ]
is $? 0 "a byte at a time: within 3300 ms ($(said ms), $(said outcome))"
"$RIG" middle order "$W/m"

# ---- tickets for LDAP
gss() {
	dir "Servers localhost:$RIG_LDAP_PORT" "Bind gssapi" "BindName release" \
		"UserBind gssapi" "$KDC" "$REALM" "GroupScheme member-of" "$@"
}
for tls in none required ldaps; do
	lines=("Tls $tls")
	[ $tls != none ] || lines+=("- TlsCa")
	[ $tls != ldaps ] || lines+=("Servers localhost:$RIG_LDAPS_PORT")
	gss "${lines[@]}"
	login_is anna right "Tls $tls: service account and person with tickets"
	is "$(said login) $(said proof)" "anna gssapi" "Tls $tls: and what was proven"
	like "$(said groups)" deep5 "Tls $tls: and groups are read"
	login_is anna wrong "Tls $tls: a wrong one" x
	login_is anna wrong "Tls $tls: an empty one" ""
	ask test jürgen
	is "$(said outcome) $(said login)" "right jürgen" "Tls $tls: the test"
	ask find part a 50 1000 x
	is "$(said n)" 50 "Tls $tls: an answer of many pieces"
done
login_is locked closed "locked at the KDC"
login_is nobody-there nobody "nobody" x
gss "UserName %u"
login_is anna right "by name, without a search before it"
login_is anna/admin wrong "which stays a name" "$pw"
gss "UserBind simple"
login_is anna right "a service account with tickets, people with passwords"
is "$(said proof)" ldap "and what was proven"
gss "Bind simple" "BindName $RIG_LDAP_BIND_DN"
tell secret "$RIG_LDAP_BIND_PW"
login_is anna right "the other way round"
gss "UserBind kerberos"
login_is anna right "a password at the KDC, groups from LDAP"
is "$(said proof) $(said display)" "kerberos Anna Müller" "and the name that people see"
login_is anna wrong "and a wrong one" x
like "$(grep -ac 'BIND.*method=163' "$RIG_LDAP_LOG")" '^[1-9]' "it was SASL"
gss "UserBind kerberos" "Servers localhost:9" "Bind simple" "BindName $RIG_LDAP_BIND_DN"
ask test ""
is "$(said outcome)" away "a test without its LDAP server"
like "$(said words)" "localhost:9: .*KDC: good" "still says of the KDC"
gss "BindName nobody"
login_is anna settings "a service account that is not in the keytab"
gss "Tls none" "- TlsCa"
tell keytab "$RIG_KRB5_KEYTAB"
gss "Tls none" "- TlsCa"
login_is anna settings "in clear text the KDC must prove itself, too"
gss
login_is anna right "within TLS the LDAP server does it"
tell keytab "$W/keytab"

# ---- one ticket for many
gss
before=$(grep -c 'AS_REQ.*ISSUE.*release@' "$RIG_KRB5_LOG")
for _ in 1 2 3 4 5; do login anna; done
is $(($(grep -c 'AS_REQ.*ISSUE.*release@' "$RIG_KRB5_LOG") - before)) 1 \
	"five log-ins take one ticket of the service account"
gss "ConnectTime 3s"
ask bench 60 anna "$pw" 20
is "$(said right)" 60 "60 log-ins with tickets, 20 at once: $(said per-second) a second"
"$RIG" krb5 stop "$W/l"
login_is anna away "the KDC is stopped"
is "$(said dead)" 256 "it is the KDC that is dead, not the LDAP server"
gss "UserBind simple"
login_is anna away "a directory that needs a ticket it has not"
"$RIG" krb5 start "$W/l"
login_is anna right "started again"
"$RIG" krb5 stop "$W/l"
login_is anna right "the ticket is good without the KDC"
"$RIG" slapd stop "$W/l"
"$RIG" slapd start "$W/l"
login_is anna right "and at a server that was started again"
is "$(said dead)" 0 "nobody notices"
"$RIG" krb5 start "$W/l"
krb "ConnectTime 3s"
ask bench 100 anna "$pw" 20
is "$(said right)" 100 "100 passwords at the KDC, 20 at once: $(said per-second) a second"

# ---- nothing is told that should not be
is "$(grep -acE 'dir-|anna|juergen|jürgen' "$W/agent.log")" 0 "no name and no password in the log"
is "$(find /tmp/krb5cc* /var/tmp/krb5* -newer "$W/keytab" 2>/dev/null)" "" "no ticket on disk"
asker_down
