/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What a job costs by a price list, and why. */
#include "lib/price.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/err.h"
#include "lib/media.h"
#include "lib/price_priv.h"

#define FINISHINGS_MAX 32u
#define SECTIONS_MAX (REL_PRICE_GROUPS_MAX + 3)

struct price_media {
	uint32_t width, height;		/* 0: unknown */
	uint64_t area;
};

/* One question to a list: where to look, in this order, and for what. */
struct price_asked {
	const struct rel_prices *p;
	enum rel_price_for what_for;
	const struct price_section *section[SECTIONS_MAX];
	size_t nsections;
	struct price_media media;
	struct rel_papers papers;	/* of one copy */
	bool several;			/* sizes of paper */
	uint64_t copies, sheets;	/* sheets: of all copies, of media */
	struct rel_cost *out;
};

/* ---- the line for the media */

static uint32_t
apart(uint32_t a, uint32_t b)
{
	return a > b ? a - b : b - a;
}

/* The line for this size: of several within a millimetre the nearest. */
static const struct price_line *
line_of_size(const struct rel_prices *p, const struct price_range *r,
    const struct price_media *m)
{
	const struct price_line *best = NULL;
	uint32_t lo = r->size, hi = r->to, best_off = UINT32_MAX;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (p->lines[mid].width < m->width &&
		    !rel_media_same(p->lines[mid].width, 0, m->width, 0))
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < r->to && rel_media_same(p->lines[lo].width, 0, m->width,
	    0); lo++) {
		const struct price_line *l = &p->lines[lo];
		uint32_t off = apart(l->width, m->width) +
		    apart(l->height, m->height);

		if (off < best_off && rel_media_same(l->width, l->height,
		    m->width, m->height)) {
			best_off = off;
			best = l;
		}
	}
	return best;
}

/* The line whose "larger-than" is the largest one below the media. */
static const struct price_line *
line_below(const struct rel_prices *p, const struct price_range *r,
    const struct price_media *m)
{
	uint32_t lo = r->larger, hi = r->size;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (p->lines[mid].area < m->area)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo > r->larger; lo--) {
		const struct price_line *l = &p->lines[lo - 1];

		if (!rel_media_same(l->width, l->height, m->width, m->height))
			return l;
	}
	return NULL;
}

static const struct price_line *
line_for(const struct rel_prices *p, const struct price_range *r,
    const struct price_media *m)
{
	const struct price_line *l = NULL;

	if (m->width != 0 && r->size < r->to)
		l = line_of_size(p, r, m);
	if (l == NULL && m->width != 0 && r->larger < r->size)
		l = line_below(p, r, m);
	if (l == NULL && r->from < r->larger)
		l = &p->lines[r->from];
	return l;
}

/* ---- the line in the sections */

static const struct price_line *
find(const struct price_asked *a, enum rel_cost_kind kind)
{
	const struct price_line *l = NULL;

	for (size_t i = 0; i < a->nsections && l == NULL; i++) {
		const struct price_section *s = a->section[i];

		l = line_for(a->p, &s->range[a->what_for][kind], &a->media);
		if (l == NULL && a->what_for <= REL_PRICE_COPY)
			l = line_for(a->p, &s->range[REL_PRICE_PRINT][kind],
			    &a->media);
	}
	return l;
}

/* "staple" is for "staple-top-left", too; "" for all. */
static bool
is_for(const struct price_finishing *f, const char *name)
{
	return f->len == 0 || (strncmp(f->name, name, f->len) == 0 &&
	    (name[f->len] == '\0' || name[f->len] == '-'));
}

/* Does a fit better than b, which may be NULL? */
static bool
is_better(const struct price_line *a, const struct price_line *b)
{
	if (a == NULL || b == NULL)
		return a != NULL;
	if (a->how != b->how)
		return a->how > b->how;
	if (a->how == PRICE_LARGER && a->area != b->area)
		return a->area > b->area;
	return strlen(a->finishing) > strlen(b->finishing);
}

static const struct price_line *
find_finishing(const struct price_asked *a, const char *name)
{
	const struct price_line *best = NULL, *l;

	for (size_t i = 0; i < a->nsections && best == NULL; i++) {
		const struct price_section *s = a->section[i];

		for (uint32_t f = s->finishings; f < s->finishings_end; f++) {
			if (!is_for(&a->p->finishings[f], name))
				continue;
			l = line_for(a->p, &a->p->finishings[f].range,
			    &a->media);
			if (is_better(l, best))
				best = l;
		}
	}
	return best;
}

/* ---- where to look */

/* Behind those there are, but for groups in the order of the file. */
static void
look_in(struct price_asked *a, size_t from, uint32_t section)
{
	size_t i = a->nsections++;
	const struct price_section *s = &a->p->sections[section];

	for (; i > from && a->section[i - 1] > s; i--)
		a->section[i] = a->section[i - 1];
	a->section[i] = s;
}

