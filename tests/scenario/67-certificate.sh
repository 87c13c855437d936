#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# The server's certificate: a request, signed by a test authority, installed,
# seen by panels; wrong ones refused; undone; a crash at every step.
# long: 40
. "$(dirname "$0")/lib/scenario.sh"
rig r
cert() { api "${2:-GET}" "/certificate${1:+/$1}" "${3:-}"; }
file() { jq -Rs '{pem:.}' <"$W/$1"; }
install() { cert install POST "$(file "$1")"; }
# What a new connection is shown
shown() { openssl s_client -connect "127.0.0.1:$RIG_HTTPS_PORT" -servername localhost </dev/null 2>/dev/null | openssl x509 -noout "$@" 2>/dev/null; }
fp() { shown -fingerprint -sha256 | sed 's/.*=//;s/://g' | tr A-F a-f; }
refused() {
	local was=$(fp)

	install "$1"
	is "$STATUS $(j .code) $(j .field)" "422 certificate-refused pem" "$3"
	like "$(j .detail)" "$2" "in plain words"
	is "$(fp)" "$was" "and the old one goes on"
}
new_ca() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout "$W/$1.key" -out "$W/$1.crt" -subj "/CN=$2" -days 90 2>/dev/null
}
# sign NAME CA NOT-AFTER-DAYS [EXTENSIONS]: $W/s.csr to $W/NAME
sign() {
	printf '%s\n' "${4:-subjectAltName=DNS:localhost,IP:127.0.0.1
extendedKeyUsage=serverAuth}" >"$W/ext"
	openssl x509 -req -in "${5:-$W/s.csr}" -CA "$W/$2.crt" -CAkey "$W/$2.key" -days "$3" \
		-set_serial $RANDOM -extfile "$W/ext" -out "$W/$1" 2>"$W/x.txt" ||
		fail "openssl signed $1" "$(cat "$W/x.txt")"
}

# ---- what is there
cert
is "$STATUS" 200 "the certificate is shown"
is "$(j '[.certificate | .self_signed, .warn, .key_type] | join(" ")')" "true false P-256" "self-signed at first"
like "$(j '.certificate.names | join(" ")')" 'localhost.*127\.0\.0\.1' "with its names"
is "$(j .certificate.sha256)" "$(fp)" "it is the one that panels see"
is "$(j '.authority.self_signed')$(j .request)$(j .undo)" truenullnull "the authority of devices, no request, nothing to undo"
is "$(j .server_name)$(j .name_ok)" localhosttrue "it has the server's name"
first=$(fp)

# ---- a request
new_ca ca "Town hall CA"
cert csr POST '{"common_name":"localhost","names":["print.example.com","127.0.0.1"],"organization":"Söhne, Inc. = DNS:evil","country":"de"}'
is "$STATUS" 200 "a request is made"
j .request.csr >"$W/s.csr"
ok "openssl takes it" openssl req -in "$W/s.csr" -noout -verify
out=$(openssl req -in "$W/s.csr" -noout -text -nameopt utf8)
like "$out" 'DNS:localhost, DNS:print.example.com, IP Address:127.0.0.1' "with all names"
like "$out" 'Söhne, Inc. = DNS:evil' "a comma in a name is a comma"
is "$(stat -c %a "$R/key/tls.key.waiting")" 600 "its key waits, readable for root alone"
is "$(fp)" "$first" "the old certificate goes on"
nok "the new key is not the one in use" cmp "$R/key/tls.key.waiting" "$R/key/tls.key"
for b in '{"common_name":"a b"}' '{"common_name":"localhost","names":["x,DNS:y"]}' \
    '{"common_name":"localhost","names":["a\nb"]}' '{"common_name":"localhost","names":"x"}' \
    '{"common_name":"localhost","country":"deu"}' '{"common_name":"localhost","country":"1!"}' \
    '{"common_name":"localhost","key_type":"dsa"}' '{"common_name":""}' '{}' \
    "{\"common_name\":\"localhost\",\"names\":[$(printf '"h%d",' {1..16})\"h\"]}"; do
	cert csr POST "$b"
	is "$STATUS" 400 "no request is made of $(printf %.60s "$b")"
done
cert
is "$(j .request.csr)" "$(cat "$W/s.csr")" "the good one still waits"

