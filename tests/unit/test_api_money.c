/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Accounts, quotas, groups and the check of the ledger as a caller sees them. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#include "releaserd/core/ledger.h"
#include "releaserd/core/quota.h"
#include "tests/unit/core_whole.h"

static struct rel_err err;

/* Fields that an earlier call of a test had set are gone. */
static int
ask(enum req_route route, const char *id, const char *kind)
{
	whole_call_set(F_ID, id);
	whole_call_set(F_KIND, kind);
	return whole_call(route);
}

static const char *
text(const char *key)
{
	const char *s = json_string_value(json_object_get(call.body, key));

	return s != NULL ? s : "";
}

/* What the account of the answer has of its first unit. */
static const char *
balance(void)
{
	const char *s = json_string_value(json_object_get(json_array_get(
	    json_object_get(call.body, "units"), 0), "balance"));

	return s != NULL ? s : "";
}

static int
grant(const char *name, const char *kind, const char *amount)
{
	whole_call_set(F_AMOUNT, amount);
	return ask(API_ACCOUNT_GRANT, name, kind);
}

static int
add(enum req_route route, const char *name, const char *kind)
{
	whole_call_set(F_NAME, name);
	return ask(route, NULL, kind);
}

static int
quota(const char *owner, const char *name, const char *amount)
{
	whole_call_set(F_OWNER, owner);
	whole_call_set(F_NAME, name);
	whole_call_set(F_AMOUNT, amount);
	return ask(API_QUOTA_SET, NULL, NULL);
}

static int
member(const char *group, const char *op, const char *name, const char *kind)
{
	whole_call_set(F_OP, op);
	whole_call_set(F_NAME, name);
	return ask(API_GROUP_SET, group, kind);
}

/* The ledger as the API sees it: 1 right, 0 wrong. */
static int
right(void)
{
	assert_int_equal(200, ask(API_LEDGER_CHECK, NULL, NULL));
	assert_true(json_is_true(json_object_get(call.body, "done")));
	return json_is_true(json_object_get(call.body, "right"));
}

UNIT(grants)
{
	static const char *const bad[] = { "", "x", "0", "1,50", "1e3",
		"1.2345678", "9999999999999999999", "-", " 1", "+1",
		"1000000001" };

	assert_int_equal(200, grant("Anna", NULL, "12.30"));
	assert_string_equal("12.30", balance());
	assert_string_equal("user", text("kind"));
	assert_string_equal("EUR", text("currency"));
	assert_int_equal(200, grant("anna", NULL, "-2.30"));
	assert_string_equal("10.00", balance());
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (grant("anna", NULL, bad[i]) != 400)
			fail_msg("\"%s\" was granted", bad[i]);
	assert_int_equal(404, grant("nowhere", "shared", "1"));
	assert_int_equal(403, grant("d1", "device", "1"));
	assert_int_equal(400, grant("x", "bank", "1"));
	assert_int_equal(200, ask(API_ACCOUNT_GET, "anna", NULL));
	assert_string_equal("10.00", balance());
	assert_int_equal(200, ask(API_ACCOUNT_STATEMENT, "anna", NULL));
	assert_int_equal(2, json_array_size(json_object_get(call.body,
	    "entries")));
	assert_int_equal(1, right());
}

UNIT(sides_are_whole)
{
	whole_call_set(F_UNIT, "colour");
	assert_int_equal(200, grant("anna", NULL, "24"));
	assert_int_equal(400, grant("anna", NULL, "1.5"));
	whole_call_set(F_UNIT, "gold");
	assert_int_equal(400, grant("anna", NULL, "24"));
	whole_call_set(F_UNIT, NULL);
	assert_int_equal(200, ask(API_ACCOUNT_GET, "anna", NULL));
	assert_int_equal(3, json_array_size(json_object_get(call.body,
	    "units")));
	assert_string_equal("0.00", balance());
}

