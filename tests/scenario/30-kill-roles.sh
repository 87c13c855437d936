#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# kill -9 of each role: it comes back, and no one loses more than a request.
# long: 40
. "$(dirname "$0")/lib/scenario.sh"
S_MAY_DIE=1
rig r
doc a.bin 30000
hold "$W/a.bin" -t before
back() { login_card "$RIG_ANNA_CARD"; [ "$(j .result)" = ok ]; }
for role in net agent driver send render core; do
	pids=$(role_pids $role)
	like "$pids" '[0-9]' "$role runs"
	kill -KILL $pids
	again() { n=$(role_pids $role | wc -w); [ "$n" -ge 1 ] && [ "$(role_pids $role)" != "$pids" ]; }
	within 15 "$role: started again" again
	within 20 "$role: a panel logs in" back
	within 10 "$role: what was held is held" held_is 1
	hold "$W/a.bin" -t "after $role"
	is "$(count held)" 2 "$role: a new job is held"
	back
	release "$(id_of "after $role")"
	within 20 "$role: and printed" held_is 1
	within 10 "$role: as sent" eval '[ -z "$(id_of "after $role")" ]'
done
is "$(copies_of "$W/a.bin")" 6 "each came out once"

# super itself: its children go, the next start finds everything.
sid=$(awk '/^releaserd /{print $2}' "$RIG_PIDS")
kill -KILL "$sid"
within 15 "super is killed: no role is left" eval '[ -z "$(ps -s '"$sid"' -o pid=,stat= | grep -v Z)" ]'
"$RIG" start "$R"
is "$(count held)" 1 "after a start what was held is held"
within 10 "and the panel works" back
