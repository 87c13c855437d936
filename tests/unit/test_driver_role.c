/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * All of core with real driver processes: what dies or hangs costs one device
 * its answer.  The test is super, and its drivers do what they are told.
 */
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "releaserd/core/fleet.h"
#include "releaserd/driver/drivers.h"
#include "tests/unit/core_whole.h"

#define DEVICES 50
#define PROCESSES 2

/* ---- a driver: what the device is called is what it does */

static int
do_it(const struct driver_ask *q, struct driver_said *s, struct rel_err *err)
{
	(void)err;
	driver_sleep(rel_mono_ms() + 20);
	if (strncmp(q->at.device, "crash", 5) == 0)
		raise(SIGSEGV);
	while (strncmp(q->at.device, "loop", 4) == 0)
		usleep(1000);
	if (strncmp(q->at.device, "slow", 4) == 0)
		driver_sleep(driver_until(q));
	items_number(&s->items, "counter.impressions", 0, getpid());
	items_str(&s->items, "serial", 0, q->at.device);
	return 0;
}

static const struct driver_ops driver_does = {
	.name = "does",
	.words = "Does what it is told",
	.can = DRIVER_CAN_INFO | DRIVER_CAN_JOB,
	.status = do_it
};

const struct driver_ops *const drivers[] = { &driver_does, NULL };

/* role.c is not here: core would not come again. */
void
role_core_lost(struct role *r)
{
	event_base_loopexit(r->base, NULL);
}

void
role_drop_start(struct role *r)
{
	(void)r;
}

int
driver_discover(const struct driver_ask *q, struct driver_said *s,
    struct rel_err *err)
{
	return do_it(q, s, err);
}

int
driver_posture(const struct driver_ask *q, struct driver_said *s,
    struct rel_err *err)
{
	return do_it(q, s, err);
}

/* ---- the processes, as super has them */

static struct {
	pid_t pid;
	unsigned started;
} process[PROCESSES];

static void
driver_main(int fd)
{
	struct role r = { .ops = &driver_role };
	struct rel_err err;

	signal(SIGSEGV, SIG_DFL);
	r.base = event_base_new();
	if (driver_role.init(&r, &err) < 0)
		_exit(1);
	driver_role.peer(&r, ROLE_CORE, 0, fd);
	event_base_dispatch(r.base);
	driver_role.fini(&r);
	event_base_free(r.base);
	_exit(0);
}

static void
start(uint32_t i)
{
	int fd = whole_peer_at(ROLE_DRIVER, i);

	if ((process[i].pid = fork()) == 0) {
		for (int other = 3; other < 256; other++)
			if (other != fd)
				close(other);
		driver_main(fd);
	}
	close(fd);
	process[i].started++;
}

/* What died is started again; what core says hangs is ended. */
static void
be_super(void)
{
	struct rel_frame fr;

	while (whole_heard(whole_super(), &fr) == 1)
		if (fr.type == IPC_ROLE_HUNG && fr.len == 5 &&
		    fr.body[0] == ROLE_DRIVER)
			kill(process[fr.body[1]].pid, SIGKILL);
	for (uint32_t i = 0; i < PROCESSES; i++)
		if (waitpid(process[i].pid, NULL, WNOHANG) > 0) {
			whole_turns();
			start(i);
		}
}

static int
open_drivers(void **state)
{
	if (whole_open(state) != 0)
		return -1;
	memset(process, 0, sizeof process);
	for (uint32_t i = 0; i < PROCESSES; i++)
		start(i);
	return 0;
}

static int
close_drivers(void **state)
{
	for (uint32_t i = 0; i < PROCESSES; i++) {
		kill(process[i].pid, SIGKILL);
		waitpid(process[i].pid, NULL, 0);
	}
	return whole_close(state);
}
#define DRIVERS(name) \
	cmocka_unit_test_setup_teardown(name, open_drivers, close_drivers)

/* ---- devices, and what was heard of them */

struct asked {
	struct device d;
	int answers, rc;
	pid_t by;
	bool core_ended;
	char words[240];
};
static struct asked all[DEVICES];

static void
on_said(struct core *c, const struct driver_said *s, void *ctx)
{
	struct asked *a = ctx;

	(void)c;
	a->answers++;
	a->core_ended = s == NULL;
	if (s == NULL)
		return;
	a->rc = s->rc;
	a->by = (pid_t)items_get_number(&s->items, "counter.impressions", 0);
	snprintf(a->words, sizeof a->words, "%s", s->words);
	if (s->rc == 0)
		assert_string_equal(a->d.id, items_get(&s->items, "serial"));
}

