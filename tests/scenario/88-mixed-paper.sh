#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# san: yes
# A document of A4 and A3 pages: each sheet costs what it is where it comes out
# on mixed paper, and all of it by the one paper where the options put it there.
. "$(dirname "$0")/lib/scenario.sh"
command -v gs >/dev/null || skip_all "needs ghostscript"
command -v pdfinfo >/dev/null || skip_all "needs pdfinfo"
rig r
# page W H COLOUR: a page of that size
page() { printf '<< /PageSize [%s %s] >> setpagedevice %s setrgbcolor 72 72 100 100 rectfill showpage\n' "$@"; }
{ page 595 842 '0 0 0'; page 842 1191 '1 0 0'; page 595 842 '0 0 0'; page 842 595 '0 0 0'
	page 842 1191 '0 0 0'; } >"$W/mix.ps"
gs -q -dNOPAUSE -dBATCH -dAutoRotatePages=/None -sDEVICE=pdfwrite -o "$W/mix.pdf" "$W/mix.ps"
sizes() { pdfinfo -l 99 "$1" 2>/dev/null | sed -n 's/.*size: *\([0-9]*\)\(\.[0-9]*\)* x \([0-9]*\).*/\1x\3/p' | paste -sd' '; }
is "$(sizes "$W/mix.pdf")" "595x842 842x1191 595x842 842x595 842x1191" "three pages are A4, two A3"
cat >"$W/prices" <<'X'
sheet 0.01
sheet 0.02 size A3
mono 0.10
mono 0.30 size A3
colour 1.00
colour 3.00 size A3
X
"$RIG_CTL" price set "$W/prices" >/dev/null
print() { lp -U anna -d "$RIG_QUEUE" -t "$@" "$W/mix.pdf" >/dev/null 2>&1; }
micro() { api GET "/jobs/$(id_of "$1")"; j '.charge.micro'; }
items() { api GET "/jobs/$(id_of "$1")"; j '.charge.items[].text' | paste -sd';'; }
paid() { api GET "/jobs/$1"; j '.charge | "\(.state) \(.micro)"'; }
# out TITLE: release it and wait until it is printed
out() {
	local n

	n=$(count sent)
	ID=$(id_of "$1")
	api POST "/jobs/$ID/release" '{"device":"Flur"}'
	within 20 "$1: it comes out" state_count_is sent $((n + 1))
}

print plain
within 20 "it is held" held_is 1
is "$(items plain)" "3 sheets on A4 at 0.01 (line 1);3 mono sides on A4 at 0.10 (line 3);2 sheets on A3 at 0.02 (line 2);1 mono side on A3 at 0.30 (line 4);1 colour side on A3 at 3.00 (line 6)" \
	"each sheet costs what it is"
is "$(micro plain)" 3670000 "which adds up"
api GET "/jobs/$(id_of plain)"
is "$(j '.pages.papers | map("\(.media) \(.sides) \(.colour_sides) \(.sheets)") | join(",")')" \
	"iso_a4_210x297mm 3 0 3,iso_a3_297x420mm 2 1 2" "the job tells its paper"
out plain
is "$(sizes "$(printed_last)")" "$(sizes "$W/mix.pdf")" "on mixed paper"
is "$(paid "$ID")" "settled 3670000" "and is paid by it"

print onto -o media=A4
within 20 "with a paper that was asked for" held_is 1
is "$(items onto)" "5 sheets at 0.01 (line 1);4 mono sides at 0.10 (line 3);1 colour side at 1.00 (line 5)" \
	"it costs what that costs"
out onto
is "$(sizes "$(printed_last)" | tr ' ' '\n' | sort -u)" 595x841 "all of it is on it"
is "$(paid "$ID")" "settled 1450000" "and it is paid by it"

print two -o number-up=2
within 20 "two pages on a side" held_is 1
is "$(micro two)" 1230000 "are on the paper most pages have: 2 mono, 1 colour"
out two
is "$(sizes "$(printed_last)" | tr ' ' '\n' | sort -u)" 841x595 "really"
is "$(paid "$ID")" "settled 1230000" "and paid by it"

print some -o page-ranges=2,5 -o media=A3
within 20 "some pages on a paper that was asked for" held_is 1
is "$(micro some)" 3340000 "cost what they cost there"
out some
is "$(sizes "$(printed_last)")" "841x1190 841x1190" "where they are"

print both -o sides=two-sided-long-edge
within 20 "two-sided" held_is 1
api GET "/jobs/$(id_of both)"
is "$(j '.pages | "\(.sheets) \(.papers | map(.sheets) | join("+"))"')" "4 2+2" \
	"a side of another size begins a sheet"
out both
is "$(sizes "$(printed_last)")" "$(sizes "$W/mix.pdf")" "on mixed paper as well"

"$RIG_CTL" simulate >"$W/simulated"
is "$(awk '$1 == "printed" || $1 == "simulated" { print $(NF-1) }' "$W/simulated" | sort -u | wc -l)" 1 \
	"the simulator has the same prices for what was printed"

printf 'rule "Posters" when media A3 refuse "no A3"\n' >"$W/rules"
"$RIG_CTL" rule set "$W/rules" >/dev/null
print again
within 20 "a rule sees the paper of every page" state_count_is refused 1
