#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Jobs that come by LPR, through CUPS's own cups-lpd.
. "$(dirname "$0")/lib/scenario.sh"
bin=$(cups-config --serverbin)/daemon/cups-lpd
[ -x "$bin" ] || skip_all "no $bin"
rig r
port=$((21000 + RANDOM % 8000))
CUPS_SERVER=$CUPS_SERVER socat "TCP-LISTEN:$port,bind=127.0.0.1,reuseaddr,fork" "EXEC:$bin -n,nofork" &
in=$!
wait_until 5 eval '[ -n "$(ss -Hltn "sport = :'$port'")" ]'
doc a.bin 50000
DEVICE_URI="lpd://127.0.0.1:$port/FollowRaw?reserve=none" "$(cups-config --serverbin)/backend/lpd" \
	7 anna "By LPR" 1 "" "$W/a.bin" >/dev/null 2>"$W/lpd.txt"
is "$?" 0 "cups-lpd takes the job"
within 10 "it is held" held_is 1
jobs_json
is "$(j '.jobs[0].user')" anna "for its user"
like "$(j '.jobs[0].title')" 'By.LPR' "under its title"
login_card "$RIG_ANNA_CARD"
release all
within 10 "and comes out" copies_are "$W/a.bin" 1
kill $in
wait $in 2>/dev/null || true
