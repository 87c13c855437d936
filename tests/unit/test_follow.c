/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* A document that went by IPP is followed to its end, and paid as it says. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/text.h"
#include "releaserd/core/fleet.h"
#include "releaserd/core/follow.h"
#include "releaserd/core/prices.h"
#include "releaserd/core/transport.h"
#include "tests/unit/core_whole.h"

#define SIDES 6			/* of one copy; two are printed */

static struct device dev;
static int driver;
static uint32_t question;
static struct driver_ask asked;

static int
begin(void **state)
{
	struct user u;

	assert_int_equal(0, whole_open(state));
	whole_device(&dev);
	snprintf(dev.transport, sizeof dev.transport, "ipp");
	whole_write();
	assert_int_equal(0, store_device_set(whole->st, &dev));
	whole_turns();
	devices_changed(whole, dev.id);
	driver = whole_peer(ROLE_DRIVER);
	whole_user(&u, 1, "anna");
	whole_book(prices_book(whole), "mono 0.10\ncolour 0.10\n");
	return 0;
}

static int
end(void **state)
{
	close(driver);
	return whole_close(state);
}
#define FOLLOWED(name) cmocka_unit_test_setup_teardown(name, begin, end)

/* A job of twelve sides that a send says this of; number: the device's. */
static int64_t
printed_as(struct send_result *r)
{
	int64_t id = whole_counted(SIDES);
	int send = whole_peer(ROLE_SEND);
	struct rel_buf b;

	assert_int_equal(0, whole_release(id, &dev));
	whole_turns();
	close(whole_given(send));
	r->job_id = (uint64_t)id;
	rel_buf_init(&b);
	send_result_put(&b, r);
	whole_say(send, IPC_SEND_RESULT, &b);
	rel_buf_fini(&b);
	whole_turns();
	close(send);
	whole_turns();
	return id;
}

static int64_t
printed(enum rel_send_outcome what, uint32_t number)
{
	struct send_result r = { .outcome = (uint8_t)what, .bytes = 3,
	    .device_job = number };

	return printed_as(&r);
}

/* Wait for the next question; false: none comes. */
static bool
is_asked(int ms)
{
	struct rel_frame fr;

	for (int64_t until = rel_mono_ms() + ms; rel_mono_ms() < until;) {
		follow_tick(whole);
		whole_turns();
		while (whole_heard(driver, &fr) == 1) {
			if (fr.type != IPC_DRIVER_ASK)
				continue;
			assert_int_equal(0, driver_ask_get(&asked, fr.body,
			    fr.len));
			question = fr.id;
			return true;
		}
		usleep(10000);
	}
	return false;
}

static bool
no_row(const struct device_job *d, void *ctx)
{
	(void)d;
	(void)ctx;
	return true;
}

/* Nor would a new core ask. */
static void
nothing_is_followed(void)
{
	assert_int_equal(0, store_device_job_list(whole->st, no_row, NULL));
	assert_false(is_asked(50));
}

static void
says(int rc, int state, int64_t sides, const char *reasons)
{
	struct driver_said s;

	driver_said_init(&s);
	s.rc = (int8_t)rc;
	s.job.state = (uint8_t)state;
	s.job.impressions = sides;
	s.job.sheets = s.job.color = -1;
	snprintf(s.job.reasons, sizeof s.job.reasons, "%s", reasons);
	whole_said(driver, question, &s);
	whole_turns();
}

static bool
event_row(int64_t at_ms, const char *kind, const char *text, void *ctx)
{
	char *all = ctx;
	size_t n = strlen(all);

	(void)at_ms;
	snprintf(all + n, 4000 - n, "%s: %s\n", kind, text);
	return true;
}

/* The job's story has these words. */
static void
told(int64_t id, const char *words)
{
	char all[4000] = "";

	assert_true(store_event_list(whole->st, id, event_row, all) >= 0);
	if (strstr(all, words) == NULL)
		fail_msg("\"%s\" is not in:\n%s", words, all);
}

static void
came_out(int64_t id, int64_t sides, int64_t colour, int64_t sheets)
{
	struct job j = whole_row(id);

	if (j.out.sides * j.out_copies != sides ||
	    j.out.colour * j.out_copies != colour ||
	    j.out.sheets * j.out_copies != sheets)
		fail_msg("%lld x %lld sides, %lld in colour, on %lld",
		    (long long)j.out_copies, (long long)j.out.sides,
		    (long long)j.out.colour, (long long)j.out.sheets);
}

