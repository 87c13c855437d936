/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Several stations at one computer: one that could not be started, or ends. */
#include "tests/unit/unit.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "station/desk.h"

#define TRIES_MAX 50

static volatile int stop;
static unsigned tries[2], fails, enough;
static char *dirs[] = { (char []){ "0" }, (char []){ "1" } };

/* The first `fails` tries find no room for a process. */
static pid_t
start_short(const char *dir)
{
	pid_t pid = -1;

	tries[dir[0] - '0']++;
	if (tries[0] + tries[1] <= fails) {
		errno = EAGAIN;
	} else if ((pid = fork()) == 0) {
		if (dir[0] == '1')
			pause();
		_exit(0);
	}
	if (tries[0] >= enough || tries[0] + tries[1] >= TRIES_MAX)
		stop = 1;
	return pid;
}

static int64_t
cpu_ms(void)
{
	struct rusage u;

	assert_int_equal(0, getrusage(RUSAGE_SELF, &u));
	return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000 +
	    (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1000;
}

static void
watch(unsigned no_room, unsigned until)
{
	stop = 0;
	memset(tries, 0, sizeof tries);
	fails = no_room;
	enough = until;
	alarm(20);
	desks_watch(&(struct desks){ .dirs = dirs, .n = 2,
	    .start = start_short, .again_s = 1, .stop = &stop });
	alarm(0);
	assert_int_equal(-1, waitpid(-1, NULL, 0));
	assert_int_equal(ECHILD, errno);
}

UNIT(none_can_be_started)
{
	int64_t began = cpu_ms();

	watch(4, 3);
	assert_int_equal(3, tries[0]);
	assert_int_equal(2, tries[1]);
	assert_true(cpu_ms() - began < 500);
}

UNIT(one_cannot_be_started)
{
	watch(1, 2);
	assert_int_equal(2, tries[0]);
	assert_int_equal(1, tries[1]);
}

UNIT(one_that_ends_is_started_again)
{
	watch(0, 2);
	assert_int_equal(2, tries[0]);
	assert_int_equal(1, tries[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(none_can_be_started),
		UNIT_RUN(one_cannot_be_started),
		UNIT_RUN(one_that_ends_is_started_again)
	};

	return cmocka_run_group_tests_name("station_watch", tests, NULL, NULL);
}
