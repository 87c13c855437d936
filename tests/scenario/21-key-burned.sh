#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Wrong activation keys: five tries an hour from one address.
. "$(dirname "$0")/lib/scenario.sh"
rig r
mkdir "$W/d"
device_csr "$W/d"
api POST /devices '{"name":"a","serial":"any","lpr_host":"127.0.0.1"}'
KEY=$(j .activation_key)
for i in 1 2 3 4 5; do
	device_register "$W/d" "00000-00000-00000-0000$i" S1
	is "$STATUS" 403 "wrong key $i: refused"
done
device_register "$W/d" "$KEY" S1
is "$STATUS $(j .code)" "429 rate-limited" "after five the address has to wait"
ok "and is told for how long" test "$(j '.retry_after_s // 0')" -gt 0
login_card "$RIG_CARD"
is "$(j .result)" ok "registered devices are not touched by it"
api GET /devices
is "$(j '[.devices[]|select(.state=="waiting")]|length')" 1 "the device still waits"
