# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# The whole filter, as cupsd runs it, on a text of 1000 pages: against
# Ghostscript's inkcov and CUPS's pdftopdf alone, without options and with
# two pages on a side; and the most memory it has for a document of 50 MB.

# A PDF of 1000 pages of uncompressed text, about 50 kB each.
filter_large() {
	python3 - "$1" "$SCAN_PAGES" <<'X'
import random, sys
random.seed(1)
out, at, refs, pages = open(sys.argv[1], "wb"), 0, [], int(sys.argv[2])
def obj(n, body):
    global at
    text = b"%d 0 obj\n%s\nendobj\n" % (n, body)
    refs.append((n, at))
    out.write(text)
    at += len(text)
out.write(b"%PDF-1.4\n")
at = 9
obj(1, b"<</Type/Catalog/Pages 2 0 R>>")
obj(3, b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
kids = []
for p in range(pages):
    lines = [b"BT /F 8 Tf 1 0 0 1 40 %d Tm (%s) Tj ET\n" % (800 - i % 95 * 8,
        bytes(random.choices(b"abcdefghij klmnop", k=90))) for i in range(410)]
    body = b"".join(lines)
    obj(4 + 2 * p, b"<</Length %d>>\nstream\n%s\nendstream" % (len(body), body))
    obj(5 + 2 * p, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R"
        b"/Resources<</Font<</F 3 0 R>>>>>>" % (4 + 2 * p))
    kids.append(b"%d 0 R" % (5 + 2 * p))
obj(2, b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, b" ".join(kids)))
out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(refs) + 1))
for n, where in sorted(refs):
    out.write(b"%010d 00000 n \n" % where)
out.write(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(refs) + 1, at))
X
}

# peak NAME COMMAND...: kB of memory at most, of it or its largest child.
peak() {
	local name=$1
	shift

	: >"$dir/cost"
	"$tools/cost" "$dir/cost" "$@" >/dev/null 2>>"$dir/log/filter" ||
		die "$1 failed; see $dir/log/filter"
	add "$name" "$(awk '{ print $2 }' "$dir/cost")"
}

bench_filter() {
	local i filters ours=$RIG_BUILD/filter/pdftorelease

	filters=$(cups-config --serverbin)/filter
	scan_text
	filter_large "$dir/large.pdf"
	for ((i = 0; i < RUNS; i++)); do
		cpu filter "$ours" 1 u t 1 "" "$dir/scan.pdf"
		cpu filter-gs gs -q -dSAFER -dBATCH -dNOPAUSE \
			-sDEVICE=inkcov -r36 -o /dev/null "$dir/scan.pdf"
		cpu filter-pdftopdf "$filters/pdftopdf" 1 u t 1 "" "$dir/scan.pdf"
		cpu filter-2up "$ours" 1 u t 1 number-up=2 "$dir/scan.pdf"
		cpu filter-2up-pdftopdf "$filters/pdftopdf" 1 u t 1 number-up=2 \
			"$dir/scan.pdf"
		peak filter-kb "$ours" 1 u t 1 "" "$dir/large.pdf"
		peak filter-kb-pdftopdf "$filters/pdftopdf" 1 u t 1 "" "$dir/large.pdf"
		peak filter-2up-kb "$ours" 1 u t 1 number-up=2 "$dir/large.pdf"
		peak filter-2up-kb-pdftopdf "$filters/pdftopdf" 1 u t 1 number-up=2 \
			"$dir/large.pdf"
	done
	line filter-1000-inkcov "$(median filter)" s-cpu "$(median filter-gs)" \
		lower 10
	line filter-1000-pdftopdf "$(median filter)" s-cpu \
		"$(median filter-pdftopdf)" lower 0.667
	line filter-1000-2up "$(median filter-2up)" s-cpu \
		"$(median filter-2up-pdftopdf)" lower 0.667
	line filter-50MB-memory "$(median filter-kb)" kB \
		"$(median filter-kb-pdftopdf)" lower 0.833
	line filter-50MB-2up-memory "$(median filter-2up-kb)" kB \
		"$(median filter-2up-kb-pdftopdf)" lower 0.833
	ranges filter filter-gs filter-pdftopdf filter-2up filter-2up-pdftopdf
	rm -f "$dir/scan.txt" "$dir/scan.pdf" "$dir/large.pdf"
}
