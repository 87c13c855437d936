/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Several works that wait, in one thread. */
#include "tests/unit/unit.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/dial.h"
#include "lib/text.h"
#include "releaserd/fiber.h"

#define FIBERS 32u
#define MANY (FIBERS + 1)

struct work {
	int pair[2];
	int waits;			/* ms */
	int said;			/* 1: something came, 0: too late */
	size_t deep;
};

static struct work works[MANY];
static struct event_base *base;
static int ended;

/* Some stack is used, and is as it was after the wait. */
static void
wait_deep(struct work *w, size_t deep)
{
	char room[4096];

	memset(room, (int)(deep & 0x7f), sizeof room);
	if (deep > 0)
		wait_deep(w, deep - 1);
	else
		w->said = rel_wait(w->pair[0], POLLIN, rel_mono_ms() +
		    w->waits);
	for (size_t i = 0; i < sizeof room; i++)
		assert_int_equal(deep & 0x7f, room[i]);
}

static void
on_work(void *arg)
{
	struct work *w = arg;

	w->said = -1;
	wait_deep(w, w->deep);
	ended++;
}

static int
begin(void **state)
{
	(void)state;
	if ((base = event_base_new()) == NULL)
		return -1;
	fiber_init(base, FIBERS);
	ended = 0;
	for (size_t i = 0; i < MANY; i++) {
		works[i] = (struct work){ .waits = 10000, .deep = i };
		if (socketpair(AF_UNIX, SOCK_STREAM, 0, works[i].pair) < 0)
			return -1;
	}
	return 0;
}

static int
end(void **state)
{
	(void)state;
	fiber_fini();
	event_base_free(base);
	for (size_t i = 0; i < MANY; i++) {
		close(works[i].pair[0]);
		close(works[i].pair[1]);
	}
	return 0;
}
#define FIBER(name) cmocka_unit_test_setup_teardown(name, begin, end)

UNIT(each_goes_on_when_its_own_has_come)
{
	for (size_t i = 0; i < FIBERS; i++)
		assert_true(fiber_go(on_work, &works[i]));
	assert_int_equal(0, ended);
	assert_false(fiber_go(on_work, &works[FIBERS]));
	for (size_t i = FIBERS; i > 0; i--) {
		assert_int_equal(1, write(works[i - 1].pair[1], "x", 1));
		assert_int_equal(0, event_base_loop(base, EVLOOP_ONCE));
		assert_int_equal(1, works[i - 1].said);
		assert_int_equal(FIBERS - i + 1, ended);
	}
	/* There is room again. */
	assert_true(fiber_go(on_work, &works[FIBERS]));
	assert_int_equal(-1, works[FIBERS].said);
}

UNIT(each_wait_has_its_end)
{
	int64_t began = rel_mono_ms();

	for (size_t i = 0; i < 3; i++) {
		works[i].waits = 150 - 50 * (int)i;
		assert_true(fiber_go(on_work, &works[i]));
	}
	works[3].waits = 0;
	assert_true(fiber_go(on_work, &works[3]));
	assert_int_equal(1, ended);	/* did not wait at all */
	while (ended < 4)
		assert_int_equal(0, event_base_loop(base, EVLOOP_ONCE));
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(0, works[i].said);
	assert_true(rel_mono_ms() - began >= 145);
	assert_true(rel_mono_ms() - began < 2000);
}

UNIT(outside_of_one_it_waits_as_ever)
{
	int64_t began = rel_mono_ms();

	assert_false(rel_wait(works[0].pair[0], POLLIN, began + 60));
	assert_true(rel_mono_ms() - began >= 60);
	assert_int_equal(1, write(works[0].pair[1], "x", 1));
	assert_true(rel_wait(works[0].pair[0], POLLIN, began + 10000));
}

/* Nothing is left behind by an agent that ends: leaks are looked for. */
static void
on_owner(void *arg)
{
	char *own = strdup("of a work that waits");
	struct work *w = arg;

	while (rel_wait(w->pair[0], POLLIN, rel_mono_ms() + 10000))
		;
	assert_string_equal("of a work that waits", own);
	free(own);
	ended++;
}

UNIT(the_end_ends_all_waits)
{
	for (size_t i = 0; i < 5; i++)
		assert_true(fiber_go(on_owner, &works[i]));
	fiber_fini();
	assert_int_equal(5, ended);
	assert_false(fiber_go(on_work, &works[0]));
}

/* What others are waited for by no descriptor at all. */
static struct fiber *sleeper;

static void
on_sleeper(void *arg)
{
	struct work *w = arg;

	sleeper = fiber_now();
	w->said = rel_wait(-1, 0, rel_mono_ms() + w->waits);
	ended++;
}

UNIT(one_is_woken_by_name_or_by_its_time)
{
	int64_t began = rel_mono_ms();

	assert_null(fiber_now());
	assert_true(fiber_go(on_sleeper, &works[0]));
	assert_non_null(sleeper);
	fiber_wake(sleeper);
	assert_int_equal(0, event_base_loop(base, EVLOOP_ONCE));
	assert_int_equal(1, works[0].said);
	works[1].waits = 50;
	assert_true(fiber_go(on_sleeper, &works[1]));
	while (ended < 2)
		assert_int_equal(0, event_base_loop(base, EVLOOP_ONCE));
	assert_int_equal(0, works[1].said);
	assert_true(rel_mono_ms() - began >= 50);
}

static uint32_t shown[1];

static void
on_tagged(void *arg)
{
	struct work *w = arg;
	uint32_t tag = (uint32_t)w->waits;

	fiber_tag(tag);
	assert_int_equal(tag, shown[0]);
	(void)rel_wait(w->pair[0], POLLIN, rel_mono_ms() + w->waits);
	assert_int_equal(tag, shown[0]);
	assert_int_equal(tag, fiber_tag_now());
	ended++;
}

/* Whoever looks sees who is at work. */
UNIT(who_is_at_work_is_shown)
{
	fiber_show(&shown[0]);
	works[0].waits = 20;
	works[1].waits = 30;
	assert_true(fiber_go(on_tagged, &works[0]));
	assert_int_equal(0, shown[0]);
	assert_true(fiber_go(on_tagged, &works[1]));
	while (ended < 2) {
		assert_int_equal(0, shown[0]);
		assert_int_equal(0, fiber_tag_now());
		assert_int_equal(0, event_base_loop(base, EVLOOP_ONCE));
	}
	fiber_loop_for(7);
	assert_int_equal(7, shown[0]);
	fiber_loop_for(0);
	/* The next one on that stack is not taken for the last. */
	works[2].waits = 1000;
	assert_true(fiber_go(on_work, &works[2]));
	assert_int_equal(0, shown[0]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIBER(each_goes_on_when_its_own_has_come),
		FIBER(each_wait_has_its_end),
		FIBER(outside_of_one_it_waits_as_ever),
		FIBER(the_end_ends_all_waits),
		FIBER(one_is_woken_by_name_or_by_its_time),
		FIBER(who_is_at_work_is_shown)
	};

	return cmocka_run_group_tests_name("fiber", tests, NULL, NULL);
}
