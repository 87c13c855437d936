#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# releasectl in front of a played API: what it asks for, what it prints, its
# exit statuses, and that no secret needs the command line.
set -u
builddir=${builddir:-.}
command -v python3 >/dev/null || { echo "1..0 # SKIP no python3 here"; exit 0; }
ctl=$(readlink -f "$builddir/ctl/releasectl")
W=$(mktemp -d) || exit 99
n=0 bad=0

finish() {
	[ -z "${stub:-}" ] || kill "$stub" 2>/dev/null
	rm -rf "$W"
}
trap finish EXIT

ok() {		# condition's status, words, more
	n=$((n + 1))
	[ "$1" -eq 0 ] && { echo "ok $n - $2"; return; }
	bad=1
	echo "not ok $n - $2"
	[ -z "${3-}" ] || printf '%s\n' "$3" | head -20 | sed 's/^/# /'
}
is() { [ "$1" = "$2" ]; ok $? "$3" "got '$1', wanted '$2'"; }
like() { printf '%s' "$1" | grep -Eq -- "$2"; ok $? "$3" "$1"; }
asked() { tail -n 1 "$W/asked"; }
export RELEASECTL_SOCKET=$W/api.sock TZ=UTC LC_ALL=C.UTF-8
unset HTTP_PROXY http_proxy

run() { out=$("$ctl" "$@" 2>"$W/err"); rc=$?; err=$(cat "$W/err"); }

run status
is $rc 3 "nobody there: exit status 3"
like "$err" "does not answer at $W/api.sock.*is it running" "and plain words"

cat >"$W/stub.py" <<'X'
import http.server, json, os, socketserver, sys
T = "2026-11-20T09:15:00.120Z"
def job(i, title="a"):
    return {"id": "j-%d" % i, "user": "anna", "state": "held", "title": title,
        "bytes": 110125, "copies": 2, "confidential": True, "created_at": T,
        "expires_at": None}
class H(http.server.BaseHTTPRequestHandler):
    def log_message(self, *a): pass
    def address_string(self): return "local"
    def do(self):
        n = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(n).decode()
        with open(sys.argv[2], "a") as f:
            f.write("%s %s %s\n" % (self.command, self.path, body))
        code, ans = 200, {}
        p = self.path
        if p.startswith("/api/v1/jobs?"):
            ans = {"jobs": [job(1), job(2, "x\x1b[31my")], "next": "c 1"}
            if "after=" in p: ans = {"jobs": [job(3)], "next": None}
        elif p.startswith("/api/v1/devices?"):
            ans = {"devices": [{"id": "d1", "name": "Hall"},
                {"id": "d2", "name": "Twin"}, {"id": "d3", "name": "twin"}],
                "next": None}
        elif p.startswith("/api/v1/usage"):
            n = {"jobs": 2, "sheets": 3, "sides": 5, "colour": 1, "mono": 4,
                "uncounted": 1}
            ans = {"by": "day", "group_by": "user", "from": T, "to": T,
                "rows": [dict(n, at=T, user="anna")], "totals": n,
                "left_out": 7}
        elif p.startswith("/api/v1/audit?"):
            i = 500 if "after=" in p else 1000
            ans = {"audit": [{"id": i - k, "at": T, "who": "root",
                "what": "job-deleted", "detail": "j-%d" % k}
                for k in range(int(p.split("limit=")[1].split("&")[0]))],
                "next": "500"}
        elif p.endswith("/keep"): ans = dict(job(1), expires_at=T)
        elif p == "/api/v1/jobs/none":
            code, ans = 404, {"type": "x/not-found", "title": "Not found",
                "detail": "there is no job none"}
        elif p == "/api/v1/jobs/odd":
            self.send_response(200); self.end_headers()
            self.wfile.write(b"<html>"); return
        elif self.command == "DELETE": code, ans = 204, None
        elif p.endswith("/release"): code, ans = 202, job(1)
        elif p == "/api/v1/status": ans = {"base_url": "https://h"}
        elif p == "/api/v1/cards": ans = {"id": "c1", "tail": "D4E5"}
        elif p == "/api/v1/devices":
            code, ans = 201, {"id": "d9", "activation_key": "KEY-1",
                "activation_expires_at": T}
        else: ans = {"name": "anna", "created_at": T}
        data = b"" if ans is None else json.dumps(ans).encode()
        self.send_response(code)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
    do_GET = do_POST = do_PATCH = do_DELETE = do
class S(socketserver.ThreadingUnixStreamServer):
    def get_request(self):
        s, _ = self.socket.accept()
        return s, ("local", 0)
S(sys.argv[1], H).serve_forever()
X
python3 "$W/stub.py" "$W/api.sock" "$W/asked" 2>"$W/stub.err" &
stub=$!
for _ in $(seq 100); do [ -S "$W/api.sock" ] && break; sleep 0.1; done

run job list
is $rc 0 "a list"
is "$(echo "$out" | wc -l)" 4 "of all pages, with a title line"
like "$(asked)" '^GET /api/v1/jobs\?limit=200&after=c%201 $' "the next page is asked for"
like "$out" '- +- +2 +yes +2026-11-20 09:15:00 +-$' "yes and no, times, nothing"
! printf '%s' "$out" | grep -q $'\x1b'
ok $? "no control character of a title reaches the terminal"
run --json job list
like "$(echo "$out" | tr -d ' \n')" '"next":null' "JSON, all pages in one"
is "$(echo "$out" | grep -c '"id"')" 3 "and every job"
run job list --user 'a&b=ä' --state held
like "$(grep -F 'user=' "$W/asked" | head -1)" 'user=a%26b%3D%C3%A4&job_state=held&' "queries are encoded"

