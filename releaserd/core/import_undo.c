/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The last import of users is taken back, unless something came after it. */
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/import.h"

/* A row of the undo table, copied: what it refers to is written meanwhile. */
struct back {
	struct undo_row r;
	struct user was;		/* not for UNDO_NEW */
	struct card *cards;
	size_t ncards;
};

struct backs {
	struct import *im;
	struct back *all;
	size_t n, room;
};

static bool
back_row(const struct undo_row *r, void *ctx)
{
	struct backs *b = ctx;
	struct card cards[STORE_IMAGE_CARDS];
	struct back *to;

	if (b->n == b->room) {
		size_t room = b->room > 0 ? b->room * 2 : 64;

		if ((to = realloc(b->all, room * sizeof *to)) == NULL) {
			b->im->rc = -REL_E_NOMEM;
			return false;
		}
		b->all = to;
		b->room = room;
	}
	to = &b->all[b->n];
	memset(to, 0, sizeof *to);
	to->r = *r;
	to->r.before = NULL;
	if (r->what != UNDO_NEW && store_image_get(r->before, r->before_len,
	    &to->was, cards, &to->ncards) < 0) {
		b->im->rc = -REL_E_FORMAT;
		return false;
	}
	b->n++;
	if (to->ncards == 0)
		return true;
	if ((to->cards = malloc(to->ncards * sizeof *cards)) == NULL) {
		b->im->rc = -REL_E_NOMEM;
		return false;
	}
	memcpy(to->cards, cards, to->ncards * sizeof *cards);
	return true;
}

static void
backs_free(struct backs *b)
{
	for (size_t i = 0; i < b->n; i++)
		free(b->all[i].cards);
	if (b->all != NULL)
		rel_wipe(b->all, b->n * sizeof *b->all);
	free(b->all);
}

/* ---- is it as the import left it? */

struct now {
	struct card cards[STORE_IMAGE_CARDS];
	size_t ncards;
};

static bool
now_card(const struct card *k, void *ctx)
{
	struct now *n = ctx;

	n->cards[n->ncards++] = *k;
	return n->ncards < STORE_IMAGE_CARDS;
}

/* 1 yes, 0 no, or the store is broken. */
static int
unchanged(struct import *im, const struct back *b)
{
	struct now *n = calloc(1, sizeof *n);
	uint8_t hash[32] = { 0 };
	struct rel_buf image;
	struct user u;
	int rc;

	if (n == NULL)
		return -REL_E_NOMEM;
	rel_buf_init(&image);
	rc = store_user_by_id(im->c->st, b->r.user_id, &u);
	if (rc == 0 && u.cards > 0)
		rc = store_card_list(im->c->st, u.id, 0, STORE_IMAGE_CARDS,
		    now_card, n);
	if (rc >= 0) {
		store_image_put(&image, &u, n->cards, n->ncards);
		if (!image.failed)
			keys_sha256(hash, image.data, image.len);
		rc = memcmp(hash, b->r.after, sizeof hash) == 0;
	} else if (rc == -REL_E_NOTFOUND) {
		rc = 0;
	}
	rel_buf_fini_secret(&image);
	free(n);
	return rc;
}

static int
back_check(struct import *im, const struct back *b)
{
	struct user other;
	int rc;

	if (b->r.what == UNDO_DELETED) {
		rc = store_user_get(im->c->st, b->r.key, &other);
		if (rc == 0)
			import_problem(im, 0, b->r.key,
			    "\"%s\" was entered again since", b->r.key);
		return rc == -REL_E_NOTFOUND ? 0 : rc;
	}
	rc = unchanged(im, b);
	if (rc == 0)
		import_problem(im, 0, b->r.key,
		    "\"%s\" was changed or deleted since", b->r.key);
	return rc < 0 ? rc : 0;
}

/* ---- first everybody gives up what others had, then gets it back */

