/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What came out, by the hour; and the audit log's reading. */
#include <string.h>

#include "releaserd/core/store_priv.h"

#define FIGURES "jobs,sheets,sides,colour,uncounted"
#define ADD_UP \
	" DO UPDATE SET jobs=jobs+excluded.jobs," \
	"sheets=sheets+excluded.sheets,sides=sides+excluded.sides," \
	"colour=colour+excluded.colour," \
	"uncounted=uncounted+excluded.uncounted"

int
store_usage_add(struct store *st, const struct usage *u)
{
	int rc = store_exec(st, "INSERT INTO usage(hour_ms,user_key,"
	    "device_id,queue," FIGURES ") VALUES(?,?,?,?,?,?,?,?,?)"
	    " ON CONFLICT(hour_ms,user_key,device_id,queue)" ADD_UP,
	    "itttiiiii", u->hour_ms, u->user_key, u->device_id, u->queue,
	    u->sum.jobs, u->sum.sheets, u->sum.sides, u->sum.colour, u->sum.uncounted);

	if (rc >= 0 && !u->no_paper)
		rc = store_exec(st, "INSERT INTO usage_hour(hour_ms," FIGURES
		    ") VALUES(?,?,?,?,?,?) ON CONFLICT(hour_ms)" ADD_UP,
		    "iiiiii", u->hour_ms, u->sum.jobs, u->sum.sheets, u->sum.sides,
		    u->sum.colour, u->sum.uncounted);
	return rc < 0 ? rc : 0;
}

#define USAGE_COLUMNS "hour_ms," FIGURES ",user_key,device_id,queue"

/* Behind what was seen last: each by an index, whatever there is else. */
static sqlite3_stmt *
usage_query(struct store *st, const struct usage_filter *f, int64_t limit)
{
	const struct usage *at = &f->seen;

	if (f->user_key != NULL)
		return store_query(st, "SELECT " USAGE_COLUMNS " FROM usage"
		    " INDEXED BY usage_user WHERE user_key=?"
		    " AND (hour_ms,device_id,queue)>(?,?,?) AND hour_ms<?"
		    " ORDER BY hour_ms,device_id,queue LIMIT ?", "tittii",
		    f->user_key, at->hour_ms, at->device_id, at->queue,
		    f->to_ms, limit);
	if (f->device_id != NULL)
		return store_query(st, "SELECT " USAGE_COLUMNS " FROM usage"
		    " INDEXED BY usage_device WHERE device_id=?"
		    " AND (hour_ms,user_key,queue)>(?,?,?) AND hour_ms<?"
		    " ORDER BY hour_ms,user_key,queue LIMIT ?", "tittii",
		    f->device_id, at->hour_ms, at->user_key, at->queue,
		    f->to_ms, limit);
	if (f->sums)
		return store_query(st, "SELECT hour_ms," FIGURES ",'','',''"
		    " FROM usage_hour WHERE hour_ms>? AND hour_ms<?"
		    " ORDER BY hour_ms LIMIT ?", "iii", at->hour_ms,
		    f->to_ms, limit);
	return store_query(st, "SELECT " USAGE_COLUMNS " FROM usage"
	    " WHERE (hour_ms,user_key,device_id,queue)>(?,?,?,?)"
	    " AND hour_ms<? ORDER BY hour_ms,user_key,device_id,queue LIMIT ?",
	    "itttii", at->hour_ms, at->user_key, at->device_id, at->queue,
	    f->to_ms, limit);
}

int
store_usage_list(struct store *st, struct usage_filter *f, int limit,
    store_usage_row row, void *ctx)
{
	sqlite3_stmt *q = usage_query(st, f, limit);
	struct usage *u = &f->seen;
	int rc, n = 0;

	while ((rc = store_row(q)) == 1) {
		u->hour_ms = col_int(q, 0);
		u->sum.jobs = col_int(q, 1);
		u->sum.sheets = col_int(q, 2);
		u->sum.sides = col_int(q, 3);
		u->sum.colour = col_int(q, 4);
		u->sum.uncounted = col_int(q, 5);
		col_text(q, 6, u->user_key, sizeof u->user_key);
		col_text(q, 7, u->device_id, sizeof u->device_id);
		col_text(q, 8, u->queue, sizeof u->queue);
		n++;
		/* By one index only: the other is looked at here. */
		if (f->user_key != NULL && f->device_id != NULL &&
		    strcmp(u->device_id, f->device_id) != 0)
			continue;
		row(u, ctx);
	}
	store_done(q);
	return rc < 0 ? rc : n;
}

