#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# The backend by itself: idempotent by queue and job-uuid, polite with rubbish.
. "$(dirname "$0")/lib/scenario.sh"
rig r
B=$R/cups/bin/backend/release
export CUPS_RELEASE_SOCKET=$RIG_INTAKE_SOCK DEVICE_URI=release:/ PRINTER=FollowRaw \
	FINAL_CONTENT_TYPE=application/octet-stream
doc a.bin 50000
like "$("$B")" '^direct|^network|^virtual' "without arguments it lists itself"
u="job-uuid=urn:uuid:$(uuid) job-originating-host-name=host1"
run() { "$B" "$@" >"$W/out.txt" 2>"$W/err.txt"; echo $?; }
is "$(run 1 anna Title 1 "$u" "$W/a.bin")" 0 "a job by file"
is "$(run 1 anna Title 1 "$u" "$W/a.bin")" 0 "the same again"
is "$(count held)" 1 "is one job"
is "$(run 2 anna Title 1 "job-uuid=urn:uuid:$(uuid)" <"$W/a.bin")" 0 "another by standard input"
is "$(count held)" 2 "is another"
PRINTER=Other run 1 anna Title 1 "$u" "$W/a.bin" >/dev/null
is "$(count held)" 3 "the same uuid on another queue is another"
like "$(run 4 anna Title 1 "job-uuid=urn:uuid:$(uuid)" /nonexistent)" '^[35]$' "a file that is not there concerns this job only"
unlike "$(run 5 anna)" '^0$' "too few arguments"
unlike "$(run 6 anna T 0 "x" "$W/a.bin")" '^4$' "zero copies never stop the queue"
unlike "$(run 7 anna T 99999999999999999999 "x" "$W/a.bin")" '^4$' "nor do too many"
long=$(head -c 60000 /dev/zero | tr '\0' x)
unlike "$(run 8 anna "$long" 1 "$long=$long" "$W/a.bin")" '^(4|13[0-9])$' "nor does a very long title and option"
unlike "$(run 9 $'an\xffna' $'T\x01\xfe' 1 $'a=\xff b' "$W/a.bin")" '^(4|13[0-9])$' "nor bytes that are no text"
: >"$W/empty"
rc=$(run 10 anna empty 1 "job-uuid=urn:uuid:$(uuid)" "$W/empty")
unlike "$rc" '^(4|13[0-9])$' "nor an empty document"
nok "the PIN is not in its messages" grep -q 4711 "$W/err.txt"
run 11 anna T 1 "job-uuid=urn:uuid:$(uuid) job-password=4711" "$W/a.bin" >/dev/null
nok "of any kind" grep -q 4711 "$W/err.txt"
CUPS_RELEASE_SOCKET=$W/nothing timeout 3 "$B" 12 anna T 1 "" "$W/a.bin" >/dev/null 2>"$W/away.txt"
like "$(cat "$W/away.txt")" 'STATE: \+connecting-to-device' "releaserd away: it says so"
pid_args() { tr '\0' ' ' <"/proc/$1/cmdline"; }
mkfifo "$W/slow"
"$B" 13 anna T 1 "job-uuid=urn:uuid:$(uuid) job-password=9753" <"$W/slow" >/dev/null 2>&1 &
p=$!
exec 5>"$W/slow"
sleep 0.3
unlike "$(pid_args $p)" 9753 "the PIN does not stay in its arguments"
kill $p
exec 5>&-
wait $p 2>/dev/null || true
