#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Printing with a phone at a device without panel: the sheet of labels, its
# code read from the picture of the paper, one log-in, one tap, paper.
# long: 30
. "$(dirname "$0")/lib/scenario.sh"
. "$S_LIB/web.sh"
for p in pdftoppm zbarimg; do
	command -v $p >/dev/null || skip_all "needs $p: ./setup packages"
done
rig r
[ -n "$(ls "$R/cups/people" 2>/dev/null)" ] || skip_all "needs libpam-wrapper and libnss-wrapper"
doc mine.bin 30000
doc other.bin 3000
hold "$W/mine.bin" -t "From my phone"
PRINT_AS=otto hold "$W/other.bin" -t "Not mine"
api POST /devices '{"name":"Lager & Büro","serial":"any","location":"Erdgeschoß","lpr_host":"192.0.2.7"}'
other=$(j .id)

# codes FILE: what a camera reads on the paper, one a line
codes() {
	rm -f "$W"/sheet-*.png
	pdftoppm -r 200 -png "$1" "$W/sheet" &&
	zbarimg -q --raw "$W"/sheet-*.png | sort
}
base() { printf '%s' "$1" | sed -n 's|^\(.*\)/release/jobs\.cgi?device=.*|\1|p'; }

# ---- where the codes lead
sed -i '/^PagesUrl /d' "$R/releaserd.conf"
"$RIG" restart "$R" >/dev/null 2>&1 || bail "releaserd restarted"
api GET /status
is "$(j .pages_url)" "https://localhost:631" "without a setting: ServerName and CUPS's port"
page admin "admin/labels.cgi?sheet=1&device=$RIG_DEVICE_ID" -H 'Host: localhost:9999'
cp "$W/page.html" "$W/one.pdf"
is "$(codes "$W/one.pdf")" "https://localhost:631/release/jobs.cgi?device=$RIG_DEVICE_ID" \
	"whatever a browser says of its host"
echo "PagesUrl ${RIG_PAGES_URL%/release/}/" >>"$R/releaserd.conf"
"$RIG" restart "$R" >/dev/null 2>&1 || bail "releaserd restarted"
api GET /status
is "$(j .pages_url)" "${RIG_PAGES_URL%/release/}" "PagesUrl says it, without the last slash"
for bad in 'ftp://x' 'print.example.com' 'https://' 'https://a b' 'https://a/"x'; do
	cp "$R/releaserd.conf" "$W/bad.conf"
	sed -i '/^PagesUrl /d' "$W/bad.conf"
	echo "PagesUrl $bad" >>"$W/bad.conf"
	nok "not $bad" "$RIG_BUILD/releaserd/releaserd" -t -c "$W/bad.conf"
done

# ---- the sheet
submit admin admin/labels.cgi do=all
ok "the sheet is a PDF" is_file
cp "$W/page.html" "$W/sheet.pdf"
codes "$W/sheet.pdf" >"$W/codes.txt"
is "$(cat "$W/codes.txt")" "$(printf '%s\n' \
	"${RIG_PAGES_URL}jobs.cgi?device=$RIG_DEVICE_ID" \
	"${RIG_PAGES_URL}jobs.cgi?device=$other" | sort)" "its codes are those of both devices"
text=$(pdftotext -layout "$W/sheet.pdf" -)
like "$text" 'Lager & Büro' "with their names"
like "$text" 'Erdgeschoß' "and places"
submit admin admin/labels.cgi do=sheet "device=$other"
cp "$W/page.html" "$W/one.pdf"
is "$(codes "$W/one.pdf")" "${RIG_PAGES_URL}jobs.cgi?device=$other" "or only the chosen one"
submit admin admin/labels.cgi do=sheet
like "$PAGE" 'Choose at least one device' "or none: that is said"
page anna "admin/labels.cgi?sheet=1&device=$other"
is "$PROBLEM" 403 "not for everybody"

# ---- the label on the device's page is the same code
page admin "admin/device.cgi?id=$RIG_DEVICE_ID"
like "$PAGE" "jobs.cgi\?device=$RIG_DEVICE_ID" "the device's page says where its label leads"
like "$PAGE" '<svg class="qr"' "and shows it"

# ---- the phone
url=$(grep "$RIG_DEVICE_ID" "$W/codes.txt")
where=${url#"$RIG_PAGES_URL"}
is "$(curl -sS -o /dev/null -w '%{http_code}' "$url")" 401 "what was scanned asks for a log-in"
page anna "$where"
is "$HTTP" 200 "anna logs in"
like "$PAGE" "Print at Flur" "and the device is chosen"
like "$PAGE" "From my phone" "her job is there"
unlike "$PAGE" "Not mine" "nobody else's"
job=$(id_of "From my phone")
csrf=$(sed -n 's/.*name="csrf" value="\([^"]*\)".*/\1/p' <<<"$PAGE" | head -1)
once=$(sed -n 's/.*name="once" value="\([^"]*\)".*/\1/p' <<<"$PAGE" | head -1)
device=$(sed -n 's/.*name="device" value="\([^"]*\)".*/\1/p' <<<"$PAGE" | head -1)
is "$device" "$RIG_DEVICE_ID" "the form names the device"
send anna "$where" "csrf=$csrf" "once=$once" do=release "job=$job" "device=$device"
like "$HTTP" '^(302|303)$' "one tap"
ok "and the paper comes out" wait_until 20 copies_are "$W/mine.bin" 1
send anna "$where" "csrf=$csrf" "once=$once" do=release "job=$job" "device=$device"
page anna "$where"
unlike "$PAGE" "From my phone" "a second tap finds nothing more to do"
sleep 1
is "$(copies_of "$W/mine.bin") $(copies_of "$W/other.bin")" "1 0" "one paper, and only hers"
