#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# What people and administrators do on the pages, by curl, without script: the
# question a rule asks, codes and cards, settings with preview and undo, ports,
# the server's certificate from request to use.
. "$(dirname "$0")/lib/scenario.sh"
. "$S_LIB/web.sh"
rig r --conf 'UnknownPages ask'
[ -n "$(ls "$R/cups/people" 2>/dev/null)" ] || skip_all "needs libpam-wrapper and libnss-wrapper"
said() { sed -n 's/.*role="\(alert\|status\)"[^>]*>\([^<]*\)<.*/\2/p' <<<"$PAGE" | head -1; }
value_of() { sed -n "s/.*id=\"set-$1\" name=\"set-$1\" value=\"\([^\"]*\)\".*/\1/p" <<<"$PAGE"; }

# ---- a job whose pages nobody knows
head -c 5000 /dev/urandom >"$W/noise"
hold "$W/noise" -t noise
id=$(id_of noise)
counted() { api GET "/jobs/$id"; [ "$(j .pages.counting)" = false ]; }
within 20 "its pages were looked for" counted
submit anna jobs.cgi do=release job="$id" device=Flur
is "$PROBLEM" 422 "a job of unknown pages is not just printed"
like "$PAGE" 'name="confirm"' "the page asks"
is "$(printed)" 0 "nothing came out"
submit anna jobs.cgi do=release job="$id" device=Flur confirm=1
like "$HEAD" 'Location: /release/jobs.cgi' "the answer yes is enough"
within 10 "and it prints" printed_is 1
api GET "/jobs/$id/explain"
like "$BODY" 'anna wants it though its pages' "explain tells who wanted it"

# ---- codes, cards, PIN
submit anna me.cgi do=code
code=$(sed -n 's/.*<strong>\([0-9A-Z-]*\)<.*/\1/p' <<<"$PAGE" | head -1)
like "$code" '^[0-9A-Z]{5}-[0-9A-Z]{5}$' "a one-time code is shown"
like "$PAGE" '<svg class="qr"' "and as a picture"
action '"op":"login","credential":{"method":"qr","value":"'"$code"'"}'
is "$(j .result) $(j .session.user.id)" "ok anna" "it opens a device"
SID=$(j .session.session_id); logout
submit anna me.cgi do=card-add card=0A0B0C0D77 hex=1
like "$HEAD" 'Location:' "one's own card is added"
login_card 0A0B0C0D77
is "$(j .result) $(j .session.user.id)" "ok anna" "and works"
logout
submit anna me.cgi do=pin card_pin=12
is "$PROBLEM" 422 "a PIN of two digits is refused"
like "$PAGE" 'id="card_pin"[^>]*aria-invalid="true"' "the field is marked"
unlike "$PAGE" 'value="12"' "and not shown again"

# ---- settings
page anna admin/settings.cgi
is "$PROBLEM" 403 "a user does not see the settings"
page admin admin/settings.cgi
is "$(value_of PanelTimeout)" 30s "an administrator does"
submit admin admin/settings.cgi do=preview set-PanelTimeout=2h
is "$PROBLEM" 422 "a value out of range is refused"
like "$PAGE" 'id="set-PanelTimeout"[^>]*aria-invalid="true"' "the setting is marked"
like "$(said)" '15m|900' "and what it may be is said"
submit admin admin/settings.cgi do=preview set-PanelTimeout=45s
like "$PAGE" 'This would change' "the preview shows what would change"
nok "nothing is changed yet" grep -q '^PanelTimeout' "$RIG_CONF"
submit admin admin/settings.cgi do=apply set-PanelTimeout=45s
like "$HEAD" 'Location: /release/admin/settings.cgi' "then it is done"
ok "and stands in the file" grep -q '^PanelTimeout 45s' "$RIG_CONF"
page admin admin/settings.cgi
is "$(value_of PanelTimeout)" 45s "and on the page"
submit admin admin/settings.cgi do=undo
page admin admin/settings.cgi
is "$(value_of PanelTimeout)" 30s "undo takes it back"
submit admin admin/settings.cgi do=apply $'set-StampText=a\nJail none'
nok "no line comes in with a value" grep -q '^Jail none' "$RIG_CONF"

# ---- ports
listens() { ss -ltn "sport = :$RIG_HTTPS_PORT" | grep -q LISTEN; }
silent() { ! listens; }
page admin admin/ports.cgi
like "$PAGE" "$RIG_HTTPS_PORT" "the ports are shown"
submit admin admin/ports.cgi do=switch setting=HttpsPort value=0
within 10 "a port is switched off" silent
submit admin admin/ports.cgi do=switch setting=HttpsPort value="$RIG_HTTPS_PORT"
within 10 "and on again" listens

# ---- certificate
submit admin admin/certificate.cgi do=csr common_name=localhost names='print.example 127.0.0.1'
page admin admin/certificate.cgi
awk '/BEGIN CERTIFICATE REQUEST/ { sub(/.*>/, ""); on = 1 } on { print }
	/END CERTIFICATE REQUEST/ { exit }' <<<"$PAGE" | sed 's/<.*//' >"$W/csr.pem"
ok "a request comes that openssl understands" \
	openssl req -in "$W/csr.pem" -noout -verify
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$W/ca.key" -out "$W/ca.pem" \
	-days 30 -subj '/CN=House CA' 2>/dev/null
openssl x509 -req -in "$W/csr.pem" -CA "$W/ca.pem" -CAkey "$W/ca.key" -days 20 \
	-copy_extensions copyall -out "$W/new.pem" 2>/dev/null
page admin admin/certificate.cgi
token=$(token admin admin/certificate.cgi)
page admin admin/certificate.cgi -F csrf="$token" -F once="$(uuid)" -F do=install \
	-F pem= -F "file=@$W/ca.pem"
is "${PROBLEM:-none}" 422 "a certificate that does not fit is refused"
page admin admin/certificate.cgi -F csrf="$token" -F once="$(uuid)" -F do=install \
	-F pem= -F "file=@$W/new.pem"
like "$HEAD" 'Location: /release/admin/certificate.cgi' "the right one is installed, as a file"
served() {
	openssl s_client -connect "127.0.0.1:$RIG_HTTPS_PORT" </dev/null 2>/dev/null |
		openssl x509 -noout -issuer | grep -q 'House CA'
}
within 10 "devices see it" served
page admin admin/certificate.cgi
like "$PAGE" 'ends in (19|20) days' "the page warns that it ends soon"

# ---- a ledger that does not add up
page admin admin/index.cgi
unlike "$PAGE" 'ledger of money is wrong' "all is well with the ledger"
bank() { sqlite3 -bail "$RIG_DB" ".timeout 10000" "UPDATE account SET balance=balance+($1) WHERE id=4" >/dev/null; }
bank 1 || bail "an amount is changed by hand"
page admin admin/index.cgi
like "$PAGE" 'ledger of money is wrong' "the overview tells of a wrong ledger"
like "$PAGE" '<ul lang="en"><li>' "and what is wrong"
bank -1 || bail "the amount is put right again"
page admin admin/index.cgi
unlike "$PAGE" 'ledger of money is wrong' "and no more when it is right"
