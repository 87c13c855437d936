#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# What people do at the pages, by clicking (tests/web/tasks): phone and desktop,
# with and without scripts.
# long: 240
# limit: 600
. "$(dirname "$0")/lib/scenario.sh"
. "$S_LIB/web.sh"
web_ready
export RIG_DEVICE_SNMP=$S_SRC/tests/opsim/profiles/color-inkjet-a3.txt
rig r --conf 'UnknownPages ask'
web_data
web_activity
printf 'LANGUAGE unknown\1\2\3' >"$W/alien"
export WEB_ALIEN=$W/alien
web_run tasks ${WEB_TASKS:-}
