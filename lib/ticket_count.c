/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * What a ticket makes of a document, by arithmetic: the way pdftopdf of
 * cups-filters 1.28 goes about it.  Pages are put on sides (n-up, or in the
 * order of a booklet); of the sides some are taken (odd, even, ranges: these
 * count sides, not pages); a blank side is added where two-sided printing
 * would come out of step.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/ticket_priv.h"

#define SPANS 1024u

/* Rising ranges, read once: a document may have a million pages. */
struct spans {
	size_t n;
	uint32_t first[SPANS], last[SPANS];
};

struct walk {
	const struct rel_ticket *t;
	const struct rel_facts *in;
	struct spans colour, taken;
	uint32_t pages;			/* with the blank ones of a booklet */
	uint32_t per_side;
};

/* "-3,7,9-" */
static void
spans_read(struct spans *s, const char *p)
{
	s->n = 0;
	while (((*p >= '0' && *p <= '9') || *p == '-') && s->n < SPANS) {
		char *end = (char *)(uintptr_t)p;
		unsigned long a = *p == '-' ? 1 : strtoul(p, &end, 10);
		unsigned long b = a;

		if (*end == '-') {
			p = end + 1;
			b = strtoul(p, &end, 10);
			if (end == p)		/* to the last one */
				b = REL_FACTS_PAGES_MAX;
		}
		s->first[s->n] = (uint32_t)a;
		s->last[s->n++] = (uint32_t)b;
		p = *end == ',' ? end + 1 : end;
	}
}

static bool
spans_have(const struct spans *s, uint32_t x)
{
	size_t low = 0, high = s->n;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (x < s->first[mid])
			high = mid;
		else if (x > s->last[mid])
			low = mid + 1;
		else
			return true;
	}
	return false;
}

/* As rel_facts_page_is_colour(): true behind a cut, to be safe. */
static bool
page_is_colour(const struct walk *w, uint32_t page)
{
	const struct spans *s = &w->colour;

	return spans_have(s, page) || (w->in->colour_cut &&
	    (s->n == 0 || page > s->last[s->n - 1]));
}

/* The input page at a place of the order; may be behind the last. */
static uint32_t
page_at(const struct walk *w, uint32_t place)
{
	uint32_t sheet = place / 4;

	if (!w->t->booklet)
		return place + 1;
	/* The sheet's pages: last, first, second, last but one. */
	switch (place % 4) {
	case 0:
		return w->pages - 2 * sheet;
	case 1:
		return 2 * sheet + 1;
	case 2:
		return 2 * sheet + 2;
	default:
		return w->pages - 2 * sheet - 1;
	}
}

static bool
side_is_colour(const struct walk *w, uint32_t side)
{
	for (uint32_t i = 0; i < w->per_side; i++) {
		uint32_t place = (side - 1) * w->per_side + i;

		if (place < w->pages && page_at(w, place) <=
		    w->in->input_pages && page_is_colour(w,
		    page_at(w, place)))
			return true;
	}
	return false;
}

static bool
side_is_taken(const struct walk *w, uint32_t side)
{
	if (w->t->page_set == (side % 2 == 0 ? REL_PAGES_ODD :
	    REL_PAGES_EVEN))
		return false;
	return w->taken.n == 0 || spans_have(&w->taken, side);
}

/* All sides are taken and each page is on one: no need to look at them. */
static bool
all_in_order(const struct rel_ticket *t)
{
	return !t->booklet && t->number_up == 1 && t->pages[0] == '\0' &&
	    t->page_set == REL_PAGES_ALL;
}

static void
walk_sides(struct walk *w, struct rel_facts *out)
{
	uint32_t all = (w->pages + w->per_side - 1) / w->per_side;

	spans_read(&w->colour, w->in->colour_pages);
	spans_read(&w->taken, w->t->pages);
	out->sides = out->colour_sides = 0;
	for (uint32_t side = 1; side <= all; side++) {
		if (!side_is_taken(w, side))
			continue;
		out->sides++;
		if (side_is_colour(w, side))
			out->colour_sides++;
	}
}

static bool
is_two_sided(const struct rel_ticket *t)
{
	return t->sides == REL_DUPLEX_LONG || t->sides == REL_DUPLEX_SHORT;
}

bool
rel_ticket_count(const struct rel_ticket *t, const struct rel_facts *in,
    struct rel_facts *out)
{
	struct walk w;

	w.t = t;
	w.in = in;
	w.pages = in->input_pages;
	w.per_side = t->booklet ? 2 : t->number_up;
	*out = *in;
	if (in->pages_sure == REL_SURE_UNKNOWN)
		return false;
	if (t->booklet)
		w.pages = (w.pages + 3) / 4 * 4;
	if (all_in_order(t))
		out->sides = in->input_pages;
	else
		walk_sides(&w, out);
	if (((is_two_sided(t) && t->reverse) ||
	    t->page_set == REL_PAGES_EVEN) && out->sides % 2 == 1)
		out->sides++;			/* a blank one */
	if (t->colour == REL_COLOUR_MONO) {
		out->colour_sides = 0;
		out->colour_sure = REL_SURE_EXACT;
	} else if (in->colour_cut && !all_in_order(t)) {
		out->colour_sure = REL_SURE_BOUND;
	}
	out->duplex = t->sides != REL_DUPLEX_UNSAID ? t->sides : in->duplex;
	out->sheets = rel_ticket_one_paper(t, in, NULL) &&
	    is_two_sided(t) ? (out->sides + 1) / 2 :
	    rel_facts_sheets(in, out->sides, is_two_sided(t));
	out->copies = 1;
	out->impressions = out->sides * t->copies;
	return in->pages_sure == REL_SURE_EXACT;
}
