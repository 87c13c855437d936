# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Progress: one line a step, its output in a log, the tail shown on failure.

STEP=0
STEPS=0

die() { printf 'setup: %s\n' "$*" >&2; exit 1; }

log_init() {
	mkdir -p "$LOG" 2>/dev/null ||
		die "cannot write to $BUILD (made by root? remove it: sudo rm -rf $BUILD)"
	[ -w "$LOG" ] ||
		die "cannot write to $LOG (made by root? remove it: sudo rm -rf $BUILD)"
	rm -f "$LOG"/*.log
}

# step NAME COMMAND...: "[2/9] NAME ... ok 12 s". Returns the command's status.
step() {
	local name=$1 began=$SECONDS rc file

	shift
	STEP=$((STEP + 1))
	file=$(printf '%s' "$name" | tr -c 'A-Za-z0-9' -)
	file=$LOG/$STEP-${file:0:40}.log
	printf '[%d/%d] %s ... ' "$STEP" "$STEPS" "$name"
	STEP_NOTE=
	"$@" </dev/null >"$file" 2>&1
	rc=$?
	if [ $rc -eq 0 ]; then
		printf 'ok %d s%s\n' $((SECONDS - began)) "${STEP_NOTE:+ ($STEP_NOTE)}"
	else
		printf 'FAILED after %d s%s\n' $((SECONDS - began)) \
			"${STEP_NOTE:+ ($STEP_NOTE)}"
		grep -avE '^  (CC|CCLD|AR|GEN|CXX|CXXLD) ' "$file" |
			tail -${STEP_TAIL:-20} | sed 's/^/    | /'
		printf '    all of it: %s\n' "$file"
	fi
	return $rc
}

# ---- root, only where it is needed
is_root() { [ "$(id -u)" -eq 0 ]; }

# sudo_ready WHY: say what for, ask once, keep it alive while we run.
sudo_ready() {
	is_root && return 0
	[ -z "${SUDO_READY:-}" ] || return 0
	command -v sudo >/dev/null ||
		die "$1 needs root, and sudo is not installed: run ./setup as root"
	if ! sudo -n true 2>/dev/null; then
		[ -t 0 ] || die "$1 needs root, and sudo wants a password but there is no terminal: run ./setup as root"
		printf 'sudo is needed to %s.\n' "$1"
		sudo -v || die "sudo said no: your user must be in the group sudo"
	fi
	SUDO_READY=1
	( s=
	trap 'kill $s; exit' TERM
	while kill -0 $$; do
		sudo -n -v
		sleep 50 &
		s=$!
		wait $s
	done ) </dev/null >/dev/null 2>&1 &
	SUDO_KEEPER=$!
}

sudo_done() { [ -z "${SUDO_KEEPER:-}" ] || kill "$SUDO_KEEPER" 2>/dev/null; }

root() { if is_root; then "$@"; else sudo -n "$@"; fi; }
