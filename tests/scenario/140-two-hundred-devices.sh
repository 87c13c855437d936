#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# 200 simulated devices at one moment: some hang, lie, reboot, lose their log, count
# wrong or change their address; the ledger is right to the last side.
# long: 100
# limit: 300
. "$(dirname "$0")/lib/scenario.sh"
S_MAY_DIE=1
rig r --conf 'LprTries 3' --conf 'LprReplyTimeout 4s' --conf 'PanelTimeout 120s'
api POST /prices '{"text":"mono 0.05\n"}'
is "$STATUS" 201 "a side is 0.05"
export W
python3 "$S_LIB/fleet.py" "${FLEET_DEVICES:-200}" >"$W/fleet.out" 2>"$W/fleet.err"
is "$?" 0 "all of them tapped"
[ ! -s "$W/fleet.err" ] || diag "$(tail -5 "$W/fleet.err")"
diag "$(grep '^#' "$W/fleet.out")"
while IFS=$'\t' read -r name good all why; do
	[ "${name:0:1}" = "#" ] || is "$good of $all" "$all of $all" "$name${why:+ ($why)}"
done <"$W/fleet.out"
is "$(grep -vc '^#' "$W/fleet.out")" 22 "of every class"
