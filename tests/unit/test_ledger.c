/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Money moves as doc/money.md says, and wrong amounts move nothing. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/unit/ledger_fixture.h"

#define EUR 1000000

static struct rel_err err;

#define USER(key) balance_of(ACCOUNT_USER, key, UNIT_MONEY)
#define DEVICE(key) balance_of(ACCOUNT_DEVICE, key, UNIT_MONEY)
#define RESERVED balance_of(ACCOUNT_RESERVED, "", UNIT_MONEY)
#define BANK balance_of(ACCOUNT_BANK, "", UNIT_MONEY)

/* One call in a transaction of its own; what it answers. */
#define TURN(call) do_turn((fixture_begin(), err.text[0] = '\0', (call)))

static int
do_turn(int rc)
{
	fixture_commit();
	return rc;
}

static void
grant(const char *user, int64_t amount)
{
	struct ledger_grant g = { .kind = ACCOUNT_USER, .key = user,
	    .unit = UNIT_MONEY, .amount = amount, .now_ms = 500, .by = "root",
	    .text = "start" };

	assert_int_equal(0, TURN(ledger_grant(st, &g, &err)));
}

static void
reserve(int64_t job, int64_t amount)
{
	struct ledger_hold h = hold_of(job, "anna", amount);

	assert_int_equal(0, TURN(ledger_reserve(st, &h, &err)));
}

static int
settle(int64_t job, int64_t amount)
{
	struct ledger_result r = result_of(job, amount);

	return TURN(ledger_settle(st, &r, &err));
}

static int
correct(int64_t job, int64_t amount)
{
	struct ledger_result r = result_of(job, amount);

	return TURN(ledger_correct(st, &r, &err));
}

static int
refund(int64_t job, int64_t amount)
{
	struct ledger_refund r = { .job = job, .now_ms = 1600,
	    .amount = { amount, 0, 0 }, .by = "root", .text = "torn" };

	return TURN(ledger_refund(st, &r, &err));
}

static int64_t
transfers(void)
{
	struct ledger_checked told;

	assert_int_equal(0, ledger_wrong(&told));
	return told.transfers;
}

UNIT(an_empty_ledger_is_right)
{
	struct ledger_checked told;

	assert_int_equal(0, ledger_wrong(&told));
	assert_int_equal(6, told.accounts);
	assert_int_equal(0, told.transfers + told.entries + told.reservations);
}

UNIT(what_did_not_print_flows_back)
{
	grant("anna", 10 * EUR);
	assert_int_equal(10 * EUR, USER("anna"));
	assert_int_equal(-10 * EUR, BANK);
	reserve(5, 3 * EUR);
	assert_int_equal(7 * EUR, USER("anna"));
	assert_int_equal(3 * EUR, RESERVED);
	assert_int_equal(0, settle(5, 2 * EUR));
	assert_int_equal(8 * EUR, USER("anna"));
	assert_int_equal(2 * EUR, DEVICE("d1"));
	assert_int_equal(0, RESERVED);
	ledger_right();
	fixture_reopen();
	assert_int_equal(8 * EUR, USER("anna"));
	ledger_right();
}

UNIT(more_than_the_estimate_is_paid_too)
{
	grant("anna", 1 * EUR);
	reserve(5, 1 * EUR);
	assert_int_equal(0, settle(5, 4 * EUR));
	assert_int_equal(-3 * EUR, USER("anna"));	/* shown, not hidden */
	assert_int_equal(4 * EUR, DEVICE("d1"));
	ledger_right();
}

UNIT(a_job_is_settled_once)
{
	struct ledger_hold again = hold_of(5, "anna", 1);

	reserve(5, 100);
	assert_int_equal(-REL_E_EXISTS, TURN(ledger_reserve(st, &again,
	    &err)));
	assert_int_equal(0, settle(5, 60));
	assert_int_equal(-REL_E_NOTHELD, settle(5, 60));
	assert_string_equal("nothing is set aside for this job: it was "
	    "settled before", err.text);
	assert_int_equal(-REL_E_NOTHELD, TURN(ledger_cancel(st, 5, 9, &err)));
	assert_int_equal(-60, USER("anna"));
	assert_int_equal(60, DEVICE("d1"));
	assert_int_equal(2, transfers());
}

