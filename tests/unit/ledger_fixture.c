/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/unit/unit.h"

#include <string.h>

#include "tests/unit/ledger_fixture.h"

int64_t
balance_of(enum account_kind kind, const char *key, enum money_unit unit)
{
	struct account a;
	int rc = store_account_get(st, kind, key, unit, &a);

	if (rc == -REL_E_NOTFOUND)
		return 0;
	assert_int_equal(0, rc);
	return a.balance;
}

int64_t
ledger_wrong(struct ledger_checked *told)
{
	struct ledger_check *lc = ledger_check_new();
	int rc;

	assert_non_null(lc);
	while ((rc = ledger_check_step(lc, st, 5)) > 0)
		;
	assert_int_equal(0, rc);
	*told = *ledger_check_told(lc);
	ledger_check_free(&lc);
	assert_null(lc);
	assert_true(told->done);
	return told->wrong;
}

void
ledger_right(void)
{
	struct ledger_checked told;

	if (ledger_wrong(&told) != 0)
		fail_msg("%s", told.text[0]);
}

struct ledger_hold
hold_of(int64_t job, const char *user, int64_t money)
{
	struct ledger_hold h = { .job = job, .now_ms = 1000, .due_ms = 2000,
	    .price_version = 7 };

	h.part[0].kind = ACCOUNT_USER;
	h.part[0].key = user;
	h.part[0].amount = money;
	return h;
}

struct ledger_result
result_of(int64_t job, int64_t money)
{
	struct ledger_result r = { .job = job, .now_ms = 1500,
	    .device_id = "d1", .source = SOURCE_DEVICE };

	r.amount[0] = money;
	return r;
}
