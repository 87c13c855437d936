#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# limit: 120
# An agent in its jail asks a real slapd, and one with a man in the middle.
. "$(dirname "$0")/lib/scenario.sh"
. "$S_SRC/tests/rig/lib/directory.sh"
server slapd l || skip_all "$SERVER_WHY"
server slapd l --name b --anonymous || bail "a second slapd: $SERVER_WHY"
server middle l --to "$RIG_LDAP_PORT" || skip_all "$SERVER_WHY"
. "$S_SRC/tests/rig/lib/asker.sh"
asker_up
SERVICE="BindName $RIG_LDAP_BIND_DN"
PLAIN="Servers localhost:$RIG_LDAP_PORT"
SSL="Servers localhost:$RIG_LDAPS_PORT"
MIDDLE="Servers localhost:$RIG_MIDDLE_PORT"
tell ca "$RIG_LDAP_CA"
tell secret "$RIG_LDAP_BIND_PW"

# ---- the jail
dir "$PLAIN" "$SERVICE"
login_is anna right "STARTTLS"
agent=$(pgrep -P "$asker")
is "$(awk '/^(Uid|Seccomp|NoNewPrivs):/ { print $2 }' "/proc/$agent/status" | xargs)" \
	"65534 1 $(jail_filter)" "the agent is in its jail"

# ---- every way in
dir "$SSL" "$SERVICE" "Tls ldaps"
login_is anna right "LDAPS"
dir "Servers 127.0.0.1:$RIG_LDAPS_PORT" "$SERVICE" "Tls ldaps"
login_is anna right "LDAPS, by address"
dir "$PLAIN" "$SERVICE" "Tls none" "- TlsCa"
login_is anna right "clear text"
for tls in none required; do
	ca=; [ $tls = required ] || ca="- TlsCa"
	dir "$PLAIN" "BindName release" "Bind digest-md5" "UserBind digest-md5" "Tls $tls" "$ca"
	login_is anna right "DIGEST-MD5, Tls $tls"
	login_is anna wrong "DIGEST-MD5, a wrong one, Tls $tls" x
	login_is jürgen right "DIGEST-MD5, not ASCII, Tls $tls"
done
dir "$PLAIN" "UserName uid=%u,$RIG_LDAP_PEOPLE" "Bind anonymous" "GroupScheme member"
login_is anna right "by name, without a service account"
is "$(said login)" anna "and one's own entry is read"
login_is anna wrong "by name, a wrong one" x
dir "Servers localhost:$RIG_B_LDAP_PORT" "Bind anonymous"
login_is anna right "an anonymous search"
dir "$PLAIN" "$SERVICE" "UserBase ou=nowhere,$RIG_LDAP_BASE"
login_is anna settings "a base that is not there"
like "$(said words)" "search for people: No such object" "says so"
tell secret /dev/null
dir "$PLAIN" "$SERVICE"
login_is anna settings "no password for the service account"
tell secret "$RIG_LDAP_LIST"
dir "$PLAIN" "$SERVICE"
login_is anna settings "a wrong one"
like "$(said words)" "service account: Invalid credentials" "says so"
tell secret "$RIG_LDAP_BIND_PW"

# ---- certificates
refused() {	# words, reason, line...
	local words=$1 reason=$2 before

	shift 2
	dir "$PLAIN" "$SERVICE" "$@"
	before=$(grep -ac ' BIND ' "$RIG_LDAP_LOG")
	login anna
	is "$(said outcome) $(said tls)" "tls $reason" "$words: STARTTLS is refused"
	dir "$SSL" "$SERVICE" "Tls ldaps" "$@"
	login anna
	is "$(said outcome) $(said tls)" "tls $reason" "$words: LDAPS is refused"
	is "$(grep -ac ' BIND ' "$RIG_LDAP_LOG")" "$before" "$words: and nobody has logged in"
}
"$RIG" slapd cert "$W/l" wrong-host
refused "of another host" wrong-host
dir "$PLAIN" "$SERVICE" "TlsCheckName no"
login_is anna right "of another host, where that does not count"
for kind in expired future; do
	"$RIG" slapd cert "$W/l" $kind
	refused $kind not-its-time
	refused "$kind, without a look at the name" not-its-time "TlsCheckName no"
done
"$RIG" slapd cert "$W/l" self-signed
refused self-signed unknown-authority "TlsCheckName no"
"$RIG" slapd cert "$W/l" revoked
tell crl "$RIG_LDAP_CRL"
refused revoked revoked "TlsCrl rig"
dir "$PLAIN" "$SERVICE"
login_is anna right "revoked, where no list is read"
"$RIG" slapd cert "$W/l" right
dir "$PLAIN" "$SERVICE" "TlsCrl rig"
login_is anna right "the right one is not on the list"
refused "authorities of the system" unknown-authority "- TlsCa"
tell ca "$RIG_LDAP_TLS/other-ca.crt"
refused "another authority" unknown-authority
tell ca /dev/null
dir "$PLAIN" "$SERVICE"
login_is anna settings "a list without a certificate is not that of the system"
tell ca "$RIG_LDAP_CA"
tell crl /dev/null
dir "$PLAIN" "$SERVICE" "TlsCrl rig"
login_is anna settings "a list of revoked ones that is empty"

