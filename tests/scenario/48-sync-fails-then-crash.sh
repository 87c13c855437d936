#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# The sync of a commit fails, so the backend is told to try later; then core
# dies. The database may have the job after all, and then it is a whole one.
# long: 40
. "$(dirname "$0")/lib/scenario.sh"
S_MAY_DIE=1
failio_ready
for f in order met; do : >"$W/$f"; chmod 666 "$W/$f"; done
words="LD_PRELOAD=$FAILIO FAILIO_LOG=$W/met FAILIO_FILE=$W/order"
export RIG_DAEMON_ENV="$words FAILIO_PREFIX=$W/r/state/"
rig r
unset RIG_DAEMON_ENV
for n in 1 2 3; do
	: >"$W/met"
	echo sync:1:EIO >"$W/order"
	doc "$n.bin" $((80000 + n))
	print_raw "$W/$n.bin" -t "job $n" >/dev/null
	within 10 "a sync fails" failio_met
	# shellcheck disable=SC2046
	kill -9 $(role_pids core)
	: >"$W/order"
	within 30 "after the crash the job is held" held_is $n
done
within 30 "cupsd is done with them" cups_empty
is "$(count held)" 3 "each is held once"
wait_until 10 logged_in
release all
within 20 "all come out" printed_is 3
for n in 1 2 3; do is "$(copies_of "$W/$n.bin")" 1 "job $n once, byte for byte"; done
