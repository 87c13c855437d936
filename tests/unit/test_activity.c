/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Copies, scans and faxes: granted, recorded, expired, and paid once. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/period.h"
#include "releaserd/core/access.h"
#include "releaserd/core/activity.h"
#include "releaserd/core/charge.h"
#include "tests/unit/usage_fixture.h"

static struct session *s;
static char session[40];

/* Anna has so much and stands at the device. */
static void
logged_in(int64_t cents)
{
	struct quota q = { .owner = QUOTA_USER, .key = "anna",
	    .unit = UNIT_MONEY, .period = REL_PERIOD_NEVER,
	    .amount = cents * CENT, .set_ms = 1 };
	struct user u;

	whole_user(&u, 7, "anna");
	whole_user_add(&u);
	whole_write();
	assert_int_equal(0, store_quota_set(whole->st, &q));
	assert_int_equal(0, quota_refill(whole->st, ACCOUNT_USER, "anna",
	    UNIT_MONEY, rel_now_ms()));
	s = session_open(whole, dev.id, &u, "card", "en");
	assert_non_null(s);
	session_keep(whole, s);
	snprintf(session, sizeof session, "%s", s->id);
	whole_turns();
}

static void
put(struct request *rq, enum req_field id, const char *value)
{
	rq->f[id].set = value != NULL;
	rq->f[id].str = value;
}

/* A device asks for so many copies of its job. */
static int
ask(const char *function, const char *job, int used, int want)
{
	static int asked;
	struct request rq = { .route = OPDP_AUTHORIZE };

	snprintf(rq.idem_key, sizeof rq.idem_key, "r-%d", ++asked);
	put(&rq, F_REQUEST_ID, rq.idem_key);
	put(&rq, F_SESSION_ID, session);
	put(&rq, F_FUNCTION, function);
	put(&rq, F_DEVICE_JOB_ID, job);
	rq.f[F_WANT].set = rq.f[F_USED].set = true;
	rq.f[F_WANT].num = want;
	rq.f[F_USED].num = used;
	return ask_as(&dev, &rq);
}

static const char *
text_of(const char *name)
{
	const char *text = json_string_value(json_object_get(got, name));

	return text != NULL ? text : "";
}

static int
granted(const char *function, const char *job, int used, int want)
{
	assert_int_equal(200, ask(function, job, used, want));
	if (strcmp(text_of("result"), "granted") != 0)
		return 0;
	return (int)json_integer_value(json_object_get(got, "granted"));
}

/* What came out of it, all mono. */
static json_t *
record(int seq, const char *function, const char *grant, int sides)
{
	char id[24];

	snprintf(id, sizeof id, "r%d", seq);
	return json_pack("{s:i,s:s,s:s,s:s,s:s,s:s?,s:[{s:s,s:i}]}", "seq",
	    seq, "record_id", id, "function", function, "result",
	    "completed", "session_id", session, "grant_id", grant, "lines",
	    "color", "mono", "impressions", sides);
}

static void
push(json_t *one)
{
	assert_int_equal(200, push_as(&dev, "e-1", json_pack("[o]", one)));
}

static void
has(int64_t anna, int64_t aside, int64_t device)
{
	assert_int_equal(anna * CENT, whole_balance(ACCOUNT_USER, "anna"));
	assert_int_equal(aside * CENT, whole_balance(ACCOUNT_RESERVED, ""));
	assert_int_equal(device * CENT, whole_balance(ACCOUNT_DEVICE,
	    dev.id));
}

static bool
keep_one(const struct activity *a, void *ctx)
{
	*(struct activity *)ctx = *a;
	return true;
}

/* The newest. */
static struct activity
newest(int want)
{
	struct activity_filter f = { .limit = 100 };
	struct activity a = { .id = 0 };

	f.limit = 1;
	assert_true(store_activity_list(whole->st, &f, keep_one, &a) >= 0);
	f.limit = 100;
	assert_int_equal(want, store_activity_list(whole->st, &f, keep_one,
	    &(struct activity){ .id = 0 }));
	return a;
}

/* ---- grants */

UNIT(a_copy_is_granted_and_paid_by_its_record)
{
	char grant[24];

	logged_in(100);
	assert_int_equal(8, granted("copy", "1", 0, 8));
	snprintf(grant, sizeof grant, "%s", text_of("grant_id"));
	assert_string_equal("stop", text_of("over"));
	has(20, 80, 0);
	push(record(1, "copy", grant, 5));
	has(50, 0, 50);
	push(record(1, "copy", grant, 5));
	has(50, 0, 50);
	assert_int_equal(5, newest(1).sides);
	assert_string_equal("anna", newest(1).user_key);
}

