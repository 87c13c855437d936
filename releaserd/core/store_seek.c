/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Searching the jobs.  Words may stand anywhere in a text, so all texts are
 * looked at; those of everybody lie close together in the index job_seek.
 */
#include <stdio.h>
#include <string.h>

#include "lib/fold.h"
#include "lib/text.h"
#include "releaserd/core/store_priv.h"

#define LOOK_EACH 64		/* rows between two looks at the clock */
#define ID_LEAST 4		/* bytes from which words may be an id's */

#define COLUMNS "SELECT id,state,user_key,device_id,queue,user,host,title"
#define EVERYBODY COLUMNS " FROM job INDEXED BY job_seek WHERE id>?1 AND id<?2"
#define ONE_USER COLUMNS " FROM job INDEXED BY job_mine WHERE id>?1 AND id<?2" \
	" AND user_key=?3"

static sqlite3_stmt *
seek_query(struct store *st, const struct job_seek *s)
{
	const struct job_filter *f = &s->f;
	int64_t after = f->after, before = f->before > 0 ? f->before :
	    INT64_MAX;

	if (f->user_key != NULL && f->newest)
		return store_query(st, ONE_USER " ORDER BY id DESC", "iit",
		    after, before, f->user_key);
	if (f->user_key != NULL)
		return store_query(st, ONE_USER " ORDER BY id", "iit", after,
		    before, f->user_key);
	if (f->newest)
		return store_query(st, EVERYBODY " ORDER BY id DESC", "ii",
		    after, before);
	return store_query(st, EVERYBODY " ORDER BY id", "ii", after, before);
}

static const char *
column(sqlite3_stmt *q, int col)
{
	const unsigned char *p = sqlite3_column_text(q, col);

	return p != NULL ? (const char *)p : "";
}

static bool
id_has(int64_t id, const char *words)
{
	char text[24];

	if (strlen(words) < ID_LEAST)
		return false;
	memcpy(text, "j-", 2);
	rel_b32(text + 2, (uint64_t)id, 13);
	return rel_fold_has(text, words);
}

static bool
words_fit(sqlite3_stmt *q, const struct job_seek *s, int64_t id)
{
	if (rel_fold_has(column(q, 5), s->words) ||
	    rel_fold_has(column(q, 6), s->words) || id_has(id, s->words))
		return true;
	/* A title is found only by those who may read it. */
	if (s->titles_of != NULL && strcmp(column(q, 2), s->titles_of) != 0)
		return false;
	return rel_fold_has(column(q, 7), s->words);
}

static bool
row_fits(sqlite3_stmt *q, const struct job_seek *s, int64_t id)
{
	if (!(s->f.states >> col_int(q, 1) & 1))
		return false;
	if (s->device_id != NULL && strcmp(column(q, 3), s->device_id) != 0)
		return false;
	if (s->queue != NULL && strcmp(column(q, 4), s->queue) != 0)
		return false;
	return s->words == NULL || words_fit(q, s, id);
}

int
store_job_seek(struct store *st, struct job_seek *s, int64_t *ids, int room)
{
	sqlite3_stmt *q = seek_query(st, s);
	int64_t until = rel_mono_ms() + s->slice_ms, id = 0;
	int rc, n = 0, seen = 0;

	while ((rc = store_row(q)) == 1) {
		id = col_int(q, 0);
		if (row_fits(q, s, id))
			ids[n++] = id;
		if (n == room || (++seen % LOOK_EACH == 0 &&
		    rel_mono_ms() >= until))
			break;
	}
	store_done(q);
	if (rc < 0)
		return rc;
	s->ended = rc == 0;
	if (id != 0 && s->f.newest)
		s->f.before = id;
	else if (id != 0)
		s->f.after = id;
	return n;
}
