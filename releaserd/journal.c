/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/journal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "lib/compat.h"
#include "lib/text.h"
#include "releaserd/ipc.h"

#define JOURNAL_MAX 4096u

static const char *const words[] = {
	[REL_SEND_SENT] = "sent",
	[REL_SEND_REFUSED] = "refused",
	[REL_SEND_AWAY] = "away",
	[REL_SEND_UNCONFIRMED] = "unconfirmed"
};

const char *
journal_word(enum rel_send_outcome outcome)
{
	return (size_t)outcome < sizeof words / sizeof words[0] ?
	    words[outcome] : "unconfirmed";
}

int
journal_lock(int fd, struct rel_err *err)
{
	int rc;

	do
		rc = flock(fd, LOCK_EX | LOCK_NB);
	while (rc < 0 && errno == EINTR);
	if (rc == 0)
		return 0;
	if (errno == EWOULDBLOCK)
		return rel_err_set(err, REL_E_EXISTS,
		    "this release is being sent already");
	return rel_err_sys(err, REL_E_IO, "cannot lock the transfer journal");
}

static int
journal_append(int fd, const char *line, struct rel_err *err)
{
	size_t n = strlen(line), at = 0;

	if (lseek(fd, 0, SEEK_END) < 0)
		return rel_err_sys(err, REL_E_IO,
		    "cannot write the transfer journal");
	while (at < n) {
		ssize_t put = write(fd, line + at, n - at);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return rel_err_sys(err, errno == ENOSPC ? REL_E_FULL :
			    REL_E_IO, "cannot write the transfer journal");
		at += (size_t)put;
	}
	if (rel_compat_datasync(fd) < 0)
		return rel_err_sys(err, REL_E_IO,
		    "cannot write the transfer journal");
	return 0;
}

int
journal_put_data(int fd, struct rel_err *err)
{
	return journal_append(fd, JOURNAL_DATA "\n", err);
}

int
journal_put_end(int fd, enum rel_send_outcome outcome, const char *reason,
    struct rel_err *err)
{
	char clean[240], line[280];

	rel_text_clean(clean, sizeof clean, reason);
	snprintf(line, sizeof line, clean[0] != '\0' ? "%s %s\n" : "%s%s\n",
	    journal_word(outcome), clean);
	return journal_append(fd, line, err);
}

/* One whole line, without its newline. */
static void
journal_line(struct journal *j, const char *line)
{
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		size_t n = strlen(words[i]);

		if (strncmp(line, words[i], n) != 0 ||
		    (line[n] != '\0' && line[n] != ' '))
			continue;
		j->state = JOURNAL_ENDED;
		j->outcome = (enum rel_send_outcome)i;
		rel_text_clean(j->reason, sizeof j->reason,
		    line[n] == ' ' ? line + n + 1 : "");
		return;
	}
	j->state = JOURNAL_STARTED;
	j->outcome = REL_SEND_UNCONFIRMED;
	j->reason[0] = '\0';
}

int
journal_read(int fd, struct journal *out, struct rel_err *err)
{
	char text[JOURNAL_MAX + 1], *line = text, *end;
	ssize_t n;

	memset(out, 0, sizeof *out);
	do
		n = pread(fd, text, JOURNAL_MAX, 0);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return rel_err_sys(err, REL_E_IO,
		    "cannot read the transfer journal");
	text[n] = '\0';
	while ((end = memchr(line, '\n', (size_t)(text + n - line))) != NULL) {
		*end = '\0';
		journal_line(out, line);
		line = end + 1;
	}
	return 0;
}
