# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Samples, medians, and the lines that are printed.

MISSED=0
FIGURES=0

note() { printf '# %s\n' "$*"; }

# add NAME VALUE: one more sample.
add() {
	[ -n "$2" ] || die "$1: nothing was measured"
	printf '%s\n' "$2" >>"$dir/samples.$1"
}

# quantile NAME P: the P-th part (0..1) of the samples.
quantile() {
	sort -g "$dir/samples.$1" | awk -v p="$2" '{ v[NR] = $1 }
		END { i = int(p * (NR - 1) + 0.5) + 1; print v[i] }'
}

median() { quantile "$1" 0.5; }
spread() { printf '%s..%s' "$(quantile "$1" 0)" "$(quantile "$1" 1)"; }

# of A B EXPRESSION: arithmetic with a and b.
calc() { awk -v a="$1" -v b="$2" "BEGIN { printf \"%.6g\", ($3) }"; }

# line NAME VALUE UNIT PEER higher|lower [TARGET]: the ratio says how many
# times better than the peer we are, whichever way is better.
line() {
	local ratio=-

	[[ $2 =~ ^-?[0-9.]+(e[-+]?[0-9]+)?$ ]] || die "$1 has no figure: \"$2\""
	FIGURES=$((FIGURES + 1))
	if [ "$4" != - ]; then
		[ "$5" = higher ] && ratio=$(calc "$2" "$4" 'b > 0 ? a / b : 0')
		[ "$5" = lower ] && ratio=$(calc "$2" "$4" 'a > 0 ? b / a : 0')
		ratio=$(printf '%.2f' "$ratio")
	fi
	printf '%-24s %10s %-10s %10s %s\n' "$1" "$2" "$3" "$4" "$ratio"
	[ -n "${6:-}" ] || return 0
	awk -v r="$ratio" -v t="$6" 'BEGIN { exit !(r + 0 < t + 0) }' || return 0
	note "short: $1 has a ratio of $ratio and $6 is wanted"
	MISSED=$((MISSED + 1))
}

# ranges NAME...: how far apart the samples were.
ranges() {
	local name text=

	for name; do
		text="$text $name $(spread "$name")"
	done
	note "least and most:$text"
}

about() {
	note "$(date -u +%Y-%m-%dT%H:%M:%SZ) $(nproc) processors," \
		"$(awk -F': ' '/model name/ { print $2; exit }' /proc/cpuinfo)"
	note "load before the start: $(cut -d' ' -f1-3 /proc/loadavg);" \
		"medians of $RUNS runs in turn with the peer"
	printf '%-24s %10s %-10s %10s %s\n' "#name" value unit peer ratio
}

about_end() {
	note "load at the end: $(cut -d' ' -f1-3 /proc/loadavg)"
	[ "$MISSED" -eq 0 ] && note "all targets are met" ||
		note "$MISSED of the targets are not met"
}
