#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The shape of the C code: sizes as a table, and the house rules that can be
# counted.  TAP; run from anywhere: tools/shape.sh [FOLDER...]
set -u
export LC_ALL=C
cd "$(dirname "$0")/.." || exit 99
[ $# -gt 0 ] || set -- lib releaserd backend filter cgi ctl station direct tests

if ! ctags --version 2>/dev/null | grep -q Universal; then
	echo "1..0 # SKIP universal-ctags is missing"
	exit 0
fi
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
find "$@" -name '*.[ch]' -type f | sort >"$tmp/files"
if [ ! -s "$tmp/files" ]; then
	echo "1..1"
	echo "not ok 1 - no C file in $*"
	exit 1
fi

# One line a function: lines parameters static? file name from to
ctags --fields=+neSf --languages=C,C++ --langmap=C:.c.h --c-kinds=f \
    -L "$tmp/files" -f - 2>/dev/null | awk -F '\t' '
	/^!/ { next }
	{
		from = to = 0; sig = ""; own = 0
		for (i = 4; i <= NF; i++) {
			if ($i ~ /^line:/) from = substr($i, 6)
			if ($i ~ /^end:/) to = substr($i, 5)
			if ($i ~ /^signature:/) sig = substr($i, 11)
			if ($i ~ /^file:/) own = 1
		}
		if (to == 0)
			next
		depth = 0; n = 1
		for (i = 1; i <= length(sig); i++) {
			c = substr(sig, i, 1)
			if (c == "(") depth++
			if (c == ")") depth--
			if (c == "," && depth == 1) n++
		}
		if (sig ~ /^\((void)?\)$/) n = 0
		print to - from + 1, n, own, $2, $1, from, to
	}' | sort -n >"$tmp/functions"

n=0
check() {	# words; a file of offenders, empty when all is well
	n=$((n + 1))
	if [ -s "$2" ]; then
		echo "not ok $n - $1"
		sed 's/^/#   /' "$2"
		failed=1
	else
		echo "ok $n - $1"
	fi
}
failed=0

awk '
	{ size[NR] = $1; lines += $1; if ($1 > 60) { o60++; l60 += $1 }
	  if ($1 > 100) { o100++; l100 += $1 } }
	END {
		if (NR == 0) { print "no function found"; exit }
		printf "functions        %6d\n", NR
		printf "median lines     %6d\n", size[int((NR + 1) / 2)]
		printf "nine in ten at   %6d\n", size[int(NR * 0.9 + 0.5)]
		printf "longest          %6d\n", size[NR]
		printf "over 60 lines    %6d  %5.1f %% of all lines\n", o60,
		    100 * l60 / lines
		printf "over 100 lines   %6d  %5.1f %% of all lines\n", o100,
		    100 * l100 / lines
	}' "$tmp/functions" >"$tmp/table"
sed 's/^/# /' "$tmp/table"
xargs wc -l <"$tmp/files" | awk '$2 != "total"' | sort -rn >"$tmp/sizes"
awk '{ n++; l += $1 } END { printf "# files            %6d\n", n
    printf "# lines            %6d\n", l }' "$tmp/sizes"
echo "# biggest files:"
head -n 8 "$tmp/sizes" | sed 's/^/# /'
echo "# longest functions:"
tail -n 5 "$tmp/functions" | awk '{ printf "#     %4d %s %s\n", $1, $4, $5 }'

awk '$1 > 100 { print $4 ":" $6 ": " $5 " has " $1 " lines" }' \
    "$tmp/functions" >"$tmp/bad"
check "no function over 100 lines" "$tmp/bad"

awk '{ s[NR] = $1 } END { m = s[int((NR + 1) / 2)]
    q = s[int(NR * 0.9 + 0.5)]
    if (m >= 20) print "the median is " m
    if (q >= 60) print "nine in ten reach " q }' "$tmp/functions" >"$tmp/bad"
check "median under 20 lines, nine in ten under 60" "$tmp/bad"

awk '$1 > 1000 { print $2 " has " $1 " lines" }' "$tmp/sizes" >"$tmp/bad"
check "no file over 1000 lines" "$tmp/bad"

awk '$2 > 6 { print $4 ":" $6 ": " $5 " has " $2 " parameters" }' \
    "$tmp/functions" >"$tmp/bad"
check "no function with more than 6 parameters" "$tmp/bad"

# Comments and texts taken out, so that they may speak of strcpy().
while read -r f; do
	awk -v f="$f" '
	{
		s = $0
		gsub(/\\./, "", s)
		gsub(/"[^"]*"/, "\"\"", s)
		if (inside) {
			if (!sub(/^.*\*\//, "", s)) next
			inside = 0
		}
		gsub(/\/\*[^*]*(\*[^\/*][^*]*)*\*\//, "", s)
		if (sub(/\/\*.*$/, "", s)) inside = 1
		print f ":" FNR ": " s
	}' "$f"
done <"$tmp/files" >"$tmp/code"

grep -E '[^a-zA-Z0-9_>.](strcpy|sprintf|strcat|system|popen|gets|vsprintf|tmpnam|mktemp|strncpy|strncat)[[:space:]]*\(' \
    "$tmp/code" >"$tmp/bad"
check "no strcpy, strcat, sprintf, system, popen and their kin" "$tmp/bad"

grep -E ': [[:space:]]*#[[:space:]]*if[[:space:]]+0([^-9a-zA-Z]|$)' \
    "$tmp/code" >"$tmp/bad"
check "no code in #if 0" "$tmp/bad"

grep -E ': [[:space:]]*typedef ' "$tmp/code" | grep -v '(\*' >"$tmp/bad"
check "no typedef but for callbacks" "$tmp/bad"

grep -E '#[[:space:]]*(if|ifdef|ifndef|elif)[[:space:]].*(__linux__|__APPLE__|__FreeBSD__|_WIN32)' \
    "$tmp/code" | grep -v '^lib/compat_' >"$tmp/bad"
check "no question which system this is outside lib/compat_*.c" "$tmp/bad"

while read -r f; do
	head -n 2 "$f" | grep -q 'SPDX-License-Identifier: Apache-2.0' ||
	    echo "$f"
done <"$tmp/files" >"$tmp/bad"
check "every file names its licence" "$tmp/bad"

while read -r f; do
	expand -t 8 "$f" | awk -v f="$f" 'length($0) > 100 {
		print f ":" FNR ": " length($0) " columns" }'
	awk -v f="$f" '/[ \t]+$/ { print f ":" FNR ": blank at the end" }
	    /^        / { print f ":" FNR ": blanks for a tab" }' "$f"
done <"$tmp/files" >"$tmp/bad"
check "100 columns, tabs, no blanks at the end of lines" "$tmp/bad"

# The bodies of static functions: the same twice belongs in one place.
awk '$3 == 1 && $1 >= 6 && $5 != "main" { print $4, $5, $6, $7 }' \
    "$tmp/functions" | while read -r file name from to; do
	sum=$(sed -n "$((from + 1)),${to}p" "$file" | tr -d ' \t\n' | cksum)
	echo "$sum|$file:$from: $name"
done | sort >"$tmp/bodies"
awk -F '|' '$1 == last { print before " is the same as " $2 }
    { last = $1; before = $2 }' "$tmp/bodies" >"$tmp/bad"
check "no helper written twice" "$tmp/bad"

echo "1..$n"
exit "$failed"