# ---- a man in the middle
order() { "$RIG" middle order "$W/l" "$@"; }
binds() { grep -ac ' BIND ' "$RIG_LDAP_LOG"; }
order strip refuse
before=$(binds)
dir "$MIDDLE" "$SERVICE"
login_is anna tls "STARTTLS stripped, required"
is "$(said tls)" no-starttls "says so"
order refuse
dir "$MIDDLE" "$SERVICE" "Tls offered"
login_is anna tls "offered and then refused"
is "$(binds)" "$before" "no password was sent"
order strip
dir "$MIDDLE" "$SERVICE" "Tls offered"
login_is anna right "not offered, where that will do"
order
dir "$MIDDLE" "$SERVICE" "Tls offered"
before=$(grep -ac 'STARTTLS' "$RIG_LDAP_LOG")
login_is anna right "offered"
is $(($(grep -ac 'STARTTLS' "$RIG_LDAP_LOG") - before)) 2 "is taken, on both connections"

bounded() {	# most milliseconds, order, line...
	local most=$1 ord=$2

	shift 2
	order $ord
	dir "$MIDDLE" "$SERVICE" "$@"
	login_is anna away "$ord, $*"
	[ "$(said ms)" -le "$most" ]
	is $? 0 "$ord: within $most ms ($(said ms))"
	is "$(said dead)" 1 "$ord: the server is dead"
}
bounded 1300 silent "Tls required"
bounded 1300 silent "Tls ldaps"
bounded 1300 deaf "Tls required"
bounded 2300 silent "Tls none" "- TlsCa"
bounded 3300 delay:400 "Tls required" "GroupScheme member" "AnswerTime 1s"
bounded 500 close-bind "Tls none" "- TlsCa"
bounded 2300 garbage "Tls none" "- TlsCa"
bounded 1300 garbage "Tls required"
bounded 2300 huge "Tls none" "- TlsCa"
bounded 500 reset:30 "Tls none" "- TlsCa"
bounded 500 reset:600 "Tls required"

# ---- the second server
BOTH="Servers localhost:$RIG_MIDDLE_PORT localhost:$RIG_B_LDAP_PORT"
order silent
dir "$BOTH" "$SERVICE"
login_is anna right "the first hangs: the second answers"
is "$(said server) $(said dead)" "1 1" "and who is dead is said"
[ "$(said ms)" -ge 900 ] && [ "$(said ms)" -le 1500 ]
is $? 0 "after the time for connecting ($(said ms) ms)"
tell first 1
login_is anna right "who begins with the second"
is "$(said dead) $(($(said ms) < 300))" "0 1" "does not wait ($(said ms) ms)"
order close-bind
dir "$BOTH" "$SERVICE" "Tls none" "- TlsCa"
login_is anna right "the first dies during a log-in: the second answers"
login_is anna wrong "a wrong password is wrong" x
is "$(said server)" 1 "and no other server is asked for a better answer"
order
dir "$BOTH" "$SERVICE"
ask test anna
is "$(said outcome)" right "a test of both"
like "$A" "$RIG_MIDDLE_PORT: good, TLSv1.3.*$RIG_B_LDAP_PORT: good, TLSv1.3" "says that of each"
order refuse
dir "$BOTH" "$SERVICE"
ask test ""
is "$(said outcome) $(said tls)" "tls no-starttls" "a test of one that is bad"
like "$(said words)" "does not take STARTTLS.*$RIG_B_LDAP_PORT: good" "says which"

# ---- names
dir "$PLAIN" "$SERVICE"
bad=
while IFS=$'\t' read -r uid password _; do
	want=right
	case $uid in
	staff*|locksoon|double) continue ;;
	locked)		want=closed ;;
	expired|mustchange) want=must-change ;;
	nopass)		want=wrong password=x ;;
	esac
	login "$uid" "$password"
	[ "$(said outcome)" = $want ] || bad+=" $uid:$(said outcome)"
done <"$RIG_LDAP_LIST"
is "$bad" "" "people with difficult names log in, those who cannot do not"
for _ in 1 2 3; do login locksoon x; done
login_is locksoon closed "locked after three wrong ones"
login_is double several "a name that two have"
while read -r name; do
	login_is "$name" nobody "nobody is called $name" dir-anna-4711
