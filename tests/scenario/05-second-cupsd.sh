#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Another print server in between: client, its cupsd, IPP, our cupsd.
. "$(dirname "$0")/lib/scenario.sh"
rig r
S_UP+=("cupsd:$W/second")
out=$("$RIG" cupsd up "$W/second" "${RIG_IPP_URL/FollowMe/FollowRaw}" 2>&1) ||
	bail "second cupsd: $out"
. "$W/second/env"

doc a.bin 40000
CUPS_SERVER=$SECOND_CUPS lp -d "$SECOND_QUEUE" -U anna -o raw -n 2 \
	-t "Über zwei Server" "$W/a.bin" >/dev/null
within 20 "the job arrives" held_is 1
jobs_json
is "$(j '.jobs[0].user')" anna "with its user"
is "$(j '.jobs[0].title')" "Über zwei Server" "its title"
like "$(j '.jobs[0].host')" '^(localhost|127\.0\.0\.1)$' "its host"
is "$(j '.jobs[0].copies')" 2 "and its copies"
login_card "$RIG_ANNA_CARD"
release all
within 10 "it comes out" state_count_is sent 1
within 5 "twice, each whole" copies_are "$W/a.bin" 2
