#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# What each role may do, read from /proc.
. "$(dirname "$0")/lib/scenario.sh"
rig r
status() { awk -v k="$2:" '$1 == k { $1 = ""; print substr($0, 2) }' "/proc/$1/status"; }
check() {
	local role=$1 uid=$2 pid

	pid=$(role_pids "$role" | head -1)
	[ -n "$pid" ] || { fail "$role runs"; return; }
	is "$(status "$pid" Uid)" "$uid $uid $uid $uid" "$role: uid $uid, all four"
	is "$(status "$pid" Gid)" "$uid $uid $uid $uid" "$role: gid the same"
	like "$(status "$pid" Groups)" "^($uid)? *\$" "$role: no other groups"
	is "$(status "$pid" CapEff | tr -d 0)$(status "$pid" CapPrm | tr -d 0)" "" "$role: no capabilities"
	is "$(status "$pid" NoNewPrivs)" 1 "$role: no new privileges"
	is "$(tr '\0' '\n' <"/proc/$pid/environ" | grep -cvE '^(PATH|REL_FAULT_FILE|REL_PROGRAMS|[AU]B?SAN_OPTIONS|NOTIFY_SOCKET|TZ|LANG)=|^$')" 0 \
		"$role: nothing in its environment but what it was started with"
	is "$(tr '\0' ' ' <"/proc/$pid/cmdline" | grep -ciE 'key=|pass')" 0 "$role: nor its arguments"
}
for role in net agent driver send render; do
	check $role 61002
	pid=$(role_pids $role | head -1)
	is "$(status "$pid" Seccomp)" 2 "$role: behind a system call filter"
	files=$(for f in /proc/"$pid"/fd/*; do readlink "$f"; done |
		grep -E '^/' | grep -vE '^(/dev/null|'"$RIG_LOG"'|.*/run/render/.*|/tmp/.*/san/.*|/dev/urandom|/memfd:release .*)' | sort -u)
	is "$files" "" "$role: no file is open but the log"
done
for pid in $(role_pids net); do
	like "$(readlink "/proc/$pid/root")" '/run/empty' "net: in a root folder of its own"
	is "$(ls -A "/proc/$pid/root/" | wc -l)" 0 "net: which is empty"
done
pid=$(role_pids render | head -1)
if unshare -mn true 2>/dev/null; then
	is "$(grep -cv '^Inter\|face\|^ *lo:' "/proc/$pid/net/dev")" 0 "render: sees no network device but its own loopback"
	like "$(awk -v d="$R/run/render" '$2 == d { print $3, $4 }' "/proc/$pid/mounts")" \
		'^tmpfs .*noexec' "render: temporary files are in memory, seen by it alone"
	is "$(awk -v d="$R/run/render" '$2 == d' /proc/self/mounts)" "" "render: and not by others"
else
	skip "render: name spaces" "none are to be had here"
fi
is "$(stat -c %u:%a "$R/run/render")" 61002:700 "render: and its folder is its own"
check core 61001
pid=$(role_pids core | head -1)
is "$(for f in /proc/"$pid"/fd/*; do readlink "$f"; done | grep -c 'TCP\|/key/')" 0 "core: no key file is open"
is "$(ss -Hltnp | grep -c "pid=$pid,")" 0 "core: listens on no TCP port"
is "$(stat -c %u:%a "$RIG_SPOOL")" 61001:700 "the spool is core's alone"
is "$(stat -c %a "$R/key/host.key")" 600 "the host key is root's alone"
for p in $(role_pids net) $(role_pids core); do
	like "$(grep 'core file' "/proc/$p/limits")" 'size +0 ' "$p: leaves no core dump"
done
nok "a jail that does not exist is refused" "$RIG_BUILD/releaserd/releaserd" -t -c <(cat "$RIG_CONF"; echo 'Jail half')
nok "a user that does not exist is refused" timeout 5 "$RIG_BUILD/releaserd/releaserd" -c <(grep -v CoreUser "$RIG_CONF"; echo 'CoreUser nobody-by-this-name')
