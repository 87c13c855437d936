/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Whose quota holds, and that a period is never paid out twice. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/period.h"
#include "releaserd/core/quota.h"
#include "tests/unit/ledger_fixture.h"

static struct rel_err err;
static struct quota_room room;

static int
berlin(void **state)
{
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	return fixture_open(state);
}
#define QUOTA(name) \
	cmocka_unit_test_setup_teardown(name, berlin, fixture_close)

static int64_t
local(int month, int day, int hour, int min)
{
	struct tm tm = { .tm_year = 126, .tm_mon = month - 1, .tm_mday = day,
	    .tm_hour = hour, .tm_min = min, .tm_isdst = -1 };

	return (int64_t)mktime(&tm) * 1000;
}

static struct quota
a_quota(enum quota_owner owner, const char *key, int64_t amount,
    enum rel_period period)
{
	struct quota q = { .owner = owner, .unit = UNIT_MONO,
	    .amount = amount, .period = (int)period, .set_ms = 1 };

	snprintf(q.key, sizeof q.key, "%s", key);
	return q;
}

static void
set(struct quota q)
{
	fixture_begin();
	assert_int_equal(0, store_quota_set(st, &q));
	fixture_commit();
}

static void
member(const char *group, const char *key, bool is_group, int wants)
{
	struct group_member m = { .is_group = is_group };

	snprintf(m.group, sizeof m.group, "%s", group);
	snprintf(m.key, sizeof m.key, "%s", key);
	fixture_begin();
	assert_int_equal(wants, store_member_add(st, &m));
	fixture_commit();
}

/* What anna has left of sides in black and white; -99: there is no limit. */
static int64_t
left(int64_t now_ms)
{
	assert_int_equal(0, quota_room(st, ACCOUNT_USER, "anna", UNIT_MONO,
	    now_ms, &room));
	return room.limited ? room.left : -99;
}

static int64_t
refill(int64_t now_ms)
{
	fixture_begin();
	assert_int_equal(0, quota_refill(st, ACCOUNT_USER, "anna", UNIT_MONO,
	    now_ms));
	fixture_commit();
	return balance_of(ACCOUNT_USER, "anna", UNIT_MONO);
}

static void
spend(int64_t sides)
{
	static int64_t job;
	struct ledger_hold h = hold_of(++job, "anna", 0);
	struct ledger_result r = result_of(job, 0);

	h.part[0].key = NULL;
	h.part[2] = (struct ledger_part){ ACCOUNT_USER, "anna", sides };
	r.amount[2] = sides;
	fixture_begin();
	assert_int_equal(0, ledger_reserve(st, &h, &err));
	assert_int_equal(0, ledger_settle(st, &r, &err));
	fixture_commit();
}

UNIT(whose_quota_holds)
{
	int64_t now = local(11, 20, 12, 0);

	assert_int_equal(-99, left(now));
	set(a_quota(QUOTA_EVERYBODY, "", 10, REL_PERIOD_MONTH));
	assert_int_equal(10, left(now));
	set(a_quota(QUOTA_GROUP, "pupils", 20, REL_PERIOD_MONTH));
	assert_int_equal(10, left(now));
	member("pupils", "anna", false, 0);
	assert_int_equal(20, left(now));
	set(a_quota(QUOTA_GROUP, "chess", 15, REL_PERIOD_MONTH));
	member("chess", "anna", false, 0);
	assert_int_equal(20, left(now));	/* the most generous */
	set(a_quota(QUOTA_GROUP, "school", 70, REL_PERIOD_MONTH));
	member("school", "building", true, 0);
	assert_int_equal(20, left(now));
	member("building", "pupils", true, 0);
	assert_int_equal(70, left(now));	/* however deep */
	assert_string_equal("school", room.quota.key);
	set(a_quota(QUOTA_USER, "anna", 5, REL_PERIOD_MONTH));
	assert_int_equal(5, left(now));		/* the own wins */
	set(a_quota(QUOTA_USER, "berta", 500, REL_PERIOD_MONTH));
	assert_int_equal(5, left(now));
	assert_int_equal(0, quota_room(st, ACCOUNT_USER, "anna", UNIT_COLOUR,
	    now, &room));
	assert_false(room.limited);		/* another unit */
	assert_int_equal(0, quota_room(st, ACCOUNT_CODE, "anna", UNIT_MONO,
	    now, &room));
	assert_false(room.limited);		/* a billing code */
}

