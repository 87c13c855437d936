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
	is "$(cat "/proc/$pid/environ" | tr '\0' '\n' | grep -ci 'key\|pass\|secret')" 0 "$role: nothing secret in its environment"
	is "$(tr '\0' ' ' <"/proc/$pid/cmdline" | grep -ciE 'key=|pass')" 0 "$role: nor its arguments"
}
for role in net agent send; do
	check $role 61002
	pid=$(role_pids $role | head -1)
	is "$(status "$pid" Seccomp)" 2 "$role: behind a system call filter"
	like "$(readlink "/proc/$pid/root")" '/run/empty' "$role: in an empty root"
	is "$(ls -A "/proc/$pid/root/" | wc -l)" 0 "$role: which is empty"
	files=$(for f in /proc/"$pid"/fd/*; do readlink "$f"; done |
		grep -E '^/' | grep -vE '^(/dev/null|'"$RIG_LOG"'|/tmp/.*/san/.*|/dev/urandom)' | sort -u)
	is "$files" "" "$role: no file is open but the log"
done
check core 61001
pid=$(role_pids core | head -1)
is "$(for f in /proc/"$pid"/fd/*; do readlink "$f"; done | grep -c 'TCP\|/key/')" 0 "core: no key file is open"
is "$(ss -Hltnp | grep -c "pid=$pid,")" 0 "core: listens on no TCP port"
is "$(stat -c %u:%a "$RIG_SPOOL")" 61001:700 "the spool is core's alone"
is "$(stat -c %a "$R/key/host.key")" 600 "the host key is root's alone"
for p in $(role_pids net) $(role_pids core); do
	is "$(status "$p" CoreDumping | tr -d 0)$(prlimit -p "$p" --core -o SOFT --noheadings | tr -d ' 0')" "" "$p: no core dump"
done
nok "a jail that does not exist is refused" "$RIG_BUILD/releaserd/releaserd" -t -c <(cat "$RIG_CONF"; echo 'Jail half')
nok "a user that does not exist is refused" timeout 5 "$RIG_BUILD/releaserd/releaserd" -c <(grep -v CoreUser "$RIG_CONF"; echo 'CoreUser nobody-by-this-name')
