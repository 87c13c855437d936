/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include <stdio.h>
#include <string.h>

#include "lib/media.h"
#include "releaserd/core/store_priv.h"

#define JOB_COLUMNS \
	"id,node,queue,uuid,document,cups_job,user_key,user,host,title,format," \
	"options,bytes,copies,pin_scheme,pin_mac,sealed_key,has_doc,state," \
	"reason,created_ms,expires_ms,device_id,release_ref,released_by," \
	"released_ms,ended_ms,sent_bytes,journal,changes,language,media,pages," \
	"sides,sheets,colour,pages_sure,colour_sure,duplex,look,confirmed," \
	"out_sides,out_sheets,out_colour,out_copies," \
	"application,producer,application_from,papers,out_papers"

static const struct {
	enum job_state state;
	const char *name;
} state_names[] = {
	{ JOB_HELD, "held" }, { JOB_RELEASING, "releasing" },
	{ JOB_SENT, "sent" }, { JOB_UNCONFIRMED, "unconfirmed" },
	{ JOB_EXPIRED, "expired" }, { JOB_DELETED, "deleted" },
	{ JOB_REFUSED, "refused" }
};
#define STATES (sizeof state_names / sizeof state_names[0])

const char *
job_state_name(enum job_state state)
{
	for (size_t i = 0; i < STATES; i++)
		if (state_names[i].state == state)
			return state_names[i].name;
	return "unknown";
}

int
job_state_of(const char *name)
{
	for (size_t i = 0; i < STATES; i++)
		if (strcmp(state_names[i].name, name) == 0)
			return (int)state_names[i].state;
	return 0;
}

static void
papers_from_row(sqlite3_stmt *q, int col, struct job_count *n)
{
	char text[REL_PAPERS_TEXT];

	col_text(q, col, text, sizeof text);
	(void)rel_papers_read(&n->papers, text);
	if (n->papers.n > 0)
		rel_media_name(n->media, sizeof n->media,
		    n->papers.of[0].width, n->papers.of[0].height);
}

/* The columns from `changes` on. */
static void
pages_from_row(sqlite3_stmt *q, int col, struct job *j)
{
	col_text(q, col++, j->changes, sizeof j->changes);
	col_text(q, col++, j->count.language, sizeof j->count.language);
	col_text(q, col++, j->count.media, sizeof j->count.media);
	j->count.pages = col_int(q, col++);
	j->count.sides = col_int(q, col++);
	j->count.sheets = col_int(q, col++);
	j->count.colour = col_int(q, col++);
	j->count.pages_sure = (int)col_int(q, col++);
	j->count.colour_sure = (int)col_int(q, col++);
	j->count.duplex = (int)col_int(q, col++);
	j->look = (enum job_look)col_int(q, col++);
	j->confirmed = col_int(q, col++) != 0;
	j->out.sides = col_int(q, col++);
	j->out.sheets = col_int(q, col++);
	j->out.colour = col_int(q, col++);
	j->out_copies = col_int(q, col++);
	col_text(q, col++, j->app.name, sizeof j->app.name);
	col_text(q, col++, j->app.producer, sizeof j->app.producer);
	j->app.from = (uint8_t)col_int(q, col++);
	papers_from_row(q, col++, &j->count);
	papers_from_row(q, col, &j->out);
}

