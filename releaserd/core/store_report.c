/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/core/store_report.h"

#include <string.h>

#include "releaserd/core/store_priv.h"

/* Who set money aside for a job: the first that did. */
#define PAYER(job) \
	"(SELECT a.key FROM transfer t JOIN entry e ON e.transfer=t.id" \
	" JOIN account a ON a.id=e.account WHERE t.job_id=" job \
	" AND t.kind=3 AND e.amount<0 LIMIT 1)"

/* What the device has of it in the end. */
#define PAID \
	"(SELECT sum(e.amount) FROM transfer t JOIN entry e" \
	" ON e.transfer=t.id JOIN account a ON a.id=e.account" \
	" WHERE t.job_id=job.id AND a.kind=4 AND a.unit=1)"

/*
 * ended_ms>=?1 stands first: SQLite begins at the first bound it finds, and
 * ended_ms>0, by which it may use the index, is the beginning of all.
 */
#define RECORDED \
	"SELECT id,created_ms,ended_ms,bytes,copies,state,user_key,queue," \
	"device_id,title,format,options,changes,language,media,pages,sides," \
	"sheets,colour,pages_sure,colour_sure,duplex,out_sides,out_sheets," \
	"out_colour,out_copies," PAID "," \
	PAYER("job.id") ",host,cups_job,application,producer," \
	"CASE WHEN out_sides>0 THEN out_papers ELSE papers END" \
	" FROM job INDEXED BY job_ended" \
	" WHERE ended_ms>=?1 AND (ended_ms>?1 OR id>?2) AND ended_ms>0" \
	" AND ended_ms<?3 ORDER BY ended_ms,id LIMIT ?4"

static void
recorded_texts(sqlite3_stmt *q, struct job *j)
{
	col_text(q, 6, j->user_key, sizeof j->user_key);
	col_text(q, 7, j->queue, sizeof j->queue);
	col_text(q, 8, j->device_id, sizeof j->device_id);
	col_text(q, 9, j->title, sizeof j->title);
	col_text(q, 10, j->format, sizeof j->format);
	col_text(q, 11, j->options, sizeof j->options);
	col_text(q, 12, j->changes, sizeof j->changes);
	col_text(q, 13, j->count.language, sizeof j->count.language);
	col_text(q, 14, j->count.media, sizeof j->count.media);
}

static void
recorded_from_row(sqlite3_stmt *q, struct recorded *r)
{
	struct job *j = &r->job;

	j->id = col_int(q, 0);
	j->created_ms = col_int(q, 1);
	j->ended_ms = col_int(q, 2);
	j->bytes = col_int(q, 3);
	j->copies = col_int(q, 4);
	j->state = (enum job_state)col_int(q, 5);
	recorded_texts(q, j);
	j->count.pages = col_int(q, 15);
	j->count.sides = col_int(q, 16);
	j->count.sheets = col_int(q, 17);
	j->count.colour = col_int(q, 18);
	j->count.pages_sure = (int)col_int(q, 19);
	j->count.colour_sure = (int)col_int(q, 20);
	j->count.duplex = (int)col_int(q, 21);
	j->out.sides = col_int(q, 22);
	j->out.sheets = col_int(q, 23);
	j->out.colour = col_int(q, 24);
	j->out_copies = col_int(q, 25);
	r->charged = sqlite3_column_type(q, 26) != SQLITE_NULL;
	r->paid = col_int(q, 26);
	col_text(q, 27, r->account, sizeof r->account);
	col_text(q, 28, j->host, sizeof j->host);
	j->cups_job = col_int(q, 29);
	col_text(q, 30, j->app.name, sizeof j->app.name);
	col_text(q, 31, j->app.producer, sizeof j->app.producer);
	col_text(q, 32, r->papers, sizeof r->papers);
}

int
store_recorded(struct store *st, struct recorded_filter *f, int limit,
    store_recorded_row row, void *ctx)
{
	sqlite3_stmt *q = store_query(st, RECORDED, "iiii", f->ended_ms, f->id,
	    f->to_ms, (int64_t)limit);
	struct recorded r;
	int rc, n = 0;

	memset(&r, 0, sizeof r);
	while ((rc = store_row(q)) == 1) {
		recorded_from_row(q, &r);
		f->ended_ms = r.job.ended_ms;
		f->id = r.job.id;
		n++;
		row(&r, ctx);
	}
	store_done(q);
	return rc < 0 ? rc : n;
}

int
store_earned(struct store *st, int64_t after, int64_t last,
    store_earned_row row, void *ctx)
{
	sqlite3_stmt *q = store_query(st, "SELECT x.id,x.at_ms,x.job_id,"
	    "y.amount,x.kind,x.source,x.unconfirmed,z.key,job.user_key,"
	    "job.queue," PAYER("x.job_id") " FROM transfer x"
	    " CROSS JOIN entry y ON y.transfer=x.id CROSS JOIN account z"
	    " ON z.id=y.account LEFT JOIN job ON job.id=x.job_id"
	    " WHERE x.id>? AND x.id<=? AND x.kind IN (4,6,7) AND z.kind=4"
	    " AND z.unit=1 ORDER BY x.id", "ii", after, last);
	struct earned e;
	int rc, n = 0;

	memset(&e, 0, sizeof e);
	while ((rc = store_row(q)) == 1) {
		e.transfer = col_int(q, 0);
		e.at_ms = col_int(q, 1);
		e.job = col_int(q, 2);
		e.amount = col_int(q, 3);
		e.kind = (enum transfer_kind)col_int(q, 4);
		e.source = (enum settle_source)col_int(q, 5);
		e.unconfirmed = col_int(q, 6) != 0;
		col_text(q, 7, e.device_id, sizeof e.device_id);
		col_text(q, 8, e.user_key, sizeof e.user_key);
		col_text(q, 9, e.queue, sizeof e.queue);
		col_text(q, 10, e.account, sizeof e.account);
		n++;
		row(&e, ctx);
	}
	store_done(q);
	return rc < 0 ? rc : n;
}

int
store_transfer_since(struct store *st, int64_t from_ms, int64_t *after,
    int64_t *last)
{
	int64_t low = 0, high, at;
	int rc = store_number(st, "SELECT coalesce(max(id),0) FROM transfer",
	    last, "");

	high = *last;
	while (rc == 0 && low < high) {
		int64_t mid = low + (high - low) / 2 + 1;

		/* The one at mid, or the next that is there. */
		rc = store_number(st, "SELECT at_ms FROM transfer WHERE id>=?"
		    " ORDER BY id LIMIT 1", &at, "i", mid);
		if (rc == 0 && at < from_ms)
			low = mid;
		else
			high = mid - 1;
	}
	*after = low;
	return rc;
}