/* So many as limit, by their place: each is found at once. */
int
store_usage_forget(struct store *st, int64_t before_ms, int limit)
{
	struct usage last;
	sqlite3_stmt *q = store_query(st, "SELECT hour_ms,user_key,device_id,"
	    "queue FROM usage WHERE hour_ms<? ORDER BY hour_ms,user_key,"
	    "device_id,queue LIMIT 1 OFFSET ?", "ii", before_ms,
	    (int64_t)limit - 1);
	int rc = store_row(q);

	if (rc == 1) {
		last.hour_ms = col_int(q, 0);
		col_text(q, 1, last.user_key, sizeof last.user_key);
		col_text(q, 2, last.device_id, sizeof last.device_id);
		col_text(q, 3, last.queue, sizeof last.queue);
	}
	store_done(q);
	if (rc < 0)
		return rc;
	if (rc == 1)
		return store_exec(st, "DELETE FROM usage WHERE (hour_ms,"
		    "user_key,device_id,queue)<=(?,?,?,?)", "ittt",
		    last.hour_ms, last.user_key, last.device_id, last.queue);
	rc = store_exec(st, "DELETE FROM usage WHERE hour_ms<?", "i",
	    before_ms);
	if (rc >= 0 && store_exec(st, "DELETE FROM usage_hour WHERE hour_ms<?",
	    "i", before_ms) < 0)
		return -REL_E_IO;
	return rc;
}

/* ---- audit */

#define AUDIT(index, where) \
	"SELECT id,at_ms,who,what,detail FROM audit INDEXED BY " index \
	" WHERE " where "(at_ms,id)<(?1,?2) AND at_ms>=?3" \
	" ORDER BY at_ms DESC,id DESC LIMIT ?4"

static sqlite3_stmt *
audit_query(struct store *st, const struct audit_filter *f)
{
	int64_t at = f->to_ms > 0 ? f->to_ms : INT64_MAX, id = 0;

	if (f->after > 0 && f->after_ms < at) {
		at = f->after_ms;
		id = f->after;
	}
	if (f->who != NULL && f->what != NULL)
		return store_query(st, AUDIT("audit_both", "who=?5 AND what=?6"
		    " AND "), "iiiitt", at, id, f->from_ms, (int64_t)f->limit,
		    f->who, f->what);
	if (f->who != NULL)
		return store_query(st, AUDIT("audit_who", "who=?5 AND "),
		    "iiiit", at, id, f->from_ms, (int64_t)f->limit, f->who);
	if (f->what != NULL)
		return store_query(st, AUDIT("audit_what", "what=?5 AND "),
		    "iiiit", at, id, f->from_ms, (int64_t)f->limit, f->what);
	return store_query(st, AUDIT("audit_at", ""), "iiii", at, id,
	    f->from_ms, (int64_t)f->limit);
}

int
store_audit_list(struct store *st, const struct audit_filter *f,
    store_audit_row row, void *ctx)
{
	sqlite3_stmt *q = audit_query(st, f);
	struct audit a;
	int rc, n = 0;

	while ((rc = store_row(q)) == 1) {
		a.id = col_int(q, 0);
		a.at_ms = col_int(q, 1);
		col_text(q, 2, a.who, sizeof a.who);
		col_text(q, 3, a.what, sizeof a.what);
		col_text(q, 4, a.detail, sizeof a.detail);
		n++;
		row(&a, ctx);
	}
	store_done(q);
	return rc < 0 ? rc : n;
}

int
store_audit_forget(struct store *st, int64_t before_ms, int limit)
{
	return store_exec(st, "DELETE FROM audit WHERE id IN (SELECT id"
	    " FROM audit INDEXED BY audit_at WHERE at_ms<? LIMIT ?)", "ii",
	    before_ms, (int64_t)limit);
}
