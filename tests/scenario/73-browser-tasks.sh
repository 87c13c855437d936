#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# What people do at the pages, by clicking (tests/web/tasks): phone and desktop,
# with and without scripts.
# long: 150
# limit: 400
. "$(dirname "$0")/lib/scenario.sh"
. "$S_LIB/web.sh"
web_ready
rig r
web_data
web_run tasks ${WEB_TASKS:-}
