/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Syncs of directories in the local API. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/api_priv.h"
#include "releaserd/core/directories.h"
#include "releaserd/core/sync.h"

#define RUNS_SHOWN 10

static json_t *
run_json(const struct core *c, const struct sync_run *r)
{
	const struct sync_counts *n = &r->n;
	/* What is not at work any more and never ended was cut off. */
	enum sync_state state = r->state == SYNC_RUNNING &&
	    sync_at_work(c, r->directory) == NULL ? SYNC_FAILED : r->state;

	return json_pack("{s:s,s:b,s:b,s:s,s:o,s:o,s:s,s:I,s:I,s:I,s:I,s:I,"
	    "s:I,s:I,s:I,s:I,s:I}", "state", sync_state_name(state),
	    "dry_run", r->dry, "force", r->forced, "by", r->by, "began_at",
	    json_time(r->began_ms), "ended_at", json_time(r->ended_ms),
	    "words", r->words, "listed", (json_int_t)n->listed, "added",
	    (json_int_t)n->added, "changed", (json_int_t)n->changed,
	    "unchanged", (json_int_t)n->unchanged, "disabled",
	    (json_int_t)n->disabled, "deleted", (json_int_t)n->deleted,
	    "clashes", (json_int_t)n->clashes, "groups_added",
	    (json_int_t)n->groups, "nameless", (json_int_t)n->nameless,
	    "unusable", (json_int_t)n->unusable);
}

struct runs {
	struct core *c;
	json_t *rows;
	int64_t shown;			/* the one whose lines are shown */
};

static bool
run_row(const struct sync_run *r, void *ctx)
{
	struct runs *w = ctx;

	/* What is at work has its figures in memory. */
	if (r->state == SYNC_RUNNING && sync_at_work(w->c, r->directory) !=
	    NULL)
		r = sync_at_work(w->c, r->directory);
	if (w->shown == 0)
		w->shown = r->id;
	json_array_append_new(w->rows, run_json(w->c, r));
	return true;
}

/* ---- the lines of what differs */

/* Where to go on: a kind, one of its pages as they were kept, a line of it. */
struct place {
	int kind;
	int64_t page;
	int line;
};

/* "NAME\tWORDS\n" each: so many from the place on; true: there are more. */
static bool
lines_json(json_t *rows, struct place *at, int limit, char *text)
{
	char *save = NULL;
	int n = 0;

	for (char *line = strtok_r(text, "\n", &save); line != NULL;
	    line = strtok_r(NULL, "\n", &save), n++) {
		char *words = strchr(line, '\t');

		if (n < at->line)
			continue;
		if (n == at->line + limit) {
			at->line = n;
			return true;
		}
		if (words != NULL)
			*words++ = '\0';
		json_array_append_new(rows, json_pack("{s:s,s:s,s:s}",
		    "what", sync_kind_name((unsigned)at->kind), "name", line,
		    "words", words != NULL ? words : ""));
	}
	at->page++;
	at->line = 0;
	return false;
}

/* What one page of those that were kept has, of this kind or (all) of one after
 * the other: 0 and *at is behind it, -REL_E_NOTFOUND when there are none. */
static int
lines_some(struct core *c, int64_t run, bool all, struct place *at, int limit,
    json_t *rows)
{
	char *text;
	int rc = -REL_E_NOTFOUND;

	for (; at->kind >= 0 && at->kind < SYNC_KINDS; at->kind++) {
		rc = store_sync_page_get(c->st, run, at->kind, at->page,
		    &text);
		if (rc != -REL_E_NOTFOUND || !all)
			break;
		at->page = at->line = 0;
	}
	if (rc < 0)
		return rc;
	(void)lines_json(rows, at, limit, text);
	free(text);
	return 0;
}

/* As many from there on: 0 and *at is where the next rows are;
 * -REL_E_NOTFOUND: these were the last. */
static int
lines_get(struct core *c, int64_t run, bool all, struct place *at, int limit,
    json_t *rows)
{
	json_t *peek = json_array();
	struct place then;
	int rc = 0, left;

	while (rc == 0 && (left = limit - (int)json_array_size(rows)) > 0)
		rc = lines_some(c, run, all, at, left, rows);
	/* The last page may end with the last row. */
	for (then = *at; rc == 0 && json_array_size(peek) == 0; )
		rc = lines_some(c, run, all, &then, 1, peek);
	json_decref(peek);
	return rc;
}

