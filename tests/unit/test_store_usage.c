/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What came out by the hour, and the audit log, in the database. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/store_fixture.h"

#define HOUR 3600000

static struct usage_sum sum;
static int rows;
static char last_user[84];

static void
add(int64_t hour, const char *user, const char *device, int64_t sides)
{
	struct usage u = { .hour_ms = hour * HOUR, .sum = { .jobs = 1,
	    .sheets = (sides + 1) / 2, .sides = sides, .colour = sides / 3,
	    .uncounted = sides == 0 } };

	snprintf(u.user_key, sizeof u.user_key, "%s", user);
	snprintf(u.device_id, sizeof u.device_id, "%s", device);
	memcpy(u.queue, "FollowMe", 9);
	fixture_begin();
	assert_int_equal(0, store_usage_add(st, &u));
	fixture_commit();
}

static void
usage_row(const struct usage *u, void *ctx)
{
	int64_t *hour = ctx;

	assert_true(u->hour_ms >= *hour);	/* in order */
	*hour = u->hour_ms;
	rows++;
	sum.jobs += u->sum.jobs;
	sum.sheets += u->sum.sheets;
	sum.sides += u->sum.sides;
	sum.colour += u->sum.colour;
	sum.uncounted += u->sum.uncounted;
	memcpy(last_user, u->user_key, sizeof last_user);
}

/* Everything of some hours, few rows at a time; how many rows. */
static int
list(const char *user, const char *device, int64_t from, int64_t to,
    bool sums)
{
	struct usage_filter f = { .user_key = user, .device_id = device,
	    .to_ms = to * HOUR, .sums = sums };
	int64_t hour = 0;
	int n;

	f.seen.hour_ms = from * HOUR - 1;
	memset(&sum, 0, sizeof sum);
	rows = 0;
	do {
		n = store_usage_list(st, &f, 2, usage_row, &hour);
		assert_in_range(n, 0, 2);
	} while (n == 2);
	return rows;
}

UNIT(prints_of_an_hour_add_up)
{
	add(10, "anna", "d1", 3);
	add(10, "anna", "d1", 4);
	assert_int_equal(1, list(NULL, NULL, 0, 99, false));
	assert_int_equal(2, sum.jobs);
	assert_int_equal(4, sum.sheets);
	assert_int_equal(7, sum.sides);
	assert_int_equal(2, sum.colour);
	assert_int_equal(0, sum.uncounted);
	add(10, "anna", "d1", 0);
	assert_int_equal(1, list(NULL, NULL, 0, 99, true));
	assert_int_equal(3, sum.jobs);
	assert_int_equal(7, sum.sides);
	assert_int_equal(1, sum.uncounted);
}

static void
some(void)
{
	add(10, "anna", "d1", 1);
	add(10, "anna", "d2", 10);
	add(10, "berta", "d1", 100);
	add(11, "anna", "d1", 1000);
	add(12, "berta", "d2", 10000);
	add(13, "carl", "d1", 100000);
}

UNIT(of_all_of_one_user_of_one_device)
{
	some();
	assert_int_equal(6, list(NULL, NULL, 0, 99, false));
	assert_int_equal(111111, sum.sides);
	assert_int_equal(3, list("anna", NULL, 0, 99, false));
	assert_int_equal(1011, sum.sides);
	assert_int_equal(3, list("anna", NULL, 0, 99, true));
	assert_int_equal(1011, sum.sides);
	assert_int_equal(4, list(NULL, "d1", 0, 99, false));
	assert_int_equal(101101, sum.sides);
	assert_int_equal(1, list("berta", "d2", 0, 99, false));
	assert_int_equal(10000, sum.sides);
	assert_int_equal(4, list(NULL, NULL, 0, 99, true));
	assert_int_equal(111111, sum.sides);
	assert_int_equal(0, list("nobody", NULL, 0, 99, false));
	assert_int_equal(0, list(NULL, "d3", 0, 99, false));
}

