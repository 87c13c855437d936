/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* When devices are asked; the test is the driver. */
#include "tests/unit/unit.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "releaserd/core/fleet_priv.h"
#include "releaserd/core/store_item.h"
#include "releaserd/core/store_priv.h"
#include "tests/unit/core_whole.h"

static struct device dev;
static int driver;
static struct rel_frame heard;
static struct driver_ask asked;

static int
begin(void **state)
{
	if (whole_open(state) < 0)
		return -1;
	driver = whole_peer(ROLE_DRIVER);
	whole_device(&dev);
	return 0;
}

static int
end(void **state)
{
	close(driver);
	return whole_close(state);
}
#define POLL(name) cmocka_unit_test_setup_teardown(name, begin, end)

/* ---- the driver */

/* What is asked next within so long: its op, or 0. */
static unsigned
next_ask(int64_t wait_ms)
{
	int64_t until = rel_mono_ms() + wait_ms;

	do {
		whole_turns();
		while (whole_heard(driver, &heard) == 1) {
			if (heard.type != IPC_DRIVER_ASK)
				continue;
			assert_int_equal(0, driver_ask_get(&asked, heard.body,
			    heard.len));
			return asked.op;
		}
		poll(NULL, 0, 5);
	} while (rel_mono_ms() < until);
	return 0;
}

static void
answer(int rc, const char *state, const char *kept, bool changed)
{
	struct driver_said s;

	driver_said_init(&s);
	s.rc = (int8_t)rc;
	s.changed = changed;
	snprintf(s.kept, sizeof s.kept, "%s", kept);
	if (rc < 0)
		snprintf(s.words, sizeof s.words, "%s", state);
	else
		items_str(&s.items, "state", 0, state);
	whole_said(driver, heard.id, &s);
	whole_turns();
	whole_turns();
}

static struct fleet_one *
one(void)
{
	struct fleet_one *f = fleet_find(whole, dev.id);

	assert_non_null(f);
	return f;
}

/* It is asked from now on. */
static void
ask_it(void)
{
	snprintf(dev.protocol, sizeof dev.protocol, "snmp-lpr");
	snprintf(dev.address, sizeof dev.address, "192.0.2.1");
	dev.snmp_port = 161;
	whole_write();
	assert_int_equal(0, store_device_set(whole->st, &dev));
	whole_turns();
	devices_changed(whole, dev.id);
}

/* It is due now, whenever it was. */
static void
due(void)
{
	one()->due_ms = rel_mono_ms();
	fleet_wake(whole);
}

static int64_t
events(const char *kind)
{
	int64_t n;

	assert_int_equal(0, store_number(whole->st, "SELECT count(*) FROM"
	    " device_event WHERE kind=?", &n, "t", kind));
	return n;
}

/* ---- */

UNIT(who_has_no_protocol_is_not_asked)
{
	assert_int_equal(0, next_ask(100));
	whole->role->set.poll_ms = 0;
	ask_it();
	assert_int_equal(0, next_ask(100));
}

UNIT(a_new_one_is_asked_how_it_is_and_then_all)
{
	int64_t wait;

	ask_it();
	assert_int_equal(DRIVER_STATUS, next_ask(2000));
	assert_string_equal("192.0.2.1", asked.at.address);
	answer(0, "idle", "c1", false);
	assert_int_equal(DRIVER_INFO, next_ask(2000));
	assert_string_equal("c1", asked.kept);
	answer(0, "idle", "c1", false);
	/* At its own moment, and not before half the interval. */
	wait = one()->due_ms - rel_mono_ms();
	assert_true(wait >= 14000 && wait <= 46000);
	assert_int_equal(0, next_ask(60));
	due();
	assert_int_equal(DRIVER_STATUS, next_ask(2000));
	answer(0, "idle", "c1", false);
	assert_int_equal(0, next_ask(60));
}

static void
known(void)
{
	ask_it();
	assert_int_equal(DRIVER_STATUS, next_ask(2000));
	answer(0, "idle", "c1", false);
	assert_int_equal(DRIVER_INFO, next_ask(2000));
	answer(0, "idle", "c1", false);
	due();
	assert_int_equal(DRIVER_STATUS, next_ask(2000));
}

