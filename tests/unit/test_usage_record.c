/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* A device says what came out: read, kept once, and paid once. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "releaserd/core/charge.h"
#include "releaserd/core/record.h"
#include "releaserd/records.h"
#include "tests/unit/usage_fixture.h"

#define JOB_COST (110 * CENT)	/* 10 sides, 2 of them in colour */

static char ref[16];			/* of the job that is on its way */

/* ---- the reader */

static struct req_record
read_one(const char *text)
{
	struct req_record r;
	json_t *v = json_loads(text, JSON_DECODE_ANY, NULL);

	assert_non_null(v);
	record_read(&r, v);
	json_decref(v);
	return r;
}

#define HEAD "{\"seq\":7,\"function\":\"print\",\"result\":\"completed\","
#define LINE "{\"color\":\"color\",\"sides\":\"two\",\"impressions\":5," \
	"\"sheets\":3,\"media\":\"iso_a4_210x297mm\"}"

UNIT(lines_are_added_up)
{
	struct req_record r = read_one(HEAD "\"lines\":[" LINE ","
	    "{\"color\":\"mono\",\"sides\":\"two\",\"impressions\":7},"
	    "{\"color\":\"mono\",\"sides\":\"one\",\"impressions\":2}],"
	    "\"record_id\":\"a\",\"job\":{\"release_ref\":\"7k3qx9m2ta\"},"
	    "\"cause\":null,\"more\":[1]}");

	assert_string_equal("", r.code);
	assert_int_equal(14, r.sides);
	assert_int_equal(5, r.colour);
	assert_int_equal(3 + 4 + 2, r.sheets);
	assert_string_equal("7K3QX9M2TA", r.ref);
	assert_string_equal("", r.media);	/* the largest has none */
	assert_int_equal(7, r.seq);
}

UNIT(lines_are_kept_by_paper)
{
	struct req_record r = read_one(HEAD "\"lines\":[" LINE ","
	    "{\"color\":\"mono\",\"impressions\":2,\"media\":\"iso_a3_297x420mm"
	    "\"},{\"color\":\"mono\",\"impressions\":1,\"media\":"
	    "\"iso_a4_210x297mm\"},{\"color\":\"mono\",\"impressions\":4}]}");
	char text[REL_PAPERS_TEXT];

	assert_string_equal("", r.code);
	rel_papers_text(&r.papers, text);
	assert_string_equal("21000x29700:6/5/4,0x0:4/0/4,29700x42000:2/0/2",
	    text);
}

UNIT(what_is_no_reference_of_ours_is_none)
{
	static const char *const refs[] = { "\"\"", "\"short\"", "null",
	    "\"7K3QX9M2T!\"", "\"OP7K3QX9M2TA\"" };

	for (size_t i = 0; i < sizeof refs / sizeof refs[0]; i++) {
		char text[300];
		struct req_record r;

		snprintf(text, sizeof text, HEAD "\"lines\":[],\"job\":"
		    "{\"release_ref\":%s}}", refs[i]);
		r = read_one(text);
		assert_string_equal("", r.code);
		assert_string_equal("", r.ref);
	}
}

