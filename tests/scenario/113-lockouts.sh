#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Lock-outs of users, devices and addresses: counted exactly, kept over restart
# and kill -9, ended by whoever may; the bounds of the settings.
. "$(dirname "$0")/lib/scenario.sh"
. "$S_LIB/user.sh"
S_MAY_DIE=1
rig r --conf 'LoginFailures 3' --conf 'ScryptCost 10' --conf 'LockoutTime 10m'
said() { is "$(j '"\(.result) \(.reason // "")"')" "$2" "$1"; }
number() { login '"method":"id-number","value":"'"$1"'"'; }
locked() { ctl --json lockout list | jq -r '[.lockouts[] | "\(.kind) \(.name)"] | sort | join(",")'; }
api POST /users '{"name":"berta","password":"Right-1-berta"}'

# ---- figures of the settings
bounds() {	# NAME LOWEST BELOW HIGHEST ABOVE DEFAULT
	for v in "$3" "$5"; do nok "$1 is not $v" ctl settings set "$1" "$v" --dry-run; done
	for v in "$2" "$4"; do ok "$1 may be $v" ctl settings set "$1" "$v" --dry-run; done
	is "$(ctl --json settings list | jq -r --arg n "$1" '.settings[] | select(.name == $n).default')" "$6" "$1 is $6"
}
bounds LoginFailures 1 0 10 11 3
bounds LoginWindow 1m 59s 60m 61m 5m
bounds LockoutTime 1m 59s 60m 61m 5m
bounds PanelTimeout 1s 0s 900s 901s 30s
bounds WebTimeout 1m 59s 120m 121m 10m

# ---- fifty at once: three are tries, no more
tries() {	# NAME N: so many wrong log-ins at once, their answers in $W/try.*
	local i

	rm -f "$W"/try.*
	for ((i = 0; i < $2; i++)); do
		printf '{"request_id":"%s","session_id":null,"op":"login","credential":{"method":"password","user":"%s","password":"wrong-%d"}}' \
			"$(uuid)" "$1" "$i" | curl -sS --max-time 30 --cacert "$RIG_CA" --cert "$RIG_DEVICE_CERT" \
			--key "$RIG_DEVICE_KEY" -H 'Content-Type: application/json' -H 'OPDP-Version: 1.0' \
			--data-binary @- -o "$W/try.$i" "$RIG_SERVER_URL/opdp/v1/panel/action" &
	done
	wait
}
answers() { cat "$W"/try.* | jq -rs "[.[] | select(.reason == \"$1\")] | length"; }
tries berta 50
is "$(answers bad-credential) $(answers locked-out)" "3 47" "of fifty at once three are tries"
is "$(sqlite3 "$RIG_DB" "SELECT count(*) FROM audit WHERE what='login-denied' AND who='u:berta'")" 3 \
	"and stand in the audit log"
is "$(locked)" "user berta" "berta is locked out"
is "$(sqlite3 "$RIG_DB" "SELECT fails FROM lockout WHERE subject LIKE 'p:%'")" 3 "the device counts the same three"
login_password berta Right-1-berta; said "with the right one, too" "denied locked-out"
tries ghost 20
is "$(answers bad-credential)" 3 "a name nobody has is counted alike"

# ---- it is kept
pids=$(role_pids core)
kill -KILL $pids
within 20 "after kill -9 of core" eval 'login_password berta Right-1-berta; [ "$(j .reason)" = locked-out ]'
sid=$(awk '/^releaserd /{print $2}' "$RIG_PIDS" | tail -1)
login_password anna wrong-1; said "one wrong try of anna" "denied bad-credential"
login_password anna wrong-2; said "and a second" "denied bad-credential"
kill -KILL "$sid"
within 15 "all of releaserd is killed" eval '[ -z "$(ps -s '"$sid"' -o pid=,stat= | grep -v Z)" ]'
"$RIG" start "$R"
login_password berta Right-1-berta; said "the lock-out is kept" "denied locked-out"
login_password anna wrong-3; said "the third" "denied bad-credential"
login_password anna "$RIG_ANNA_PASSWORD"; said "the two before count" "denied locked-out"
ctl user unlock anna >/dev/null
login_password anna "$RIG_ANNA_PASSWORD"; said "the help desk ends it" "ok "; logout

# ---- the device, by numbers; cards go on
for n in 99999991 99999992 99999993; do number $n; said "$n is nobody's" "denied bad-credential"; done
number "$RIG_ANNA_NUMBER"; said "then the device takes no numbers" "denied locked-out"
login_card "$RIG_ANNA_CARD"; said "a card it takes" "ok "; logout
login_password anna "$RIG_ANNA_PASSWORD"; said "and a password" "ok "; logout
is "$(locked)" "device $RIG_DEVICE_ID,user berta,user ghost" "it is in the list"
like "$(ctl lockout list)" "device +$RIG_DEVICE_ID +[^ ]" "with the name of the device"
name=$(ctl --json lockout list | jq -r '.lockouts[] | select(.kind == "device").display')
ok "it is ended by its name" ctl lockout unlock device "$name"
number "$RIG_ANNA_NUMBER"; said "numbers go again" "ok "; logout
nok "there is none any more" ctl lockout unlock device "$name"
# one password with many names
for i in $(seq 1 30); do login_password "made-up-$i" Summer-2026; done
login_password anna "$RIG_ANNA_PASSWORD"; said "ten times as many names lock the device" "denied locked-out"
login_card "$RIG_ANNA_CARD"; said "its cards go on" "ok "; logout
ok "ended by its id" ctl lockout unlock device "$RIG_DEVICE_ID"
login_password anna "$RIG_ANNA_PASSWORD"; said "passwords go again" "ok "; logout

# ---- the address, over HTTPS
for i in $(seq 1 30); do enter "net-$i" Summer-2026; done
enter anna "$RIG_ANNA_PASSWORD"
gives 429 "thirty wrong tries lock out an address" locked-out
login_password anna "$RIG_ANNA_PASSWORD"; said "but no panel" "ok "; logout
like "$(locked)" "address (127.0.0.1|::)" "it is in the list"
addr=$(ctl --json lockout list | jq -r '.lockouts[] | select(.kind == "address").name')
ok "ended" ctl lockout unlock address "$addr"
enter anna "$RIG_ANNA_PASSWORD"
gives 201 "anna may log in"

# ---- who may end what
ctl role set "$(id -nu 1)" helpdesk >/dev/null
ctl role set "$(id -nu 2)" operator >/dev/null
api_as 1 POST /lockouts/unlock '{"kind":"user","name":"BERTA"}'
is "$STATUS" 204 "the help desk: a user, however it is written"
login_password berta Right-1-berta; said "who may log in then" "ok "; logout
number 99999991; number 99999992; number 99999993
api_as 1 POST /lockouts/unlock "{\"kind\":\"device\",\"name\":\"$RIG_DEVICE_ID\"}"
is "$STATUS" 403 "but no device"
api_as 2 POST /lockouts/unlock "{\"kind\":\"device\",\"name\":\"$RIG_DEVICE_ID\"}"
is "$STATUS" 204 "an operator does"
api_as 2 POST /lockouts/unlock '{"kind":"moon","name":"x"}'
is "$STATUS $(j .field)" "400 kind" "there are four kinds"
is "$(sqlite3 "$RIG_DB" "SELECT count(*) FROM audit WHERE what='unlocked'")" 5 "each is in the audit log"
