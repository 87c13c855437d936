#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Every page of cgi/pages.def in a real browser: phone and desktop, with and
# without scripts, English and German; and the pictures of the README (alone with
# WEB_ONLY=shots, which is what make shots does).
# long: 200
# limit: 600
. "$(dirname "$0")/lib/scenario.sh"
. "$S_LIB/web.sh"
web_ready
rig r
web_data
web_history
web_delegates
web_money 6
web_security
rm -f "${WEB_KEEP:-$RIG_BUILD/log/shots}"/*.png
[ "${WEB_ONLY:-}" = shots ] || web_run pages ${WEB_PAGES:-}
[ -n "${WEB_PAGES:-}" ] || { web_letter; web_run shots; }
