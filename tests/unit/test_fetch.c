/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Pages that another process fetches while one works on those before. */
#include "tests/unit/unit.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/fetch.h"

enum end { LAST, DIES, FAILS, MUTE, NO_JSON, STUCK, ENDLESS };

struct list {
	enum end end;			/* what the third page is */
	size_t pad;			/* so many bytes in each page */
	char text[300000];
};

static int
third(struct list *l, struct rel_err *err)
{
	if (l->end == DIES)
		raise(SIGKILL);
	while (l->end == STUCK)
		pause();
	if (l->end == FAILS)
		return rel_err_set(err, REL_E_DENIED, "not for you: %s",
		    "ask an administrator");
	if (l->end == LAST)
		snprintf(l->text, sizeof l->text, "{\"n\":3,\"next\":null}");
	if (l->end == MUTE)
		snprintf(l->text, sizeof l->text, "{\"n\":3}");
	if (l->end == NO_JSON)
		snprintf(l->text, sizeof l->text, "x\"next\":null}");
	return 0;
}

static int
fetch(void *ctx, const char *after, const char **text, size_t *len,
    struct rel_err *err)
{
	struct list *l = ctx;
	int n = after == NULL ? 1 : atoi(after) + 1, rc = 0;

	snprintf(l->text, sizeof l->text, "{\"n\":%d,\"pad\":\"%*s\","
	    "\"next\":\"%d\"}", n, (int)l->pad, "", n);
	if (n == 3 && l->end != ENDLESS)
		rc = third(l, err);
	*text = l->text;
	*len = strlen(l->text);
	return rc;
}

/* Two pages as they are, then what the third gives. */
static int
read_three(struct list *l, struct rel_err *err, pid_t *pid)
{
	struct rel_fetch h;
	json_t *page;
	int rc;

	assert_int_equal(0, rel_fetch_start(&h, fetch, l, err));
	*pid = h.pid;
	for (int n = 1; n <= 2; n++) {
		assert_int_equal(1, rel_fetch_next(&h, &page, err));
		assert_int_equal(n, json_integer_value(json_object_get(page,
		    "n")));
		assert_int_equal(l->pad, json_string_length(
		    json_object_get(page, "pad")));
		json_decref(page);
	}
	rc = rel_fetch_next(&h, &page, err);
	if (rc == 1) {
		assert_int_equal(3, json_integer_value(json_object_get(page,
		    "n")));
		json_decref(page);
		rc = rel_fetch_next(&h, &page, err);
	}
	assert_null(page);
	rel_fetch_stop(&h);
	rel_fetch_stop(&h);
	return rc;
}

/* No process is left, not even a dead one. */
static void
none_left(pid_t pid)
{
	assert_int_equal(-1, kill(pid, 0));
	assert_int_equal(ESRCH, errno);
	assert_int_equal(-1, waitpid(-1, NULL, WNOHANG));
	assert_int_equal(ECHILD, errno);
}

static int
reads(enum end end, size_t pad, struct rel_err *err)
{
	static struct list l;
	pid_t pid;
	int rc;

	l.end = end;
	l.pad = pad;
	err->code = 0;
	err->text[0] = '\0';
	rc = read_three(&l, err, &pid);
	none_left(pid);
	return rc;
}

UNIT(all_pages_come_in_turn)
{
	struct rel_err err;

	assert_int_equal(0, reads(LAST, 0, &err));
	assert_int_equal(0, err.code);
	assert_int_equal(0, reads(LAST, 250000, &err));
}

UNIT(a_failure_comes_with_its_words)
{
	struct rel_err err;

	assert_int_equal(-REL_E_DENIED, reads(FAILS, 0, &err));
	assert_int_equal(REL_E_DENIED, err.code);
	assert_string_equal("not for you: ask an administrator", err.text);
	assert_int_equal(-REL_E_FORMAT, reads(MUTE, 0, &err));
	assert_non_null(strstr(err.text, "where it goes on"));
	assert_int_equal(-REL_E_FORMAT, reads(NO_JSON, 0, &err));
	assert_non_null(strstr(err.text, "no JSON"));
}

UNIT(the_death_of_the_process_is_told)
{
	struct rel_err err;

	assert_int_equal(-REL_E_IO, reads(DIES, 0, &err));
	assert_non_null(strstr(err.text, "ended too early"));
}

