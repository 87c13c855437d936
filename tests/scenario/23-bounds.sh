#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# san: yes
# Bad input: a clear error to the one who sent it, and everyone else goes on.
. "$(dirname "$0")/lib/scenario.sh"
rig r
U=/opdp/v1/panel/action
pad() { printf '{"op":"logout","session_id":null,"x":"'; head -c "$1" /dev/zero | tr '\0' a; printf '"}'; }
many() { printf '{"op":"logout","x":['; seq -s, 2 | head -c -1; for i in $(seq 65); do printf ',"%s"' "$(head -c 4000 /dev/zero | tr '\0' a)"; done; printf ',"%s"]}' "$(head -c "$1" /dev/zero | tr '\0' a)"; }
body=$(many 1); size=${#body}
body=$(many $((262144 - size + 1)))
opdp POST $U "$body"
is "${#body} $STATUS" "262144 200" "a body of exactly 256 KiB is taken"
body=$(many $((262144 - size + 2)))
opdp POST $U "$body"
is "${#body} $STATUS $(j .code)" "262145 413 too-large" "one byte more is not"
opdp POST $U "$(pad 4097)"
is "$STATUS" 400 "a string over 4096 bytes is refused"
try() { opdp POST $U "$1"; is "$STATUS $(j .code)" "400 bad-request" "$2"; }
try '{"op":"logout"' "half a JSON"
try '{"op":"logout","op":"list"}' "a key twice"
try '[]' "an array"
try '{"op":17}' "a number for a word"
try '{}' "no op"
try "$(printf '{"op":"logout","x":%s1%s}' "$(printf '[%.0s' {1..40})" "$(printf ']%.0s' {1..40})")" "nested too deep"
try "$(printf '{"op":"log\\u0000out"}')" "a NUL in a string"
try "$(printf '{"op":"\xff\xfe"}')" "bytes that are no UTF-8"
try '{"op":"fly-away"}' "an op nobody knows"
opdp POST $U '{"op":"logout","session_id":null,"new-member":{"a":1}}'
is "$STATUS" 200 "an unknown member is ignored"
opdp GET $U
is "$STATUS" 405 "GET on an action" 
opdp POST /opdp/v1/nothing '{}'
is "$STATUS" 404 "a path nobody knows"
opdp POST /opdp/v2/panel/menu '{}'
is "$STATUS $(j .code) $(j '.supported[0]')" "400 version-not-supported 1.0" "another version"
opdp POST '/opdp/v1/panel/../../../etc/passwd' '{}'
like "$STATUS" '^40[04]' "a path that climbs"
for raw in 'GET' $'GET / HTTP/9.9\r\n\r\n' $'POST /opdp/v1/panel/action HTTP/1.1\r\nContent-Length: -5\r\n\r\n' \
    $'POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n' "$(head -c 70000 /dev/zero | tr '\0' A)"; do
	printf '%s' "$raw" | timeout 3 openssl s_client -quiet -connect "127.0.0.1:$RIG_HTTPS_PORT" \
		-cert "$RIG_DEVICE_CERT" -key "$RIG_DEVICE_KEY" >/dev/null 2>&1
done
head -c 5000 /dev/urandom | timeout 3 socat - "TCP:127.0.0.1:$RIG_HTTPS_PORT" >/dev/null 2>&1
head -c 5000 /dev/urandom | timeout 3 socat - "UNIX:$RIG_API_SOCK" >/dev/null 2>&1
head -c 5000 /dev/urandom | timeout 3 socat - "UNIX:$RIG_INTAKE_SOCK" >/dev/null 2>&1
login_card "$RIG_ANNA_CARD"
is "$(j .result)" ok "after all this the next person logs in"
doc a.bin 100
hold "$W/a.bin" -t after
is "$(count held)" 1 "and prints"
opdp POST $U '{"op":"logout","session_id":null}'
like "$HEAD" '[Dd]ate: ' "every answer carries the date"
like "$HEAD" '[Oo][Pp][Dd][Pp]-[Vv]ersion: 1' "and the version"
