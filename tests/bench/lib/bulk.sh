# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# One very large job: in through the backend, out through send, and how much
# memory everyone needs for it.

big_file() {
	[ -f "$dir/big" ] || head -c $((MB * 1000000)) /dev/urandom >"$dir/big"
	[ -f "$dir/small" ] || head -c 3000000 "$dir/big" >"$dir/small"
	chmod 644 "$dir/big" "$dir/small"
}

# take_in FILE COST [USER]: one document through the backend, as cupsd would.
take_in() {
	local uuid

	read -r uuid </proc/sys/kernel/random/uuid
	"$tools/cost" "$2" env DEVICE_URI=release:/ PRINTER=FollowRaw \
		CUPS_RELEASE_SOCKET="$RIG_INTAKE_SOCK" \
		"$RIG_BUILD/backend/release" 1 "${3:-$RIG_USER}" big 1 \
		"job-uuid=urn:uuid:$uuid" "$1" 2>>"$dir/log/backend" ||
		die "the backend failed: $(tail -1 "$dir/log/backend")"
}

# ---- memory: each process of releaserd, its least and its most
mem_watch() {
	local pid kb

	while [ -e "$dir/mem.on" ]; do
		for pid in $(pgrep -P "$1"); do
			kb=$(awk '/^VmRSS/ { print $2 }' "/proc/$pid/status" \
				2>/dev/null)
			printf '%s %s %s\n' "$pid" "${kb:-0}" \
				"$(tr '\0' ' ' <"/proc/$pid/cmdline" |
				awk '{ print $3 }')" 2>/dev/null
		done
		sleep 0.1
	done >>"$dir/mem"
}

mem_begin() {
	: >"$dir/mem.on"
	mem_watch "$(pid_of "$dir" releaserd)" 2>/dev/null &
	mem_pid=$!
	sleep 0.3
}

mem_end() {
	rm -f "$dir/mem.on"
	wait "$mem_pid"
}

# mem_growth ROLE: the largest growth of any process of that role, kB.
mem_growth() {
	awk -v role="$1" '$3 == role && $2 > 0 {
		if (!($1 in lo)) lo[$1] = $2
		if ($2 > hi[$1]) hi[$1] = $2
	} END {
		for (p in lo) if (hi[p] - lo[p] > m) m = hi[p] - lo[p]
		print m + 0
	}' "$dir/mem"
}

peak_of() { awk 'NR == 1 || $2 > m { m = $2 } END { print m }' "$1"; }
rate_of() { tail -1 "$1" | awk -v mb="$MB" '{ printf "%.1f", mb / $1 }'; }

dd_round() {
	sync
	"$tools/cost" "$dir/cost.dd" dd if="$dir/big" of="$RIG_SPOOL/dd" \
		bs=1M conv=fsync status=none || die "dd failed"
	rm -f "$RIG_SPOOL/dd"
	add intake-dd "$(rate_of "$dir/cost.dd")"
}

newest_job() {
	curl -s --unix-socket "$RIG_API_SOCK" \
		"http://localhost/api/v1/jobs?user=bulk&limit=200" |
		jq -r "[.jobs[] | select(.bytes == $((MB * 1000000)))][-1].id"
}

api_call() {
	curl -sS --fail-with-body --unix-socket "$RIG_API_SOCK" -X "$1" \
		-H 'Content-Type: application/json' ${3:+-d "$3"} \
		"http://localhost/api/v1$2" >>"$dir/log/api" ||
		die "$1 $2: $(tail -1 "$dir/log/api")"
}

bench_intake() {
	local i

	big_file
	take_in "$dir/small" "$dir/cost.small"
	mem_begin
	for ((i = 0; i < RUNS; i++)); do
		dd_round
		sync
		take_in "$dir/big" "$dir/cost.big" bulk
		add intake "$(rate_of "$dir/cost.big")"
		api_call DELETE "/jobs/$(newest_job)"
	done
	mem_end
	line intake "$(median intake)" MB/s "$(median intake-dd)" higher 0.7
	ranges intake intake-dd
	memory_lines
}

memory_lines() {
	local role

	line intake-memory-backend "$(calc "$(peak_of "$dir/cost.big")" \
		"$(peak_of "$dir/cost.small")" 'a - b')" kB - -
	for role in core net; do
		line "intake-memory-$role" "$(mem_growth $role)" kB - -
	done
}

# ---- out again
sink_up() {
	SINK_PORT=$(free_port "$dir") || exit 1
	coproc SINK { exec "$tools/lpdsink" -t "$SINK_PORT"; }
	wait_for 5 port_listens "$SINK_PORT" || die "lpdsink did not start"
	api_call PATCH "/devices/$RIG_DEVICE_ID" \
		"{\"lpr_host\":\"127.0.0.1\",\"lpr_port\":$SINK_PORT}"
}

# sink_rate NAME: the next job there, from its first byte to its end.
sink_rate() {
	local first data end bytes

	read -r -t 300 -u "${SINK[0]}" first data end bytes ||
		die "no job came to the sink"
	[ "$bytes" -eq $((MB * 1000000)) ] || die "$bytes bytes came"
	add "$1" "$(calc "$end" "$first" "$bytes * 1e3 / (a - b)")"
}

lpr_round() {
	local job

	take_in "$dir/big" "$dir/cost.lpr" bulk
	sync
	DEVICE_URI="lpd://127.0.0.1:$SINK_PORT/q?reserve=none" \
		"$CUPS_BIN/backend/lpd" 1 u t 1 '' "$dir/big" \
		2>>"$dir/log/backend" || die "CUPS's lpd backend failed"
	sink_rate lpr-cups
	job=$(newest_job)
	api_call POST "/jobs/$job/release" "{\"device\":\"$RIG_DEVICE_ID\"}"
	sink_rate lpr
}

bench_lpr() {
	local i

	big_file
	sink_up
	mem_begin
	for ((i = 0; i < RUNS; i++)); do
		lpr_round
	done
	mem_end
	kill "$SINK_PID"
	line lpr "$(median lpr)" MB/s "$(median lpr-cups)" higher 0.8
	ranges lpr lpr-cups
	line lpr-memory-send "$(mem_growth send)" kB - -
}