UNIT(nothing_came_out)
{
	reserve(5, 100);
	assert_int_equal(0, TURN(ledger_cancel(st, 5, 9, &err)));
	assert_int_equal(0, USER("anna"));
	assert_int_equal(0, RESERVED);
	assert_int_equal(-REL_E_NOTHELD, TURN(ledger_cancel(st, 5, 9, &err)));
	assert_int_equal(-REL_E_NOTHELD, settle(5, 60));
	assert_int_equal(-REL_E_NOTHELD, TURN(ledger_cancel(st, 6, 9, &err)));
	ledger_right();
	/* It may be released again. */
	reserve(5, 70);
	assert_int_equal(0, settle(5, 70));
	assert_int_equal(-70, USER("anna"));
	ledger_right();
}

UNIT(a_turn_that_fails_moves_nothing)
{
	struct ledger_hold h = hold_of(5, "anna", 100);
	struct ledger_result r = result_of(5, 100);

	fixture_begin();
	assert_int_equal(0, ledger_reserve(st, &h, &err));
	store_rollback(st);
	assert_int_equal(0, USER("anna"));
	reserve(5, 100);
	fixture_begin();
	assert_int_equal(0, ledger_settle(st, &r, &err));
	assert_int_equal(-REL_E_NOTHELD, ledger_settle(st, &r, &err));
	store_rollback(st);
	assert_int_equal(100, RESERVED);
	ledger_right();
	assert_int_equal(0, settle(5, 100));
	assert_int_equal(100, DEVICE("d1"));
	ledger_right();
	/* Without a transaction nothing is written at all. */
	assert_true(ledger_reserve(st, &h, &err) < 0);
	assert_int_equal(-100, USER("anna"));
}

UNIT(units_are_kept_apart)
{
	struct ledger_hold h = hold_of(5, "anna", 50);
	struct ledger_result r = result_of(5, 40);
	struct ledger_job j;

	h.part[1] = (struct ledger_part){ ACCOUNT_USER, "anna", 3 };
	h.part[2] = (struct ledger_part){ ACCOUNT_USER, "anna", 9 };
	assert_int_equal(0, TURN(ledger_reserve(st, &h, &err)));
	assert_int_equal(-3, balance_of(ACCOUNT_USER, "anna", UNIT_COLOUR));
	r.amount[1] = 1;
	r.amount[2] = 9;
	assert_int_equal(0, TURN(ledger_settle(st, &r, &err)));
	assert_int_equal(-40, USER("anna"));
	assert_int_equal(-1, balance_of(ACCOUNT_USER, "anna", UNIT_COLOUR));
	assert_int_equal(-9, balance_of(ACCOUNT_USER, "anna", UNIT_MONO));
	assert_int_equal(9, balance_of(ACCOUNT_DEVICE, "d1", UNIT_MONO));
	assert_int_equal(0, ledger_job(st, 5, &j));
	assert_true(j.settled && !j.reserved && !j.unconfirmed);
	assert_int_equal(SOURCE_DEVICE, j.source);
	assert_int_equal(7, j.price_version);
	assert_int_equal(40, j.paid[0]);
	assert_int_equal(1, j.paid[1]);
	assert_int_equal(9, j.paid[2]);
	ledger_right();
}

UNIT(a_later_record_corrects)
{
	grant("anna", 1000);
	reserve(5, 100);
	assert_int_equal(-REL_E_NOTHELD, correct(5, 80));
	assert_int_equal(0, settle(5, 100));
	assert_int_equal(0, correct(5, 80));
	assert_int_equal(920, USER("anna"));
	assert_int_equal(80, DEVICE("d1"));
	assert_int_equal(0, correct(5, 80));
	assert_int_equal(4, transfers());	/* the same again is nothing */
	assert_int_equal(0, correct(5, 130));
	assert_int_equal(870, USER("anna"));
	assert_int_equal(-REL_E_NOTFOUND, correct(6, 80));
	ledger_right();
}

UNIT(a_record_confirms_an_estimate)
{
	struct ledger_result r = result_of(5, 100);
	struct ledger_job j;

	reserve(5, 100);
	r.source = SOURCE_ESTIMATE;
	r.unconfirmed = true;
	assert_int_equal(0, TURN(ledger_settle(st, &r, &err)));
	assert_int_equal(0, ledger_job(st, 5, &j));
	assert_true(j.unconfirmed);
	assert_int_equal(0, correct(5, 100));	/* of nothing */
	assert_int_equal(0, ledger_job(st, 5, &j));
	assert_false(j.unconfirmed);
	assert_int_equal(SOURCE_DEVICE, j.source);
	assert_int_equal(100, j.paid[0]);
	assert_int_equal(3, transfers());
}

