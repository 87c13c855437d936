/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "filter/sides.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/child.h"

#define OPTIONS_BYTES 2048

/* Where cupsd says its filters are, else where they were at build time. */
static void
program(char *out, size_t size)
{
	const char *dir = getenv("CUPS_SERVERBIN");

	snprintf(out, size, "%s/filter/pdftopdf", dir != NULL &&
	    dir[0] == '/' ? dir : REL_CUPS_SERVERBIN);
}

/* How many sides pdftopdf makes; 0 none; negative when it did not say. */
static int64_t
ask_pdftopdf(int fd, const struct rel_ticket *t, unsigned deadline_ms)
{
	char path[512], options[OPTIONS_BYTES], tmp[300] = "TMPDIR=/tmp";
	const char *dir = getenv("TMPDIR");
	const char *argv[] = { path, "1", "release", "release", "1", options,
		"/dev/fd/3", NULL };
	const char *env[] = { "PATH=/usr/bin:/bin", "LANG=C.UTF-8", tmp,
		NULL };
	struct rel_child c = { .argv = argv, .env = env, .in_fd = -1,
	    .out_fd = -1, .keep_fd = fd, .deadline_ms = deadline_ms };
	struct rel_child_end end;

	program(path, sizeof path);
	rel_ticket_pdftopdf(t, options, sizeof options);
	if (dir != NULL && dir[0] == '/')
		snprintf(tmp, sizeof tmp, "TMPDIR=%.280s", dir);
	if (rel_child_run(&c, &end, NULL) < 0 || end.status != 0 || end.late)
		return -1;
	return end.page_lines;
}

static bool
is_two_sided(const struct rel_ticket *t)
{
	return t->sides == REL_DUPLEX_LONG || t->sides == REL_DUPLEX_SHORT;
}

/* pdftopdf makes another number than was worked out: its word counts. */
static void
believe(struct rel_facts *f, const struct rel_ticket *t, uint32_t sides)
{
	uint32_t grown = sides > f->sides ? sides - f->sides : 0;

	f->sides = sides;
	f->sheets = is_two_sided(t) ? (sides + 1) / 2 : sides;
	f->impressions = sides * t->copies;
	/* Which of them have colour is not known that well any more. */
	if (f->colour_sides > 0) {
		f->colour_sides += grown;
		if (f->colour_sides > sides)
			f->colour_sides = sides;
		f->colour_sure = REL_SURE_BOUND;
	}
}

int
sides_count(int fd, const struct rel_ticket *t, struct rel_facts *f,
    unsigned deadline_ms)
{
	struct rel_facts worked = *f;
	int64_t sides;

	(void)rel_ticket_count(t, f, &worked);
	*f = worked;
	if (rel_ticket_is_plain(t))
		return 0;
	sides = ask_pdftopdf(fd, t, deadline_ms);
	if (sides < 0) {
		f->pages_sure = REL_SURE_BOUND;
		return 0;
	}
	if (sides == 0)
		return rel_facts_refuse(f, REL_REFUSED_EMPTY, "The options "
		    "leave no page to print: the document has %u pages.",
		    f->input_pages);
	if ((uint32_t)sides != f->sides && sides <= REL_FACTS_PAGES_MAX)
		believe(f, t, (uint32_t)sides);
	return 0;
}