/* The rows that are wanted; next is "" behind the last. */
static int
page_json(struct core *c, const struct request *rq, int64_t run,
    json_t *rows, char next[40])
{
	const char *kind = req_str(rq, F_KIND), *after = req_str(rq, F_AFTER);
	int limit = (int)req_num(rq, F_LIMIT, API_LIMIT), rc;
	struct place at = { kind != NULL ? sync_kind_of(kind) : 0, 0, 0 };

	next[0] = '\0';
	if (after != NULL && after[0] != '\0' && sscanf(after, "%d.%" SCNd64
	    ".%d", &at.kind, &at.page, &at.line) != 3)
		return 0;
	rc = lines_get(c, run, kind == NULL, &at, limit, rows);
	if (rc < 0)
		return rc == -REL_E_NOTFOUND ? 0 : rc;
	snprintf(next, 40, "%d.%" PRId64 ".%d", at.kind, at.page, at.line);
	return 0;
}

static void
sync_answer_all(struct core *c, struct asker *a,
    const struct directory_row *d, const struct runs *w, json_t *rows,
    const char *next)
{
	reply_json(c, a, 200, json_pack("{s:s,s:s,s:o,s:O,s:O,s:s?}", "name",
	    d->name, "state", sync_at_work(c, d->id) != NULL ? "running" :
	    sync_waits(c, d->id) ? "waiting" : "idle", "next_at",
	    json_time(sync_next_ms(c, d->id)), "runs", w->rows, "rows", rows,
	    "next", next[0] != '\0' ? next : NULL));
}

static void
sync_get(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	const struct directory_row *d = api_directory_of(c, rq, a, who);
	const char *kind = req_str(rq, F_KIND);
	struct runs w = { c, NULL, 0 };
	json_t *rows;
	char next[40];
	int rc;

	if (d == NULL)
		return;
	if (kind != NULL && sync_kind_of(kind) < 0) {
		reply_field(c, a, "bad-request", "kind", "one of clash, "
		    "deleted, disabled, changed, added");
		return;
	}
	w.rows = json_array();
	rows = json_array();
	rc = store_sync_runs(c->st, d->id, RUNS_SHOWN, run_row, &w);
	if (rc >= 0)
		rc = page_json(c, rq, w.shown, rows, next);
	if (rc < 0)
		reply_broken(c, a, rc);
	else
		sync_answer_all(c, a, d, &w, rows, next);
	json_decref(w.rows);
	json_decref(rows);
}

void
api_sync_get(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, sync_get);
}

/* ---- begin, end */

static void
sync_begin(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	const struct directory_row *d = api_directory_of(c, rq, a, who);
	struct sync_order o = { .dry = req_num(rq, F_DRY_RUN, 0) != 0,
	    .forced = req_num(rq, F_FORCE, 0) != 0 };
	int rc;

	if (d == NULL)
		return;
	o.directory = d->id;
	snprintf(o.by, sizeof o.by, "%s", who->name[0] != '\0' ? who->name :
	    who->key);
	rc = sync_start(c, &o);
	if (rc == -REL_E_EXISTS)
		reply_problem(c, a, "sync-running", 0, "a sync of \"%s\" is at "
		    "work or waits already", d->name);
	else if (rc < 0)
		reply_broken(c, a, rc);
	else
		reply_json(c, a, 202, json_pack("{s:s,s:b}", "name", d->name,
		    "dry_run", o.dry));
}

void
api_sync_start(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, sync_begin);
}

static void
sync_stop(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	const struct directory_row *d = api_directory_of(c, rq, a, who);

	if (d == NULL)
		return;
	if (sync_cancel(c, d->id))
		reply_text(c, a, 204, NULL, 0);
	else
		reply_problem(c, a, "not-found", 0, "no sync of \"%s\" is at "
		    "work", d->name);
}

void
api_sync_cancel(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, sync_stop);
}
