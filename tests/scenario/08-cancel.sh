#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Cancelling while the job comes in leaves nothing, and nobody waits for it.
. "$(dirname "$0")/lib/scenario.sh"
rig r
doc big.bin 3000000
doc s.bin 1000
fault "backend:mid-data sleep 8000"
id=$(print_raw "$W/big.bin" -t cancelled)
within 10 "the backend is in the middle of the data" fault_hit
is "$(count receiving)$(count held)" 00 "it is not held yet"
cancel "$RIG_RAW_QUEUE-$id"
within 12 "cupsd lets it go" cups_empty
within 5 "nothing is left in the spool" spool_empty
is "$(count held)" 0 "nothing is held"
hold "$W/s.bin" -t next
is "$(count held)" 1 "the next job goes through"
