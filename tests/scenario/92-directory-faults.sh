#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# The man in the middle of the tests does to LDAP what it was told to do.
. "$(dirname "$0")/lib/scenario.sh"
. "$S_SRC/tests/rig/lib/directory.sh"
server slapd l || skip_all "$SERVER_WHY"
server middle l --to "$RIG_LDAP_PORT" || skip_all "$SERVER_WHY"
R_MIDDLE=$W/l
LDAP_URL=$RIG_MIDDLE_URL
anna=dn:$(dir_dn anna)
offers() {
	ldapsearch -x -LLL -H "$LDAP_URL" -b "" -s base supportedExtension |
		grep -c 1.3.6.1.4.1.1466.20037
}
# who [OPTION...]: anna's log-in, given up after 2 s; how long it took in MS
who() {
	local began=${EPOCHREALTIME/./}

	SEEN=$(timeout 2 ldapwhoami -x -H "$LDAP_URL" -D "$(dir_dn anna)" \
		-y "$(secret "$(dir_password anna)")" "$@" 2>&1)
	RC=$?
	MS=$(((${EPOCHREALTIME/./} - began) / 1000))
}

is "$(offers)" 1 "nothing is done: STARTTLS is offered"
who -ZZ
is "$SEEN" "$anna" "and works through it"
is "$(LDAPTLS_CACERT=$RIG_LDAP_CA ldap_find uid=anna dn | head -1)" "dn: $(dir_dn anna)" "so does a search"
middle strip
is "$(offers)" 0 "strip: STARTTLS is not offered"
is "$(ldapsearch -x -LLL -H "$LDAP_URL" -b "" -s base supportedExtension | grep -c '^supp')" \
	"$(($(ldapsearch -x -LLL -H "$RIG_LDAP_URL" -b "" -s base supportedExtension | grep -c '^supp') - 1))" \
	"strip: all else is"
who
is "$SEEN" "$anna" "strip: the rest goes on"
middle refuse
who -ZZ
like "$SEEN" "Protocol error" "refuse: STARTTLS is refused"
who -Z
like "$SEEN" "$anna" "refuse: who does not need it goes on without"
middle strip refuse
is "$(offers)" 0 "both: not offered"
who -ZZ
like "$SEEN" "Protocol error" "both: and refused"
middle silent
who
is "$RC" 124 "silent: no answer comes"
ok "silent: but it accepts" port_open "$RIG_MIDDLE_PORT"
middle deaf
wait_until 3 eval '! port_open "$RIG_MIDDLE_PORT"'
nok "deaf: it does not accept" port_open "$RIG_MIDDLE_PORT"
middle
within 3 "deaf no more" port_open "$RIG_MIDDLE_PORT"
before=$(ldap_binds anna)
middle close-bind
who
like "$SEEN" "Can't contact" "close-bind: closed"
is "$(ldap_binds anna)" "$before" "close-bind: before slapd saw it"
who -ZZ
is "$SEEN" "$anna" "close-bind: within TLS it sees none"
middle delay:400
who
is "$SEEN" "$anna" "delay: it comes"
[ "$MS" -ge 800 ]
is $? 0 "delay: 400 ms later, the log-in and the question ($MS ms)"
middle reset:5
who
like "$SEEN" "Can't contact" "reset: after five bytes"
middle reset:1000
who
is "$SEEN" "$anna" "reset: a thousand are enough for this"
middle drip
who
is "$SEEN" "$anna" "drip: a byte at a time is an answer, too"
middle garbage
who
unlike "$SEEN" "^dn:" "garbage: no answer"
middle huge
who
unlike "$SEEN" "^dn:" "huge: no answer"
middle
who -ZZ
is "$SEEN" "$anna" "and all is well again"
