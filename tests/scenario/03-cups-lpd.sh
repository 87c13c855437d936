#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# CUPS's own cups-lpd in front of a second cupsd is the device.
. "$(dirname "$0")/lib/scenario.sh"
lpd cups-lpd lpd || skip_all "$LPD_WHY"
rig r --lpd "$LPD_TARGET"

doc a.bin 200000
hold "$W/a.bin" -t "Quarterly figures"
login_card "$RIG_ANNA_CARD"
release all
is "$(j '.jobs[0].status')" accepted "the release is accepted"
REF=$(j '.jobs[0].release_ref')
within 15 "cups-lpd printed it" test -f "$LPD_OUT/1.prn"
same "$LPD_OUT/1.prn" "$W/a.bin" "byte for byte"
like "$(cat "$LPD_OUT/1.txt")" "user=anna" "for its owner"
like "$(cat "$LPD_OUT/1.txt")" "title=OP$REF Quarterly" "under its title"
within 5 "core knows it is sent" state_count_is sent 1

api PATCH "/devices/$RIG_DEVICE_ID" '{"lpr_order":"data-first"}'
hold "$W/a.bin" -t again
release all
within 15 "data before control works too" test -f "$LPD_OUT/2.prn"
same "$LPD_OUT/2.prn" "$W/a.bin" "byte for byte"

api PATCH "/devices/$RIG_DEVICE_ID" '{"lpr_queue":"nosuch"}'
hold "$W/a.bin" -t wrong-queue
id=$(id_of wrong-queue)
release "$id"
within 20 "an unknown queue is a refusal: held again, with a reason" held_again "$id"