UNIT(what_costs_nothing_may_cost_something_later)
{
	struct ledger_result r = result_of(5, 0);
	struct ledger_job j;

	reserve(5, 0);
	assert_int_equal(0, transfers());
	r.source = SOURCE_ESTIMATE;
	assert_int_equal(0, TURN(ledger_settle(st, &r, &err)));
	assert_int_equal(-REL_E_NOTHELD, settle(5, 10));
	assert_int_equal(0, ledger_job(st, 5, &j));
	assert_true(j.settled);
	r.amount[0] = 30;
	r.amount[2] = 4;	/* nobody thought of sides */
	r.source = SOURCE_DEVICE;
	assert_int_equal(0, TURN(ledger_correct(st, &r, &err)));
	assert_int_equal(-30, USER("anna"));
	assert_int_equal(-4, balance_of(ACCOUNT_USER, "anna", UNIT_MONO));
	ledger_right();
}

UNIT(refunds_have_an_end)
{
	reserve(5, 100);
	assert_int_equal(-REL_E_NOTHELD, refund(5, -1));
	assert_int_equal(0, settle(5, 100));
	assert_int_equal(-REL_E_LIMIT, refund(5, 101));
	assert_string_equal("that is more than was paid for this job",
	    err.text);
	assert_int_equal(0, refund(5, 30));
	assert_int_equal(-70, USER("anna"));
	assert_int_equal(-REL_E_LIMIT, refund(5, 71));
	assert_int_equal(0, refund(5, -1));
	assert_int_equal(0, USER("anna"));
	assert_int_equal(0, DEVICE("d1"));
	assert_int_equal(-REL_E_NOTFOUND, refund(5, -1));
	assert_int_equal(-REL_E_NOTFOUND, refund(5, 0));
	assert_int_equal(-REL_E_NOTFOUND, refund(77, -1));
	ledger_right();
	/* A record that comes after it does not give twice, nor take it. */
	assert_int_equal(0, correct(5, 40));
	assert_int_equal(0, USER("anna"));
	assert_int_equal(0, correct(5, 130));
	assert_int_equal(-30, USER("anna"));
	ledger_right();
}

UNIT(a_record_counts_once)
{
	struct usage_record u = { .device_id = "d1", .epoch = "e-1",
	    .seq = 7, .at_ms = 5, .job = 9, .sheets = 1, .mono = 2 };
	struct usage_record got = { .seq = 0 };
	int64_t last;

	assert_int_equal(0, TURN(ledger_record(st, &u, &err)));
	assert_int_equal(-REL_E_EXISTS, TURN(ledger_record(st, &u, &err)));
	fixture_reopen();
	assert_int_equal(-REL_E_EXISTS, TURN(ledger_record(st, &u, &err)));
	u.seq = 3;				/* out of order */
	u.job = 0;
	assert_int_equal(0, TURN(ledger_record(st, &u, &err)));
	assert_int_equal(0, store_record_last(st, "d1", "e-1", &last));
	assert_int_equal(7, last);
	assert_int_equal(0, store_record_last(st, "d1", "e-2", &last));
	assert_int_equal(0, last);
	u.seq = 7;
	memcpy(u.epoch, "e-2", 4);		/* its log was reset */
	assert_int_equal(0, TURN(ledger_record(st, &u, &err)));
	memcpy(u.device_id, "d2", 3);
	assert_int_equal(0, TURN(ledger_record(st, &u, &err)));
	assert_int_equal(0, store_record_of_job(st, 9, &got));
	assert_int_equal(7, got.seq);
	assert_string_equal("e-1", got.epoch);
	assert_int_equal(2, got.mono);
	assert_int_equal(-REL_E_NOTFOUND, store_record_of_job(st, 10, &got));
	u.seq = -1;
	assert_int_equal(-REL_E_LIMIT, TURN(ledger_record(st, &u, &err)));
	u.seq = 8;
	u.mono = -5;
	assert_int_equal(-REL_E_LIMIT, TURN(ledger_record(st, &u, &err)));
}

/* ---- what cannot be */

