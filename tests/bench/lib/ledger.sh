# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Settlements a second among 1 million users and 10 million usage records, on
# one core; the peer is plain SQLite that writes the same rows with the same
# durability. 10000 a second and half of the peer are wanted, and at most 5 MB
# more in the database for 10000 jobs. BENCH_USERS, BENCH_RECORDS: fewer.

bench_ledger() {
	local out key a b

	note "filling a ledger: ${BENCH_USERS:-1000000} users," \
		"${BENCH_RECORDS:-10000000} usage records (needs 4 GB)"
	out=$("$tools/ledger" "$dir" "${BENCH_USERS:-1000000}" \
		"${BENCH_RECORDS:-10000000}" "${BENCH_JOBS:-50000}") ||
		die "ledger failed"
	while read -r key a b; do
		case $key in
		settle)	line ledger-settle "$a" jobs/s "$b" higher 0.5
			line ledger-settle-10000 "$a" jobs/s 10000 higher 1 ;;
		cpu)	note "for a second of the processor: $a jobs," \
				"SQLite $b" ;;
		check)	note "releasectl ledger check: $a ms for $b entries" ;;
		growth)	line ledger-growth "$a" MB 5 lower 1
			note "the database: ${b#of } MB" ;;
		esac
	done <<<"$out"
}
