#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What the compiler and the linker were asked for must be in the programs.
set -u
builddir=${builddir:-.}
if grep -q '^#define REL_SANITIZERS 1' "$builddir/config.h"; then
	echo "1..0 # SKIP a sanitizer build is not hardened"
	exit 0
fi
if ! readelf --version >/dev/null 2>&1; then
	echo "1..0 # SKIP readelf is missing (binutils)"
	exit 0
fi
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT

n=0
is() {	# words, file to search, pattern
	n=$((n + 1))
	if grep -Eq -- "$3" "$2"; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1: no /$3/ in readelf's words"
	fi
}

for p in $(cat "$builddir/tests/unit/programs.txt"); do
	case $p in tests/*) continue ;; esac
	file=$builddir/$p
	if [ ! -x "$file" ]; then
		n=$((n + 1))
		echo "not ok $n - $p is not built"
		continue
	fi
	readelf -Wh "$file" >"$tmp/head" || exit 99
	readelf -Wl "$file" >"$tmp/segments" || exit 99
	readelf -Wd "$file" >"$tmp/dynamic" || exit 99
	readelf -Ws --dyn-syms "$file" >"$tmp/symbols" || exit 99
	is "$p can be loaded anywhere (PIE)" "$tmp/head" 'Type: +DYN'
	is "$p has read-only relocations" "$tmp/segments" 'GNU_RELRO'
	is "$p is bound at the start" "$tmp/dynamic" 'BIND_NOW|FLAGS.*NOW'
	is "$p has no executable stack" "$tmp/segments" 'GNU_STACK .* RW '
	# whoami.cgi has no array on its stack: gcc has nothing to guard there.
	[ "$p" = cgi/whoami.cgi ] ||
		is "$p has stack protectors" "$tmp/symbols" '__stack_chk_fail'
	is "$p has checked library calls" "$tmp/symbols" '__[a-z]+_chk(@| |$)'
done
if [ "$n" -eq 0 ]; then
	n=1
	echo "not ok 1 - no program to look at"
fi
echo "1..$n"
