/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/core/prices.h"

#include <stdlib.h>
#include <string.h>

#include "lib/names.h"

struct prices {
	struct book book;
	struct rel_prices *old;		/* the version last asked for */
	int64_t old_version;
};

static void *
list_read(const char *text, size_t n, struct rel_place *at)
{
	return rel_prices_read(text, n, at);
}

static void
list_free(void *now)
{
	struct rel_prices *p = now;

	rel_prices_free(&p);
}

int
prices_init(struct core *c, struct rel_err *err)
{
	static const struct book book = { .kind = POLICY_PRICES,
	    .what = "price list", .read = list_read, .free = list_free,
	    .changed = lists_forget_all };

	if ((c->prices = calloc(1, sizeof *c->prices)) == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	c->prices->book = book;
	return book_open(c, &c->prices->book, err);
}

void
prices_fini(struct core *c)
{
	if (c->prices == NULL)
		return;
	book_close(&c->prices->book);
	rel_prices_free(&c->prices->old);
	free(c->prices);
	c->prices = NULL;
}

struct book *
prices_book(struct core *c)
{
	return &c->prices->book;
}

int64_t
prices_version(const struct core *c)
{
	return c->prices->book.version;
}

const char *
prices_currency(const struct core *c)
{
	const struct rel_prices *p = c->prices->book.now;
	const char *said = p != NULL ? rel_prices_currency(p) : "";

	return said[0] != '\0' ? said : c->role->set.currency;
}

/* The list of a version; NULL when there is none. */
static const struct rel_prices *
list_of(struct core *c, int64_t version, int *rc)
{
	struct prices *ps = c->prices;
	struct rel_place at;

	*rc = -REL_E_NOTFOUND;
	if (version == 0 || version == ps->book.version)
		return ps->book.now;
	if (version == ps->old_version)
		return ps->old;
	rel_prices_free(&ps->old);
	ps->old = book_load(c, &ps->book, &version, &at, rc);
	ps->old_version = ps->old != NULL ? version : 0;
	return ps->old;
}

static uint32_t
whole(int64_t n)
{
	return n < 0 ? 0 : n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
}

/* A driver puts all pages on one size: what it makes has to be waited for. */
static bool
by_paper(const struct priced *what)
{
	const struct job *j = what->job;

	return what->count->papers.n > 1 && !(what->count == &j->count &&
	    what->device != NULL && what->device->driver[0] == '/' &&
	    pages_can_change(j));
}

int
prices_print(struct core *c, const struct device *d, int64_t version,
    struct rel_print *p, struct rel_cost *out)
{
	const char *names[REL_PRICE_GROUPS_MAX];
	char groups[sizeof d->groups] = "";
	int rc = 0;
	const struct rel_prices *list = list_of(c, version, &rc);

	memset(out, 0, sizeof *out);
	if (list == NULL)
		return rc;
	if (d != NULL)
		memcpy(groups, d->groups, sizeof groups);
	p->device_id = d != NULL ? d->id : "";
	p->device = d != NULL ? d->name : "";
	p->ngroups = rel_names_split(groups, names, REL_PRICE_GROUPS_MAX);
	p->groups = names;
	rc = rel_prices_cost(list, p, out);
	p->ngroups = 0;
	p->groups = NULL;
	return rc;
}

int
prices_cost(struct core *c, const struct priced *what, struct rel_cost *out)
{
	const struct job_count *n = what->count;
	struct rel_print p = { .sides = whole(n->sides),
	    .colour_sides = whole(n->colour), .sheets = whole(n->sheets),
	    .two_sided = whole(n->sides - n->sheets),
	    .copies = whole(what->copies) };
	struct rel_ticket t;
	int rc = 0;

	memset(out, 0, sizeof *out);
	if (list_of(c, what->version, &rc) == NULL)
		return rc;
	if (n->sides == 0)
		return -REL_E_FORMAT;
	pages_ticket(what->job, &t);
	p.media = n->media[0] != '\0' ? n->media : t.media;
	p.finishings = t.finishings;
	if (by_paper(what))
		p.papers = &n->papers;
	return prices_print(c, what->device, what->version, &p, out);
}

bool
prices_row(struct core *c, const struct job *j, const struct device *d,
    int64_t *micro)
{
	struct priced what = { .job = j, .count = &j->count,
	    .copies = j->copies, .device = d };
	struct rel_cost cost;

	if (prices_version(c) == 0 || prices_cost(c, &what, &cost) < 0)
		return false;
	*micro = cost.micro;
	return true;
}
