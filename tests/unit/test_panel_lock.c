/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* A locked panel: what is released there waits, also over a restart. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "releaserd/core/access.h"
#include "releaserd/core/panel_lock.h"
#include "releaserd/core/store_lock.h"
#include "releaserd/core/store_priv.h"
#include "tests/unit/core_whole.h"

static struct device dev;

static int64_t
waiting(void)
{
	int64_t n = -1;

	assert_int_equal(0, store_number(whole->st, "SELECT count(*) FROM"
	    " lock_wait WHERE device_id=?", &n, "t", dev.id));
	return n;
}

static void
lock(bool on)
{
	whole_write();
	assert_int_equal(0, panel_lock_set(whole, device_at(whole, dev.id),
	    on, "root"));
	whole_turns();
}

static int
release(int64_t id)
{
	int rc = whole_release(id, device_at(whole, dev.id));

	whole_turns();
	return rc;
}

static void
tick(void)
{
	panel_lock_tick(whole);
	whole_turns();
}

/* The job is confidential from now on. */
static void
make_confidential(int64_t id)
{
	struct job j = whole_row(id);
	struct rel_err err;

	j.id = ids_next(whole);
	snprintf(j.uuid, sizeof j.uuid, "c%lld", (long long)j.id);
	assert_int_equal(0, job_pin_set(whole, &j, "", "1234", &err));
	whole_write();
	assert_int_equal(0, store_job_end(whole->st, id, JOB_DELETED, "", 1));
	assert_int_equal(0, store_job_add(whole->st, &j));
	whole_turns();
	assert_int_equal(-REL_E_DENIED, release(j.id));
	assert_int_equal(JOB_HELD, whole_state(j.id));
}

UNIT(what_is_released_waits_and_comes_out_when_it_is_unlocked)
{
	int64_t a = whole_job(), b = whole_job();

	whole_device(&dev);
	lock(true);
	assert_int_equal(-REL_E_DENIED, release(a));
	assert_int_equal(-REL_E_DENIED, release(b));
	assert_int_equal(-REL_E_DENIED, release(b));
	tick();
	assert_int_equal(JOB_HELD, whole_state(a));
	assert_int_equal(2, waiting());
	lock(false);
	tick();
	assert_int_equal(JOB_RELEASING, whole_state(a));
	assert_int_equal(JOB_RELEASING, whole_state(b));
	assert_int_equal(0, waiting());
	tick();
	assert_string_equal("anna", whole_row(a).released_by);
}

UNIT(it_is_locked_after_a_restart_and_the_job_is_not_forgotten)
{
	int64_t a = whole_job();

	whole_device(&dev);
	lock(true);
	assert_int_equal(-REL_E_DENIED, release(a));
	whole_restart();
	tick();
	assert_int_equal(JOB_HELD, whole_state(a));
	assert_non_null(panel_lock_of(whole, dev.id));
	lock(false);
	whole_restart();
	assert_null(panel_lock_of(whole, dev.id));
	tick();
	assert_int_equal(JOB_RELEASING, whole_state(a));
}

UNIT(confidential_jobs_stay_held)
{
	whole_device(&dev);
	lock(true);
	make_confidential(whole_job());
	assert_int_equal(0, waiting());
	lock(false);
	tick();
	assert_int_equal(0, waiting());
}

UNIT(a_job_that_went_elsewhere_or_is_gone_does_not_come_out_twice)
{
	int64_t a = whole_job(), b = whole_job();
	struct device other;

	whole_device(&dev);
	lock(true);
	assert_int_equal(-REL_E_DENIED, release(a));
	assert_int_equal(-REL_E_DENIED, release(b));
	whole_device(&other);
	assert_int_equal(0, whole_release(a, &other));
	whole_write();
	assert_int_equal(0, store_job_end(whole->st, b, JOB_DELETED, "", 1));
	whole_turns();
	assert_int_equal(1, waiting());
	lock(false);
	tick();
	assert_int_equal(0, waiting());
	assert_string_equal(other.id, whole_row(a).device_id);
	assert_int_equal(JOB_DELETED, whole_state(b));
}

UNIT(whoever_is_logged_in_at_it_is_logged_out_and_prints_when_back)
{
	struct user u = { .id = 7, .key = "anna", .name = "Anna" };
	struct release_order o = { .by = "anna" };
	int64_t id = whole_job();
	struct job j = whole_row(id);
	struct released got;
	struct session *s;
	char sid[37];

	whole_device(&dev);
	whole_user_add(&u);
	s = session_open(whole, dev.id, &u, "card", "en");
	memcpy(sid, s->id, sizeof sid);
	lock(true);
	assert_null(session_find(whole, sid, dev.id));
	o.session = session_open(whole, dev.id, &u, "card", "en");
	o.device = device_at(whole, dev.id);
	whole_write();
	assert_int_equal(0, release_job(whole, &j, &o, &got));
}

