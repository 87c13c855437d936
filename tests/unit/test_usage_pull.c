/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Usage records that are fetched: from where the log is here, page by page,
 * beside pushes of the same; what a log lost is told. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "releaserd/core/fleet.h"
#include "releaserd/records.h"
#include "tests/unit/usage_fixture.h"

static int driver;

/* The device as it really is. */
static struct log {
	const char *epoch, *then;	/* then: from the second page on */
	int64_t oldest, last;		/* all records in between are there */
	int64_t hole;			/* but this one; 0 none */
	int64_t acked;
	int asked;
} device_log;

static json_t *
record(int64_t seq)
{
	char id[60];

	snprintf(id, sizeof id, "%s-%lld", device_log.epoch, (long long)seq);
	return json_pack("{s:I,s:s,s:s,s:s,s:[{s:s,s:i}],s:{s:I}}", "seq",
	    (json_int_t)seq, "record_id", id, "function", "copy", "result",
	    "completed", "lines", "color", "mono", "impressions", 2,
	    "life_after", "impressions", (json_int_t)(100 + 2 * seq));
}

static int
pull_begin(void **state)
{
	struct rel_frame fr;
	struct rel_buf b;

	assert_int_equal(0, usage_begin(state));
	device_log = (struct log){ .epoch = "e-1", .oldest = 1 };
	snprintf(dev.protocol, sizeof dev.protocol, "opdp");
	snprintf(dev.api_url, sizeof dev.api_url, "poll:");
	snprintf(dev.token, sizeof dev.token, "hash of its token");
	dev.state = 1;
	whole_write();
	assert_int_equal(0, store_device_set(whole->st, &dev));
	whole_turns();
	devices_changed(whole, dev.id);
	driver = whole_peer(ROLE_DRIVER);
	rel_buf_init(&b);
	rel_put_u32(&b, 1);
	rel_put_str(&b, "opdp");
	rel_put_str(&b, "");
	rel_put_u32(&b, DRIVER_CAN_USAGE);
	whole_say(driver, IPC_DRIVER_LIST, &b);
	rel_buf_fini(&b);
	whole_turns();
	while (whole_heard(driver, &fr) == 1)
		;
	return 0;
}

static int
pull_end(void **state)
{
	close(driver);
	return usage_end(state);
}
#define PULLED(name) \
	cmocka_unit_test_setup_teardown(name, pull_begin, pull_end)

/* GET /usage of the device. */
static json_t *
page_json(const char *epoch, int64_t after, int64_t limit)
{
	struct log *l = &device_log;
	json_t *all = json_array();
	int64_t from = strcmp(epoch, l->epoch) == 0 || epoch[0] == '\0' ?
	    after : 0, seq;

	for (seq = from < l->oldest ? l->oldest : from + 1; seq <= l->last &&
	    (int64_t)json_array_size(all) < limit; seq++)
		if (seq != l->hole)
			json_array_append_new(all, record(seq));
	return json_pack("{s:s,s:o,s:I,s:b,s:I}", "epoch", l->epoch,
	    "records", all, "next", (json_int_t)(seq - 1 > from ? seq - 1 :
	    from), "more", seq <= l->last, "oldest_seq",
	    (json_int_t)l->oldest);
}

/* Play the driver until nothing is asked any more. */
static void
serve(void)
{
	struct rel_frame fr;

	for (int quiet = 0; quiet < 20; quiet++) {
		struct usage_page page;
		struct driver_said s;
		struct driver_ask q;
		struct rel_err err;
		json_t *v;

		usleep(3000);
		whole_turns();
		if (whole_heard(driver, &fr) != 1)
			continue;
		quiet = 0;
		assert_int_equal(IPC_DRIVER_ASK, fr.type);
		assert_int_equal(0, driver_ask_get(&q, fr.body, fr.len));
		driver_said_init(&s);
		if (q.op == DRIVER_USAGE_FETCH) {
			if (device_log.asked++ > 0 && device_log.then != NULL)
				device_log.epoch = device_log.then;
			v = page_json(q.id, q.number, q.limit);
			assert_int_equal(0, usage_page_read(&page, v, &err));
			usage_page_put(&s.text, &page);
			usage_page_fini(&page);
			json_decref(v);
		} else if (q.op == DRIVER_USAGE_ACK) {
			assert_string_equal(device_log.epoch, q.id);
			assert_true(q.number <= device_log.last);
			device_log.acked = q.number;
		} else {
			s.rc = -REL_E_NOTFOUND;
		}
		whole_said(driver, fr.id, &s);
	}
}

