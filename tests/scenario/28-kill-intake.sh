#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# kill -9 at every step from begin to commit: the job is held once, no bytes
# are left over, nobody else is stopped.
# long: 60
. "$(dirname "$0")/lib/scenario.sh"
S_MAY_DIE=1
rig r
n=0
for point in backend:after-begin backend:mid-data backend:after-fsync \
    backend:after-commit core:begin core:before-commit core:after-commit; do
	n=$((n + 1))
	doc a.bin $((150000 + n))
	fault "$point kill"
	print_raw "$W/a.bin" -t "$point" >/dev/null
	within 10 "$point: killed there" fault_hit
	within 40 "$point: the job is held all the same" held_is $n
	gone() { [ -z "$(lpstat -o)" ]; }
	within 15 "$point: cupsd is done with it" gone
	files() { [ "$(spool_files | wc -l)" = $n ]; }
	within 10 "$point: one file for each job and no other" files
	cp "$W/a.bin" "$W/kept.$n"
done
sleep 1
is "$(count held)" $n "each is held once"
within 10 "a panel may log in" eval 'login_card "$RIG_ANNA_CARD"; [ "$(j .result)" = ok ]'
login_card "$RIG_ANNA_CARD"
release all
within 20 "all come out" printed_is $n
once=0
for f in "$W"/kept.*; do [ "$(copies_of "$f")" != 1 ] || once=$((once + 1)); done
is $once $n "each once, byte for byte"
