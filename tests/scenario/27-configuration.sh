#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# releaserd -t and SIGHUP: a bad line is named, the old configuration stays.
. "$(dirname "$0")/lib/scenario.sh"
rig r
D=$RIG_BUILD/releaserd/releaserd
ok "-t takes the rig's file" "$D" -t -c "$RIG_CONF"
bad() {
	cp "$RIG_CONF" "$W/bad.conf"
	printf '%s\n' "$1" >>"$W/bad.conf"
	n=$(wc -l <"$W/bad.conf")
	out=$("$D" -t -c "$W/bad.conf" 2>&1) && fail "$2" "taken: $out" && return
	like "$out" "$n" "$2: named with its line"
}
bad 'NoSuchThing 1' "an unknown directive"
bad 'JobExpiry 30m' "a value below the bounds"
bad 'JobExpiry soon' "no time"
bad 'JobExpiry 1h
JobExpiry 2h' "a setting that stands twice"
badder() {
	grep -v "^${1%% *} " "$RIG_CONF" >"$W/bad.conf"
	printf '%s\n' "$1" >>"$W/bad.conf"
	n=$(wc -l <"$W/bad.conf")
	out=$("$D" -t -c "$W/bad.conf" 2>&1) && fail "$2" "taken: $out" && return
	like "$out" ":$n: ${1%% *}" "$2: named with its line"
}
badder 'Listen 999.1.1.1.1' "no address"
badder 'Listen 127.0.0.1 127.0.0.2 127.0.0.3' "more addresses than two"
badder 'CoreUser root' "a role as root"
badder 'SpoolDir var/spool' "a folder that depends on where one stands"
bad 'UnknownUsers maybe' "no choice"
bad 'MaxJobs' "no value"
nok "no file" "$D" -t -c "$W/nothing.conf"
nok "a folder for a file" "$D" -t -c "$W"
head -c 4000 /dev/urandom >"$W/noise.conf"
nok "noise" "$D" -t -c "$W/noise.conf"

pid=$(awk '/^releaserd /{print $2}' "$RIG_PIDS")
doc a.bin 1000
hold "$W/a.bin" -t one
echo 'MaxJobsPerUser zwei' >>"$RIG_CONF"
kill -HUP "$pid"
logged() { grep -aq "MaxJobsPerUser" "$RIG_LOG"; }
within 5 "SIGHUP with a bad line: the log names it" logged
like "$(grep -a MaxJobsPerUser "$RIG_LOG")" "$(wc -l <"$RIG_CONF")" "with its number"
hold "$W/a.bin" -t two
is "$(count held)" 2 "and work goes on with the old one"
sed -i 's/ zwei$/ 2/' "$RIG_CONF"
kill -HUP "$pid"
sleep 0.5
print_raw "$W/a.bin" -t three >/dev/null
sleep 1.5
is "$(count held)" 2 "a good one is taken: the third job is refused"
login_card "$RIG_ANNA_CARD"
is "$(j .result)" ok "panels notice nothing"
ok "releaserd did not start again" kill -0 "$pid"