UNIT(shared_accounts_have_their_own)
{
	int64_t now = local(11, 20, 12, 0);
	struct account a = { .kind = ACCOUNT_SHARED, .unit = UNIT_MONEY,
	    .key = "chess" };

	set(a_quota(QUOTA_EVERYBODY, "", 10, REL_PERIOD_MONTH));
	set(a_quota(QUOTA_SHARED, "chess", 33, REL_PERIOD_MONTH));
	fixture_begin();
	assert_int_equal(0, quota_refill(st, ACCOUNT_SHARED, "chess",
	    UNIT_MONO, now));		/* there is no such account */
	assert_int_equal(0, store_account_add(st, &a));
	assert_int_equal(0, quota_refill(st, ACCOUNT_SHARED, "chess",
	    UNIT_MONO, now));
	fixture_commit();
	assert_int_equal(33, balance_of(ACCOUNT_SHARED, "chess", UNIT_MONO));
	ledger_right();
}

UNIT(refilled_once_a_period)
{
	int64_t now = local(11, 20, 12, 0);

	set(a_quota(QUOTA_EVERYBODY, "", 10, REL_PERIOD_DAY));
	assert_int_equal(10, left(now));
	assert_int_equal(0, balance_of(ACCOUNT_USER, "anna", UNIT_MONO));
	assert_int_equal(10, refill(now));
	spend(4);
	assert_int_equal(6, refill(now));
	assert_int_equal(6, left(now));
	assert_int_equal(6, refill(local(11, 20, 23, 59)));
	fixture_reopen();
	assert_int_equal(6, refill(local(11, 20, 23, 59)));
	assert_int_equal(10, left(local(11, 21, 0, 0)));
	assert_int_equal(10, refill(local(11, 21, 0, 0)));
	spend(3);
	/* The clock is set back, and goes over midnight again. */
	assert_int_equal(7, refill(local(11, 19, 12, 0)));
	assert_int_equal(7, refill(local(11, 20, 12, 0)));
	assert_int_equal(7, refill(local(11, 21, 12, 0)));
	assert_int_equal(10, refill(local(11, 22, 12, 0)));
	ledger_right();
}

/* The hour that comes twice, and the one that does not come. */
UNIT(refilled_once_when_clocks_change)
{
	struct quota q = a_quota(QUOTA_EVERYBODY, "", 10, REL_PERIOD_DAY);
	int64_t from, n;

	q.at_min = 150;
	set(q);
	for (int month = 3; month <= 10; month += 7) {
		n = 0;
		from = local(month, month == 3 ? 28 : 24, 2, 31);
		assert_int_equal(10, refill(from));
		for (int64_t t = from; t < from + 3 * INT64_C(86400000);
		    t += 600000) {
			if (balance_of(ACCOUNT_USER, "anna", UNIT_MONO) == 10)
				spend(10);
			n += refill(t) == 10;
			assert_int_equal(refill(t), left(t));
		}
		/* 29th, 30th, 31st; 25th, 26th, 27th: the third is not
		 * over in summer's end, as that day had 25 hours. */
		assert_int_equal(month == 3 ? 3 : 2, n);
		spend(balance_of(ACCOUNT_USER, "anna", UNIT_MONO));
	}
	ledger_right();
}

UNIT(what_is_left_goes_or_stays)
{
	struct quota q = a_quota(QUOTA_EVERYBODY, "", 10, REL_PERIOD_MONTH);

	set(q);
	assert_int_equal(10, refill(local(1, 5, 0, 0)));
	spend(13);
	assert_int_equal(-3, refill(local(1, 6, 0, 0)));
	assert_int_equal(7, refill(local(2, 1, 0, 0)));	/* owed */
	assert_int_equal(10, refill(local(3, 1, 0, 0)));	/* not more */
	q.carry = true;
	set(q);
	spend(4);
	assert_int_equal(6, refill(local(3, 31, 0, 0)));
	assert_int_equal(16, refill(local(4, 1, 0, 0)));
	/* The server was off in May: that is made up for. */
	assert_int_equal(36, left(local(6, 30, 0, 0)));
	assert_int_equal(36, refill(local(6, 30, 0, 0)));
	/* A quota of days that was set today: not one for each since June. */
	q.period = REL_PERIOD_DAY;
	q.set_ms = local(7, 15, 12, 0);
	set(q);
	assert_int_equal(46, refill(local(7, 15, 12, 1)));
	assert_int_equal(66, refill(local(7, 17, 0, 0)));
	ledger_right();
}