static void
pull(void)
{
	fleet_push(whole, dev.id, FLEET_PULL_USAGE);
	serve();
}

/* So many records of two sides each were paid. */
static void
paid(int64_t n)
{
	assert_int_equal(n * 20 * CENT, whole_balance(ACCOUNT_DEVICE,
	    dev.id));
}

#define GAPS_TEXT 20000

static void
add_text(const struct audit *a, void *ctx)
{
	char *all = ctx;

	snprintf(all + strlen(all), GAPS_TEXT - strlen(all), "%s\n", a->detail);
}

/* What was told of gaps. */
static const char *
gaps(void)
{
	struct audit_filter f = { .what = "usage-gap", .limit = 10 };
	static char all[GAPS_TEXT];

	all[0] = '\0';
	assert_true(store_audit_list(whole->st, &f, add_text, all) >= 0);
	return all;
}

UNIT(page_by_page)
{
	device_log.last = 250;
	pull();
	paid(250);
	assert_int_equal(250, device_log.acked);
	assert_int_equal(3, device_log.asked);
	pull();
	paid(250);
	device_log.last = 251;
	pull();
	paid(251);
	assert_string_equal("", gaps());
}

UNIT(push_and_pull_of_the_same)
{
	device_log.last = 4;
	assert_int_equal(200, push_as(&dev, "e-1", json_pack("[o]",
	    record(3))));
	serve();			/* a gap: it is fetched at once */
	paid(4);
	assert_int_equal(4, device_log.acked);
	assert_int_equal(200, push_as(&dev, "e-1", json_pack("[o,o]",
	    record(4), record(1))));
	serve();
	pull();
	paid(4);
	assert_string_equal("", gaps());
}

UNIT(what_is_lost_is_told_once)
{
	device_log.last = 6;
	device_log.hole = 4;
	pull();
	paid(5);
	assert_int_equal(6, device_log.acked);
	assert_non_null(strstr(gaps(), "record 4 of its log is lost; its "
	    "counter says 2 sides"));
	pull();
	device_log.last = 9;
	pull();
	paid(8);
	assert_null(strstr(gaps(), "\n1"));
	assert_null(strchr(strchr(gaps(), '\n') + 1, '\n'));
}

/* A log full of holes is not told hole by hole. */
UNIT(many_holes_are_told_together)
{
	struct audit_filter f = { .what = "usage-gap", .limit = 100 };
	json_t *sparse = json_array();
	static char all[GAPS_TEXT];
	unsigned lines = 0;

	for (int seq = 1; seq < 160; seq += 2)
		json_array_append_new(sparse, record(seq));
	assert_int_equal(200, push_as(&dev, "e-1", sparse));
	assert_int_equal(200, push_from(&dev, "e-1", 200, json_pack("[o]",
	    record(200))));
	all[0] = '\0';
	assert_true(store_audit_list(whole->st, &f, add_text, all) >= 0);
	for (const char *s = all; (s = strchr(s, '\n')) != NULL; s++)
		lines++;
	assert_in_range(lines, 2, 20);
	assert_non_null(strstr(all, "to 199 of its log"));
}

UNIT(the_counter_tells_how_much)
{
	device_log.last = 3;
	pull();
	device_log.oldest = 6;
	device_log.last = 7;
	assert_int_equal(200, push_from(&dev, "e-1", 6, json_pack("[o,o]",
	    record(6), record(7))));
	paid(5);
	assert_non_null(strstr(gaps(), "records 4 to 5 of its log are lost; "
	    "its counter says 4 sides"));
}

UNIT(a_new_log)
{
	device_log.last = 3;
	pull();
	paid(3);
	device_log.epoch = "e-2";
	device_log.last = 5;
	pull();
	paid(8);
	assert_int_equal(5, device_log.acked);
	assert_int_equal(2, device_log.asked);
}