static void
job_from_row(sqlite3_stmt *q, struct job *j)
{
	memset(j, 0, sizeof *j);
	j->id = col_int(q, 0);
	j->node = col_int(q, 1);
	col_text(q, 2, j->queue, sizeof j->queue);
	col_text(q, 3, j->uuid, sizeof j->uuid);
	j->document = col_int(q, 4);
	j->cups_job = col_int(q, 5);
	col_text(q, 6, j->user_key, sizeof j->user_key);
	col_text(q, 7, j->user, sizeof j->user);
	col_text(q, 8, j->host, sizeof j->host);
	col_text(q, 9, j->title, sizeof j->title);
	col_text(q, 10, j->format, sizeof j->format);
	col_text(q, 11, j->options, sizeof j->options);
	j->bytes = col_int(q, 12);
	j->copies = col_int(q, 13);
	col_text(q, 14, j->pin_scheme, sizeof j->pin_scheme);
	col_blob(q, 15, j->pin_mac, sizeof j->pin_mac);
	col_blob(q, 16, j->sealed_key, sizeof j->sealed_key);
	j->has_doc = col_int(q, 17) != 0;
	j->state = (enum job_state)col_int(q, 18);
	col_text(q, 19, j->reason, sizeof j->reason);
	j->created_ms = col_int(q, 20);
	j->expires_ms = col_int(q, 21);
	col_text(q, 22, j->device_id, sizeof j->device_id);
	col_text(q, 23, j->release_ref, sizeof j->release_ref);
	col_text(q, 24, j->released_by, sizeof j->released_by);
	j->released_ms = col_int(q, 25);
	j->ended_ms = col_int(q, 26);
	j->sent_bytes = col_int(q, 27);
	j->journal = col_int(q, 28);
	pages_from_row(q, 29, j);
}

int
store_job_add(struct store *st, const struct job *j)
{
	return store_do(st,
	    "INSERT INTO job(id,node,queue,uuid,document,cups_job,user_key,"
	    "user,host,title,format,options,bytes,copies,pin_scheme,pin_mac,"
	    "sealed_key,has_doc,state,reason,created_ms,expires_ms)"
	    " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,1,1,?,?,?)",
	    "iittiittttttiitbbtii", j->id, j->node, j->queue, j->uuid,
	    j->document, j->cups_job, j->user_key, j->user, j->host, j->title,
	    j->format, j->options, j->bytes, j->copies, j->pin_scheme,
	    (const void *)(j->pin_scheme[0] != '\0' ? j->pin_mac : NULL),
	    sizeof j->pin_mac, (const void *)j->sealed_key,
	    sizeof j->sealed_key, j->reason, j->created_ms, j->expires_ms);
}

int
store_job_get(struct store *st, int64_t id, struct job *out)
{
	sqlite3_stmt *q = store_query(st,
	    "SELECT " JOB_COLUMNS " FROM job WHERE id=?", "i", id);
	int rc = store_row(q);

	if (rc == 1)
		job_from_row(q, out);
	return store_found(q, rc);
}

int
store_job_by_ref(struct store *st, const char *ref, struct job *out)
{
	sqlite3_stmt *q = store_query(st, "SELECT " JOB_COLUMNS " FROM job"
	    " WHERE release_ref=? AND release_ref<>''", "t", ref);
	int rc = store_row(q);

	if (rc == 1)
		job_from_row(q, out);
	return store_found(q, rc);
}

int
store_job_last(struct store *st, int64_t *id)
{
	return store_number(st, "SELECT max(id) FROM job", id, "");
}

int
store_job_known(struct store *st, const char *queue, const char *uuid,
    int64_t document, int64_t *id)
{
	int rc;

	*id = 0;
	if (uuid[0] == '\0')
		return 0;
	rc = store_number(st, "SELECT id FROM job WHERE queue=? AND uuid=?"
	    " AND document=? AND uuid<>''", id, "tti", queue, uuid, document);
	return rc < 0 ? rc : *id != 0;
}

int
store_job_next_document(struct store *st, const char *queue, const char *uuid)
{
	int64_t n;
	int rc = store_number(st, "SELECT coalesce(max(document),0)+1 FROM job"
	    " WHERE queue=? AND uuid=? AND uuid<>''", &n, "tt", queue, uuid);

	return rc < 0 ? rc : (int)n;
}

/*
 * The ids first, from an index, for each state that is wanted: a page costs a
 * page, however many jobs there are of others, or in other states.
 */
#define IDS_OF(whose, state, way) \
	"SELECT id FROM (SELECT id FROM job WHERE " whose "state=" #state \
	" AND id>?1 AND id<?4 AND (?2>>" #state ")&1" \
	" ORDER BY id" way " LIMIT ?3)"
