/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What is stored of a job's pages. */
#include "releaserd/core/store_priv.h"

static int
one(int changed)
{
	return changed < 0 ? changed : changed == 1 ? 0 : -REL_E_NOTHELD;
}

int
store_job_facts(struct store *st, int64_t id, struct rel_facts *out)
{
	sqlite3_stmt *q = store_query(st,
	    "SELECT facts FROM job WHERE id=? AND facts IS NOT NULL", "i", id);
	int rc = store_row(q);

	rel_facts_init(out);
	if (rc == 1 && rel_facts_get(out, sqlite3_column_blob(q, 0),
	    (size_t)sqlite3_column_bytes(q, 0)) < 0)
		rc = 0;			/* of a newer release: nothing known */
	return store_found(q, rc);
}

int
store_job_set_facts(struct store *st, int64_t id, const struct rel_facts *f)
{
	struct rel_buf b;
	int rc;

	rel_buf_init(&b);
	rel_facts_put(&b, f);
	rc = b.failed ? -b.failed : one(store_exec(st,
	    "UPDATE job SET facts=? WHERE id=?", "bi", (const void *)b.data,
	    b.len, id));
	rel_buf_fini(&b);
	return rc;
}

int
store_job_set_application(struct store *st, int64_t id,
    const struct rel_application *a)
{
	return one(store_exec(st, "UPDATE job SET application=?,producer=?,"
	    "application_from=? WHERE id=?", "ttii", a->name, a->producer,
	    (int64_t)a->from, id));
}

int
store_job_set_changes(struct store *st, int64_t id, const char *changes)
{
	return one(store_exec(st, "UPDATE job SET changes=?"
	    " WHERE id=? AND state IN (1,4)", "ti", changes, id));
}

int
store_job_set_count(struct store *st, int64_t id, const struct job_count *n)
{
	char papers[REL_PAPERS_TEXT] = "";

	if (n->papers.n > 1)		/* else media says it */
		rel_papers_text(&n->papers, papers);
	return one(store_exec(st, "UPDATE job SET language=?,media=?,pages=?,"
	    "sides=?,sheets=?,colour=?,pages_sure=?,colour_sure=?,duplex=?,"
	    "papers=? WHERE id=?", "ttiiiiiiiti", n->language, n->media,
	    n->pages, n->sides, n->sheets, n->colour,
	    (int64_t)n->pages_sure, (int64_t)n->colour_sure,
	    (int64_t)n->duplex, papers, id));
}

int
store_job_set_out(struct store *st, int64_t id, const struct job_count *n,
    int64_t copies)
{
	char papers[REL_PAPERS_TEXT];

	rel_papers_text(&n->papers, papers);
	return one(store_exec(st, "UPDATE job SET out_sides=?,out_sheets=?,"
	    "out_colour=?,out_copies=?,out_papers=? WHERE id=?", "iiiiti",
	    n->sides, n->sheets, n->colour, copies, papers, id));
}

int
store_job_set_look(struct store *st, int64_t id, enum job_look look)
{
	return one(store_exec(st, "UPDATE job SET look=? WHERE id=?", "ii",
	    (int64_t)look, id));
}

int
store_job_set_confirmed(struct store *st, int64_t id)
{
	return one(store_exec(st, "UPDATE job SET confirmed=1 WHERE id=?",
	    "i", id));
}

int
store_job_looks(struct store *st, int64_t after, int64_t *ids, int limit)
{
	sqlite3_stmt *q = store_query(st, "SELECT id FROM job"
	    " INDEXED BY job_look WHERE look=1 AND state=1 AND id>?"
	    " ORDER BY id LIMIT ?", "ii", after, (int64_t)limit);
	int rc, n = 0;

	while (n < limit && (rc = store_row(q)) == 1)
		ids[n++] = col_int(q, 0);
	store_done(q);
	return n;
}