UNIT(absurd_amounts_move_nothing)
{
	static const int64_t bad[] = { -1, INT64_MIN, LEDGER_MAX + 1,
		INT64_MAX };
	struct ledger_grant g = { .kind = ACCOUNT_USER, .key = "anna",
	    .unit = UNIT_MONEY, .now_ms = 1 };

	reserve(5, 10);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct ledger_hold h = hold_of(6, "anna", bad[i]);

		assert_int_equal(-REL_E_LIMIT, TURN(ledger_reserve(st, &h,
		    &err)));
		assert_int_equal(-REL_E_LIMIT, settle(5, bad[i]));
		g.amount = bad[i];
		if (bad[i] != -1)
			assert_int_equal(-REL_E_LIMIT, TURN(ledger_grant(st,
			    &g, &err)));
		assert_true(err.text[0] != '\0');
	}
	g.amount = 0;
	assert_int_equal(-REL_E_LIMIT, TURN(ledger_grant(st, &g, &err)));
	assert_int_equal(10, RESERVED);
	assert_int_equal(-10, USER("anna"));
	assert_int_equal(1, transfers());
	assert_int_equal(0, settle(5, 10));
}

UNIT(sums_do_not_overflow)
{
	struct ledger_grant g = { .kind = ACCOUNT_USER, .key = "anna",
	    .unit = UNIT_MONEY, .amount = LEDGER_MAX, .now_ms = 1 };
	char sql[200];

	grant("anna", 5);
	snprintf(sql, sizeof sql, "UPDATE account SET balance=%lld"
	    " WHERE key='anna'", (long long)(INT64_MAX - 10));
	fixture_sql(sql);
	assert_int_equal(-REL_E_LIMIT, TURN(ledger_grant(st, &g, &err)));
	assert_string_equal("the amount is larger than a ledger can hold",
	    err.text);
	assert_true(INT64_MAX - 10 == USER("anna"));
	assert_int_equal(-5, BANK);
}

UNIT(accounts_that_cannot_pay)
{
	struct ledger_hold h = hold_of(6, "nowhere", 5);
	struct account a = { .kind = ACCOUNT_SHARED, .unit = UNIT_MONEY,
	    .key = "chess", .name = "Chess" };
	struct ledger_result r = result_of(6, 5);

	h.part[0].kind = ACCOUNT_SHARED;
	assert_int_equal(-REL_E_NOTFOUND, TURN(ledger_reserve(st, &h, &err)));
	assert_string_equal("there is no shared account \"nowhere\"",
	    err.text);
	h.part[0].kind = ACCOUNT_CODE;
	assert_int_equal(-REL_E_NOTFOUND, TURN(ledger_reserve(st, &h, &err)));
	h.part[0].kind = ACCOUNT_BANK;
	assert_int_equal(-REL_E_DENIED, TURN(ledger_reserve(st, &h, &err)));
	assert_int_equal(0, TURN(store_account_add(st, &a)));
	h.part[0] = (struct ledger_part){ ACCOUNT_SHARED, "chess", 5 };
	h.part[2] = (struct ledger_part){ ACCOUNT_SHARED, "chess", 2 };
	assert_int_equal(0, TURN(ledger_reserve(st, &h, &err)));
	assert_int_equal(-5, balance_of(ACCOUNT_SHARED, "chess", UNIT_MONEY));
	assert_int_equal(-2, balance_of(ACCOUNT_SHARED, "chess", UNIT_MONO));
	a.closed = true;
	assert_int_equal(0, TURN(store_account_set(st, &a)));
	h.job = 7;
	assert_int_equal(-REL_E_DENIED, TURN(ledger_reserve(st, &h, &err)));
	assert_string_equal("the account \"Chess\" is closed", err.text);
	/* What was set aside before is settled all the same. */
	r.amount[2] = 2;
	assert_int_equal(0, TURN(ledger_settle(st, &r, &err)));
	reserve(8, 1);
	r = result_of(8, 1);
	r.amount[1] = 1;
	assert_int_equal(-REL_E_DENIED, TURN(ledger_settle(st, &r, &err)));
	assert_string_equal("nobody was named who pays the colour of this "
	    "job", err.text);
	ledger_right();
}

/* ---- statements, reservations that are due */

static char story[200];

static bool
statement_row(const struct statement *s, void *ctx)
{
	size_t n = strlen(story);

	(void)ctx;
	snprintf(story + n, sizeof story - n, "%s%s:%lld", n > 0 ? " " : "",
	    transfer_kind_name(s->t.kind), (long long)s->amount);
	return true;
}

