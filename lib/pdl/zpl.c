/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * ZPL II of label printers: Zebra, Programming Guide.  A label is what stands
 * between ^XA and ^XZ, if it has a field; ^PQ says how often it is made.
 */
#include <string.h>

#include "lib/pdl/pdl_priv.h"

struct zpl {
	struct pdl_sink *sink;
	uint8_t cmd[3];			/* ^ and two letters */
	unsigned have;
	bool fields;
	bool number;			/* the digits of ^PQ are coming */
	uint32_t copies;
};

static int
zpl_sniff(const uint8_t *head, size_t n)
{
	static const char *const first[] = { "^XA", "~DG", "~DY", "~SD",
		"~TA", "~JS", "^MM" };
	size_t i = 0;

	while (i < n && (head[i] == '\r' || head[i] == '\n' ||
	    head[i] == ' '))
		i++;
	for (size_t k = 0; k < sizeof first / sizeof first[0]; k++)
		if (i + 3 <= n && memcmp(head + i, first[k], 3) == 0)
			return 90;
	return 0;
}

static void
zpl_begin(void *state, struct pdl_sink *sink)
{
	struct zpl *s = state;

	s->sink = sink;
}

static bool
is_field(const uint8_t *two)
{
	static const char all[] = "FDXGGBGFGCGDGEGSIMIL";

	for (const char *p = all; *p != '\0'; p += 2)
		if (p[0] == (char)two[0] && p[1] == (char)two[1])
			return true;
	return false;
}

static void
command(struct zpl *s)
{
	const uint8_t *two = s->cmd + 1;

	if (memcmp(two, "XA", 2) == 0) {
		s->fields = false;
		s->copies = 0;
	} else if (memcmp(two, "PQ", 2) == 0) {
		s->copies = 0;
		s->number = true;
	} else if (is_field(two)) {
		s->fields = true;
	} else if (memcmp(two, "XZ", 2) == 0 && s->fields) {
		struct pdl_side side = { .copies = s->copies };

		pdl_side(s->sink, &side);
		s->fields = false;
	}
}

static size_t
zpl_feed(void *state, const uint8_t *p, size_t n, bool *left)
{
	struct zpl *s = state;

	(void)left;
	for (size_t i = 0; i < n; i++) {
		if (s->number && p[i] >= '0' && p[i] <= '9' &&
		    s->copies < 1000)
			s->copies = s->copies * 10 + (p[i] - '0');
		else
			s->number = false;
		if (p[i] == '^' || p[i] == '~') {
			s->cmd[0] = p[i];
			s->have = 1;
		} else if (s->have > 0) {
			s->cmd[s->have++] = p[i];
			if (s->have == 3) {
				s->have = 0;
				if (s->cmd[0] == '^')
					command(s);
			}
		}
	}
	return n;
}

static void
zpl_end(void *state)
{
	(void)state;
}

const struct pdl_language pdl_zpl = {
	.name = "zpl", .state_bytes = sizeof(struct zpl), .sniff = zpl_sniff,
	.begin = zpl_begin, .feed = zpl_feed, .end = zpl_end
};
