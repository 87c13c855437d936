/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Jobs whose documents stay at a client. */
#include "releaserd/core/store_direct.h"

#include <string.h>

#include "releaserd/core/store_priv.h"

#define DIRECT_FROM \
	"SELECT d.job_id,d.at_ms,d.client_id,d.phase,j.uuid,j.release_ref," \
	"j.state,j.cups_job FROM direct_job d JOIN job j ON j.id=d.job_id "

bool
direct_is(const struct job *j)
{
	return strcmp(j->format, DIRECT_FORMAT) == 0;
}

static void
direct_from_row(sqlite3_stmt *q, struct direct_job *d)
{
	memset(d, 0, sizeof *d);
	d->job_id = col_int(q, 0);
	d->at_ms = col_int(q, 1);
	col_text(q, 2, d->client_id, sizeof d->client_id);
	d->phase = (enum direct_phase)col_int(q, 3);
	col_text(q, 4, d->uuid, sizeof d->uuid);
	col_text(q, 5, d->ref, sizeof d->ref);
	d->state = (enum job_state)col_int(q, 6);
	d->cups_job = col_int(q, 7);
}

int
store_direct_add(struct store *st, int64_t job, const char *client_id,
    int64_t now_ms)
{
	return store_do(st, "INSERT INTO direct_job VALUES(?,?,0,?)",
	    "iti", job, client_id, now_ms);
}

static int
direct_one(sqlite3_stmt *q, struct direct_job *out)
{
	int rc = store_row(q);

	if (rc == 1)
		direct_from_row(q, out);
	return store_found(q, rc);
}

int
store_direct_get(struct store *st, int64_t job, struct direct_job *out)
{
	return direct_one(store_query(st, DIRECT_FROM "WHERE d.job_id=?", "i",
	    job), out);
}

int
store_direct_find(struct store *st, const char *client_id, const char *uuid,
    struct direct_job *out)
{
	return direct_one(store_query(st, DIRECT_FROM
	    "WHERE d.client_id=? AND j.uuid=? ORDER BY d.job_id DESC LIMIT 1",
	    "tt", client_id, uuid), out);
}

int
store_direct_phase(struct store *st, int64_t job, enum direct_phase from,
    enum direct_phase to, int64_t now_ms)
{
	int rc = store_exec(st, "UPDATE direct_job SET phase=?,at_ms=?"
	    " WHERE job_id=? AND phase=?", "iiii", (int64_t)to, now_ms, job,
	    (int64_t)from);

	return rc < 0 ? rc : rc == 1 ? 0 : -REL_E_NOTHELD;
}

int
store_direct_reset(struct store *st, int64_t job)
{
	return store_do(st, "UPDATE direct_job SET phase=0"
	    " WHERE job_id=?", "i", job);
}

int
store_direct_list(struct store *st, const char *client_id, int64_t after,
    int limit, store_direct_row row, void *ctx)
{
	sqlite3_stmt *q = store_query(st, DIRECT_FROM "WHERE d.client_id=?"
	    " AND d.job_id>? AND j.state IN (1,2,4) ORDER BY d.job_id LIMIT ?",
	    "tii", client_id, after, (int64_t)limit);
	struct direct_job d;
	int rc, n = 0;

	while ((rc = store_row(q)) == 1) {
		direct_from_row(q, &d);
		n++;
		if (!row(&d, ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : n;
}

int
store_direct_late(struct store *st, enum direct_phase phase,
    int64_t before_ms, int64_t *ids, int limit)
{
	sqlite3_stmt *q = store_query(st, "SELECT job_id FROM direct_job"
	    " WHERE phase=? AND phase>0 AND at_ms<? LIMIT ?", "iii",
	    (int64_t)phase, before_ms, (int64_t)limit);
	int rc, n = 0;

	while (n < limit && (rc = store_row(q)) == 1)
		ids[n++] = col_int(q, 0);
	store_done(q);
	return n;
}