UNIT(shared_accounts)
{
	assert_int_equal(201, add(API_ACCOUNT_ADD, "Sch\xc3\xa4" "ch", "shared"));
	assert_int_equal(400, add(API_ACCOUNT_ADD, "SCH\xc3\x84" "CH", "shared"));
	assert_int_equal(201, add(API_ACCOUNT_ADD, "P-100", "code"));
	assert_int_equal(400, add(API_ACCOUNT_ADD, "berta", "user"));
	assert_int_equal(200, grant("sch\xc3\xa4" "ch", "shared", "5"));
	assert_string_equal("Sch\xc3\xa4" "ch", text("name"));
	call.rq.f[F_CLOSED].set = true;
	call.rq.f[F_CLOSED].num = 1;
	assert_int_equal(200, ask(API_ACCOUNT_SET, "p-100", "code"));
	assert_true(json_is_true(json_object_get(call.body, "closed")));
	assert_int_equal(404, ask(API_ACCOUNT_SET, "p-101", "code"));
	call.rq.f[F_CLOSED].set = false;
	assert_string_equal("", text("members"));
	whole_call_set(F_MEMBERS, "nowhere");
	assert_int_equal(400, ask(API_ACCOUNT_SET, "p-100", "code"));
	whole_call_set(F_MEMBERS, NULL);
	assert_int_equal(200, ask(API_ACCOUNT_LIST, NULL, "code"));
	assert_int_equal(1, json_array_size(json_object_get(call.body,
	    "accounts")));
	assert_int_equal(200, ask(API_ACCOUNT_LIST, NULL, NULL));
	assert_int_equal(400, ask(API_ACCOUNT_LIST, NULL, "gold"));
}

/* How many accounts have this in their names; the first one's in first. */
static size_t
found(const char *q, const char *kind, const char **first)
{
	whole_call_set(F_Q, q);
	assert_int_equal(200, ask(API_ACCOUNT_LIST, NULL, kind));
	whole_call_set(F_Q, NULL);
	*first = json_string_value(json_object_get(json_array_get(
	    json_object_get(call.body, "accounts"), 0), "name"));
	return json_array_size(json_object_get(call.body, "accounts"));
}

UNIT(accounts_by_a_part_of_the_name)
{
	const char *name;

	assert_int_equal(201, add(API_ACCOUNT_ADD, "Chess club", "shared"));
	assert_int_equal(201, add(API_ACCOUNT_ADD, "\xc3\x84pfel", "shared"));
	assert_int_equal(201, add(API_ACCOUNT_ADD, "Clubhouse", "code"));
	assert_int_equal(200, grant("zoe", NULL, "5"));
	whole_call_set(F_UNIT, "colour");
	assert_int_equal(200, grant("zoe", NULL, "5"));
	whole_call_set(F_UNIT, NULL);
	assert_int_equal(2, found("CLUB", NULL, &name));
	assert_string_equal("Chess club", name);
	assert_int_equal(1, found("club", "code", &name));
	assert_string_equal("Clubhouse", name);
	assert_int_equal(1, found(" \xc3\xa4" "pf ", NULL, &name));
	assert_int_equal(0, found("100%", NULL, &name));
	assert_int_equal(0, found("quast", NULL, &name));
	whole_call_set(F_NAME, "zoe");
	whole_call_set(F_DISPLAY, "Zo\xc3\xab Quast");
	assert_int_equal(201, ask(API_USER_ADD, NULL, NULL));
	assert_int_equal(1, found("QUAST", NULL, &name));
	assert_string_equal("zoe", name);
	assert_int_equal(2, json_array_size(json_object_get(json_array_get(
	    json_object_get(call.body, "accounts"), 0), "units")));
}