UNIT(half_a_page_is_none)
{
	static struct list l = { .end = ENDLESS, .pad = 250000 };
	struct rel_err err = { .code = 0 };
	struct rel_fetch h;
	json_t *page;
	pid_t pid;

	assert_int_equal(0, rel_fetch_start(&h, fetch, &l, &err));
	pid = h.pid;
	/* More than a pipe holds: it is in the midst of writing. */
	assert_int_equal(1, poll(&(struct pollfd){ .fd = h.fd,
	    .events = POLLIN }, 1, 10000));
	assert_int_equal(0, kill(h.pid, SIGKILL));
	assert_int_equal(-REL_E_IO, rel_fetch_next(&h, &page, &err));
	assert_null(page);
	rel_fetch_stop(&h);
	none_left(pid);
}

UNIT(one_may_stop_at_any_time)
{
	static struct list l = { .end = STUCK };
	struct rel_err err = { .code = 0 };
	struct rel_fetch h;
	json_t *page;
	pid_t pid;

	for (int n = 0; n <= 2; n++) {
		l.pad = n == 1 ? 250000 : 0;
		assert_int_equal(0, rel_fetch_start(&h, fetch, &l, &err));
		pid = h.pid;
		for (int i = 0; i < n; i++) {
			assert_int_equal(1, rel_fetch_next(&h, &page, &err));
			json_decref(page);
		}
		rel_fetch_stop(&h);
		none_left(pid);
	}
}

/* Reads one page of an endless list and is gone; what it started has its
 * descriptors for as long as that lives. */
static void
read_and_die(struct list *l)
{
	struct rel_err err;
	struct rel_fetch h;
	json_t *page;

	if (rel_fetch_start(&h, fetch, l, &err) < 0 ||
	    rel_fetch_next(&h, &page, &err) != 1)
		_exit(1);
	raise(SIGKILL);
}

UNIT(nobody_fetches_for_the_dead)
{
	static struct list l = { .end = ENDLESS, .pad = 250000 };
	int told[2], status;
	pid_t pid;
	char c;

	assert_int_equal(0, pipe(told));
	if ((pid = fork()) == 0) {
		close(told[0]);
		read_and_die(&l);
	}
	close(told[1]);
	assert_int_equal(pid, waitpid(pid, &status, 0));
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	assert_int_equal(1, poll(&(struct pollfd){ .fd = told[0],
	    .events = POLLIN }, 1, 10000));
	assert_int_equal(0, read(told[0], &c, 1));
	close(told[0]);
}

static int
cursor(const char *text, char *next)
{
	return rel_fetch_cursor(text, strlen(text), next, 8);
}

UNIT(where_a_page_goes_on)
{
	char next[8] = "";

	assert_int_equal(1, cursor("{\"a\":{},\"next\":\"12-34\"}", next));
	assert_string_equal("12-34", next);
	assert_int_equal(0, cursor("{\"next\":null}", next));
	assert_int_equal(1, cursor("{\"next\":\"1234567\"}", next));
	assert_int_equal(-REL_E_FORMAT, cursor("{\"next\":\"12345678\"}",
	    next));
	assert_int_equal(-REL_E_FORMAT, cursor("{\"next\":\"\"}", next));
	assert_int_equal(-REL_E_FORMAT, cursor("{\"next\":\"a\\nb\"}", next));
	assert_int_equal(-REL_E_FORMAT, cursor("{\"last\":\"1\"}", next));
	assert_int_equal(-REL_E_FORMAT, cursor("{\"next\":1}", next));
	assert_int_equal(-REL_E_FORMAT, cursor("\"}", next));
	assert_int_equal(-REL_E_FORMAT, cursor("12345678\"}", next));
	assert_int_equal(-REL_E_FORMAT, cursor("1234567890123\"}", next));
	assert_int_equal(-REL_E_FORMAT, cursor("", next));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(all_pages_come_in_turn),
		UNIT_RUN(a_failure_comes_with_its_words),
		UNIT_RUN(the_death_of_the_process_is_told),
		UNIT_RUN(half_a_page_is_none),
		UNIT_RUN(one_may_stop_at_any_time),
		UNIT_RUN(nobody_fetches_for_the_dead),
		UNIT_RUN(where_a_page_goes_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
