#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# LPRng's lpd, a real print server, is the device.
. "$(dirname "$0")/lib/scenario.sh"
lpd lprng lprng || skip_all "$LPD_WHY"
rig r --lpd "$LPD_TARGET"

doc a.bin 200000
hold "$W/a.bin" -t "Übersicht für Anna"
login_card "$RIG_ANNA_CARD"
release all
is "$(j '.jobs[0].status')" accepted "the release is accepted"
arrived() { [ "$(stat -c %s "$LPD_PRINTED")" -ge "$(stat -c %s "$W/a.bin")" ]; }
within 15 "LPRng printed it" arrived
same "$LPD_PRINTED" "$W/a.bin" "byte for byte"
within 5 "core knows it is sent" state_count_is sent 1
cf=$(find "$LPD_SPOOL" -name 'hf*' -exec cat {} + | tr -d '\0')
like "$cf" "anna" "LPRng recorded the owner"
like "$cf" "OP[0-9A-Z]{10} " "and the title with its reference"

doc b.bin 1000
hold "$W/b.bin" -t two -n 2
release all
n2() { [ "$(stat -c %s "$LPD_PRINTED")" -ge $(($(stat -c %s "$W/a.bin") + 2 * $(stat -c %s "$W/b.bin"))) ]; }
within 15 "two copies are printed twice" n2
cat "$W/a.bin" "$W/b.bin" "$W/b.bin" >"$W/all.bin"
same "$LPD_PRINTED" "$W/all.bin" "each once whole"

# A queue LPRng does not have: it answers with text instead of a number.
api PATCH "/devices/$RIG_DEVICE_ID" '{"lpr_queue":"nosuch"}'
is "$STATUS" 200 "the device's queue is changed"
hold "$W/b.bin" -t three
id=$(id_of three)
release "$id"
within 20 "a refusal leaves the job held, with a reason" held_again "$id"
