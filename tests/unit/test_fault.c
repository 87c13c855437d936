/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/fault.h"
#include "lib/text.h"

#ifdef REL_FAULT_POINTS
static char path[] = "/tmp/test_fault.XXXXXX";

/* What happens to a child that passes the point: its wait status. */
static int
pass(const char *file, const char *point)
{
	int fd = open(path, O_WRONLY | O_TRUNC), status = -1;
	pid_t pid;

	assert_true(fd >= 0);
	assert_int_equal(strlen(file), write(fd, file, strlen(file)));
	close(fd);
	if ((pid = fork()) == 0) {
		rel_fault(point);
		_exit(7);
	}
	assert_int_equal(pid, waitpid(pid, &status, 0));
	return status;
}

static off_t
left(void)
{
	struct stat st;

	return stat(path, &st) == 0 ? st.st_size : -1;
}

UNIT(kills_where_it_was_told_to)
{
	int status = pass("commit-row kill\n", "commit-row");

	assert_true(WIFSIGNALED(status));
	assert_int_equal(SIGKILL, WTERMSIG(status));
	assert_int_equal(0, left());		/* once only */
}

UNIT(other_points_go_on)
{
	assert_int_equal(7, WEXITSTATUS(pass("commit-row kill\n", "commit")));
	assert_int_equal(16, left());
	assert_int_equal(7, WEXITSTATUS(pass("", "commit-row")));
	assert_int_equal(7, WEXITSTATUS(pass("commit-row\n", "commit-row")));
	assert_int_equal(7, WEXITSTATUS(pass("commit-row x\n", "commit-row")));
}

UNIT(sleeps)
{
	int64_t from = rel_mono_ms();

	assert_int_equal(7, WEXITSTATUS(pass("here sleep 60\n", "here")));
	assert_true(rel_mono_ms() - from >= 60);
	assert_int_equal(0, left());
}

UNIT(without_a_file_nothing_happens)
{
	unsetenv("REL_FAULT_FILE");
	assert_int_equal(7, WEXITSTATUS(pass("here kill\n", "here")));
	assert_int_equal(10, left());
	setenv("REL_FAULT_FILE", "/nonexistent/file", 1);
	assert_int_equal(7, WEXITSTATUS(pass("here kill\n", "here")));
	setenv("REL_FAULT_FILE", path, 1);
}

static int
make_file(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	if (fd < 0)
		return -1;
	close(fd);
	return setenv("REL_FAULT_FILE", path, 1);
}

static int
drop_file(void **state)
{
	(void)state;
	return unlink(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(kills_where_it_was_told_to),
		UNIT_RUN(other_points_go_on),
		UNIT_RUN(sleeps),
		UNIT_RUN(without_a_file_nothing_happens),
	};

	return cmocka_run_group_tests_name("fault", tests, make_file,
	    drop_file);
}
#else
int
main(void)
{
	puts("1..0 # SKIP this build has no fault points "
	    "(--enable-fault-points)");
	return 0;
}
#endif