static void
ask_one(struct asked *a, const char *name, uint32_t deadline_ms)
{
	static struct driver_ask q;

	memset(a, 0, sizeof *a);
	memset(&q, 0, sizeof q);
	snprintf(a->d.id, sizeof a->d.id, "%s", name);
	snprintf(a->d.protocol, sizeof a->d.protocol, "does");
	q.op = DRIVER_STATUS;
	q.deadline_ms = deadline_ms;
	assert_int_equal(0, fleet_ask(whole, &a->d, &q, on_said, a));
	assert_int_equal(0, a->answers);
}

/* d-0 .. d-49, of which two are called as is said. */
static void
ask_both(const char *third, const char *bad, uint32_t deadline_ms)
{
	for (int i = 0; i < DEVICES; i++) {
		char name[40];

		snprintf(name, sizeof name, "d-%d", i);
		ask_one(&all[i], i == 17 ? bad : i == 3 ? third : name,
		    deadline_ms);
	}
}

static void
ask_all(const char *bad, uint32_t deadline_ms)
{
	ask_both("d-3", bad, deadline_ms);
}

static int
answered(void)
{
	int n = 0;

	for (int i = 0; i < DEVICES; i++)
		n += all[i].answers;
	return n;
}

static void
go_on_until(int answers, int64_t wait_ms)
{
	int64_t until = rel_mono_ms() + wait_ms, ticked = 0;

	while (answered() < answers && rel_mono_ms() < until) {
		if (rel_mono_ms() - ticked >= 500) {
			ask_tick(whole);
			ticked = rel_mono_ms();
		}
		be_super();
		whole_turns();
		poll(NULL, 0, 2);
	}
}

/* So many processes have died. */
static void
died(unsigned n)
{
	int64_t until = rel_mono_ms() + 5000;

	while (process[0].started + process[1].started < PROCESSES + n &&
	    rel_mono_ms() < until) {
		be_super();
		poll(NULL, 0, 2);
	}
	assert_int_equal(PROCESSES + n, process[0].started +
	    process[1].started);
}

static void
all_but_one_are_well(void)
{
	for (int i = 0; i < DEVICES; i++) {
		assert_int_equal(1, all[i].answers);
		assert_int_equal(i == 17 ? -REL_E_TIMEOUT : 0, all[i].rc);
	}
}

UNIT(each_answer_comes_to_its_device)
{
	unsigned n;

	ask_all("d-17", 0);
	go_on_until(DEVICES, 5000);
	for (int i = 0; i < DEVICES; i++) {
		assert_int_equal(1, all[i].answers);
		assert_int_equal(0, all[i].rc);
	}
	assert_string_equal("does", fleet_drivers(&n)[0].name);
	assert_int_equal(1, n);
	assert_int_equal(DRIVER_CAN_INFO | DRIVER_CAN_JOB,
	    fleet_driver("does")->can);
	assert_null(fleet_driver("other"));
}

/* Connections are kept in the process. */
UNIT(a_device_is_always_with_the_same)
{
	pid_t by[DEVICES];
	int other = 0;

	ask_all("d-17", 0);
	go_on_until(DEVICES, 5000);
	for (int i = 0; i < DEVICES; i++) {
		by[i] = all[i].by;
		other += by[i] != by[0];
	}
	assert_true(other > DEVICES / 5 && other < DEVICES * 4 / 5);
	ask_all("d-17", 0);
	go_on_until(DEVICES, 5000);
	for (int i = 0; i < DEVICES; i++)
		assert_int_equal(by[i], all[i].by);
}

UNIT(a_crash_costs_one_device)
{
	ask_all("crash", 0);
	go_on_until(DEVICES, 20000);
	all_but_one_are_well();
	/* Once in company, once alone. */
	died(2);
	assert_true(fleet_alone_ms("crash") > 50000);
	assert_int_equal(0, fleet_alone_ms("d-1"));
	/* It is left alone now: nothing dies, the others go on. */
	ask_all("crash", 0);
	go_on_until(DEVICES, 5000);
	all_but_one_are_well();
	assert_non_null(strstr(all[17].words, "left alone"));
	died(2);
}

