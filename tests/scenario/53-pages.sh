#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# san: yes
# Every held job is known page by page: by way of cupsd's filters and ours.
. "$(dirname "$0")/lib/scenario.sh"
command -v gs >/dev/null && command -v pdftoppm >/dev/null ||
	skip_all "needs ghostscript and poppler-utils"
rig r

# Five pages, the second and the fourth with red in them.
mixed "$W/five.pdf" 5
mixed "$W/five.ps" 5 ps2write
gs -q -dNOPAUSE -dBATCH -sDEVICE=jpeg -r30 -o "$W/one.jpg" -dLastPage=1 \
	-c '1 0 0 setrgbcolor 0 0 200 200 rectfill showpage'
yes 'a line of text' | head -150 >"$W/lines.txt"

counts='\(.sides) \(.sheets) \(.colour_sides) \(.pages_sure) \(.colour_sure)'

print pdf "$W/five.pdf"
print ps "$W/five.ps"
print jpeg "$W/one.jpg"
print text "$W/lines.txt"
print two -o number-up=2 -o sides=two-sided-long-edge -n 3 "$W/five.pdf"
print some -o page-ranges=2-3 "$W/five.pdf"
print book -o booklet=true "$W/five.pdf"
print gray -o print-color-mode=monochrome "$W/five.pdf"
within 30 "eight jobs are held" held_is 8
is "$(facts pdf "$counts")" "5 5 2 exact exact" "a PDF: pages and colour"
is "$(facts pdf '\(.colour_pages) \(.media[0].name)')" \
	"2,4 iso_a4_210x297mm" "which of them, and on what paper"
is "$(facts ps "$counts")" "5 5 2 exact exact" "PostScript"
is "$(facts jpeg '\(.sides) \(.colour_sides) \(.pages_sure)')" "1 1 exact" "a picture"
is "$(facts text '\(.colour_sides) \(.pages_sure)')" "0 exact" "a text"
like "$(facts text '\(.sides)')" '^[234]$' "of a few pages"
is "$(facts two "$counts")" "3 2 2 exact exact" "two on a side, both sides"
is "$(facts two '\(.copies) \(.impressions) \(.input_pages)')" "3 9 5" \
	"three copies of it"
is "$(facts some "$counts")" "2 2 1 exact exact" "two of the pages"
is "$(facts book '\(.sides)')" 4 "a booklet of eight pages on four sides"
is "$(facts gray "$counts")" "5 5 0 exact exact" "in gray no side is coloured"

# cupsd's own accounting: all sides of all copies.
job=$(api GET "/jobs/$(id_of two)"; j .cups_job)
is "$(awk -v j="$job" '$3 == j && $6 == "total" { print $7 }' "$R/cups/log/page_log")" \
	9 "page_log has the sides of all copies"
is "$(cups_job "$job" job-impressions-completed)" 9 "and so has the job in CUPS"

# What people see of it.
like "$("$RIG_CTL" job show "$(id_of pdf)")" '5 pages, 5 sides on 5 sheets, 2 in colour, 1 copy, iso_a4' \
	"releasectl job show says it"
like "$("$RIG_CTL" job list)" 'SIDES *COLOUR' "releasectl job list has columns for it"
like "$("$RIG_CTL" explain "$(id_of pdf)")" '5 sides on 5 sheets, 2 in colour' "explain too"
login_card "$RIG_ANNA_CARD"
like "$(menu_text)" '5 pages, colour' "and the panel"
list
is "$(j '.jobs[] | select(.name == "two") | "\(.pages) \(.sheets) \(.color) \(.sides) \(.copies)"')" \
	"3 2 color two-sided-long-edge 3" "and op list"
logout
"$RIG_CTL" job preview "$(id_of pdf)" --size 300 --output "$W/p.png"
is "$(python3 -c '
import struct, sys
d = open(sys.argv[1], "rb").read()
print(d[:8] == b"\x89PNG\r\n\x1a\n", max(struct.unpack(">II", d[16:24])))' "$W/p.png")" \
	"True 300" "the preview is a PNG of the size asked for"
like "$("$RIG_CTL" pages "$W/five.pdf")" '5 +2 +1 +5' "releasectl pages of a file"
is "$("$RIG_CTL" pages --json "$W/five.ps" | jq -r '"\(.language) \(.sides)"')" \
	"postscript 5" "and as JSON"
