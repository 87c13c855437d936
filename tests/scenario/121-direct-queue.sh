#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Large-format printers: the data stays in the queue of a client, and only
# what is known of the job is at the print server (doc/direct.md).
# san: yes
. "$(dirname "$0")/lib/scenario.sh"
# As cupsd comes: a job that is tried more often than that is lost.
export RIG_RETRIES=5
rig r
umask 077

# ---- the client: a cupsd of its own, and a printer that takes what comes
cat >"$W/plotter" <<'X'
#!/bin/sh
# A backend that stands for the printer: what it gets is one file more.
[ $# -gt 0 ] || exit 0
out=${DEVICE_URI#plotter:}
[ ! -e "$out/jam" ] || { head -c 1000 >/dev/null; exit 127; }
[ ! -e "$out/slow" ] || sleep "$(cat "$out/slow")"
n=$(ls "$out" | grep -c prn)
{ [ -z "$6" ] && cat || cat "$6"; } >"$out/$n.prn"
X
mkdir "$W/out"
C=$RIG_DIR/cups
install -m 700 "$W/plotter" "$C/bin/backend/plotter"
install -m 700 "$RIG_BUILD/direct/release-direct" "$C/bin/backend/release-direct"
ctl device add Plotter --lpr "127.0.0.1:$RIG_LPD_PORT/op" >/dev/null
BODY=$(ctl --json device add CAD-3 --protocol queue --address Plotter)
echo secret >"$W/p12"
"$RIG_BUILD/ctl/releasectl" station enroll --server "$RIG_SERVER_URL" --ca "$RIG_CA" \
	--out "$W/cad" --serial cad-3 --key-file - --password-file "$W/p12" \
	<<<"$(j .activation_key)" >/dev/null
URI="release-direct://$W/cad?to=plotter%3A$W/out"
lpadmin -p Wide -E -v "$URI" -o printer-is-shared=false 2>/dev/null
is "$(lpstat -v Wide | sed 's/.*: //')" "$URI" "a queue of the client"
prints() { ls "$W/out" | grep -c prn; }
prints_are() { [ "$(prints)" = "$1" ]; }
wide() { lp -d Wide -o raw -U "${PRINT_AS:-anna}" -t "$2" "${@:3}" "$1" >/dev/null; }
# first_run DIR OPTIONS [FILE]: the backend by itself, for a job nobody knows; its status
first_run() {
	CUPS_SERVERBIN=$C/bin DEVICE_URI="release-direct://$1?to=plotter%3A$W/out" \
		"$RIG_BUILD/direct/release-direct" 9001 anna x 1 "$2" "${3:-$W/plan.prn}" 2>"$1.said"
	echo $?
}
look() {
	"$RIG_BUILD/direct/release-direct" --watch "$W/cad" 2>"$W/watch.log" &
	WATCH=$!
	ends $WATCH
}

# ---- a job is told, and waits
head -c 3000000 /dev/urandom >"$W/plan.prn"
UUID=urn:uuid:3f0c2a9e-6f3b-4f0a-9a55-0d3d0e1f7b21
cp -r "$W/cad" "$W/away"
jq '.server = "https://127.0.0.1:1"' "$W/cad/station.json" >"$W/away/station.json"
# What cannot be read is not read while nobody is there to hear of it.
first_run "$W/away" "job-uuid=$UUID" "$W" >"$W/away.status" &
AWAY=$!
lpadmin -p Away -E -v "release-direct://$W/away?to=plotter%3A$W/out" -o printer-is-shared=false 2>/dev/null
lp -d Away -o raw -U anna "$W/plan.prn" >/dev/null
cp -r "$W/cad" "$W/other"
cp "$RIG_DEVICE_CERT" "$W/other/station.crt"
cp "$RIG_DEVICE_KEY" "$W/other/station.key"
is "$(first_run "$W/other" "job-uuid=$UUID")" 3 "whoever is no queue keeps the job: it is not canceled"
like "$(cat "$W/other.said")" "is not the queue" "and says why"
mkdir "$W/other/jobs" 2>/dev/null
printf 'urn:uuid:00000000-6f3b-4f0a-9a55-0d3d0e1f7b21' >"$W/other/jobs/9001"
first_run "$W/other" "job-uuid=$UUID" >/dev/null
unlike "$(cat "$W/other.said")" "waits to be released" "a job whose number another one had is a new one"
wide "$W/plan.prn" "Ground floor"
within 15 "the server knows of it" held_is 1
jobs_json
is "$(j '.jobs[0].title'), $(j '.jobs[0].user'), $(j '.jobs[0].bytes')" \
	"Ground floor, anna, 3000000" "title, user and size"
ok "and has nothing of its data" spool_empty
within 5 "it is held in the client's queue" sh -c "lpstat -o Wide | grep -q Wide"
is "$(prints)" 0 "and nothing came out"
jq '.renew_after = "2026-01-01T00:00:00Z"' "$W/away/station.json" |
	jq '.server = $u' --arg u "$RIG_SERVER_URL" >"$W/cad/station.json"
look
sleep 2.5
ok "its certificate is renewed in time" grep -q 'renewed=yes' "$W/watch.log"
nok "with a new key" cmp -s "$W/away/station.key" "$W/cad/station.key"
is "$(prints)" 0 "also while it is watched"
id=$(id_of "Ground floor")

# ---- released elsewhere, and where it is
login_card "$RIG_ANNA_CARD"
release all
is "$(j '.jobs | length')" 0 "\"print all\" at another device leaves it out"
release "$id"
is "$(j '.jobs[0].code')" other-device "by name it is refused"
like "$(j '.jobs[0].text')" 'Plotter' "with where it prints"
like "$(ctl job release "$id" --device CAD-3)" 'Plotter' "also at the client: others' rights and prices hold there"
like "$(ctl job release "$id" --device Plotter --copies 3)" 'copies cannot be changed' "in as many copies as were printed"
like "$(ctl job set "$id" copies=3)" 'copies cannot be changed' "which nobody can change here"
again() {	# CUPS-JOB: the job is told once more
	curl -s -o "$W/again" -w '%{http_code}' --cacert "$W/cad/server.pem" \
		--cert "$W/cad/station.crt" --key "$W/cad/station.key" --json "$(jq -cn \
		--arg u "$(cat "$W/cad/jobs/$1")" --argjson n "$2" \
		'{queue: "Wide", uuid: $u, user: "otto", cups_job_id: $n}')" \
		"$RIG_SERVER_URL/opdp/v1/direct/jobs"
}
n=$(ls "$W/cad/jobs")
is "$(again "$n" "$n")" 200 "told again it is known"
is "$(again "$n" 77)" 409 "another job with its job-uuid is not taken for it"
SAID=$(ctl job release "$id" --device Plotter)
like "$SAID" "released|reference|on its way" "at its device it is released"
within 15 "and comes out" prints_are 1
ok "byte for byte" cmp "$W/plan.prn" "$W/out/0.prn"
within 5 "the server knows that" state_is "$id" sent
events "$id" >"$W/story"
like "$(cat "$W/story")" 'CAD-3 prints it' "with its story"
within 10 "the client's queue is empty" sh -c '! lpstat -o Wide | grep -q .'
is "$(ls "$W/cad/jobs" | wc -l)" 0 "and nothing is remembered"

# ---- a jam: it may have printed, nothing is resent
touch "$W/out/jam"
wide "$W/plan.prn" "Jam"
within 15 "another one" held_is 1
id=$(id_of Jam)
ctl job release "$id" --device Plotter >/dev/null
within 15 "that breaks off is unconfirmed" state_is "$id" unconfirmed
rm "$W/out/jam"
sleep 2.5
is "$(prints)" 1 "and does not print by itself"
ctl job release "$id" --device Plotter >/dev/null
within 15 "but when somebody says so" prints_are 2
within 5 "it is sent" state_is "$id" sent

# ---- taken back on either side
wide "$W/plan.prn" "Taken back here"
wide "$W/plan.prn" "Taken back there"
within 15 "two more" held_is 2
here=$(id_of "Taken back here") there=$(id_of "Taken back there")
cancel "$(lpstat -o Wide | awk 'NR == 1 { print $1 }')"
within 10 "canceled at the client, deleted at the server" state_is "$here" deleted
ctl job delete "$there" >/dev/null
within 10 "deleted at the server, canceled at the client" sh -c '! lpstat -o Wide | grep -q .'
is "$(prints)" 2 "without paper"

# ---- twice, and a server that restarts in between
wide "$W/plan.prn" "Once"
within 15 "one" held_is 1
id=$(id_of Once)
echo 3 >"$W/out/slow"
ctl job release "$id" --device Plotter >/dev/null
nok "a second release is refused" ctl job release "$id" --device Plotter
"$RIG" restart "$RIG_DIR" >/dev/null
within 25 "releaserd starts again: it comes out" prints_are 3
within 15 "and is settled" state_is "$id" sent
sleep 2.5
is "$(prints)" 3 "once"

wait "$AWAY"
is "$(cat "$W/away.status")" 7 "while the server is away cupsd is to try again"
tries() { [ "$(grep -c '\[Job 1\] Started backend' "$C/log/error_log")" -gt 5 ]; }
within 20 "and does so more often than JobRetryLimit" tries
like "$(lpstat -o Away)" Away "without losing the job"

# ---- who may not
nok "a device that is no queue may not submit" curl -sf --cacert "$RIG_CA" \
	--cert "$RIG_DEVICE_CERT" --key "$RIG_DEVICE_KEY" "$RIG_SERVER_URL/opdp/v1/direct/jobs"
unlike "$(cat "$W/watch.log")" 'Ground|Jam|anna' "no title or name in the log"