UNIT(the_device_is_asked_by_the_way_the_document_went)
{
	int64_t id;

	snprintf(dev.protocol, sizeof dev.protocol, "snmp-lpr");
	snprintf(dev.ipp_uri, sizeof dev.ipp_uri, "ipp://p/x");
	snprintf(dev.ipp_pin, sizeof dev.ipp_pin, "abc");
	whole_write();
	assert_int_equal(0, store_device_set(whole->st, &dev));
	whole_turns();
	devices_changed(whole, dev.id);
	id = printed(REL_SEND_SENT, 17);
	do
		assert_true(is_asked(1500));
	while (asked.op != DRIVER_JOB_STATE);
	assert_string_equal("17", asked.id);
	assert_string_equal("ipp", asked.at.protocol);
	assert_string_equal("ipp://p/x", asked.at.url);
	assert_string_equal("abc", asked.at.pin);
	came_out(id, 12, 2, 6);
}

UNIT(a_jam_after_five_of_twelve_is_five)
{
	int64_t id = printed(REL_SEND_SENT, 17), before;

	before = whole_balance(ACCOUNT_USER, "anna");
	assert_true(is_asked(1500));
	says(0, 5, 2, "job-printing");		/* nothing to tell yet */
	assert_true(is_asked(2500));
	says(0, 6, 5, "printer-stopped");
	told(id, "followed: printed 5 of 12 sides, it stopped "
	    "(printer-stopped)");
	came_out(id, 12, 2, 6);
	assert_true(is_asked(4500));
	says(0, 7, 5, "job-canceled-at-device");
	told(id, "followed: printed 5 of 12 sides, then canceled at the "
	    "device (job-canceled-at-device)");
	told(id, "reported: the device says: 5 sides");
	came_out(id, 5, 0, 5);
	assert_int_equal(70 * 10000, whole_balance(ACCOUNT_USER, "anna") -
	    before);
	assert_int_equal(JOB_SENT, whole_state(id));
	nothing_is_followed();
}

UNIT(a_new_core_goes_on_asking)
{
	int64_t id = printed(REL_SEND_SENT, 18);

	assert_true(is_asked(1500));
	close(driver);
	whole_restart();
	driver = whole_peer(ROLE_DRIVER);
	assert_true(is_asked(1500));
	assert_string_equal("18", asked.id);
	says(0, 9, 12, "job-completed-successfully");
	told(id, "followed: printed 12 of 12 sides, completed");
	came_out(id, 12, 2, 6);
	nothing_is_followed();
}

UNIT(completed_without_a_count_is_as_expected)
{
	int64_t id = printed(REL_SEND_SENT, 17);
	int64_t before = whole_balance(ACCOUNT_USER, "anna");

	assert_true(is_asked(1500));
	says(0, 9, 0, "none");
	told(id, "followed: completed");
	came_out(id, 12, 2, 6);
	assert_int_equal(before, whole_balance(ACCOUNT_USER, "anna"));
}

UNIT(a_transfer_nobody_was_sure_of_becomes_sure)
{
	int64_t id = printed(REL_SEND_UNCONFIRMED, 17);

	assert_int_equal(JOB_UNCONFIRMED, whole_state(id));
	assert_true(is_asked(1500));
	says(0, 9, -1, "none");
	assert_int_equal(JOB_SENT, whole_state(id));
	came_out(id, 12, 2, 6);
}

UNIT(what_its_own_log_says_is_not_said_here)
{
	int64_t id;

	dev.level = 3;
	whole_write();
	assert_int_equal(0, store_device_set(whole->st, &dev));
	whole_turns();
	devices_changed(whole, dev.id);
	id = printed(REL_SEND_SENT, 17);
	assert_true(is_asked(1500));
	says(0, 8, 5, "aborted-by-system");
	told(id, "followed: printed 5 of 12 sides, then aborted");
	came_out(id, 12, 2, 6);
}

UNIT(a_job_it_has_forgotten_is_left_alone)
{
	int64_t id = printed(REL_SEND_SENT, 17);

	assert_true(is_asked(1500));
	says(-REL_E_TIMEOUT, 0, -1, "");	/* away: asked again */
	assert_true(is_asked(2500));
	says(-REL_E_NOTFOUND, 0, -1, "");
	told(id, "it has forgotten the job");
	came_out(id, 12, 2, 6);
	nothing_is_followed();
}

