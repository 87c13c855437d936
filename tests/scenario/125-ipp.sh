#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# A device that is sent its documents by IPP: ippeveprinter.
. "$(dirname "$0")/lib/scenario.sh"
. "$S_LIB/eve.sh"
command -v ippeveprinter >/dev/null || skip_all "needs cups-ipp-utils"
command -v cc >/dev/null || skip_all "needs a C compiler"
rig r
eve p -2 -f application/pdf,image/pwg-raster,image/urf ||
	bail "ippeveprinter does not start: $(head -3 "$W/p/log")"
job_at_eve() { [ -f "$W/p/job.$1.env" ]; }
told() { sed -n "s/^IPP_$2=//p" "$W/p/job.$1.env"; }

like "$(ctl device set Flur --transport lprs)" "lpr, ipp, ipps, or driver" \
	"another transport is refused"
like "$(ctl device set Flur --transport driver)" "sends no documents" \
	"and that of a driver that has none"
like "$(ctl device set Flur --ipp-uri http://localhost/)" "ipps://HOST" \
	"another kind of URI, too"
ok "the device is sent to by IPP" ctl device set Flur --transport ipp \
	--ipp-uri "ipp://localhost:$EVE_PORT/ipp/print"
numbered "$W/five.pdf" 5
print 'Süß' -o sides=two-sided-long-edge "$W/five.pdf"
within 10 "a job is held" held_is 1
login_card "$RIG_ANNA_CARD"
release "$(id_of 'Süß')"
within 15 "the printer has it" job_at_eve 0
within 10 "it is sent" state_count_is sent 1
same "$W/p/job.0.doc" "$W/five.pdf" "byte for byte" 2>/dev/null
like "$(told 0 JOB_NAME)" '^OP[0-9A-Z]{10} Süß$' "under its reference and title"
is "$(told 0 SIDES)" two-sided-long-edge "on both sides"
ok "as a PDF" grep -q "^CONTENT_TYPE=application/pdf$" "$W/p/job.0.env"

ok "and by IPPS" ctl device set Flur --transport ipps --ipp-uri "ipps://localhost:$EVE_PORT/ipp/print"
print two "$W/five.pdf"
within 10 "one more is held" held_is 1
release "$(id_of two)"
within 15 "and printed" state_count_is sent 2
pin=$(openssl s_client -connect "localhost:$EVE_PORT" </dev/null 2>/dev/null |
	openssl x509 -pubkey -noout | openssl pkey -pubin -outform DER | sha256sum | cut -c1-64)
like "$(ctl device show Flur)" "$pin" "its key is kept"
ok "it gets another key" ctl device set Flur --ipp-pin "${pin//[0-9]/f}"
print three "$W/five.pdf"
within 10 "one more is held" held_is 1
release "$(id_of three)"
another() { held_is 1 && [[ $(ctl job show "$(id_of three)") = *"another certificate"* ]]; }
within 15 "then nothing is sent, and it is said why" another
is "$(ls "$W"/p/job.*.env | wc -l)" 2 "nothing came there"

# To the end: what the device says came out is what is paid for, whatever
# becomes of releaserd meanwhile.
ok "by IPP again, as its own driver sends" ctl device set Flur --protocol ipp --transport driver --ipp-uri "ipp://localhost:$EVE_PORT/ipp/print"
numbered "$W/twelve.pdf" 12
printf '%s\n' 'ATTR: job-impressions-completed=5' 'sleep 3' 'exit 1' >"$W/p/say"
print jam "$W/twelve.pdf"
within 10 "one more is held" state_count_is held 2
J=$(id_of jam)
login_card "$RIG_ANNA_CARD"
S_MAY_DIE=1
fault core:before-settle kill
release "$J"
within 15 "it is sent, though core was killed before it heard that" state_count_is sent 3
ok "which it was" fault_hit
like "$(events "$J")" "sent: .*job [0-9]+ at the device" "the journal says which job it is there"
told_so() { [[ $(events "$J") = *"followed: printed 5 of 12 sides, then aborted by the device"* ]]; }
within 20 "the device says that it gave up" told_so
api GET "/jobs/$J"
is "$(j .pages.printed.sides)" 5 "five sides were printed"
like "$(events "$J")" "reported: the device says: 5 sides" "and that is what counts"

# Canceled by its owner while it prints.
printf '%s\n' 'ATTR: job-impressions-completed=2' 'sleep 3' >"$W/p/say"
print changed-my-mind "$W/twelve.pdf"
within 10 "one more is held" state_count_is held 2
J=$(id_of changed-my-mind)
login_card "$RIG_ANNA_CARD"
release "$J"
within 15 "it is sent" state_count_is sent 4
like "$(ctl job delete "$J")" "asked to cancel" "its device is asked to cancel it"
canceled() { [[ $(events "$J") = *"followed: printed 2 of 12 sides, then canceled at the device"* ]]; }
within 20 "which it does" canceled

# A device that takes raster only, and says so.
eve q -2 -s 10,5 -f image/pwg-raster || bail "no second printer: $(head -3 "$W/q/log")"
ok "another printer" ctl device set Flur --protocol ipp --ipp-uri "ipp://localhost:$EVE_PORT/ipp/print"
known() { [[ $(ctl device items Flur ability) = *image/pwg-raster* ]]; }
within 20 "it says what it takes" known
like "$(ctl device items Flur input)" 'input\.[0-9]+\.size' "and what lies in its trays"
print raster -o sides=two-sided-long-edge "$W/five.pdf"
within 10 "one more is held" state_count_is held 2
login_card "$RIG_ANNA_CARD"
release "$(id_of raster)"
raster_came() { [ -f "$W/q/job.0.env" ]; }
within 30 "it gets" raster_came
is "$("$RIG_BUILD/filter/release-pages" facts --json "$W/q/job.0.doc" |
	jq -c '[.language, .sides, .duplex]')" '["pwg-raster",5,"two-sided-long-edge"]' \
	"PWG raster of five sides, on both"
ok "named so" grep -q '^CONTENT_TYPE=image/pwg-raster$' "$W/q/job.0.env"
