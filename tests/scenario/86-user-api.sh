#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# san: yes
# long: 60
# The local API over HTTPS, for people who log in: a whole day of one, and what
# a token does not open.
. "$(dirname "$0")/lib/scenario.sh"
. "$S_LIB/user.sh"
. "$S_LIB/web.sh"
command -v gs >/dev/null || skip_all "needs ghostscript"
S_MAY_DIE=1
rig r
mixed "$W/five.pdf" 5

# ---- coming in
web GET /jobs
gives 401 "nobody asks without a token" not-logged-in
like "$HEAD" $'WWW-Authenticate: Bearer\r' "and is told which"
enter anna "$RIG_ANNA_PASSWORD" "phone"
gives 201 "anna logs in"
like "$T" '^[A-Za-z0-9_-]{43}$' "and has a token"
like "$HEAD" 'Cache-Control: no-store' "which nobody may keep"
unlike "$HEAD" 'Set-Cookie|Access-Control' "there is no cookie, and no other site may ask"
PHONE=$T
sum=$(printf %s "$T" | sha256sum | cut -c1-64 | tr a-f A-F)
is "$(sqlite3 "$RIG_DB" 'SELECT hex(hash) FROM login')" "$sum" "the database has its hash"
nok "and never the token" grep -aqF "$T" "$RIG_DB" "$RIG_DB-wal"
nok "nor has the log" grep -aqF "$T" "$R/log/releaserd"

# ---- a day
prices <<<$'mono 0.05\ncolour 0.20'
rules <<'X'
rule "Sure?"
  when title "Asked*"
  ask "Really?"
rule "Boss"
  when title "Poster*"
  approve by "Bosses"
X
is "$STATUS" 201 "there are prices and rules"
api POST /users '{"name":"bert","password":"bert-4711"}'
api POST /groups '{"name":"Bosses"}'
api PATCH /groups/Bosses '{"op":"add","name":"bert"}'
is "$STATUS" 200 "bert approves"
print Report "$W/five.pdf"
print "Asked for" "$W/five.pdf"
print Poster "$W/five.pdf"
within 15 "three jobs are held" held_is 3
web GET /jobs
is "$STATUS $(j '.jobs|length')" "200 3" "her jobs"
report=$(id_of Report) asked=$(id_of "Asked for") poster=$(id_of Poster)
web GET "/jobs/$report"
is "$STATUS $(j .charge.micro)" "200 550000" "what it would cost"
web POST "/jobs/$report/options" '{"options":{"color":"mono","copies":2}}'
is "$STATUS $(j .charge.micro)" "200 500000" "and in black and white, twice"
web POST "/jobs/$report/options" '{"options":{"color":"plaid"}}'
gives 400 "there is no such colour" bad-request
web GET '/waiting?kind=question'
is "$STATUS $(j '[.jobs[].title]|tostring')" '200 ["Asked for"]' "a question waits for her"
web POST "/jobs/$asked/answer" '{"answer":"as-is"}'
gives 200 "she answers"
web GET '/waiting?kind=question'
is "$STATUS $(j '.jobs|length')" "200 0" "and none is left"
web POST "/jobs/$poster/approval" '{"answer":"approve"}'
gives 403 "she does not approve her own" forbidden
web POST "/jobs/$report/release" "{\"device\":\"$RIG_DEVICE_ID\"}" -H 'Idempotency-Key: k-1'
gives 202 "she has a job printed"
web POST "/jobs/$report/release" "{\"device\":\"$RIG_DEVICE_ID\"}" -H 'Idempotency-Key: k-1'
is "$STATUS $(grep -c '^Idempotent-Replay: true' <<<"$HEAD")" "202 1" "once, though it was asked for twice"
within 15 "it comes out" state_is "$report" sent
is "$(printed)" 1 "once"
paid() { web GET /accounts/anna/statement; [[ $BODY = *-0.5* ]]; }
within 5 "her statement has what she paid" paid
web GET /accounts/bert/statement
gives 403 "and nobody else's" forbidden
enter bert bert-4711
web GET '/waiting?kind=approval'
is "$STATUS $(j '[.jobs[].id]|tostring')" "200 [\"$poster\"]" "bert sees what he can approve"
web POST "/jobs/$poster/approval" '{"answer":"approve"}'
gives 200 "and does"
for path in "/jobs/$asked" "/jobs/$asked/explain"; do
	web GET "$path"
	like "$STATUS" '^40[34]$' "anna's other job is not for him: GET $path"
	unlike "$BODY" Asked "and its title is not said"
