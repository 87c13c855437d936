/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/text.h"

static const char *log_role = "release";
static enum rel_level log_from = REL_INFO;

void
rel_log_init(const char *role, enum rel_level from)
{
	log_role = role;
	log_from = from;
}

void
rel_log_level(enum rel_level from)
{
	log_from = from;
}

/* Append s to line, control bytes as \xNN. */
static size_t
log_escape(char *line, size_t at, size_t size, const char *s)
{
	for (; *s != '\0' && at + 5 < size; s++) {
		unsigned char c = (unsigned char)*s;

		if (c < 0x20 || c == 0x7f)
			at += (size_t)snprintf(line + at, size - at,
			    "\\x%02x", c);
		else
			line[at++] = (char)c;
	}
	return at;
}

void
rel_log(enum rel_level level, const char *event, const char *fmt, ...)
{
	static const char *const names[] = {
		"debug", "info", "notice", "warn", "error"
	};
	char text[1024], line[2200], when[32];
	int saved = errno;
	size_t at;
	ssize_t ignored;
	va_list ap;

	if (level < log_from)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	rel_time_text(when, rel_now_ms());
	at = (size_t)snprintf(line, sizeof line, "%s %s %s[%d] ", when,
	    names[level], log_role, (int)getpid());
	at = log_escape(line, at, sizeof line - 2, event);
	if (text[0] != '\0') {
		line[at++] = ' ';
		at = log_escape(line, at, sizeof line - 1, text);
	}
	line[at++] = '\n';
	ignored = write(STDERR_FILENO, line, at);	/* nowhere to complain */
	(void)ignored;
	errno = saved;
}