UNIT(a_statement_goes_back)
{
	struct account a;

	grant("anna", 500);
	reserve(5, 100);
	assert_int_equal(0, settle(5, 60));
	grant("berta", 7);
	assert_int_equal(0, refund(5, 10));
	assert_int_equal(0, store_account_get(st, ACCOUNT_USER, "anna",
	    UNIT_MONEY, &a));
	story[0] = '\0';
	assert_int_equal(4, store_statement(st, a.id, a.last, 10,
	    statement_row, NULL));
	assert_string_equal("refund:10 settle:40 reserve:-100 grant:500",
	    story);
	story[0] = '\0';
	assert_int_equal(2, store_statement(st, a.id, a.last, 2,
	    statement_row, NULL));
	assert_string_equal("refund:10 settle:40", story);
	assert_int_equal(0, store_statement(st, a.id, 4, 10, statement_row,
	    NULL));	/* one of berta's */
}

UNIT(what_is_due)
{
	int64_t jobs[4], n, sum[MONEY_UNITS];
	struct ledger_hold h = hold_of(6, "anna", 10);

	reserve(5, 100);
	h.due_ms = 1500;
	assert_int_equal(0, TURN(ledger_reserve(st, &h, &err)));
	assert_int_equal(0, store_reservation_due(st, 1499, jobs, 4));
	assert_int_equal(2, store_reservation_due(st, 2000, jobs, 4));
	assert_int_equal(6, jobs[0]);
	assert_int_equal(5, jobs[1]);
	assert_int_equal(1, store_reservation_due(st, 2000, jobs, 1));
	assert_int_equal(0, TURN(store_reservation_later(st, 6, 9000)));
	assert_int_equal(-REL_E_NOTHELD, TURN(store_reservation_later(st, 9,
	    9000)));
	assert_int_equal(1, store_reservation_due(st, 2000, jobs, 4));
	assert_int_equal(0, store_reservation_sum(st, sum, &n));
	assert_int_equal(2, n);
	assert_int_equal(110, sum[0]);
}

/* ---- the check finds what is wrong */

UNIT(damage_is_found)
{
	static const struct {
		const char *sql, *words;
	} t[] = {
		{ "UPDATE account SET balance=balance+1 WHERE key='anna'",
		    "the balance of user \"anna\" (money, account 7) is "
		    "0.00044, its entries sum to 0.000439" },
		{ "UPDATE entry SET amount=amount+1 WHERE transfer=2 AND"
		    " account=1", "transfer 2 does not sum to zero: 0.000001 "
		    "of money too much" },
		{ "DELETE FROM entry WHERE transfer=3 AND account=1",
		    "transfer 3 does not sum to zero: 0.0001 of money too much" },
		{ "DELETE FROM entry WHERE transfer=3",
		    "transfer 3 has 0 entries" },
		{ "DELETE FROM transfer WHERE id=3", "there are entries of "
		    "transfer 3, which is not there" },
		{ "DELETE FROM transfer WHERE id=6", "there are entries of "
		    "transfer 6, which is not there" },
		{ "INSERT INTO entry VALUES(99,7,5,6),(99,8,-5,0)",
		    "there are entries of transfer 99, which is not there" },
		{ "DELETE FROM account WHERE key='anna'",
		    "transfer 1 moves something at account 7, which is not "
		    "there or of no unit" },
		{ "UPDATE entry SET account=12345678901 WHERE account=7",
		    "transfer 1 moves something at account 12345678901, "
		    "which is not there or of no unit" },
		{ "DELETE FROM reservation", "0.000005 of money is set aside, "
		    "the open reservations sum to 0.00" },
		{ "UPDATE reservation SET mono=4", "0 of mono is set aside, "
		    "the open reservations sum to 4" },
		{ "UPDATE entry SET prev=1 WHERE transfer=3 AND account=7",
		    "account 7: transfer 3 should follow 2, not 1" },
		{ "INSERT INTO account VALUES(999999999999,1,'x',1,'',0,0,0,"
		    "0,0,'')", "there is an account 999999999999: no such number "
		    "was ever given" },
		{ "INSERT INTO transfer VALUES(9223372036854775807,1,0,NULL,0,"
		    "0,0,NULL,NULL)", "transfer 9223372036854775807 has 0 "
		    "entries" }
	};
	struct ledger_checked told;

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		bool found = false;

		grant("anna", 500);
		reserve(5, 100);
		assert_int_equal(0, settle(5, 60));
		grant("berta", 7);
		assert_int_equal(0, correct(5, 56));
		reserve(6, 5);
		ledger_right();
		fixture_sql(t[i].sql);
		assert_true(ledger_wrong(&told) > 0);
		for (int k = 0; k < LEDGER_FINDINGS && k < told.wrong; k++)
			found |= strcmp(told.text[k], t[i].words) == 0;
		if (!found)
			fail_msg("%s: %s", t[i].sql, told.text[0]);
		assert_int_equal(0, fixture_close(NULL));
		assert_int_equal(0, fixture_open(NULL));
	}
}

