/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Figures, searches, keeping and the audit log, by way of the local API. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "releaserd/when.h"
#include "releaserd/journal.h"
#include "tests/unit/core_whole.h"

static struct device dev;
static struct request rq;
static char problem[40];
static json_t *got;
static int net;

static int
begin(void **state)
{
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	if (whole_open(state) < 0)
		return -1;
	net = whole_peer(ROLE_NET);
	whole_device(&dev);
	return 0;
}

static int
end(void **state)
{
	return whole_close_asked(state, net, &got);
}
#define ASKED(name) cmocka_unit_test_setup_teardown(name, begin, end)

static void
to(enum req_route route)
{
	memset(&rq, 0, sizeof rq);
	rq.route = route;
	rq.caller = CALLER_LOCAL;
	memcpy(rq.addr, "local", 6);
}

static void
with(enum req_field f, const char *text)
{
	rq.f[f].set = true;
	rq.f[f].str = text;
}

static void
number(enum req_field f, int64_t n)
{
	rq.f[f].set = true;
	rq.f[f].num = n;
}

static int
ask(void)
{
	json_decref(got);
	return whole_ask(net, &rq, problem, &got);
}

static int64_t
total(const char *member)
{
	return json_integer_value(json_object_get(json_object_get(got,
	    "totals"), member));
}

static const json_t *
row(size_t i)
{
	return json_array_get(json_object_get(got, "rows"), i);
}

static size_t
rows(void)
{
	return json_array_size(json_object_get(got, "rows"));
}

static void
usage(void)
{
	to(API_USAGE);
	assert_int_equal(200, ask());
}

UNIT(nothing_came_out_yet)
{
	usage();
	assert_int_equal(0, total("jobs"));
	assert_int_equal(0, rows());
	assert_string_equal("day", json_string_value(json_object_get(got,
	    "by")));
}

UNIT(what_was_sent_counts_once)
{
	int64_t id = whole_counted(5);

	whole_print(id, &dev, REL_SEND_SENT);
	assert_int_equal(JOB_SENT, whole_state(id));
	usage();
	assert_int_equal(1, total("jobs"));
	assert_int_equal(10, total("sides"));
	assert_int_equal(6, total("sheets"));
	assert_int_equal(2, total("colour"));
	assert_int_equal(8, total("mono"));
	assert_int_equal(0, total("uncounted"));
	assert_int_equal(1, rows());
	assert_int_equal(10, json_integer_value(json_object_get(row(0),
	    "sides")));
	/* It cannot go a second time, nor be counted a second time. */
	assert_int_equal(-REL_E_NOTHELD, whole_release(id, &dev));
	whole_turns();
	usage();
	assert_int_equal(1, total("jobs"));
}

UNIT(only_what_came_out_counts)
{
	int64_t id = whole_counted(5);

	whole_print(id, &dev, REL_SEND_REFUSED);
	whole_print(id, &dev, REL_SEND_AWAY);
	usage();
	assert_int_equal(0, total("jobs"));
	whole_print(id, &dev, REL_SEND_UNCONFIRMED);
	assert_int_equal(JOB_UNCONFIRMED, whole_state(id));
	usage();
	assert_int_equal(0, total("jobs"));
}

UNIT(one_that_was_unconfirmed_counts_when_it_was_sent)
{
	struct release_order o = { .device = &dev, .by = "anna",
	    .again = true };
	int64_t id = whole_counted(5);
	int send = whole_peer(ROLE_SEND);
	struct rel_err err;
	struct job j;
	struct released taken;

	whole_print(id, &dev, REL_SEND_UNCONFIRMED);
	assert_int_equal(0, store_job_get(whole->st, id, &j));
	assert_int_equal(0, core_write(whole, &err));
	assert_int_equal(0, release_job(whole, &j, &o, &taken));
	whole_turns();
	close(whole_given(send));
	whole_outcome(send, id, REL_SEND_SENT);
	usage();
	assert_int_equal(1, total("jobs"));
	assert_int_equal(10, total("sides"));
	close(send);
}

UNIT(pages_nobody_knows)
{
	whole_print(whole_job(), &dev, REL_SEND_SENT);
	usage();
	assert_int_equal(1, total("jobs"));
	assert_int_equal(0, total("sides"));
	assert_int_equal(1, total("uncounted"));
}

