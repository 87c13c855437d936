/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The driver snmp-lpr with played agents that are odd, slow or hostile. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/dial.h"
#include "lib/text.h"
#include "releaserd/driver/snmp_priv.h"
#include "tests/unit/snmp_fixture.h"
#include "tests/unit/too_late.h"

static struct played agent;
static struct driver_said said;
static struct rel_err err;

static void
path_of(char out[512], const char *name)
{
	const char *src = getenv("srcdir");

	snprintf(out, 512, "%s/tests/snmp/own/%s.txt", src != NULL ? src : ".",
	    name);
}

static void
begin(struct driver_ask *q, const char *profile)
{
	char path[512];

	path_of(path, profile);
	if (!play(&agent, path))
		fail_msg("%s cannot be played", path);
	ask_init(q, &agent);
	driver_said_init(&said);
}

static void
end(void)
{
	play_end(&agent);
	driver_said_fini(&said);
}

static const char *
item(const char *name)
{
	const char *v = items_get(&said.items, name);

	return v != NULL ? v : "-";
}

/* Ask again, with what was kept. */
static int
status(struct driver_ask *q)
{
	snprintf(q->kept, sizeof q->kept, "%s", said.kept);
	driver_said_fini(&said);
	driver_said_init(&said);
	return driver_snmp_lpr.status(q, &said, &err);
}

UNIT(the_version_it_speaks_is_found_and_kept)
{
	struct driver_ask q;
	unsigned long asked;

	begin(&q, "v1");
	q.deadline_ms = 4000;
	q.at.nsnmp = 2;
	q.at.snmp[1] = q.at.snmp[0];
	q.at.snmp[0].version = SNMP_V2C;
	q.at.snmp[1].version = SNMP_V1;
	assert_int_equal(driver_snmp_lpr.info(&q, &said, &err), 0);
	assert_non_null(strstr(said.kept, "a=1 "));
	assert_string_equal(item("model"), "Example V1");
	assert_string_equal(item("input.1.level"), "-3");
	assert_string_equal(item("input.2.level"), "-");
	assert_string_equal(item("counter.impressions"), "-");
	int64_t from = rel_mono_ms();

	assert_int_equal(status(&q), 0);
	assert_true(rel_mono_ms() - from < 1000);
	assert_string_equal(item("state"), "stopped");
	assert_string_equal(item("reasons"), "media-jam-error");
	/* What it has not is not asked for again: one question in all. */
	assert_non_null(strstr(said.kept, " x=824 "));
	asked = play_asked(&agent);
	assert_int_equal(status(&q), 0);
	assert_int_equal(play_asked(&agent) - asked, 1);
	assert_string_equal(item("reasons"), "media-jam-error");
	end();
}

UNIT(status_is_cheap_and_sees_what_changes)
{
	struct driver_ask q;
	unsigned long asked;

	begin(&q, "plain");
	assert_int_equal(driver_snmp_lpr.info(&q, &said, &err), 0);
	asked = play_asked(&agent);
	assert_int_equal(status(&q), 0);
	assert_int_equal(play_asked(&agent) - asked, 1);
	assert_false(said.changed);
	assert_int_equal(said.items.groups, 1u << ITEMS_STATE);
	assert_string_equal(item("reasons"),
	    "media-low-warning,stapler-cover-open-error");
	assert_string_equal(item("supply.1.level"), "-");

	/* a jam, and another tray: the alerts are read again */
	play_set(&agent, "1.3.6.1.2.1.25.3.5.1.2.3|4x|0400");
	play_set(&agent, "1.3.6.1.2.1.43.5.1.1.1.3|65|8");
	play_set(&agent, "1.3.6.1.2.1.43.18.1.1.7.3.202|2|8");
	play_set(&agent, "1.3.6.1.2.1.43.18.1.1.4.3.202|2|13");
	play_set(&agent, "1.3.6.1.2.1.43.5.1.1.18.3|65|5");
	assert_int_equal(status(&q), 0);
	assert_true(said.changed);
	assert_string_equal(item("state"), "stopped");
	assert_string_equal(item("reasons"), "media-jam-error,media-low-warning");
	assert_string_equal(item("alert.2.reason"), "media-jam-error");
	assert_true((said.items.groups & 1u << ITEMS_ALERT) != 0);
	assert_int_equal(status(&q), 0);
	assert_false(said.changed);

	/* asleep: other, and running */
	play_set(&agent, "1.3.6.1.2.1.25.3.5.1.2.3|4|");
	play_set(&agent, "1.3.6.1.2.1.25.3.5.1.1.3|2|1");
	assert_int_equal(status(&q), 0);
	assert_string_equal(item("state"), "sleep");
	end();
}

