#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# A removed device: its certificate is worth nothing from that moment.
. "$(dirname "$0")/lib/scenario.sh"
rig r
doc a.bin 2000
hold "$W/a.bin" -t A
device_new two 127.0.0.1 "$RIG_LPD_PORT" op || fail "second device" "$BODY"
device_as "$W/two.dev"
login_card "$RIG_ANNA_CARD"
is "$(j .result)" ok "it works"
api DELETE "/devices/$DEVICE_ID"
is "$STATUS" 204 "it is removed"
list
like "$STATUS" '^(401|403)' "its open session is dead"
login_card "$RIG_ANNA_CARD"
like "$STATUS" '^(401|403)' "and its certificate too"
opdp POST /opdp/v1/device/heartbeat '{"status":{"state":"idle","reasons":[]}}'
like "$STATUS" '^(401|403)' "also for a heartbeat"
unset D_CERT D_KEY
login_card "$RIG_ANNA_CARD"
is "$(j .result)" ok "others go on"

# A new certificate; a device that leaves by itself.
device_new three 127.0.0.1 "$RIG_LPD_PORT" op
device_as "$W/three.dev"
opdp POST /opdp/v1/device/renew "$(jq -cn --rawfile c "$W/three.dev/device.csr" '{csr_pem:$c}')"
is "$STATUS" 200 "a certificate is renewed"
j .certificate_pem >"$W/three.dev/device.crt"
login_card "$RIG_ANNA_CARD"
is "$(j .result)" ok "and the new one is good"
opdp GET /opdp/v1/device/config
is "$STATUS" 200 "the device reads its settings"
opdp GET /opdp/v1/device/restrictions
is "$STATUS" 200 "and its restrictions"
opdp DELETE /opdp/v1/device
is "$STATUS" 204 "it unregisters itself"
login_card "$RIG_ANNA_CARD"
like "$STATUS" '^(401|403)' "and is unknown from then on"