UNIT(bad_records_are_told_one_by_one)
{
	static const struct {
		const char *text, *code, *why;
		int64_t seq;
	} bad[] = {
		{ "7", "bad-record", "object", 0 },
		{ "[]", "bad-record", "object", 0 },
		{ "{}", "bad-record", "seq", 0 },
		{ "{\"seq\":0}", "bad-record", "seq", 0 },
		{ "{\"seq\":-1}", "bad-record", "seq", 0 },
		{ "{\"seq\":1.5}", "bad-record", "seq", 0 },
		{ "{\"seq\":\"1\"}", "bad-record", "seq", 0 },
		{ "{\"seq\":9}", "bad-record", "function", 9 },
		{ "{\"seq\":9,\"function\":\"print\"}", "bad-record",
		    "result", 9 },
		{ "{\"seq\":9,\"function\":7}", "bad-record", "function", 9 },
		{ HEAD "\"x\":1}", "bad-record", "lines is missing", 7 },
		{ HEAD "\"lines\":{}}", "bad-record", "list", 7 },
		{ HEAD "\"lines\":[3]}", "bad-record", "object", 7 },
		{ HEAD "\"lines\":[{}]}", "bad-record", "impressions", 7 },
		{ HEAD "\"lines\":[{\"impressions\":-1}]}", "bad-record",
		    "impressions", 7 },
		{ HEAD "\"lines\":[{\"impressions\":1.5}]}", "bad-record",
		    "impressions", 7 },
		{ HEAD "\"lines\":[{\"impressions\":1000001}]}", "too-large",
		    "impressions", 7 },
		{ HEAD "\"lines\":[{\"impressions\":1,\"sheets\":-2}]}",
		    "bad-record", "sheets", 7 },
		{ HEAD "\"lines\":[{\"impressions\":1,\"color\":[]}]}",
		    "bad-record", "color", 7 },
		{ HEAD "\"lines\":[],\"job\":[]}", "bad-record", "job", 7 },
		{ HEAD "\"lines\":[],\"job\":{\"release_ref\":7}}",
		    "bad-record", "release_ref", 7 },
		{ HEAD "\"lines\":[],\"cause\":\"a b\"}", "bad-record",
		    "cause", 7 },
		{ HEAD "\"lines\":[],\"measure\":\"far-too-long-a-word\"}",
		    "bad-record", "measure", 7 },
		{ HEAD "\"lines\":[],\"record_id\":\"a\",\"corrects\":\"a\"}",
		    "bad-record", "itself", 7 },
	};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct req_record r = read_one(bad[i].text);

		assert_string_equal(bad[i].code, r.code);
		assert_non_null(strstr(r.why, bad[i].why));
		assert_int_equal(bad[i].seq, r.seq);
		assert_int_equal(0, r.sides);
	}
}

UNIT(a_record_has_so_many_lines)
{
	json_t *v = json_loads(HEAD "\"lines\":[]}", 0, NULL);
	struct req_record r;

	for (int i = 0; i < 50; i++)
		json_array_append_new(json_object_get(v, "lines"), json_pack(
		    "{s:i}", "impressions", 1000000));
	record_read(&r, v);
	assert_string_equal("", r.code);
	assert_int_equal(50000000, r.sides);
	json_array_append_new(json_object_get(v, "lines"), json_object());
	record_read(&r, v);
	assert_string_equal("too-large", r.code);
	json_decref(v);
}

UNIT(a_push_has_so_many_records)
{
	struct request rq = { .njobs = 0 };
	struct rel_err err = { 0 };
	json_t *v = json_array(), *none = json_string("all");

	assert_int_equal(-REL_E_FORMAT, records_read(&rq.records,
	    &rq.nrecords, none, 100, &err));
	assert_int_equal(-REL_E_FORMAT, records_read(&rq.records,
	    &rq.nrecords, v, 100, &err));
	for (int i = 0; i <= 100; i++)
		json_array_append_new(v, json_integer(i));
	assert_int_equal(-REL_E_FORMAT, records_read(&rq.records,
	    &rq.nrecords, v, 100, &err));
	assert_null(rq.records);
	json_decref(v);
	json_decref(none);
}

/* ---- through net into core */

/* What anna has paid, and what is still set aside. */
static void
paid(int64_t amount, int64_t aside)
{
	assert_int_equal(-amount - aside, whole_balance(ACCOUNT_USER, "anna"));
	assert_int_equal(amount, whole_balance(ACCOUNT_DEVICE, dev.id));
	assert_int_equal(aside, whole_balance(ACCOUNT_RESERVED, ""));
}

/* A record of `ref`: so many sides, one each five in colour. */
static json_t *
record(int seq, int sides, const char *result)
{
	char id[16];

	snprintf(id, sizeof id, "r%d", seq);
	return json_pack("{s:i,s:s,s:s,s:s,s:{s:s},s:[{s:s,s:i},{s:s,s:i}]}",
	    "seq", seq, "record_id", id, "function", "print", "result",
	    result, "job", "release_ref", ref, "lines", "color", "color",
	    "impressions", sides / 5, "color", "mono", "impressions", sides -
	    sides / 5);
}

static json_t *
correcting(int seq, int sides, const char *what)
{
	json_t *v = record(seq, sides, "completed");

	json_object_set_new(v, "corrects", json_string(what));
	return v;
}

static void
push(json_t *one, int acked)
{
	assert_int_equal(200, push_as(&dev, "e-1", json_pack("[o]", one)));
	assert_int_equal(acked, json_integer_value(json_object_get(got,
	    "acked_seq")));
	assert_int_equal(0, json_array_size(json_object_get(got,
	    "rejected")));
}