static int
sections(struct price_asked *a, const struct rel_print *what)
{
	uint32_t id = price_section_of(a->p, what->device_id, false);
	uint32_t name = price_section_of(a->p, what->device, false);
	size_t groups;

	if (what->ngroups > REL_PRICE_GROUPS_MAX)
		return -REL_E_LIMIT;
	if (id != 0)
		look_in(a, a->nsections, id);
	if (name != 0)
		look_in(a, a->nsections, name);
	groups = a->nsections;
	for (size_t i = 0; i < what->ngroups; i++) {
		uint32_t s = price_section_of(a->p, what->groups[i], true);

		if (s != 0)
			look_in(a, groups, s);
	}
	look_in(a, a->nsections, 0);
	return 0;
}

/* ---- adding up */

/* A line, if there is one, so many times. */
static int
add(struct price_asked *a, const struct price_line *l, uint64_t count,
    const char *finishing, size_t len)
{
	struct rel_cost *out = a->out;
	struct rel_cost_item *it = &out->items[out->nitems];

	if (l == NULL || count == 0)
		return 0;
	if (out->nitems + 1 == REL_COST_ITEMS)	/* one is for the floor */
		return -REL_E_LIMIT;
	*it = (struct rel_cost_item){ .kind = l->kind, .line = l->line,
		.per_sheet = l->per_sheet, .count = count, .each =
		l->kind == REL_COST_DUPLEX ? -l->micro : l->micro };
	if (a->several && l->kind != REL_COST_BASE &&
	    (l->kind != REL_COST_FINISHING || l->per_sheet)) {
		it->width = a->media.width;
		it->height = a->media.height;
	}
	memcpy(it->finishing, finishing, len);
	if (count > INT64_MAX ||
	    !rel_money_mul(&it->micro, it->each, (int64_t)count) ||
	    !rel_money_add(&out->micro, out->micro, it->micro) ||
	    out->micro > REL_MONEY_MAX || out->micro < -REL_MONEY_MAX)
		return -REL_E_LIMIT;
	out->nitems++;
	return 0;
}

static int
add_kind(struct price_asked *a, enum rel_cost_kind kind, uint64_t count)
{
	return add(a, count == 0 ? NULL : find(a, kind), count, "", 0);
}

/* Of one size of paper from here on. */
static void
on_paper(struct price_asked *a, const struct rel_paper *p)
{
	a->media.width = p->width;
	a->media.height = p->height;
	a->media.area = (uint64_t)p->width * p->height;
	a->sheets = (uint64_t)p->sheets * a->copies;
}

/* Per copy by the first paper; per sheet each paper by its own line. */
static int
add_finishing(struct price_asked *a, const char *name, size_t n)
{
	const struct price_line *l;
	int rc;

	on_paper(a, &a->papers.of[0]);
	l = find_finishing(a, name);
	if (l == NULL || !l->per_sheet)
		return add(a, l, a->copies, name, n);
	rc = add(a, l, a->sheets, name, n);
	for (unsigned i = 1; i < a->papers.n && rc == 0; i++) {
		on_paper(a, &a->papers.of[i]);
		l = find_finishing(a, name);
		if (l != NULL && l->per_sheet)
			rc = add(a, l, a->sheets, name, n);
	}
	return rc;
}

static int
add_finishings(struct price_asked *a, const char *list)
{
	char name[sizeof a->out->items[0].finishing];
	unsigned seen = 0;
	int rc = 0;

	while (*(list += *list == ',') != '\0' && rc == 0) {
		size_t n = strcspn(list, ",");

		if (++seen > FINISHINGS_MAX || n >= sizeof name)
			return -REL_E_LIMIT;
		memcpy(name, list, n);
		name[n] = '\0';
		list += n;
		if (n > 0 && strcmp(name, "none") != 0)
			rc = add_finishing(a, name, n);
	}
	return rc;
}

/* A job is never paid for by us. */
static void
add_floor(struct rel_cost *out)
{
	if (out->micro >= 0)
		return;
	out->items[out->nitems++] = (struct rel_cost_item){
		.kind = REL_COST_FLOOR, .count = 1, .each = -out->micro,
		.micro = -out->micro };
	out->micro = 0;
}

static int
add_paper(struct price_asked *a, const struct rel_paper *p, uint32_t both)
{
	uint64_t n = a->copies;
	int rc;

	if ((rc = add_kind(a, REL_COST_SHEET, a->sheets)) < 0 ||
	    (rc = add_kind(a, REL_COST_DUPLEX, both * n)) < 0 ||
	    (rc = add_kind(a, REL_COST_MONO, (p->sides - p->colour) * n)) < 0)
		return rc;
	return add_kind(a, REL_COST_COLOUR, p->colour * n);
}

