#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# kill -9 at every step from the tap to the settled job. Afterwards each job is
# sent and on paper once, or held and not on paper, or marked as unconfirmed.
# long: 90
. "$(dirname "$0")/lib/scenario.sh"
S_MAY_DIE=1
rig r
check() {
	local s c

	s=$(state "$2") c=$(copies_of "$1")
	case $s:$c in
	sent:1|held:0|unconfirmed:0|unconfirmed:1) pass "$3: $s, $c on paper" ;;
	*) fail "$3: exactly once, or held, or unconfirmed" "state $s, $c on paper" ;;
	esac
}
i=0
for point in core:release-before-commit core:release-after-commit \
    send:before-data send:mid-data send:before-journal-sent send:before-result \
    core:before-settle core:after-settle; do
	i=$((i + 1))
	doc a.bin $((400000 + i))
	hold "$W/a.bin" -t "$point"
	id=$(id_of "$point")
	wait_until 15 eval 'login_card "$RIG_ANNA_CARD"; [ -n "$SID" ]'
	fault "$point kill"
	RID=$(uuid)
	release "$id"
	within 10 "$point: killed there" fault_hit
	settled() { s=$(state "$id"); [ -n "$s" ] && [ "$s" != releasing ]; }
	within 30 "$point: it settles" settled
	sleep 0.3
	check "$W/a.bin" "$id" "$point"
	if [ "$(state "$id")" = held ]; then
		unset RID
		wait_until 15 eval 'login_card "$RIG_ANNA_CARD"; [ -n "$SID" ]'
		release "$id"
		within 15 "$point: released again it comes out" state_is "$id" sent
		is "$(copies_of "$W/a.bin")" 1 "$point: once"
	fi
	unset RID
done
is "$(count held)$(count releasing)" 00 "nothing is left behind"
files() { [ "$(spool_files | wc -l)" = "$(count unconfirmed)" ]; }
within 10 "the spool keeps only what may not have printed" files