/* Printed once more while an answer about the first time is on its way. */
UNIT(an_answer_about_another_release_is_none_about_this)
{
	int64_t id = printed(REL_SEND_SENT, 17);
	struct job j;

	assert_true(is_asked(1500));
	j = whole_row(id);
	whole_write();
	assert_int_equal(0, follow_job(whole, &j, 18));
	whole_turns();
	says(0, 7, 5, "job-canceled-at-device");
	came_out(id, 12, 2, 6);
	assert_true(is_asked(1500));
	assert_string_equal("18", asked.id);
	says(0, 9, 12, "job-completed-successfully");
	told(id, "followed: printed 12 of 12 sides, completed");
	nothing_is_followed();
}

static bool
first_row(const struct device_job *d, void *ctx)
{
	*(struct device_job *)ctx = *d;
	return true;
}

UNIT(what_never_ends_is_given_up)
{
	int64_t id = printed(REL_SEND_SENT, 17);
	struct device_job d;

	assert_int_equal(1, store_device_job_list(whole->st, first_row, &d));
	d.since_ms -= 73 * 3600000LL;
	whole_write();
	assert_int_equal(0, store_device_job_set(whole->st, &d));
	whole_turns();
	close(driver);
	whole_restart();
	driver = whole_peer(ROLE_DRIVER);
	assert_true(is_asked(1500));
	says(0, 5, 2, "job-printing");
	told(id, "is not known: it was at it for three days");
	came_out(id, 12, 2, 6);
	nothing_is_followed();
}

UNIT(numbers_that_cannot_be_change_nothing)
{
	int64_t id = printed(REL_SEND_SENT, 17);

	assert_true(is_asked(1500));
	says(0, 7, INT64_C(1) << 40, "none");
	came_out(id, 12, 2, 6);
	nothing_is_followed();
}

/* The device is asked to cancel it, and says so much. */
static void
cancel(int64_t id, int rc)
{
	struct job j = whole_row(id);

	whole_write();
	assert_int_equal(0, follow_cancel(whole, &j, "anna"));
	whole_turns();
	assert_true(is_asked(400));
	assert_int_equal(DRIVER_JOB_CANCEL, asked.op);
	assert_string_equal("17", asked.id);
	says(rc, 0, -1, "");
	told(id, "followed: anna wants it canceled: the device is asked");
}

UNIT(what_its_owner_cancels_is_paid_so_far)
{
	int64_t id = printed(REL_SEND_SENT, 17);
	struct job j = whole_row(id);

	assert_true(follow_is(&j));
	cancel(id, 0);
	assert_true(is_asked(400));	/* at once */
	assert_int_equal(DRIVER_JOB_STATE, asked.op);
	says(0, 7, 5, "job-canceled-by-user");
	told(id, "followed: printed 5 of 12 sides, then canceled at the "
	    "device (job-canceled-by-user)");
	came_out(id, 5, 0, 5);
	nothing_is_followed();
	assert_false(follow_is(&j));
	whole_write();
	assert_int_equal(-REL_E_NOTHELD, follow_cancel(whole, &j, "anna"));
	whole_turns();
}

UNIT(a_device_that_does_not_cancel_prints_on)
{
	int64_t id = printed(REL_SEND_SENT, 17);

	cancel(id, -REL_E_DENIED);
	told(id, "followed: the device did not cancel it");
	assert_true(is_asked(400));
	says(0, 9, 12, "job-completed-successfully");
	came_out(id, 12, 2, 6);
	nothing_is_followed();
}

/* ---- by LPR: how far the life counter went */

static void
life(int64_t sides, const char *state)
{
	struct items l;

	items_init(&l);
	l.groups = 1u << ITEMS_STATE | 1u << ITEMS_COUNTER;
	items_str(&l, "state", 0, state);
	items_number(&l, "counter.impressions", 0, sides);
	usleep(3000);
	whole_write();
	assert_int_equal(0, fleet_take(whole, dev.id, "snmp", &l));
	whole_turns();
	usleep(3000);
	delta_tick(whole);
	whole_turns();
	items_fini(&l);
}

static bool
counted(int64_t id, const char *words)
{
	char all[4000] = "";

	assert_true(store_event_list(whole->st, id, event_row, all) >= 0);
	return strstr(all, words) != NULL;
}