UNIT(it_is_left_alone_ever_longer)
{
	assert_int_equal(60000, fleet_alone_after(1));
	assert_int_equal(120000, fleet_alone_after(2));
	assert_int_equal(32 * 60000, fleet_alone_after(6));
	assert_int_equal(3600000, fleet_alone_after(7));
	assert_int_equal(3600000, fleet_alone_after(1000000));
}

/* More than are remembered: the oldest goes, not the newest unheard. */
UNIT(one_more_is_always_left_alone)
{
	char name[40];

	for (int i = 0; i < 1001; i++) {
		snprintf(name, sizeof name, "gone-%d", i);
		fleet_shun(name);
	}
	assert_true(fleet_alone_ms("gone-1000") > 50000);
	assert_true(fleet_alone_ms("gone-999") > 50000);
	assert_int_equal(0, fleet_alone_ms("gone-0"));
	fleet_ask_fini();
	assert_int_equal(0, fleet_alone_ms("gone-1000"));
}

/* Two of them at once, and they are found both. */
UNIT(two_crashes_cost_two_devices)
{
	ask_both("crash-2", "crash", 0);
	go_on_until(DEVICES, 20000);
	for (int i = 0; i < DEVICES; i++)
		assert_int_equal(i == 3 || i == 17 ? -REL_E_TIMEOUT : 0,
		    all[i].rc);
}

UNIT(an_endless_loop_costs_one_device)
{
	int64_t began = rel_mono_ms();

	ask_all("loop", 200);
	go_on_until(DEVICES, 30000);
	all_but_one_are_well();
	assert_true(rel_mono_ms() - began > 2 * 5000);
	assert_true(rel_mono_ms() - began < 2 * 7000);
	assert_true(fleet_alone_ms("loop") > 0);
}

/* Somebody ends a process: nobody loses more than time. */
UNIT(a_killed_process_costs_nothing)
{
	ask_all("d-17", 0);
	whole_turns();
	kill(process[0].pid, SIGKILL);
	go_on_until(DEVICES, 5000);
	for (int i = 0; i < DEVICES; i++)
		assert_int_equal(0, all[i].rc);
	assert_int_equal(0, fleet_alone_ms("d-17"));
}

UNIT(what_is_slow_is_no_hang)
{
	memset(all, 0, sizeof all);
	ask_one(&all[0], "slow", 1000);
	go_on_until(1, 3000);
	assert_int_equal(0, all[0].rc);
	died(0);
}

UNIT(what_nobody_can_is_said)
{
	static struct driver_ask q;

	memset(all, 0, sizeof all);
	snprintf(all[0].d.protocol, sizeof all[0].d.protocol, "does");
	memset(&q, 0, sizeof q);
	q.op = DRIVER_INFO;
	assert_int_equal(0, fleet_ask(whole, &all[0].d, &q, on_said,
	    &all[0]));
	go_on_until(1, 2000);
	assert_int_equal(-REL_E_NOTFOUND, all[0].rc);
	assert_non_null(strstr(all[0].words, "cannot do that (info)"));
	snprintf(all[0].d.protocol, sizeof all[0].d.protocol, "other");
	assert_int_equal(0, fleet_ask(whole, &all[0].d, &q, on_said,
	    &all[0]));
	go_on_until(2, 2000);
	assert_int_equal(-REL_E_NOTFOUND, all[0].rc);
	assert_non_null(strstr(all[0].words, "no driver \"other\""));
}

UNIT(core_ends_and_says_so)
{
	memset(all, 0, sizeof all);
	ask_one(&all[0], "slow", 10000);
	whole_turns();
	whole_restart();
	assert_int_equal(1, all[0].answers);
	assert_true(all[0].core_ended);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DRIVERS(each_answer_comes_to_its_device),
		DRIVERS(a_device_is_always_with_the_same),
		DRIVERS(a_crash_costs_one_device),
		UNIT_RUN(it_is_left_alone_ever_longer),
		UNIT_RUN(one_more_is_always_left_alone),
		DRIVERS(two_crashes_cost_two_devices),
		DRIVERS(an_endless_loop_costs_one_device),
		DRIVERS(a_killed_process_costs_nothing),
		DRIVERS(what_is_slow_is_no_hang),
		DRIVERS(what_nobody_can_is_said),
		DRIVERS(core_ends_and_says_so)
	};

	return cmocka_run_group_tests_name("driver_role", tests, NULL, NULL);
}
