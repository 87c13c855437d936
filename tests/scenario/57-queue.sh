#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# The queue as clients see it: the drivers, what an IPP client is told, and
# what becomes of what it asks for.
. "$(dirname "$0")/lib/scenario.sh"
command -v gs >/dev/null || skip_all "needs ghostscript"
rig r
for p in "$R"/cups/data/model/cups-release/*.ppd; do
	like "$(CUPS_SERVERBIN=$R/cups/bin cupstestppd -W none "$p" 2>&1)" ': PASS' \
		"cupstestppd -W none ${p##*/}"
done
gs -q -dNOPAUSE -dBATCH -sPAPERSIZE=a4 -sDEVICE=pdfwrite -o "$W/five.pdf" -c "/Helvetica 40 \
selectfont 1 1 5 { 1 0 0 setrgbcolor 72 700 moveto (Page ) show 9 string cvs show showpage } for"
out=$(ipptool -tv -f "$W/five.pdf" "$RIG_IPP_URL" "$S_SRC/tests/ipp/release-queue.test" 2>&1)
is "$(grep -c '\[PASS\]' <<<"$out") $(grep -c '\[FAIL\]' <<<"$out")" "4 0" \
	"an IPP client sees the capabilities and prints"
within 15 "both jobs are held" held_is 2
facts() { api GET "/jobs/$(id_of "$1")"; j "\"$2\""; }
is "$(facts airprint '\(.pages.sides) \(.pages.sheets) \(.pages.colour_sides) \(.copies) \(.options.sides)')" \
	"2 1 0 2 two-sided-long-edge" "the phone's job: two pages of it, both sides, in gray, twice"
is "$(facts everywhere '\(.pages.sides) \(.options.number_up) \(.options.finishings[0])')" \
	"3 2 staple-top-left" "the desktop's: two on a side, stapled"
login_card "$RIG_ANNA_CARD"
release "$(id_of everywhere)"
within 20 "it is printed" printed_is 1
like "$(head -c 400 "$(ls "$RIG_OUT"/*.prn)" | tr -d '\r')" '@PJL SET .*STAPLE' "with its staple in PJL"
logout

# The driver that demands a PIN.
lpadmin -p PinMe -E -v release:/ -m cups-release/release-pin.ppd 2>/dev/null
like "$(lp -U anna -d PinMe "$W/five.pdf" 2>&1)" 'job-password.*required' "without a PIN cupsd takes no job"
lp -U anna -d PinMe -t secret -o job-password=4711 "$W/five.pdf" >/dev/null 2>&1
within 10 "with one it is held" held_is 2
is "$(facts secret '\(.confidential) \(.pages.sides)')" "true 5" "as a confidential job, counted"
nok "and no picture of it is drawn" "$RIG_CTL" job preview "$(id_of secret)" --output "$W/p.png"