UNIT(a_life_counter_says_how_far_it_went)
{
	static const struct {
		const char *state;	/* before */
		int64_t then[4];	/* 0: nothing is heard */
		const char *words;	/* NULL: nothing is said */
		bool record, two;
	} t[] = {
		{ "idle", { 105, 112, 112, 0 },
		    "went up by 12 sides, 12 were expected", true, false },
		{ "sleep", { 113, 113, 113, 0 },
		    "went up by 13 sides, 12 were expected", false, false },
		/* still counting */
		{ "idle", { 105, 106, 107, 108 }, NULL, false, false },
		/* reset, or another power-on */
		{ "idle", { 99, 112, 112, 112 }, NULL, false, false },
		/* somebody else was printing */
		{ "processing", { 112, 112, 112, 0 }, NULL, false, false },
		/* two documents at once */
		{ "idle", { 112, 112, 112, 0 }, NULL, false, true },
	};

	snprintf(dev.transport, sizeof dev.transport, "lpr");
	whole_write();
	assert_int_equal(0, store_device_set(whole->st, &dev));
	whole_turns();
	devices_changed(whole, dev.id);
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		int64_t id;

		life(100, t[i].state);
		id = whole_counted(SIDES);
		whole_print(id, &dev, REL_SEND_SENT);
		if (t[i].two)
			whole_print(whole_counted(SIDES), &dev, REL_SEND_SENT);
		for (size_t k = 0; k < 4 && t[i].then[k] != 0; k++)
			life(t[i].then[k], k == 0 ? "processing" : "idle");
		if (counted(id, t[i].words != NULL ? t[i].words :
		    "life counter") != (t[i].words != NULL) ||
		    counted(id, "reported") != t[i].record)
			fail_msg("case %zu", i);
		came_out(id, 12, 2, 6);
		delta_fini();
	}
}

#define MANY 20u		/* more than are asked at once */

/* Documents at dead devices do not keep those from being asked that wait. */
UNIT(who_waits_longest_is_asked_first)
{
	struct device_job d = { .since_ms = rel_now_ms(), .ref = "x" };
	uint32_t first[MANY] = { 0 };
	bool was[MANY + 1] = { false };
	unsigned n = 0;

	memcpy(d.device_id, dev.id, sizeof d.device_id);
	whole_write();
	for (unsigned i = 1; i <= MANY; i++) {
		d.job = d.number = i;
		assert_int_equal(0, store_device_job_set(whole->st, &d));
	}
	whole_turns();
	whole_restart();
	driver = whole_peer(ROLE_DRIVER);
	for (; n < MANY && is_asked(n == 0 ? 2000 : 100); n++) {
		first[n] = question;
		was[atoi(asked.id)] = true;
	}
	assert_in_range(n, 1, MANY - 1);
	usleep(600000);			/* they are due again */
	for (unsigned i = 0; i < n; i++) {
		question = first[i];
		says(-REL_E_TIMEOUT, 0, 0, "");
	}
	for (unsigned i = n; i < MANY; i++) {
		assert_true(is_asked(2000));
		assert_false(was[atoi(asked.id)]);
	}
}

/* While the first document was on its way the device went elsewhere. */
UNIT(a_key_is_believed_only_of_where_the_device_is)
{
	struct send_result r = { .outcome = REL_SEND_SENT, .bytes = 3 };

	memset(r.pin, 'a', 64);
	snprintf(r.uri, sizeof r.uri, "ipp://192.0.2.1:631/ipp/print");
	(void)printed_as(&r);
	assert_string_equal("", device_at(whole, dev.id)->ipp_pin);
	device_ipp_uri(&dev, r.uri);
	(void)printed_as(&r);
	assert_string_equal(r.pin, device_at(whole, dev.id)->ipp_pin);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FOLLOWED(the_device_is_asked_by_the_way_the_document_went),
		FOLLOWED(a_jam_after_five_of_twelve_is_five),
		FOLLOWED(a_new_core_goes_on_asking),
		FOLLOWED(completed_without_a_count_is_as_expected),
		FOLLOWED(a_transfer_nobody_was_sure_of_becomes_sure),
		FOLLOWED(what_its_own_log_says_is_not_said_here),
		FOLLOWED(a_job_it_has_forgotten_is_left_alone),
		FOLLOWED(an_answer_about_another_release_is_none_about_this),
		FOLLOWED(what_never_ends_is_given_up),
		FOLLOWED(numbers_that_cannot_be_change_nothing),
		FOLLOWED(what_its_owner_cancels_is_paid_so_far),
		FOLLOWED(a_device_that_does_not_cancel_prints_on),
		FOLLOWED(who_waits_longest_is_asked_first),
		FOLLOWED(a_key_is_believed_only_of_where_the_device_is),
		FOLLOWED(a_life_counter_says_how_far_it_went),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