done
web DELETE "/jobs/$asked"
like "$STATUS" '^40[34]$' "nor to be deleted"
BERT=$T

# ---- roles
api PATCH /roles/bert '{"role":"administrator"}'
for path in /settings /users /roles /audit /ports "/users/anna" /ledger/check; do
	web GET "$path"
	gives 403 "an administrator is a mere user here: $path" forbidden
done
api POST /settings '{"changes":{"UserApiRoles":"helpdesk"}}'
role_is() { web GET /me; [ "$(j .role)" = "$1" ]; }
within 5 "a setting lets roles count" role_is helpdesk
web GET /users/anna
gives 200 "the help desk sees users"
web GET /settings
gives 403 "and nothing more" forbidden
api POST /settings '{"changes":{"UserApiRoles":null}}'
api PATCH /roles/bert '{"role":"user"}'

# ---- two kinds of callers
D_CERT= opdp GET /opdp/v1/device/config '' "Authorization: Bearer $BERT"
is "$STATUS" 401 "a person's token is no device's"
unset D_CERT
web GET /jobs '' --cert "$RIG_DEVICE_CERT" --key "$RIG_DEVICE_KEY"
gives 403 "a device is nobody, though it shows a token" forbidden
T=
web POST /login '{"name":"anna","password":"x"}' --cert "$RIG_DEVICE_CERT" --key "$RIG_DEVICE_KEY"
gives 403 "and nobody logs in at one" forbidden
web GET /jobs '' -H "Cookie: token=$BERT; opdp_session=$BERT"
gives 401 "a cookie is not read" not-logged-in
web GET "/jobs?access_token=$BERT"
gives 401 "nor a token in an address" not-logged-in
web OPTIONS /jobs '' -H 'Origin: https://evil.example' -H 'Access-Control-Request-Method: GET'
is "$STATUS $(grep -ci '^access-control' <<<"$HEAD")" "405 0" "no page of another site may ask"
api POST /login '{"name":"anna","password":"x"}'
is "$STATUS" 404 "nobody logs in on the socket"

# ---- words that are no token
for auth in "Bearer" "Bearer " "Bearer  " "bearer x" "Basic YW5uYTp4" "Bearer $PHONE$PHONE" \
    "Bearer $(printf 'a%.0s' {1..5000})" "Bearer ${PHONE:0:42}" "Bearer $PHONE x" $'Bearer \xff\xfe' \
    "Local 0123456789abcdef0123456789abcdef" "Digest username=anna"; do
	web GET /me '' -H "Authorization: $auth"
	is "$STATUS" 401 "no token: ${auth:0:20}"
done
like "$(curl -s --max-time 20 --cacert "$RIG_CA" -o /dev/null -w '%{http_code}' "$RIG_SERVER_URL/api/v1/me" \
	-H "Authorization: Bearer $(printf 'a%.0s' {1..20000})")" '^(4..|000)$' "nor is one that is longer than any header"
web GET /me '' -H "Authorization: bEaReR $PHONE"
gives 200 "small and capital letters are the same before it"
T=${PHONE:0:42}x
web GET /me
like "$HEAD" 'WWW-Authenticate: Bearer error="invalid_token"' "one that is none is called so"

# ---- where she is logged in
T=$PHONE
web GET /me/sessions
is "$STATUS $(j '.sessions|length') $(j '.sessions[0].for')" "200 1 phone" "she sees her phone"
enter anna "$RIG_ANNA_PASSWORD" $'tablet'
LIST=$(ctl session list --user anna)
like "$LIST" 'phone +127.0.0.1' "releasectl session list shows both"
like "$LIST" 'tablet' "to the help desk"
if [ -n "$(ls "$R/cups/people" 2>/dev/null)" ]; then
	page anna me.cgi
	like "$PAGE" 'Where I am logged in.*' "the page says where"
	like "$PAGE" '>phone<' "with what they are called"
	api GET /users/anna/sessions
	submit anna me.cgi do=login-end "id=$(j '.sessions[] | select(.for == "tablet") | .id')"
	web GET /me
	gives 401 "a button of the page ends one" not-logged-in
	T=$PHONE
	web GET /me
	gives 200 "and not the other"