/* core dies; the journal says that the device has it. */
UNIT(a_core_that_dies_between_counts_once)
{
	int64_t id = whole_counted(5);
	int send = whole_peer(ROLE_SEND), journal;
	struct rel_err err;

	assert_int_equal(0, whole_release(id, &dev));
	whole_turns();
	journal = whole_given(send);
	assert_int_equal(0, journal_put_data(journal, &err));
	assert_int_equal(0, journal_put_end(journal, REL_SEND_SENT, "", &err));
	close(journal);
	for (int i = 0; i < 3; i++) {
		whole_restart();
		whole_turns();
		assert_int_equal(JOB_SENT, whole_state(id));
	}
	close(net);
	net = whole_peer(ROLE_NET);
	usage();
	assert_int_equal(1, total("jobs"));
	assert_int_equal(10, total("sides"));
	close(send);
}

/* The job's row went on disk and the figures did not: that must not be. */
UNIT(a_turn_that_fails_counts_nothing)
{
	int64_t id = whole_counted(5);
	int send = whole_peer(ROLE_SEND);
	struct usage u = { .hour_ms = 3600000, .sum = { .jobs = 7 } };
	struct rel_err err;

	assert_int_equal(0, whole_release(id, &dev));
	whole_turns();
	close(whole_given(send));
	assert_int_equal(0, core_write(whole, &err));
	assert_int_equal(0, store_usage_add(whole->st, &u));
	core_spoil(whole, -REL_E_IO);
	whole_outcome(send, id, REL_SEND_SENT);
	to(API_USAGE);
	with(F_BY, "all");
	assert_int_equal(200, ask());
	assert_int_equal(whole_state(id) == JOB_SENT, total("jobs"));
	assert_true(total("jobs") < 7);
	close(send);
}

/* ---- grouping, spans, limits */

static void
put(int64_t at_ms, const char *user, const char *device, int64_t sides)
{
	struct usage u = { .hour_ms = when_start(at_ms, WHEN_HOUR),
	    .sum = { .jobs = 1, .sheets = sides, .sides = sides } };
	struct rel_err err;

	snprintf(u.user_key, sizeof u.user_key, "%s", user);
	snprintf(u.device_id, sizeof u.device_id, "%s", device);
	memcpy(u.queue, "q", 2);
	assert_int_equal(0, core_write(whole, &err));
	assert_int_equal(0, store_usage_add(whole->st, &u));
	whole_turns();
}

static int64_t
ms(const char *text)
{
	int64_t out;

	assert_true(when_parse(&out, text, false));
	return out;
}

static void
two_days(void)
{
	/* Local days: 19th and 20th; the second is after midnight here. */
	put(ms("2026-11-19T10:00:00Z"), "anna", dev.id, 1);
	put(ms("2026-11-19T23:10:00Z"), "anna", dev.id, 10);
	put(ms("2026-11-20T12:00:00Z"), "berta", dev.id, 100);
	put(ms("2026-11-20T12:30:00Z"), "anna", "gone", 1000);
}

static void
day_usage(const char *from, const char *until)
{
	to(API_USAGE);
	with(F_FROM, from);
	with(F_TO, until);
}

UNIT(days_are_those_of_the_server)
{
	two_days();
	day_usage("2026-11-19", "2026-11-20");
	assert_int_equal(200, ask());
	assert_int_equal(2, rows());
	assert_string_equal("2026-11-18T23:00:00.000Z", json_string_value(
	    json_object_get(row(0), "at")));
	assert_int_equal(1, json_integer_value(json_object_get(row(0),
	    "sides")));
	assert_string_equal("2026-11-19T23:00:00.000Z", json_string_value(
	    json_object_get(row(1), "at")));
	assert_int_equal(1110, json_integer_value(json_object_get(row(1),
	    "sides")));
	assert_string_equal("2026-11-20T23:00:00.000Z", json_string_value(
	    json_object_get(got, "to")));
	day_usage("2026-11-20", "2026-11-20");
	assert_int_equal(200, ask());
	assert_int_equal(1110, total("sides"));
	day_usage("2026-11-20T12:00:00Z", "2026-11-20T13:00:00Z");
	with(F_BY, "hour");
	assert_int_equal(200, ask());
	assert_int_equal(1100, total("sides"));
	assert_int_equal(1, rows());
}

