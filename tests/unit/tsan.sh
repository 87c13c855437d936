#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# The one place with a second thread (releaserd/send/ahead.c) under
# ThreadSanitizer. It cannot be mixed with the other sanitizers, so it is a
# build of its own, of these few files.
srcdir=${srcdir:-.}
echo 1..1
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
cc=${CC:-cc}
if ! echo 'int main(void){return 0;}' | $cc -fsanitize=thread -x c - \
	-o "$tmp/probe" 2>/dev/null || ! "$tmp/probe" 2>/dev/null; then
	echo "ok 1 - no data race in send # SKIP this compiler or kernel has no ThreadSanitizer"
	exit 0
fi
if ! $cc -std=gnu11 -D_GNU_SOURCE -g -O1 -fsanitize=thread -I"$srcdir" \
	-o "$tmp/test_ahead" "$srcdir/tests/unit/test_ahead.c" \
	"$srcdir/releaserd/send/ahead.c" "$srcdir/lib/spool.c" \
	"$srcdir/lib/buf.c" "$srcdir/lib/cursor.c" "$srcdir/lib/err.c" \
	"$srcdir/lib/text.c" "$srcdir/lib/fault.c" \
	"$srcdir/lib/compat_linux.c" "$srcdir/lib/compat_darwin.c" \
	-lcmocka -lcrypto -lpthread >"$tmp/log" 2>&1; then
	sed 's/^/# /' "$tmp/log"
	echo "not ok 1 - test_ahead builds with ThreadSanitizer"
	exit 1
fi
if TSAN_OPTIONS=halt_on_error=1:exitcode=66 "$tmp/test_ahead" \
	>"$tmp/log" 2>&1 && ! grep -q 'WARNING: ThreadSanitizer' "$tmp/log" &&
	grep -Eq '^ok |PASSED' "$tmp/log"; then
	echo "ok 1 - no data race in send"
else
	sed 's/^/# /' "$tmp/log"
	echo "not ok 1 - no data race in send"
	exit 1
fi