/* ---- the local API, and what the device is told */

static const char *
restriction(const char *what)
{
	static char said[16];
	int64_t rev;
	json_t *o = access_restrictions(whole, device_at(whole, dev.id), &rev);

	snprintf(said, sizeof said, "%s", json_string_value(json_object_get(
	    json_object_get(o, "unauthenticated"), what)));
	json_decref(o);
	return said;
}

UNIT(the_local_api_locks_and_says_why_a_job_waits)
{
	int64_t id = whole_job();
	char text[24];

	whole_device(&dev);
	whole_call_set(F_ID, dev.name);
	assert_int_equal(200, whole_call(API_DEVICE_LOCK));
	assert_true(json_is_string(json_object_get(call.body,
	    "panel_locked_at")));
	assert_string_equal("deny", restriction("print"));
	ids_job_text(text, id);
	whole_call_set(F_ID, text);
	whole_call_set(F_DEVICE, dev.name);
	assert_int_equal(409, whole_call(API_JOB_RELEASE));
	assert_string_equal("panel-locked", call.problem);
	assert_int_equal(1, waiting());
	whole_call_set(F_DEVICE, NULL);
	whole_call_set(F_ID, dev.id);
	assert_int_equal(200, whole_call(API_DEVICE_UNLOCK));
	assert_true(json_is_null(json_object_get(call.body,
	    "panel_locked_at")));
	tick();
	assert_int_equal(JOB_RELEASING, whole_state(id));
	whole_call_set(F_ID, "nowhere");
	assert_int_equal(404, whole_call(API_DEVICE_LOCK));
}

/* Print-direct is open while nobody is logged in: then it stores. */
UNIT(a_locked_device_stores_what_it_would_print)
{
	struct access_row r = { .function = "print-direct", .who =
	    ACCESS_NOBODY, .place = PLACE_ALL, .say = SAY_OPEN };

	whole_device(&dev);
	whole_write();
	assert_true(store_access_set(whole->st, &r) >= 0);
	whole_turns();
	r = (struct access_row){ .function = "print-from-usb", .who =
	    ACCESS_NOBODY, .place = PLACE_ALL, .say = SAY_OPEN };
	whole_write();
	assert_true(store_access_set(whole->st, &r) >= 0);
	whole_turns();
	assert_string_equal("allow", restriction("print"));
	assert_string_equal("allow", restriction("usb_print_from"));
	assert_string_equal("deny", restriction("usb_scan_to"));
	lock(true);
	assert_string_equal("hold", restriction("print"));
	assert_string_equal("deny", restriction("usb_print_from"));
	lock(false);
	assert_string_equal("allow", restriction("print"));
}

/* The last one: what is stuck is so for a while. */
UNIT(one_that_cannot_be_released_does_not_keep_the_others)
{
	int64_t a = whole_job(), b = whole_job();

	whole_device(&dev);
	lock(true);
	assert_int_equal(-REL_E_DENIED, release(a));
	assert_int_equal(-REL_E_DENIED, release(b));
	whole_write();
	assert_true(store_exec(whole->st, "CREATE TRIGGER no BEFORE UPDATE ON"
	    " job WHEN NEW.state<>OLD.state AND NEW.id=(SELECT min(id) FROM"
	    " job) BEGIN SELECT RAISE(ABORT,'no'); END", "") >= 0);
	whole_turns();
	lock(false);
	for (int i = 0; i < 3; i++)
		tick();
	assert_int_equal(JOB_HELD, whole_state(a));
	assert_int_equal(JOB_RELEASING, whole_state(b));
	assert_int_equal(1, waiting());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WHOLE(what_is_released_waits_and_comes_out_when_it_is_unlocked),
		WHOLE(it_is_locked_after_a_restart_and_the_job_is_not_forgotten),
		WHOLE(confidential_jobs_stay_held),
		WHOLE(a_job_that_went_elsewhere_or_is_gone_does_not_come_out_twice),
		WHOLE(whoever_is_logged_in_at_it_is_logged_out_and_prints_when_back),
		WHOLE_CALL(the_local_api_locks_and_says_why_a_job_waits),
		WHOLE(a_locked_device_stores_what_it_would_print),
		WHOLE(one_that_cannot_be_released_does_not_keep_the_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
