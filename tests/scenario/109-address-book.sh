#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# The address book: what people type is looked up in directories, whatever it
# is, and whatever those do.
. "$(dirname "$0")/lib/scenario.sh"
. "$S_SRC/tests/rig/lib/directory.sh"
server slapd l --many 300 --conf "limits dn.exact=\"cn=release,ou=services,dc=example,dc=com\" size=500" ||
	skip_all "$SERVER_WHY"
server slapd l --name b
server middle l --to "$RIG_LDAP_PORT" || skip_all "$SERVER_WHY"
R_MIDDLE=$W/l
rig r --conf 'AgentProcesses 3'
ctl() { "$RIG_CTL" "$@" 2>&1; }
book() { api GET "/address-book?q=$1"; }
conf() {	# PORT BASE [LINE...]
	printf 'Servers localhost:%s\nTls none\nBindName %s\nUserBase %s\nDeadTime 2s\n' \
		"$1" "$RIG_LDAP_BIND_DN" "$2"
	shift 2
	[ $# -eq 0 ] || printf '%s\n' "$@"
}
entries() { j '.entries | length'; }

book anna
is "$STATUS $(j '.directories') $(entries)" "200 0 0" "no directory has one"
conf "$RIG_MIDDLE_PORT" "$RIG_LDAP_BASE" >"$W/conf"
ctl directory add school "$W/conf" --password-file "$RIG_LDAP_BIND_PW" >/dev/null
book anna
is "$(j '.directories')" 0 "none unless AddressBook says so"
echo 'AddressBook yes' >>"$W/conf"
like "$(ctl directory set school "$W/conf")" "is changed" "AddressBook yes"
book anna
is "$(j '.directories') $(j '[.entries[].mail] | sort | join(" ")')" \
	"1 anna@example.com annalisa@example.com" "found by the beginning of the name"
book 'm%C3%BCll'
is "$(j '.entries[0].name')" "Anna Müller" "not ASCII, in lower case"
like "$(ctl address-book anna)" "Anna Müller +anna@example.com" "releasectl"

# ---- bounds
book a
is "$STATUS" 400 "one character is too short"
book '%C3%BC'
is "$STATUS" 400 "one character of two bytes, too"
book Vorname
is "$(entries) $(j .more)" "50 true" "fifty, and there are more"
book "$(printf 'x%.0s' {1..101})"
is "$STATUS" 400 "a hundred and one are too long"

# ---- what is no name
for typed in '**' '*)(uid=*' ')(' '%5C2a%5C2a' '))(%7C(uid%3D*' 'an*' '(cn%3D*)'; do
	book "$typed"
	is "$STATUS $(entries)" "200 0" "\"$typed\" finds nobody"
done
book 'an%00na'
unlike "$STATUS" "^5" "a NUL is no failure of ours ($STATUS)"
book 'an%0Ana'
unlike "$STATUS" "^5" "nor is a line's end ($STATUS)"

# ---- slow, silent, gone
middle delay:700
began=${EPOCHREALTIME/./}
book vorn
ms=$(((${EPOCHREALTIME/./} - began) / 1000))
is "$STATUS $(j .late)" "200 true" "a slow directory: what came so far, and that it took too long"
[ "$ms" -lt 1600 ]
is $? 0 "after a second ($ms ms)"
middle silent
for i in 1 2 3 4 5 6 7 8; do book "vo$i" >/dev/null & done
began=${EPOCHREALTIME/./}
login_password anna "$RIG_ANNA_PASSWORD"
ms=$(((${EPOCHREALTIME/./} - began) / 1000))
[ "$ms" -lt 1500 ]
is $? 0 "eight who type hold up no log-in ($ms ms)"
wait
middle
conf "$RIG_B_LDAP_PORT" "$RIG_LDAP_BASE" 'AddressBook yes' "Domain b.example" >"$W/b"
ctl directory add office "$W/b" --password-file "$RIG_B_LDAP_BIND_PW" >/dev/null
within 8 "the first is back" eval 'book otto && [ "$(j ".away | length")" = 0 ]'
book 'carla'
is "$(j '.directories') $(entries)" "2 1" "two directories, each address once"
"$RIG" slapd stop "$W/l" --name b
book 'bert'
is "$(j '.away[0]') $(j '.entries[0].mail')" "office bert@example.com" \
	"one that is away is named, the other answers"

# ---- at the panel
login_password anna "$RIG_ANNA_PASSWORD"
is "$(j '[.menu.items[] | select(.id == "address-book").label] | join(" ")')" "Address book" \
	"the panel has it, too"
action '"op":"menu","menu":"address-book"'
is "$(j '.menu.menu') $(j '[.menu.items[].id] | join(" ")')" "address-book filter submit back" "asks for a name"
action '"op":"addresses","filter":"carl"'
is "$(j .result) $(j '.addresses[0].mail')" "ok carla@example.com" "and finds it"
is "$(j '[.menu.items[] | select(.type == "list").rows[].sub] | join(" ")')" "carla@example.com" \
	"the menu has it as a row"
action '"op":"addresses","filter":"*)(uid=*"'
is "$(j .result) $(j '.addresses | length') $(j .menu.message.text)" "ok 0 Nobody was found" "what is no name finds nobody"
action '"op":"addresses","filter":"c"'
is "$(j .result) $(j .reason) $(j .menu.menu)" "denied bad-filter address-book" "one letter is asked for again"
action '"op":"addresses"'
is "$(j .reason)" "bad-filter" "and nothing at all"
ctl access set address-book disabled >/dev/null
action '"op":"addresses","filter":"carl"'
is "$(j .result) $(j '.addresses')" "denied null" "who may not look, sees nothing"
action '"op":"menu","menu":"jobs"'
is "$(j '[.menu.items[] | select(.id == "address-book")] | length')" 0 "nor the way there"

# ---- at the HTML panel
ctl access unset address-book >/dev/null
. "$S_SRC/tests/scenario/lib/html.sh"
html "$RIG_SERVER_URL/panel/"
press by-number id_number "$RIG_ANNA_NUMBER"
press address-book
press submit filter carl
ok "carla is found there" grep -q 'carla@example.com' "$W/page.html"
press back
ok "and back to the jobs" grep -q 'Anna Muster' "$W/page.html"