/* Each once, and with all its units, wherever a page ends. */
/* All accounts of a kind, in pages of two; and how many units these have. */
static int
in_pages(const char *kind, int *units)
{
	char after[100] = "";
	int n = 0;

	*units = 0;
	call.rq.f[F_LIMIT].set = true;
	call.rq.f[F_LIMIT].num = 2;
	do {
		json_t *one;
		size_t i;

		whole_call_set(F_AFTER, after[0] != '\0' ? after : NULL);
		assert_int_equal(200, ask(API_ACCOUNT_LIST, NULL, kind));
		json_array_foreach(json_object_get(call.body, "accounts"), i,
		    one)
			*units += (int)json_array_size(json_object_get(one,
			    "units"));
		n += (int)json_array_size(json_object_get(call.body,
		    "accounts"));
		snprintf(after, sizeof after, "%s", text("next"));
		assert_true(n <= 7);
	} while (after[0] != '\0');
	return n;
}

UNIT(found_accounts_come_in_pages)
{
	char name[8];
	int units;

	for (int i = 0; i < 7; i++) {
		snprintf(name, sizeof name, "zz%d", i);
		whole_call_set(F_UNIT, NULL);
		assert_int_equal(200, grant(name, NULL, "1"));
		whole_call_set(F_UNIT, "mono");
		assert_int_equal(200, grant(name, NULL, "1"));
	}
	whole_call_set(F_UNIT, NULL);
	whole_call_set(F_Q, "Z");
	assert_int_equal(7, in_pages(NULL, &units));
	assert_int_equal(14, units);
	whole_call_set(F_AFTER, "x");
	assert_int_equal(400, ask(API_ACCOUNT_LIST, NULL, NULL));
}

UNIT(lists_come_in_pages)
{
	char name[8];
	int units;

	for (int i = 0; i < 7; i++) {
		snprintf(name, sizeof name, "c%d", i);
		assert_int_equal(201, add(API_ACCOUNT_ADD, name, "code"));
	}
	assert_int_equal(7, in_pages("code", &units));
	assert_int_equal(7, units);
	whole_call_set(F_AFTER, "3-x-c1");
	assert_int_equal(400, ask(API_ACCOUNT_LIST, NULL, "code"));
}

UNIT(quotas)
{
	static const char *const bad[] = { "-1", "1000000", "x" };

	assert_int_equal(200, quota("everybody", NULL, "10"));
	assert_string_equal("month", text("period"));
	assert_int_equal(200, ask(API_ACCOUNT_GET, "anna", NULL));
	assert_string_equal("10.00", balance());
	assert_int_equal(200, grant("anna", NULL, "2"));
	assert_string_equal("12.00", balance());
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_equal(400, quota("user", "anna", bad[i]));
	assert_int_equal(200, quota("user", "anna", "999999"));
	assert_int_equal(404, quota("group", "nowhere", "1"));
	assert_int_equal(404, quota("shared", "nowhere", "1"));
	assert_int_equal(400, quota("user", NULL, "1"));
	assert_int_equal(400, quota("everybody", "anna", "1"));
	assert_int_equal(400, quota("king", "anna", "1"));
	whole_call_set(F_AT, "25:00");
	assert_int_equal(400, quota("user", "anna", "1"));
	whole_call_set(F_AT, "06:30");
	whole_call_set(F_PERIOD, "fortnight");
	assert_int_equal(400, quota("user", "anna", "1"));
	whole_call_set(F_PERIOD, "week");
	whole_call_set(F_LAST, "perhaps");
	assert_int_equal(400, quota("user", "anna", "1"));
	whole_call_set(F_LAST, "exceed");
	assert_int_equal(200, quota("user", "anna", "1"));
	assert_string_equal("06:30", text("at"));
	assert_int_equal(200, ask(API_QUOTA_LIST, NULL, NULL));
	assert_int_equal(2, json_array_size(json_object_get(call.body,
	    "quotas")));
	whole_call_set(F_OWNER, "user");
	assert_int_equal(204, ask(API_QUOTA_DEL, "anna", NULL));
	assert_int_equal(404, ask(API_QUOTA_DEL, "anna", NULL));
	whole_call_set(F_OWNER, "everybody");
	assert_int_equal(204, ask(API_QUOTA_DEL, "-", NULL));
	assert_int_equal(1, right());
}

