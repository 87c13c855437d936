/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef BOOK_H
#define BOOK_H

#include "lib/place.h"
#include "releaserd/core/core.h"
#include "releaserd/core/store_money.h"

/*
 * A text that administrators write and core acts on: the price list, the
 * rules.  Each version stays in the database; the newest one, read, is here.
 */
struct book {
	enum policy_kind kind;
	const char *what;		/* "price list" */
	/* NULL and at says what is wrong with the text. */
	void *(*read)(const char *text, size_t n, struct rel_place *at);
	void (*free)(void *now);
	/* Another one holds; may be NULL. */
	void (*changed)(struct core *c);
	void *now;			/* NULL while there is none */
	int64_t version;		/* 0 while there is none */
};

struct book_text {
	const char *text;
	size_t n;
	const char *by;			/* who wrote it */
};

/* The newest version from the database, if there is one. */
int book_open(struct core *c, struct book *b, struct rel_err *err);
void book_close(struct book *b);

/*
 * A new version, text of n bytes, holds when this turn is on disk.  0 and its
 * number; -REL_E_FORMAT and at says what is wrong; or the turn is spoilt.
 */
int book_set(struct core *c, struct book *b, const struct book_text *t,
    int64_t *version, struct rel_place *at);

/* A version (0: the newest), read: the caller's own. NULL: rc says why, and of
 * a text that cannot be read any more at says where. */
void *book_load(struct core *c, const struct book *b, int64_t *version,
    struct rel_place *at, int *rc);

#endif
