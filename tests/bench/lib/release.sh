# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# From the tap to the first byte at the LPD, against `lp -i ID -H resume` of a
# held CUPS job whose queue has CUPS's own lpd backend.

JOBS_EACH=10	# what one person has held

tap_card() { printf '04BEBE%010X' "$1"; }

# People of their own, each with a card and a few jobs.
release_jobs() {
	local i n=-1

	for ((i = 0; i < RELEASES; i++)); do
		if [ $((i % JOBS_EACH)) -eq 0 ]; then
			n=$((n + 1))
			api_call POST /users "{\"name\":\"tap$n\"}"
			api_call POST /cards "{\"user\":\"tap$n\",\"value\":\"$(tap_card $n)\",\"encoding\":\"hex\"}"
		fi
		take_in "$dir/page30" "$dir/cost.page" "tap$n"
	done
}

# release_pairs TOKEN: lines for tap.
release_pairs() {
	local id n=0

	while read -r id; do
		printf '%s %s %s\n' "$1" "$(tap_card $((n / JOBS_EACH)))" "$id"
		n=$((n + 1))
	done <"$dir/cups-held"
}

cups_held() {
	local i

	lpadmin -p HeldLpd -E \
		-v "lpd://127.0.0.1:$LPD_PORT/q?reserve=none" 2>/dev/null ||
		die "queue HeldLpd"
	for ((i = 0; i < RELEASES; i++)); do
		lp -d HeldLpd -H hold "$dir/page30" || die "lp -H hold failed"
	done | awk '{ print $4 }' >"$dir/cups-held"
}

bench_release() {
	local ours cups token

	seeded
	head -c 30000 /dev/urandom >"$dir/page30"
	chmod 644 "$dir/page30"
	release_jobs
	cups_held
	read -r token _ <"$dir/devices"
	release_pairs "$token" |
		"$tools/tap" release "$RIG_HTTPS_PORT" "$LPD_PORT" \
		>"$dir/releases" || die "tap failed"
	[ "$(wc -l <"$dir/releases")" -eq "$RELEASES" ] ||
		die "only $(wc -l <"$dir/releases") releases were measured"
	while read -r ours cups; do
		add release "$(calc "$ours" 0 'a / 1000')"
		add release-cups "$(calc "$cups" 0 'a / 1000')"
	done <"$dir/releases"
	line release-p50 "$(median release)" ms "$(median release-cups)" \
		lower 5
	note "the fastest tenth: ours $(quantile release 0.1)" \
		"CUPS $(quantile release-cups 0.1) ms"
	line release-p99 "$(quantile release 0.99)" ms \
		"$(quantile release-cups 0.99)" lower
}
