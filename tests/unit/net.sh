#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The role net in front of a played core (netstub.c): who may ask, what is
# refused, what a bad client can do to others.  Takes some 20 seconds: it
# waits for the time limits it tests.
set -u
builddir=${builddir:-.}
for need in curl openssl python3; do
	command -v $need >/dev/null || { echo "1..0 # SKIP no $need here"; exit 0; }
done
stub=$(readlink -f "$builddir/tests/unit/netstub")
W=$(mktemp -d) || exit 99
n=0 bad=0
STUB=

finish() {
	[ -z "$STUB" ] || kill "$STUB" 2>/dev/null
	rm -rf "$W"
}
trap finish EXIT
cd "$W" || exit 99

ok() {		# condition's status, words, more
	n=$((n + 1))
	[ "$1" -eq 0 ] && { echo "ok $n - $2"; return; }
	bad=1
	echo "not ok $n - $2"
	[ -z "${3-}" ] || printf '%s\n' "$3" | head -20 | sed 's/^/# /'
}
is() { [ "$1" = "$2" ]; ok $? "$3" "got '$1', wanted '$2'"; }
has() { grep -qF -- "$2" <<<"$1"; ok $? "$3" "$1"; }
hasnt() { ! grep -qF -- "$2" <<<"$1"; ok $? "$3" "$1"; }

# ---- keys, settings, start
key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1.key" 2>/dev/null; }
ca() { key "$1"; openssl req -x509 -new -key "$1.key" -subj "/CN=$1" -days 3 -out "$1.pem" 2>/dev/null; }
device() {	# name, names of it, CA
	key "$1"
	printf 'subjectAltName=%s\nextendedKeyUsage=clientAuth\n' "$2" >ext
	openssl req -new -key "$1.key" -subj "/CN=device" 2>/dev/null |
	openssl x509 -req -CA "$3.pem" -CAkey "$3.key" -CAcreateserial -days 3 \
		-extfile ext -out "$1.pem" 2>/dev/null
}
expired() {	# the same key with a certificate of the day before yesterday
	rm -rf old
	mkdir -p old/certs
	: >old/index
	printf '[ca]\ndefault_ca=c\n[c]\ndatabase=old/index\nnew_certs_dir=old/certs\nrand_serial=yes\ndefault_md=sha256\npolicy=p\nunique_subject=no\n[p]\ncommonName=supplied\n' >old/conf
	printf 'subjectAltName=%s\nextendedKeyUsage=clientAuth\n' "$2" >ext
	openssl req -new -key dev.key -subj "/CN=device" -out old/csr 2>/dev/null
	openssl ca -batch -config old/conf -in old/csr -cert "$3.pem" -keyfile "$3.key" -extfile ext \
		-startdate 20200101000000Z -enddate 20200102000000Z -notext -out "$1.pem" >/dev/null 2>&1
}
ID=3f0c2a9e-6f3b-4f0a-9a55-0d3d0e1f7b21
ca ca; ca stranger; ca cert; mv cert.key key.pem
device dev "URI:urn:uuid:$ID" ca
device nobody "DNS:device.example" ca
device forged "URI:urn:uuid:$ID" stranger
expired expired "URI:urn:uuid:$ID" ca
cat >conf <<END
Jail none
RequestTimeout 2s
KeepAliveTimeout 4s
MaxConnections 100
END
"$stub" . 2 2>stub.log &
STUB=$!
for _ in $(seq 50); do [ -s port ] && break; sleep 0.1; done
U=https://127.0.0.1:$(cat port)
M=$U/opdp/v1/panel/menu
C=(curl -sk --max-time 15)
J=(-H 'Content-Type: application/json')
D=(--cert dev.pem --key dev.key)
code() { "${C[@]}" -o out.txt -w '%{http_code}' "$@"; }
ask() { code "${D[@]}" "${J[@]}" "$@"; }

# ---- TLS
for v in 1.2 1.3; do
	is "$("${C[@]}" "${D[@]}" "${J[@]}" --tlsv$v --tls-max $v -o /dev/null -w '%{http_code}' -d '{}' "$M")" 200 "TLS $v is taken"
done
out=$(openssl s_client -connect "${U#https://}" -tls1_1 -cipher 'ALL:@SECLEVEL=0' </dev/null 2>&1)
has "$out" "alert" "TLS 1.1 is refused"

