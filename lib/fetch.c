/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Pages that another process fetches: a head, then text, by a pipe. */
#include "lib/fetch.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define TEXT_MAX (64u << 20)
#define CURSOR_MAX 128

/* code 0: a page of len bytes; 1: no more; below 0: words of len bytes. */
struct head {
	int32_t code;
	uint32_t len;
};

int
rel_fetch_cursor(const char *text, size_t len, char *next, size_t size)
{
	static const char none[] = "\"next\":null}", key[] = "\"next\":\"";
	const size_t nkey = sizeof key - 1;
	size_t at, n;

	if (len >= sizeof none - 1 && memcmp(text + len - (sizeof none - 1),
	    none, sizeof none - 1) == 0)
		return 0;
	if (len < nkey + 3 || memcmp(text + len - 2, "\"}", 2) != 0)
		return -REL_E_FORMAT;
	for (at = len - 2; at > 0 && text[at - 1] != '"'; at--)
		if (text[at - 1] == '\\')
			return -REL_E_FORMAT;
	n = len - 2 - at;
	if (at < nkey || memcmp(text + at - nkey, key, nkey) != 0 || n == 0 ||
	    n >= size)
		return -REL_E_FORMAT;
	memcpy(next, text + at, n);
	next[n] = '\0';
	return 1;
}

enum way { IN, OUT };

/* All of it in or out, whatever comes in between. */
static int
pass(int fd, enum way way, void *data, size_t len)
{
	char *p = data;

	while (len > 0) {
		ssize_t n = way == IN ? read(fd, p, len) : write(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -REL_E_IO;
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

/* ---- the process that fetches */

static int
send_part(int fd, int code, const char *text, size_t len)
{
	struct head h = { .code = code, .len = (uint32_t)len };

	return len > TEXT_MAX || pass(fd, OUT, &h, sizeof h) < 0 ||
	    pass(fd, OUT, (void *)(uintptr_t)text, len) < 0 ? -REL_E_IO : 0;
}

/* Until the last page, or until nobody reads any more. */
static void
fetch_all(int fd, rel_fetch_page fetch, void *ctx)
{
	char cursor[CURSOR_MAX];
	const char *text, *after = NULL;
	struct rel_err err = { .code = 0 };
	size_t len;
	int more, rc = 0;

	do {
		if ((rc = fetch(ctx, after, &text, &len, &err)) < 0)
			break;
		more = rel_fetch_cursor(text, len, cursor, sizeof cursor);
		after = cursor;
		if (more < 0)
			rc = rel_err_set(&err, REL_E_FORMAT, "releaserd's "
			    "answer does not tell where it goes on");
		else if (send_part(fd, 0, text, len) < 0)
			return;
	} while (rc == 0 && more == 1);
	if (rc < 0)
		(void)send_part(fd, rc, err.text, strlen(err.text));
	else
		(void)send_part(fd, 1, "", 0);
}

int
rel_fetch_start(struct rel_fetch *h, rel_fetch_page fetch, void *ctx,
    struct rel_err *err)
{
	int fds[2];

	h->pid = 0;
	h->fd = -1;
	if (pipe(fds) < 0)
		return rel_err_set(err, REL_E_IO, "no pipe: %s",
		    strerror(errno));
	if ((h->pid = fork()) == 0) {
		close(fds[0]);
		signal(SIGPIPE, SIG_DFL);
		fetch_all(fds[1], fetch, ctx);
		_exit(0);
	}
	close(fds[1]);
	h->fd = fds[0];
	if (h->pid > 0)
		return 0;
	h->pid = 0;
	close(h->fd);
	h->fd = -1;
	return rel_err_set(err, REL_E_IO, "no other process: %s",
	    strerror(errno));
}

/* ---- the caller */

static int
too_early(struct rel_err *err)
{
	return rel_err_set(err, REL_E_IO, "the process that fetches the "
	    "records ended too early: try again");
}

static int
page_of(const struct head *head, char *text, json_t **page,
    struct rel_err *err)
{
	text[head->len] = '\0';
	if (head->code < 0)
		return rel_err_set(err, -head->code, "%s", text);
	*page = json_loadb(text, head->len, JSON_REJECT_DUPLICATES, NULL);
	if (json_is_object(*page))
		return 1;
	json_decref(*page);
	*page = NULL;
	return rel_err_set(err, REL_E_FORMAT, "releaserd's answer is no JSON "
	    "object");
}

int
rel_fetch_next(struct rel_fetch *h, json_t **page, struct rel_err *err)
{
	struct head head;
	char *text;
	int rc;

	*page = NULL;
	if (pass(h->fd, IN, &head, sizeof head) < 0 || head.len > TEXT_MAX)
		return too_early(err);
	if (head.code == 1)
		return 0;
	if ((text = malloc((size_t)head.len + 1)) == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	rc = pass(h->fd, IN, text, head.len) < 0 ? too_early(err) :
	    page_of(&head, text, page, err);
	free(text);
	return rc;
}

void
rel_fetch_stop(struct rel_fetch *h)
{
	if (h->pid <= 0)
		return;
	close(h->fd);
	h->fd = -1;
	kill(h->pid, SIGKILL);
	while (waitpid(h->pid, NULL, 0) < 0 && errno == EINTR)
		;
	h->pid = 0;
}