run job list --search 'Ä&b' --from 2026-11-20 --to 2026-11-21 --device Flur --newest --limit 1
like "$(asked)" '\?q=%C3%84%26b&from=2026-11-20&to=2026-11-21&device=Flur&order=newest&limit=1 ' "a search as it is asked"
run job list --limit 0
is $rc 2 "no rows at all is wrong use"
run job keep j-1 j-2
is "$(grep -c '^POST /api/v1/jobs/j-./keep ' "$W/asked")" 2 "two are kept"
like "$out" 'Job j-2 is held until 2026-11-20 09:15:00' "until when is told"
run usage --by day --group user --user anna
like "$(asked)" '^GET /api/v1/usage\?by=day&group_by=user&user=anna& ' "figures as they are asked for"
like "$out" '^2026-11-20 09:15:00 +anna +2 +3 +5 +1 +4 +1$' "a row of figures"
like "$out" '7 more rows' "what was left out is said"
like "$out" 'Sides: +5' "and the sum"
run audit --limit 250 --who root
is "$(grep -c 'audit?who=root&limit=' "$W/asked")" 2 "as many pages as it takes"
like "$(asked)" '&limit=50&after=500 $' "and no more than asked for"
is "$(echo "$out" | wc -l)" 251 "with a title line"

run session list --user 'a b'
like "$(asked)" '^GET /api/v1/users/a%20b/sessions $' "where somebody is logged in"
run session end 7 8
is "$(grep -c '^DELETE /api/v1/me/sessions/[78] ' "$W/asked")" 2 "two of one's own end"
run session end --all
like "$(asked)" '^DELETE /api/v1/me/sessions $' "all of one's own"
run session end --user anna
like "$(asked)" '^DELETE /api/v1/users/anna/sessions $' "all of somebody"
run session end
is $rc 2 "nothing named is wrong use"
run session end 7 --all
is $rc 2 "so are both at once"

run job show none
is $rc 1 "refused: exit status 1"
is "$err" "releasectl: there is no job none" "with releaserd's own words"
run job show odd
is $rc 1 "an answer that is no JSON"
run job show '../users'
like "$(asked)" '^GET /api/v1/jobs/\.\.%2Fusers ' "a path stays one part of the path"

run job release j-1 --device Hall --copies 3
is $rc 0 "a release"
like "$(asked)" '^POST /api/v1/jobs/j-1/release \{"device":"Hall","copies":3\}' "as it is asked"
run job delete j-1 j-2
is "$(grep -c '^DELETE /api/v1/jobs/j-' "$W/asked")" 2 "two are deleted"

run user add Änne --display 'Ä "x"' --password --pin --stdin <<<$'päss wörd\n9753'
is $rc 0 "a user with secrets by standard input"
like "$(asked)" '"password":"p(ä|\\u00e4)ss w(ö|\\u00f6)rd","card_pin":"9753"\}' "they arrive"
! printf '%s' "$out$err" | grep -Eq '9753|rd"'
ok $? "and are not printed"
run user password anna --remove
like "$(asked)" '^PATCH /api/v1/users/anna \{"password":""\}' "removed by an empty one"
printf '04A1B2C3D4E5\nrest\n' >"$W/card"
run card add anna --value-file "$W/card"
like "$(asked)" '"user":"anna","value":"04A1B2C3D4E5"\}' "a card number from a file"
like "$out" 'ends in D4E5' "of which only the end is shown"
run card add anna - <"$W/card"
like "$(asked)" '"value":"04A1B2C3D4E5"' "or from standard input"
: | run card add anna --stdin
"$ctl" card add anna --stdin </dev/null >/dev/null 2>"$W/err"
is $? 1 "no line there is an error"

run device add New --lpr '[fe80::1]:1515/q1' --data-first yes
like "$(grep 'POST /api/v1/devices ' "$W/asked")" '"lpr_host":"fe80::1","lpr_port":1515,"lpr_queue":"q1"' "a device"
like "$out" 'KEY-1 .*good until 2026-11-20' "its key is shown"
like "$out" 'https://h' "and where it has to go"
run device show hall
like "$(asked)" '^GET /api/v1/devices/d1 ' "a device by its name"
run device show twin
is $rc 1 "a name of two devices is not guessed"
like "$err" 'give the id' "but said"
run device show d2
like "$(asked)" '^GET /api/v1/devices/d2 ' "an id is one"

for misuse in "" "job" "job fly" "job show" "job show a b" "job list --copies 1" "snmp set a --position b" \
    "job list --nonsense" "job list --user" "job release j-1" \
    "job release j-1 --device d --copies 0" "device add x" \
    "device add x --lpr h:0" "device add x --lpr h:66000" "device add x --lpr /q" \
    "device add x --lpr [::1" "device add x --lpr h --data-first maybe" \
    "user set anna" "user set anna --disabled perhaps" "status --json=x" "help fly"; do
	# shellcheck disable=SC2086
	run $misuse
	is $rc 2 "wrong use: releasectl $misuse"
done
run help
is $rc 0 "help"
run help job release
like "$out" '--copies N: copies' "help of a verb says what its options are"
echo "1..$n"
exit $bad