UNIT(it_ends_with_the_money)
{
	char grant[24];

	logged_in(100);
	assert_int_equal(10, granted("copy", "1", 0, 40));
	snprintf(grant, sizeof grant, "%s", text_of("grant_id"));
	assert_int_equal(5, json_integer_value(json_object_get(got,
	    "low_water")));
	assert_int_equal(0, granted("copy", "1", 10, 30));
	assert_string_equal("quota-exceeded", text_of("reason"));
	has(0, 100, 0);
	push(record(1, "copy", grant, 12));	/* two came out beyond it */
	has(-20, 0, 120);
	assert_int_equal(0, granted("copy", "2", 0, 1));
	newest(1);
}

UNIT(more_is_the_same_grant)
{
	char grant[24];

	logged_in(200);
	assert_int_equal(5, granted("copy", "1", 0, 5));
	snprintf(grant, sizeof grant, "%s", text_of("grant_id"));
	assert_int_equal(7, granted("copy", "1", 4, 7));
	assert_string_equal(grant, text_of("grant_id"));
	has(90, 110, 0);
	assert_int_equal(9, granted("copy", "2", 0, 20));
	assert_string_not_equal(grant, text_of("grant_id"));
	has(0, 200, 0);
	push(record(1, "copy", grant, 3));
	has(80, 90, 30);
	newest(2);
}

UNIT(one_request_is_one_grant)
{
	char grant[24];

	logged_in(100);
	for (int i = 0; i < 2; i++) {
		struct request rq = { .route = OPDP_AUTHORIZE,
		    .idem_key = "once" };

		put(&rq, F_REQUEST_ID, "once");
		put(&rq, F_SESSION_ID, session);
		put(&rq, F_FUNCTION, "copy");
		rq.f[F_WANT].set = true;
		rq.f[F_WANT].num = 3;
		assert_int_equal(200, ask_as(&dev, &rq));
		if (i == 0)
			snprintf(grant, sizeof grant, "%s",
			    text_of("grant_id"));
	}
	assert_string_equal(grant, text_of("grant_id"));
	has(70, 30, 0);
	newest(1);
}

UNIT(a_grant_nobody_used_flows_back)
{
	char grant[24];
	struct activity a;

	logged_in(100);
	assert_int_equal(4, granted("copy", "1", 0, 4));
	snprintf(grant, sizeof grant, "%s", text_of("grant_id"));
	a = newest(1);
	whole_write();
	assert_int_equal(0, store_reservation_later(whole->st,
	    ACTIVITY_JOB(a.id), 1));
	charge_tick(whole);
	whole_turns();
	has(100, 0, 0);
	assert_int_equal(ACTIVITY_EXPIRED, newest(1).state);
	push(record(1, "copy", grant, 2));	/* it had been used */
	has(80, 0, 20);
	assert_int_equal(ACTIVITY_DONE, newest(1).state);
	newest(1);
}

UNIT(no_session_no_grant)
{
	logged_in(100);
	snprintf(session, sizeof session, "another");
	assert_int_not_equal(200, ask("copy", "1", 0, 4));
	newest(0);
}

UNIT(what_the_table_closes_is_not_granted)
{
	struct access_row r = { .function = "copy", .place = PLACE_ALL,
	    .who = ACCESS_EVERYBODY, .say = SAY_DISABLED };

	logged_in(100);
	whole_write();
	assert_true(store_access_set(whole->st, &r) >= 0);
	whole_turns();
	assert_int_equal(0, granted("copy", "1", 0, 4));
	assert_string_equal("not-allowed-here", text_of("reason"));
	assert_true(strlen(text_of("text")) > 0);
	assert_int_equal(4, granted("scan", "2", 0, 4));
	assert_int_equal(0, granted("other", "3", 0, 4));
	assert_int_equal(0, granted("print", "4", 0, 4));
}

/* ---- records */

UNIT(each_function_has_its_price)
{
	whole_book(prices_book(whole), "mono 0.10\nmono 0.04 for copy\n"
	    "mono 0.01 for scan\nmono 0.50 for fax\n");
	logged_in(1000);
	push(record(1, "copy", NULL, 5));
	has(980, 0, 20);
	push(json_pack("{s:i,s:s,s:s,s:s,s:{s:i}}", "seq", 2, "function",
	    "scan", "result", "completed", "session_id", session, "scan",
	    "pages", 3));
	has(977, 0, 23);
	push(json_pack("{s:i,s:s,s:s,s:s,s:{s:i}}", "seq", 3, "function",
	    "fax-send", "result", "completed", "session_id", session, "fax",
	    "pages", 2));
	has(877, 0, 123);
	push(record(4, "usb-print", NULL, 1));
	has(867, 0, 133);
	newest(4);
}

