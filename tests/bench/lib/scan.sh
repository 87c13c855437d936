# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Colour of every page of a text of 1000 pages by the scan of the content,
# against Ghostscript's inkcov at 36 dpi and CUPS's pdftopdf on the same file.

SCAN_PAGES=${BENCH_PAGES:-1000}

# cpu NAME COMMAND...: processor seconds of a command and its children.
cpu() {
	local name=$1 out
	shift

	out=$(TIMEFORMAT='%U %S'
		{ time "$@" >/dev/null 2>>"$dir/log/scan"; } 2>&1) ||
		die "$1 failed; see $dir/log/scan"
	add "$name" "$(calc "${out% *}" "${out#* }" 'a + b')"
}

scan_text() {
	awk -v pages="$SCAN_PAGES" 'BEGIN {
		for (p = 1; p <= pages; p++) {
			for (l = 1; l <= 55; l++)
				print "Page " p " line " l ": what a program" \
				    " prints when nobody tells it to stop " \
				    p * l
			if (p < pages)
				printf "\f"
		}
	}' >"$dir/scan.txt"
	"$filters/texttopdf" 1 bench scan 1 "" "$dir/scan.txt" \
		>"$dir/scan.pdf" 2>>"$dir/log/scan" || die "texttopdf failed"
}

bench_scan() {
	local i filters pages=$RIG_BUILD/filter/release-pages

	filters=$(cups-config --serverbin)/filter
	scan_text
	for ((i = 0; i < RUNS; i++)); do
		cpu scan "$pages" facts "$dir/scan.pdf"
		cpu scan-gs gs -q -dSAFER -dBATCH -dNOPAUSE \
			-sDEVICE=inkcov -r36 -o /dev/null "$dir/scan.pdf"
		cpu scan-pdftopdf "$filters/pdftopdf" 1 bench scan 1 \
			page-logging=true "$dir/scan.pdf"
	done
	line scan-1000-inkcov "$(median scan)" s-cpu "$(median scan-gs)" \
		lower 10
	line scan-1000-pdftopdf "$(median scan)" s-cpu \
		"$(median scan-pdftopdf)" lower 1
	ranges scan scan-gs scan-pdftopdf
	rm -f "$dir/scan.txt" "$dir/scan.pdf"
}
