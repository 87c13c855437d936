# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Jobs a second from lp until held durably, against the same cupsd with a
# backend that reads the document and throws it away.

held_now() {
	curl -s --unix-socket "$RIG_API_SOCK" http://localhost/api/v1/status |
		jq .held
}

queue_is_empty() { [ -z "$(lpstat -W not-completed -o "$1")" ]; }

# hold_round QUEUE NAME: print, wait until cupsd has nothing left of it.
hold_round() {
	local began=$EPOCHREALTIME i

	for ((i = 0; i < HOLD_JOBS; i++)); do
		lp -d "$1" "$dir/page" >/dev/null || die "lp failed"
	done
	wait_for 60 queue_is_empty "$1" || die "queue $1 is stuck"
	add "$2" "$(calc "$EPOCHREALTIME" "$began" "$HOLD_JOBS / (a - b)")"
}

bench_hold() {
	local i before

	head -c 30000 /dev/urandom >"$dir/page"
	install -m 700 "$tools/nullbackend" "$dir/cups/bin/backend/null"
	lpadmin -p NullRaw -E -v null:/ 2>/dev/null || die "queue NullRaw"
	hold_round NullRaw warm
	hold_round "$RIG_RAW_QUEUE" warm
	for ((i = 0; i < RUNS; i++)); do
		hold_round NullRaw hold-null
		before=$(held_now)
		hold_round "$RIG_RAW_QUEUE" hold
		[ $(($(held_now) - before)) -eq "$HOLD_JOBS" ] ||
			die "not every job is held"
	done
	line hold "$(median hold)" jobs/s "$(median hold-null)" higher 0.9
	ranges hold hold-null
}