UNIT(nobodys_is_nobodys)
{
	logged_in(100);
	snprintf(session, sizeof session, "-");
	push(record(1, "fax-receive", NULL, 3));
	has(100, 0, 30);
	assert_int_equal(-30 * CENT, whole_balance(ACCOUNT_UNASSIGNED,
	    UNASSIGNED_KEY));
	assert_string_equal("", newest(1).user_key);
}

UNIT(a_session_of_another_device_is_nobodys)
{
	struct device other = dev;

	logged_in(100);
	snprintf(other.id, sizeof other.id, "other");
	snprintf(other.name, sizeof other.name, "other");
	snprintf(other.cert_fp, sizeof other.cert_fp, "other");
	other.has_key = false;
	whole_write();
	assert_int_equal(0, store_device_add(whole->st, &other));
	whole_turns();
	assert_int_equal(200, push_as(&other, "e-9", json_pack("[o]",
	    record(1, "copy", NULL, 3))));
	has(100, 0, 0);
	assert_int_equal(-30 * CENT, whole_balance(ACCOUNT_UNASSIGNED,
	    UNASSIGNED_KEY));
}

UNIT(a_correction_takes_its_place)
{
	json_t *v;

	logged_in(1000);
	push(record(1, "copy", NULL, 7));
	has(930, 0, 70);
	v = record(2, "copy", NULL, 4);
	json_object_set_new(v, "corrects", json_string("r1"));
	push(v);
	has(960, 0, 40);
	assert_int_equal(4, newest(1).sides);
	/* The correction is faster than what it corrects. */
	v = record(4, "copy", NULL, 2);
	json_object_set_new(v, "corrects", json_string("r3"));
	push(v);
	push(record(3, "copy", NULL, 9));
	has(940, 0, 60);
	assert_int_equal(2, newest(2).sides);
}

UNIT(a_clock_that_is_wrong_by_a_day)
{
	int64_t before = rel_now_ms();
	char at[32];
	json_t *v;

	logged_in(1000);
	for (int i = -1; i <= 1; i += 2) {
		v = record(2 + i, "copy", NULL, 1);
		rel_time_text(at, rel_now_ms() + i * INT64_C(86400000));
		json_object_set_new(v, "ended_at", json_string(at));
		json_object_set_new(v, "time_quality", json_string("synced"));
		push(v);
		assert_true(newest(i < 0 ? 1 : 2).ended_ms >= before &&
		    newest(i < 0 ? 1 : 2).ended_ms <= rel_now_ms());
	}
}

UNIT(an_account_is_chosen_at_the_panel)
{
	struct account a = { .kind = ACCOUNT_CODE, .unit = UNIT_MONEY,
	    .key = "lab", .name = "Lab" };

	logged_in(100);
	whole_write();
	assert_int_equal(0, store_account_add(whole->st, &a));
	snprintf(s->account, sizeof s->account, "Lab");
	session_keep(whole, s);
	whole_turns();
	assert_int_equal(20, granted("copy", "1", 0, 20));
	push(record(1, "copy", text_of("grant_id"), 2));
	has(100, 0, 20);
	assert_int_equal(-20 * CENT, whole_balance(ACCOUNT_CODE, "lab"));
	push(record(2, "copy", NULL, 1));
	assert_int_equal(-30 * CENT, whole_balance(ACCOUNT_CODE, "lab"));
}

/* What was set aside of one is not there for another one. */
UNIT(another_account_has_its_own_room)
{
	struct account a = { .kind = ACCOUNT_SHARED, .unit = UNIT_MONEY,
	    .key = "lab", .name = "Lab" };
	struct quota q = { .owner = QUOTA_SHARED, .key = "lab",
	    .unit = UNIT_MONEY, .period = REL_PERIOD_NEVER,
	    .amount = 30 * CENT, .set_ms = 1 };

	logged_in(100);
	whole_write();
	assert_int_equal(0, store_account_add(whole->st, &a));
	assert_int_equal(0, store_quota_set(whole->st, &q));
	assert_int_equal(0, quota_refill(whole->st, ACCOUNT_SHARED, "lab",
	    UNIT_MONEY, rel_now_ms()));
	whole_turns();
	assert_int_equal(8, granted("copy", "1", 0, 8));
	has(20, 80, 0);
	snprintf(s->account, sizeof s->account, "Lab");
	assert_int_equal(3, granted("copy", "1", 0, 10));
	has(100, 30, 0);
	assert_int_equal(3, granted("copy", "1", 0, 10));	/* its own is */
}

/* ---- random sequences: beside what each grant must come to */

#define GRANTS 40
static uint64_t state_of;

