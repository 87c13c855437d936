#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every header compiles alone, in strict C11, with the warnings as errors.
set -u
srcdir=${srcdir:-.}
builddir=${builddir:-.}
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT

# The compiler and the flags of the libraries, as configure found them.
made() {
	sed -n "s/^$1 = //p" "$builddir/Makefile" | head -n 1
}
cc=$(made CC)
flags=
for lib in CRYPTO OPENSSL EVENT SQLITE JANSSON CURL CUPS QRENCODE; do
	flags="$flags $(made ${lib}_CFLAGS)"
done

n=0
for h in "$srcdir"/lib/*.h "$srcdir"/releaserd/*.h \
    "$srcdir"/releaserd/*/*.h "$srcdir"/backend/*.h "$srcdir"/cgi/*.h \
    "$srcdir"/ctl/*.h; do
	[ -f "$h" ] || continue
	n=$((n + 1))
	name=${h#"$srcdir"/}
	{ echo "#include \"$name\""; echo "#include \"$name\""
	  echo "extern int header_is_not_empty;"; } >"$tmp/t.c"
	# _GNU_SOURCE as config.h has it, nothing else from there.
	# shellcheck disable=SC2086 # flags are words
	if $cc -std=c11 -D_GNU_SOURCE -Wall -Wextra -Wpedantic \
	    -Wstrict-prototypes -Werror -fsyntax-only -I"$srcdir" \
	    -DREL_SYSCONFDIR='"/x"' -DREL_RUNDIR='"/x"' \
	    -DREL_STATEDIR='"/x"' -DREL_SPOOLDIR='"/x"' \
	    $flags "$tmp/t.c" >"$tmp/out" 2>&1; then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name does not compile alone"
		sed 's/^/# /' "$tmp/out"
	fi
done
if [ "$n" -lt 10 ]; then
	n=$((n + 1))
	echo "not ok $n - fewer headers than there must be below $srcdir"
fi
echo "1..$n"
