/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Jobs and their money: whoever does what, the ledger stays right. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "releaserd/core/policy.h"
#include "tests/unit/core_whole.h"

#define EUR REL_MONEY_UNIT
#define JOB_COST (EUR * 110 / 100)	/* 10 sides, 2 of them in colour */

static struct device dev;

static int
begin(void **state)
{
	if (whole_open(state) < 0)
		return -1;
	whole_device(&dev);
	whole_book(prices_book(whole), "mono 0.10\ncolour 0.15\n");
	return 0;
}

/* Whatever a test did: all transfers are balanced, all balances right. */
static int
end(void **state)
{
	struct ledger_check *lc = ledger_check_new();
	int rc;

	assert_non_null(lc);
	while ((rc = ledger_check_step(lc, whole->st, 1000)) == 1)
		;
	assert_int_equal(0, rc);
	assert_int_equal(0, ledger_check_told(lc)->wrong);
	ledger_check_free(&lc);
	return whole_close(state);
}
#define CHARGED(name) cmocka_unit_test_setup_teardown(name, begin, end)

static int64_t
annas(void)
{
	return whole_balance(ACCOUNT_USER, "anna");
}

/* Anna may spend this once. */
static void
quota(int64_t amount, bool exceed)
{
	struct quota q = { .owner = QUOTA_USER, .key = "anna", .unit =
	    UNIT_MONEY, .amount = amount, .period = 5, .exceed = exceed,
	    .by = "root" };

	whole_write();
	assert_int_equal(0, store_quota_set(whole->st, &q));
	whole_turns();
}

/* Where anna's money went, told by what is left of it. */
UNIT(what_came_out_is_paid_once)
{
	int64_t id = whole_counted(5);

	quota(10 * EUR, false);
	whole_print(id, &dev, REL_SEND_SENT);
	assert_int_equal(10 * EUR - JOB_COST, annas());
	assert_int_equal(JOB_COST, whole_balance(ACCOUNT_DEVICE, dev.id));
	assert_int_equal(0, whole_balance(ACCOUNT_RESERVED, ""));
	charge_tick(whole);
	whole_turns();
	assert_int_equal(10 * EUR - JOB_COST, annas());
}

UNIT(what_did_not_come_out_is_not_paid)
{
	int64_t id = whole_counted(5);

	quota(10 * EUR, false);
	whole_print(id, &dev, REL_SEND_REFUSED);
	assert_int_equal(10 * EUR, annas());
	whole_print(id, &dev, REL_SEND_AWAY);
	assert_int_equal(10 * EUR, annas());
	assert_int_equal(0, whole_balance(ACCOUNT_RESERVED, ""));
	assert_int_equal(0, whole_balance(ACCOUNT_DEVICE, dev.id));
}

UNIT(money_is_set_aside_while_it_is_on_its_way)
{
	int64_t id = whole_counted(5);
	int send = whole_peer(ROLE_SEND);

	quota(10 * EUR, false);
	assert_int_equal(0, whole_release(id, &dev));
	whole_turns();
	assert_int_equal(10 * EUR - JOB_COST, annas());
	assert_int_equal(JOB_COST, whole_balance(ACCOUNT_RESERVED, ""));
	close(whole_given(send));
	whole_outcome(send, id, REL_SEND_SENT);
	assert_int_equal(0, whole_balance(ACCOUNT_RESERVED, ""));
	close(send);
}

UNIT(a_job_that_does_not_fit_stays_held)
{
	struct release_order o = { .device = &dev, .by = "anna" };
	struct released out;
	struct job j;
	int64_t id = whole_counted(5);

	quota(EUR, false);
	assert_int_equal(0, store_job_get(whole->st, id, &j));
	whole_write();
	assert_int_equal(-REL_E_DENIED, release_job(whole, &j, &o, &out));
	assert_string_equal("quota-exceeded", out.code);
	assert_non_null(strstr(out.text, "1.10 EUR"));
	assert_non_null(strstr(out.text, "1.00 EUR left"));
	whole_turns();
	assert_int_equal(JOB_HELD, whole_state(id));
	assert_int_equal(0, whole_balance(ACCOUNT_RESERVED, ""));
	/* An operator does not print for nothing either. */
	o.operator = true;
	whole_write();
	assert_int_equal(-REL_E_DENIED, release_job(whole, &j, &o, &out));
	whole_turns();
}

