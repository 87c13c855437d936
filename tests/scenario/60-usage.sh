#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Figures: what came out counts once, whatever is tapped, repeated or killed,
# and stays when the records of the jobs are gone.
# long: 60
. "$(dirname "$0")/lib/scenario.sh"
S_MAY_DIE=1
rig r
yes 'a line of text' | head -150 >"$W/lines.txt"
usage() { api GET "/usage?by=all${1:+&$1}"; j '.totals | "\(.jobs) \(.sides) \(.sheets) \(.colour) \(.mono) \(.uncounted)"'; }
usage_jobs() { api GET "/usage?by=all"; j .totals.jobs; }
jobs_are() { [ "$(usage_jobs)" = "$1" ]; }

is "$(usage)" "0 0 0 0 0 0" "nothing came out yet"
lp -U anna -d "$RIG_QUEUE" -n 2 -o sides=two-sided-long-edge -t counted \
	"$W/lines.txt" >/dev/null
within 20 "a job of two copies is held" held_is 1
id=$(id_of counted)
api GET "/jobs/$id"
is "$(j .pages.pages_sure)" exact "its pages are known"
sides=$(j '.pages.sides * 2') sheets=$(j '.pages.sheets * 2')
is "$(usage)" "0 0 0 0 0 0" "held is not printed"

# The same tap twice and the same request once more: one print, one count.
logged_in
RID=$(uuid)
release "$id"
release "$id"
unset RID
release "$id"
within 20 "it is printed" state_is "$id" sent
is "$(usage)" "1 $sides $sheets 0 $sides 0" "it counts once, with both copies"
is "$(usage user=anna) / $(usage user=berta)" \
	"1 $sides $sheets 0 $sides 0 / 0 0 0 0 0 0" "as Anna's"
is "$(usage "device=$RIG_DEVICE_ID")" "1 $sides $sheets 0 $sides 0" "at this device"
api GET "/usage?by=hour&group_by=queue"
is "$(j '.rows[0] | "\(.queue) \(.sides)"')" "$RIG_QUEUE $sides" "and from this queue"
api GET /usage
day=$(date -u -d "$(date +%Y-%m-%d)" +%Y-%m-%dT%H:%M:%S.000Z)
is "$(j '.rows[0].at')" "$day" "today, as the server has it"

# core is killed around the moment in which the outcome is written down.
n=1
for point in core:before-settle core:before-commit core:after-commit \
    core:after-settle send:before-result; do
	doc a.bin $((100000 + n))
	hold "$W/a.bin" -t "$point"
	id=$(id_of "$point")
	wait_until 15 logged_in
	case $point in
	core:*-commit)	# there are many: the one after the transfer is meant
		fault "send:before-result sleep 700"
		release "$id"
		wait_until 5 fault_hit
		fault "$point kill" ;;
	*)	fault "$point kill"
		release "$id" ;;
	esac
	within 15 "$point: killed there" fault_hit
	within 30 "$point: the job is sent" state_is "$id" sent
	n=$((n + 1))
	within 5 "$point: it counts once" jobs_are $n
	is "$(copies_of "$W/a.bin")" 1 "$point: and was printed once"
done
is "$(usage)" "$n $sides $sheets 0 $sides $((n - 1))" \
	"documents nobody can count are jobs without pages"

# One that was refused does not count.
doc b.bin 5000
hold "$W/b.bin" -t late
api POST /devices '{"name":"away","lpr_host":"127.0.0.1","lpr_port":1}'
api POST "/jobs/$(id_of late)/release" '{"device":"away"}'
within 30 "a device that is not there" state_is "$(id_of late)" held
is "$(usage_jobs)" $n "counts nothing"

# Forty days later: the records are gone, the figures are not.
"$RIG" stop "$R"
ok "forty days later" lib_later "$RIG_DB" 3456000000
"$RIG" start "$R"
within 15 "no record of a sent job is left" state_count_is sent 0
is "$(usage)" "$n $sides $sheets 0 $sides $((n - 1))" "the figures are"
api GET "/usage?by=month"
is "$(j '[.rows[].jobs] | add')" $n "in the month in which it was"
out=$("$RIG_CTL" usage --by month --group user)
like "$out" "anna +$n +$sheets +$sides" "releasectl usage shows them"
like "$("$RIG_CTL" usage)" 'Jobs: +0' "the last thirty days are empty"
nok "a span there is not" "$RIG_CTL" usage --by year
