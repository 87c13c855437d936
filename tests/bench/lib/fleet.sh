# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# A thousand printers, played by one process at loopback addresses of their own,
# are asked by SNMP each 30 s: how much of one processor that takes core and the
# drivers together.

FLEET=${BENCH_FLEET:-1000}
FLEET_SECONDS=${BENCH_FLEET_SECONDS:-60}
FLEET_INTERVAL=${BENCH_FLEET_INTERVAL:-30}
FLEET_PROFILE=${BENCH_FLEET_PROFILE:-$src/tests/snmp/own/plain.txt}

fleet_up() {
	local i port

	port=$(free_port "$dir") || exit 1
	mkfifo "$dir/fleet.in"
	"$RIG_BUILD/tests/snmp/snmpfake" -n "$FLEET" "127.62.0.1:$port" \
		"$FLEET_PROFILE" <"$dir/fleet.in" \
		>"$dir/log/fleet" 2>&1 &
	fleet_pid=$!
	exec 8>"$dir/fleet.in"
	wait_for 10 grep -q ready "$dir/log/fleet" ||
		die "snmpfake: $(cat "$dir/log/fleet")"
	"$RIG_CTL" settings set PollInterval "${FLEET_INTERVAL}s" \
		>>"$dir/log/ctl" 2>&1 || die "settings: $(tail -1 "$dir/log/ctl")"
	for ((i = 0; i < FLEET; i++)); do
		"$RIG_CTL" device add "p$i" --lpr 127.0.0.1:9 --protocol snmp-lpr \
			--address "127.62.$(((i + 1) / 256)).$(((i + 1) % 256))" \
			--snmp-port "$port" >>"$dir/log/ctl" 2>&1 ||
			die "device add: $(tail -1 "$dir/log/ctl")"
	done
}

# How many have said something in the last N seconds.
fleet_heard() {
	"$RIG_CTL" --json device status | jq --argjson n "$1" '[.devices[] |
		select(.protocol == "snmp-lpr" and .info_at != null and
		.state_at != null and (now - (.state_at | sub("\\.[0-9]+Z"; "Z") |
		fromdate)) < $n)] | length'
}
fleet_known() { [ "$(fleet_heard "$((FLEET_INTERVAL + 3))")" -eq "$FLEET" ]; }

# Processor time of core and the drivers, in ticks.
fleet_ticks() {
	local pid role sum=0 stat

	for pid in $(pgrep -P "$(pid_of "$dir" releaserd)"); do
		role=$(tr '\0' ' ' <"/proc/$pid/cmdline" | awk '{ print $3 }')
		case $role in core | driver) ;; *) continue ;; esac
		read -r stat <"/proc/$pid/stat"
		set -- ${stat##*) }
		sum=$((sum + ${12} + ${13}))
	done
	echo "$sum"
}

# Bytes of the write-ahead log that are others than before, or new.
fleet_wal() {
	local old new

	old=$(stat -c %s "$dir/wal.before")
	new=$(stat -c %s "$RIG_DB-wal")
	echo $(($(cmp -l "$dir/wal.before" "$RIG_DB-wal" 2>/dev/null | wc -l) +
		(new > old ? new - old : 0)))
}

bench_fleet() {
	local before after wal

	fleet_up
	wait_for 180 fleet_known || die "only $(fleet_heard 60) of $FLEET answered"
	sleep 2
	before=$(fleet_ticks)
	cp "$RIG_DB-wal" "$dir/wal.before"
	sleep "$FLEET_SECONDS"
	after=$(fleet_ticks)
	wal=$(fleet_wal)
	[ "$(fleet_heard "$((FLEET_INTERVAL + 3))")" -eq "$FLEET" ] ||
		die "some were not asked in time"
	add fleet "$(awk -v t=$((after - before)) -v s="$FLEET_SECONDS" \
		-v hz="$(getconf CLK_TCK)" 'BEGIN { print 100 * t / hz / s }')"
	add fleet-written $((wal / 1024))
	line "fleet-$FLEET" "$(median fleet)" % 10 lower 1
	line fleet-written "$(median fleet-written)" KB - lower
	ranges fleet
	exec 8>&-
	wait "$fleet_pid" 2>/dev/null
}