/* Jobs are paid while it looks, and what is not sure yet is left out. */
UNIT(a_check_while_money_moves)
{
	struct ledger_check *lc = ledger_check_new();
	struct ledger_hold h;
	int rc = 1, n = 0;

	for (int i = 1; i <= 1500; i++) {
		fixture_begin();
		h = hold_of(i, i % 2 != 0 ? "anna" : "berta", 10);
		assert_int_equal(0, ledger_reserve(st, &h, &err));
		fixture_commit();
	}
	while (rc == 1) {
		fixture_begin();
		h = hold_of(2000 + n, "carl", 10);
		assert_int_equal(0, ledger_reserve(st, &h, &err));
		assert_int_equal(1, ledger_check_step(lc, st, 0));
		if (n % 2 == 0)
			store_rollback(st);
		else
			fixture_commit();
		rc = ledger_check_step(lc, st, 0);
		n++;
	}
	assert_int_equal(0, rc);
	assert_true(n > 2);		/* in slices */
	assert_int_equal(0, ledger_check_told(lc)->wrong);
	assert_true(ledger_check_told(lc)->transfers > 1500);
	ledger_check_free(&lc);
	ledger_right();
}

/* 5 MB for 10 000 jobs that reserve, are settled by a record, and are kept. */
UNIT(a_job_takes_little_room)
{
	int64_t before = 0, bytes = 0;
	struct stat sb;

	for (int round = 0; round < 2; round++) {
		fixture_sql("PRAGMA wal_checkpoint(TRUNCATE)");
		assert_int_equal(0, stat(store_path, &sb));
		before = round == 0 ? (int64_t)sb.st_size : before;
		bytes = (int64_t)sb.st_size - before;
		fixture_begin();
		for (int i = 0; i < 2000 && round == 0; i++) {
			struct usage_record u = { .device_id =
			    "5d0c0000-0000-4000-8000-000000000001",
			    .epoch = "0f9c1c1e-2a44-4a4e-8f3e-1d1f6f0a9d55",
			    .seq = i, .at_ms = INT64_C(1795166100120),
			    .sheets = 2, .mono = 4 };
			struct ledger_hold h;
			struct ledger_result r;

			u.job = INT64_C(0x0190000000000000) + i * 77773;
			h = hold_of(u.job, "anna", 1000000);
			r = result_of(u.job, 800000);
			h.now_ms = r.now_ms = u.at_ms;
			assert_int_equal(0, ledger_reserve(st, &h, &err));
			assert_int_equal(0, ledger_record(st, &u, &err));
			assert_int_equal(0, ledger_settle(st, &r, &err));
		}
		fixture_commit();
	}
	print_message("%lld bytes a job\n", (long long)(bytes / 2000));
	assert_in_range(bytes / 2000, 50, 500);
	ledger_right();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORED(an_empty_ledger_is_right),
		STORED(what_did_not_print_flows_back),
		STORED(more_than_the_estimate_is_paid_too),
		STORED(a_job_is_settled_once),
		STORED(nothing_came_out),
		STORED(a_turn_that_fails_moves_nothing),
		STORED(units_are_kept_apart),
		STORED(a_later_record_corrects),
		STORED(a_record_confirms_an_estimate),
		STORED(what_costs_nothing_may_cost_something_later),
		STORED(refunds_have_an_end),
		STORED(a_record_counts_once),
		STORED(absurd_amounts_move_nothing),
		STORED(sums_do_not_overflow),
		STORED(accounts_that_cannot_pay),
		STORED(a_statement_goes_back),
		STORED(what_is_due),
		STORED(damage_is_found),
		STORED(a_check_while_money_moves),
		STORED(a_job_takes_little_room),
	};

	return cmocka_run_group_tests_name("ledger", tests, NULL, NULL);
}