/* Ten sides, printed (or so) at dev. */
static int64_t
printed(enum rel_send_outcome what)
{
	int64_t id = whole_counted(5);

	whole_print(id, &dev, what);
	memcpy(ref, whole_row(id).release_ref, sizeof ref);
	return id;
}

static void
add_up(const struct usage *u, void *ctx)
{
	struct usage_sum *sum = ctx;

	sum->jobs += u->sum.jobs;
	sum->sides += u->sum.sides;
	sum->colour += u->sum.colour;
	sum->sheets += u->sum.sheets;
}

static void
figures(int64_t jobs, int64_t sides)
{
	struct usage_filter f = { .to_ms = INT64_MAX, .sums = true };
	struct usage_sum sum = { .jobs = 0 };

	assert_true(store_usage_list(whole->st, &f, 100, add_up, &sum) >= 0);
	assert_int_equal(jobs, sum.jobs);
	assert_int_equal(sides, sum.sides);
}

UNIT(what_came_out_is_paid_and_the_rest_flows_back)
{
	int64_t id = printed(REL_SEND_SENT);

	paid(0, JOB_COST);
	figures(1, 10);
	push(record(1, 5, "aborted"), 1);
	paid(55 * CENT, 0);
	figures(1, 5);
	assert_int_equal(5, whole_row(id).out.sides);
	assert_int_equal(1, whole_row(id).out_copies);
	push(record(1, 5, "aborted"), 1);	/* the answer was lost */
	push(record(1, 9, "completed"), 1);	/* that number is taken */
	paid(55 * CENT, 0);
	figures(1, 5);
}

/* How it is known what came out; of several records the weakest word counts. */
UNIT(the_source_is_kept)
{
	static const struct {
		const char *measure[2];		/* NULL: not said, or no record */
		enum settle_source source;
	} t[] = {
		{ { "device", NULL }, SOURCE_DEVICE },
		{ { "ipp", NULL }, SOURCE_IPP },
		{ { "snmp-delta", NULL }, SOURCE_SNMP_DELTA },
		{ { "estimate", NULL }, SOURCE_ESTIMATE },
		{ { "by-ear", NULL }, SOURCE_ESTIMATE },
		{ { NULL, NULL }, SOURCE_DEVICE },
		{ { "snmp-delta", "ipp" }, SOURCE_SNMP_DELTA },
		{ { "ipp", "device" }, SOURCE_IPP }
	};
	int seq = 0;

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		int64_t id = printed(REL_SEND_SENT);
		struct ledger_job lj;

		for (size_t k = 0; k == 0 || (k < 2 && t[i].measure[k] !=
		    NULL); k++) {
			json_t *one = record(++seq, 5, "aborted");

			if (t[i].measure[k] != NULL)
				json_object_set_new(one, "measure",
				    json_string(t[i].measure[k]));
			push(one, seq);
		}
		assert_int_equal(0, ledger_job(whole->st, id, &lj));
		assert_true(lj.settled);
		assert_false(lj.unconfirmed);
		if (lj.source != t[i].source)
			fail_msg("%s: settled by %s", t[i].measure[0] != NULL ?
			    t[i].measure[0] : "nothing said",
			    settle_source_name(lj.source));
	}
}

UNIT(nothing_came_out_is_not_paid)
{
	printed(REL_SEND_SENT);
	push(record(1, 0, "canceled"), 1);
	paid(0, 0);
	figures(1, 0);
}

/* A3 costs five times as much. */
static void
dear_a3(void)
{
	static const char text[] = "mono 0.10\nmono 0.50 size A3\n";
	struct book_text t = { text, sizeof text - 1, "root" };
	struct rel_place at;
	int64_t version;

	whole_write();
	assert_int_equal(0, book_set(whole, prices_book(whole), &t, &version,
	    &at));
	whole_turns();
}

/* A record of mono sides of A4, of A3, and of what is not said. */
static json_t *
mixed(int seq, int a4, int a3, int other, const char *result)
{
	json_t *v = record(seq, 0, result);

	json_object_set_new(v, "lines", json_pack("[{s:s,s:i,s:s},{s:s,s:i,"
	    "s:s},{s:s,s:i}]", "color", "mono", "impressions", a4, "media",
	    "iso_a4_210x297mm", "color", "mono", "impressions", a3, "media",
	    "iso_a3_297x420mm", "color", "mono", "impressions", other));
	return v;
}

