#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# limit: 300
# long: 110
# Every benchmark runs and yields its figures; what they are does not matter.
. "$(dirname "$0")/lib/scenario.sh"
run() { RIG_BUILD=$RIG_BUILD BENCH_DIR=$W/bench timeout 290 "$S_SRC/tests/bench/run" --quick "$@" >"$W/out" 2>&1; }
make -s -C "$RIG_BUILD" $(sed -n '/^bench_tools/,/[^\\]$/p' "$S_SRC/tests/bench/Makefile.inc" |
	grep -o 'tests/bench/[a-z]*') tests/opsim/opsim tests/snmp/snmpfake >"$W/made" 2>&1
is $? 0 "the programs are built"
run
is $? 0 "each part yields its figures"
grep -q "^rig: " "$W/out" && diag "$(grep "^rig: " "$W/out")"
sed -n 's/^# left out/# left out/p' "$W/out"
for part in hold web intake lpr start list search release slow scan filter count price rules ledger replay simulate sync discovery fleet usage; do
	like "$(cat "$W/out")" "(^|
)$part[a-zA-Z0-9-]* +-?[0-9.]+" "$part"
done