UNIT(groups_come_largest_first)
{
	two_days();
	day_usage("2026-11-01", "2026-11-30");
	with(F_BY, "month");
	with(F_GROUP_BY, "user");
	assert_int_equal(200, ask());
	assert_int_equal(2, rows());
	assert_string_equal("anna", json_string_value(json_object_get(row(0),
	    "user")));
	assert_int_equal(1011, json_integer_value(json_object_get(row(0),
	    "sides")));
	number(F_LIMIT, 1);
	assert_int_equal(200, ask());
	assert_int_equal(1, rows());
	assert_int_equal(1, json_integer_value(json_object_get(got,
	    "left_out")));
	assert_int_equal(1111, total("sides"));
	day_usage("2026-11-01", "2026-11-30");
	with(F_BY, "all");
	with(F_GROUP_BY, "device");
	assert_int_equal(200, ask());
	assert_string_equal("gone", json_string_value(json_object_get(row(0),
	    "device")));
	assert_string_equal(dev.name, json_string_value(json_object_get(
	    row(1), "device")));
	assert_string_equal(dev.id, json_string_value(json_object_get(
	    row(1), "device_id")));
	with(F_GROUP_BY, "queue");
	assert_int_equal(200, ask());
	assert_string_equal("q", json_string_value(json_object_get(row(0),
	    "queue")));
}

UNIT(of_a_user_or_a_device)
{
	two_days();
	day_usage("2026-11-01", "2026-11-30");
	with(F_OF_USER, "ANNA");
	assert_int_equal(200, ask());
	assert_int_equal(1011, total("sides"));
	with(F_DEVICE, dev.name);
	assert_int_equal(200, ask());
	assert_int_equal(11, total("sides"));
	with(F_OF_USER, "berta");
	assert_int_equal(200, ask());
	assert_int_equal(100, total("sides"));
	with(F_DEVICE, "nowhere");
	assert_int_equal(404, ask());
	assert_string_equal("device-unknown", problem);
}

UNIT(more_points_than_an_answer_has)
{
	for (int i = 0; i < 10; i++)
		put(ms("2026-11-19T00:00:00Z") + i * 3600000LL, "anna",
		    dev.id, 1);
	day_usage("2026-11-19", "2026-11-20");
	with(F_BY, "hour");
	number(F_LIMIT, 4);
	assert_int_equal(200, ask());
	assert_int_equal(4, rows());
	assert_int_equal(6, json_integer_value(json_object_get(got,
	    "left_out")));
	assert_int_equal(10, total("sides"));
	assert_string_equal("2026-11-19T09:00:00.000Z", json_string_value(
	    json_object_get(row(3), "at")));
}

/* More than a slice: it comes all the same, and all of it. */
UNIT(a_report_of_many_rows)
{
	struct usage u = { .queue = "q", .sum = { .jobs = 1, .sides = 2 } };
	struct rel_err err;

	u.hour_ms = when_start(ms("2026-11-19T12:00:00Z"), WHEN_HOUR);
	memcpy(u.device_id, "d", 2);
	assert_int_equal(0, core_write(whole, &err));
	for (int i = 0; i < 7000; i++) {
		snprintf(u.user_key, sizeof u.user_key, "u%04d", i);
		assert_int_equal(0, store_usage_add(whole->st, &u));
	}
	whole_turns();
	day_usage("2026-11-01", "2026-11-30");
	with(F_GROUP_BY, "user");
	number(F_LIMIT, 300);
	assert_int_equal(200, ask());
	assert_int_equal(7000, total("jobs"));
	assert_int_equal(14000, total("sides"));
	assert_int_equal(300, rows());
	assert_int_equal(6700, json_integer_value(json_object_get(got,
	    "left_out")));
}

UNIT(words_that_are_none)
{
	static const struct {
		enum req_route route;
		enum req_field field;
		const char *text;
	} t[] = {
		{ API_USAGE, F_BY, "year" },
		{ API_USAGE, F_GROUP_BY, "title" },
		{ API_USAGE, F_FROM, "yesterday!" },
		{ API_USAGE, F_TO, "2026-02-30" },
		{ API_JOB_LIST, F_FROM, "20261120xx" },
		{ API_JOB_LIST, F_ORDER, "random" },
		{ API_JOB_LIST, F_JOB_STATE, "held,nonsense" },
		{ API_JOB_LIST, F_JOB_STATE, "held," },
		{ API_JOB_LIST, F_JOB_STATE, ",held" },
		{ API_JOB_LIST, F_AFTER, "17" },
		{ API_AUDIT_LIST, F_AFTER, "x" },
		{ API_AUDIT_LIST, F_FROM, "2026-11-2x" }
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		to(t[i].route);
		with(t[i].field, t[i].text);
		assert_int_equal(400, ask());
		assert_string_equal("bad-request", problem);
	}
}

/* ---- jobs */