# ---- who asks
is "$(code "${J[@]}" -d '{}' "$M")" 401 "without a certificate: 401"
has "$(cat out.txt)" '"code":"not-registered"' "as a problem that says so"
is "$(code --cert forged.pem --key forged.key "${J[@]}" -d '{}' "$M")" 401 "a certificate of another CA: 401"
is "$(code --cert nobody.pem --key nobody.key "${J[@]}" -d '{}' "$M")" 401 "a certificate without a device: 401"
is "$(code --cert expired.pem --key dev.key "${J[@]}" -d '{}' "$M")" 401 "a certificate that has expired: 401"
is "$(ask -d '{}' "$M")" 200 "a device is known"
has "$(cat out.txt)" "\"caller_id\":\"$ID\"" "by the id in its certificate"
fp=$(openssl x509 -in dev.pem -outform DER | sha256sum | cut -d' ' -f1)
has "$(cat out.txt)" "\"cert_fp\":\"$fp\"" "with the certificate's fingerprint"
is "$(code -H 'Authorization: Bearer s3cret' "${J[@]}" -d '{}' "$M")" 200 "a token is handed on"
has "$(cat out.txt)" "\"caller_id\":\"$(printf s3cret | sha256sum | cut -d' ' -f1)\"" "as its hash"
is "$(code --unix-socket api.sock http://x/api/v1/status)" 200 "the local API answers"
has "$(cat out.txt)" "\"caller\":4,\"caller_id\":\"\",\"cert_fp\":\"\",\"uid\":$(id -u)" "and knows the caller's uid"
is "$(ask "$U/api/v1/status")" 403 "over HTTPS no device may"
is "$(code "$U/api/v1/status")" 401 "nor who is not logged in"
is "$(code -H 'Authorization: Bearer s3cret' "$U/api/v1/status")" 200 "a person's token is handed on"
has "$(cat out.txt)" "\"caller\":3,\"caller_id\":\"$(printf s3cret | sha256sum | cut -d' ' -f1)\",\"cert_fp\":\"\"" \
	"as its hash, and as a person's"
is "$(code --unix-socket api.sock -d '{}' "${J[@]}" http://x/opdp/v1/panel/menu)" 404 "and the panel not on the socket"

# ---- methods, paths, versions
is "$(ask -X PUT -d '{}' "$M")" 405 "PUT on the menu: 405"
has "$("${C[@]}" "${D[@]}" -X DELETE -i "$M")" "Allow: POST" "with the methods there are"
is "$("${C[@]}" "${D[@]}" -I -o /dev/null -w '%{http_code}' "$M")" 405 "HEAD: 405"
is "$("${C[@]}" "${D[@]}" -X FOO -o /dev/null -w '%{http_code}' "$M")" 501 "FOO: 501"
is "$(ask "$U/opdp/v1/nothing")" 404 "no such path: 404"
is "$(ask -d '{}' "$U/opdp/v2/panel/menu")" 400 "OPDP 2 in the path: 400"
has "$(cat out.txt)" '"supported":["1.0"]' "with the versions there are"
is "$(ask -H 'OPDP-Version: 2.0' -d '{}' "$M")" 400 "and in the header"
is "$(ask -H 'OPDP-Version: 1.7' -d '{}' "$M")" 200 "1.7 is a 1"

