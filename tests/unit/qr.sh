#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Are our QR codes readable?  Drawn, made pixels of, and read by zbarimg.
set -u
make=${builddir:-.}/tests/unit/qrmake
url='https://print.example.org:631/release/release.cgi?device=12'
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT

echo "1..6"
n=0
ok() {		# words; success is 0
	n=$((n + 1))
	if [ "$2" = 0 ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		[ ! -s "$tmp/err" ] || sed 's/^/# /' "$tmp/err"
	fi
}
skip() {
	n=$((n + 1))
	echo "ok $n # SKIP $1 is missing"
}
have() { command -v "$1" >/dev/null 2>&1; }
read_codes() { zbarimg -q --raw "$@" 2>"$tmp/err" | sort; }

# The runs of the path as a picture of gray dots, 6 a module.
"$make" svg "$url" >"$tmp/code.svg" && tr '"' '\n' <"$tmp/code.svg" | awk '
	/^0 0 [0-9]+ [0-9]+$/ { size = $3 }
	/^M4 4h7/ {
		gsub(/M/, "\n")
		runs = split($0, run, "\n")
		for (i = 2; i <= runs; i++) {
			split(run[i], f, /[ hv]/)
			for (k = 0; k < f[3]; k++)
				dark[f[1] + k, f[2]] = 1
		}
	}
	END {
		print "P2", size * 6, size * 6, 255
		for (y = 0; y < size * 6; y++)
			for (x = 0; x < size * 6; x++)
				print (int(x / 6), int(y / 6)) in dark ? 0 : 255
	}' >"$tmp/code.pgm"
ok "a code is drawn" $?
if have zbarimg; then
	[ "$(read_codes "$tmp/code.pgm")" = "$url" ]
	ok "the code of the page says what it should" $?
else
	skip zbarimg
fi

set --
for i in 1 2 3 4 5 6 7 8 9; do
	set -- "$@" "$url&n=$i"
done
"$make" pdf "$@" >"$tmp/sheet.pdf"
ok "a sheet of nine is drawn" $?
if have qpdf; then
	qpdf --check "$tmp/sheet.pdf" >"$tmp/err" 2>&1
	ok "qpdf finds no fault in it" $?
else
	skip qpdf
fi
if have pdftoppm; then
	pdftoppm -gray -r 100 "$tmp/sheet.pdf" "$tmp/page" 2>"$tmp/err" &&
		[ ! -s "$tmp/err" ] && [ -s "$tmp/page-1.pgm" ] &&
		[ -s "$tmp/page-2.pgm" ] && [ ! -e "$tmp/page-3.pgm" ]
	ok "pdftoppm makes two pages of it" $?
else
	skip pdftoppm
fi
if have zbarimg && have pdftoppm; then
	printf '%s\n' "$@" | sort >"$tmp/want"
	read_codes "$tmp"/page-*.pgm >"$tmp/got"
	cmp "$tmp/want" "$tmp/got" 2>"$tmp/err"
	ok "each of the nine says what it should, at 100 dots an inch" $?
else
	skip "zbarimg or pdftoppm"
fi
