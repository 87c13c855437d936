#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Devices are looked for by SNMP, found, taken, and followed when they move.
. "$(dirname "$0")/lib/scenario.sh"
. "$S_SRC/tests/rig/lib/agents.sh"
. "$S_LIB/web.sh"
[ -n "$SNMPD" ] || skip_all "needs snmpd"
up() { agent "$W/$1" "$port" "${@:2}" && ends "$(cat "$W/$1/child")" || bail "snmpd: $(tail -3 "$W/$1/log")"; }
port=$((30000 + $$ % 2000))
mapfile -t a < <(printer_lines SN-48A 0026abcdef01 floor-a)
mapfile -t b < <(printer_lines SN-48B 0026abcdef02 floor-b)
mapfile -t d < <(printer_lines SN-48D 0026abcdef04 floor-d)
user='createUser anna SHA-256 "open the door" AES "close the door"'
up a 127.9.0.1 "$user" 'rouser anna priv' "${a[@]}"
up b 127.9.0.2 'rocommunity sesame' "${b[@]}"
up c 127.9.0.3 'rocommunity sesame' 'sysDescr a switch'
up d 127.9.0.4 "${user/anna/otto}" 'rouser otto priv' "${d[@]}"
rig r --conf "SnmpPort $port" --conf 'DiscoveryFollow yes' --conf 'PollInterval 0' \
	--conf 'DiscoveryDnsSd yes' --conf "DiscoveryDnsSdAt 127.0.0.1:$((port + 2000))"
nothing_in() { ! grep -qaE "$@"; }
js() { "$RIG_CTL" --json "$@" 2>/dev/null; }
found() { js discover list "$@" | jq -r '.found[] | [.address, .state, .serial, .lpr_queue, .credentials] | join(" ")'; }
last() { js discover status | jq -r ".runs[0].$1"; }

# ---- credentials
printf 'open the door\n' >"$W/auth"
printf 'close the door\n' >"$W/priv"
printf 'sesame\n' >"$W/community"
ok "v3" ctl snmp add secure --user anna --auth sha256 --priv aes128 \
	--password-file "$W/auth" --priv-file "$W/priv"
ok "v2c, for two addresses" ctl snmp add old --snmp 2c --addresses 127.9.0.2-3 \
	--password-file "$W/community"
unlike "$(js snmp list)" "sesame|the door" "no secret is shown"
ok "none stands in the database in the clear" nothing_in 'sesame|the door' "$RIG_DB" "$RIG_DB-wal"
like "$(ctl snmp test 127.9.0.1)" "printer.*" "one is tried"
is "$(js snmp test 127.9.0.2 | jq -r '.credentials + " " + .serial')" "old SN-48B" \
	"it is said which credentials are taken, and by whom"
is "$(js snmp test 127.9.0.5 | jq -r .outcome)" silent "nobody there"
like "$(ctl snmp test 127.9.0.4 2>&1)" "takes none of the credentials" "one that refuses"

# ---- the search
ok "a range is searched" ctl discover 127.9.0.1-127.9.0.9 --wait
is "$(found)" "127.9.0.1 new SN-48A PASSTHRU secure
127.9.0.2 new SN-48B PASSTHRU old
127.9.0.4 denied   " "two printers, and one that lets nobody in"
is "$(last others)/$(last denied)/$(last done)" 1/1/9 "the switch is counted, the dead are asked"
like "$(ctl discover list --csv)" "127.9.0.2,new,Epson,EPSON WF-C5790" "as CSV"
is "$(js discover add --all --name '{serial}-{location}' --groups Hall |
	jq -r '.devices[] | .what + " " + .name')" "added SN-48A-Hall
added SN-48B-Hall" "both are taken"
is "$(js device show SN-48B-Hall | jq -r '[.address, .protocol, .lpr_queue, .groups] | join(" ")')" \
	"127.9.0.2 snmp-lpr PASSTHRU Hall" "with what they said of themselves"
like "$(ctl discover add 127.9.0.2 2>&1)" "there already" "once is enough"
csrf=$(token admin)
page admin admin/discovery.cgi -H 'Accept-Language: de' --data-urlencode "csrf=$csrf" \
	--data-urlencode "once=$(uuid)" -d do=add -d driver=auto -d groups= -d address=127.9.0.1 -d address=127.9.0.2
like "$PAGE" '127.9.0.1: dieses Gerät ist schon da; 127.9.0.2: dieses Gerät ist schon da' \
	"the page names each, in its language"

# ---- by DNS-SD: one that SNMP knows, and one that says nothing to it
python3 - $((port + 2000)) >"$W/mdns" 2>&1 <<'PY' &
import socket, struct, sys
name = lambda s: b"".join(bytes([len(w)]) + w.encode() for w in s.split(".")) + b"\0"
rr = lambda of, kind, data: name(of) + struct.pack(">HHIH", kind, 1, 10, len(data)) + data
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", int(sys.argv[1])))
print("up", flush=True)
while True:
    q, who = s.recvfrom(9000)
    if name("_ipp._tcp.local") in q:
        for n in (1, 7):
            own = f"P{n}._ipp._tcp.local"
            txt = b"".join(bytes([len(t)]) + t.encode() for t in (
                "ty=Maker M 7", "note=Attic", "rp=ipp/print", "pdl=application/pdf"))
            s.sendto(q[:2] + struct.pack(">HHHHH", 0x8400, 0, 3, 0, 0) +
                     rr(own, 33, struct.pack(">HHH", 0, 0, 8631) + name(f"npi{n}.local")) +
                     rr(own, 16, txt) + rr(f"npi{n}.local", 1, bytes([127, 9, 0, n])), who)
PY
ends $!
within 10 "somebody answers DNS-SD" grep -q up "$W/mdns"
like "$(ctl discover no.such.host.invalid --wait 2>&1)" "no address is known of no.such.host.invalid" "a name nobody knows is named"
is "$(last unknown)/$(last done)" no.such.host.invalid/0 "and not counted as asked"
ok "the network is asked by DNS-SD" ctl discover dns-sd --wait
is "$(js discover list --what new | jq -r '.found[] | [.address, .source, .model, .location, .formats] | join(" ")')" \
	"127.9.0.7 dnssd Maker M 7 Attic application/pdf" "who is silent by SNMP is taken at its word"
ok "it is taken" ctl discover add 127.9.0.7
is "$(js device show npi7 | jq -r '[.protocol, .transport, .ipp_uri] | join(" ")')" \
	"ipp ipp ipp://127.9.0.7:8631/ipp/print" "as a device that is printed to by IPP"

# ---- v1 and v2c are switched off; a device moves
ok "without v2c" ctl settings set SnmpV1V2c no
is "$(js snmp test 127.9.0.2 | jq -r .outcome)" denied "what speaks both is asked by v3 only"
ok "and back" ctl settings set SnmpV1V2c yes
agent_down "$W/b"
agent_down "$W/c"
sqlite3 "$RIG_DB" "INSERT OR REPLACE INTO device_item SELECT id,
	'mac','00:26:ab:cd:ef:02','snmp',1 FROM device WHERE name='SN-48B-Hall'"
up b 127.9.0.3 'rocommunity sesame' "${b[@]}"
is "$(ctl discover list --what new)" "Nothing was found." "an empty list in words"
ok "it is looked for where it went" ctl discover 127.9.0.0/29 --wait
is "$(js device show SN-48B-Hall | jq -r .address)" 127.9.0.3 "it is followed"
like "$(ctl audit --what device-moved)" "SN-48B-Hall: 127.9.0.3, was 127.9.0.2" "the audit log says so"