UNIT(what_changed_is_asked_again)
{
	known();
	answer(0, "idle", "c2", true);
	assert_int_equal(DRIVER_INFO, next_ask(2000));
	answer(-REL_E_NOTFOUND, "it has none", "", false);
	/* That is not the device's end; and it is not asked on and on. */
	assert_int_equal(0, one()->failed);
	due();
	assert_int_equal(DRIVER_STATUS, next_ask(2000));
	answer(0, "idle", "c2", false);
	assert_int_equal(0, next_ask(60));
}

UNIT(what_the_address_of_before_says_is_not_this_devices)
{
	ask_it();
	assert_int_equal(DRIVER_STATUS, next_ask(2000));
	answer(0, "idle", "c1", false);
	assert_int_equal(DRIVER_INFO, next_ask(2000));
	snprintf(dev.address, sizeof dev.address, "192.0.2.2");
	whole_write();
	assert_int_equal(0, store_device_set(whole->st, &dev));
	whole_turns();
	devices_changed(whole, dev.id);
	answer(0, "stopped", "c2", false);
	assert_string_equal("idle", one()->state);
	assert_int_equal(DRIVER_STATUS, next_ask(2000));
	assert_string_equal("192.0.2.2", asked.at.address);
	answer(0, "idle", "c3", false);
	assert_int_equal(DRIVER_INFO, next_ask(2000));
}

UNIT(a_day_later_all_is_asked_again)
{
	known();
	one()->info_ms -= 25 * 3600000LL;
	answer(0, "idle", "c1", false);
	assert_int_equal(DRIVER_INFO, next_ask(2000));
}

UNIT(what_sleeps_is_left_to_sleep)
{
	int64_t wait;

	known();
	answer(0, "sleep", "c2", true);
	assert_int_equal(0, next_ask(60));
	wait = one()->due_ms - rel_mono_ms();
	assert_true(wait >= 59000 && wait <= 181000);
	due();
	assert_int_equal(DRIVER_STATUS, next_ask(2000));
	answer(0, "idle", "c2", false);
	assert_int_equal(DRIVER_INFO, next_ask(2000));
}

/* The pauses of eight failures in a row. */
UNIT(what_is_away_is_asked_more_and_more_seldom)
{
	int64_t least = 4000;

	known();
	for (int i = 0; i < 8; i++) {
		int64_t wait;

		answer(-REL_E_TIMEOUT, "no answer", "", false);
		assert_int_equal(i + 1, one()->failed);
		assert_int_equal(i >= 2, one()->down_ms != 0);
		wait = one()->due_ms - rel_mono_ms();
		assert_true(wait >= least && wait <= 331000);
		least = least * 2 < 260000 ? least * 2 : 260000;
		due();
		assert_int_equal(DRIVER_STATUS, next_ask(2000));
	}
	assert_int_equal(1, events("down"));
	/* Not what a device says of itself: it may sleep, and gets jobs. */
	assert_null(fleet_problem(whole, &dev, (char[240]){ 0 }));
	answer(0, "idle", "c1", false);
	assert_int_equal(0, one()->failed);
	assert_int_equal(1, events("back"));
	assert_int_equal(DRIVER_INFO, next_ask(2000));
}

UNIT(who_speaks_up_is_asked_at_once)
{
	known();
	for (int i = 0; i < 4; i++) {
		answer(-REL_E_TIMEOUT, "no answer", "", false);
		if (i < 3) {
			due();
			assert_int_equal(DRIVER_STATUS, next_ask(2000));
		}
	}
	assert_int_equal(0, next_ask(60));
	whole_write();
	fleet_heartbeat(whole, dev.id, "{\"state\":\"idle\",\"reasons\":[]}");
	whole_turns();
	assert_int_equal(0, one()->down_ms);
	assert_int_equal(DRIVER_STATUS, next_ask(2000));
}

