# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# What every part of the rig uses: words to the person, free ports, and
# processes that are started, remembered and ended exactly.

RIG_PORTS=/tmp/.cups-release-rig-ports

say() { [ -n "${RIG_QUIET:-}" ] || printf 'rig: %s\n' "$*" >&2; }

die() { printf 'rig: %s\n' "$*" >&2; exit 1; }

# Time in seconds with a fraction, for waits that must end.
now() { printf '%s\n' "$EPOCHREALTIME"; }

# wait_for SECONDS COMMAND...: until the command is true; 1 when time is up.
wait_for() {
	local tries=$(( $1 * 50 ))
	shift
	until "$@" >/dev/null 2>&1; do
		[ $((tries--)) -gt 0 ] || return 1
		sleep 0.02
	done
}

port_is_open() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Is someone listening? Looks, and does not connect: an LPD would see a client.
port_listens() {
	[ -n "$(ss -Hltn "sport = :$1" 2>/dev/null)" ]
}

# free_port DIR: a port of 20000..29999 that is nobody's and stays ours until
# ports_free DIR. The claim is a folder: mkdir succeeds for one rig only.
free_port() {
	local dir=$1 port claim

	mkdir -p "$RIG_PORTS"
	for _ in {1..500}; do
		port=$((20000 + (RANDOM * 32768 + RANDOM) % 10000))
		claim=$RIG_PORTS/$port
		port_stale "$claim"
		mkdir "$claim" 2>/dev/null || continue
		if port_listens "$port"; then
			rmdir "$claim"
			continue
		fi
		printf '%s\n' "$dir" >"$claim/dir"
		printf '%s\n' "$port" >>"$dir/ports"
		printf '%s\n' "$port"
		return
	done
	die "no free port between 20000 and 29999"
}

# A claim whose rig is gone (its folder was removed without rig down).
port_stale() {
	local owner

	[ -f "$1/dir" ] || return 0
	read -r owner <"$1/dir" || return 0
	[ -d "$owner" ] && grep -qx "${1##*/}" "$owner/ports" 2>/dev/null &&
		return 0
	rm -f "$1/dir"
	rmdir "$1" 2>/dev/null
	return 0
}

ports_free() {
	local port

	[ -f "$1/ports" ] || return 0
	while read -r port; do
		rm -f "$RIG_PORTS/$port/dir"
		rmdir "$RIG_PORTS/$port" 2>/dev/null
	done <"$1/ports"
	rm -f "$1/ports"
}

# When a process started, in ticks since boot: with the pid it names one
# process for ever. Empty when there is none.
proc_start() {
	local stat

	{ read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
	stat=${stat##*) }
	set -- $stat
	[ "$1" != Z ] || return 1
	printf '%s\n' "${20}"
}

# start DIR NAME COMMAND...: in a session of its own, output to DIR/log/NAME.
start() {
	local dir=$1 name=$2 pid

	shift 2
	setsid "$@" </dev/null >>"$dir/log/$name" 2>&1 9>&- &
	pid=$!
	proc_note "$dir" "$name" "$pid"
}

# setsid forks when it leads a group already; here it never does, so that the
# pid is the program's own.
proc_note() {
	local began

	began=$(proc_start "$3") || began=0
	printf '%s %s %s\n' "$2" "$3" "$began" >>"$1/pids"
}

# pid_of DIR NAME: the last one started under that name, if it lives.
pid_of() {
	local name pid began found=

	while read -r name pid began; do
		[ "$name" = "$2" ] && [ "$(proc_start "$pid")" = "$began" ] &&
			found=$pid
	done <"$1/pids" 2>/dev/null
	[ -n "$found" ] && printf '%s\n' "$found"
}

session_has() { [ -n "$(ps -s "$1" -o pid= -o stat= | awk '$2 !~ /^Z/')" ]; }
session_empty() { ! session_has "$1"; }

# stop DIR NAME: end it and what it left in its session; says so when it had
# to be forced, because a program that cannot end in good order is a fault.
stop() {
	local dir=$1 want=$2 name pid began rc=0

	while read -r name pid began; do
		[ "$name" = "$want" ] || continue
		proc_end "$name" "$pid" "$began" || rc=1
	done < <(cat "$dir/pids" 2>/dev/null)
	[ ! -f "$dir/pids" ] || sed -i "/^$want /d" "$dir/pids"
	return $rc
}

proc_end() {
	local name=$1 pid=$2 began=$3 rc=0

	if [ "$(proc_start "$pid")" = "$began" ]; then
		kill -TERM "$pid" 2>/dev/null
		wait_for 10 proc_gone "$pid" "$began" || {
			say "$name (pid $pid) did not end when asked: killed"
			kill -KILL "$pid" 2>/dev/null
			rc=1
		}
	fi
	# Its children are in its session, which no one else can be in.
	session_has "$pid" && ! wait_for 5 session_empty "$pid" && {
		say "$name left processes behind: killed"
		ps -s "$pid" -o pid=,args= >&2
		kill -KILL $(ps -s "$pid" -o pid=) 2>/dev/null
		rc=1
	}
	return $rc
}

proc_gone() { [ "$(proc_start "$1")" != "$2" ]; }

stop_all() {
	local dir=$1 name rc=0

	[ -f "$dir/pids" ] || return 0
	for name in $(awk '{print $1}' "$dir/pids" | tac | awk '!s[$0]++'); do
		stop "$dir" "$name" || rc=1
	done
	rm -f "$dir/pids"
	return $rc
}

# env_put DIR NAME VALUE: a shell assignment that reads back as VALUE.
env_put() { printf '%s=%q\n' "$2" "$3" >>"$1/env.new"; }

# lp and the release users must be able to walk to DIR.
check_reachable() {
	local dir=$1

	while [ "$dir" != / ]; do
		dir=$(dirname "$dir")
		case $(stat -c %A "$dir") in
		*x|*t) ;;
		*) die "$dir is closed to the users lp and release: choose a folder under /tmp" ;;
		esac
	done
}
