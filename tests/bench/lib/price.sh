# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# What a job costs by a price list of 1000 lines: 2000 ns at most.

bench_price() {
	local i out

	for ((i = 0; i < RUNS; i++)); do
		out=$("$tools/price") || die "price failed"
		set -- $out
		add price-cost "$1"
		add price-read "$2"
	done
	line price-cost "$(median price-cost)" ns 2000 lower 1
	note "reading the list takes $(median price-read) ms"
	ranges price-cost
}