#define JOBS_OF(whose, way) \
	"SELECT " JOB_COLUMNS " FROM job WHERE id IN (" \
	IDS_OF(whose, 1, way) " UNION ALL " IDS_OF(whose, 2, way) \
	" UNION ALL " IDS_OF(whose, 3, way) " UNION ALL " \
	IDS_OF(whose, 4, way) " UNION ALL " IDS_OF(whose, 5, way) \
	" UNION ALL " IDS_OF(whose, 6, way) " UNION ALL " \
	IDS_OF(whose, 7, way) ") ORDER BY id" way " LIMIT ?3"

static sqlite3_stmt *
list_query(struct store *st, const struct job_filter *f)
{
	int64_t states = (int64_t)f->states, limit = f->limit;
	int64_t before = f->before > 0 ? f->before : INT64_MAX;

	if (f->user_key != NULL && f->newest)
		return store_query(st, JOBS_OF("user_key=?5 AND ", " DESC"),
		    "iiiit", f->after, states, limit, before, f->user_key);
	if (f->user_key != NULL)
		return store_query(st, JOBS_OF("user_key=?5 AND ", ""),
		    "iiiit", f->after, states, limit, before, f->user_key);
	if (f->newest)
		return store_query(st, JOBS_OF("", " DESC"), "iiii",
		    f->after, states, limit, before);
	return store_query(st, JOBS_OF("", ""), "iiii", f->after, states,
	    limit, before);
}

