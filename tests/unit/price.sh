#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# releasectl price check: the manual page's example is a price list; what is
# wrong is named with line and word; exit statuses. No releaserd is there.
set -u
srcdir=${srcdir:-.} builddir=${builddir:-.}
ctl=$builddir/ctl/releasectl
W=$(mktemp -d) || exit 99
trap 'rm -rf "$W"' EXIT
n=0 bad=0
export RELEASECTL_SOCKET=$W/none LC_ALL=C.UTF-8

ok() {		# condition's status, words, more
	n=$((n + 1))
	[ "$1" -eq 0 ] && { echo "ok $n - $2"; return; }
	bad=1
	echo "not ok $n - $2"
	[ -z "${3-}" ] || printf '%s\n' "$3" | head -20 | sed 's/^/# /'
}
is() { [ "$1" = "$2" ]; ok $? "$3" "got '$1', wanted '$2'"; }
run() { out=$("$ctl" "$@" 2>"$W/err"); rc=$?; err=$(cat "$W/err"); }

awk '/^\.Bd -literal/ { on = 1; next } /^\.Ed/ { exit }
    on { gsub(/\\e/, "\\"); print }' "$srcdir/man/release-prices.5" \
    >"$W/prices"
[ "$(grep -c . "$W/prices")" -gt 15 ]
ok $? "release-prices(5) has an example"
for word in currency base sheet mono colour duplex-discount finishing group \
    device size larger-than per; do
	grep -q "\b$word\b" "$W/prices"
	ok $? "with $word"
done
run price check "$W/prices"
is $rc 0 "it is a price list"
is "$out" "$W/prices: 18 prices, 1 device and 1 group with prices of their own." "and what is in it is said"
run --json price check "$W/prices"
is "$(printf '%s' "$out" | tr -d ' \n')" \
    '{"prices":18,"devices":1,"groups":1,"currency":"EUR"}' "as JSON, too"
run price check - <"$W/prices"
is $rc 0 "from standard input"

printf 'mono 0.03\n# x\ncolour 0,10\n' >"$W/bad"
run price check "$W/bad"
is $rc 1 "one that is wrong: exit status 1"
is "$out" "" "nothing on standard output"
is "$err" "releasectl: $W/bad: line 3, \"0,10\": is no amount: write digits and a point, such as 12.30" "line and word are named"
run --json price check "$W/bad"
is $rc 1 "the same with --json"
is "$(printf '%s' "$out" | tr -d ' \n')" \
    '{"line":3,"word":"0,10","text":"isnoamount:writedigitsandapoint,suchas12.30"}' "with the place as JSON"
run price check "$W/nothing"
is $rc 1 "no such file: exit status 1"
: >"$W/empty"
run price check "$W/empty"
is "$rc $err" "1 releasectl: $W/empty is empty" "an empty file"
head -c 1100000 /dev/zero >"$W/big"
run price check "$W/big"
is $rc 1 "a file that is too large"
printf 'mono 1\nbase \033[31m\n' >"$W/escape"
run price check "$W/escape"
is "$rc $err" "1 releasectl: $W/escape: line 2: is no UTF-8 text, or has control characters in it" "nothing of a file reaches the terminal as it is"
run price check
is $rc 2 "no file: wrong use"
run price check a b
is $rc 2 "two files: wrong use"
echo "1..$n"
exit $bad