UNIT(another_address_is_another_beginning)
{
	known();
	answer(0, "idle", "c1", false);
	snprintf(dev.address, sizeof dev.address, "192.0.2.2");
	whole_write();
	assert_int_equal(0, store_device_set(whole->st, &dev));
	whole_turns();
	devices_changed(whole, dev.id);
	assert_int_equal(DRIVER_STATUS, next_ask(2000));
	assert_string_equal("192.0.2.2", asked.at.address);
	assert_string_equal("", asked.kept);
	answer(0, "idle", "c1", false);
	assert_int_equal(DRIVER_INFO, next_ask(2000));
}

UNIT(what_was_known_is_known_after_a_restart)
{
	known();
	answer(0, "idle", "c9", false);
	whole_write();
	fleet_flush(whole);
	whole_turns();
	close(driver);
	whole_restart();
	driver = whole_peer(ROLE_DRIVER);
	whole_turns();
	assert_int_equal(DRIVER_STATUS, next_ask(2000));
	assert_string_equal("c9", asked.kept);
	answer(0, "idle", "c9", false);
	assert_int_equal(0, next_ask(60));
}

/* It is removed while it is asked, and another one comes. */
UNIT(who_is_removed_meanwhile_is_let_go)
{
	struct device other = dev;

	known();
	dev.state = 2;
	snprintf(other.id, sizeof other.id, "d-other");
	snprintf(other.name, sizeof other.name, "Other");
	other.protocol[0] = '\0';
	whole_write();
	assert_int_equal(0, store_device_set(whole->st, &dev));
	assert_int_equal(0, store_device_add(whole->st, &other));
	whole_turns();
	devices_changed(whole, dev.id);
	devices_changed(whole, other.id);
	answer(0, "stopped", "c2", true);
	assert_int_equal(0, next_ask(80));
	assert_null(fleet_find(whole, dev.id));
	assert_non_null(fleet_find(whole, other.id));
	assert_int_equal(0, whole->fleet->asking);
}

/* A thousand lie evenly: in each second of 30 about as many. */
UNIT(questions_lie_evenly)
{
	unsigned in[30] = { 0 };

	for (uint32_t i = 0; i < 1000; i++) {
		uint32_t place = i * 0x9e3779b9u;

		in[place / (UINT32_MAX / 30 + 1)]++;
	}
	for (int i = 0; i < 30; i++)
		assert_in_range(in[i], 32, 35);
}

static int brought;

static int
bring(struct core *c, const struct device *d)
{
	(void)c;
	assert_string_equal(dev.id, d->id);
	return brought++ < 2 ? 0 : -REL_E_NOTFOUND;
}

UNIT(what_is_to_be_brought_is_tried_until_it_is_there)
{
	brought = 0;
	whole->fleet->stale = true;
	fleet_bringer(whole, FLEET_PUSH_CONFIG, bring);
	fleet_push(whole, dev.id, FLEET_PUSH_CONFIG);
	assert_int_equal(0, next_ask(80));
	assert_int_equal(1, brought);
	fleet_brought(whole, dev.id, FLEET_PUSH_CONFIG, false);
	assert_int_equal(0, next_ask(80));
	assert_int_equal(1, brought);
	one()->push_ms = 0;
	fleet_wake(whole);
	assert_int_equal(0, next_ask(80));
	assert_int_equal(2, brought);
	fleet_brought(whole, dev.id, FLEET_PUSH_CONFIG, true);
	assert_int_equal(0, next_ask(80));
	assert_int_equal(2, brought);
	assert_int_equal(0, one()->push | one()->bringing);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		POLL(who_has_no_protocol_is_not_asked),
		POLL(a_new_one_is_asked_how_it_is_and_then_all),
		POLL(what_changed_is_asked_again),
		POLL(what_the_address_of_before_says_is_not_this_devices),
		POLL(a_day_later_all_is_asked_again),
		POLL(what_sleeps_is_left_to_sleep),
		POLL(what_is_away_is_asked_more_and_more_seldom),
		POLL(who_speaks_up_is_asked_at_once),
		POLL(another_address_is_another_beginning),
		POLL(what_was_known_is_known_after_a_restart),
		POLL(who_is_removed_meanwhile_is_let_go),
		POLL(questions_lie_evenly),
		POLL(what_is_to_be_brought_is_tried_until_it_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