UNIT(groups)
{
	assert_int_equal(201, add(API_GROUP_ADD, "Pupils", NULL));
	assert_int_equal(400, add(API_GROUP_ADD, "PUPILS", NULL));
	assert_int_equal(201, add(API_GROUP_ADD, "School", NULL));
	assert_int_equal(200, member("pupils", "add", "Anna", NULL));
	assert_int_equal(400, member("pupils", "add", "anna", "user"));
	assert_int_equal(200, member("school", "add", "pupils", "group"));
	assert_int_equal(400, member("pupils", "add", "School", "group"));
	assert_int_equal(400, member("school", "add", "school", "group"));
	assert_int_equal(404, member("school", "add", "teachers", "group"));
	assert_int_equal(404, member("nowhere", "add", "anna", NULL));
	assert_int_equal(400, member("school", "steal", "anna", NULL));
	assert_int_equal(400, member("school", "add", "anna", "dog"));
	assert_int_equal(200, quota("group", "school", "7"));
	assert_int_equal(200, ask(API_ACCOUNT_GET, "anna", NULL));
	assert_string_equal("7.00", balance());
	assert_int_equal(200, ask(API_GROUP_GET, "SCHOOL", NULL));
	assert_int_equal(1, json_array_size(json_object_get(call.body,
	    "member_list")));
	assert_int_equal(200, member("pupils", "remove", "anna", NULL));
	assert_int_equal(404, member("pupils", "remove", "anna", NULL));
	assert_int_equal(204, ask(API_GROUP_DEL, "school", NULL));
	assert_int_equal(404, ask(API_GROUP_DEL, "school", NULL));
	assert_int_equal(200, ask(API_GROUP_LIST, NULL, NULL));
	assert_int_equal(1, json_array_size(json_object_get(call.body,
	    "groups")));
	assert_int_equal(200, ask(API_QUOTA_LIST, NULL, NULL));
	assert_int_equal(0, json_array_size(json_object_get(call.body,
	    "quotas")));
}

/* A job that was paid, of anna's. */
static int64_t
paid_job(int64_t amount)
{
	struct ledger_hold h = { .job = whole_job(), .now_ms = 1 };
	struct ledger_result r = { .job = h.job, .device_id = "d1",
	    .source = SOURCE_DEVICE, .amount = { amount, 0, 0 } };

	h.part[0] = (struct ledger_part){ ACCOUNT_USER, "anna", amount };
	assert_int_equal(0, store_begin(whole->st, &err));
	assert_int_equal(0, ledger_reserve(whole->st, &h, &err));
	assert_int_equal(0, ledger_settle(whole->st, &r, &err));
	whole_commit();
	return h.job;
}

UNIT(refunds)
{
	char id[24];

	ids_job_text(id, paid_job(2000000));
	whole_call_set(F_AMOUNT, "0.50");
	assert_int_equal(204, ask(API_JOB_REFUND, id, NULL));
	whole_call_set(F_AMOUNT, "1.60");
	assert_int_equal(400, ask(API_JOB_REFUND, id, NULL));
	whole_call_set(F_AMOUNT, "-1");
	assert_int_equal(400, ask(API_JOB_REFUND, id, NULL));
	whole_call_set(F_AMOUNT, NULL);
	assert_int_equal(204, ask(API_JOB_REFUND, id, NULL));
	assert_int_equal(404, ask(API_JOB_REFUND, id, NULL));
	assert_int_equal(404, ask(API_JOB_REFUND, "j-none", NULL));
	ids_job_text(id, whole_job());
	assert_int_equal(404, ask(API_JOB_REFUND, id, NULL));
	assert_int_equal(200, ask(API_ACCOUNT_GET, "anna", NULL));
	assert_string_equal("0.00", balance());
	assert_int_equal(1, right());
}

/* Rules are tried: with text, values and job, each may be missing. */
static int
try(const char *rules, const char *values, const char *job)
{
	whole_call_set(F_TEXT, rules);
	whole_call_set(F_VALUES, values);
	whole_call_set(F_JOB, job);
	return ask(API_RULES_TRY, NULL, NULL);
}

