#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Tickets of the service account come to their end, and clocks differ.
. "$(dirname "$0")/lib/scenario.sh"
. "$S_SRC/tests/rig/lib/directory.sh"
. "$S_SRC/tests/rig/lib/asker.sh"
server slapd l || skip_all "$SERVER_WHY"
server krb5 l || skip_all "$SERVER_WHY"
grep -q 'define HAVE_KRB5' "$RIG_BUILD/config.h" || skip_all "built without MIT Kerberos"
asker_up
{ cat "$RIG_KRB5_KEYTAB"; tail -c +3 "$RIG_KRB5_HOST_KEYTAB"; } >"$W/keytab"
tell keytab "$W/keytab"
BASE=("Kdc localhost:$RIG_KRB5_PORT" "Realm $RIG_KRB5_REALM" "ConnectTime 1s" "AnswerTime 2s")

# ---- a ticket that ends soon is renewed before
as_requests() { grep -c 'AS_REQ.*ISSUE.*release@' "$RIG_KRB5_LOG"; }
kadmin() { krb5_kadmin "$W/l" "$@" >/dev/null; }
kadmin modprinc -maxlife "8 seconds" release
conf_of "${BASE[@]}" "Servers localhost:$RIG_LDAP_PORT" "Tls none" "Bind gssapi" \
	"BindName release" "UserBase $RIG_LDAP_PEOPLE"
before=$(as_requests)
login_is anna right "a ticket of eight seconds"
login anna
is $(($(as_requests) - before)) 1 "is asked for once"
sleep 6
"$RIG" slapd stop "$W/l"; "$RIG" slapd start "$W/l"
login_is anna right "after three quarters of its life"
is $(($(as_requests) - before)) 2 "there is a new one"
"$RIG" krb5 stop "$W/l"
sleep 8
"$RIG" slapd stop "$W/l"; "$RIG" slapd start "$W/l"
login_is anna away "one that has ended is worth nothing"
"$RIG" krb5 start "$W/l"
login_is anna right "until a KDC is there"
kadmin modprinc -maxlife "1 day" release

# ---- clocks
fake=$(find /usr/lib -name libfaketime.so.1 2>/dev/null | head -1)
clock() { RIG_KDC_ENV="LD_PRELOAD=$fake FAKETIME=$1" "${@:2}"; }
if [ -n "$fake" ]; then
	"$RIG" krb5 stop "$W/l"
	clock +600s "$RIG" krb5 start "$W/l"
	conf_of "${BASE[@]}" "UserBind kerberos"
	login_is anna settings "a KDC whose clock is ten minutes ahead"
	like "$(said words)" "clocks.*differ by more than five minutes" "is said to be one"
	ask test ""
	is "$(said outcome)" settings "also by the test"
	"$RIG" krb5 stop "$W/l"
	clock +120s "$RIG" krb5 start "$W/l"
	conf_of "${BASE[@]}" "UserBind kerberos"
	login_is anna right "two minutes do not matter"
	"$RIG" krb5 stop "$W/l"
	"$RIG" krb5 start "$W/l"
else
	skip "clocks" "no faketime"
fi

asker_down
