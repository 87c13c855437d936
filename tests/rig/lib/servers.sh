# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Servers that can stand beside a rig or alone in a folder: what they share.
# All that is in DIR ends with rig down DIR.

# Said also when the rig is quiet: it is the reason a test is skipped for.
cannot() { printf '%s\n' "$*" >&2; }

# needs PROGRAM PACKAGE
needs() {
	PATH=$PATH:/usr/sbin:/sbin command -v "$1" >/dev/null && return 0
	cannot "no $1 (package $2)"
	return 1
}

# A folder for servers; that of a rig that is up will do.
servers_dir() {
	local d=$1

	[ -s "$d/pids" ] || afresh "$d"
	mkdir -p "$d/log"
	chmod 755 "$d" "$d/log"
	: >"$d/.rig"
	touch "$d/pids"
	check_reachable "$d"
}

# What they left in a folder that starts afresh.
servers_gone() { rm -rf "${1:?}"/{krb5,port-of,samba,slapd-*,tls}; }

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
