#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# A directory that is away: deny, cached, local; and what is no reason for it.
. "$(dirname "$0")/lib/scenario.sh"
. "$S_LIB/user.sh"
. "$S_SRC/tests/rig/lib/directory.sh"
server slapd l || skip_all "$SERVER_WHY"
server middle l --to "$RIG_LDAP_PORT" || skip_all "$SERVER_WHY"
R_MIDDLE=$W/l
S_MAY_DIE=1
rig r --conf 'AgentProcesses 3' --conf 'LoginFailures 3' --conf 'ScryptCost 10'
ctl() { "$RIG_CTL" "$@" 2>&1; }
conf() {	# LINE...: what the directory has from now on
	printf '%s\n' "Servers localhost:$RIG_MIDDLE_PORT" "BindName $RIG_LDAP_BIND_DN" \
		"UserBase $RIG_LDAP_PEOPLE" 'Domain example.com' 'TlsCa ours' 'DeadTime 1s' \
		'ConnectTime 1s' 'AnswerTime 1s' "$@" >"$W/conf"
	ctl directory "${VERB:-set}" school "$W/conf" --password-file "$RIG_LDAP_BIND_PW" \
		--ca "$RIG_LDAP_CA"
}
kept() { sqlite3 "$RIG_DB" 'SELECT count(*) FROM verifier'; }
keeps() { within 5 "$2" eval "[ \"\$(kept)\" = $1 ]"; }
said() { is "$(j '"\(.result) \(.reason // "")"')" "$2" "$1"; }
come() {	# NAME WORDS [PASSWORD]: logs in
	login_password "$1" "${3-$(dir_password "$1")}"
	said "$2" "ok "
}
fails() {	# NAME REASON WORDS [PASSWORD]
	login_password "$1" "${4-$(dir_password "$1")}"
	said "$3" "denied $2"
}
away() { "$RIG" slapd down "$W/l" >/dev/null; }
back() { "$RIG" slapd start "$W/l" >/dev/null; sleep 1.1; }

# ---- deny: nothing is kept, nobody of the directory comes in
like "$(VERB=add conf)" "is added" "a directory that says nothing of it"
come carla "it is there"; logout
is "$(kept)" 0 "nothing is kept of a password"
away
fails carla backend-unavailable "deny: away is away"
come anna "an internal account does not mind" "$RIG_ANNA_PASSWORD"; logout
back

# ---- cached
like "$(conf 'Offline cached' 'OfflineDays 3')" "is changed" "cached, for three days"
come carla "right, so it is kept"; logout
keeps 1 "a verifier of it"
nok "which is not the password" grep -rqaF "$(dir_password carla)" "$RIG_DIR/state"
come carla@example.com "the same, with the domain" "$(dir_password carla)"; logout
is "$(kept)" 1 "one of each person"
away
come carla "while it is away"
like "$(menu_text)" "directory does not answer" "the panel says so"
logout
come 'EXAMPLE\Carla' "as Windows writes it" "$(dir_password carla)"; logout
enter carla "$(dir_password carla)"
is "$STATUS $(j .offline)" "201 true" "over HTTPS, which says so too"
ctl audit --what logged-in-offline >"$W/audit"
is "$(grep -c carla "$W/audit")" 3 "the audit log has each"
like "$(grep -a 'offline=yes' "$RIG_LOG" | head -1)" "user=carla" "the log too"
fails jürgen backend-unavailable "who was never here does not come in"
fails carla bad-credential "a wrong password is one" wrong
fails carla bad-credential "again" wrong2
fails carla bad-credential "and again" wrong3
fails carla locked-out "they count"
ctl user unlock carla >/dev/null

# hung is away as well
back
"$RIG" middle order "$R_MIDDLE" silent
come carla "a server that accepts and is silent"; logout
"$RIG" middle order "$R_MIDDLE"
sleep 1.1

# a certificate that is not right is no reason, now or later
"$RIG" slapd cert "$W/l" wrong-host
fails carla backend-unavailable "a refused certificate is no reason to fall back"
fails carla backend-unavailable "nor when it is remembered"
"$RIG" slapd cert "$W/l" right
away; back				# no connection is left
"$RIG" middle order "$R_MIDDLE" strip refuse
fails carla backend-unavailable "nor is STARTTLS that was taken out"
"$RIG" middle order "$R_MIDDLE"
sleep 1.1
come carla "it is right again"; logout

# after a restart, and too late
away
"$RIG" stop "$R" && "$RIG" start "$R"
come carla "after a restart of releaserd"; logout
"$RIG" stop "$R"; lib_later "$RIG_DB" $((2 * 86400000)); "$RIG" start "$R"
come carla "two days later"; logout
"$RIG" stop "$R"; lib_later "$RIG_DB" $((2 * 86400000)); "$RIG" start "$R"
fails carla backend-unavailable "four days later it is too old"
back
come carla "the directory is asked"; logout
keeps 1 "and kept anew"
like "$(sqlite3 "$RIG_DB" 'SELECT right_ms FROM verifier')" "^$(date +%s | cut -c1-7)" "of today"

# the password is changed over there
password() {	# OLD NEW: carla changes it
	(umask 077; printf '%s' "$2" >"$W/new")
	ldappasswd -x -H "$RIG_LDAP_URL" -D "$(dir_dn carla)" -y "$(secret "$1")" -T "$W/new"
}
first=$(dir_password carla)
ok "changed" password "$first" New-pass-99
come carla "the new one" New-pass-99; logout
within 5 "is kept now" eval '[ "$(sqlite3 "$RIG_DB" "SELECT right_ms FROM verifier")" -gt 0 ]'
away
fails carla bad-credential "the old one is none while it is away"
come carla "the new one is" New-pass-99; logout
back
ok "changed back" password New-pass-99 "$first"
fails carla bad-credential "what somebody guesses" a-guess
sleep 1
is "$(kept)" 1 "takes nothing away"
"$RIG" stop "$R" && "$RIG" start "$R"
fails carla bad-credential "what somebody guesses after a restart" a-guess
sleep 1
is "$(kept)" 1 "takes nothing away, either"
ok "who has guessed is no matter here" ctl user unlock carla
fails carla bad-credential "the directory calls it wrong" New-pass-99
within 5 "then nothing is kept" eval '[ "$(kept)" = 0 ]'
away
fails carla backend-unavailable "and it opens nothing" New-pass-99
back
come carla "right again"; logout
keeps 1 "kept again"

# ---- policies that change
like "$(conf 'Offline local')" "is changed" "local"
is "$(kept)" 0 "what was kept goes"
like "$(printf 'Emergency-1\n' | ctl user password carla --stdin)" "." "an operator gives it a password here"
away
come carla "with which it comes in" Emergency-1; logout
fails carla bad-credential "the directory's own is not known here"
fails jürgen backend-unavailable "who has none waits"
back
fails carla bad-credential "it counts only while the directory is away" Emergency-1
come carla "else that of the directory"; logout
login "$(jq -cn --arg p Emergency-1 '{method:"password",user:"carla",domain:"(Local)",password:$p}' | sed 's/^{//;s/}$//')"
said "nor as (Local)" "denied bad-credential"

# ---- cards of its people
like "$(printf '04C0FFEE\n' | ctl card add carla --stdin)" . "carla has a card"
away
fails jürgen backend-unavailable "it is found to be away"
login_card 04C0FFEE
said "cards work, they are known here" "ok "; logout
like "$(conf 'Offline local' 'OfflineCards no')" "is changed" "not any more"
fails jürgen backend-unavailable "it is found to be away"
login_card 04C0FFEE
said "while it is away" "denied backend-unavailable"
login_card "$RIG_CARD"
said "others are not of it" "ok "; logout
back
within 5 "until it is heard of" eval 'login_card 04C0FFEE; [ "$(j .result)" = ok ]'
nok "no password is in the log" grep -qaE "$(dir_password carla)|New-pass-99|Emergency-1" "$RIG_LOG"