UNIT(the_last_job_may_go_beyond)
{
	int64_t first = whole_counted(5), second = whole_counted(5);

	quota(EUR, true);
	whole_print(first, &dev, REL_SEND_SENT);
	assert_int_equal(EUR - JOB_COST, annas());
	assert_int_equal(-REL_E_DENIED, whole_release(second, &dev));
	whole_turns();
	assert_int_equal(JOB_HELD, whole_state(second));
}

/* Nobody knows whether it came out: the money waits, the estimate is paid. */
UNIT(unconfirmed_is_settled_when_nobody_answers)
{
	int64_t id = whole_counted(5);
	struct ledger_job lj;

	quota(10 * EUR, false);
	whole->role->set.reserve_ms = 0;
	whole_print(id, &dev, REL_SEND_UNCONFIRMED);
	assert_int_equal(JOB_COST, whole_balance(ACCOUNT_RESERVED, ""));
	charge_tick(whole);
	whole_turns();
	assert_int_equal(0, whole_balance(ACCOUNT_RESERVED, ""));
	assert_int_equal(10 * EUR - JOB_COST, annas());
	assert_int_equal(0, ledger_job(whole->st, id, &lj));
	assert_true(lj.settled && lj.unconfirmed);
	assert_int_equal(SOURCE_ESTIMATE, lj.source);
}

UNIT(once_more_is_set_aside_once)
{
	struct release_order o = { .device = &dev, .by = "anna",
	    .again = true };
	int64_t id = whole_counted(5);
	int send;
	struct released out;
	struct job j;

	quota(10 * EUR, false);
	whole_print(id, &dev, REL_SEND_UNCONFIRMED);
	send = whole_peer(ROLE_SEND);
	assert_int_equal(0, store_job_get(whole->st, id, &j));
	whole_write();
	assert_int_equal(0, release_job(whole, &j, &o, &out));
	whole_turns();
	assert_int_equal(JOB_COST, whole_balance(ACCOUNT_RESERVED, ""));
	close(whole_given(send));
	whole_outcome(send, id, REL_SEND_SENT);
	assert_int_equal(10 * EUR - JOB_COST, annas());
	close(send);
}

/* A device that will say what came out is waited for. */
UNIT(a_device_that_counts_is_believed)
{
	struct job_count five = { .sides = 5, .sheets = 3, .colour = 1 };
	int64_t id = whole_counted(5);
	struct job j;

	quota(10 * EUR, false);
	dev.level = 3;
	whole_write();
	assert_int_equal(0, store_device_set(whole->st, &dev));
	whole_turns();
	whole_print(id, &dev, REL_SEND_SENT);
	assert_int_equal(JOB_COST, whole_balance(ACCOUNT_RESERVED, ""));
	assert_int_equal(0, store_job_get(whole->st, id, &j));
	whole_write();
	assert_int_equal(0, charge_record(whole, &j, &five,
	    SOURCE_DEVICE));
	whole_turns();
	assert_int_equal(10 * EUR - EUR * 55 / 100, annas());
	/* It corrects itself: all ten came out. */
	five = (struct job_count){ .sides = 10, .sheets = 6, .colour = 2 };
	whole_write();
	assert_int_equal(0, charge_record(whole, &j, &five,
	    SOURCE_DEVICE));
	whole_turns();
	assert_int_equal(10 * EUR - JOB_COST, annas());
}

UNIT(each_job_is_paid_by_the_list_of_its_time)
{
	int64_t id = whole_counted(5);

	quota(10 * EUR, false);
	whole->role->set.reserve_ms = 0;
	whole_print(id, &dev, REL_SEND_UNCONFIRMED);
	whole_book(prices_book(whole), "mono 5.00\ncolour 5.00\n");
	charge_tick(whole);
	whole_turns();
	assert_int_equal(10 * EUR - JOB_COST, annas());
}

