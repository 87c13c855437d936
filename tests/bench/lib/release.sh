# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# From the tap to the first byte at the LPD, against `lp -i ID -H resume` of a
# held CUPS job whose queue has CUPS's own lpd backend.

release_jobs() {
	local i

	for ((i = 0; i < RELEASES; i++)); do
		take_in "$dir/page30" "$dir/cost.page"
	done
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
	{ printf '%s %s\n' "$token" "$RIG_CARD"; cat "$dir/cups-held"; } |
		"$tools/tap" release "$RIG_HTTPS_PORT" "$LPD_PORT" \
		"$RELEASES" >"$dir/releases" || die "tap failed"
	[ "$(wc -l <"$dir/releases")" -eq "$RELEASES" ] ||
		die "only $(wc -l <"$dir/releases") releases were measured"
	while read -r ours cups; do
		add release "$(calc "$ours" 0 'a / 1000')"
		add release-cups "$(calc "$cups" 0 'a / 1000')"
	done <"$dir/releases"
	line release-p50 "$(median release)" ms "$(median release-cups)" \
		lower 5
	line release-p99 "$(quantile release 0.99)" ms \
		"$(quantile release-cups 0.99)" lower
}
