#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Somebody on this machine floods the local API: with connections that say
# nothing, with certificates made up, while cupsd is silent. Devices and people
# go on.
# san: yes
# long: 60
. "$(dirname "$0")/lib/scenario.sh"
. "$S_LIB/web.sh"
rig r --conf 'MaxConnections 64' --conf 'NetProcesses 1' --conf 'RequestTimeout 6s'
chmod 777 "$W"
doc a.bin 2000
hold "$W/a.bin" -t mine
as_lp() { setpriv --reuid=lp --regid=lp --clear-groups env PATH=/usr/bin:/bin "$@"; }

# ---- 200 connections that send half a request, as slowly as they may
cat >"$W/slow.py" <<'X'
import os, socket, sys, time
path, n, done = sys.argv[1], int(sys.argv[2]), sys.argv[3]
socks = []
for i in range(n):
    s = socket.socket(socket.AF_UNIX)
    try:
        s.connect(path)
        s.send(b'POST /api/v1/users/import HTTP/1.1\r\nContent-Type: application/json\r\n'
               b'Content-Length: 4000000\r\n\r\n{"csv":"')
    except OSError:
        pass
    socks.append(s)
    time.sleep(0.005)
open(done, 'w').close()
end = time.time() + 15
left = socks
while left and time.time() < end:
    still = []
    for s in left:
        s.setblocking(False)
        try:
            s.send(b'a')
            if s.recv(4096):
                still.append(s)
        except BlockingIOError:
            still.append(s)
        except OSError:
            pass
    left = still
    time.sleep(0.2)
print(len(left))
X
cat >"$W/device.py" <<'X'
# One connection of a device, kept: a request, the flood, a request.
import http.client, os, ssl, sys, time
host, port, ca, crt, key, ready, go = sys.argv[1:]
c = ssl.create_default_context(cafile=ca)
c.load_cert_chain(crt, key)
h = http.client.HTTPSConnection(host, int(port), context=c, timeout=10)
def ask():
    h.request('GET', '/opdp/v1/device/config')
    r = h.getresponse()
    r.read()
    return r.status
print(ask(), flush=True)
h.auto_open = 0
open(ready, 'w').close()
end = time.time() + 20
while not os.path.exists(go) and time.time() < end:
    time.sleep(0.05)
try:
    print(ask())
except Exception as e:
    print(type(e).__name__, e)
X
python3 "$W/device.py" localhost "$RIG_HTTPS_PORT" "$RIG_CA" "$RIG_DEVICE_CERT" \
	"$RIG_DEVICE_KEY" "$W/ready" "$W/flooded" >"$W/device.out" 2>&1 &
device=$!
within 5 "a device has a connection" test -e "$W/ready"
as_lp python3 "$W/slow.py" "$RIG_API_SOCK" 200 "$W/flooded" >"$W/slow.out" 2>&1 &
slow=$!
within 10 "somebody floods the local API" test -e "$W/flooded"
wait $device
is "$(tr '\n' ' ' <"$W/device.out")" "200 200 " "the device's connection stays, and is answered"
SECONDS=0
api GET /status
is "$STATUS" 200 "the local API answers meanwhile"
login_card "$RIG_ANNA_CARD"
is "$(j .result)" ok "and a panel"
logout
if [ -n "$(ls "$R/cups/people" 2>/dev/null)" ]; then
	page anna jobs.cgi
	like "$PAGE" '>mine</a>' "and a page"
else
	skip "and a page" "needs libpam-wrapper"
fi
if [ $SECONDS -le 5 ]; then pass "at once"; else fail "at once" "$SECONDS s"; fi
wait $slow
is "$(cat "$W/slow.out")" 0 "after RequestTimeout none of them is left"

# ---- certificates that nobody gave
cat >"$W/certs.py" <<'X'
import collections, os, socket, sys, threading
path, n, each = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
got = collections.Counter()
def one():
    for _ in range(each):
        s = socket.socket(socket.AF_UNIX)
        s.settimeout(20)
        try:
            s.connect(path)
            s.send(b'GET /api/v1/me HTTP/1.1\r\nConnection: close\r\nAuthorization: Local '
                   + os.urandom(16).hex().encode() + b'\r\n\r\n')
            got[s.recv(4096).split(b' ')[1].decode()] += 1
        except (OSError, IndexError):
            got['cut'] += 1
        s.close()
ts = [threading.Thread(target=one) for _ in range(n)]
[t.start() for t in ts]
[t.join() for t in ts]
print(' '.join(sorted(got)))
X
as_lp python3 "$W/certs.py" "$RIG_API_SOCK" 25 20 >"$W/certs.out" 2>&1 &
flood=$!
for _ in 1 2 3; do
	login_password anna "$RIG_ANNA_PASSWORD"
	is "$(j .result)" ok "people log in with their passwords meanwhile"
	logout
done
wait $flood
unlike "$(cat "$W/certs.out")" '200|500' "none of 500 certificates made somebody of one"
like "$(cat "$W/certs.out")" '401' "cupsd knows none of them"

# ---- a cupsd that takes connections and says nothing
cat >"$W/silent.py" <<'X'
import os, socket, sys
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1])
os.chmod(sys.argv[1], 0o777)
s.listen(100)
kept = []
while True:
    kept.append(s.accept()[0])
X
python3 "$W/silent.py" "$W/silent.sock" &
silent=$!
within 5 "there is a silent cupsd" test -S "$W/silent.sock"
sed -i "s|^CupsSocket .*|CupsSocket $W/silent.sock|" "$RIG_CONF"
"$RIG" restart "$R" >/dev/null 2>&1
as_lp python3 "$W/certs.py" "$RIG_API_SOCK" 20 1 >"$W/certs.out" 2>&1 &
flood=$!
sleep 1
SECONDS=0
login_password anna "$RIG_ANNA_PASSWORD"
is "$STATUS $(j .result)" "200 ok" "somebody at a panel does not wait for it"
wait $flood
is "$(cat "$W/certs.out")" 503 "pages are told that cupsd cannot be asked"
if [ $SECONDS -le 12 ]; then pass "soon"; else fail "soon" "$SECONDS s"; fi
kill $silent