UNIT(several_sizes_of_paper_are_paid_by_each)
{
	int64_t id;

	dear_a3();
	id = printed(REL_SEND_SENT);
	push(mixed(1, 3, 2, 0, "aborted"), 1);
	paid(130 * CENT, 0);
	assert_int_equal(2, whole_row(id).out.papers.n);
	push(mixed(2, 4, 1, 0, "completed"), 2);
	paid(220 * CENT, 0);
	assert_int_equal(3, whole_row(id).out.papers.of[1].sides);
	/* One that says no size: it is that of the job, else that of most. */
	push(mixed(3, 0, 0, 2, "completed"), 3);
	paid(240 * CENT, 0);
	push(mixed(4, 0, 2, 0, "completed"), 4);
	paid(340 * CENT, 0);
}

/* A job of three sides of A4 and two of A3, twice, whose device says none. */
UNIT(a_record_without_sizes_goes_by_what_was_made)
{
	int64_t id = whole_counted(5);
	struct job j;

	dear_a3();
	assert_int_equal(0, store_job_get(whole->st, id, &j));
	assert_true(rel_papers_read(&j.count.papers,
	    "21000x29700:3/0/3,29700x42000:2/0/2"));
	j.count.colour = 0;
	whole_write();
	assert_int_equal(0, store_job_set_count(whole->st, id, &j.count));
	whole_turns();
	whole_print(id, &dev, REL_SEND_SENT);
	memcpy(ref, whole_row(id).release_ref, sizeof ref);
	paid(0, whole_row(id).copies * 130 * CENT);
	push(mixed(1, 0, 0, (int)(5 * whole_row(id).copies), "completed"), 1);
	paid(whole_row(id).copies * 130 * CENT, 0);
}

/* The jam is cleared, and the device goes on. */
UNIT(several_records_add_up)
{
	int64_t id = printed(REL_SEND_UNCONFIRMED);

	push(record(1, 5, "aborted"), 1);
	assert_int_equal(JOB_UNCONFIRMED, whole_state(id));
	paid(55 * CENT, 0);
	figures(1, 5);
	push(record(2, 5, "completed"), 2);
	assert_int_equal(JOB_SENT, whole_state(id));
	assert_false(whole_row(id).has_doc);
	paid(JOB_COST, 0);
	figures(1, 10);
}

UNIT(an_unconfirmed_job_that_came_out_is_sent)
{
	int64_t id = printed(REL_SEND_UNCONFIRMED);

	figures(0, 0);
	push(record(1, 10, "completed"), 1);
	assert_int_equal(JOB_SENT, whole_state(id));
	assert_int_equal(10, whole_row(id).out.sides);
	assert_true(whole_row(id).ended_ms > 0);
	paid(JOB_COST, 0);
	figures(1, 10);
}

UNIT(a_record_replaces_the_one_it_corrects)
{
	printed(REL_SEND_SENT);
	push(correcting(2, 10, "r1"), 0);	/* 1 is still on its way */
	paid(JOB_COST, 0);
	push(record(1, 5, "completed"), 2);
	paid(JOB_COST, 0);
	figures(1, 10);
	push(correcting(3, 15, "r2"), 3);	/* more than was set aside */
	paid(165 * CENT, 0);
	figures(1, 15);
}

UNIT(a_record_after_the_estimate_corrects_it)
{
	whole->role->set.reserve_ms = 0;
	printed(REL_SEND_UNCONFIRMED);
	charge_tick(whole);
	whole_turns();
	paid(JOB_COST, 0);
	push(record(1, 5, "completed"), 1);
	paid(55 * CENT, 0);
}

/* The device is faster than the word of the transfer. */
static int64_t
early(enum rel_send_outcome what, json_t *(*make)(void))
{
	int64_t id = whole_counted(5);
	int send = whole_peer(ROLE_SEND);

	assert_int_equal(0, whole_release(id, &dev));
	whole_turns();
	close(whole_given(send));
	memcpy(ref, whole_row(id).release_ref, sizeof ref);
	push(make(), 1);
	assert_int_equal(JOB_RELEASING, whole_state(id));
	paid(0, JOB_COST);
	figures(0, 0);
	whole_outcome(send, id, what);
	close(send);
	return id;
}

static json_t *
all_of_it(void)
{
	return record(1, 10, "completed");
}

static json_t *
half_of_it(void)
{
	return record(1, 5, "aborted");
}

