/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/papers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/media.h"

static uint64_t
area(const struct rel_paper *p)
{
	return (uint64_t)p->width * p->height;
}

static struct rel_paper *
largest(struct rel_papers *p)
{
	struct rel_paper *big = &p->of[0];

	for (unsigned i = 1; i < p->n; i++)
		if (area(&p->of[i]) > area(big))
			big = &p->of[i];
	return big;
}

static uint32_t
sum(uint32_t a, uint32_t b)
{
	return a > UINT32_MAX - b ? UINT32_MAX : a + b;
}

/* Up to where it belongs: the one with most sides is the first. */
static void
lift(struct rel_papers *p, unsigned i)
{
	for (; i > 0 && p->of[i].sides > p->of[i - 1].sides; i--) {
		struct rel_paper one = p->of[i];

		p->of[i] = p->of[i - 1];
		p->of[i - 1] = one;
	}
}

void
rel_papers_add(struct rel_papers *p, const struct rel_paper *more)
{
	struct rel_paper m = *more, *to;
	unsigned i = 0;

	if (m.width > m.height) {
		m.width = more->height;
		m.height = more->width;
	}
	if (m.sides == 0 && m.sheets == 0)
		return;
	while (i < p->n && !rel_media_same(p->of[i].width, p->of[i].height,
	    m.width, m.height))
		i++;
	if (i == p->n && i < REL_PAPERS) {
		p->of[p->n++] = m;
		lift(p, i);
		return;
	}
	to = i < p->n ? &p->of[i] : largest(p);
	if (i == p->n && area(&m) > area(to)) {
		to->width = m.width;
		to->height = m.height;
	}
	to->sides = sum(to->sides, m.sides);
	to->colour = sum(to->colour, m.colour);
	to->sheets = sum(to->sheets, m.sheets);
	lift(p, (unsigned)(to - p->of));
}

/* ---- to make them add up */

enum figure { SIDES, COLOUR, SHEETS, FIGURES };

static uint32_t *
figure(struct rel_paper *p, enum figure what)
{
	return what == SIDES ? &p->sides : what == COLOUR ? &p->colour :
	    &p->sheets;
}

/* Of one paper so much, but no more than it has; colour only on sides. */
static uint64_t
take_off(struct rel_paper *p, enum figure what, uint64_t n)
{
	uint32_t *v = figure(p, what);
	uint64_t off = n < *v ? n : *v;

	*v -= (uint32_t)off;
	return off;
}

static void
fit_one(struct rel_papers *p, enum figure what, uint32_t want)
{
	uint64_t have = 0;

	for (unsigned i = 0; i < p->n; i++)
		have += *figure(&p->of[i], what);
	if (have < want)
		*figure(largest(p), what) += (uint32_t)(want - have);
	if (have > want)
		have -= take_off(largest(p), what, have - want);
	for (unsigned i = 0; i < p->n && have > want; i++)
		have -= take_off(&p->of[i], what, have - want);
}

/* No more colour than sides anywhere: what is too much is on another. */
static void
spread_colour(struct rel_papers *p)
{
	uint64_t over = 0;

	for (unsigned i = 0; i < p->n; i++)
		if (p->of[i].colour > p->of[i].sides) {
			over += p->of[i].colour - p->of[i].sides;
			p->of[i].colour = p->of[i].sides;
		}
	for (unsigned i = 0; i < p->n && over > 0; i++) {
		uint64_t room = p->of[i].sides - p->of[i].colour;
		uint64_t more = over < room ? over : room;

		p->of[i].colour += (uint32_t)more;
		over -= more;
	}
}

void
rel_papers_fit(struct rel_papers *p, uint32_t sides, uint32_t colour,
    uint32_t sheets)
{
	struct rel_papers was;

	if (p->n == 0)
		return;
	fit_one(p, SIDES, sides);
	fit_one(p, SHEETS, sheets);
	fit_one(p, COLOUR, colour < sides ? colour : sides);
	spread_colour(p);
	was = *p;
	p->n = 0;
	for (unsigned i = 0; i < was.n; i++)
		rel_papers_add(p, &was.of[i]);
}

/* ---- as text */

void
rel_papers_text(const struct rel_papers *p, char out[REL_PAPERS_TEXT])
{
	size_t n = 0;

	out[0] = '\0';
	for (unsigned i = 0; i < p->n; i++) {
		const struct rel_paper *one = &p->of[i];

		n += (size_t)snprintf(out + n, REL_PAPERS_TEXT - n,
		    "%s%ux%u:%u/%u/%u", i > 0 ? "," : "", one->width,
		    one->height, one->sides, one->colour, one->sheets);
	}
}

static bool
number(const char **at, char end, uint32_t *out)
{
	char *stop;
	unsigned long long v;

	if (**at < '0' || **at > '9')
		return false;
	v = strtoull(*at, &stop, 10);
	*at = *stop == end && end != '\0' ? stop + 1 : stop;
	*out = (uint32_t)v;
	return v <= UINT32_MAX && *stop == end;
}

bool
rel_papers_read(struct rel_papers *p, const char *text)
{
	struct rel_paper one;

	p->n = 0;
	while (*text != '\0') {
		if (!number(&text, 'x', &one.width) ||
		    !number(&text, ':', &one.height) ||
		    !number(&text, '/', &one.sides) ||
		    !number(&text, '/', &one.colour) ||
		    !number(&text, strchr(text, ',') != NULL ? ',' : '\0',
		    &one.sheets) || one.colour > one.sides) {
			p->n = 0;
			return false;
		}
		rel_papers_add(p, &one);
	}
	return true;
}
