/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* A terminal as the screen of a station. */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cgi/qr_code.h"
#include "lib/text.h"
#include "station/desk.h"

int
screen_open(struct screen *s, const char *path, struct rel_err *err)
{
	memset(s, 0, sizeof *s);
	s->fd = -1;
	if (path[0] == '\0')
		return 0;
	s->fd = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	return s->fd >= 0 ? 0 : rel_err_sys(err, REL_E_IO,
	    "cannot show anything at %.120s", path);
}

void
screen_close(struct screen *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
}

void
screen_new(struct screen *s, const char *title)
{
	rel_text_clean(s->title, sizeof s->title, title);
	s->n = 0;
	s->phone = NULL;
}

void
screen_line(struct screen *s, const char *fmt, ...)
{
	char text[4 * SCREEN_WIDTH];
	va_list ap;

	if (s->n == SCREEN_LINES)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	rel_text_clean(s->line[s->n++], SCREEN_WIDTH, text);
}

void
screen_show(struct screen *s)
{
	struct rel_buf b;
	size_t done = 0;

	if (s->fd < 0)
		return;
	rel_buf_init(&b);
	rel_put_fmt(&b, "\033[2J\033[H\033[?25l\033[1m");
	rel_put_fmt(&b, "%s", s->title);
	rel_put_fmt(&b, "\033[0m\n\n");
	for (unsigned i = 0; i < s->n; i++) {
		rel_put_fmt(&b, "%s\n", s->line[i]);
	}
	if (s->phone != NULL)
		(void)qr_terminal(&b, s->phone, NULL);
	/* Who does not read it in time misses a picture. */
	while (!b.failed && done < b.len) {
		ssize_t n = write(s->fd, b.data + done, b.len - done);

		if (n <= 0)
			break;
		done += (size_t)n;
	}
	rel_buf_fini(&b);
}
