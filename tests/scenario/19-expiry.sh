#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# What nobody releases goes away at its time, with a record; not before.
. "$(dirname "$0")/lib/scenario.sh"
rig r --conf 'JobExpiry 1h'
S_MAY_DIE=1
doc a.bin 3000
hold "$W/a.bin" -t early
early=$(id_of early)
sed -i 's/^JobExpiry.*/JobExpiry 1d/' "$RIG_CONF"
kill -HUP "$(awk '/^releaserd /{print $2}' "$RIG_PIDS")"
sleep 0.5
hold "$W/a.bin" -t late
late=$(id_of late)
is "$(life "$early")" 3600 "a changed setting does not touch what is held"
is "$(life "$late")" 86400 "it is for those that come later"

"$RIG" stop "$R"
ok "two hours later" lib_later "$RIG_DB" 7200000
"$RIG" start "$R"
within 15 "the first is expired" state_is "$early" expired
like "$(reason "$early")" . "its record says why"
is "$(state "$late")" held "the second is held"
is "$(spool_files | wc -l)" 1 "the expired document is gone"
login_card "$RIG_ANNA_CARD"
release "$early"
like "$(j '.jobs[0].code')$(j .code)" "job-(expired|not-held|unknown)" "it cannot be released"
release "$late"
within 10 "the other one can" printed_is 1
explain=$("$RIG_CTL" explain "$early" 2>&1)
like "$explain" . "releasectl explain tells its story"
