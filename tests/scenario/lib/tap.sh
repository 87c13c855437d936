# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# TAP for shell: each check says what must be true, and what was seen.

T_N=0
T_BAD=0

diag() { printf '%s\n' "$*" | sed 's/^/# /'; }

pass() { T_N=$((T_N + 1)); printf 'ok %d - %s\n' $T_N "$*"; }

fail() {
	T_N=$((T_N + 1)) T_BAD=$((T_BAD + 1))
	printf 'not ok %d - %s\n' $T_N "$1"
	shift
	[ $# -eq 0 ] || diag "$*"
}

# is SEEN WANTED WHAT
is() {
	if [ "$1" = "$2" ]; then pass "$3"; else
		fail "$3" "wanted: $2"$'\n'"seen:   $1"; fi
}

# like TEXT EXTENDED-REGEX WHAT
like() {
	if [[ $1 =~ $2 ]]; then pass "$3"; else
		fail "$3" "wanted: /$2/"$'\n'"seen:   $1"; fi
}

unlike() {
	if [[ $1 =~ $2 ]]; then fail "$3" "not wanted: /$2/"$'\n'"seen: $1"
	else pass "$3"; fi
}

# ok WHAT COMMAND...: the command succeeds
ok() {
	local what=$1 out

	shift
	if out=$("$@" 2>&1); then pass "$what"; else
		fail "$what" "$* failed: $out"; fi
}

# nok WHAT COMMAND...: the command fails
nok() {
	local what=$1 out

	shift
	if out=$("$@" 2>&1); then fail "$what" "$* succeeded: $out"
	else pass "$what"; fi
}

same() {
	if cmp -s "$1" "$2"; then pass "$3"; else
		fail "$3" "$(cmp "$1" "$2" 2>&1)"; fi
}

skip() { T_N=$((T_N + 1)); printf 'ok %d - %s # SKIP %s\n' $T_N "$1" "$2"; }

skip_all() { printf '1..0 # SKIP %s\n' "$*"; exit 0; }

bail() { printf 'not ok %d - %s\n' $((T_N + 1)) "$*"; T_N=$((T_N + 1)); exit 1; }

# within SECONDS WHAT COMMAND...: true before the time is up
within() {
	local s=$1 what=$2

	shift 2
	if wait_until "$s" "$@"; then pass "$what"; else
		fail "$what" "still not after $s s: $*"; fi
}

wait_until() {
	local end=$((SECONDS + $1 + 1))

	shift
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.05
	done
}
