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

/*
 * The rows are looked at inside of SQLite, by a function of ours: three times
 * as fast as fetching each.  It is also true when time is up, so that SQLite
 * comes back; then `fits` says whether the row is one that is wanted.
 */
#define FITS " AND job_fits(id,state,user_key,device_id,queue,user,host,title)"
#define EVERYBODY \
	"SELECT id FROM job INDEXED BY job_seek WHERE id>?1 AND id<?2" FITS
#define ONE_USER \
	"SELECT id FROM job INDEXED BY job_mine WHERE id>?1 AND id<?2" \
	" AND user_key=?3" FITS

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

/* As it lies in the page: a text that ends with NUL would be a copy. */
static bool
has(sqlite3_value *v, const char *words)
{
	const void *p = sqlite3_value_blob(v);

	return rel_fold_has(p, p != NULL ? (size_t)sqlite3_value_bytes(v) : 0,
	    words);
}

static bool
is(sqlite3_value *v, const char *text)
{
	const void *p = sqlite3_value_blob(v);
	size_t n = p != NULL ? (size_t)sqlite3_value_bytes(v) : 0;

	return n == strlen(text) && (n == 0 || memcmp(p, text, n) == 0);
}

static bool
id_has(int64_t id, const char *words)
{
	char text[24];

	if (strlen(words) < ID_LEAST)
		return false;
	memcpy(text, "j-", 2);
	rel_b32(text + 2, (uint64_t)id, 13);
	return rel_fold_has(text, strlen(text), words);
}

static bool
words_fit(const struct job_seek *s, sqlite3_value **v)
{
	if (has(v[5], s->words) || has(v[6], s->words) ||
	    id_has(sqlite3_value_int64(v[0]), s->words))
		return true;
	/* A title is found only by those who may read it. */
	if (s->titles_of != NULL && !is(v[2], s->titles_of))
		return false;
	return has(v[7], s->words);
}

static bool
row_fits(const struct job_seek *s, sqlite3_value **v)
{
	if (!(s->f.states >> sqlite3_value_int(v[1]) & 1))
		return false;
	if (s->device_id != NULL && !is(v[3], s->device_id))
		return false;
	if (s->queue != NULL && !is(v[4], s->queue))
		return false;
	return s->words == NULL || words_fit(s, v);
}

static void
job_fits(sqlite3_context *ctx, int n, sqlite3_value **v)
{
	struct store *st = sqlite3_user_data(ctx);

	(void)n;
	if (st->seek.s == NULL) {
		sqlite3_result_error(ctx, "nobody is looking", -1);
		return;
	}
	st->seek.fits = row_fits(st->seek.s, v);
	if (++st->seek.looked % LOOK_EACH == 0 &&
	    rel_mono_ms() >= st->seek.until_ms)
		st->seek.time_up = true;
	sqlite3_result_int(ctx, st->seek.fits || st->seek.time_up);
}

static int
seek_begin(struct store *st, const struct job_seek *s)
{
	if (!st->seek.known && sqlite3_create_function_v2(st->db, "job_fits", 8,
	    SQLITE_UTF8 | SQLITE_DIRECTONLY, st, job_fits, NULL, NULL,
	    NULL) != SQLITE_OK)
		return -REL_E_NOMEM;
	st->seek.known = true;
	st->seek.s = s;
	st->seek.until_ms = rel_mono_ms() + s->slice_ms;
	st->seek.looked = 0;
	st->seek.fits = st->seek.time_up = false;
	return 0;
}

int
store_job_seek(struct store *st, struct job_seek *s, int64_t *ids, int room)
{
	int64_t id = 0;
	sqlite3_stmt *q;
	int rc, n = 0;

	if ((rc = seek_begin(st, s)) < 0)
		return rc;
	q = seek_query(st, s);
	while ((rc = store_row(q)) == 1) {
		id = col_int(q, 0);
		if (st->seek.fits)
			ids[n++] = id;
		if (n == room || st->seek.time_up)
			break;
	}
	store_done(q);
	st->seek.s = NULL;
	if (rc < 0)
		return rc;
	s->ended = rc == 0;
	if (id != 0 && s->f.newest)
		s->f.before = id;
	else if (id != 0)
		s->f.after = id;
	return n;
}
