/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Copies, scans and faxes, and who was logged in meanwhile. */
#include "releaserd/core/store_activity.h"

#include <string.h>

#include "releaserd/core/store_priv.h"

const char *
activity_state_name(enum activity_state state)
{
	static const char *const names[] = { [ACTIVITY_GRANTED] = "granted",
	    [ACTIVITY_DONE] = "done", [ACTIVITY_EXPIRED] = "expired" };

	return names[state];
}

#define COLUMNS "id,device_id,session_id,device_job,user_key,function,state," \
	"color,kind,key,at_ms,expires_ms,ended_ms,granted,sides,colour," \
	"sheets,media,result,cause"

static void
from_row(sqlite3_stmt *q, struct activity *a)
{
	memset(a, 0, sizeof *a);
	a->id = col_int(q, 0);
	col_text(q, 1, a->device_id, sizeof a->device_id);
	col_text(q, 2, a->session_id, sizeof a->session_id);
	col_text(q, 3, a->device_job, sizeof a->device_job);
	col_text(q, 4, a->user_key, sizeof a->user_key);
	col_text(q, 5, a->function, sizeof a->function);
	a->state = (enum activity_state)col_int(q, 6);
	a->color = col_int(q, 7) != 0;
	a->kind = (enum account_kind)col_int(q, 8);
	col_text(q, 9, a->key, sizeof a->key);
	a->at_ms = col_int(q, 10);
	a->expires_ms = col_int(q, 11);
	a->ended_ms = col_int(q, 12);
	a->granted = col_int(q, 13);
	a->sides = col_int(q, 14);
	a->colour = col_int(q, 15);
	a->sheets = col_int(q, 16);
	col_text(q, 17, a->media, sizeof a->media);
	col_text(q, 18, a->result, sizeof a->result);
	col_text(q, 19, a->cause, sizeof a->cause);
}

static int
one(sqlite3_stmt *q, struct activity *out)
{
	int rc = store_row(q);

	if (rc == 1)
		from_row(q, out);
	return store_found(q, rc);
}

int
store_activity_add(struct store *st, const struct activity *a)
{
	return store_do(st, "INSERT INTO activity(" COLUMNS ") VALUES("
	    "?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", "ittttt" "iii" "t"
	    "iiiiiii" "ttt", a->id, a->device_id, a->session_id,
	    a->device_job, a->user_key, a->function, (int64_t)a->state,
	    (int64_t)a->color, (int64_t)a->kind, a->key, a->at_ms,
	    a->expires_ms, a->ended_ms, a->granted, a->sides, a->colour,
	    a->sheets, a->media, a->result, a->cause);
}

int
store_activity_get(struct store *st, int64_t id, struct activity *out)
{
	return one(store_query(st, "SELECT " COLUMNS " FROM activity"
	    " WHERE id=?", "i", id), out);
}

int
store_activity_open(struct store *st, const char *session_id,
    const char *device_job, struct activity *out)
{
	return one(store_query(st, "SELECT " COLUMNS " FROM activity"
	    " WHERE state=1 AND session_id=? AND device_job=?"
	    " ORDER BY id DESC LIMIT 1", "tt", session_id, device_job), out);
}

int
store_activity_set(struct store *st, const struct activity *a)
{
	return store_changed(store_exec(st, "UPDATE activity SET state=?,"
	    "color=?,kind=?,key=?,expires_ms=?,ended_ms=?,granted=?,sides=?,"
	    "colour=?,sheets=?,media=?,result=?,cause=? WHERE id=?",
	    "iiitiiiiiittti", (int64_t)a->state, (int64_t)a->color,
	    (int64_t)a->kind, a->key, a->expires_ms, a->ended_ms, a->granted,
	    a->sides, a->colour, a->sheets, a->media, a->result, a->cause,
	    a->id));
}

