#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# kill -9 at every step of a release that is paid for. Afterwards each job that
# is on paper is paid once, each other one is not, and the ledger is right.
# long: 60
. "$(dirname "$0")/lib/scenario.sh"
S_MAY_DIE=1
command -v gs >/dev/null || skip_all "needs ghostscript"
rig r --conf 'SettleAfter 60s'
numbered "$W/two.pdf" 2
api POST /prices '{"text":"mono 0.25\n"}'
is "$STATUS" 201 "two pages are half a euro"
api POST /accounts/anna/grant '{"amount":"10.00"}'
is "$STATUS" 200 "anna has ten"
right() { "$RIG_CTL" ledger check >"$W/check" 2>&1; }
paid=0
for point in core:release-before-commit core:release-after-commit \
    send:before-data send:before-result core:before-settle core:after-settle; do
	print "$point" "$W/two.pdf"
	within 20 "$point: held" held_is 1
	id=$(id_of "$point")
	fault "$point kill"
	api POST "/jobs/$id/release" '{"device":"Flur"}'
	within 10 "$point: killed there" fault_hit
	settled() { s=$(state "$id"); [ -n "$s" ] && [ "$s" != releasing ]; }
	within 30 "$point: it settles" settled
	if [ "$(state "$id")" = held ]; then
		released() { api POST "/jobs/$id/release" '{"device":"Flur"}'; [ "$STATUS" = 202 ]; }
		wait_until 15 released
		within 15 "$point: released again it comes out" state_is "$id" sent
	fi
	[ "$(state "$id")" = unconfirmed ] || paid=$((paid + 500000))
	ok "$point: the ledger is right" right
done
api GET '/jobs?job_state=unconfirmed'
open=$(j '.jobs | length')
want=$(awk -v p="$paid" -v o="$open" 'BEGIN { printf "%.2f", 10 - p / 1e6 - o * 0.5 }')
is "$(balance anna)" "$want" "each job on paper is paid once; $open not confirmed are set aside"
within 90 "what nobody confirmed is settled by estimate" eval '
	api GET /ledger/check; [ "$(j .reservations)" = 0 ]'
is "$(balance anna)" "$want" "for the price that was set aside"
ok "the ledger is right" right