UNIT(a_counter_that_wraps_is_told_as_it_is)
{
	struct driver_ask q;

	begin(&q, "plain");
	assert_int_equal(driver_snmp_lpr.info(&q, &said, &err), 0);
	assert_string_equal(item("counter.impressions"), "4294967290");
	play_set(&agent, "1.3.6.1.2.1.43.10.2.1.4.3.1|65|5");
	assert_int_equal(status(&q), 0);
	assert_string_equal(item("counter.impressions"), "5");
	end();
}

UNIT(the_states_of_a_device)
{
	static const struct {
		const char *printer, *device, *errors, *state, *reasons;
	} t[] = {
		{ "3", "2", "00", "idle", "none" },
		{ "4", "2", "8000", "processing", "media-low-warning" },
		{ "5", "2", "", "warmup", "none" },
		{ "1", "3", "20", "sleep", "toner-low-warning" },
		{ "1", "5", "0800", "stopped", "door-open-error" },
		{ "3", "3", "40", "idle", "media-empty-warning" },
		{ "1", "5", "40", "stopped", "media-empty-error" },
		{ "3", "2", "02", "offline", "offline-error" },
		{ "4", "3", "0104", "processing",
		    "service-needed-warning,media-empty-warning" },
		{ "2", "2", "0002", "idle", "service-due-report" },
		{ "2", "1", "", "unknown", "none" },
	};
	struct driver_ask q;

	begin(&q, "nobulk");
	assert_int_equal(driver_snmp_lpr.info(&q, &said, &err), 0);
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		char line[128];

		snprintf(line, sizeof line, "1.3.6.1.2.1.25.3.5.1.1.1|2|%s",
		    t[i].printer);
		play_set(&agent, line);
		snprintf(line, sizeof line, "1.3.6.1.2.1.25.3.2.1.5.1|2|%s",
		    t[i].device);
		play_set(&agent, line);
		snprintf(line, sizeof line, "1.3.6.1.2.1.25.3.5.1.2.1|4x|%s",
		    t[i].errors);
		play_set(&agent, line);
		assert_int_equal(status(&q), 0);
		assert_string_equal(item("state"), t[i].state);
		assert_string_equal(item("reasons"), t[i].reasons);
	}
	end();
}

UNIT(nobody_there_takes_no_longer_than_it_may)
{
	struct driver_ask q;
	int64_t from = rel_mono_ms();

	begin(&q, "plain");
	q.deadline_ms = 700;
	play_end(&agent);
	assert_int_equal(driver_snmp_lpr.status(&q, &said, &err),
	    -REL_E_TIMEOUT);
	assert_non_null(strstr(err.text, "does not answer"));
	assert_true(rel_mono_ms() - from < 2500);
	driver_said_fini(&said);
}

UNIT(a_question_that_is_lost_is_asked_again)
{
	struct driver_ask q;

	begin(&q, "lossy");
	q.deadline_ms = 6000;
	assert_int_equal(driver_snmp_lpr.info(&q, &said, &err), 0);
	assert_string_equal(item("serial"), "EX1");
	end();
}

UNIT(columns_go_singly_where_they_must)
{
	struct driver_ask q;

	begin(&q, "nobulk");
	assert_int_equal(driver_snmp_lpr.info(&q, &said, &err), 0);
	assert_string_equal(item("serial"), "EX1");
	assert_string_equal(item("supply.1.percent"), "50");
	assert_string_equal(item("counter.impressions"), "1000");
	end();
}

UNIT(answers_that_are_cut_are_none)
{
	struct driver_ask q;

	begin(&q, "cut");
	q.deadline_ms = 700;
	assert_int_equal(driver_snmp_lpr.info(&q, &said, &err),
	    -REL_E_TIMEOUT);
	end();
}

UNIT(who_is_told_that_it_is_too_late_does_not_wait_on)
{
	int64_t from = rel_mono_ms();
	struct driver_ask q;

	begin(&q, "plain");
	q.deadline_ms = 1500;
	play_end(&agent);
	too_late_waits = 0;
	rel_wait_by(too_late);
	assert_true(driver_snmp_lpr.info(&q, &said, &err) < 0);
	rel_wait_by(NULL);
	assert_in_range(too_late_waits, 1, 10);
	assert_true(rel_mono_ms() - from < 1000);
	driver_said_fini(&said);
}

