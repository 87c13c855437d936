#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# release-pages from outside: exit statuses, JSON, the look for render, stamps.
set -u
builddir=${builddir:-.}
pages=$builddir/filter/release-pages
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
n=0

check() {	# words; then a command that must succeed
	n=$((n + 1))
	what=$1
	shift
	if "$@" >"$tmp/said" 2>&1; then
		echo "ok $n - $what"
	else
		echo "not ok $n - $what"
		sed 's/^/# /' "$tmp/said"
	fi
}
status() {	# wanted, command...
	want=$1
	shift
	"$@" >"$tmp/out" 2>"$tmp/err" </dev/null
	got=$?
	[ "$got" -eq "$want" ] || { echo "exit status $got"; return 1; }
}
has() { status 0 "$pages" facts --json "$1" && grep -F "$2" "$tmp/out"; }

cat >"$tmp/a.pdf" <<'X'
%PDF-1.4
1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj
2 0 obj << /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >> endobj
3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 595.3 841.9] >> endobj
4 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 595.3 841.9]
/Contents 5 0 R >> endobj
5 0 obj << /Length 23 >> stream
1 0 0 rg 9 9 99 99 re f
endstream endobj
trailer << /Root 1 0 R /Size 6 >>
%%EOF
X
: >"$tmp/empty"
echo broken >"$tmp/b.pdf"
printf 'some text\n' >"$tmp/c.txt"

check "a PDF's pages" has "$tmp/a.pdf" '"input_pages":2,"sides":2'
check "its colour" has "$tmp/a.pdf" '"colour_sides":1,"colour_pages":"2"'
check "its paper" has "$tmp/a.pdf" '"name":"iso_a4_210x297mm"'
check "nothing is refused" has "$tmp/a.pdf" '"refused":null'
check "a table for people" status 0 "$pages" facts "$tmp/a.pdf"
check "it has a head and the page" grep -q 'in colour: 2' "$tmp/out"
check "text has a language" has "$tmp/c.txt" '"language":"text"'
check "an empty file is refused" status 1 "$pages" facts "$tmp/empty"
check "a broken PDF is refused" status 1 "$pages" facts --json "$tmp/b.pdf"
check "and says why" grep -q '"refused":"damaged","reason":"' "$tmp/out"
check "a file that is not there" status 2 "$pages" facts "$tmp/none"
check "no file" status 64 "$pages" facts
check "an option nobody knows" status 64 "$pages" facts --x "$tmp/a.pdf"
check "no command" status 64 "$pages"
check "a deadline" status 0 "$pages" facts --deadline 5 "$tmp/a.pdf"
check "a deadline that is none" status 64 "$pages" facts --deadline 0 x

look() { "$pages" look <"$1" >"$tmp/wire" && grep -q "$2" "$tmp/wire"; }
check "a look gives facts" look "$tmp/a.pdf" pdf
check "of what is refused, too" look "$tmp/empty" empty
# shellcheck disable=SC2002 # a pipe is what is tried
piped() { cat "$tmp/a.pdf" | "$pages" look >"$tmp/wire2" && look "$tmp/a.pdf" \
	pdf && cmp "$tmp/wire" "$tmp/wire2"; }
check "from a pipe as well" piped

stamp() { echo stamped | "$pages" stamp 3<&0 <"$1" >"$tmp/s.pdf"; }
check "a stamp" stamp "$tmp/a.pdf"
check "on each page, no colour added" has "$tmp/s.pdf" \
	'"input_pages":2,"sides":2,"sheets":2,"copies":1,"impressions":2,"colour_sides":1'
check "it is the text" grep -q 7374616D706564 "$tmp/s.pdf"
not() { ! "$@"; }
check "no stamp on a broken PDF" not stamp "$tmp/b.pdf"
printf '%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n2147483646 0 obj<<>>endobj\n2147483647 0 obj<<>>endobj\ntrailer<</Root 1 0 R/Size 2147483647>>\n%%%%EOF\n' >"$tmp/high.pdf"
high() { stamp "$tmp/high.pdf"; [ $? -le 1 ]; }
check "objects with the highest numbers end it in good order" high
check "no text, no stamp" status 64 "$pages" stamp 3</dev/null
echo "1..$n"
