# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# What a scenario starts with:   . "$(dirname "$0")/lib/scenario.sh"
# It gives TAP (tap.sh), a folder $W that goes away, rigs that are ended, and
# short words for what people and devices do.
set -u
export LC_ALL=C.UTF-8
S_LIB=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
S_SRC=$(cd "$S_LIB/../../.." && pwd -P)
RIG=$S_SRC/tests/rig/rig
export RIG_BUILD=${RIG_BUILD:-$S_SRC/build} RIG_PEERS=${RIG_PEERS:-$S_SRC/build/peers}
export RIG_QUIET=1
. "$S_LIB/tap.sh"
. "$S_LIB/panel.sh"
. "$S_LIB/jobs.sh"

[ "$(id -u)" -eq 0 ] || skip_all "needs root: tests/scenario/run"
W=$(mktemp -d /tmp/rel-XXXXXX) || exit 1
chmod 755 "$W"
TRACE=$W/trace.jsonl
S_UP=()

# rig NAME [OPTION...]: a rig in $W/NAME; its words ($RIG_QUEUE ...) are set.
rig() {
	local name=$1 out

	shift
	S_UP+=("rig:$W/$name")
	out=$("$RIG" up "$W/$name" "$@" 2>&1) || {
		diag "$out"
		bail "rig up $name"
	}
	rig_use "$name"
}

# Speak to another rig from now on.
rig_use() {
	set -a
	. "$W/$1/env"
	set +a
	R=$W/$1
	unset D_CERT D_KEY
	SID=
}

# lpd KIND NAME: a real LPD in $W/NAME; sets LPD_*. 1 when it cannot run here.
lpd() {
	S_UP+=("$1:$W/$2")
	LPD_WHY=$("$RIG" "$1" up "$W/$2" 2>&1) || return 1
	set -a
	. "$W/$2/env"
	set +a
}

# A process in the background of this scenario: ended with it.
ends() { S_UP+=("pid:$1"); }

# The end of every scenario, also when it dies in the middle.
s_end() {
	local rc=$? u out

	trap - EXIT
	for u in "${S_UP[@]}"; do
		case $u in rig:*) s_ledger "${u#*:}" ;; esac
		case $u in
		pid:*)	kill "${u#*:}" 2>/dev/null; wait "${u#*:}" 2>/dev/null; continue ;;
		rig:*|servers:*) out=$("$RIG" down "${u#*:}" 2>&1) ;;
		*)	out=$("$RIG" "${u%%:*}" down "${u#*:}" 2>&1) ;;
		esac || fail "everything of ${u##*/} ended when asked" "$out"
		s_findings "${u#*:}"	# after the end: leaks are found there
	done
	s_trace
	printf '1..%d\n' $T_N
	if [ $T_BAD -gt 0 ] || [ $rc -ne 0 ] || [ -n "${KEEP:-}" ]; then
		s_keep
	fi
	rm -rf "$W"
	[ $T_BAD -eq 0 ] && [ $rc -eq 0 ]
	exit
}
trap s_end EXIT
trap 'exit 1' INT TERM HUP

# Whatever was done to it: no money came from nowhere or went there.
s_ledger() {
	local out rc

	[ -f "$1/env" ] || return 0
	out=$(set -a; . "$1/env"; "$RIG_CTL" ledger check 2>&1)
	rc=$?
	if [ $rc -eq 0 ]; then
		pass "the ledger of ${1##*/} is right"
	elif [[ $out = *"is not right"* ]]; then
		fail "the ledger of ${1##*/} is right" "$out"
	fi
}

# A sanitizer's finding or a crash anywhere is a failure of the scenario.
s_findings() {
	local f log=$1/log/releaserd

	for f in "$1"/san/*; do
		[ ! -s "$f" ] || fail "no sanitizer finding in ${f##*/}" "$(head -30 "$f")"
	done
	for f in "$log" "$1/log/opsim"; do
		! grep -aE 'ERROR: [A-Za-z]*Sanitizer|runtime error|SUMMARY: ' "$f" 2>/dev/null >"$W/found" ||
			fail "no sanitizer finding in ${f##*/}" "$(head -40 "$W/found")"
	done
	[ ! -f "$log" ] || [ -n "${S_MAY_DIE:-}" ] ||
		! grep -a 'died' "$log" >"$W/found" ||
		fail "no process of releaserd died" "$(cat "$W/found")"
}

# Every message to and from the devices of this scenario keeps the contract.
s_trace() {
	local check=$S_LIB/validate.py out

	cat "$W"/*/opsim/trace.jsonl >>"$TRACE" 2>/dev/null
	[ -s "$TRACE" ] || return 0
	[ -f "$check" ] || return 0
	if out=$(python3 "$check" "$TRACE" 2>&1); then
		pass "all $(wc -l <"$TRACE") messages are as doc/opdp.openapi.json says"
	else
		fail "the messages are as doc/opdp.openapi.json says" "$out"
	fi
}

s_keep() {
	local to=${SCENARIO_KEEP:-/tmp/rel-kept}/$(basename "$0" .sh)

	rm -rf "$to"
	mkdir -p "$to"
	for d in "$W"/*/; do
		mkdir -p "$to/$(basename "$d")"
		cp -a "$d"/log "$d"/san "$d"/opsim "$d"/out "$d"/releaserd.conf \
			"$to/$(basename "$d")/" 2>/dev/null
		cp -a "$d"/cups/log "$to/$(basename "$d")/cups-log" 2>/dev/null
	done
	cp -a "$W"/*.jsonl "$W"/*.txt "$to/" 2>/dev/null
	diag "logs: $to"
}