int
store_activity_by_rid(struct store *st, const char *device_id, int64_t rid,
    int64_t corrects, int64_t *id)
{
	int64_t job = 0;
	int rc = 0;

	if (corrects != 0)
		rc = store_number(st, "SELECT r.job_id FROM usage_record r"
		    " JOIN usage_epoch e ON e.id=r.epoch WHERE r.rid=? AND"
		    " r.job_id<0 AND e.device_id=? LIMIT 1", &job, "it",
		    corrects, device_id);
	if (rc == 0 && job == 0 && rid != 0)
		rc = store_number(st, "SELECT r.job_id FROM usage_record r"
		    " JOIN usage_epoch e ON e.id=r.epoch WHERE r.corrects=?"
		    " AND r.job_id<0 AND e.device_id=? LIMIT 1", &job, "it",
		    rid, device_id);
	*id = -job;
	return rc < 0 ? rc : job == 0 ? -REL_E_NOTFOUND : 0;
}

/* ---- lists */

#define LIST(index, where) "SELECT " COLUMNS " FROM activity " index \
	" WHERE " where "id<?1 AND at_ms>=?2 AND at_ms<?3 AND" \
	" (?4='' OR function=?4)"
#define NEWEST " ORDER BY id DESC LIMIT ?5"

static sqlite3_stmt *
list_query(struct store *st, const struct activity_filter *f)
{
	int64_t before = f->before > 0 ? f->before : INT64_MAX;
	int64_t to = f->to_ms > 0 ? f->to_ms : INT64_MAX;
	const char *fn = f->function != NULL ? f->function : "";
	int64_t limit = f->limit;

	if (f->user_key != NULL && f->device_id != NULL)
		return store_query(st, LIST("INDEXED BY activity_user",
		    "user_key=?6 AND device_id=?7 AND ") NEWEST, "iiititt",
		    before, f->from_ms, to, fn, limit, f->user_key,
		    f->device_id);
	if (f->user_key != NULL)
		return store_query(st, LIST("INDEXED BY activity_user",
		    "user_key=?6 AND ") NEWEST, "iiitit", before, f->from_ms,
		    to, fn, limit, f->user_key);
	if (f->device_id != NULL)
		return store_query(st, LIST("INDEXED BY activity_device",
		    "device_id=?6 AND ") NEWEST, "iiitit", before,
		    f->from_ms, to, fn, limit, f->device_id);
	return store_query(st, LIST("", "") NEWEST, "iiiti", before,
	    f->from_ms, to, fn, limit);
}

int
store_activity_list(struct store *st, const struct activity_filter *f,
    store_activity_row row, void *ctx)
{
	sqlite3_stmt *q = list_query(st, f);
	struct activity a;
	int rc, n = 0;

	while ((rc = store_row(q)) == 1) {
		from_row(q, &a);
		n++;
		if (!row(&a, ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : n;
}

int
store_activity_forget(struct store *st, int64_t before_id, int limit)
{
	return store_exec(st, "DELETE FROM activity WHERE id IN (SELECT id"
	    " FROM activity WHERE id<? AND state<>1 ORDER BY id LIMIT ?)",
	    "ii", before_id, (int64_t)limit);
}

/* ---- sessions */

int
store_device_session_set(struct store *st, const struct device_session *s)
{
	return store_do(st, "INSERT INTO device_session(id,device_id,"
	    "user_key,account,at_ms) VALUES(?,?,?,?,?) ON CONFLICT(id) DO"
	    " UPDATE SET account=excluded.account,"
	    "user_key=excluded.user_key", "tttti", s->id, s->device_id,
	    s->user_key, s->account, s->at_ms);
}

int
store_device_session_get(struct store *st, const char *id,
    struct device_session *out)
{
	sqlite3_stmt *q = store_query(st, "SELECT id,device_id,user_key,"
	    "account,at_ms FROM device_session WHERE id=?", "t", id);
	int rc = store_row(q);

	if (rc == 1) {
		col_text(q, 0, out->id, sizeof out->id);
		col_text(q, 1, out->device_id, sizeof out->device_id);
		col_text(q, 2, out->user_key, sizeof out->user_key);
		col_text(q, 3, out->account, sizeof out->account);
		out->at_ms = col_int(q, 4);
	}
	return store_found(q, rc);
}

int
store_device_session_forget(struct store *st, int64_t before_ms, int limit)
{
	return store_exec(st, "DELETE FROM device_session WHERE id IN (SELECT"
	    " id FROM device_session WHERE at_ms<? LIMIT ?)", "ii", before_ms,
	    (int64_t)limit);
}