int
store_job_list(struct store *st, const struct job_filter *f,
    store_job_row row, void *ctx)
{
	sqlite3_stmt *q = list_query(st, f);
	struct job j;
	int rc, n = 0;

	while ((rc = store_row(q)) == 1) {
		job_from_row(q, &j);
		n++;
		if (!row(&j, ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : n;
}

int
store_job_sum(struct store *st, const char *user_key, int64_t after,
    int64_t now_ms, struct job_sum *out)
{
	sqlite3_stmt *q = store_query(st, "SELECT count(*),"
	    "sum(pin_scheme<>''),sum(state=4 AND pin_scheme=''),"
	    "min(expires_ms) FROM job WHERE user_key=? AND state IN (1,4)"
	    " AND id>? AND expires_ms>?", "tii", user_key, after, now_ms);
	int rc = store_row(q);

	memset(out, 0, sizeof *out);
	if (rc == 1) {
		out->jobs = col_int(q, 0);
		out->confidential = col_int(q, 1);
		out->unconfirmed = col_int(q, 2);
		out->first_expiry_ms = col_int(q, 3);
	}
	store_done(q);
	return rc < 0 ? rc : 0;
}

int
store_job_count(struct store *st, const char *user_key, int64_t *n)
{
	return store_number(st, "SELECT count(*) FROM job WHERE user_key=?"
	    " AND state IN (1,2,4)", n, "t", user_key);
}

int
store_count_state(struct store *st, enum job_state state, int64_t *n)
{
	return store_number(st, "SELECT count(*) FROM job WHERE state=?", n,
	    "i", (int64_t)state);
}

int
store_tally(struct store *st, int64_t *held, int64_t *bytes)
{
	sqlite3_stmt *q = store_query(st, "SELECT held,bytes FROM tally", "");
	int rc = store_row(q);

	*held = rc == 1 ? col_int(q, 0) : 0;
	*bytes = rc == 1 ? col_int(q, 1) : 0;
	store_done(q);
	return rc < 0 ? rc : 0;
}

/* A compare-and-set changed one row or it did not. */
static int
cas(int changed)
{
	return changed < 0 ? changed : changed == 1 ? 0 : -REL_E_NOTHELD;
}

int
store_job_take(struct store *st, const struct job_take *t)
{
	return cas(store_exec(st, "UPDATE job SET state=2,reason='',"
	    "out_sides=0,out_sheets=0,out_colour=0,out_copies=0,"
	    "device_id=?,release_ref=?,released_by=?,released_ms=?,journal=?"
	    " WHERE id=? AND (state=1 OR (state=4 AND ?)) AND has_doc"
	    " AND expires_ms>?", "tttiiiii", t->device_id, t->ref, t->by,
	    t->now_ms, t->journal, t->id, (int64_t)t->again, t->now_ms));
}

int
store_job_set_journal(struct store *st, int64_t id, int64_t journal)
{
	return cas(store_exec(st, "UPDATE job SET journal=?"
	    " WHERE id=? AND state=2 AND journal=0", "ii", journal, id));
}

int
store_job_settle(struct store *st, const struct job_settle *s)
{
	if (s->to == JOB_SENT)
		return cas(store_exec(st, "UPDATE job SET state=3,reason='',"
		    "sealed_key=NULL,pin_mac=NULL,has_doc=0,ended_ms=?,"
		    "sent_bytes=?,journal=0 WHERE id=? AND state=2", "iii",
		    s->now_ms, s->sent_bytes, s->id));
	return cas(store_exec(st, "UPDATE job SET state=?,reason=?,"
	    "sent_bytes=?,journal=0 WHERE id=? AND state=2", "itii",
	    (int64_t)s->to, s->reason, s->sent_bytes, s->id));
}

int
store_job_confirm(struct store *st, int64_t id, int64_t now_ms)
{
	return cas(store_exec(st, "UPDATE job SET state=3,reason='',"
	    "sealed_key=NULL,pin_mac=NULL,has_doc=0,ended_ms=?"
	    " WHERE id=? AND state=4", "ii", now_ms, id));
}

int
store_job_end(struct store *st, int64_t id, enum job_state to,
    const char *reason, int64_t now_ms)
{
	return cas(store_exec(st, "UPDATE job SET state=?,reason=?,"
	    "sealed_key=NULL,pin_mac=NULL,has_doc=0,ended_ms=?"
	    " WHERE id=? AND state IN (1,4)", "itii", (int64_t)to, reason,
	    now_ms, id));
}

int
store_job_set_copies(struct store *st, int64_t id, int64_t copies)
{
	return cas(store_exec(st, "UPDATE job SET copies=?"
	    " WHERE id=? AND state IN (1,2,4)", "ii", copies, id));
}

int
store_job_keep(struct store *st, int64_t id, int64_t expires_ms,
    int64_t now_ms)
{
	return cas(store_exec(st, "UPDATE job SET expires_ms=?"
	    " WHERE id=? AND state IN (1,4) AND has_doc AND expires_ms>?",
	    "iii", expires_ms, id, now_ms));
}

int
store_job_set_reason(struct store *st, int64_t id, const char *reason)
{
	return store_do(st, "UPDATE job SET reason=? WHERE id=?", "ti",
	    reason, id);
}

int
store_job_due(struct store *st, int64_t now_ms, int64_t *ids, int limit)
{
	/* Left alone, SQLite walks through everything that is held. */
	sqlite3_stmt *q = store_query(st, "SELECT id FROM job"
	    " INDEXED BY job_due WHERE state IN (1,4) AND expires_ms<=?"
	    " ORDER BY expires_ms LIMIT ?", "ii", now_ms, (int64_t)limit);
	int rc, n = 0;

	while (n < limit && (rc = store_row(q)) == 1)
		ids[n++] = col_int(q, 0);
	store_done(q);
	return n;
}

int
store_job_forget(struct store *st, int64_t before_ms, int limit)
{
	return store_exec(st, "DELETE FROM job WHERE id IN (SELECT id FROM job"
	    " WHERE ended_ms>0 AND ended_ms<? AND NOT has_doc LIMIT ?)", "ii",
	    before_ms, (int64_t)limit);
}

int
store_event_add(struct store *st, int64_t job, int64_t at_ms, const char *kind,
    const char *text)
{
	return store_do(st, "INSERT INTO event(job_id,seq,at_ms,kind,text)"
	    " SELECT ?1,coalesce(max(seq),0)+1,?2,?3,?4 FROM event"
	    " WHERE job_id=?1", "iitt", job, at_ms, kind, text);
}

int
store_event_list(struct store *st, int64_t job, store_event_row row, void *ctx)
{
	sqlite3_stmt *q = store_query(st, "SELECT at_ms,kind,text FROM event"
	    " WHERE job_id=? ORDER BY seq", "i", job);
	char kind[32], text[512];
	int rc;

	while ((rc = store_row(q)) == 1) {
		col_text(q, 1, kind, sizeof kind);
		col_text(q, 2, text, sizeof text);
		if (!row(col_int(q, 0), kind, text, ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : 0;
}
