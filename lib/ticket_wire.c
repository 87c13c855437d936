/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* A ticket between processes. */
#include <string.h>

#include "lib/cursor.h"
#include "lib/ticket.h"

#define FLAG_BOOKLET 1u
#define FLAG_REVERSE 2u
#define FLAG_COLLATE 4u

void
rel_ticket_put(struct rel_buf *b, const struct rel_ticket *t)
{
	rel_put_u32(b, t->copies);
	rel_put_u8(b, t->sides);
	rel_put_u8(b, t->colour);
	rel_put_u8(b, t->number_up);
	rel_put_u8(b, t->page_set);
	rel_put_u8(b, t->stamp);
	rel_put_u8(b, (uint8_t)((t->booklet ? FLAG_BOOKLET : 0) |
	    (t->reverse ? FLAG_REVERSE : 0) |
	    (t->collate ? FLAG_COLLATE : 0)));
	rel_put_str(b, t->pages);
	rel_put_str(b, t->layout);
	rel_put_str(b, t->media);
	rel_put_str(b, t->tray);
	rel_put_str(b, t->output_bin);
	rel_put_str(b, t->quality);
	rel_put_str(b, t->account);
	rel_put_str(b, t->finishings);
	rel_put_str(b, t->stamp_text);
	rel_put_str(b, t->rest);
}

static bool
number_up_ok(unsigned n)
{
	return n == 1 || n == 2 || n == 4 || n == 6 || n == 9 || n == 16;
}

/* No blank and nothing that ends a value: they become options of a program. */
static bool
word_ok(const char *s)
{
	for (; *s != '\0'; s++)
		if (*s <= ' ' || *s > '~' || strchr("'\"\\{}<>=", *s) != NULL)
			return false;
	return true;
}

void
rel_ticket_get(struct rel_ticket *t, struct rel_cur *c)
{
	uint8_t flags;

	rel_ticket_init(t);
	t->copies = rel_get_u32(c);
	t->sides = rel_get_u8(c);
	t->colour = rel_get_u8(c);
	t->number_up = rel_get_u8(c);
	t->page_set = rel_get_u8(c);
	t->stamp = rel_get_u8(c);
	flags = rel_get_u8(c);
	t->booklet = (flags & FLAG_BOOKLET) != 0;
	t->reverse = (flags & FLAG_REVERSE) != 0;
	t->collate = (flags & FLAG_COLLATE) != 0;
	rel_get_str(c, t->pages, sizeof t->pages);
	rel_get_str(c, t->layout, sizeof t->layout);
	rel_get_str(c, t->media, sizeof t->media);
	rel_get_str(c, t->tray, sizeof t->tray);
	rel_get_str(c, t->output_bin, sizeof t->output_bin);
	rel_get_str(c, t->quality, sizeof t->quality);
	rel_get_str(c, t->account, sizeof t->account);
	rel_get_str(c, t->finishings, sizeof t->finishings);
	rel_get_str(c, t->stamp_text, sizeof t->stamp_text);
	rel_get_str(c, t->rest, sizeof t->rest);
	if (c->bad == 0 && (t->copies < 1 || t->copies > 999 ||
	    t->sides > REL_DUPLEX_SHORT || t->colour > REL_COLOUR_COLOUR ||
	    !number_up_ok(t->number_up) ||
	    t->page_set > REL_PAGES_EVEN || t->stamp > REL_STAMP_SHEET ||
	    !word_ok(t->pages) || !word_ok(t->layout) || !word_ok(t->media) ||
	    !word_ok(t->tray) || !word_ok(t->output_bin) ||
	    !word_ok(t->quality) || !word_ok(t->finishings)))
		c->bad = REL_E_FORMAT;
}