UNIT(an_early_record_waits_for_the_transfer)
{
	assert_int_equal(JOB_SENT, whole_state(early(REL_SEND_SENT,
	    half_of_it)));
	paid(55 * CENT, 0);
	figures(1, 5);
}

UNIT(an_early_record_confirms)
{
	assert_int_equal(JOB_SENT, whole_state(early(REL_SEND_UNCONFIRMED,
	    all_of_it)));
	paid(JOB_COST, 0);
	figures(1, 10);
}

UNIT(an_early_record_of_a_part_does_not_confirm)
{
	int64_t id = early(REL_SEND_UNCONFIRMED, half_of_it);

	assert_int_equal(JOB_UNCONFIRMED, whole_state(id));
	paid(55 * CENT, 0);
	figures(1, 5);
	/* Once more, and now all of it: paid both times. */
	whole_turns();
	{
		struct release_order o = { .device = &dev, .by = "anna",
		    .again = true };
		int send = whole_peer(ROLE_SEND);
		struct released out;
		struct rel_err err;
		struct job j = whole_row(id);

		assert_int_equal(0, core_write(whole, &err));
		assert_int_equal(0, release_job(whole, &j, &o, &out));
		whole_turns();
		close(whole_given(send));
		whole_outcome(send, id, REL_SEND_SENT);
		close(send);
	}
	push(record(2, 5, "completed"), 2);	/* of the first time */
	paid(55 * CENT, JOB_COST);
	memcpy(ref, whole_row(id).release_ref, sizeof ref);
	push(record(3, 10, "completed"), 3);
	paid(55 * CENT + JOB_COST, 0);
	figures(2, 15);
}

UNIT(a_job_of_another_device_is_none)
{
	struct device other;

	printed(REL_SEND_SENT);
	whole_device(&other);
	assert_int_equal(200, push_as(&other, "e-9", json_pack("[o]",
	    record(1, 5, "completed"))));
	assert_int_equal(1, json_integer_value(json_object_get(got,
	    "acked_seq")));
	paid(0, JOB_COST);
	memcpy(ref, "0000000000", 11);	/* nobody's: kept all the same */
	push(record(1, 5, "completed"), 1);
	paid(0, JOB_COST);
}

/* Nobody keeps core busy with the records of one job. */
UNIT(a_release_has_so_many_records)
{
	printed(REL_SEND_SENT);
	for (int i = 0; i < 250; i += 50) {
		json_t *list = json_array();

		for (int k = 1; k <= 50; k++)
			json_array_append_new(list, record(i + k, 1,
			    "aborted"));
		assert_int_equal(200, push_as(&dev, "e-1", list));
	}
	assert_int_equal(250, json_integer_value(json_object_get(got,
	    "acked_seq")));
	paid(200 * 10 * CENT, 0);
	figures(1, 200);
}

UNIT(what_is_no_print_has_no_job)
{
	json_t *v;

	printed(REL_SEND_SENT);
	v = record(1, 5, "completed");
	json_object_set_new(v, "function", json_string("copy"));
	push(v, 1);
	/* Nobody was logged in: nobody whom we know pays. */
	assert_int_equal(-JOB_COST, whole_balance(ACCOUNT_USER, "anna"));
	assert_int_equal(-55 * CENT, whole_balance(ACCOUNT_UNASSIGNED,
	    UNASSIGNED_KEY));
}

UNIT(good_ones_count_beside_bad_ones)
{
	const json_t *no;

	printed(REL_SEND_SENT);
	assert_int_equal(200, push_as(&dev, "e-1", json_pack("[o,{s:i},n,o]",
	    record(1, 5, "aborted"), "seq", 2, record(3, 5, "completed"))));
	no = json_object_get(got, "rejected");
	assert_int_equal(2, json_array_size(no));
	assert_int_equal(2, json_integer_value(json_object_get(json_array_get(
	    no, 0), "seq")));
	assert_string_equal("bad-record", json_string_value(json_object_get(
	    json_array_get(no, 0), "code")));
	assert_true(json_is_null(json_object_get(json_array_get(no, 1),
	    "seq")));
	/* A number that was refused is used up. */
	assert_int_equal(3, json_integer_value(json_object_get(got,
	    "acked_seq")));
	paid(JOB_COST, 0);
}

