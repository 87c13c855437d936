/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/text.h"

static char line[8192];

/* What one call writes to standard error, in line; returns its length. */
#define LOGGED(...) \
	(log_catch(), rel_log(__VA_ARGS__), log_caught())

static int saved_err = -1;
static FILE *catcher;

static void
log_catch(void)
{
	catcher = tmpfile();
	assert_non_null(catcher);
	saved_err = dup(STDERR_FILENO);
	assert_true(saved_err >= 0);
	assert_true(dup2(fileno(catcher), STDERR_FILENO) >= 0);
}

static size_t
log_caught(void)
{
	ssize_t n;

	dup2(saved_err, STDERR_FILENO);
	close(saved_err);
	n = pread(fileno(catcher), line, sizeof line - 1, 0);
	fclose(catcher);
	assert_true(n >= 0);
	line[n] = '\0';
	return (size_t)n;
}

UNIT(a_line_has_time_level_role_event_and_keys)
{
	char want[100];

	rel_log_init("core", REL_INFO);
	LOGGED(REL_WARN, "job held", "job=%d user=%s", 7, "anna");
	snprintf(want, sizeof want, " warn core[%d] job held job=7 user=anna\n",
	    (int)getpid());
	assert_non_null(strstr(line, want));
	assert_ptr_equal(line + strlen("2026-11-20T09:15:00.120Z"),
	    strstr(line, want));
	LOGGED(REL_INFO, "stopped", "%s", "");
	assert_non_null(strstr(line, "] stopped\n"));
}

UNIT(levels_below_are_silent)
{
	rel_log_init("core", REL_NOTICE);
	assert_int_equal(0, LOGGED(REL_INFO, "x", "y=1"));
	assert_int_equal(0, LOGGED(REL_DEBUG, "x", "y=1"));
	assert_int_not_equal(0, LOGGED(REL_NOTICE, "x", "y=1"));
	rel_log_level(REL_ERROR);
	assert_int_equal(0, LOGGED(REL_WARN, "x", "y=1"));
	assert_int_not_equal(0, LOGGED(REL_ERROR, "x", "y=1"));
	rel_log_level(REL_DEBUG);
	assert_int_not_equal(0, LOGGED(REL_DEBUG, "x", "y=1"));
}

UNIT(nobody_can_forge_a_line_or_drive_the_terminal)
{
	LOGGED(REL_ERROR, "odd\nname", "user=%s",
	    "a\r\nb\x1b[2J\x7f gr\xc3\xbcn \xc2\x9b" "31m \xff \xe2\x82");
	assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
	assert_non_null(strstr(line, "odd\\x0aname user=a\\x0d\\x0ab\\x1b[2J"
	    "\\x7f gr\xc3\xbcn \\xc2\\x9b31m \\xff \\xe2\\x82\n"));
	assert_true(rel_utf8_ok(line, strlen(line)));
}

UNIT(a_long_text_stays_one_line)
{
	char big[5000];
	size_t n;

	memset(big, '\x01', sizeof big - 1);
	big[sizeof big - 1] = '\0';
	n = LOGGED(REL_ERROR, "x", "%s", big);
	assert_true(n > 1000 && n < 2300);
	assert_int_equal('\n', line[n - 1]);
	n = LOGGED(REL_ERROR, big, "%s", big);
	assert_true(n < 2300);
	assert_int_equal('\n', line[n - 1]);
	assert_ptr_equal(strchr(line, '\n'), line + n - 1);
}

UNIT(errno_is_kept)
{
	errno = ENOTDIR;
	LOGGED(REL_ERROR, "x", "y=1");
	log_catch();
	close(STDERR_FILENO);		/* even when it cannot write */
	errno = EXDEV;
	rel_log(REL_ERROR, "x", "y=1");
	assert_int_equal(EXDEV, errno);
	log_caught();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(a_line_has_time_level_role_event_and_keys),
		UNIT_RUN(levels_below_are_silent),
		UNIT_RUN(nobody_can_forge_a_line_or_drive_the_terminal),
		UNIT_RUN(a_long_text_stays_one_line),
		UNIT_RUN(errno_is_kept),
	};

	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
