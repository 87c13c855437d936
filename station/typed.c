/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What a reader or keypad types, line by line. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/compat.h"
#include "lib/log.h"
#include "lib/text.h"
#include "station/desk.h"

#define AGAIN_MS 2000			/* until a reader is looked for again */

void
typed_init(struct typed *t, const char *path, int64_t gap_ms)
{
	memset(t, 0, sizeof *t);
	t->gap_ms = gap_ms;
	t->path = path;
	t->fd = -1;
}

void
typed_forget(struct typed *t)
{
	rel_wipe(t->text, sizeof t->text);
	t->n = 0;
	t->too_long = false;
}

void
typed_close(struct typed *t)
{
	if (t->fd >= 0)
		close(t->fd);
	t->fd = -1;
	t->shift = false;
	typed_forget(t);
}

void
typed_open(struct typed *t, int64_t now_ms)
{
	uint16_t vid, pid;

	if (t->fd >= 0 || t->path[0] == '\0' || now_ms < t->again_ms)
		return;
	t->again_ms = now_ms + AGAIN_MS;
	t->fd = open(t->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (t->fd < 0)
		return;
	if (rel_compat_keys_grab(t->fd) < 0)
		rel_log(REL_WARN, "keys are shared with others",
		    "reader=\"%s\"", t->path);
	t->reader[0] = '\0';
	if (rel_compat_keys_usb(t->fd, &vid, &pid) == 0)
		snprintf(t->reader, sizeof t->reader, "%04x:%04x", vid, pid);
	rel_log(REL_NOTICE, "reader is there", "reader=\"%s\" usb=%s",
	    t->path, t->reader[0] != '\0' ? t->reader : "-");
}

static void
typed_key(struct typed *t, char c, typed_line line, void *ctx)
{
	if (c == '\n') {
		char text[TYPED_MAX + 1];
		bool good = !t->too_long;

		memcpy(text, t->text, sizeof text);
		text[t->n] = '\0';
		typed_forget(t);
		if (good)
			line(ctx, text);
		rel_wipe(text, sizeof text);
	} else if (c == '\b') {
		t->n -= t->n > 0;
	} else if (c == '\033') {
		typed_forget(t);
	} else if (t->n < TYPED_MAX) {
		t->text[t->n++] = c;
	} else {
		t->too_long = true;
	}
}

void
typed_read(struct typed *t, int64_t now_ms, typed_line line, void *ctx)
{
	char keys[64];
	int n = rel_compat_keys_read(t->fd, &t->shift, keys, sizeof keys);

	if (n < 0) {
		rel_log(REL_WARN, "reader has gone", "reader=\"%s\"",
		    t->path);
		typed_close(t);
		t->again_ms = now_ms + AGAIN_MS;
		return;
	}
	if (n > 0 && now_ms - t->last_ms > t->gap_ms)
		typed_forget(t);
	if (n > 0)
		t->last_ms = now_ms;
	for (int i = 0; i < n && t->fd >= 0; i++)
		typed_key(t, keys[i], line, ctx);
	rel_wipe(keys, sizeof keys);
}