/* What they were given since they came goes with them. */
static int
back_delete(struct import *im, const char *key)
{
	struct user u;
	int rc = store_user_get(im->c->st, key, &u);

	if (rc == 0)
		rc = store_rights_since(im->c->st, key, u.created_ms);
	return rc < 0 ? rc : store_user_del(im->c->st, key);
}

static int
back_clear(struct import *im, const struct back *b)
{
	struct store *st = im->c->st;
	struct user u = b->was;
	struct now *n;
	int rc;

	if (b->r.what == UNDO_DELETED)
		return 0;
	if ((rc = import_sessions_end(im, b->r.user_id)) < 0)
		return rc;
	if (b->r.what == UNDO_NEW)
		return back_delete(im, b->r.key);
	if ((n = calloc(1, sizeof *n)) == NULL)
		return -REL_E_NOMEM;
	u.id = b->r.user_id;
	u.has_idnum = false;
	rc = store_user_set(st, &u);
	if (rc == 0)
		rc = store_card_list(st, u.id, 0, STORE_IMAGE_CARDS, now_card,
		    n);
	for (size_t i = 0; i < n->ncards && rc >= 0; i++)
		rc = store_card_del(st, n->cards[i].id);
	free(n);
	return rc < 0 ? rc : 0;
}

static int
back_restore(struct import *im, const struct back *b)
{
	struct store *st = im->c->st;
	struct user u = b->was;
	int rc;

	if (b->r.what == UNDO_NEW)
		return 0;
	u.id = b->r.user_id;
	rc = b->r.what == UNDO_DELETED ? store_user_add(st, &u) :
	    store_user_set(st, &u);
	for (size_t i = 0; i < b->ncards && rc == 0; i++) {
		struct card k = b->cards[i];

		k.user_id = u.id;
		rc = store_card_add(st, &k);
	}
	if (rc != -REL_E_EXISTS)
		return rc;
	import_problem(im, 0, b->r.key, "the ID number or a card that \"%s\" "
	    "had belongs to someone else now", b->r.key);
	return 0;
}

static void
back_count(struct import *im, const struct back *b)
{
	static const char *const what[] = { "deleted", "changed", "new" };

	if (b->r.what == UNDO_NEW)
		im->deleted++;
	else if (b->r.what == UNDO_CHANGED)
		im->changed++;
	else
		im->fresh++;
	if (json_array_size(im->preview) < IMPORT_SHOWN_MAX)
		json_array_append_new(im->preview, json_pack(
		    "{s:i,s:s,s:s,s:[]}", "line", 0, "name", b->r.key, "what",
		    what[b->r.what - UNDO_NEW], "fields"));
}

typedef int (*back_fn)(struct import *im, const struct back *b);

static int
backs_do(struct backs *b, back_fn fn)
{
	int rc = 0;

	for (size_t i = 0; i < b->n && rc == 0; i++)
		rc = fn(b->im, &b->all[i]);
	return rc;
}

int
import_undo(struct import *im)
{
	struct backs b = { .im = im };
	int rc = import_init(im);

	if (rc == 0 && (rc = store_undo_list(im->c->st, back_row, &b)) >= 0)
		rc = im->rc;
	if (rc == 0 && b.n == 0)
		rc = -REL_E_NOTFOUND;
	if (rc < 0 || (rc = store_point(im->c->st)) < 0) {
		backs_free(&b);
		return rc;
	}
	rc = backs_do(&b, back_check);
	if (rc == 0 && im->nproblems == 0)
		rc = backs_do(&b, back_clear);
	if (rc == 0 && im->nproblems == 0)
		rc = backs_do(&b, back_restore);
	if (rc == 0 && im->nproblems == 0)
		rc = store_rights_back(im->c->st);
	if (rc == 0)
		rc = store_undo_clear(im->c->st) < 0 ? -REL_E_IO : 0;
	for (size_t i = 0; i < b.n; i++)
		back_count(im, &b.all[i]);
	im->rows = (unsigned)b.n;
	backs_free(&b);
	return import_settle(im, rc, true);
}
