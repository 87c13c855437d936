# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Counting PCL and raster while they pass by, 256 MB made in memory; the peer
# is memchr() for one byte over the same pieces, which every reader needs.
# 1000 MB/s of each are wanted.

COUNT_MB=${BENCH_COUNT_MB:-256}

bench_count() {
	local form i out

	for form in pcl pwg-gray pwg-white cups; do
		for ((i = 0; i < RUNS; i++)); do
			out=$("$tools/count" "$form" "$COUNT_MB") ||
				die "count $form failed"
			set -- $out
			add "count-$form" "$1"
			add "count-$form-memchr" "$2"
		done
		line "count-$form" "$(median "count-$form")" MB/s \
			"$(median "count-$form-memchr")" higher
		awk -v v="$(median "count-$form")" 'BEGIN {
			exit !(v < 1000) }' && {
			note "short: count-$form, 1000 MB/s are wanted"
			MISSED=$((MISSED + 1))
		}
		ranges "count-$form" "count-$form-memchr"
	done
}
