/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* One person: all that is known, and nothing of it left; nobody else's. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "releaserd/core/ledger.h"
#include "tests/unit/core_whole.h"


static int
ask(enum req_route route, const char *name)
{
	whole_call_set(F_ID, name);
	return whole_call(route);
}

static void
begin(void)
{
	struct rel_err err;

	assert_int_equal(0, store_begin(whole->st, &err));
}

static void
enter_anna(void)
{
	struct kept_answer k = { .status = 200 };
	struct card card = { .id = 9, .user_id = 7 };
	struct user u;

	memset(&u, 0, sizeof u);
	u.id = 7;
	memcpy(u.key, "anna", 5);
	memcpy(u.name, "Anna", 5);
	memcpy(u.display, "Anna Muster", 12);
	memcpy(u.mail, "anna.m@example.org", 19);
	memcpy(u.password, "scrypt-hash", 12);
	begin();
	assert_int_equal(0, store_user_add(whole->st, &u));
	card.mac[0] = 1;
	memcpy(card.tail, "0E0F", 5);
	assert_int_equal(0, store_card_add(whole->st, &card));
	k.body = (char *)(uintptr_t)"{\"title\":\"Anna Muster\"}";
	k.body_len = strlen(k.body);
	assert_int_equal(0, store_answer_add(whole->st, "d", "k1", &k));
	k.body = (char *)(uintptr_t)"{\"title\":\"Susanna\"}";
	k.body_len = strlen(k.body);
	assert_int_equal(0, store_answer_add(whole->st, "d", "k2", &k));
	whole_commit();
}

/* How often does a text stand in the audit log, who or detail? */
struct search {
	const char *text;
	int n;
};

static void
audit_row(const struct audit *a, void *ctx)
{
	struct search *s = ctx;

	s->n += strcmp(a->who, s->text) == 0 || strcmp(a->detail, s->text) ==
	    0;
}

static int
audited(const char *text)
{
	struct audit_filter f = { .limit = 1000 };
	struct search s = { text, 0 };

	assert_true(store_audit_list(whole->st, &f, audit_row, &s) >= 0);
	return s.n;
}

UNIT(the_name_goes_and_longer_names_stay)
{
	static const char *const texts[] = {
		/* hers */
		"anna", "u:anna", "by ANNA", "EXAMPLE\\Anna", "anna@example",
		"(anna)", "anna.", "Anna Muster", "to anna.m@example.org",
		"anna, anna; anna",
		/* others' */
		"susanna", "anna2", "anna-maria", "anna.b", "x.anna", "annä",
		"äanna", "anna_b", "hannah"
	};
	enum { HERS = 10, ALL = sizeof texts / sizeof texts[0] };
	char as[32];

	enter_anna();
	begin();
	for (int i = 0; i < ALL; i++)
		assert_int_equal(0, store_audit(whole->st, 1, "x", "y",
		    texts[i]));
	whole_commit();
	assert_int_equal(200, ask(API_USER_ERASE, "ANNA"));
	snprintf(as, sizeof as, "%s", json_string_value(json_object_get(call.body,
	    "pseudonym")));
	assert_int_equal(HERS, json_integer_value(json_object_get(call.body,
	    "lines")));
	for (int i = 0; i < ALL; i++)
		assert_int_equal(i < HERS ? 0 : 1, audited(texts[i]));
	assert_true(audited(as) >= 2);	/* what was "anna", and the erasing */
}

UNIT(what_is_hers_goes)
{
	struct kept_answer k;
	struct user u;
	struct card card;
	struct job j;
	int64_t held, sent;
	char file[40];

	enter_anna();
	held = whole_job();
	sent = whole_job();
	begin();
	assert_int_equal(0, store_job_end(whole->st, sent, JOB_EXPIRED,
	    "nobody came", 5));
	assert_int_equal(0, store_event_add(whole->st, sent, 5, "held",
	    "held for anna"));
	whole_commit();
	assert_int_equal(200, ask(API_USER_ERASE, "anna"));
	assert_int_equal(2, json_integer_value(json_object_get(call.body,
	    "jobs")));
	assert_int_equal(1, json_integer_value(json_object_get(call.body,
	    "deleted_jobs")));
	assert_int_equal(-REL_E_NOTFOUND, store_user_get(whole->st, "anna",
	    &u));
	assert_int_equal(-REL_E_NOTFOUND, store_card_get(whole->st, 9,
	    &card));
	assert_int_equal(JOB_DELETED, whole_state(held));
	job_file(file, held);
	assert_int_equal(-1, faccessat(whole->spool_dir, file, F_OK, 0));
	assert_int_equal(0, store_job_get(whole->st, sent, &j));
	assert_string_equal(j.user_key, json_string_value(json_object_get(
	    call.body, "pseudonym")));
	assert_string_equal(j.user_key, j.user);
	assert_string_equal(j.user_key, j.title);
	assert_string_equal("", j.host);
	assert_int_equal(-REL_E_NOTFOUND, store_answer_get(whole->st, "d",
	    "k1", &k));
	assert_int_equal(0, store_answer_get(whole->st, "d", "k2", &k));
	free(k.body);
	assert_int_equal(404, ask(API_USER_ERASE, "anna"));
	assert_string_equal("user-unknown", call.problem);
}

