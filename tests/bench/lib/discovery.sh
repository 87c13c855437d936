# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# The 256 addresses of a /24 are searched, 40 of which answer, against snmpwalk
# of the same objects at one address after the other.

. "$src/tests/rig/lib/agents.sh"
DISCOVERY_NET=127.61.7
DISCOVERY_ALIVE=${BENCH_ALIVE:-40}
# snmpwalk waits a second for each that does not answer: some are measured, and
# stand for all.
DISCOVERY_DEAD=${BENCH_DEAD:-8}

discovery_up() {
	local i at=

	DISCOVERY_PORT=$(free_port "$dir") || exit 1
	for ((i = 1; i <= DISCOVERY_ALIVE; i++)); do
		at=$at${at:+,}$DISCOVERY_NET.$((i * 6))
	done
	mapfile -t lines < <(printer_lines SN-1 0026abcdef01 printer)
	agent "$dir/agent" "$DISCOVERY_PORT" "$at" 'rocommunity public' \
		"${lines[@]}" || die "snmpd: $(tail -1 "$dir/agent/log")"
	"$RIG_CTL" settings set SnmpPort "$DISCOVERY_PORT" >>"$dir/log/ctl" \
		2>&1 || die "settings: $(tail -1 "$dir/log/ctl")"
}

discovery_ours() {
	"$RIG_CTL" discover "$DISCOVERY_NET.0/24" --wait >"$dir/log/discover" \
		2>&1
	grep -q "^256 addresses asked: $DISCOVERY_ALIVE printers" \
		"$dir/log/discover" || die "discover: $(cat "$dir/log/discover")"
}

# What a search asks: system, interfaces' MACs, hrDevice, prtGeneral, prtChannel.
discovery_walk() {
	local oid

	for oid in 1.3.6.1.2.1.1 1.3.6.1.2.1.2.2.1.6 1.3.6.1.2.1.25.3.2 \
	    1.3.6.1.2.1.43.5 1.3.6.1.2.1.43.14; do
		snmpwalk -m '' -v 2c -c public -t 1 -r 0 "$1:$DISCOVERY_PORT" \
			$oid >>"$dir/walked" 2>/dev/null || return 0
	done
}

# Milliseconds for COUNT addresses, the i-th at i * 6 + MORE.
discovery_walks() {
	local began=${EPOCHREALTIME/./} i

	for ((i = 1; i <= $1; i++)); do
		discovery_walk "$DISCOVERY_NET.$((i * 6 + $2))"
	done
	echo $(((${EPOCHREALTIME/./} - began) / 1000))
}

discovery_peer() {
	local alive dead

	: >"$dir/walked"
	alive=$(discovery_walks "$DISCOVERY_ALIVE" 0)
	[ "$(grep -c SN-1 "$dir/walked")" -eq "$DISCOVERY_ALIVE" ] ||
		die "snmpwalk: $(grep -c SN-1 "$dir/walked") answered"
	dead=$(discovery_walks "$DISCOVERY_DEAD" 1)
	add discovery-alive "$alive"
	add discovery-peer $((alive + dead * (256 - DISCOVERY_ALIVE) /
		DISCOVERY_DEAD))
}

bench_discovery() {
	local i began

	discovery_up
	for ((i = 0; i < RUNS; i++)); do
		began=${EPOCHREALTIME/./}
		discovery_ours
		add discovery $(((${EPOCHREALTIME/./} - began) / 1000))
		discovery_peer
	done
	line discovery-24 "$(median discovery)" ms 5000 lower 1
	line discovery-24-walk "$(median discovery)" ms \
		"$(median discovery-peer)" lower 10
	line discovery-walk-alive "$(median discovery-alive)" ms - lower
	ranges discovery discovery-peer discovery-alive
	agent_down "$dir/agent"
}
