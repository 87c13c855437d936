#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Drivers that hang are found out, ended and started again; panels go on
# meanwhile, and what is asked is asked again.
. "$(dirname "$0")/lib/scenario.sh"
S_MAY_DIE=1
rig r
dev=$(api GET /devices; j '.devices[0].name')
like "$("$RIG_CTL" status)" 'Drivers: .*snmp-lpr.*2 processes' "releasectl status shows the drivers"
pids=$(role_pids driver)
is "$(wc -w <<<"$pids")" 2 "two drivers run"
kill -STOP $pids
ok "a device that is asked how it is" "$RIG_CTL" device set "$dev" --protocol snmp-lpr --address 127.0.0.1
asked() { "$RIG_CTL" status | grep -q '[1-9][0-9]* questions'; }
within 10 "its driver has the question" asked
login_card "$RIG_ANNA_CARD"
is "$(j .result)" ok "a panel does not wait for it"
again() { [ "$(comm -13 <(sort <<<"$pids") <(role_pids driver | sort) | wc -w)" -ge 1 ]; }
within 25 "who hangs is ended and started again" again
like "$(cat "$RIG_LOG")" 'does not answer in time.*role=driver' "core says so"
like "$(cat "$RIG_LOG")" 'role hangs, it is ended.*role=driver' "super does it"
like "$("$RIG_CTL" status)" '2 processes' "and there are two"
kill -CONT $pids 2>/dev/null	# the other one, so that it can end