static uint32_t
any(uint32_t below)
{
	state_of = state_of * UINT64_C(6364136223846793005) +
	    UINT64_C(1442695040888963407);
	return (uint32_t)(state_of >> 33) % below;
}

static struct model {
	char grant[24], job[8];
	int64_t aside, paid, sides;	/* cents; sides recorded */
	bool open;
} model[GRANTS];
static int ngrants, seq;

static void
do_ask(void)
{
	struct model *m = ngrants > 0 && any(2) ? &model[any((uint32_t)
	    ngrants)] : NULL;
	int want = 1 + (int)any(30), used, n;

	if (m == NULL || !m->open) {
		if (ngrants == GRANTS)
			return;
		m = &model[ngrants];
		*m = (struct model){ .open = false };
		snprintf(m->job, sizeof m->job, "%d", ngrants);
	}
	used = m->open ? (int)any((uint32_t)m->aside / 10 + 1) : 0;
	n = granted("copy", m->job, used, want);
	if (n == 0)
		return;
	if (!m->open)
		ngrants++;
	m->open = true;
	m->aside = (used + n) * 10;
	snprintf(m->grant, sizeof m->grant, "%s", text_of("grant_id"));
}

static void
do_record(void)
{
	struct model *m;
	int sides = (int)any(35);
	json_t *v;

	if (ngrants == 0)
		return;
	m = &model[any((uint32_t)ngrants)];
	v = record(++seq, "copy", m->grant, sides);
	if (any(5) == 0)
		assert_int_equal(200, push_as(&dev, "e-1", json_pack("[O]",
		    v)));
	push(v);
	m->sides += sides;
	m->paid = m->sides * 10;
	m->aside = 0;
	m->open = false;
}

static void
do_expire(void)
{
	struct model *m = ngrants > 0 ? &model[any((uint32_t)ngrants)] : NULL;

	if (m == NULL)
		return;
	whole_write();
	(void)store_reservation_later(whole->st,
	    ACTIVITY_JOB(activity_grant_parse(m->grant)), 1);
	charge_tick(whole);
	whole_turns();
	m->aside = 0;
	m->open = false;
}

static void
model_agrees(void)
{
	int64_t aside = 0, paid = 0;

	for (int i = 0; i < ngrants; i++) {
		aside += model[i].aside;
		paid += model[i].paid;
	}
	has(3000 - aside - paid, aside, paid);
}

UNIT(whatever_happens_the_ledger_is_right)
{
	state_of = 4711;
	ngrants = seq = 0;
	logged_in(3000);
	for (int i = 0; i < 400; i++) {
		uint32_t what = any(10);

		if (what < 5)
			do_ask();
		else if (what < 8)
			do_record();
		else
			do_expire();
		model_agrees();
		if (i % 50 == 0)
			usage_ledger_right();
	}
	assert_true(seq > 20 && ngrants > 10);
}

/* Killed between two steps: all of it or nothing. */
UNIT(a_grant_is_one_write)
{
	struct request rq = { .route = OPDP_AUTHORIZE, .idem_key = "k" };

	logged_in(100);
	put(&rq, F_REQUEST_ID, "k");
	put(&rq, F_SESSION_ID, session);
	put(&rq, F_FUNCTION, "copy");
	rq.f[F_WANT].set = true;
	rq.f[F_WANT].num = 3;
	assert_int_equal(200, ask_as(&dev, &rq));
	has(70, 30, 0);
	close(net);
	whole_restart();
	net = whole_peer(ROLE_NET);
	has(70, 30, 0);			/* sessions end, grants stay */
	push(record(1, "copy", text_of("grant_id"), 2));
	has(80, 0, 20);
	assert_string_equal("anna", newest(1).user_key);
	push(record(2, "copy", NULL, 1));	/* of a session before it */
	has(70, 0, 30);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		RECORDED(a_copy_is_granted_and_paid_by_its_record),
		RECORDED(it_ends_with_the_money),
		RECORDED(more_is_the_same_grant),
		RECORDED(one_request_is_one_grant),
		RECORDED(a_grant_nobody_used_flows_back),
		RECORDED(no_session_no_grant),
		RECORDED(what_the_table_closes_is_not_granted),
		RECORDED(each_function_has_its_price),
		RECORDED(nobodys_is_nobodys),
		RECORDED(a_session_of_another_device_is_nobodys),
		RECORDED(a_correction_takes_its_place),
		RECORDED(a_clock_that_is_wrong_by_a_day),
		RECORDED(an_account_is_chosen_at_the_panel),
		RECORDED(another_account_has_its_own_room),
		RECORDED(whatever_happens_the_ledger_is_right),
		RECORDED(a_grant_is_one_write),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
