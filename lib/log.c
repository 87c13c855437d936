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

/* Bytes of the character at s that may be shown as they are, else 0. */
static size_t
log_plain(const char *s)
{
	unsigned char c = (unsigned char)s[0];
	size_t n;

	if (c < 0x80)
		return c >= 0x20 && c != 0x7f;
	if (c == 0xc2 && (unsigned char)s[1] < 0xa0)
		return 0;			/* C1 */
	for (n = 2; n <= 4; n++)
		if (rel_utf8_ok(s, n))
			return n;
	return 0;
}

/* Append s to line; control characters and what is no UTF-8 as \xNN. */
static size_t
log_escape(char *line, size_t at, size_t size, const char *s)
{
	while (*s != '\0' && at + 5 < size) {
		size_t n = log_plain(s);

		if (n > 0) {
			memcpy(line + at, s, n);
			at += n;
			s += n;
		} else {
			at += (size_t)snprintf(line + at, size - at,
			    "\\x%02x", (unsigned char)*s++);
		}
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
