# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# The simulator: a million recorded jobs in under 10 s. The replay alone (made-up
# jobs, no daemon), and releasectl simulate with a daemon that has them all.
# BENCH_JOBS: fewer.

# The records of jobs that were printed, put into the database at once.
simulate_seed() {
	python3 - "$RIG_DB" "$1" <<'X'
import sqlite3, sys, time
db, n = sqlite3.connect(sys.argv[1]), int(sys.argv[2])
db.execute("PRAGMA synchronous=OFF")
now = int(time.time() * 1000)
def rows():
    for i in range(n):
        h = i * 2654435761 % 4294967296
        sides = 1 + h % 60
        yield (1000 + i, "room-10" if h & 1 else "office", i, "user%d" % (h % 5000),
            "user%d" % (h % 5000), "Minutes of today %d" % i, 1 + (h >> 8) % 3,
            now - 600000 - (n - i) * 20, now - (n - i) * 20, sides, sides, sides,
            sides // 2 if h % 3 == 0 else 0)
db.executemany("INSERT INTO job(id,node,queue,uuid,document,cups_job,user_key,user,"
    "host,title,format,options,bytes,copies,pin_scheme,has_doc,state,reason,created_ms,"
    "expires_ms,ended_ms,language,media,pages,sides,sheets,colour,pages_sure,colour_sure,"
    "duplex) VALUES(?,0,?,'',1,?,?,?,'localhost',?,'application/pdf','',100000,?,'',0,3,"
    "'',?,0,?,'pdf','iso_a4_210x297mm',?,?,?,?,2,2,1)", rows())
db.commit()
X
}

# The page of rules with the first 200000 of them: seconds, and the memory of its
# process, in $dir/log/simulate-rss (KB).
simulate_page() {
	local auth="user = \"admin:$RIG_ADMIN_WEB_PASSWORD\"" url=${RIG_PAGES_URL}admin/rules.cgi
	local csrf out pid

	csrf=$(curl -sS -K - "$url" <<<"$auth" |
		sed -n 's/.*name="csrf" value="\([^"]*\)".*/\1/p' | head -1)
	simulate_rss >"$dir/log/simulate-rss" & pid=$!
	out=$(curl -sS -K - -o "$dir/simulate.html" -w '%{http_code} %{time_total}' \
		--data-urlencode "csrf=$csrf" -d do=simulate -d from= -d to= \
		--data-urlencode "text@$dir/new-rules" "$url" <<<"$auth")
	wait "$pid"
	[ "${out% *}" = 200 ] && grep -q 'id="simulated-rules"' "$dir/simulate.html" ||
		die "the page answered ${out% *}"
	add simulate-page "${out#* }"
}

simulate_rss() {
	python3 - <<'X'
import glob, re, time
most, end, seen = 0, time.time() + 30, False
while time.time() < end:
    now = []
    for path in glob.glob("/proc/[0-9]*/comm"):
        try:
            if open(path).read().strip() == "rules.cgi":
                now.append(int(re.search(r"VmHWM:\s*(\d+)",
                    open(path[:-4] + "status").read())[1]))
        except (OSError, TypeError):
            pass
    most, seen = max([most] + now), seen or bool(now)
    if seen and not now:
        break
    time.sleep(0.05)
print(most)
X
}

bench_simulate() {
	local jobs=${BENCH_JOBS:-1000000} i began

	for ((i = 0; i < RUNS; i++)); do
		add replay "$("$tools/simulate" "$jobs")" || die "simulate failed"
	done
	line "replay-$jobs" "$(median replay)" s 10 lower 1
	ranges replay
	rig stop "$dir"
	simulate_seed "$jobs" || die "the records were not written"
	rig start "$dir" || die "releaserd did not start again"
	printf 'mono 0.03\ncolour 0.15\n' >"$dir/new-prices"
	printf 'rule "a" when colour-pages > 5 force mono, duplex\n' >"$dir/new-rules"
	began=$(date +%s.%N)
	"$RIG_CTL" simulate --rules "$dir/new-rules" --prices "$dir/new-prices" \
		>"$dir/log/simulate" || die "releasectl simulate failed"
	line "simulate-$jobs" "$(echo "$(date +%s.%N) - $began" | bc)" s 10 lower 1
	for ((i = 0; i < RUNS; i++)); do
		simulate_page
	done
	line simulate-page "$(median simulate-page)" s 20 lower 1
	ranges simulate-page
	note "the page's process had $(<"$dir/log/simulate-rss") KB"
}