done <<'X'
*
an*
anna)(uid=*
*)(objectClass=*
anna\
\2a
anna,ou=people
(|(uid=anna))
X
before=$(binds)
login_is anna wrong "an empty password" ""
login_is "" wrong "an empty name" x
is "$(binds)" "$before" "never reaches a server"
login ANNA dir-anna-4711
is "$(said outcome) $(said login)" "right anna" "ANNA is anna"
login $'ju\u0308rgen' dir-juergen-4711
is "$(said outcome) $(said login)" "right jürgen" "two characters for one (NFD)"
dir "$PLAIN" "UserName uid=%u,$RIG_LDAP_PEOPLE" "$SERVICE"
bad=
for uid in 'komma,paul' 'klammer(1)' 'back\slash' 'stern*' ' blank' 'plus+equal=' '#hash;semi<>"' jürgen; do
	login "$uid"
	[ "$(said outcome)" = right ] || bad+=" $uid:$(said outcome)"
done
is "$bad" "" "difficult names in a DN"
login_is 'anna,ou=people' wrong "which stays a name" dir-anna-4711

# ---- groups
groups() {	# UID, words, lines...
	local uid=$1

	dir "$PLAIN" "$SERVICE" "${@:2}"
	login "$uid"
	said groups | tr '|' '\n' | sort | paste -sd'|'
}
ANNA="accounting|company|deep1|deep2|deep3|deep4|deep5|self"
is "$(groups anna "GroupScheme member")" "$ANNA" "member, nested and in a circle"
is "$(groups anna "GroupScheme member-of")" "$ANNA" "memberOf, nested and in a circle"
is "$(groups anna "GroupScheme member" "GroupDepth 1")" "accounting|deep1|self" "member, flat"
is "$(groups anna "GroupScheme member-of" "GroupDepth 1")" "accounting|deep1|self" "memberOf, flat"
is "$(groups anna "GroupScheme member" "GroupDepth 3")" "accounting|company|deep1|deep2|deep3|self" "three deep"
is "$(groups otto "GroupScheme member")" "circle1|circle2|company|warehouse" "two in a circle"
is "$(groups anna "GroupScheme member" "GroupFilter (cn=d*)")" "deep1|deep2|deep3|deep4|deep5" "of a filter"
is "$(groups anna "GroupScheme posix")" "colour|printers|staff" "posix, with that of one's number"
is "$(groups 'stern*' "GroupScheme member")" 'Komma, Klammer (x) * \' "a name with all that has a meaning"
is "$(groups 'stern*' "GroupScheme member-of")" 'Komma, Klammer (x) * \' "the same from memberOf"
is "$(groups jürgen "GroupScheme member-of" "GroupDepth 1")" "Größe|it" "not ASCII"
sixty=$(groups staff03 "GroupScheme member-of")
is "$(tr '|' '\n' <<<"$sixty" | grep -c many)" 60 "sixty of them"

dir "$PLAIN" "$SERVICE"
login anna
is "$(said known)$(said groups)" 0 "none are looked up: that one has none is not said"

# ---- look-ups
dir "$PLAIN" "$SERVICE" "AttrCard employeeNumber" "GroupScheme member"
ask find card 04D1000001 1 0 groups
is "$(said outcome) $(said login) $(said known)" "right anna 1" "by card"
like "$(said groups)" deep5 "with groups"
ask find card '04D*' 1 0 x
is "$(said outcome)" nobody "no card has a star"
ask find card 04D2000001 1 0 x
is "$(said outcome)" several "a card that two have"
ask find mail anna@example.com 1 0 x
is "$(said outcome) $(said login)" "right anna" "by mail"
ask find part beispiel 50 1000 x
is "$(said outcome) $(said n)" "right 40" "by a part of the name"
ask find part beispiel 10 1000 x
is "$(said outcome) $(said n)" "limit 10" "no more than wanted"
ask find part a 50 1000 x
is "$(said outcome) $(said n)" "limit 50" "no more than the server gives"
dir "$PLAIN" "$SERVICE"
ask find card 04D1000001 1 0 x
is "$(said outcome)" settings "without an attribute for cards"
order silent
dir "$MIDDLE" "$SERVICE" "ConnectTime 3s"
ask find part an 50 1000 x
is "$(said outcome) $(($(said ms) < 1300))" "away 1" "a second is a second ($(said ms) ms)"
order
dir "$MIDDLE" "$SERVICE"
ask find part anna 50 1000 x
is "$(said outcome)" right "and enough"
order delay:1500
ask find part anna 50 1000 x
is "$(said outcome) $(said dead) $(($(said ms) < 1300))" "limit 0 1" "a slow search is no dead server"
order

# ---- connections that are kept
accepted() { grep -ac ' ACCEPT from' "$RIG_LDAP_LOG"; }
dir "$PLAIN" "$SERVICE"
before=$(accepted)
for _ in 1 2 3 4 5 6 7 8 9 10; do login anna; done
is $(($(accepted) - before)) 2 "ten log-ins take two connections"
"$RIG" slapd stop "$W/l"
login_is anna away "the server is stopped"
"$RIG" slapd start "$W/l"
login_is anna right "and started"
"$RIG" slapd stop "$W/l"; "$RIG" slapd start "$W/l"
login_is anna right "restarted between two log-ins"
is "$(said dead) $(said words)" "0 " "nobody notices"
dir "$MIDDLE" "$SERVICE"
login anna
order close-bind reset:0
login_is anna away "kept connections that die, and so does a new one"
order
login_is anna right "it comes back"
ask bench 200 anna dir-anna-4711
is "$(said right)" 200 "200 log-ins: $(said per-second) a second"

# ---- nothing is told that should not be
is "$(grep -acE 'dir-|anna|juergen|jürgen' "$W/agent.log")" 0 "no name and no password in the log"
asker_down
