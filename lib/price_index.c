/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Price lists: sections by name, and in them the lines for each thing. */
#include <stdlib.h>
#include <string.h>

#include "lib/media.h"
#include "lib/price_priv.h"

/* ---- sections by name */

/* The slot where it is, or would be: FNV-1a. */
static uint32_t *
slot_of(const struct rel_prices *p, const char *name, bool group)
{
	uint64_t h = UINT64_C(14695981039346656037) ^ (uint64_t)group;
	uint32_t *slot;

	for (const char *s = name; *s != '\0'; s++)
		h = (h ^ (unsigned char)*s) * UINT64_C(1099511628211);
	h ^= h >> 32;
	for (;; h++) {
		const struct price_section *s;

		slot = &p->slots[h & (p->nslots - 1)];
		s = &p->sections[*slot];
		if (*slot == 0 || (s->group == group &&
		    strcmp(s->name, name) == 0))
			return slot;
	}
}

uint32_t
price_section_of(const struct rel_prices *p, const char *name, bool group)
{
	return name[0] == '\0' ? 0 : *slot_of(p, name, group);
}

void
price_section_put(struct rel_prices *p)
{
	const struct price_section *s = &p->sections[p->nsections - 1];

	*slot_of(p, s->name, s->group) = p->nsections - 1;
}

/* ---- lines in order */

static int
order(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

/* Do they speak of the same thing? By section, function, kind, finishing,
 * how. */
static int
by_thing(const struct price_line *a, const struct price_line *b)
{
	int c;

	if ((c = order(a->section, b->section)) == 0 &&
	    (c = order(a->what_for, b->what_for)) == 0 &&
	    (c = order(a->kind, b->kind)) == 0 &&
	    (c = strcmp(a->finishing, b->finishing)) == 0)
		c = order(a->how, b->how);
	return c;
}

static int
by_all(const void *x, const void *y)
{
	const struct price_line *a = x, *b = y;
	int c = by_thing(a, b);

	if (c == 0 && a->how == PRICE_LARGER)
		c = order(a->area, b->area);
	if (c == 0 && (c = order(a->width, b->width)) == 0 &&
	    (c = order(a->height, b->height)) == 0)
		c = order(a->line, b->line);
	return c;
}

/* Two lines for the same thing that fit the same media equally well. */
static bool
is_twice(const struct price_line *a, const struct price_line *b)
{
	return (a->how == PRICE_LARGER && a->area == b->area) ||
	    rel_media_same(a->width, a->height, b->width, b->height);
}

/* Is a line said again further down? Sizes alike have widths alike. */
static int
check_twice(const struct rel_prices *p, uint32_t i, struct rel_place *at)
{
	const struct price_line *a = &p->lines[i], *b;

	for (b = a + 1; b < p->lines + p->nlines; b++) {
		if (by_thing(a, b) != 0 || (a->how == PRICE_SIZE &&
		    !rel_media_same(a->width, 0, b->width, 0)))
			break;
		if (is_twice(a, b))
			return rel_place_set(at, a->line > b->line ? a->line :
			    b->line, NULL, "line %u says the same already",
			    a->line > b->line ? b->line : a->line);
		if (a->how == PRICE_LARGER)
			break;
	}
	return 0;
}

/* ---- from sections to lines */

/* The lines at i that differ in nothing but the media; where they end. */
static uint32_t
range_at(const struct rel_prices *p, uint32_t i, struct price_range *r)
{
	const struct price_line *first = &p->lines[i], *l;
	uint32_t *part[] = { &r->larger, &r->size, &r->to };

	r->from = r->larger = r->size = r->to = i;
	for (; i < p->nlines; i++) {
		l = &p->lines[i];
		if (l->section != first->section || l->kind != first->kind ||
		    l->what_for != first->what_for || strcmp(l->finishing, first->finishing) != 0)
			break;
		for (unsigned k = l->how; k <= PRICE_SIZE; k++)
			*part[k] = i + 1;
	}
	return r->to;
}

static uint32_t
index_at(struct rel_prices *p, uint32_t i)
{
	const struct price_line *l = &p->lines[i];
	struct price_section *s = &p->sections[l->section];
	struct price_finishing *f;

	if (l->kind != REL_COST_FINISHING)
		return range_at(p, i, &s->range[l->what_for][l->kind]);
	f = &p->finishings[p->nfinishings];
	if (s->finishings_end == 0)
		s->finishings = p->nfinishings;
	s->finishings_end = ++p->nfinishings;
	f->name = l->finishing;
	f->len = strlen(f->name);
	return range_at(p, i, &f->range);
}

int
price_index(struct rel_prices *p, struct rel_place *at)
{
	int rc;

	qsort(p->lines, p->nlines, sizeof p->lines[0], by_all);
	for (uint32_t i = 0; i < p->nlines; i++)
		if ((rc = check_twice(p, i, at)) < 0)
			return rc;
	for (uint32_t i = 0; i < p->nlines;)
		i = index_at(p, i);
	return 0;
}
