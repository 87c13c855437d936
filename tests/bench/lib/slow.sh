# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# A panel while many transfers to slow printers are under way, against the same
# panel when there are none; in turn.

SLOW_JOBS=${BENCH_SLOW:-100}
SLOW_RATE=200000		# bytes a second of each

slow_sink() {
	python3 "$bench/slow.py" sink "$1" "$SLOW_RATE" >"$dir/log/sink" 2>&1 &
	slow_pid=$!
	wait_for 10 grep -q ready "$dir/log/sink" || die "no slow printer"
}

# Jobs that take a while each, of a person nobody looks at.
slow_hold() {
	local i bytes=$((SLOW_RATE * (2 * SECONDS_EACH + 4 + SLOW_JOBS / 4)))

	head -c "$bytes" /dev/urandom >"$dir/slow.bin"
	for ((i = 0; i < SLOW_JOBS; i++)); do
		lp -d FollowRaw -U slow -t "slow $i" "$dir/slow.bin" >/dev/null ||
			die "lp failed"
	done
	wait_for 120 slow_held || die "the jobs are not held"
	rm -f "$dir/slow.bin"
}

slow_ids() {
	"$RIG_CTL" --json job list --user slow --state "$1" --limit 1000 |
		jq -r '.jobs[].id'
}
slow_held() { [ "$(slow_ids held | wc -l)" -ge "$SLOW_JOBS" ]; }
slow_all_out() { [ "$(ss -Htn state established "( sport = :$1 )" | wc -l)" -ge "$SLOW_JOBS" ]; }
slow_none() { [ -z "$(slow_ids releasing)" ]; }

# slow_round NAME: a panel asks for its list for some seconds
slow_round() {
	local p50 p99 n

	read -r p50 p99 n < <(python3 "$bench/slow.py" panel "$SECONDS_EACH")
	[ "${n:-0}" -gt 0 ] || die "$1: nothing was measured"
	add "$1-p50" "$p50"
	add "$1-p99" "$p99"
}

bench_slow() {
	local i id port rounds=$((RUNS < 3 ? RUNS : 3))

	port=$(free_port "$dir") || exit 1
	export RIG_CA RIG_DEVICE_CERT RIG_DEVICE_KEY RIG_HTTPS_PORT \
		RIG_ANNA_CARD
	slow_sink "$port"
	"$RIG_CTL" device add Slow --lpr "127.0.0.1:$port/op" \
		>>"$dir/log/ctl" 2>&1 || die "no device"
	for ((i = 0; i < rounds; i++)); do
		slow_hold
		sleep 2
		slow_round slow-idle
		for id in $(slow_ids held); do
			"$RIG_CTL" job release "$id" --device Slow \
				>>"$dir/log/ctl" 2>&1 || die "release: $id"
		done
		wait_for 60 slow_all_out "$port" ||
			die "not all transfers are under way"
		slow_round slow-busy
		slow_all_out "$port" || note "some transfers ended too early"
		wait_for 300 slow_none || die "the transfers do not end"
	done
	kill "$slow_pid"
	wait "$slow_pid" 2>/dev/null
	slow_pid=
	line slow-panel-p99 "$(median slow-busy-p99)" us \
		"$(median slow-idle-p99)" lower 0.83
	ranges slow-busy-p99 slow-idle-p99
	note "p50: $(median slow-busy-p50) us with $SLOW_JOBS transfers," \
		"$(median slow-idle-p50) us with none"
}