else
	skip "the page says where she is logged in" "needs libpam-wrapper and libnss-wrapper"
	web POST /logout
fi
T=$PHONE

# ---- it is good after a crash and a restart
kill -9 "$(role_pids core)"
up() { web GET /me; [ "$STATUS" = 200 ]; }
within 10 "the token is good when core comes again" up
ok "releaserd is restarted" "$RIG" restart "$R"
within 5 "the token is good then, too" up

# ---- and ends
ctl session end --user anna >/dev/null
web GET /me
gives 401 "an operator ends all of hers" not-logged-in
enter anna "$RIG_ANNA_PASSWORD"
web PATCH /me '{"password":"another-4711","current_password":"wrong"}'
gives 401 "a wrong password changes none" bad-credential
unlike "$HEAD" invalid_token "and the token is not to blame"
web PATCH /me "$(jq -cn --arg p "$RIG_ANNA_PASSWORD" '{password: "another-4711", current_password: $p}')"
gives 200 "a new password"
web GET /me
gives 401 "ends the token" not-logged-in
enter anna another-4711
web POST /logout
gives 204 "who logs out"
web GET /me
gives 401 "is logged out" not-logged-in
enter bert bert-4711
api PATCH /users/bert '{"disabled":true}'
web GET /me
gives 401 "a closed account has no token" not-logged-in
T=
web POST /login '{"name":"bert","password":"bert-4711"}'
closed=$BODY
gives 401 "and gets none" bad-credential
web POST /login '{"name":"nobody","password":"x"}'
is "$BODY" "$closed" "nor is it told from one that is not there"
api GET '/audit?what=logged-in&limit=1'
is "$(j '.audit[0]|"\(.who) \(.detail)"')" "bert 127.0.0.1" "the audit log has who came in"

# ---- wrong passwords
for i in 1 2 3; do
	enter anna "wrong $i"
	gives 401 "wrong once more" bad-credential
done
enter anna another-4711
gives 429 "three wrong ones within the time: not even the right one" locked-out
like "$HEAD" 'Retry-After: [0-9]+' "and when to come again"
login_password anna another-4711
is "$(j .reason)" locked-out "nor at a panel"
api POST /users/anna/unlock
enter anna another-4711
gives 201 "the help desk unlocks"

# ---- bodies that are none
cat >"$W/odd.py" <<'X'
# Every body to every door of people; nothing but a refusal may come back.
import http.client, json, ssl, sys
host, port, ca, token = sys.argv[1:]
ctx = ssl.create_default_context(cafile=ca)
good = '{"name":"anna","password":"%s"}'
bodies = [b"", b"{", b"[]", b"null", b"{}", b'"x"', b"\xff\xfe", b"\0" * 50, good.encode()[:-1],
    b'{"name":"a","name":"b","password":"x"}', b'{"name":7,"password":"x"}', b'{"name":"a","password":[]}',
    b'{"name":"a","password":""}', b'{"name":"","password":"x"}', b'{"name":"a\\u0000b","password":"x"}',
    b'{"name":"a\\u0007","password":"x"}', b'{"name":"\\ud800","password":"x"}',
    ('{"name":"%s","password":"x"}' % ("n" * 84)).encode(), ('{"name":"a","password":"%s"}' % ("p" * 129)).encode(),
    ('{"name":"a","password":"x","for":"%s"}' % ("f" * 65)).encode(), b'{"name":"a","password":"x","for":"a\\nb"}',
    ('{"a":' * 40 + "1" + "}" * 40).encode(), ("[" * 100000).encode(), ('{"x":"%s"}' % ("y" * 270000)).encode(),
    ('{"x":"%s"}' % ("y" * 2000000)).encode()]