/* What is said at hold of the last try. */
static const char *
said(const char *key)
{
	const char *s = json_string_value(json_object_get(json_object_get(
	    json_array_get(json_object_get(call.body, "moments"), 0),
	    "verdict"), key));

	return s != NULL ? s : "";
}

UNIT(rules_are_tried)
{
	static const char much[] = "rule \"Much\"\n when pages > 20 or copies = 2\n"
	    " refuse \"{pages} pages are too many.\"\n";
	char id[24];

	assert_int_equal(200, try(NULL, NULL, NULL));
	assert_string_equal("nothing", said("say"));
	assert_int_equal(200, try(much, "{\"pages\":\"21\"}", NULL));
	assert_string_equal("21 pages are too many.", said("refuse"));
	assert_int_equal(200, try(much, "{\"pages\":\"20\"}", NULL));
	assert_string_equal("nothing", said("say"));
	assert_int_equal(422, try("rule", NULL, NULL));
	assert_int_equal(400, try(much, "{\"pagez\":\"1\"}", NULL));
	assert_int_equal(400, try(much, "{\"pages\":1}", NULL));
	assert_int_equal(400, try(much, "[]", NULL));
	assert_int_equal(404, try(much, NULL, "j-none"));
	ids_job_text(id, whole_counted(30));
	assert_int_equal(200, try(much, NULL, id));
	assert_string_equal("refuse", said("say"));
	assert_int_equal(200, ask(API_ME_GET, NULL, NULL));
	assert_true(json_is_true(json_object_get(call.body, "approves")));
}

UNIT(a_wrong_ledger_is_told)
{
	struct account a;

	(void)paid_job(100);
	assert_int_equal(1, right());
	assert_int_equal(0, store_account_get(whole->st, ACCOUNT_USER, "anna",
	    UNIT_MONEY, &a));
	a.balance++;
	assert_int_equal(0, store_begin(whole->st, &err));
	assert_int_equal(0, store_account_move(whole->st, &a));
	whole_commit();
	assert_int_equal(0, right());
	assert_int_equal(1, json_array_size(json_object_get(call.body,
	    "findings")));
}

/* Nobody looks at anna's account: the sweep does. */
UNIT(the_sweep_refills)
{
	struct account a;

	assert_int_equal(200, quota("everybody", NULL, "10"));
	(void)paid_job(3000000);
	quota_tick(whole);
	whole_turns();
	assert_int_equal(0, store_account_get(whole->st, ACCOUNT_USER, "anna",
	    UNIT_MONEY, &a));
	assert_int_equal(10000000, a.balance);
	(void)paid_job(3000000);
	quota_changed(whole);
	quota_tick(whole);
	whole_turns();
	assert_int_equal(0, store_account_get(whole->st, ACCOUNT_USER, "anna",
	    UNIT_MONEY, &a));
	assert_int_equal(7000000, a.balance);	/* not twice */
	assert_int_equal(1, right());
}

UNIT(a_database_that_is_busy_changes_nothing)
{
	whole_busy(true);
	assert_int_equal(503, grant("anna", NULL, "1"));
	whole_busy(false);
	assert_int_equal(200, ask(API_ACCOUNT_GET, "anna", NULL));
	assert_string_equal("0.00", balance());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WHOLE_CALL(grants),
		WHOLE_CALL(sides_are_whole),
		WHOLE_CALL(shared_accounts),
		WHOLE_CALL(accounts_by_a_part_of_the_name),
		WHOLE_CALL(found_accounts_come_in_pages),
		WHOLE_CALL(lists_come_in_pages),
		WHOLE_CALL(quotas),
		WHOLE_CALL(groups),
		WHOLE_CALL(refunds),
		WHOLE_CALL(rules_are_tried),
		WHOLE_CALL(a_wrong_ledger_is_told),
		WHOLE_CALL(the_sweep_refills),
		WHOLE_CALL(a_database_that_is_busy_changes_nothing),
	};

	return cmocka_run_group_tests_name("api_money", tests, NULL, NULL);
}