/* What it costs does not fit into an amount: nobody can tell. */
UNIT(what_is_unclear_follows_the_setting)
{
	enum { HOLD, ALLOW, REFUSE };
	struct release_order o = { .device = &dev, .by = "anna" };
	struct released out;
	int64_t id = whole_counted(2000000);
	struct job j;

	whole_book(prices_book(whole), "base 1000000\nmono 1000000\ncolour 1000000\n");
	assert_int_equal(0, store_job_get(whole->st, id, &j));
	for (int policy = HOLD; policy <= REFUSE; policy += REFUSE) {
		whole->role->set.money_unclear = policy;
		whole_write();
		assert_int_equal(-REL_E_DENIED, release_job(whole, &j, &o,
		    &out));
		assert_string_equal(policy == HOLD ? "backend-unavailable" :
		    "account-denied", out.code);
		whole_turns();
		assert_int_equal(JOB_HELD, whole_state(id));
	}
	whole->role->set.money_unclear = ALLOW;
	/* Charged as soon as it is known: here, when it has come out. */
	{
		int send = whole_peer(ROLE_SEND);

		assert_int_equal(0, whole_release(id, &dev));
		whole_turns();
		assert_int_equal(0, annas());
		whole_book(prices_book(whole), "mono 0.10\ncolour 0.15\n");
		close(whole_given(send));
		whole_outcome(send, id, REL_SEND_SENT);
		close(send);
	}
	assert_int_equal(-(2 * 2000000 * EUR / 10 + 2 * EUR / 20), annas());
}

UNIT(a_shared_account_pays)
{
	struct release_order o = { .device = &dev, .by = "anna" };
	struct account a = { .kind = ACCOUNT_SHARED, .unit = UNIT_MONEY,
	    .key = "p-100", .name = "P-100" };
	int64_t id = whole_counted(5);
	struct released out;
	struct job j;

	whole_write();
	assert_int_equal(0, store_account_add(whole->st, &a));
	assert_int_equal(0, store_job_set_changes(whole->st, id,
	    "job-account-id=P-100"));
	whole_turns();
	assert_int_equal(0, store_job_get(whole->st, id, &j));
	snprintf(j.format, sizeof j.format, "application/pdf");
	a.closed = true;
	whole_write();
	assert_int_equal(0, store_account_set(whole->st, &a));
	assert_int_equal(-REL_E_DENIED, release_job(whole, &j, &o, &out));
	assert_string_equal("account-closed", out.code);
	a.closed = false;
	assert_int_equal(0, store_account_set(whole->st, &a));
	whole_turns();
	snprintf(j.changes, sizeof j.changes, "job-account-id=nowhere");
	whole_write();
	assert_int_equal(-REL_E_DENIED, release_job(whole, &j, &o, &out));
	assert_string_equal("account-info-needed", out.code);
	snprintf(j.changes, sizeof j.changes, "job-account-id=P-100");
	assert_int_equal(0, release_job(whole, &j, &o, &out));
	whole_turns();
	assert_int_equal(-JOB_COST, whole_balance(ACCOUNT_SHARED, "p-100"));
	assert_int_equal(0, annas());
}

static const char *
refused(int64_t id)
{
	struct release_order o = { .device = &dev, .by = "anna" };
	static struct released out;
	struct job j;
	int rc;

	assert_int_equal(0, store_job_get(whole->st, id, &j));
	snprintf(j.format, sizeof j.format, "application/pdf");
	whole_write();
	rc = release_job(whole, &j, &o, &out);
	whole_turns();
	return rc == -REL_E_DENIED ? out.code : rc == 0 ? "" : "broken";
}

static void
member(const char *group, const char *name, bool is_group)
{
	struct person_group g = { .created_ms = 1 };
	struct group_member m = { .is_group = is_group };

	snprintf(g.key, sizeof g.key, "%s", group);
	snprintf(g.name, sizeof g.name, "%s", group);
	snprintf(m.group, sizeof m.group, "%s", group);
	snprintf(m.key, sizeof m.key, "%s", name);
	whole_write();
	assert_int_equal(0, store_group_set(whole->st, &g));
	if (name[0] != '\0')
		assert_int_equal(0, store_member_add(whole->st, &m));
	whole_turns();
}