bad = []
def one(method, path, body, more={}):
    c = http.client.HTTPSConnection(host, int(port), context=ctx, timeout=10)
    try:
        c.request(method, path, body, {"Content-Type": "application/json", **more})
        s = c.getresponse().status
    except (ConnectionError, http.client.HTTPException, ssl.SSLError, TimeoutError):
        s = 0               # it was closed while it was still sent
    c.close()
    return s
for b in bodies:
    s = one("POST", "/api/v1/login", b)
    if not (400 <= s < 500 or (s == 0 and len(b) > 262144)):
        bad.append("login %r: %d" % (b[:40], s))
    s = one("POST", "/api/v1/me/cards", b, {"Authorization": "Bearer " + token})
    if not (400 <= s < 500 or (s == 0 and len(b) > 262144)):
        bad.append("cards %r: %d" % (b[:40], s))
for ct in ("", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
    if one("POST", "/api/v1/login", b'{"name":"a","password":"x"}', {"Content-Type": ct}) not in (400, 415):
        bad.append("type " + ct)
for path in ("/api/v1/me/sessions/%00", "/api/v1/me/sessions/" + "9" * 300, "/api/v1/me/sessions/-1",
    "/api/v1/users/%2e%2e%2f/sessions", "/api/v1/users/%ff/sessions", "/api/v1/jobs/" + "j" * 5000,
    "/api/v1/jobs?user=" + "a" * 2000, "/api/v1/jobs?limit=-1", "/api/v1/waiting?limit=999999999999999999999"):
    for method in ("GET", "DELETE", "POST", "PUT", "PATCH"):
        s = one(method, path, b"", {"Authorization": "Bearer " + token})
        if not 400 <= s < 500:
            bad.append("%s %s: %d" % (method, path[:40], s))
print("\n".join(bad) if bad else "all refused")
X
U=${RIG_SERVER_URL#https://}
core=$(role_pids core)
is "$(python3 "$W/odd.py" "${U%:*}" "${U##*:}" "$RIG_CA" "$T" 2>&1)" "all refused" "what is no request is refused"
is "$(role_pids core)" "$core" "core is the one it was"
web GET /me
gives 200 "and answers"

# ---- a flood of guesses
cat >"$W/flood.py" <<'X'
import collections, http.client, json, ssl, sys, threading, time
host, port, ca = sys.argv[1:]
ctx = ssl.create_default_context(cafile=ca)
seen = collections.Counter()
end = time.time() + 40
# What is too much at a time is tried again.
def guess(i):
    c = http.client.HTTPSConnection(host, int(port), context=ctx, timeout=20)
    while time.time() < end and not seen["locked-out"]:
        try:
            c.request("POST", "/api/v1/login", json.dumps({"name": "n%d" % i, "password": "x"}),
                {"Content-Type": "application/json"})
            seen[json.loads(c.getresponse().read())["code"]] += 1
        except OSError:
            seen["closed"] += 1
            c.close()
        i += 100
all = [threading.Thread(target=guess, args=(i,)) for i in range(24)]
for t in all: t.start()
for t in all: t.join()
print(" ".join(sorted(seen)))
X
python3 "$W/flood.py" "${U%:*}" "${U##*:}" "$RIG_CA" >"$W/flood.out" 2>&1 &
flood=$!
sleep 0.5
start=$(date +%s%N)
login_password anna another-4711
took=$((($(date +%s%N) - start) / 1000000))
is "$(j .session.user.id)" anna "somebody logs in at a panel meanwhile"
ok "within 5 s ($took ms)" [ $took -lt 5000 ]
wait $flood
like "$(cat "$W/flood.out")" '^bad-credential (closed )?locked-out( rate-limited)?$' "guesses are wrong, and then no more are taken"
enter anna another-4711
gives 429 "nobody from that address comes in" locked-out
api GET /lockouts
like "$(j '[.lockouts[]|"\(.kind) \(.name)"]|tostring')" 'address 127.0.0.1' "which is shown"

# ---- switched off
api POST /settings '{"changes":{"UserApi":"no"}}'
gone() { web GET /me; [ "$STATUS" = 404 ]; }
within 5 "UserApi no: nothing answers" gone
web POST /login '{"name":"anna","password":"another-4711"}'
is "$STATUS" 404 "nobody logs in"
opdp GET /opdp/v1/device/config
is "$STATUS" 200 "devices go on"