UNIT(what_was_spent_without_a_limit_is_not_owed)
{
	spend(500);
	assert_int_equal(-500, balance_of(ACCOUNT_USER, "anna", UNIT_MONO));
	assert_int_equal(-99, left(local(1, 5, 0, 0)));
	set(a_quota(QUOTA_EVERYBODY, "", 10, REL_PERIOD_NEVER));
	assert_int_equal(10, left(local(1, 5, 0, 0)));
	assert_true(room.next_ms == INT64_MAX);
	assert_int_equal(10, refill(local(1, 5, 0, 0)));
	spend(9);
	assert_int_equal(1, refill(local(12, 5, 0, 0)));
	ledger_right();
}

UNIT(the_last_job)
{
	struct quota q = a_quota(QUOTA_EVERYBODY, "", 10, REL_PERIOD_MONTH);

	set(q);
	assert_int_equal(10, left(local(1, 5, 0, 0)));
	assert_true(quota_fits(&room, 10));
	assert_false(quota_fits(&room, 11));
	assert_true(quota_fits(&room, 0));
	q.exceed = true;
	set(q);
	assert_int_equal(10, left(local(1, 5, 0, 0)));
	assert_true(quota_fits(&room, 11));
	refill(local(1, 5, 0, 0));
	spend(11);
	assert_int_equal(-1, left(local(1, 5, 0, 0)));
	assert_false(quota_fits(&room, 1));
	assert_true(quota_fits(&room, 0));
	room.limited = false;
	assert_true(quota_fits(&room, INT64_MAX));
}

UNIT(absurd_refills_move_nothing)
{
	struct quota q = a_quota(QUOTA_EVERYBODY, "", INT64_MAX / 3,
	    REL_PERIOD_DAY);

	q.carry = true;
	set(q);
	for (int day = 1; day < 9; day++)
		(void)refill(local(1, day, 1, 0));
	ledger_right();
	assert_true(left(local(9, 9, 1, 0)) > 0);
}

/* ---- groups */

UNIT(groups_in_groups)
{
	struct person_group g = { .key = "a", .name = "A", .created_ms = 1 };
	struct quota q;

	fixture_begin();
	assert_int_equal(0, store_group_set(st, &g));
	fixture_commit();
	member("a", "b", true, 0);
	member("b", "c", true, 0);
	member("c", "anna", false, 0);
	member("c", "anna", false, -REL_E_EXISTS);
	/* No circles: a is around b around c. */
	member("a", "a", true, -REL_E_DENIED);
	member("b", "a", true, -REL_E_DENIED);
	member("c", "a", true, -REL_E_DENIED);
	member("a", "c", true, 0);		/* two ways down are fine */
	member("a", "a", false, 0);		/* a person of that name */
	assert_int_equal(1, store_group_has(st, "a", "anna"));
	assert_int_equal(1, store_group_has(st, "a", "a"));
	assert_int_equal(0, store_group_has(st, "b", "a"));
	assert_int_equal(0, store_group_has(st, "a", "berta"));
	assert_int_equal(0, store_group_get(st, "a", &g));
	assert_int_equal(3, g.members);
	set(a_quota(QUOTA_GROUP, "a", 5, REL_PERIOD_DAY));
	assert_int_equal(0, store_quota_of_groups(st, "anna", UNIT_MONO, &q));
	/* A circle that is there all the same (damage) ends. */
	fixture_sql("INSERT INTO group_member VALUES('c','a',1,'')");
	assert_int_equal(0, store_quota_of_groups(st, "anna", UNIT_MONO, &q));
	assert_int_equal(0, store_group_has(st, "x", "anna"));
	member("a", "d", true, 0);
	fixture_begin();
	assert_int_equal(0, store_group_del(st, "a"));
	assert_int_equal(-REL_E_NOTFOUND, store_group_del(st, "a"));
	fixture_commit();
	assert_int_equal(-REL_E_NOTFOUND, store_quota_of_groups(st, "anna",
	    UNIT_MONO, &q));
	assert_int_equal(0, store_group_has(st, "a", "anna"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		QUOTA(whose_quota_holds),
		QUOTA(shared_accounts_have_their_own),
		QUOTA(refilled_once_a_period),
		QUOTA(refilled_once_when_clocks_change),
		QUOTA(what_is_left_goes_or_stays),
		QUOTA(what_was_spent_without_a_limit_is_not_owed),
		QUOTA(the_last_job),
		QUOTA(absurd_refills_move_nothing),
		QUOTA(groups_in_groups),
	};

	return cmocka_run_group_tests_name("quota", tests, NULL, NULL);
}
