#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# How safe devices are: one that lets everything in, one that does not, and one
# that is away.
. "$(dirname "$0")/lib/scenario.sh"
. "$S_SRC/tests/rig/lib/agents.sh"
[ -n "$SNMPD" ] || skip_all "needs snmpd"
export RIG_LEVEL=2 RIG_DEVICE_API=1
rig r
bad=127.9.4.1 good=127.9.4.2
js() { "$RIG_CTL" --json "$@" 2>/dev/null; }
of() { js posture show "$1" | jq -r ".findings[] | select(.key == \"$2\") | \"\(.verdict): \(.evidence)\""; }
verdicts() { js posture show "$1" | jq -r "[.findings[] | select(.verdict == \"$2\") | .key] | sort | join(\" \")"; }

# ---- the devices: snmpd, TLS of openssl, and ports that listen
agent "$W/bad" 161 $bad 'rocommunity public' 'createUser otto SHA-256 "open the door"' 'rouser otto' 'sysDescr a printer' && ends "$(cat "$W/bad/child")" || bail "snmpd: $(tail -3 "$W/bad/log")"
cert() { openssl req -x509 -newkey "rsa:$1" -nodes -keyout "$W/$2.key" -out "$W/$2.crt" -days "$3" -subj "/CN=$4" -addext "subjectAltName=IP:$5" 2>/dev/null; }
cert 1024 bad 10 old.example 127.9.4.9
cert 2048 good 400 good.example $good
tls() { OPENSSL_CONF=/dev/null openssl s_server -quiet -accept "$1:443" -cert "$W/$2.crt" -key "$W/$2.key" "${@:3}" >"$W/$2.tls" 2>&1 & ends $!; }
tls $bad bad -no_tls1_2 -no_tls1_3 -cipher 'ALL:@SECLEVEL=0'
tls $good good -no_tls1 -no_tls1_1
python3 - $bad 21 23 80 9100 <<'EOP' >"$W/ports" 2>&1 &
import socket, sys, threading
def serve(port):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind((sys.argv[1], port))
    s.listen(20)
    while True:
        c, _ = s.accept()
        c.settimeout(2)
        try:
            got = c.recv(4096)
            if port == 9100 and got:
                print("PRINTED", len(got), flush=True)
            if port == 80:
                c.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello")
        except OSError:
            pass
        c.close()
for p in sys.argv[2:]:
    threading.Thread(target=serve, args=(int(p),)).start()
EOP
ends $!
up() { for p in 21 23 80 443; do (: <>/dev/tcp/$bad/$p) 2>/dev/null || return 1; done; (: <>/dev/tcp/$good/443) 2>/dev/null; }
within 10 "the devices are there" up
for d in bad good; do ctl device add $d --lpr "${!d}:515" >/dev/null; done
ctl device add away --lpr nowhere.invalid:515 >/dev/null

# ---- never looked at
is "$(js posture list | jq -r '"\(.score) \(.looked)"')" "null 0" "nothing is known before anybody looks"
like "$(ctl posture show bad)" "score unknown of 100, looked at: never" "and a device says so"

# ---- looking
ctl posture run bad --wait >"$W/shown" &
look=$!
ctl posture run all >/dev/null
wait $look; is $? 0 "a look ends"
all_done() { [ "$(js posture list | jq .waiting)" = 0 ]; }
within 30 "all are looked at" all_done
like "$(cat "$W/shown")" "telnet.*open: tcp/23.*Switch Telnet off" "it says what is wrong, what was seen, what to do"
is "$(verdicts bad bad)" "certificate-expired certificate-name certificate-self-signed certificate-weak ftp no-control plain-pages raw-print snmp-old snmp-usual telnet tls-old" "all that is wrong is found"
is "$(of bad snmp-old)" "bad: answered: v1,v2c,v3" "versions of SNMP"
is "$(of bad snmp-usual)" "bad: answered to: public" "the community it answers"
is "$(of bad tls-old)" "bad: takes 1.0,1.1" "versions of TLS"
is "$(of bad certificate-weak)" "bad: RSA 1024, SHA256" "its key"
like "$(of bad no-802.1x)" "^unknown: cannot be seen from here" "what only the device knows is not guessed"
is "$(verdicts good bad)" "certificate-self-signed no-control" "little is wrong with the other one"
is "$(of good tls-old)" "good: takes 1.2,1.3" "new TLS"
is "$(of good certificate-name)" "good: CN = good.example" "the name of its certificate fits"
scores=$(js posture show bad | jq .score),$(js posture show good | jq .score)
ok "scores are apart: $scores" test "${scores%,*}" -lt 60 -a "${scores#*,}" -gt 85
like "$(js posture show away | jq -r '"\(.score) \(.problem)"')" "^null \"nowhere.invalid\" has no address" "one that is away has no score, and says why"
nok "no byte went to the port that prints" grep PRINTED "$W/ports"

# ---- the fleet
js posture list >"$W/fleet"
is "$(jq -r '.worst[0].device' "$W/fleet")" bad "the worst comes first"
is "$(jq -r '.findings[] | select(.key == "no-control") | .devices' "$W/fleet")" 3 "findings by number of devices"
ctl posture list --csv >"$W/csv"
like "$(grep ^bad, "$W/csv" | head -1)" "^bad,[0-9]+,20[0-9-]+T[^,]+,[a-z-]+," "as CSV"
is "$(ctl posture run good)" "It was looked at within the last minute: releasectl posture show good" "not again within a minute"
nok "nobody else may see it" ctl_as daemon posture list

# ---- a device of OPDP level 2: what it obeys counts, USB each by itself
is "$(of "$RIG_DEVICE_ID" usb-print) $(of "$RIG_DEVICE_ID" usb-scan)" "good: print from USB: deny good: scan to USB: deny" "USB is closed while nobody is logged in"
ctl access set scan-to-usb open --for nobody >/dev/null
is "$(of "$RIG_DEVICE_ID" usb-print) $(of "$RIG_DEVICE_ID" usb-scan)" "good: print from USB: deny bad: scan to USB: allow" "each is seen by itself"
reports() { [ "$(of "$RIG_DEVICE_ID" tcp-filter)" = "good: it reports: 127.0.0.0/8" ]; }
within 10 "what it reports of its filter of addresses" reports
is "$(of "$RIG_DEVICE_ID" no-802.1x)" "bad: it reports: off" "and of 802.1X"
is "$(of "$RIG_DEVICE_ID" no-tls | cut -d: -f1)" good "TLS is seen at the port of its API"
