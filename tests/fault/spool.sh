#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The n-th write and the n-th sync of a spool file fail, for every n there is:
# the writer must say so, and what it calls good must be whole.
set -u
builddir=${builddir:-.}
check=$builddir/tests/fault/spoolcheck
bytes=${SPOOL_FAULT_BYTES:-5300000}

tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
lib=$(cd "$builddir" && pwd)/tests/fault/failio.so
if [ ! -f "$lib" ]; then
	echo "1..0 # SKIP failio.so could not be built here"
	exit 0
fi
# A sanitizer wants to be the first library.
asan=$(ldd "$check" | sed -n 's/.*=> \(.*lib[a-z]*asan[^ ]*\) .*/\1/p')
n=0
failed() { echo "not ok $n - $*"; }

# One run with an order; $said is its word, $hits the failures it met.
run() {
	: >"$tmp/log"
	said=$(LD_PRELOAD="${asan:+$asan:}$lib" FAILIO="$1" \
	    FAILIO_PREFIX="$tmp/" FAILIO_LOG="$tmp/log" \
	    "$check" write "$tmp/job" "$bytes" 2>&1)
	hits=$(wc -l <"$tmp/log")
}

# The file is whole, read without any failure.
whole() { [ "$("$check" read "$tmp/job" "$bytes")" = good ]; }

# must OP WHAT WORD: an error of this name at every n; none once none is made
must() {
	local i bad=

	n=$((n + 1))
	for i in $(seq 1 60); do
		run "$1:$i:$2"
		[ "$hits" -gt 0 ] || break
		case $said in
		"error $3 "*)	;;
		*)		bad="$bad [$1:$i:$2: $said]" ;;
		esac
	done
	if [ -n "$bad" ]; then
		failed "$1 fails with $2 and it says:$bad"
	elif [ "$i" -lt 2 ] || [ "$i" -ge 60 ]; then
		failed "$1: no end or no beginning ($i)"
	elif [ "$said" != good ] || ! whole; then
		failed "$1: without a failure it says $said"
	else
		echo "ok $n - $((i - 1)) times $2 at a $1, each is told as $3"
	fi
}

# goes_on OP WHAT: it ends well all the same, with every byte in place
goes_on() {
	local i bad=

	n=$((n + 1))
	for i in $(seq 1 60); do
		run "$1:$i:$2"
		[ "$hits" -gt 0 ] || break
		[ "$said" = good ] && whole || bad="$bad [$1:$i:$2: $said]"
	done
	if [ -n "$bad" ]; then
		failed "$2 at a $1:$bad"
	elif [ "$i" -lt 2 ]; then
		failed "$1: no beginning"
	else
		echo "ok $n - $((i - 1)) times $2 at a $1, and the file is whole"
	fi
}

must write EIO io
must write ENOSPC full
must write EDQUOT full
must sync EIO io
must sync ENOSPC full
goes_on write SHORT
goes_on write EINTR

n=$((n + 1))
run "write:3+:ENOSPC"
case $said in
"error full "*)	echo "ok $n - a disk that stays full is told" ;;
*)		failed "a full disk: $said" ;;
esac

n=$((n + 1))
said=$("$check" write /dev/full "$bytes" 2>&1)
case $said in
"error full "*)	echo "ok $n - so is a full device: ${said#error full }" ;;
*)		failed "/dev/full: $said" ;;
esac
echo "1..$n"
