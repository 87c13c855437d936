# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Lists and searches of an operator over 100 000 held jobs, through the local
# API with curl; the peer is the limit, 50 ms.

# api_ms PATH BYTES: ms until the answer is there; it must have so many bytes.
api_ms() {
	local out

	out=$(curl -sS -o /dev/null --max-time 20 --unix-socket \
		"$RIG_API_SOCK" -w '%{http_code} %{size_download} %{time_total}' \
		"http://localhost/api/v1$1") || die "$1: no answer"
	awk -v o="$out" -v least="$2" 'BEGIN { split(o, v, " ")
		if (v[1] != 200 || v[2] < least) exit 1
		printf "%.1f\n", v[3] * 1000 }' || die "$1: $out"
}

bench_search() {
	local i name

	seeded
	for ((i = 0; i < RUNS; i++)); do
		add list-newest "$(api_ms '/jobs?order=newest' 10000)"
		add search-many "$(api_ms '/jobs?q=MEETING&order=newest' 10000)"
		add search-none "$(api_ms '/jobs?q=nothing+like+this' 10)"
		add search-own "$(api_ms '/jobs?user=user00042&q=report' 1000)"
	done
	for name in list-newest search-many search-none search-own; do
		line "$name" "$(median $name)" ms 50 lower 1
	done
	ranges list-newest search-many search-none search-own
}