UNIT(of_a_way_in_that_failed_nothing_stays)
{
	struct driver_ask q;

	begin(&q, "forgetful");
	q.deadline_ms = 600;
	snprintf(q.kept, sizeof q.kept, "a=0 h=1 e=8 s=0 r=");
	assert_int_equal(driver_snmp_lpr.status(&q, &said, &err),
	    -REL_E_TIMEOUT);
	assert_true(play_asked(&agent) > 1);
	assert_int_equal(said.items.n, 0);
	assert_string_equal(said.kept, "");
	/* the same where the supplies are not due: it did say all that */
	snprintf(said.kept, sizeof said.kept, "a=0 h=1 e=8 s=%lld r=",
	    (long long)(rel_now_ms() / 1000));
	assert_int_equal(status(&q), 0);
	assert_string_equal(item("alert.1.reason"), "media-empty-error");
	end();
}

UNIT(without_an_access_nobody_is_asked)
{
	struct driver_ask q;

	begin(&q, "plain");
	q.at.nsnmp = 0;
	assert_int_equal(driver_snmp_lpr.info(&q, &said, &err),
	    -REL_E_DENIED);
	q.at.nsnmp = 1;
	/* No transport of the library's is to be had by an address. */
	snprintf(q.at.address, sizeof q.at.address, "unix:/tmp/x");
	q.deadline_ms = 1000;
	assert_true(driver_snmp_lpr.info(&q, &said, &err) < 0);
	end();
}

UNIT(long_strings_are_cut)
{
	struct driver_ask q;

	begin(&q, "long");
	assert_int_equal(driver_snmp_lpr.info(&q, &said, &err), 0);
	assert_true(strlen(item("location")) < ITEM_VALUE_MAX);
	assert_true(strlen(item("location")) > 900);
	assert_true(strlen(item("model")) > 60);
	assert_true(strlen(said.kept) < DRIVER_KEPT_MAX);
	end();
}

UNIT(what_is_kept_comes_back)
{
	struct snmp_kept k = { 1, 3, 4, 2, 7, true, 5, 1ll << 32, -1, 5,
	    1795290300, "media-low-warning,x-error" }, back;
	char text[DRIVER_KEPT_MAX];

	snmp_kept_write(text, &k);
	snmp_kept_read(&back, text);
	assert_int_equal(back.access, 1);
	assert_int_equal(back.h, 3);
	assert_int_equal(back.hr, 4);
	assert_int_equal(back.marker, 2);
	assert_int_equal(back.quirk, 7);
	assert_true(back.ink);
	assert_int_equal(back.missing, 5);
	assert_int_equal(back.config, 1ll << 32);
	assert_int_equal(back.critical, -1);
	assert_int_equal(back.supplies_s, 1795290300);
	assert_string_equal(back.alerts, k.alerts);
	snmp_kept_read(&back, "");
	assert_int_equal(back.h, SNMP_ANY);
	snmp_kept_read(&back, "h=x a=99999999999999 c=");
	assert_int_equal(back.h, SNMP_ANY);
	assert_int_equal(back.access, SNMP_ANY);
	memset(k.alerts, 'y', sizeof k.alerts - 1);
	memcpy(k.alerts, "a,b,", 4);
	snmp_kept_write(text, &k);
	snmp_kept_read(&back, text);
	assert_string_equal(back.alerts, "a,b");
}

UNIT(each_quirk_is_reached)
{
	size_t n;
	const struct snmp_quirk *q = snmp_quirks(&n);

	assert_true(n > 20);
	for (size_t i = 0; i < n; i++) {
		char id[80];

		snprintf(id, sizeof id, "1.3.6.1.4.1.%s.1", q[i].arc);
		assert_ptr_equal(snmp_quirk_of(q[i].arc[0] != '\0' ? id : "",
		    q[i].model != NULL ? q[i].model : ""), &q[i]);
	}
	assert_ptr_equal(snmp_quirk_of("1.3.6.1.4.1.12481.1", ""), &q[n - 1]);
}

UNIT(device_ids)
{
	char v[64];

	assert_true(snmp_id_key("MFG:EPSON;MDL: WF ;SN:58;", "MDL", v, 64));
	assert_string_equal(v, "WF");
	assert_true(snmp_id_key("MANUFACTURER:A;COMMAND SET:PCL,PS", "CMD", v,
	    64));
	assert_string_equal(v, "PCL,PS");
	assert_false(snmp_id_key("XMFG:A;;:;MFG", "MFG", v, 64));
	assert_false(snmp_id_key("", "MFG", v, 64));
	snprintf(v, sizeof v, "583548373030");
	snmp_id_unhex(v);
	assert_string_equal(v, "X5H700");
	snprintf(v, sizeof v, "X5H700");
	snmp_id_unhex(v);
	assert_string_equal(v, "X5H700");
	snprintf(v, sizeof v, "0001020304");
	snmp_id_unhex(v);
	assert_string_equal(v, "0001020304");
}