# ---- wrong certificates
printf 'hello\n' >"$W/text"
refused text 'PEM' "no certificate at all"
refused s.csr 'PEM' "the request itself"
refused ca.key 'private key' "a private key"
refused ca.crt 'authority|not for this server' "the authority's own"
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$W/o.key" -out "$W/o.csr" -subj /CN=localhost 2>/dev/null
sign other.crt ca 10 "" "$W/o.csr"
refused other.crt 'another key' "one for another key"
sign name.crt ca 10 'subjectAltName=DNS:other.example.com'
refused name.crt 'other.example.com.*localhost' "one for another name"
sign past.crt ca 0
sleep 1.1
refused past.crt 'expired' "one that has expired"
sign client.crt ca 10 'subjectAltName=DNS:localhost
extendedKeyUsage=clientAuth'
refused client.crt 'serverAuth' "one for clients"
openssl req -new -newkey rsa:1024 -nodes -keyout "$W/weak.key" -out "$W/weak.csr" -subj /CN=localhost 2>/dev/null
sign weak.crt ca 10 "" "$W/weak.csr"
refused weak.crt 'weak|another key' "one with a weak key"
new_ca ca2 "Another CA"
sign good.crt ca 20
cat "$W/good.crt" "$W/ca2.crt" >"$W/mixed.crt"
refused mixed.crt 'belong together' "one with a stranger in its chain"
for _ in {1..12}; do cat "$W/good.crt"; done >"$W/many.crt"
refused many.crt 'too many|belong together' "the same one many times"
yes x | head -c 200000 >"$W/long"
install long
like "$STATUS" '^(400|413|422)$' "a text too long"
head -c 3000 /dev/urandom | base64 | sed '1i -----BEGIN CERTIFICATE-----' >"$W/noise"
echo '-----END CERTIFICATE-----' >>"$W/noise"
refused noise 'PEM' "noise in the shape of a certificate"

# ---- the right one, in any order, while panels are connected
mkfifo "$W/in"
openssl s_client -connect "127.0.0.1:$RIG_HTTPS_PORT" -quiet <"$W/in" >"$W/out.txt" 2>/dev/null &
client=$!
exec 7>"$W/in"
printf 'GET /panel/ HTTP/1.1\r\nHost: localhost\r\n\r\n' >&7
within 5 "a panel is connected" grep -q HTTP/1.1 "$W/out.txt"
doc big.bin 900000
hold "$W/big.bin" -t big
id=$(id_of big)
login_card "$RIG_ANNA_CARD"
fault send:mid-data sleep 2500
RID=$(uuid)
release "$id"
unset RID
within 10 "a transfer is half done" fault_hit
cat "$W/ca.crt" "$W/good.crt" >"$W/chain.crt"
install chain.crt
is "$STATUS" 200 "the right one is installed, whatever its order"
is "$(j .certificate.issuer)$(j .certificate.chain)" "CN = Town hall CA2" "with its chain"
is "$(j .request)" null "no request waits any more"
seen() { [ "$(shown -issuer)" = "issuer=CN = Town hall CA" ]; }
within 5 "new connections are shown it" seen
out=$(openssl s_client -connect "127.0.0.1:$RIG_HTTPS_PORT" -CAfile "$W/ca.crt" -verify_return_error </dev/null 2>&1)
like "$out" 'Verify return code: 0' "it verifies up to the authority"
n=$(grep -c HTTP/1.1 "$W/out.txt")
printf 'GET /panel/ HTTP/1.1\r\nHost: localhost\r\n\r\n' >&7
within 5 "the panel that was connected goes on on its connection" eval '[ "$(grep -c HTTP/1.1 "$W/out.txt")" -gt '"$n"' ]'
within 20 "the transfer ended well" state_is "$id" sent
is "$(copies_of "$W/big.bin")" 1 "and is on paper once"
exec 7>&-
kill $client 2>/dev/null
is "$(stat -c %a "$R/key/tls.key") $(stat -c %a "$R/key/tls.key.undo")" "600 600" "keys are for root alone"
nok "no key waits any more" test -e "$R/key/tls.key.waiting"
OLD_CA=$RIG_CA
RIG_CA=$W/ca.crt
login_card "$RIG_ANNA_CARD"
is "$(j .result)" ok "a device logs somebody in over it"
is "$(audit certificate-installed)" 2 "the audit log has it, and the one for another key"
is "$(audit certificate-refused)" 1 "which was refused"

# Two authorities that vouch for each other: a chain without an end
printf 'basicConstraints=critical,CA:TRUE\n' >"$W/loop.ext"
for n in ca:ca2 ca2:ca; do
	openssl x509 -x509toreq -in "$W/${n%:*}.crt" -signkey "$W/${n%:*}.key" 2>/dev/null |
		openssl x509 -req -CA "$W/${n#*:}.crt" -CAkey "$W/${n#*:}.key" -CAcreateserial -days 10 \
			-extfile "$W/loop.ext" -out "$W/loop-${n%:*}.crt" 2>/dev/null