UNIT(a_new_log_begins_at_one_again)
{
	printed(REL_SEND_SENT);
	push(record(1, 5, "aborted"), 1);
	assert_int_equal(200, push_as(&dev, "e-2", json_pack("[o]",
	    record(1, 5, "completed"))));
	paid(JOB_COST, 0);
}

UNIT(a_log_may_begin_late)
{
	printed(REL_SEND_SENT);
	assert_int_equal(200, push_from(&dev, "e-1", 1043, json_pack("[o]",
	    record(1043, 5, "completed"))));
	assert_int_equal(1043, json_integer_value(json_object_get(got,
	    "acked_seq")));
}

/* What a heartbeat is answered. */
static bool
wants(int64_t last, const char *epoch)
{
	struct request rq = { .route = OPDP_HEARTBEAT };
	const json_t *v;
	size_t i;
	bool yes = false;

	rq.f[F_USAGE_LAST_SEQ].set = true;
	rq.f[F_USAGE_LAST_SEQ].num = last;
	rq.f[F_USAGE_EPOCH].set = epoch != NULL;
	rq.f[F_USAGE_EPOCH].str = epoch;
	assert_int_equal(200, ask_as(&dev, &rq));
	json_array_foreach(json_object_get(got, "pending"), i, v)
		yes |= strcmp(json_string_value(v), "usage") == 0;
	return yes;
}

UNIT(a_heartbeat_asks_for_what_is_missing)
{
	assert_false(wants(0, NULL));
	assert_true(wants(1, NULL));
	printed(REL_SEND_SENT);
	push(record(1, 5, "aborted"), 1);
	assert_false(wants(1, NULL));
	assert_true(wants(2, NULL));
	push(record(3, 1, "aborted"), 1);
	assert_true(wants(3, "e-1"));	/* 2 is missing */
	push(record(2, 1, "aborted"), 3);
	assert_false(wants(3, "e-1"));
	assert_true(wants(1, "e-2"));
}

/* Killed before the commit: neither record nor money; then both, once. */
UNIT(record_and_money_are_one_write)
{
	struct usage_record u = { .seq = 1, .epoch = "e-1" };
	struct record_sum was = { .n = 0 };
	struct rel_err err = { 0 };
	struct job j;

	j = whole_row(printed(REL_SEND_SENT));
	memcpy(u.device_id, dev.id, sizeof dev.id);
	u.job = j.id;
	u.mono = 5;
	assert_int_equal(0, core_write(whole, &err));
	assert_int_equal(0, ledger_record(whole->st, &u, &err));
	was.n = 1;
	was.mono = was.sheets = 5;
	assert_int_equal(0, record_apply(whole, &j, &(struct record_sum){ .n =
	    0 }, &was));
	whole_restart();
	net = whole_peer(ROLE_NET);
	paid(0, JOB_COST);
	push(record(1, 5, "aborted"), 1);
	paid(55 * CENT, 0);
	figures(1, 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(lines_are_added_up),
		UNIT_RUN(lines_are_kept_by_paper),
		UNIT_RUN(what_is_no_reference_of_ours_is_none),
		UNIT_RUN(bad_records_are_told_one_by_one),
		UNIT_RUN(a_record_has_so_many_lines),
		UNIT_RUN(a_push_has_so_many_records),
		RECORDED(what_came_out_is_paid_and_the_rest_flows_back),
		RECORDED(the_source_is_kept),
		RECORDED(nothing_came_out_is_not_paid),
		RECORDED(several_sizes_of_paper_are_paid_by_each),
		RECORDED(a_record_without_sizes_goes_by_what_was_made),
		RECORDED(several_records_add_up),
		RECORDED(an_unconfirmed_job_that_came_out_is_sent),
		RECORDED(a_record_replaces_the_one_it_corrects),
		RECORDED(a_record_after_the_estimate_corrects_it),
		RECORDED(an_early_record_waits_for_the_transfer),
		RECORDED(an_early_record_confirms),
		RECORDED(an_early_record_of_a_part_does_not_confirm),
		RECORDED(a_job_of_another_device_is_none),
		RECORDED(a_release_has_so_many_records),
		RECORDED(what_is_no_print_has_no_job),
		RECORDED(good_ones_count_beside_bad_ones),
		RECORDED(a_new_log_begins_at_one_again),
		RECORDED(a_log_may_begin_late),
		RECORDED(a_heartbeat_asks_for_what_is_missing),
		RECORDED(record_and_money_are_one_write),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
