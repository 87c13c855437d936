#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Every page of cgi/pages.def in a real browser: phone and desktop, with and
# without scripts, English and German.
# long: 200
# limit: 400
. "$(dirname "$0")/lib/scenario.sh"
. "$S_LIB/web.sh"
web_ready
rig r
web_data
rm -f "${WEB_KEEP:-$RIG_BUILD/log/shots}"/*.png
web_run pages ${WEB_PAGES:-}
