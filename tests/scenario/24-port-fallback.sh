#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Port 443 is taken: 10443 is used, and everybody is told.
if [ -z "${IN_NETNS:-}" ] && [ "$(id -u)" -eq 0 ]; then
	unshare -n true 2>/dev/null || { echo "1..0 # SKIP network namespaces are not allowed here"; exit 0; }
	IN_NETNS=1 exec unshare -n bash "$0"
fi
. "$(dirname "$0")/lib/scenario.sh"
ip link set lo up
socat TCP-LISTEN:443,fork,reuseaddr PIPE &
other=$!
wait_until 5 test -n "$(ss -Hltn 'sport = :443')"
sleep 0.2
rig r --conf 'HttpsPort 443' --conf 'HttpsPortFallback 10443'
api GET /status
is "$(j '.https[0]')" "127.0.0.1:10443" "443 is taken: 10443 is used"
like "$(j .base_url)" ':10443' "the URL for devices shows it"
like "$(grep -a 10443 "$RIG_LOG")" 10443 "the log says so"
like "$("$RIG_CTL" status)" 10443 "and releasectl status"
login_card "$RIG_ANNA_CARD"
is "$(j .result)" ok "the panel works there"
opdp GET /opdp/v1/device/config
like "$(j '.panel_url // .config.panel_url')" ':10443/' "and the device's settings have it"
kill $other
wait $other 2>/dev/null
S_MAY_DIE=1
"$RIG" restart "$R"
api GET /status
is "$(j '.https[0]')" "127.0.0.1:443" "when 443 is free again it is used"
