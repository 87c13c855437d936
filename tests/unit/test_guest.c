/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* A guest begins, ends and is forgotten by itself, and is nothing but a guest. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#include "releaserd/core/guest.h"
#include "tests/unit/core_whole.h"

/* anna, who has a held job, is a guest from and until so long from now. */
static struct guest
anna_is_guest(int64_t from_ms, int64_t until_ms, enum guest_state state)
{
	struct guest g = { .user_id = 7, .host = "root",
	    .from_ms = rel_now_ms() + from_ms,
	    .until_ms = rel_now_ms() + until_ms, .state = state };
	struct user u;

	whole_user(&u, 7, "anna");
	u.disabled = state != GUEST_OPEN;
	whole_user_add(&u);
	whole_write();
	assert_int_equal(0, store_guest_set(whole->st, &g));
	whole_turns();
	return g;
}

static enum guest_state
after_a_tick(void)
{
	struct guest g;

	whole->ticks = 1;
	guests_tick(whole);
	whole_turns();
	assert_int_equal(0, store_guest_get(whole->st, "anna", &g));
	assert_int_equal(whole_account("anna").disabled,
	    g.state != GUEST_OPEN);
	return g.state;
}

static void
a_guest_waits_until_the_beginning(void **state)
{
	struct guest g;

	(void)state;
	g = anna_is_guest(60000, 120000, GUEST_WAITING);
	assert_int_equal(GUEST_WAITING, after_a_tick());
	g.from_ms = rel_now_ms();
	whole_write();
	assert_int_equal(0, store_guest_set(whole->st, &g));
	whole_turns();
	assert_int_equal(GUEST_OPEN, after_a_tick());
	assert_int_equal(GUEST_OPEN, after_a_tick());
}

static void
the_end_closes_the_account_and_lets_jobs_expire(void **state)
{
	int64_t job;
	struct user u;

	(void)state;
	anna_is_guest(-60000, -1, GUEST_OPEN);
	job = whole_job();
	assert_int_equal(JOB_HELD, whole_state(job));
	assert_int_equal(GUEST_ENDED, after_a_tick());
	(void)job_expire_due(whole);
	whole_turns();
	assert_int_equal(JOB_EXPIRED, whole_state(job));
	/* Whoever opens the account again without giving time. */
	u = whole_account("anna");
	u.disabled = false;
	whole_write();
	assert_int_equal(0, store_user_set(whole->st, &u));
	whole_turns();
	assert_int_equal(GUEST_ENDED, after_a_tick());
}

static void
an_end_while_nobody_watched_counts_after_a_restart(void **state)
{
	(void)state;
	anna_is_guest(-60000, -1, GUEST_OPEN);
	whole_restart();
	assert_int_equal(GUEST_ENDED, after_a_tick());
}

static void
a_guest_is_forgotten_later(void **state)
{
	struct user u;

	(void)state;
	anna_is_guest(-60000, -30000, GUEST_ENDED);
	whole->role->set.guest_keep_ms = 60000;
	whole->ticks = 3;
	guests_tick(whole);
	whole_turns();
	assert_int_equal(0, store_user_get(whole->st, "anna", &u));
	whole->role->set.guest_keep_ms = 20000;
	whole->ticks = 3;
	guests_tick(whole);
	whole_turns();
	assert_int_equal(-REL_E_NOTFOUND, store_user_get(whole->st, "anna",
	    &u));
	assert_false(store_guest_is(whole->st, 7));
}

static void
a_guest_has_no_role(void **state)
{
	(void)state;
	anna_is_guest(-1, 60000, GUEST_OPEN);
	whole_call_set(F_ID, "anna");
	whole_call_set(F_ROLE, "operator");
	assert_int_equal(403, whole_call(API_ROLE_SET));
	whole_call_set(F_ID, "otto");
	whole_call_set(F_ROLE, "operator");
	assert_int_equal(200, whole_call(API_ROLE_SET));
	assert_true(store_guest_named(whole->st, "anna"));
	assert_false(store_guest_named(whole->st, "otto"));
}

static void
what_a_guest_is_invited_with_is_checked(void **state)
{
	static const struct {
		enum req_field field;
		const char *value;
	} bad[] = {
		{ F_VALID_UNTIL, "2020-01-01" }, { F_VALID_UNTIL, "soon" },
		{ F_VALID_FROM, "then" }, { F_VALID_UNTIL, "2198-01-01" },
		{ F_AMOUNT, "-1" }, { F_AMOUNT, "much" }
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		whole_call_set(bad[i].field, bad[i].value);
		assert_int_equal(400, whole_call(API_GUEST_ADD));
	}
	whole_call_set(F_ID, "nobody");
	assert_int_equal(404, whole_call(API_GUEST_END));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WHOLE(a_guest_waits_until_the_beginning),
		WHOLE(the_end_closes_the_account_and_lets_jobs_expire),
		WHOLE(an_end_while_nobody_watched_counts_after_a_restart),
		WHOLE(a_guest_is_forgotten_later),
		WHOLE_CALL(a_guest_has_no_role),
		WHOLE_CALL(what_a_guest_is_invited_with_is_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
