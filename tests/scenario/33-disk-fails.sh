#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# The n-th write and the n-th sync of core's files and of the backend's fail:
# nobody is told that a job is held when it is not on disk, and with a disk
# that works again every job is held once and comes out once.
# long: 120
. "$(dirname "$0")/lib/scenario.sh"
failio_ready

# The orders: one file for core, one for the backend (tests/fault/failio.c).
for f in core backend met; do : >"$W/$f"; chmod 666 "$W/$f"; done
words="LD_PRELOAD=$FAILIO FAILIO_LOG=$W/met"
words="$words FAILIO_PREFIX=$W/r/state/:$W/r/spool"
export RIG_DAEMON_ENV="$words FAILIO_FILE=$W/core"
rig r
# cupsd gives no LD_PRELOAD to a backend, so that one sets it for itself.
mv "$R/cups/bin/backend/release" "$W/release"
printf '#!/bin/sh\n%s exec "%s/release" "$@"\n' \
	"$words FAILIO_FILE=$W/backend" "$W" >"$R/cups/bin/backend/release"
chmod 700 "$R/cups/bin/backend/release"
order() { : >"$W/met"; printf '%s\n' "$2" >"$W/$1"; }
met_or_held() { failio_met || held_is $((N + 1)); }
N=0

# one WHO ORDER: print a job under it; it is held in the end, and only once.
# After a failure of its own disk the backend leaves the job with cupsd until
# somebody resumes it.
one() {
	local id

	order "$1" "$2"
	doc a.bin $((90000 + N + 1))
	id=$(print_raw "$W/a.bin" -t "job $N")
	wait_until 10 met_or_held
	if failio_met; then
		hits=$((hits + 1))
		[ "$(count held)" = $N ] || [ "$1" = core ] ||
			bad="$bad [$2: held for all that]"
	fi
	order "$1" ''	# a backend that is started again would meet it again
	held_now() {
		held_is $((N + 1)) || { lp -i "$id" -H resume; false; }
	}
	wait_until 30 held_now || bad="$bad [$2: not held]"
	N=$((N + 1))
	cp "$W/a.bin" "$W/kept.$N"
}

for who in core backend; do
	for op in write sync; do
		for error in EIO ENOSPC; do
			bad='' hits=0
			for n in 1 2 3; do one $who $op:$n:$error; done
			is "$bad" '' "$who, n-th $op $error: held all the same"
			[ $op-$who = sync-backend ] && want=1 || want=2
			ok "which was met" test $hits -ge "$want"
		done
	done
done
sleep 1
is "$(count held)" $N "each is held once"

# The database's disk stays full: no log-in is lost, no job is let go.
order core write:1+:ENOSPC
login_card "$RIG_ANNA_CARD"
release all
unlike "$BODY" '"accepted"' "nothing is released that cannot be written down"
sleep 0.5
is "$(printed)" 0 "and nothing is printed"
order core ''

# It fails between paper and database: printed once, known as sent later.
wait_until 10 eval 'login_card "$RIG_ANNA_CARD"; [ -n "$SID" ]'
id=$(id_of "job 0")
fault core:before-settle sleep 1500
release "$id"
within 10 "the transfer has ended" fault_hit
order core write:1+:EIO
sleep 2.5
ok "its end could not be written" failio_met
order core ''
within 20 "it is known as sent all the same" state_is "$id" sent
is "$(copies_of "$W/kept.1")" 1 "and came out once"

"$RIG" restart "$R"
is "$(count held)" $((N - 1)) "after a restart all others are held"
# A file of a commit that failed stays until it is sure that it failed.
files() { [ "$(find "$RIG_SPOOL" -name '*.job' | wc -l)" = $((N - 1)) ]; }
within 15 "one file each, and no other" files
wait_until 10 eval 'login_card "$RIG_ANNA_CARD"; [ -n "$SID" ]'
release all
within 30 "all come out" printed_is $N
once=0
for f in "$W"/kept.*; do
	[ "$(copies_of "$f")" != 1 ] || once=$((once + 1))
done
is $once $N "each once, byte for byte"
