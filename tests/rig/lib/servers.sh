# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Servers that can stand beside a rig or alone in a folder: what they share.
# All that is in DIR ends with rig down DIR.

# Said also when the rig is quiet: it is the reason a test is skipped for.
cannot() { printf '%s\n' "$*" >&2; }

# needs PROGRAM PACKAGE
needs() {
	[ ! -x "$(PATH=$PATH:/usr/sbin:/sbin command -v "$1")" ] || return 0
	cannot "no $1 (package $2)"
	return 1
}

# server_failed STATUS DIR NAME...: 77 where a package is missing, so that a
# test is skipped; one that is there and does not start is a fault.
server_failed() {
	local rc=$1 d=$2 name

	for name in "${@:3}"; do
		stop "$d" "$name"
	done
	exit "$rc"
}

# A folder for servers; that of a rig that is up will do.
servers_dir() {
	local d=$1

	[ -f "$d/pids" ] || afresh "$d"
	mkdir -p "$d/log"
	chmod 755 "$d" "$d/log"
	: >"$d/.rig"
	touch "$d/pids"
	check_reachable "$d"
}

# What they left in a folder that starts afresh.
servers_gone() { rm -rf "${1:?}"/{krb5,order-*,port-of,samba,slapd-*,tls}; }

# env_add DIR: what env_put gathered takes the place of the same names.
env_add() {
	local d=$1

	touch "$d/env"
	awk -F= -v to="$d/env.all" '
		NR == FNR { new[$1]; print > to; next }
		!($1 in new) { print > to }' "$d/env.new" "$d/env" &&
		mv "$d/env.all" "$d/env" && rm -f "$d/env.new"
}

# name_ok NAME: of a server; it becomes a part of file names and variables
name_ok() {
	case $1 in
	''|*[!a-z0-9]*|[0-9]*) die "a server's name is of letters a to z and digits: $1" ;;
	esac
}

# The port a server of this name had, so that it comes back where it was.
port_kept() {
	local d=$1 name=$2 port

	if [ -f "$d/port-of/$name" ]; then
		cat "$d/port-of/$name"
		return
	fi
	port=$(free_port "$d") || return 1
	mkdir -p "$d/port-of"
	printf '%s\n' "$port" | tee "$d/port-of/$name"
}

# ---- a man in the middle: middle.py says what it can do
# middle_start DIR NAME [--netns PID] PORT:TARGET...
middle_start() {
	local d=$1 name=$2

	shift 2
	needs python3 python3 || return 77
	[ -f "$d/order-$name" ] || : >"$d/order-$name"
	: >"$d/log/$name"
	start "$d" "$name" python3 "$RIG_SRC/tests/rig/directory/middle.py" \
		"$d/order-$name" "$@"
	wait_for 10 grep -qx ready "$d/log/$name" || {
		cannot "middle.py did not start: $(tail -3 "$d/log/$name")"
		return 1
	}
}

# The file is read at any moment: it is never half written.
# Who is deaf or hears again says so: until then a connection hangs by chance.
middle_order() {
	local log=$1/log/$2 was now=hears n

	was=$(tail -1 "$log" 2>/dev/null)
	case " ${*:3} " in *" deaf "*) now=deaf ;; esac
	n=$(wc -l <"$log" 2>/dev/null)
	printf '%s\n' "${*:3}" >"$1/order-$2.new" &&
		mv "$1/order-$2.new" "$1/order-$2" || return 1
	[ "$was" = "$now" ] || [ "$was$now" = readyhears ] ||
		! pid_of "$1" "$2" >/dev/null ||
		wait_for 5 middle_said "$log" "${n:-0}" "$now"
}

# middle_said LOG N WORD: behind the N-th line
middle_said() { tail -n +$(($2 + 1)) "$1" | grep -qx "$3"; }

middle_up() {
	local d=$1 port

	servers_dir "$d"
	! pid_of "$d" "middle-$MIDDLE_NAME" >/dev/null ||
		die "$MIDDLE_NAME of $d runs already"
	port=$(port_kept "$d" "middle-$MIDDLE_NAME") || return 1
	middle_order "$d" "middle-$MIDDLE_NAME" "${MIDDLE_ORDERS[@]}"
	middle_start "$d" "middle-$MIDDLE_NAME" "$port:$MIDDLE_TO" || return
	env_put "$d" "RIG_${MIDDLE_NAME^^}_PORT" "$port"
	env_put "$d" "RIG_${MIDDLE_NAME^^}_URL" "ldap://localhost:$port"
	env_add "$d"
}

middle_options() {
	MIDDLE_NAME=middle MIDDLE_TO= MIDDLE_ORDERS=()
	while [ $# -gt 0 ]; do
		case $1 in
		--name)	MIDDLE_NAME=${2:?the name}; shift ;;
		--to)	MIDDLE_TO=${2:?the port}; shift ;;
		-*)	usage >&2; exit 2 ;;
		*)	MIDDLE_ORDERS+=("$1") ;;
		esac
		shift
	done
	name_ok "$MIDDLE_NAME"
}

# middle_part VERB DIR [--name N] [--to PORT] [ORDER...]
middle_part() {
	local verb=$1 d=$2

	shift 2
	middle_options "$@"
	case $verb in
	up)	[ -n "$MIDDLE_TO" ] || { usage >&2; exit 2; }
		middle_up "$d" || server_failed $? "$d" "middle-$MIDDLE_NAME" ;;
	order)	middle_order "$d" "middle-$MIDDLE_NAME" "${MIDDLE_ORDERS[@]}" ;;
	down)	stop "$d" "middle-$MIDDLE_NAME" ;;
	*)	usage >&2; exit 2 ;;
	esac
}