UNIT(not_while_a_job_is_on_its_way)
{
	struct device d;
	struct user u;
	int64_t id;

	enter_anna();
	whole_device(&d);
	id = whole_job();
	assert_int_equal(0, whole_release(id, &d));
	whole_turns();
	assert_int_equal(JOB_RELEASING, whole_state(id));
	assert_int_equal(409, ask(API_USER_ERASE, "anna"));
	assert_int_equal(0, store_user_get(whole->st, "anna", &u));
}

UNIT(nothing_is_half_erased)
{
	struct user u;
	struct job j;
	int64_t id;

	enter_anna();
	id = whole_job();
	whole_busy(true);
	assert_int_equal(503, ask(API_USER_ERASE, "anna"));
	whole_busy(false);
	assert_int_equal(0, store_user_get(whole->st, "anna", &u));
	assert_int_equal(0, store_job_get(whole->st, id, &j));
	assert_string_equal("anna", j.user_key);
	assert_int_equal(JOB_HELD, j.state);
}

/* Her account, a grant she gave, her quota and a group. */
static void
enter_money(void)
{
	struct ledger_grant g = { .kind = ACCOUNT_USER, .key = "anna",
	    .unit = UNIT_MONEY, .amount = 5, .by = "Anna",
	    .text = "for Anna Muster" };
	struct quota q = { .owner = QUOTA_USER, .key = "anna",
	    .unit = UNIT_MONEY, .amount = 9, .period = 3, .by = "anna" };
	struct person_group group = { .key = "pupils", .name = "Pupils" };
	struct group_member m = { .group = "pupils", .key = "anna",
	    .name = "Anna" };
	struct rel_err err;

	begin();
	assert_int_equal(0, ledger_grant(whole->st, &g, &err));
	assert_int_equal(0, store_quota_set(whole->st, &q));
	q.owner = QUOTA_EVERYBODY;
	q.key[0] = '\0';
	assert_int_equal(0, store_quota_set(whole->st, &q));
	assert_int_equal(0, store_group_set(whole->st, &group));
	assert_int_equal(0, store_member_add(whole->st, &m));
	whole_commit();
}

UNIT(her_money)
{
	struct account a;
	struct transfer t;
	struct quota q;
	char pseudonym[84];

	enter_anna();
	enter_money();
	assert_int_equal(200, ask(API_USER_DATA, "anna"));
	assert_int_equal(1, json_array_size(json_object_get(json_array_get(
	    json_object_get(call.body, "accounts"), 0), "entries")));
	assert_string_equal("Pupils", json_string_value(json_array_get(
	    json_object_get(call.body, "groups"), 0)));
	assert_int_equal(200, ask(API_USER_ERASE, "anna"));
	snprintf(pseudonym, sizeof pseudonym, "%s", json_string_value(
	    json_object_get(call.body, "pseudonym")));
	assert_int_equal(-REL_E_NOTFOUND, store_account_get(whole->st,
	    ACCOUNT_USER, "anna", UNIT_MONEY, &a));
	assert_int_equal(0, store_account_get(whole->st, ACCOUNT_USER,
	    pseudonym, UNIT_MONEY, &a));
	assert_int_equal(5, a.balance);
	assert_int_equal(0, store_transfer_get(whole->st, a.last, &t));
	assert_string_equal(pseudonym, t.by);
	assert_null(strstr(t.text, "Anna"));
	assert_int_equal(0, store_group_has(whole->st, "pupils", "anna"));
	assert_int_equal(-REL_E_NOTFOUND, store_quota_get(whole->st,
	    QUOTA_USER, "anna", UNIT_MONEY, &q));
	assert_int_equal(0, store_quota_get(whole->st, QUOTA_EVERYBODY, "",
	    UNIT_MONEY, &q));
	assert_string_equal(pseudonym, q.by);
}

UNIT(all_that_is_known)
{
	char *text;

	enter_anna();
	(void)whole_job();
	begin();
	assert_int_equal(0, store_audit(whole->st, 1, "root", "user-changed",
	    "anna"));
	assert_int_equal(0, store_audit(whole->st, 1, "root", "user-changed",
	    "susanna"));
	whole_commit();
	assert_int_equal(200, ask(API_USER_DATA, "anna"));
	assert_int_equal(1, json_array_size(json_object_get(call.body, "jobs")));
	assert_int_equal(1, json_array_size(json_object_get(call.body, "cards")));
	/* This reading is a line of it, too. */
	assert_int_equal(2, json_array_size(json_object_get(call.body, "audit")));
	text = json_dumps(call.body, 0);
	assert_non_null(strstr(text, "anna.m@example.org"));
	assert_null(strstr(text, "scrypt-hash"));
	assert_null(strstr(text, "susanna"));
	free(text);
	assert_int_equal(404, ask(API_USER_DATA, "nobody-here"));
	/* Nothing is known of oneself: that is an answer. */
	assert_int_equal(200, ask(API_USER_DATA, "root"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WHOLE_CALL(the_name_goes_and_longer_names_stay),
		WHOLE_CALL(what_is_hers_goes),
		WHOLE_CALL(not_while_a_job_is_on_its_way),
		WHOLE_CALL(nothing_is_half_erased),
		WHOLE_CALL(her_money),
		WHOLE_CALL(all_that_is_known),
	};

	return cmocka_run_group_tests_name("person", tests, NULL, NULL);
}
