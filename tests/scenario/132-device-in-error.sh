#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# A device that says that it cannot print gets no job, says why, and prints
# when it is well again; what is old stops nothing; operators may insist.
. "$(dirname "$0")/lib/scenario.sh"
export RIG_DEVICE_SNMP=$S_SRC/tests/opsim/profiles/color-inkjet-a3.txt
rig r
doc a.bin 20000
heartbeat() {
	opdp POST /opdp/v1/device/heartbeat "{\"status\":$1}"
	[ "$STATUS" = 200 ] || diag "heartbeat: $STATUS $BODY"
}
jammed='{"state":"stopped","reasons":["media-jam-error","toner-low-warning"]}'
well='{"state":"idle","reasons":["toner-low-warning"]}'

hold "$W/a.bin" -t first
hold "$W/a.bin" -t second
heartbeat "$jammed"
login_card "$RIG_ANNA_CARD"
like "$(j .menu.message.text)" "paper jam, little toner left" \
	"the panel says what is wrong"
release all
is "$(j '.jobs[0].code')" device-stopped "the release is refused"
like "$(j .menu.message.text)" "cannot print now: paper jam" "and why"
is "$(count held)" 2 "both jobs stay held"
id=$("$RIG_CTL" job list --json | jq -r '.jobs[0].id')
like "$("$RIG_CTL" explain "$id")" "not sent: .* paper jam" \
	"the job's story has it"
out=$("$RIG_CTL" job release "$id" --device "$RIG_DEVICE_ID" 2>&1)
is $? 1 "an operator is refused"
like "$out" "paper jam" "with the reason"
like "$("$RIG_CTL" device status Flur)" "stopped: paper jam" \
	"device status says so"
is "$("$RIG_CTL" device status --condition trouble --json |
	jq -r '.devices[0].condition')" stopped "and finds it"
is "$("$RIG_CTL" --json device events Flur | jq -r '.events[0].kind')" \
	stopped "its story, too"
ok "unless the operator insists" "$RIG_CTL" job release "$id" \
	--device "$RIG_DEVICE_ID" --yes
within 10 "then it is printed" printed_is 1

heartbeat "$well"
is "$("$RIG_CTL" --json device events Flur | jq -r '.events[0].kind')" \
	ready "it is ready again"
like "$("$RIG_CTL" device status Flur)" "warning: little toner left" \
	"with a warning"
release all
within 10 "and a warning stops nothing" printed_is 2

# ---- groups, and what holds while nobody is logged in
ctl device set Flur --groups "Ground floor,colour" >/dev/null
ctl device add Other --lpr 127.0.0.1:9 --groups 'COLOUR' >/dev/null
like "$(ctl device groups)" 'Ground floor +1' "a group of devices"
like "$(ctl device groups)" 'colou?r +2|COLOUR +2' "one of two, however it is written"
like "$(ctl device restrictions Flur)" 'copy +deny' "restrictions of a device"
api GET "/devices/$RIG_DEVICE_ID/restrictions"
is "$(j .restrictions.panel_lock)" false "in the API, too"

# ---- the same device, asked by SNMP: hrPrinterDetectedErrorState decides
. "$R/opsim/ports"
ctl device add Seen --lpr "127.0.0.1:$RIG_LPD_PORT/op" --protocol snmp-lpr --address 127.0.0.1 --snmp-port "$SNMP_PORT" >/dev/null
seen() { ctl device ask Seen >/dev/null; ctl device status Seen | grep -q "$1"; }
within 5 "SNMP says that it is well" seen 'Is: *ok'
like "$(ctl device supplies --below 50)" 'Seen +Cyan Ink +ink +cyan +38 %' "what it has least of"
is "$(ctl device supplies --kind ink --csv | cut -d, -f1,4,7 | paste -sd' ')" \
	"device,name,left Seen,Cyan Ink,38 % Seen,Black Ink,64 %" "and all of it, as CSV"
step fault always:snmp-one-octet
step jam
within 5 "and that paper is jammed, in one octet, too" seen 'stopped: paper jam'
like "$(ctl device items Seen)" 'Paper jam' "its table of alerts has it as well"
step load tray-1 iso_a5_148x210mm
loaded() { ctl device ask Seen >/dev/null; ctl device items Seen | grep -q iso_a5_148x210mm; }
within 5 "and A5 is in the tray" loaded
hold "$W/a.bin" -t third
like "$(ctl job release "$(id_of third)" --device Seen)" 'paper jam' "what is released there stays held"
step clear
within 5 "until that is over" seen 'Is: *ok'
