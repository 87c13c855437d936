#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# 205 jobs: the list comes in pages, complete and without a repeat.
# long: 20
. "$(dirname "$0")/lib/scenario.sh"
rig r
doc s.bin 300
seq 205 | xargs -P 4 -I{} lp -d "$RIG_RAW_QUEUE" -U anna -o raw -t "Job {}" "$W/s.bin" >/dev/null
within 60 "205 jobs are held" eval '[ "$(api GET /status; j .held)" = 205 ]'
login_card "$RIG_ANNA_CARD"
pages=0 cursor=
: >"$W/ids.txt"
while [ $pages -lt 30 ]; do
	list ${cursor:+'"cursor":"'"$cursor"'"'}
	[ "$STATUS" = 200 ] || break
	pages=$((pages + 1))
	n=$(job_ids | wc -l)
	[ "$n" -le 50 ] || fail "at most 50 rows a page" "$n"
	[ "${#BODY}" -le 65536 ] || fail "a page is at most 64 KiB" "${#BODY}"
	job_ids >>"$W/ids.txt"
	cursor=$(j '.next // ([.menu.items[]?|select(.type=="list")|.next][0]) // empty')
	[ -n "$cursor" ] || break
done
is "$(wc -l <"$W/ids.txt")" 205 "all 205 are listed"
is "$(sort -u "$W/ids.txt" | wc -l)" 205 "each once"
ok "in at least 5 pages" test $pages -ge 5
list '"cursor":"garbage"'
unlike "$STATUS" '^5' "a made-up cursor is no server error"
release all
is "$STATUS" 200 "release all, beyond one page"
within 60 "all of them come out" printed_is 205
within 10 "nothing is held" held_is 0