done
cat "$W/loop-ca2.crt" "$W/other.crt" "$W/loop-ca.crt" >"$W/loop.crt"
is "$(grep -c BEGIN "$W/loop.crt")" 3 "there is a chain in a circle"
SECONDS=0
refused loop.crt 'another key|belong together' "one for another key with such a chain"
if [ $SECONDS -le 5 ]; then pass "is refused at once"; else fail "is refused at once" "$SECONDS s"; fi
{ cat "$W/good.crt"; yes "$(head -c 60 /dev/zero | tr '\0' A)" | head -c 1000000; } >"$W/long"
was=$(fp)
install long
like "$STATUS" '^(400|413|422)$' "1 MB of text"
is "$(fp)" "$was" "changes nothing"

install chain.crt
is "$STATUS $(j .code)" "422 certificate-refused" "the same again is not needed"

# ---- the warning
cert
is "$(j '.certificate | [.warn, .days_left] | join(" ")')" "true 19" "20 days left: that is a warning"
warned() { api GET /status; [ "$(j '.warnings[0].code')" = certificate-expires ]; }
within 5 "in the status" warned
like "$(grep -a 'expires soon' "$RIG_LOG")" 'which=server.*days=19' "and in the log"
like "$("$RIG_CTL" status)" 'Warning: .*expires' "and in releasectl status"
"$RIG" restart "$R"
within 5 "a new start uses what was installed" seen
within 5 "and warns" warned

# ---- undo, self-signed
api POST /certificate/undo
is "$STATUS $(j .certificate.sha256)" "200 $first" "undo brings back the first one"
within 5 "new connections see it" eval '[ "$(fp)" = "$first" ]'
api POST /certificate/undo
is "$STATUS $(j .code)" "409 nothing-to-undo" "once"
install chain.crt
is "$STATUS" 200 "the key of what was undone is kept: it can be installed again"
api POST /certificate/self-signed
is "$STATUS $(j .certificate.self_signed)" "200 true" "a new self-signed one"
within 5 "is shown" eval '[ "$(shown -issuer)" = "$(shown -subject | sed s/subject/issuer/)" ]'
nok "and is another than the first" eval '[ "$(fp)" = "$first" ]'
api POST /certificate/undo
within 5 "undone, too" seen

# ---- releasectl
like "$(ctl certificate show)" 'Issuer: +CN = Town hall CA' "releasectl certificate show"
ctl certificate csr localhost --key-type rsa --output "$W/s.csr" >/dev/null
like "$(openssl req -in "$W/s.csr" -noout -text)" '3072 bit' "releasectl certificate csr, RSA"
sign rsa.crt ca 90
like "$(ctl certificate install "$W/rsa.crt")" 'Key: +RSA 3072' "releasectl certificate install"
rsa() { shown -text | grep -q '3072 bit'; }
within 5 "an RSA certificate takes the place of the other, for all clients" rsa
like "$(ctl certificate undo)" 'Key: +P-256' "releasectl certificate undo"
like "$(ctl certificate install /etc/hostname; echo $?)" 'PEM.*1$' "a refusal in words"

# ---- a crash between any two steps
S_MAY_DIE=1
for point in super:tls-key-ready super:tls-between; do
	cert csr POST '{"common_name":"localhost"}'
	j .request.csr >"$W/s.csr"
	sign "$point" ca 60
	was=$(fp)
	fault "$point" kill
	install "$point"
	is "$STATUS" 503 "$point: killed there, and so answered"
	sleep 1
	"$RIG" restart "$R" >/dev/null 2>&1
	within 10 "$point: it starts and serves" eval '[ -n "$(fp)" ]'
	case $point in
	*ready) is "$(fp)" "$was" "$point: the old one" ;;
	*) is "$(fp)" "$(openssl x509 -in "$W/$point" -noout -fingerprint -sha256 | sed 's/.*=//;s/://g' | tr A-F a-f)" "$point: the new one" ;;
	esac
	nok "$point: nothing is left half done" test -e "$R/key/tls.key.next"
	install "$point"
	like "$STATUS" '^(200|422)$' "$point: it can be installed, if it is not"
	is "$(fp)" "$(openssl x509 -in "$W/$point" -noout -fingerprint -sha256 | sed 's/.*=//;s/://g' | tr A-F a-f)" "$point: at last it is in use"
done
RIG_CA=$OLD_CA