UNIT(from_and_to_are_kept)
{
	some();
	for (int sums = 0; sums <= 1; sums++) {
		(void)list(NULL, NULL, 11, 13, sums != 0);
		assert_int_equal(11000, sum.sides);
		(void)list(NULL, NULL, 10, 11, sums != 0);
		assert_int_equal(111, sum.sides);
		(void)list(NULL, NULL, 14, 99, sums != 0);
		assert_int_equal(0, rows);
		(void)list(NULL, NULL, 12, 11, sums != 0);
		assert_int_equal(0, rows);
	}
	(void)list("anna", NULL, 11, 13, false);
	assert_int_equal(1000, sum.sides);
	(void)list(NULL, "d1", 11, 14, false);
	assert_int_equal(101000, sum.sides);
}

UNIT(the_figures_outlive_the_jobs)
{
	struct job j;

	fixture_job(&j, 5);
	assert_int_equal(0, fixture_add_job(&j));
	add(10, "anna", "d1", 3);
	fixture_sql("UPDATE job SET state=3,has_doc=0,ended_ms=5;");
	fixture_begin();
	assert_int_equal(1, store_job_forget(st, 1000, 100));
	fixture_commit();
	fixture_reopen();
	assert_int_equal(-REL_E_NOTFOUND, store_job_get(st, 5, &j));
	assert_int_equal(1, list(NULL, NULL, 0, 99, false));
	assert_int_equal(3, sum.sides);
}

UNIT(nothing_counts_that_was_rolled_back)
{
	struct usage u = { .hour_ms = HOUR, .sum = { .jobs = 1 } };

	fixture_begin();
	assert_int_equal(0, store_usage_add(st, &u));
	store_rollback(st);
	assert_int_equal(0, list(NULL, NULL, 0, 99, false));
	assert_int_equal(0, list(NULL, NULL, 0, 99, true));
}

UNIT(old_figures_go)
{
	some();
	fixture_begin();
	assert_int_equal(2, store_usage_forget(st, 12 * HOUR, 2));
	fixture_commit();
	(void)list(NULL, NULL, 0, 99, true);
	assert_int_equal(111111, sum.sides);	/* not all are gone yet */
	fixture_begin();
	assert_int_equal(2, store_usage_forget(st, 12 * HOUR, 5));
	fixture_commit();
	assert_int_equal(2, list(NULL, NULL, 0, 99, false));
	assert_int_equal(110000, sum.sides);
	assert_int_equal(2, list(NULL, NULL, 0, 99, true));
	assert_int_equal(110000, sum.sides);
	fixture_begin();
	assert_int_equal(0, store_usage_forget(st, 12 * HOUR, 5));
	fixture_commit();
}

/* ---- audit */

static char story[200];
static int64_t last_id, last_ms;

static void
audit_row(const struct audit *a, void *ctx)
{
	size_t n = strlen(story);

	(void)ctx;
	snprintf(story + n, sizeof story - n, "%s%.20s:%.20s:%.40s@%lld", n > 0 ? " " :
	    "", a->who, a->what, a->detail, (long long)a->at_ms);
	assert_true(last_ms == 0 || a->at_ms <= last_ms);
	last_id = a->id;
	last_ms = a->at_ms;
}

static int
audit(struct audit_filter f)
{
	story[0] = '\0';
	last_id = last_ms = 0;
	return store_audit_list(st, &f, audit_row, NULL);
}

static void
audit_some(void)
{
	static const struct {
		const char *who, *what, *detail;
	} t[] = {
		{ "root", "job-deleted", "j-1" },
		{ "anna", "job-deleted", "j-2" },
		{ "root", "role-set", "anna operator" },
		{ "anna", "job-kept", "j-3" }
	};

	fixture_begin();
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
		assert_int_equal(0, store_audit(st, (int64_t)(i + 1) * 100,
		    t[i].who, t[i].what, t[i].detail));
	fixture_commit();
}

