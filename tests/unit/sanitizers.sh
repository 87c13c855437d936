#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A build that was asked for sanitizers must really have them: a program that
# does something forbidden has to die of it.
set -u
builddir=${builddir:-.}
broken=$builddir/tests/unit/broken
out=$(mktemp) || exit 99
trap 'rm -f "$out"' EXIT

if ! grep -q '^#define REL_SANITIZERS 1' "$builddir/config.h"; then
	echo "1..0 # SKIP this build was made without --enable-sanitizers"
	exit 0
fi
# LeakSanitizer cannot work under a debugger or strace; then say so.
unset ASAN_OPTIONS LSAN_OPTIONS UBSAN_OPTIONS

n=0
dies() {	# deed, words that must be in the report
	n=$((n + 1))
	"$broken" "$1" >"$out" 2>&1
	rc=$?
	if [ $rc -ne 0 ] && grep -q -- "$2" "$out"; then
		echo "ok $n - $1 dies with a report"
	else
		echo "not ok $n - $1: exit status $rc, no \"$2\" in the report"
		sed 's/^/# /' "$out"
	fi
}

echo 1..5
dies heap-overflow 'AddressSanitizer: heap-buffer-overflow'
dies use-after-free 'AddressSanitizer: heap-use-after-free'
dies signed-overflow 'signed integer overflow'
dies leak 'LeakSanitizer: detected memory leaks'
n=$((n + 1))
if "$broken" nothing >"$out" 2>&1 && [ ! -s "$out" ]; then
	echo "ok $n - a program without faults ends in peace"
else
	echo "not ok $n - a program without faults is reported"
	sed 's/^/# /' "$out"
fi
