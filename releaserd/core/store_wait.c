/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/core/store_wait.h"

#include <string.h>

#include "releaserd/core/store_priv.h"

#define WAIT_COLUMNS "job_id,kind,state,rule,line,text,change,late," \
	"group_key,asked_ms,due_ms,by,said"
/* Where a job stands beside it. */
#define WAIT_W "w.job_id,w.kind,w.state,w.rule,w.line,w.text,w.change," \
	"w.late,w.group_key,w.asked_ms,w.due_ms,w.by,w.said"

int
store_wait_add(struct store *st, const struct wait *w)
{
	return store_do(st, "INSERT INTO wait(" WAIT_COLUMNS ")"
	    " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?)", "iiititt" "itiitt",
	    w->job, (int64_t)w->kind, (int64_t)w->state, w->rule, w->line,
	    w->text, w->change, w->late, w->group, w->asked_ms, w->due_ms,
	    w->by, w->said);
}

int
store_wait_answer(struct store *st, const struct wait *w)
{
	int rc = store_exec(st, "UPDATE wait SET state=?,by=?,said=?"
	    " WHERE job_id=? AND kind=? AND rule=? AND state=0", "ittiit",
	    (int64_t)w->state, w->by, w->said, w->job, (int64_t)w->kind,
	    w->rule);

	return rc < 0 ? rc : rc == 1 ? 0 : -REL_E_NOTHELD;
}

static void
wait_from_row(sqlite3_stmt *q, struct wait *w)
{
	memset(w, 0, sizeof *w);
	w->job = col_int(q, 0);
	w->kind = (enum wait_kind)col_int(q, 1);
	w->state = (enum wait_state)col_int(q, 2);
	col_text(q, 3, w->rule, sizeof w->rule);
	w->line = col_int(q, 4);
	col_text(q, 5, w->text, sizeof w->text);
	col_text(q, 6, w->change, sizeof w->change);
	w->late = col_int(q, 7);
	col_text(q, 8, w->group, sizeof w->group);
	w->asked_ms = col_int(q, 9);
	w->due_ms = col_int(q, 10);
	col_text(q, 11, w->by, sizeof w->by);
	col_text(q, 12, w->said, sizeof w->said);
}

static int
wait_rows(sqlite3_stmt *q, store_wait_row row, void *ctx)
{
	struct wait w;
	int rc, n = 0;

	while ((rc = store_row(q)) == 1) {
		wait_from_row(q, &w);
		n++;
		if (!row(&w, ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : n;
}

int
store_wait_list(struct store *st, int64_t job, store_wait_row row, void *ctx)
{
	return wait_rows(store_query(st, "SELECT " WAIT_COLUMNS " FROM"
	    " wait WHERE job_id=? ORDER BY kind, rule", "i", job), row, ctx);
}

int
store_wait_open(struct store *st, const struct wait *after,
    const char *group_key, int limit, store_wait_row row, void *ctx)
{
	return wait_rows(store_query(st, "SELECT " WAIT_COLUMNS " FROM"
	    " wait WHERE state=0 AND kind=? AND job_id>? AND (?='' OR"
	    " group_key=?) ORDER BY job_id LIMIT ?", "iitti",
	    (int64_t)after->kind, after->job, group_key != NULL ? group_key :
	    "", group_key != NULL ? group_key : "", (int64_t)limit), row, ctx);
}

int
store_wait_of_user(struct store *st, const char *user_key,
    const struct wait *after, int limit, store_wait_row row, void *ctx)
{
	/* By the jobs of the user: those of all who are asked may be many. */
	return wait_rows(store_query(st, "SELECT " WAIT_W " FROM"
	    " job j INDEXED BY job_user CROSS JOIN wait w ON w.job_id=j.id"
	    " WHERE j.user_key=? AND j.state=? AND j.id>? AND w.kind=?"
	    " AND w.state=0 ORDER BY j.id LIMIT ?", "tiiii", user_key,
	    (int64_t)JOB_HELD, after->job, (int64_t)after->kind,
	    (int64_t)limit), row, ctx);
}

int
store_wait_due(struct store *st, int64_t now_ms, int limit,
    store_wait_row row, void *ctx)
{
	return wait_rows(store_query(st, "SELECT " WAIT_COLUMNS " FROM"
	    " wait WHERE state=0 AND due_ms>0 AND due_ms<=? ORDER BY due_ms"
	    " LIMIT ?", "ii", now_ms, (int64_t)limit), row, ctx);
}