static int
add_all(struct price_asked *a, const struct rel_print *what)
{
	uint32_t left = what->two_sided < what->sheets ? what->two_sided :
	    what->sheets;
	int rc;

	on_paper(a, &a->papers.of[0]);
	rc = add_kind(a, REL_COST_BASE, 1);
	for (unsigned i = 0; i < a->papers.n && rc == 0; i++) {
		const struct rel_paper *p = &a->papers.of[i];
		uint32_t both = !a->several ? left : p->sides > p->sheets ?
		    p->sides - p->sheets : 0;

		on_paper(a, p);
		rc = add_paper(a, p, both < left ? both : left);
		left -= both < left ? both : left;
	}
	return rc < 0 ? rc : add_finishings(a, what->finishings);
}

/* The papers, which is one when nobody says that there are more. */
static void
papers(struct price_asked *a, const struct rel_print *what, uint32_t colour)
{
	struct rel_paper *one = &a->papers.of[0];

	a->several = what->papers != NULL && what->papers->n > 1;
	if (a->several) {
		a->papers = *what->papers;
		rel_papers_fit(&a->papers, what->sides, colour,
		    what->sheets);
		a->several = a->papers.n > 1;
		return;
	}
	a->papers.n = 1;
	*one = (struct rel_paper){ .sides = what->sides, .colour = colour,
	    .sheets = what->sheets };
	if (!rel_media_size(what->media, &one->width, &one->height))
		one->width = one->height = 0;
}

static void
clear(struct rel_cost *out)
{
	out->micro = 0;
	out->mono_sides = out->colour_sides = 0;
	out->nitems = 0;
}

int
rel_prices_cost(const struct rel_prices *p, const struct rel_print *what,
    struct rel_cost *out)
{
	uint32_t colour = what->colour_sides < what->sides ?
	    what->colour_sides : what->sides;
	struct price_asked a = { .p = p, .what_for = what->what_for,
		.out = out, .copies = what->copies };
	int rc;

	clear(out);
	if (what->copies == 0 || (what->sides == 0 && what->sheets == 0))
		return 0;
	papers(&a, what, colour);
	out->colour_sides = (uint64_t)colour * what->copies;
	out->mono_sides = (uint64_t)(what->sides - colour) * what->copies;
	if ((rc = sections(&a, what)) < 0 || (rc = add_all(&a, what)) < 0)
		clear(out);
	else
		add_floor(out);
	return rc;
}

/* ---- what a list has, and words */

const char *
rel_prices_currency(const struct rel_prices *p)
{
	return p->currency;
}

size_t
rel_prices_count(const struct rel_prices *p)
{
	return p->nlines;
}

const char *
rel_prices_section(const struct rel_prices *p, size_t i, bool *is_group,
    unsigned *line)
{
	const struct price_section *s;

	if (i >= p->nsections - 1)
		return NULL;
	s = &p->sections[i + 1];
	*is_group = s->group;
	*line = s->line;
	return s->name;
}

/* "24 colour sides": what is paid for. */
static void
counted(const struct rel_cost_item *it, char *out, size_t size)
{
	static const struct {
		const char *one, *many;
	} words[] = {
		[REL_COST_SHEET] = { "sheet", "sheets" },
		[REL_COST_MONO] = { "mono side", "mono sides" },
		[REL_COST_COLOUR] = { "colour side", "colour sides" },
		[REL_COST_DUPLEX] = { "two-sided sheet", "two-sided sheets" }
	};
	bool one = it->count == 1;

	if (it->kind == REL_COST_BASE)
		snprintf(out, size, "base price");
	else if (it->kind == REL_COST_FINISHING)
		snprintf(out, size, "%s of %" PRIu64 " %s", it->finishing,
		    it->count, it->per_sheet ? one ? "sheet" : "sheets" :
		    one ? "copy" : "copies");
	else
		snprintf(out, size, "%" PRIu64 " %s", it->count, one ?
		    words[it->kind].one : words[it->kind].many);
}

void
rel_cost_text(const struct rel_cost_item *it, char *out, size_t size)
{
	char money[REL_MONEY_TEXT], what[96], name[64], paper[60] = "";

	if (it->kind >= REL_COST_FLOOR) {
		snprintf(out, size, "not less than 0");
		return;
	}
	rel_money_text(money, it->each < 0 ? -it->each : it->each);
	counted(it, what, sizeof what);
	if (it->width != 0) {
		rel_media_name(name, sizeof name, it->width, it->height);
		memcpy(paper, " on ", 5);
		rel_media_label(paper + 4, sizeof paper - 4, name);
	}
	snprintf(out, size, "%s%s %s %s%s (line %u)", what, paper,
	    it->kind == REL_COST_BASE ? "of" : it->kind == REL_COST_DUPLEX ?
	    "each" : "at", money, it->kind == REL_COST_DUPLEX ? " less" : "",
	    it->line);
}
