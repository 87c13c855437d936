# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# ./setup demo, second part: what a job costs, a rule that asks, what did not
# print is not paid.

# money WORDS...: releasectl, shown as it was typed.
money() { show "releasectl $*" "$RIG_CTL" "$@"; }

# From here on the simulated device takes the jobs itself: it counts what comes
# out and says so (OPDP level 3), and it can be made to jam.
demo_device() {
	local id

	id=$(value '.devices[0].id' /devices)
	root curl -sS -o /dev/null --unix-socket "$RIG_API_SOCK" -X PATCH \
		-H 'Content-Type: application/json' \
		-d "{\"lpr_port\":$RIG_LPD_PORT,\"lpr_queue\":\"op\"}" \
		"http://localhost/api/v1/devices/$id" ||
		demo_fail "the device cannot be told where it prints"
	panel 'count 3 0' >/dev/null
}

demo_prices() {
	printf '%s\n' 'mono 0.05' 'colour 0.20' 'sheet 0.01' >"$DEMO_DIR/prices"
	cat >"$DEMO_DIR/rules" <<'X'
rule "Colour asks"
    when colour-pages >= 1
    ask "{colour-pages} page is in colour. Print it in black and white?" instead mono
X
	say "9. A price list and a rule; both are checked before they hold:"
	show "cat prices rules" cat "$DEMO_DIR/prices" "$DEMO_DIR/rules"
	root "$RIG_CTL" price set "$DEMO_DIR/prices" >/dev/null ||
		demo_fail "the price list is refused"
	root "$RIG_CTL" rule set "$DEMO_DIR/rules" >/dev/null ||
		demo_fail "the rules are refused"
	root "$RIG_CTL" account grant "$(id -un)" 5.00 >/dev/null ||
		demo_fail "nobody may be given money"
}

demo_question() {
	lp -d "$RIG_QUEUE" -t 'Demo letter, to be paid' "$DEMO_PDF" >/dev/null 2>&1
	until_true 10 demo_is_held || demo_fail "the third job is not held"
	DEMO_JOB=$(value '.jobs[0].id' /jobs)
	[ "$(value .charge.micro "/jobs/$DEMO_JOB")" = 330000 ] ||
		demo_fail "its price is not that of the list"
	say "10. The same letter: it has a price, and the rule asks about it:"
	show "releasectl job show $DEMO_JOB" demo_price "$DEMO_JOB"
	money question answer "$DEMO_JOB" changed
	[ "$(value .charge.micro "/jobs/$DEMO_JOB")" = 180000 ] ||
		demo_fail "the price does not follow the answer"
	show "releasectl job show $DEMO_JOB" demo_price "$DEMO_JOB"
	money job release "$DEMO_JOB" --device Flur
	until_true 30 demo_is_paid || demo_fail "the job is not paid"
	show "releasectl explain $DEMO_JOB" demo_story "$DEMO_JOB"
}

demo_price() { "$RIG_CTL" job show "$1" | grep -E '^(In colour|Cost|Made up of|Waits for)'; }
demo_is_paid() { [ "$(value .charge.state "/jobs/$DEMO_JOB")" = settled ]; }
demo_story() {
	"$RIG_CTL" explain "$1" |
		grep -E ' (rule|asked|answered|reserved|settled|cancelled|reported) ' | cut -c1-150
}

# The device stops after one of three pages: one is paid.
demo_refund() {
	panel 'fault usage-stop 1' >/dev/null
	lp -d "$RIG_QUEUE" -t 'Demo letter, jammed' "$DEMO_PDF" >/dev/null 2>&1
	until_true 10 demo_is_held || demo_fail "the fourth job is not held"
	DEMO_JOB=$(value '.jobs[0].id' /jobs)
	"$RIG_CTL" question answer "$DEMO_JOB" changed >/dev/null ||
		demo_fail "the question is not answered"
	say "11. Once more, and the device jams after one of three pages:"
	money job release "$DEMO_JOB" --device Flur
	until_true 30 demo_is_paid || demo_fail "the jammed job is not settled"
	show "releasectl explain $DEMO_JOB" demo_story "$DEMO_JOB"
	[ "$(value .charge.micro "/jobs/$DEMO_JOB")" = 60000 ] ||
		demo_fail "not just the page that came out is paid"
}

demo_ledger() {
	money ledger check
	"$RIG_CTL" ledger check >/dev/null || demo_fail "the ledger is wrong"
}

demo_money() {
	demo_device
	demo_prices
	demo_question
	demo_refund
	demo_ledger
}