/* Each page is acknowledged as one of the log it is of. */
UNIT(a_log_that_changes_between_two_pages)
{
	device_log.last = 150;
	device_log.then = "e-2";
	pull();
	paid(100);
	assert_int_equal(100, device_log.acked);
	device_log.last = 3;
	pull();
	paid(103);
	assert_int_equal(3, device_log.acked);
}

UNIT(nothing_comes_twice_after_a_crash)
{
	device_log.last = 150;
	pull();
	paid(150);
	close(net);
	whole_restart();
	net = whole_peer(ROLE_NET);
	paid(150);
	assert_int_equal(200, push_as(&dev, "e-1", json_pack("[o]",
	    record(150))));
	paid(150);
}

/* Removed, and registered under another id: the log is the same one. */
UNIT(registered_anew)
{
	struct device anew = dev;

	snprintf(dev.serial, sizeof dev.serial, "X1");
	whole_write();
	assert_int_equal(0, store_device_set(whole->st, &dev));
	whole_turns();
	device_log.last = 3;
	pull();
	paid(3);
	dev.state = 2;
	dev.cert_fp[0] = dev.token[0] = '\0';
	whole_write();
	assert_int_equal(0, store_device_set(whole->st, &dev));
	snprintf(anew.id, sizeof anew.id, "anew");
	snprintf(anew.name, sizeof anew.name, "anew");
	snprintf(anew.serial, sizeof anew.serial, "X1");
	assert_int_equal(0, store_device_add(whole->st, &anew));
	whole_turns();
	devices_changed(whole, dev.id);
	assert_int_equal(200, push_as(&anew, "e-1", json_pack("[o,o]",
	    record(3), record(4))));
	assert_int_equal(4, json_integer_value(json_object_get(got,
	    "acked_seq")));
	paid(3);
	assert_int_equal(20 * CENT, whole_balance(ACCOUNT_DEVICE, "anew"));
	/* But not of whoever says so. */
	snprintf(anew.id, sizeof anew.id, "other");
	snprintf(anew.name, sizeof anew.name, "other");
	snprintf(anew.serial, sizeof anew.serial, "X2");
	snprintf(anew.cert_fp, sizeof anew.cert_fp, "of another");
	snprintf(anew.token, sizeof anew.token, "of another");
	whole_write();
	assert_int_equal(0, store_device_add(whole->st, &anew));
	whole_turns();
	assert_int_equal(200, push_as(&anew, "e-1", json_pack("[o]",
	    record(1))));
	assert_int_equal(20 * CENT, whole_balance(ACCOUNT_DEVICE, "other"));
}

UNIT(a_page_that_is_none)
{
	static const char *const bad[] = { "{}", "{\"epoch\":\"e\"}",
	    "{\"epoch\":7,\"records\":[]}", "{\"epoch\":\"e\",\"records\":7}",
	    "{\"epoch\":\"\",\"records\":[]}", "{\"epoch\":\"e\","
	    "\"records\":[],\"next\":9223372036854775807}" };
	struct usage_page page;
	struct rel_err err;
	struct rel_buf b;

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		json_t *v = json_loads(bad[i], 0, NULL);

		assert_int_equal(-REL_E_FORMAT, usage_page_read(&page, v,
		    &err));
		usage_page_fini(&page);
		json_decref(v);
	}
	device_log.last = 2;
	rel_buf_init(&b);
	{
		json_t *v = page_json("", 0, 100);

		assert_int_equal(0, usage_page_read(&page, v, &err));
		json_decref(v);
	}
	usage_page_put(&b, &page);
	usage_page_fini(&page);
	for (size_t n = 0; n < b.len; n++)
		assert_int_equal(-REL_E_FORMAT, usage_page_get(&page, b.data,
		    n));
	assert_int_equal(0, usage_page_get(&page, b.data, b.len));
	assert_int_equal(2, page.n);
	usage_page_fini(&page);
	rel_buf_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		PULLED(page_by_page),
		PULLED(push_and_pull_of_the_same),
		PULLED(what_is_lost_is_told_once),
		PULLED(many_holes_are_told_together),
		PULLED(the_counter_tells_how_much),
		PULLED(a_new_log),
		PULLED(a_log_that_changes_between_two_pages),
		PULLED(nothing_comes_twice_after_a_crash),
		PULLED(registered_anew),
		UNIT_RUN(a_page_that_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
