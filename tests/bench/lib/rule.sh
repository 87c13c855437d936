# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# What 1000 rules say of a job, every one of them looked at and told why it
# matched or did not: 1 ms at most.

bench_rule() {
	local i out

	for ((i = 0; i < RUNS; i++)); do
		out=$("$tools/rule") || die "rule failed"
		set -- $out
		add rules-quiet "$1"
		add rules-1000 "$2"
		add rules-stars "$3"
		add rules-read "$4"
	done
	line rules-1000 "$(median rules-1000)" us 1000 lower 1
	note "without the reasons in words $(median rules-quiet) us;" \
		"1000 bad patterns against a long title" \
		"$(median rules-stars) us; reading $(median rules-read) ms"
	ranges rules-1000
}
