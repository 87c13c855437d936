#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# The spool's disk is full: nothing is lost, nothing is half there, and with
# room again it goes on.
if [ -z "${IN_MOUNTNS:-}" ] && [ "$(id -u)" -eq 0 ]; then
	unshare -m true 2>/dev/null || { echo "1..0 # SKIP mount namespaces are not allowed here"; exit 0; }
	IN_MOUNTNS=1 exec unshare -m --propagation private bash "$0"
fi
. "$(dirname "$0")/lib/scenario.sh"
mkdir -p "$W/r/spool"
mount -t tmpfs -o size=1m,mode=700,uid=61001,gid=61001 tmpfs "$W/r/spool" ||
	skip_all "no tmpfs"
rig r --conf 'MinSpoolFree 0'
doc small.bin 300000
doc large.bin 900000
hold "$W/small.bin" -t small
is "$(count held)" 1 "a small one fits"
print_raw "$W/large.bin" -t large >/dev/null
sleep 3
is "$(count held)" 1 "a large one does not, and does not count as held"
like "$(lpstat -p "$RIG_RAW_QUEUE")" 'idle|printing|processing' "the queue is not stopped"
ok "what it wrote is gone" test "$(du -sk "$RIG_SPOOL" | cut -f1)" -lt 500
login_card "$RIG_ANNA_CARD"
release all
within 10 "what was held can be printed" copies_are "$W/small.bin" 1
cancel -a "$RIG_RAW_QUEUE" 2>/dev/null
hold "$W/small.bin" -t again
is "$(count held)" 1 "with room again jobs are held"
login_card "$RIG_ANNA_CARD"
is "$(j .result)" ok "and panels never noticed"
"$RIG" down "$W/r"
S_UP=()
umount "$W/r/spool"