static size_t
jobs(void)
{
	return json_array_size(json_object_get(got, "jobs"));
}

UNIT(jobs_are_searched)
{
	int64_t first = whole_job(), second = whole_job();
	char id[24], last[24];

	ids_job_text(id, first);
	ids_job_text(last, second);
	to(API_JOB_LIST);
	with(F_Q, "  TITL ");
	assert_int_equal(200, ask());
	assert_int_equal(2, jobs());
	with(F_Q, "nothing like it");
	assert_int_equal(200, ask());
	assert_int_equal(0, jobs());
	with(F_Q, id);
	assert_int_equal(200, ask());
	assert_int_equal(1, jobs());
	to(API_JOB_LIST);
	with(F_Q, "anna");
	with(F_ORDER, "newest");
	number(F_LIMIT, 1);
	assert_int_equal(200, ask());
	assert_int_equal(1, jobs());
	assert_string_equal(last, json_string_value(json_object_get(got,
	    "next")));
	with(F_AFTER, last);
	assert_int_equal(200, ask());
	assert_string_equal(id, json_string_value(json_object_get(
	    json_array_get(json_object_get(got, "jobs"), 0), "id")));
	to(API_JOB_LIST);
	with(F_FROM, "2027-01-01T00:00:00Z");
	assert_int_equal(200, ask());
	assert_int_equal(time(NULL) < 1798761600 ? 0 : 2, jobs());
	to(API_JOB_LIST);
	with(F_TO, "2024-01-01");
	assert_int_equal(200, ask());
	assert_int_equal(0, jobs());
	to(API_JOB_LIST);
	with(F_QUEUE, "q");
	with(F_JOB_STATE, "sent,held");
	assert_int_equal(200, ask());
	assert_int_equal(2, jobs());
	with(F_DEVICE, dev.name);
	assert_int_equal(200, ask());
	assert_int_equal(0, jobs());
}

UNIT(a_job_is_kept)
{
	int64_t id = whole_job();
	char text[24];
	struct job j;

	ids_job_text(text, id);
	assert_int_equal(0, store_job_get(whole->st, id, &j));
	whole->role->set.job_expiry_ms = 7200000;
	to(API_JOB_KEEP);
	with(F_ID, text);
	assert_int_equal(200, ask());
	assert_int_equal(0, store_job_get(whole->st, id, &j));
	assert_in_range(j.expires_ms, rel_now_ms() + 7190000,
	    rel_now_ms() + 7200000);
	/* A shorter JobExpiry takes no time away from it. */
	whole->role->set.job_expiry_ms = 3600000;
	assert_int_equal(200, ask());
	assert_int_equal(0, store_job_get(whole->st, id, &j));
	assert_true(j.expires_ms > rel_now_ms() + 7100000);
	/* A week is the most, whatever the setting. */
	whole->role->set.job_expiry_ms = 99 * 86400000LL;
	assert_int_equal(200, ask());
	assert_int_equal(0, store_job_get(whole->st, id, &j));
	assert_true(j.expires_ms <= rel_now_ms() + 604800000);
	/* root is not anna: it is written down, newest first. */
	to(API_AUDIT_LIST);
	with(F_WHAT, "job-kept");
	assert_int_equal(200, ask());
	assert_int_equal(3, json_array_size(json_object_get(got, "audit")));
	assert_string_equal(text, json_string_value(json_object_get(
	    json_array_get(json_object_get(got, "audit"), 0), "detail")));
	whole_print(id, &dev, REL_SEND_SENT);
	to(API_JOB_KEEP);
	with(F_ID, text);
	assert_int_equal(409, ask());
	assert_string_equal("job-not-held", problem);
	with(F_ID, "j-0000000000000");
	assert_int_equal(404, ask());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ASKED(nothing_came_out_yet),
		ASKED(what_was_sent_counts_once),
		ASKED(only_what_came_out_counts),
		ASKED(one_that_was_unconfirmed_counts_when_it_was_sent),
		ASKED(pages_nobody_knows),
		ASKED(a_core_that_dies_between_counts_once),
		ASKED(a_turn_that_fails_counts_nothing),
		ASKED(days_are_those_of_the_server),
		ASKED(groups_come_largest_first),
		ASKED(of_a_user_or_a_device),
		ASKED(more_points_than_an_answer_has),
		ASKED(a_report_of_many_rows),
		ASKED(words_that_are_none),
		ASKED(jobs_are_searched),
		ASKED(a_job_is_kept),
	};

	return cmocka_run_group_tests_name("usage", tests, NULL, NULL);
}
