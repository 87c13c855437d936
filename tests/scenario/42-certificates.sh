#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# A device's certificate must be ours, in date, and name a device we know.
. "$(dirname "$0")/lib/scenario.sh"
rig r
# cert NAME URI OPTION...: signed by the rig's own CA
cert() {
	local n=$W/$1

	openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout "$n.key" -subj /CN=x -out "$n.csr" 2>/dev/null
	printf 'subjectAltName=%s\nextendedKeyUsage=clientAuth\n' "$2" >"$n.ext"
	openssl x509 -req -in "$n.csr" -CA "$R/key/ca.crt" -CAkey "$R/key/ca.key" \
		-set_serial 4711 -extfile "$n.ext" -out "$n.crt" "${@:3}" 2>"$W/x.txt" ||
		fail "openssl made $1" "$(cat "$W/x.txt")"
	D_CERT=$n.crt D_KEY=$n.key
	opdp POST /opdp/v1/panel/menu '{"state":"locked"}'
}
refused='^(000|401|403)$'
# 0 days: over as soon as it is made (newer openssl makes none that ended before).
cert expired "URI:urn:uuid:$RIG_DEVICE_ID" -days 0
sleep 1.1
opdp POST /opdp/v1/panel/menu '{"state":"locked"}'
like "$STATUS" $refused "an expired certificate"
cert other "URI:urn:uuid:$(uuid)" -days 10
like "$STATUS" $refused "one for a device nobody knows"
cert nouri "DNS:localhost" -days 10
like "$STATUS" $refused "one that names no device"
cert odd "URI:urn:uuid:../../x" -days 10
like "$STATUS" $refused "one with an odd name"
cert copy "URI:urn:uuid:$RIG_DEVICE_ID" -days 10
like "$STATUS" $refused "one of our CA for this device which was never given out"
unset D_CERT D_KEY
opdp POST /opdp/v1/panel/menu '{"state":"locked"}'
is "$STATUS" 200 "the device's own is good all the while"
out=$(openssl s_client -connect "127.0.0.1:$RIG_HTTPS_PORT" -tls1_1 </dev/null 2>&1)
like "$out" 'no peer certificate available' "TLS 1.1 is refused"
out=$(openssl s_client -connect "127.0.0.1:$RIG_HTTPS_PORT" -tls1_2 </dev/null 2>&1)
like "$out" 'TLSv1\.2' "TLS 1.2 is spoken"
out=$(openssl s_client -connect "127.0.0.1:$RIG_HTTPS_PORT" </dev/null 2>&1)
like "$out" 'TLSv1\.3' "TLS 1.3 is preferred"
ok "the server's certificate is good for its name" curl -sS -o "$W/x" --cacert "$RIG_CA" "https://localhost:$RIG_HTTPS_PORT/"
nok "and for no other" curl -sS -o "$W/x" --cacert "$RIG_CA" --resolve "other.example:$RIG_HTTPS_PORT:127.0.0.1" "https://other.example:$RIG_HTTPS_PORT/"
