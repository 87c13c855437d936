# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# A panel while many transfers to slow printers are under way, against the same
# panel when there are none; in turn.

SLOW_JOBS=${BENCH_SLOW:-100}
SLOW_RATE=200000		# bytes a second of each
SLOW_BYTES=5000000		# 25 s; read ahead by send
SLOW_TIMES=${BENCH_SLOW_TIMES:-2500}

# The printers have processors of their own: here they get what is left.
slow_sink() {
	nice -n 19 python3 "$bench/slow.py" sink "$1" "$SLOW_RATE" \
		>"$dir/log/sink" 2>&1 &
	slow_pid=$!
	wait_for 10 grep -q ready "$dir/log/sink" || die "no slow printer"
}

slow_devices() {
	local i

	for ((i = 0; i < SLOW_JOBS; i++)); do
		"$RIG_CTL" device add "Slow$i" --lpr "127.0.0.1:$1/op$i" \
			>>"$dir/log/ctl" 2>&1 ||
			die "device add: $(tail -1 "$dir/log/ctl")"
	done
}

# Jobs of a person nobody looks at.
slow_hold() {
	local i

	head -c "$SLOW_BYTES" /dev/urandom >"$dir/slow.bin"
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
slow_all_out() { [ "$(ss -Htn state established "( sport = :$1 )" | wc -l)" -eq "$SLOW_JOBS" ]; }
slow_none() { [ -z "$(slow_ids releasing)" ]; }

# Each to a printer of its own; the printers take nothing until all have come.
slow_release() {
	local id i=0

	for id in $(slow_ids held); do
		"$RIG_CTL" job release "$id" --device "Slow$i" \
			>>"$dir/log/ctl" 2>&1 ||
			die "release: $(tail -1 "$dir/log/ctl")"
		i=$((i + 1))
	done
	wait_for 60 slow_all_out "$1" || die "not all transfers are under way:" \
		"$(ss -Htn state established "( sport = :$1 )" | wc -l)"
	kill -USR1 "$slow_pid"
}

# slow_panel NAME: a panel asks for its list again and again, what was written
# before being on the disk
slow_panel() {
	local p50 p99

	[ -n "${BENCH_QUICK:-}" ] || sync -f "$dir"
	sleep 1
	read -r p50 p99 < <(python3 "$bench/slow.py" panel "$SLOW_TIMES")
	add "$1-p50" "${p50:-}"
	add "$1-p99" "${p99:-}"
	slow_p99=$p99
}

bench_slow() {
	local i port idle

	port=$(free_port "$dir") || exit 1
	export RIG_CA RIG_DEVICE_CERT RIG_DEVICE_KEY RIG_HTTPS_PORT \
		RIG_ANNA_CARD
	slow_sink "$port"
	slow_devices "$port"
	for ((i = 0; i < RUNS; i++)); do
		slow_hold
		slow_panel slow-idle
		idle=$slow_p99
		slow_release "$port"
		slow_panel slow-busy
		slow_all_out "$port" || die "some transfers ended too early"
		add slow-times "$(calc "$slow_p99" "$idle" 'a / b')"
		kill -USR2 "$slow_pid"
		wait_for 300 slow_none || die "the transfers do not end"
	done
	kill "$slow_pid"
	wait "$slow_pid" 2>/dev/null
	slow_pid=
	line slow-panel-p99 "$(median slow-busy-p99)" us \
		"$(median slow-idle-p99)" lower
	line slow-panel-times "$(median slow-times)" times 1.2 lower 1
	ranges slow-times slow-busy-p99 slow-idle-p99
	note "p50: $(median slow-busy-p50) us with $SLOW_JOBS transfers," \
		"$(median slow-idle-p50) us with none"
}
