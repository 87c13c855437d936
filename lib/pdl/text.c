/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Plain text, as CUPS's texttopdf lays it out: 66 lines of 80 columns at 10
 * characters and 6 lines an inch on A4 or Letter, less its margins.  A page
 * more or less hangs on paper and options, so it is never more than a bound.
 */
#include "lib/pdl/pdl_priv.h"

#define LINES 66u
#define COLUMNS 80u
#define TAB 8u

struct text {
	struct pdl_sink *sink;
	uint32_t lines, column;
	bool paper;
	bool cr;
};

static int
text_sniff(const uint8_t *head, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((head[i] < ' ' && head[i] != '\n' && head[i] != '\r' &&
		    head[i] != '\t' && head[i] != '\f' && head[i] != '\b') ||
		    head[i] == 0x7f)
			return 0;
	return n > 0 ? 10 : 0;
}

static void
text_begin(void *state, struct pdl_sink *sink)
{
	struct text *s = state;

	s->sink = sink;
	pdl_bound(sink, "how many pages a text takes hangs on paper and "
	    "options");
}

static void
page(struct text *s)
{
	struct pdl_side side = { .colour = PDL_MONO };

	pdl_side(s->sink, &side);
	s->lines = s->column = 0;
	s->paper = false;
}

static void
line(struct text *s)
{
	s->column = 0;
	s->paper = true;
	if (++s->lines == LINES)
		page(s);
}

static size_t
text_feed(void *state, const uint8_t *p, size_t n, bool *left)
{
	struct text *s = state;

	(void)left;
	for (size_t i = 0; i < n; i++) {
		bool after_cr = s->cr;

		s->cr = p[i] == '\r';
		if (p[i] == '\f') {
			page(s);
		} else if (p[i] == '\n') {
			if (!after_cr)
				line(s);
		} else if (p[i] == '\r') {
			line(s);
		} else if (p[i] == '\t') {
			s->column += TAB - s->column % TAB;
		} else if ((p[i] & 0xc0) != 0x80) {	/* no UTF-8 rest */
			if (s->column >= COLUMNS)
				line(s);
			s->column++;
			s->paper = true;
		}
	}
	return n;
}

static void
text_end(void *state)
{
	struct text *s = state;

	if (s->paper)
		page(s);
}

const struct pdl_language pdl_text = {
	.name = "text", .state_bytes = sizeof(struct text),
	.sniff = text_sniff, .begin = text_begin, .feed = text_feed,
	.end = text_end
};
