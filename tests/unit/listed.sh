#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every test source must be in the list that runs it: a test that is not
# built passes for ever.
set -u
srcdir=${srcdir:-.}
n=0

check() {	# file, Makefile.inc, text that must stand in it
	n=$((n + 1))
	if grep -Fqx -- "$3" "$2"; then
		echo "ok $n - $1 is in $2"
	else
		echo "not ok $n - $1 is not in $2: add the line '$3'"
	fi
}

for f in "$srcdir"/tests/unit/test_*.c; do
	name=$(basename "$f" .c)
	check "$name.c" "$srcdir/tests/unit/Makefile.inc" \
	    "UNIT_TESTS += tests/unit/$name"
done
for f in "$srcdir"/tests/fuzz/fuzz_*.c; do
	name=$(basename "$f" .c)
	check "$name.c" "$srcdir/tests/fuzz/Makefile.inc" \
	    "FUZZ_TARGETS += tests/fuzz/$name"
done
if [ "$n" -lt 2 ]; then
	n=$((n + 1))
	echo "not ok $n - no test found below $srcdir"
fi
echo "1..$n"