# ---- bodies
is "$(code "${D[@]}" -H 'Content-Type: text/plain' -d '{}' "$M")" 415 "text/plain: 415"
is "$(ask -d '[]' "$M")" 400 "no object: 400"
is "$(ask -d '{"menu":7}' "$M")" 400 "a number for a text: 400"
has "$(cat out.txt)" '"detail":"menu must be a string"' "with the member's name"
body() { python3 -c "n=$1-19
print('{\"menu\":\"m\",\"x\":['+','.join(['\"'+'a'*4000+'\"']*(n//4003))+',\"'+'a'*(n-(n//4003)*4003-2)+'\"]}',end='')" >body.txt; }
body 262144
is "$(wc -c <body.txt) $(ask --data-binary @body.txt "$M")" "262144 200" "256 KiB are taken"
body 262145
is "$(wc -c <body.txt) $(ask --data-binary @body.txt "$M")" "262145 413" "one byte more: 413"
has "$(cat out.txt)" '"code":"too-large"' "as a problem"
head -c 3000000 /dev/zero >big
is "$(ask --data-binary @big "$M")" 413 "3 MB: 413"
is "$(ask -H 'Transfer-Encoding: chunked' -d '{"menu":"chunks"}' "$M")" 200 "chunks are taken"
head=$("${C[@]}" "${D[@]}" "${J[@]}" -i -d '{}' "$M")
for h in "Content-Type: application/json" "OPDP-Version: 1.0" "Cache-Control: no-store" "Date: "; do
	has "$head" "$h" "an answer has $h"
done

# ---- problems of core
problem() { ask -d '{"op":"problem","request_id":"r-7","reason":"'"$1"'"}' "$U/opdp/v1/panel/action"; }
is "$(problem quota-exceeded)" 402 "quota-exceeded is 402"
has "$(cat out.txt)" '{"type":"urn:opdp:error:quota-exceeded","status":402,"code":"quota-exceeded","detail":"as \"asked\"","request_id":"r-7"}' "an RFC 9457 body"
is "$(problem job-not-held)" 409 "job-not-held is 409"
is "$(problem something-new)" 500 "what nobody knows is 500"
is "$(ask -d '{"menu":"junk"}' "$M")" 500 "an answer that is none is 500"

# ---- registration
R=$U/opdp/v1/device/register
reg() { python3 - "$1" "$2" <<'PY' >reg.json
import json, sys
print(json.dumps({"activation_key": "7K3QX-9M2TA-4HV0P-ZD6RN", "auth": "mtls",
    "csr_pem": open(sys.argv[1]).read(), "device": {"serial": sys.argv[2]}}))
PY
code "${J[@]}" -d @reg.json "$R"; }
openssl req -new -key dev.key -subj /CN=x -out good.csr 2>/dev/null
openssl req -newkey rsa:1024 -nodes -keyout /dev/null -subj /CN=x -out weak.csr 2>/dev/null
is "$(reg good.csr S1)" 200 "a certificate request is taken without a certificate"
spki=$(openssl req -in good.csr -noout -pubkey | openssl pkey -pubin -outform DER | od -An -tx1 -v | tr -d ' \n')
has "$(cat out.txt)" "\"csr_spki\":\"$spki\"" "its key goes to core"
is "$(reg weak.csr S1)" 400 "RSA of 1024 bits is refused"
is "$(reg /dev/null S1)" 400 "and no request at all"

# ---- the HTML panel
is "$(code "$U/panel/")" 401 "the panel without a certificate: 401"
has "$(cat out.txt)" "<h1>" "as a page"
page=$("${C[@]}" "${D[@]}" -i "$U/panel/?menu=jobs")
has "$page" "Content-Security-Policy: default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'" "a page has the policy"
has "$page" "Anna &lt;b&gt;&amp;amp; &quot;Muster&quot;" "a title is escaped"
hasnt "$page" "<script" "there is no script"
is "$(code "${D[@]}" "$U/panel/panel.css")" 200 "the style sheet is there"
csrf=$(sed -n 's/.*name="_csrf" value="\([0-9a-f]*\)".*/\1/p' <<<"$page" | head -1)
F=(--data-urlencode '_action.b={"op":"release","jobs":"selected","menu":"echo"}' -d _press=b -d _row=j-1 -d _row=j-2 -d _request=r1)
is "$(code "${D[@]}" "${F[@]}" -d "_csrf=$csrf" "$U/panel/action")" 303 "a form with its token is taken"
is "$(code "${D[@]}" "${F[@]}" "$U/panel/action")" 403 "not without it"
is "$(code "${D[@]}" "${F[@]}" -d "_csrf=$csrf" -b opdp_session=other "$U/panel/action")" 403 "nor with the token of another session"
is "$(code "${D[@]}" -d "_csrf=$csrf" -d _request=1 "$U/panel/action")" 400 "nor without a button"
is "$(code "${D[@]}" "$U/panel/action")" 405 "nor as GET"

# ---- bad clients.  Meanwhile someone waits for a core that says nothing.
start=$(date +%s)
ask -d '{"menu":"silent"}' "$M" >silent.txt &
silent=$!
out=$(python3 - "$(cat port)" <<'PY'
import socket, ssl, sys, time
port = int(sys.argv[1])
def raw():
    s = socket.create_connection(("127.0.0.1", port)); s.settimeout(8); return s
def tls(s):
    c = ssl.create_default_context(); c.check_hostname = False
    c.verify_mode = ssl.CERT_NONE; c.load_cert_chain("dev.pem", "dev.key")
    return c.wrap_socket(s)
def until_closed(s, drip=None):
    t = time.time()
    s.settimeout(0.2)
    while time.time() - t < 8:
        try:
            if drip: s.send(drip)
            if s.recv(4096) == b"": break
        except (TimeoutError, socket.timeout, ssl.SSLWantReadError): pass
        except OSError: break
    return time.time() - t
def say(name, seconds, low, high):
    print(name, "yes" if low <= seconds <= high else "no: %.1f s" % seconds)
say("handshake", until_closed(raw()), 1.5, 4)
say("drip", until_closed(tls(raw()), b"x"), 1.5, 4)
s = tls(raw()); s.send(b"POST /opdp/v1/panel/menu HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{")
say("body", until_closed(s, b" "), 1.5, 4)
s = tls(raw()); s.send(b"GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n"); s.recv(4096)
say("idle", until_closed(s), 3.5, 6)
req = b"POST /opdp/v1/panel/menu HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
def post(body): return req % (len(body), body)
s = tls(raw()); s.settimeout(3)
s.send(post(b'{"menu":"one"}') + post(b'{"menu":"two"}') + post(b'{"menu":"three"}'))
got = b""
try:
    while got.count(b"HTTP/1.1 200") < 3 or b"three" not in got: got += s.recv(65536)
except OSError: pass
print("pipeline", "yes" if got.find(b"one") < got.find(b"two") < got.find(b"three") else "no")
for i in range(40):			# ask what is never answered, and leave
    s = tls(raw()); s.send(post(b'{"menu":"silent"}'))
    if i % 2: s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    s.close()
idle = []
for i in range(400):
    s = tls(raw()); s.send(b"GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n"); s.recv(4096); idle.append(s)
s = tls(raw()); s.send(b"GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n")
print("served", "yes" if b"404" in s.recv(4096) else "no")
time.sleep(0.5)
alive = 0
for s in idle:
    s.settimeout(0.0)
    try: alive += s.recv(1) != b""
    except (BlockingIOError, ssl.SSLWantReadError): alive += 1
    except OSError: pass
print("bounded", "yes" if 1 <= alive <= 200 else "no: %d" % alive)
PY
)
for what in handshake drip body idle pipeline served bounded; do
	case $what in
	handshake) words="a handshake that never comes ends after RequestTimeout" ;;
	drip) words="a head byte by byte too" ;;
	body) words="a body byte by byte too" ;;
	idle) words="an idle connection ends after KeepAliveTimeout" ;;
	pipeline) words="three requests at once are answered in turn" ;;
	served) words="after 400 idle connections the next one is served" ;;
	bounded) words="and two processes keep 100 connections each at most" ;;
	esac
	has "$out" "$what yes" "$words"
