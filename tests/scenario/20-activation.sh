#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Activation keys: once, for a time, and burned after ten wrong uses.
. "$(dirname "$0")/lib/scenario.sh"
rig r
mkdir "$W/d"
device_csr "$W/d"
new_key() {
	api POST /devices "{\"name\":\"$1\",\"serial\":\"${2:-any}\",\"lpr_host\":\"127.0.0.1\"}"
	KEY=$(j .activation_key) ID=$(j .id)
}
new_key a
like "$KEY" '^([0-9A-Z]{5}-){3}[0-9A-Z]{5}$' "a key of 4 times 5 letters"
nok "which is not in the database" grep -qa "$KEY\|${KEY//-/}" "$RIG_DB" "$RIG_DB-wal"
device_register "$W/d" "00000-00000-00000-00000" S1
is "$STATUS $(j .code)" "403 activation-invalid" "a wrong key is refused"
device_register "$W/d" "$KEY" S1
is "$STATUS" 201 "the right one registers"
is "$(j .device_id)" "$ID" "as the device it was made for"
j .certificate_pem >"$W/d/device.crt"
like "$(openssl x509 -in "$W/d/device.crt" -noout -ext subjectAltName)" "urn:uuid:$ID" "the certificate names the device"
device_as "$W/d"
opdp POST /opdp/v1/device/heartbeat '{"status":{"state":"idle","reasons":[]},"config_rev":1,"restrictions_rev":1}'
is "$STATUS" 200 "and it is good for a heartbeat"
like "$(j .server_time)" '^20..-' "which tells the time"
device_register "$W/d" "$KEY" S1
is "$STATUS $(j .code)" "403 activation-invalid" "a key is good once"

new_key b SERIAL-B
device_register "$W/d" "$KEY" S-other
like "$STATUS" '^(403|409)' "a key for one serial number is no good for another"
device_register "$W/d" "$KEY" SERIAL-B
is "$STATUS" 201 "but for its own"
new_key c
device_register "$W/d" "$KEY" SERIAL-B
is "$STATUS $(j .code)" "409 serial-in-use" "a serial number is registered once"

D_CERT=
opdp POST /opdp/v1/panel/menu '{"state":"locked"}'
is "$STATUS" 401 "no certificate, no menu"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
	-subj /CN=x -addext "subjectAltName=URI:urn:uuid:$RIG_DEVICE_ID" \
	-keyout "$W/fake.key" -out "$W/fake.crt" 2>/dev/null
D_CERT=$W/fake.crt D_KEY=$W/fake.key
opdp POST /opdp/v1/panel/menu '{"state":"locked"}'
like "$STATUS" '^(000|401|403)' "a certificate of another CA does not count"
device_as "$W/d"

# Keys expire.
S_MAY_DIE=1
new_key d
"$RIG" stop "$R"
ok "four days later" lib_later "$RIG_DB" 345600000
"$RIG" start "$R"
device_register "$W/d" "$KEY" S-D
is "$STATUS $(j .code)" "403 activation-expired" "a key of four days ago is expired"