/* Only its members, also by way of another group; or the rules. */
UNIT(an_account_may_be_one_groups)
{
	struct account a = { .kind = ACCOUNT_SHARED, .unit = UNIT_MONEY,
	    .key = "p-100", .name = "P-100", .members = "physics" };
	int64_t id = whole_counted(5);

	member("physics", "", false);
	whole_write();
	assert_int_equal(0, store_account_add(whole->st, &a));
	assert_int_equal(0, store_account_set(whole->st, &a));
	assert_int_equal(0, store_job_set_changes(whole->st, id,
	    "job-account-id=P-100"));
	whole_turns();
	assert_string_equal("account-denied", refused(id));
	assert_int_equal(0, whole_balance(ACCOUNT_SHARED, "p-100"));
	member("students", "anna", false);
	assert_string_equal("account-denied", refused(id));
	member("physics", "students", true);
	assert_string_equal("", refused(id));
	assert_int_equal(-JOB_COST, whole_balance(ACCOUNT_SHARED, "p-100"));
	/* Who leaves the group cannot charge it any more. */
	id = whole_counted(5);
	whole_write();
	assert_int_equal(0, store_job_set_changes(whole->st, id,
	    "job-account-id=P-100"));
	assert_int_equal(0, store_group_del(whole->st, "students"));
	whole_turns();
	assert_string_equal("account-denied", refused(id));
	a.members[0] = '\0';
	whole_write();
	assert_int_equal(0, store_account_set(whole->st, &a));
	whole_turns();
	assert_string_equal("", refused(id));
	assert_int_equal(-2 * JOB_COST, whole_balance(ACCOUNT_SHARED,
	    "p-100"));
}

UNIT(rules_may_charge_any_account)
{
	struct account a = { .kind = ACCOUNT_SHARED, .unit = UNIT_MONEY,
	    .key = "p-100", .name = "P-100", .members = "nobody is in it" };
	int64_t id = whole_counted(5);

	whole_write();
	assert_int_equal(0, store_account_add(whole->st, &a));
	assert_int_equal(0, store_account_set(whole->st, &a));
	whole_turns();
	whole_book(policy_book(whole), "rule \"Physics pays\"\n"
	    "  when user anna\n  charge \"P-100\"\n");
	assert_string_equal("", refused(id));
	assert_int_equal(-JOB_COST, whole_balance(ACCOUNT_SHARED, "p-100"));
}

UNIT(killed_in_the_middle_nothing_is_lost_or_doubled)
{
	int64_t id = whole_counted(5);
	int send = whole_peer(ROLE_SEND);

	quota(10 * EUR, false);
	assert_int_equal(0, whole_release(id, &dev));
	/* Its turn fails: as if it had never been. */
	(void)core_spoil(whole, -REL_E_IO);
	whole_turns();
	assert_int_equal(JOB_HELD, whole_state(id));
	assert_int_equal(0, whole_balance(ACCOUNT_RESERVED, ""));
	close(send);
	send = whole_peer(ROLE_SEND);
	assert_int_equal(0, whole_release(id, &dev));
	whole_turns();
	/* Committed: the journal says that nothing was sent. */
	whole_restart();
	whole_turns();
	assert_int_equal(JOB_HELD, whole_state(id));
	assert_int_equal(0, whole_balance(ACCOUNT_RESERVED, ""));
	assert_int_equal(10 * EUR, annas());
	close(send);
}

static const struct CMUnitTest tests[] = {
	CHARGED(what_came_out_is_paid_once),
	CHARGED(what_did_not_come_out_is_not_paid),
	CHARGED(money_is_set_aside_while_it_is_on_its_way),
	CHARGED(a_job_that_does_not_fit_stays_held),
	CHARGED(the_last_job_may_go_beyond),
	CHARGED(unconfirmed_is_settled_when_nobody_answers),
	CHARGED(once_more_is_set_aside_once),
	CHARGED(a_device_that_counts_is_believed),
	CHARGED(each_job_is_paid_by_the_list_of_its_time),
	CHARGED(what_is_unclear_follows_the_setting),
	CHARGED(a_shared_account_pays),
	CHARGED(an_account_may_be_one_groups),
	CHARGED(rules_may_charge_any_account),
	CHARGED(killed_in_the_middle_nothing_is_lost_or_doubled),
};

int
main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