UNIT(audit_is_listed_newest_first)
{
	audit_some();
	assert_int_equal(4, audit((struct audit_filter){ .limit = 10 }));
	assert_string_equal("anna:job-kept:j-3@400 "
	    "root:role-set:anna operator@300 anna:job-deleted:j-2@200 "
	    "root:job-deleted:j-1@100", story);
	assert_int_equal(2, audit((struct audit_filter){ .limit = 2 }));
	assert_int_equal(2, audit((struct audit_filter){ .limit = 2,
	    .after = last_id, .after_ms = last_ms }));
	assert_string_equal("anna:job-deleted:j-2@200 "
	    "root:job-deleted:j-1@100", story);
	assert_int_equal(0, audit((struct audit_filter){ .limit = 2,
	    .after = last_id, .after_ms = last_ms }));
}

/* A clock that went back, and two at one moment: nothing is left out. */
UNIT(audit_goes_by_the_clock)
{
	audit_some();
	fixture_begin();
	assert_int_equal(0, store_audit(st, 200, "late", "x", ""));
	assert_int_equal(0, store_audit(st, 200, "later", "x", ""));
	fixture_commit();
	assert_int_equal(3, audit((struct audit_filter){ .limit = 3 }));
	assert_string_equal("anna:job-kept:j-3@400 "
	    "root:role-set:anna operator@300 later:x:@200", story);
	assert_int_equal(3, audit((struct audit_filter){ .limit = 9,
	    .after = last_id, .after_ms = last_ms }));
	assert_string_equal("late:x:@200 anna:job-deleted:j-2@200 "
	    "root:job-deleted:j-1@100", story);
	assert_int_equal(3, audit((struct audit_filter){ .limit = 9,
	    .from_ms = 200, .to_ms = 300 }));
}

UNIT(audit_by_who_what_and_when)
{
	audit_some();
	assert_int_equal(2, audit((struct audit_filter){ .limit = 10,
	    .who = "root" }));
	assert_string_equal("root:role-set:anna operator@300 "
	    "root:job-deleted:j-1@100", story);
	assert_int_equal(2, audit((struct audit_filter){ .limit = 10,
	    .what = "job-deleted" }));
	assert_int_equal(1, audit((struct audit_filter){ .limit = 10,
	    .what = "job-deleted", .who = "anna" }));
	assert_string_equal("anna:job-deleted:j-2@200", story);
	assert_int_equal(2, audit((struct audit_filter){ .limit = 10,
	    .from_ms = 200, .to_ms = 400 }));
	assert_string_equal("root:role-set:anna operator@300 "
	    "anna:job-deleted:j-2@200", story);
	assert_int_equal(0, audit((struct audit_filter){ .limit = 10,
	    .who = "x' OR 1" }));
}

UNIT(old_audit_goes)
{
	audit_some();
	fixture_begin();
	assert_int_equal(1, store_audit_forget(st, 300, 1));
	assert_int_equal(1, store_audit_forget(st, 300, 1));
	assert_int_equal(0, store_audit_forget(st, 300, 1));
	fixture_commit();
	assert_int_equal(2, audit((struct audit_filter){ .limit = 10 }));
	assert_string_equal("anna:job-kept:j-3@400 "
	    "root:role-set:anna operator@300", story);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORED(prints_of_an_hour_add_up),
		STORED(of_all_of_one_user_of_one_device),
		STORED(from_and_to_are_kept),
		STORED(the_figures_outlive_the_jobs),
		STORED(nothing_counts_that_was_rolled_back),
		STORED(old_figures_go),
		STORED(audit_is_listed_newest_first),
		STORED(audit_goes_by_the_clock),
		STORED(audit_by_who_what_and_when),
		STORED(old_audit_goes),
	};

	return cmocka_run_group_tests_name("store_usage", tests, NULL, NULL);
}
