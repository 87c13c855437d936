#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# A small computer beside a printer is its panel (doc/kiosk.md, whose commands
# and policy are run as they stand): releasectl station, and a browser with its
# certificate, a card reader that types, paper.
# long: 90
# limit: 300
. "$(dirname "$0")/lib/scenario.sh"
. "$S_LIB/web.sh"
rig r --conf 'PanelTimeout 4s'
DOC=$S_SRC/doc/kiosk.md
D=$W/station
umask 077
printf 'p12 wörd\n' >"$D.password"

# doc_block NAME: the box behind <!-- tested: NAME -->, with the names of here
doc_block() {
	awk -v n="<!-- tested: $1 -->" '$0 == n { go = 1; next }
		go && /^```/ { if (go++ == 2) exit; next } go == 2' "$DOC" |
	sed -e "s|https://print.example.com/panel|https://localhost/panel|" \
	    -e "s|https://print.example.com|${2:-$RIG_SERVER_URL}|" \
	    -e "s|--ca server.pem|--ca $RIG_CA|" \
	    -e "s|/etc/print-station|$D|g" -e "s|/var/lib/kiosk|$W/browser|g" \
	    -e "s|kiosk:kiosk|root|"
}

# new_key NAME [SERIAL]: KEY, ID
new_key() {
	local more=()

	[ -z "${2:-}" ] || more=(--serial "$2")
	BODY=$(ctl --json device add "$1" --lpr "127.0.0.1:$RIG_LPD_PORT/op" "${more[@]}")
	KEY=$(j .activation_key) ID=$(j .id)
}

# station WORD...: standard input is the activation key; SAID, RC
station() {
	SAID=$("$RIG_BUILD/ctl/releasectl" station "$@" 2>&1)
	RC=$?
}
enroll() {
	station enroll --server "$RIG_SERVER_URL" --ca "$RIG_CA" --key-file - \
		--password-file "$D.password" "$@" <<<"$KEY"
}

# ---- what is refused, before the key is used
new_key Kiosk
station enroll --out "$D" <<<"$KEY"
is "$RC" 2 "no server: wrong use"
for bad in http://localhost "$RIG_SERVER_URL/panel/" https://; do
	station enroll --server "$bad" --out "$D" <<<"$KEY"
	is "$RC" 2 "not ${bad/$RIG_HTTPS_PORT/PORT}"
done
good=$KEY
KEY=00000-00000-00000-00000
enroll --out "$D"
is "$RC" 1 "a wrong activation key"
like "$SAID" 'activation key is wrong.*releasectl device key' "is said, and what to do"
unlike "$SAID" "00000-00000" "without the key"
nok "and leaves no file" ls "$D"/station.*
KEY=
enroll --out "$D"
is "$RC" 1 "an empty key"
KEY=$good
enroll --out "$D" --serial "$(printf 'x%.0s' {1..65})"
is "$RC" 2 "a serial number that is too long"
enroll --out "$D" --ca "$W/missing.pem"
is "$RC" 1 "a certificate of the server that is not there"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
	-subj /CN=localhost -keyout "$W/x.key" -out "$W/other.pem" 2>/dev/null
enroll --out "$D" --ca "$W/other.pem"
like "$RC $SAID" '^1 .*does not vouch for' "another server's certificate"
echo junk >"$W/junk.pem"
enroll --out "$D" --ca "$W/junk.pem"
like "$RC $SAID" '^1 .*junk.pem' "no certificate at all"
station enroll --server https://localhost:9 --ca "$RIG_CA" --key-file - \
	--password-file "$D.password" --out "$D" <<<"$KEY"
is "$RC" 3 "nobody there"
enroll --out "$D.password"
like "$RC $SAID" '^1 .*is no folder' "a file in the folder's place"
mkdir -m 777 "$W/open"
enroll --out "$W/open"
like "$RC $SAID" '^1 .*others may write' "a folder others may write in"
mkdir -m 700 "$W/theirs" && chown 65534 "$W/theirs"
enroll --out "$W/theirs"
like "$RC $SAID" '^1 .*another user' "a folder of another user"
like "$(ctl device show "$ID")" 'waiting' "all of that did not use the key"

# ---- enroll, as the document says it
doc_block enroll | sed -e "s|^releasectl|$RIG_BUILD/ctl/releasectl|" \
	-e '$s|$| --key-file -|' >"$W/enroll.sh"
SAID=$(bash -eu "$W/enroll.sh" <<<"$KEY" 2>&1)
is "$?" 0 "the right key enrolls"
like "$SAID" "$D/station.p12.*$RIG_SERVER_URL/panel/" "and says what comes next"
unlike "$SAID" "$KEY|wörd" "without a secret"
is "$(stat -c %a "$D")" 700 "the folder is ours alone"
is "$(cd "$D" && stat -c '%a %n' * | sort -k2 | tr '\n' ' ')" \
	"600 server.pem 600 station.crt 600 station.json 600 station.key 600 station.p12 " \
	"so is every file, and there is no other"
nok "the activation key is in none of them" grep -rqF "${KEY//-/}" "$D"
like "$(openssl x509 -in "$D/station.crt" -noout -ext subjectAltName)" "urn:uuid:$ID" \
	"the certificate names the device"
ok "the browser's file opens with its password" \
	openssl pkcs12 -in "$D/station.p12" -passin "file:$D.password" -nodes -out "$W/p12.pem"
nok "and with no other" openssl pkcs12 -in "$D/station.p12" -passin pass:x -noout
like "$(ctl device show "$ID")" 'registered|online|ready|idle' "the server knows the device"
was=$(sha256sum "$D"/*)
enroll --out "$D"
like "$RC $SAID" '^1 .*was used already' "a key is good once"
is "$(sha256sum "$D"/*)" "$was" "and the station stays as it is"
MINE=$ID
new_key Other
enroll --out "$W/other"
like "$RC $SAID" '^1 .*serial number.*--serial' "a second station of the same name"
new_key Third SN-3
enroll --out "$W/third" --serial SN-4
is "$RC" 1 "a key for another serial number"
enroll --out "$W/third" --serial SN-3
is "$RC" 0 "and for its own"

# ---- status
station status --dir "$D"
is "$RC" 0 "status: the server takes it"
like "$SAID" 'Registered: +yes' "and says so"
like "$SAID" "Page for the browser: +$RIG_SERVER_URL/panel/" "with the page"
like "$("$RIG_BUILD/ctl/releasectl" --json station status --dir "$D" | jq -r '.days_left')" \
	'^39[67]$' "the certificate is good for 397 days"
station status --dir "$W/nowhere"
like "$RC $SAID" '^1 .*no station in' "no station there"
chmod 755 "$W"
SAID=$(setpriv --reuid 65534 --regid 65534 --clear-groups \
	"$RIG_BUILD/ctl/releasectl" station status --dir "$D" 2>&1)
like "$? $SAID" '^1 .*cannot read.*Permission denied' "a folder that cannot be read"
SAID=$(setpriv --reuid 65534 --regid 65534 --clear-groups "$RIG_BUILD/ctl/releasectl" \
	station renew --now --dir "$D" --password-file "$D.password" 2>&1)
is "$?" 1 "nor renewed by somebody else"
cp -r "$D" "$W/broken"
for bad in '' '{' '{"server":7}' '{"server":"http://x"}' '[]'; do
	printf '%s' "$bad" >"$W/broken/station.json"
	station status --dir "$W/broken"
	like "$RC $SAID" '^1 .*damaged' "station.json that is '$bad'"
done
cp "$D/station.json" "$W/broken/"
echo junk >"$W/broken/station.crt"
station status --dir "$W/broken"
like "$RC $SAID" '^1 .*holds no certificate' "a certificate that is none"
cp "$W/third/station.crt" "$W/broken/"
station status --dir "$W/broken"
like "$RC $SAID" '^1 .*do not belong together' "a certificate of another key"

# ---- renew: the one before stays good until the next renewal
taken() {
	[ "$(curl -sS --max-time 10 --cacert "$RIG_CA" --cert "$1/station.crt" \
		--key "$1/station.key" -o /dev/null -w '%{http_code}' "$RIG_SERVER_URL/panel/")" = 200 ]
}
cp -r "$D" "$W/one"
station renew --dir "$D" --password-file "$D.password"
like "$RC $SAID" '^0 .*There is time until.*--now' "renewal is not due yet"
is "$(sha256sum "$D"/*)" "$was" "and changes nothing"
station renew --now --dir "$D" --password-file "$D.password"
is "$RC" 0 "with --now it is renewed"
nok "with a new key" cmp -s "$D/station.key" "$W/one/station.key"
ok "which fits" taken "$D"
ok "the old one still works" taken "$W/one"
is "$(cd "$D" && stat -c %a * | sort -u)" 600 "all files are ours alone again"
cp -r "$D" "$W/two"
station renew --now --dir "$D" --password-file "$D.password"
ok "after another renewal the newest works" taken "$D"
ok "and the one before it" taken "$W/two"
nok "but not the first" taken "$W/one"
station status --dir "$W/one"
like "$RC $SAID" '^1 .*does not take.*new activation key' "its status says what to do"
# Power fails between the two renames that count.
cp "$D/station.key" "$W/new.key"
cp "$W/two/station.crt" "$D/station.crt.old"
mv "$D/station.crt" "$D/station.crt.new" && mv "$D/station.crt.old" "$D/station.crt"
station status --dir "$D"
like "$RC $SAID" '^0 .*Registered: +yes' "a renewal that was cut short is completed"
nok "and nothing half is left" ls "$D"/*.new

# ---- the browser
web_ready
for p in certutil pk12util; do
	command -v $p >/dev/null || skip_all "needs $p: ./setup packages"
done
ctl user add kate --display "Kate Kiosk" >/dev/null
ctl card add kate --encoding ascii --stdin <<<"0012345678" >/dev/null
export STATION_CARD=0012345678
doc mine.bin 30000
doc more.bin 3000
doc other.bin 3000
PRINT_AS=kate hold "$W/mine.bin" -t "From the kiosk"
PRINT_AS=kate hold "$W/more.bin" -t "Another of mine"
PRINT_AS=otto hold "$W/other.bin" -t "Not mine"
mkdir -p "$W/browser" "$W/policy/policies/managed"
cp -r /etc/chromium/. "$W/policy/" 2>/dev/null
# The policy lies where Chromium looks, for this browser only.
cat >"$W/chromium" <<X
#!/bin/sh
exec unshare -m sh -c 'mount --bind $W/policy /etc/chromium && exec "\$@"' sh $CHROMIUM "\$@"
X
chmod 755 "$W/chromium"
CHROMIUM=$W/chromium
# All of it but the line that shuts out what drives the browser here.
doc_block policy https://localhost | grep -v '"DeveloperToolsAvailability"' \
	>"$W/policy/policies/managed/print-station.json"
ok "the policy is JSON" jq -e . "$W/policy/policies/managed/print-station.json"
doc_block import >"$W/import.sh"
sed '/^pk12util/,/password$/d' "$W/import.sh" >"$W/no-import.sh"
ok "a browser that knows the server only" bash -eu "$W/no-import.sh"
web_run station stranger
ok "the import as the document has it" bash -eu "$W/import.sh"
web_run station prints
ok "the paper comes out" wait_until 20 copies_are "$W/mine.bin" 1
is "$(copies_of "$W/more.bin") $(copies_of "$W/other.bin")" "0 0" "and no other"
web_run station leaves confined
sed -i '/DefaultJavaScriptSetting/d' "$W/policy/policies/managed/print-station.json"
web_run station looks

# A renewed certificate, imported again; the one before is not in the way.
station renew --now --dir "$D" --password-file "$D.password"
station renew --now --dir "$D" --password-file "$D.password"
web_run station stranger
ok "the import once more" bash -eu "$W/import.sh"
PRINT_AS=kate hold "$W/mine.bin" -t "From the kiosk"
web_run station prints
ok "the paper comes out again" wait_until 20 copies_are "$W/mine.bin" 2

# ---- the device is deleted
ok "the device is deleted" ctl device delete "$MINE"
station status --dir "$D"
like "$RC $SAID" '^1 .*does not take' "a device that was deleted"
web_run station stranger