UNIT(reasons_of_alerts)
{
	static const struct {
		int64_t code, severity, group;
		const char *reason;
	} t[] = {
		{ 8, 3, 13, "media-jam-error" }, { 3, 4, 6, "cover-open-warning" },
		{ 801, 3, 8, "input-tray-missing-error" },
		{ 807, 4, 8, "media-low-warning" },
		{ 808, 3, 8, "media-empty-error" },
		{ 12, 4, 8, "media-low-warning" },
		{ 13, 3, 11, "marker-supply-empty-error" },
		{ 15, 3, 9, "output-area-full-error" },
		{ 1104, 4, 11, "toner-low-warning" },
		{ 1110, 3, 11, "marker-waste-full-error" },
		{ 30208, 3, 30, "stapler-jam-error" },
		{ 30812, 4, 30, "puncher-almost-empty-warning" },
		{ 22, 3, 8, "input-tray-offline-error" },
		{ 12, 4, INT64_MAX, "printer-almost-empty-warning" },
		{ INT64_MIN, 4, INT64_MIN, "other-warning" },
		{ 2, 1, 5, "other-report" }, { -5, 3, 5, "other-error" },
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		char text[96];

		snmp_reason_alert(text, sizeof text, t[i].code, t[i].severity,
		    t[i].group);
		assert_string_equal(text, t[i].reason);
	}
}

UNIT(names_of_objects)
{
	struct snmp_oid o;
	char text[64];

	assert_true(snmp_oid_read(&o, ".1.3.6.1.4294967295"));
	assert_int_equal(o.n, 5);
	snmp_oid_text(text, sizeof text, o.arc, o.n);
	assert_string_equal(text, "1.3.6.1.4294967295");
	snmp_oid_text(text, 8, o.arc, o.n);
	assert_string_equal(text, "1.3.6.1");
	assert_false(snmp_oid_read(&o, "1.3.4294967296"));
	assert_false(snmp_oid_read(&o, "1..3"));
	assert_false(snmp_oid_read(&o, "1.3."));
	assert_false(snmp_oid_read(&o, ""));
}

UNIT(a_tree_takes_so_much_and_no_more)
{
	struct snmp_tree t;
	uint32_t oid[] = { 1, 3, 0 };
	static char big[SNMP_OCTETS + 10];

	snmp_tree_init(&t);
	for (uint32_t i = 9000; i > 0; i--) {
		oid[2] = i;
		(void)snmp_tree_octets_add(&t, oid, 3, SNMP_OCTET_STRING, big,
		    i % 2 == 0 ? sizeof big : 0);
	}
	assert_true(t.n <= SNMP_VARS && t.bytes <= SNMP_BYTES);
	assert_non_null(snmp_tree_get(&t, "1.3", 9000, SNMP_ANY));
	assert_int_equal(snmp_tree_get(&t, "1.3", 9000, SNMP_ANY)->len,
	    SNMP_OCTETS);
	assert_null(snmp_tree_get(&t, "1.3", 1, SNMP_ANY));
	oid[2] = 9000;
	assert_true(!snmp_tree_number_add(&t, oid, 3, 7) ||
	    snmp_tree_get(&t, "1.3", 9000, SNMP_ANY)->len > 0);
	snmp_tree_fini(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(the_version_it_speaks_is_found_and_kept),
		UNIT_RUN(status_is_cheap_and_sees_what_changes),
		UNIT_RUN(a_counter_that_wraps_is_told_as_it_is),
		UNIT_RUN(the_states_of_a_device),
		UNIT_RUN(nobody_there_takes_no_longer_than_it_may),
		UNIT_RUN(a_question_that_is_lost_is_asked_again),
		UNIT_RUN(columns_go_singly_where_they_must),
		UNIT_RUN(answers_that_are_cut_are_none),
		UNIT_RUN(who_is_told_that_it_is_too_late_does_not_wait_on),
		UNIT_RUN(of_a_way_in_that_failed_nothing_stays),
		UNIT_RUN(without_an_access_nobody_is_asked),
		UNIT_RUN(long_strings_are_cut),
		UNIT_RUN(what_is_kept_comes_back),
		UNIT_RUN(each_quirk_is_reached),
		UNIT_RUN(device_ids),
		UNIT_RUN(reasons_of_alerts),
		UNIT_RUN(names_of_objects),
		UNIT_RUN(a_tree_takes_so_much_and_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
