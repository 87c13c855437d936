#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Queues whose driver makes the device's own language: counted in passing; what
# that cannot tell is looked at; nobody can forge what the filter says.
. "$(dirname "$0")/lib/scenario.sh"
command -v gs >/dev/null || skip_all "needs ghostscript"
rig r
for d in pdfwrite ljet4d pxlcolor ps2write; do
	mixed "$W/$d" 4 $d
done
mixed "$W/tiff" 4 tiffgray -r20
printf '%%!\n/Helvetica 40 selectfont 3 { 72 700 moveto (x) show showpage } repeat\n' >"$W/plain-ps"
head -c 5000 /dev/urandom >"$W/noise"
sides='\(.language) \(.sides) \(.sheets) \(.pages_sure)'
known() { [ "$(facts "$1" '\(.counting) \(.sides)')" = "false $2" ]; }

for d in ljet4d pxlcolor tiff pdfwrite plain-ps noise; do
	hold "$W/$d" -t $d
done
is "$(facts ljet4d "$sides")" "pcl 4 2 exact" "PCL, two-sided, in passing"
is "$(facts pxlcolor "$sides")" "pclxl 4 4 exact" "PCL XL"
is "$(facts pxlcolor '\(.colour_sides) \(.colour_pages)')" "2 2,4" "and its colour"
is "$(facts tiff '\(.sides) \(.colour_sides)')" "4 0" "TIFF in gray"
within 20 "a PDF in a raw queue is looked at" known pdfwrite 4
is "$(facts pdfwrite '\(.colour_pages) \(.colour_sure)')" "2,4 exact" "page by page"
within 20 "PostScript without comments is run to count it" known plain-ps 3
within 20 "noise stays unknown" known noise 0
is "$(facts noise '\(.pages_sure)')" unknown "... and says so"
login_card "$RIG_ANNA_CARD"
release "$(id_of ljet4d)"
within 10 "what is in the device's language goes out" printed_is 1
same "$W/ljet4d" "$(ls "$RIG_OUT"/*.prn)" "byte for byte"
is "$(api GET "/jobs?job_state=sent"; j '.jobs[0].pages.printed | "\(.sides) \(.sheets)"')" \
	"4 2" "and its record says what it was"
action '"op":"set-options","job":"'"$(id_of pxlcolor)"'","options":{"color":"mono"}'
is "$(j '.jobs[0].code')" option-not-supported "it cannot be changed"
action '"op":"set-options","job":"'"$(id_of pxlcolor)"'","options":{"copies":2}'
is "$(j '.jobs[0].status')" changed "but its copies can"
logout

# The words of the filter in front of a document that no filter touched.
python3 - "$W/forged" "$W/pdfwrite" <<'X'
import struct, sys
def s(t): return struct.pack("<I", len(t)) + t
f = s(b"pdf") + bytes([2, 2, 0, 0]) + struct.pack("<6I", 1, 1, 1, 0, 1, 1)
f += b"\0\0" + struct.pack("<4i", -1, -1, -1, -1) + s(b"") * 3 + b"\1"
open(sys.argv[1], "wb").write(b"%release-facts1\n" + struct.pack("<I", len(f))
    + f + open(sys.argv[2], "rb").read())
X
gzip -k "$W/forged"
believed() { [ "$(facts "$1" '\(.sides)')" = 1 ]; }
hold "$W/forged" -t forged-raw-queue
nok "in a raw queue it is not believed" believed forged-raw-queue
lp -U anna -d "$RIG_QUEUE" -t forged-raw -o raw "$W/forged" >/dev/null 2>&1
lp -U anna -d "$RIG_QUEUE" -t forged-raw2 -o document-format=application/vnd.cups-raw "$W/forged" >/dev/null 2>&1
lp -U anna -d "$RIG_QUEUE" -t forged-gz -o document-format=application/vnd.cups-raw -o compression=gzip "$W/forged.gz" >/dev/null 2>&1
lp -U anna -d "$RIG_QUEUE" -t forged-pdf -o document-format=application/pdf "$W/forged" >/dev/null 2>&1
sleep 3
for t in forged-raw forged-raw2 forged-gz forged-pdf; do
	nok "nor in the filter's own queue ($t)" believed $t
done
