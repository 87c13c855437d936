#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Every port is listed and has its switch; nothing that is connected is cut.
. "$(dirname "$0")/lib/scenario.sh"
rig r
port() { api GET /ports; j '.ports[] | select(.name == "'"$1"'") | .'"$2"; }
change() { api POST /settings "{\"changes\":$1}"; }
reach() { curl -sk --max-time 5 -o /dev/null "https://$1:${2:-$P}/panel/"; }
listens() { ss -Hltn "sport = :$1" | grep -c LISTEN; }
P=$RIG_HTTPS_PORT
api GET /ports
is "$STATUS" 200 "the ports are listed"
is "$(j '.ports | map(select(.on)) | map(.name) | join(" ")')" "panel api.sock intake.sock" "three are open"
is "$(port panel port)$(port panel setting)" "${P}HttpsPort" "with number and setting"
like "$("$RIG_CTL" ports)" "panel +HTTPS +127.0.0.1 +$P +yes +HttpsPort" "releasectl ports"
is "$(j '[.ports[] | select(.setting == null) | .address | test("sock$")] | all')" true "the sockets of this machine have their paths"

# ---- off and on
mkfifo "$W/in"
openssl s_client -connect "127.0.0.1:$P" -quiet <"$W/in" >"$W/out.txt" 2>/dev/null &
client=$!
exec 7>"$W/in"
ask() {
	local n

	n=$(grep -c HTTP/1.1 "$W/out.txt")
	printf 'GET /panel/ HTTP/1.1\r\nHost: localhost\r\n\r\n' >&7
	within 5 "$1" eval '[ "$(grep -c HTTP/1.1 "$W/out.txt")" -gt '"$n"' ]'
}
ask "a panel is connected"
doc big.bin 900000
hold "$W/big.bin" -t big
id=$(id_of big)
login_card "$RIG_ANNA_CARD"
fault send:mid-data sleep 3000
RID=$(uuid)
release "$id"
unset RID
within 10 "a transfer is half done" fault_hit
change '{"HttpsPort":0}'
is "$STATUS $(j '.would_change[0].effect')" "200 ports" "HTTPS is switched off"
within 5 "nothing listens there" eval '[ "$(listens '"$P"')" = 0 ]'
nok "nobody connects" reach 127.0.0.1
is "$(port panel on)" false "the list says so"
api GET /status
is "$STATUS $(j '.https | length')" "200 0" "the local API works"
ask "the panel that was connected goes on"
within 20 "the transfer ended well" state_is "$id" sent
is "$(copies_of "$W/big.bin")" 1 "and is on paper once"
hold "$W/big.bin" -t more
is "$(count held)" 1 "jobs are held as ever"
S_MAY_DIE=1
"$RIG" restart "$R" >/dev/null 2>&1
is "$(port panel on)$(listens "$P")" false0 "it stays off over a start"
change "{\"HttpsPort\":$P}"
is "$STATUS" 200 "HTTPS is switched on"
ok "and answers" reach 127.0.0.1
login_card "$RIG_ANNA_CARD"
is "$(j .result)" ok "a device logs somebody in"
exec 7>&-
kill $client 2>/dev/null

# ---- another port, other addresses at the same one
other=$((P + 1))
while [ "$(listens $other)" != 0 ]; do other=$((other + 1)); done
change "{\"HttpsPort\":$other}"
ok "another port answers" reach 127.0.0.1 $other
within 5 "the old one is closed" eval '[ "$(listens '"$P"')" = 0 ]'
like "$(api GET /status; j .base_url)" ":$other\$" "the address for devices is the new one"
api POST /settings/undo
ok "undone: the old one answers" reach 127.0.0.1
change '{"Listen":"*"}'
is "$STATUS" 200 "all addresses at the same port"
ok "another address answers" reach 127.0.0.2
change '{"Listen":"127.0.0.1 127.0.0.3"}'
ok "two addresses: the first" reach 127.0.0.1
ok "the second" reach 127.0.0.3
nok "and no other" reach 127.0.0.2
is "$(listens "$P")" 2 "two listeners"
change '{"Listen":"127.0.0.1"}'
nok "one again" reach 127.0.0.3

# ---- a port that is taken
socat "TCP-LISTEN:$other,bind=127.0.0.1,fork,reuseaddr" PIPE &
taken=$!
wait_until 5 eval '[ "$(listens '"$other"')" = 1 ]'
sum=$(sha256sum <"$RIG_CONF")
for dry in true false; do
	api POST /settings "{\"changes\":{\"HttpsPort\":$other},\"dry_run\":$dry}"
	is "$STATUS $(j .field)" "422 HttpsPort" "a port that another program has is refused (dry_run $dry)"
done
like "$(j .detail)" "127.0.0.1:$other" "and named"
is "$(sha256sum <"$RIG_CONF")" "$sum" "the file is as it was"
ok "the old port goes on" reach 127.0.0.1
third=$((other + 1))
while [ "$(listens $third)" != 0 ]; do third=$((third + 1)); done
change "{\"HttpsPort\":$other,\"HttpsPortFallback\":$third}"
is "$STATUS" 200 "with a fallback it is not"
ok "which answers" reach 127.0.0.1 $third
is "$(port panel on)$(port panel-fallback on)" falsetrue "and the list says which"
kill $taken
wait $taken 2>/dev/null
# Ours is ours afterwards, though it was opened while another of ours was open.
nok "no other program gets our port" timeout 3 socat -u "TCP-LISTEN:$third,bind=127.0.0.1,reuseaddr" /dev/null
echo "HttpsPort 0" >"$W/x.conf"
grep -v '^HttpsPort ' "$RIG_CONF" >>"$W/x.conf"
cp "$W/x.conf" "$RIG_CONF"
kill -HUP "$(awk '/^releaserd /{print $2}' "$RIG_PIDS" | tail -1)"
within 5 "SIGHUP switches, too" eval '[ "$(listens '"$third"')" = 0 ]'
