# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# What a page costs more than a program that says one line, both started by
# the same cupsd after the same log-in.

WEB_ROUNDS=${BENCH_WEB_ROUNDS:-60}

# web_get NAME PAGE: one sample in ms, on a connection of its own. The password
# goes by standard input.
web_get() {
	local name=$1 out

	out=$(printf 'user = "anna:%s"\n' "$RIG_ANNA_WEB_PASSWORD" |
		curl -sS -K - -o "$dir/web.html" \
			-w '%{http_code} %{time_total}' "$RIG_PAGES_URL$2")
	[ "${out% *}" = 200 ] || die "$2 answered ${out% *}"
	add "$name" "$(calc "${out#* }" 0 'a * 1000')"
}

# Somebody with as much as a page shows.
web_jobs() {
	local i

	doc=$dir/web.txt
	printf 'bench\n' >"$doc"
	for ((i = 0; i < 25; i++)); do
		lp -d "$RIG_RAW_QUEUE" -U anna -o raw -t "Bench $i" "$doc" \
			>/dev/null || die "lp failed"
	done
	wait_for 20 web_held || die "the jobs of the page are not held"
}

web_held() {
	[ "$(curl -s --unix-socket "$RIG_API_SOCK" \
		'http://localhost/api/v1/jobs?user=anna&job_state=held&limit=200' |
		jq '.jobs | length')" -ge 25 ]
}

bench_web() {
	local i page
	local -A query=([jobs]="" [job]="")

	web_jobs
	query[job]="?id=$(web_job)"
	for ((i = 0; i < WEB_ROUNDS; i++)); do
		web_get web-empty whoami.cgi
		for page in jobs job; do
			web_get "web-$page" "$page.cgi${query[$page]}"
			grep -qE 'Bench|printed by anna' "$dir/web.html" ||
				die "$page.cgi does not show the jobs"
		done
	done
	note "an empty program: $(median web-empty) ms"
	for page in jobs job; do
		line "web-$page" "$(calc "$(median web-$page)" \
			"$(median web-empty)" 'a - b')" ms 50 lower 1
	done
	ranges web-empty web-jobs web-job
}

web_job() {
	curl -s --unix-socket "$RIG_API_SOCK" \
		'http://localhost/api/v1/jobs?user=anna&job_state=held&limit=1' |
		jq -r '.jobs[0].id'
}
