/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/core/book.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *
book_load(struct core *c, const struct book *b, int64_t *version,
    struct rel_place *at, int *rc)
{
	struct policy_text row = { .text = NULL };
	void *now;

	*rc = store_policy_get(c->st, b->kind, *version, &row);
	if (*rc < 0)
		return NULL;
	*version = row.version;
	now = b->read(row.text, strlen(row.text), at);
	if (now == NULL) {
		rel_log(REL_ERROR, "what is stored cannot be read",
		    "what=\"%s\" version=%lld line=%u why=\"%s\"", b->what,
		    (long long)row.version, at->line, at->text);
		*rc = -REL_E_FORMAT;
	}
	free(row.text);
	return now;
}

int
book_open(struct core *c, struct book *b, struct rel_err *err)
{
	struct rel_place at;
	int64_t version = 0;
	int rc;

	b->now = book_load(c, b, &version, &at, &rc);
	if (b->now != NULL)
		b->version = version;
	else if (rc != -REL_E_NOTFOUND)
		return rel_err_set(err, REL_E_IO, "the %s cannot be read from "
		    "the database", b->what);
	return 0;
}

void
book_close(struct book *b)
{
	if (b->now != NULL)
		b->free(b->now);
	b->now = NULL;
	b->version = 0;
}

struct next {
	struct book *book;
	void *now;
	int64_t version;
};

static void
book_turn(struct core *c, void *arg, bool ok)
{
	struct next *n = arg;
	struct book *b = n->book;

	if (ok) {
		book_close(b);
		b->now = n->now;
		b->version = n->version;
		if (b->changed != NULL)
			b->changed(c);
	} else {
		b->free(n->now);
	}
	free(n);
}

static int
book_write(struct core *c, const struct book *b, const struct book_text *t,
    int64_t *version)
{
	struct policy_text row = { .at_ms = rel_now_ms() };
	int rc = -REL_E_NOMEM;

	snprintf(row.by, sizeof row.by, "%s", t->by);
	if ((row.text = strndup(t->text, t->n)) != NULL)
		rc = store_policy_add(c->st, b->kind, &row);
	free(row.text);
	*version = row.version;
	return rc;
}

int
book_set(struct core *c, struct book *b, const struct book_text *t,
    int64_t *version, struct rel_place *at)
{
	struct next *n = calloc(1, sizeof *n);
	int rc;

	if (n == NULL)
		return core_spoil(c, -REL_E_NOMEM);
	n->book = b;
	if ((n->now = b->read(t->text, t->n, at)) == NULL) {
		free(n);
		return -REL_E_FORMAT;
	}
	if ((rc = book_write(c, b, t, version)) < 0) {
		b->free(n->now);
		free(n);
		return core_spoil(c, rc);
	}
	n->version = *version;
	core_defer(c, book_turn, n);
	return 0;
}
