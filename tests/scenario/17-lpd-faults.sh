#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# san: yes
# long: 40
# Everything a printer's LPD can do wrong: the job is held again with the
# reason, or marked as perhaps printed; never both lost and never twice.
. "$(dirname "$0")/lib/scenario.sh"
rig r --conf 'LprReplyTimeout 2s' --conf 'LprConnectTimeout 1s' --conf 'LprTries 2'
doc a.bin 200000
N=0

# one FAULT STATE WHAT: release a job while FAULT is armed
one() {
	local id was

	N=$((N + 1))
	doc a.bin $((100000 + N))
	hold "$W/a.bin" -t "case $N"
	id=$(id_of "case $N")
	ops fault "$1" >/dev/null || fail "opsim knows the fault $1"
	login_card "$RIG_ANNA_CARD"
	release "$id"
	is "$(j '.jobs[0].status')" accepted "$1: accepted"
	settled() { [ "$(state "$id")" != releasing ]; }
	wait_until 12 settled
	if [ "$2" = held ]; then
		# it may be tried again by itself; what counts is the end
		is "$(state "$id")" held "$1: $3"
		like "$(reason "$id")" '.{8}' "$1: with a reason in words"
		list
		like "$(menu_text)$BODY" "$(reason "$id" | cut -c1-12)" "$1: which the panel shows"
		ops fault none >/dev/null
		is "$(copies_of "$W/a.bin")" 0 "$1: nothing was printed"
		release "$id"
		within 12 "$1: the next try prints it" state_is "$id" sent
		is "$(copies_of "$W/a.bin")" 1 "$1: once"
	else
		is "$(state "$id")" "$2" "$1: $3"
		ops fault none >/dev/null
		sleep 0.3
		ok "$1: at most once on paper" test "$(copies_of "$W/a.bin")" -le 1
		release all
		ok "$1: at most once, also after release all" \
			test "$(copies_of "$W/a.bin")" -le 1
		list
		like "$BODY" 'unconfirmed' "$1: the panel says that it may have printed"
		delete "$id"
	fi
	logout
}
one always:nak-queue held "a refused queue"
one always:nak-control held "a refused control file"
one always:nak-data held "a refused data file"
one always:text-answer held "text instead of an answer"
one always:drop-queue held "a connection closed at once"
one always:drop-after-control held "closed before any data"
one always:silent-queue held "silence before any data"
one nak-final held "data refused after the last byte"
one drop-mid-data unconfirmed "closed in the middle of the data"
one drop-final-ack unconfirmed "the last answer lost"
one silent-final unconfirmed "the last answer never given"

# Refused once, then taken: the client tries again by itself.
doc a.bin 90000
hold "$W/a.bin" -t again
id=$(id_of again)
ops fault drop-queue >/dev/null
login_card "$RIG_ANNA_CARD"
release "$id"
within 12 "one lost connection before data does not matter" state_is "$id" sent
is "$(copies_of "$W/a.bin")" 1 "printed once"

# A device that is off.
api PATCH "/devices/$RIG_DEVICE_ID" '{"lpr_port":1}'
doc a.bin 90001
hold "$W/a.bin" -t off
id=$(id_of off)
release "$id"
within 12 "a device that is off: held again, with a reason" held_again "$id"