done
for junk in 'GET' $'GET / HTTP/9.9\r\n\r\n' $'POST /x HTTP/1.1\r\nContent-Length: -5\r\n\r\n' \
    $'POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n' "$(head -c 70000 /dev/zero | tr '\0' A)"; do
	printf '%s' "$junk" | timeout 3 openssl s_client -quiet -connect "${U#https://}" >/dev/null 2>&1
	printf '%s' "$junk" | timeout 3 curl -s --max-time 3 --unix-socket api.sock telnet://x >/dev/null 2>&1
done
is "$(ask -d '{}' "$M")" 200 "junk harms nobody else"

# ---- core
is "$(ask -d '{"menu":"die"}' "$M")" 503 "core dies: 503"
has "$(cat out.txt)" '"code":"backend-unavailable"' "as a problem"
has "$(cat out.txt)" '"retry_after_s":2' "that says when to ask again"
for _ in 1 2 3 4; do ask -d '{"menu":"die"}' "$M" >/dev/null; done
sleep 1.2
is "$(ask -d '{}' "$M") $(ask -d '{}' "$M")" "200 200" "core comes back: so does the service"
wait $silent
took=$(($(date +%s) - start))
is "$(cat silent.txt)" 503 "a core that says nothing: 503"
[ $took -ge 9 ]
ok $? "after 10 s" "$took s"
kill -TERM "$STUB"
wait "$STUB"
is $? 0 "everything ends in good order"
STUB=
hasnt "$(cat stub.log)" "ERROR" "without a finding" 
echo "1..$n"
exit $bad
