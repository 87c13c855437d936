/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Mails that are to be written: one for a job, when it waits for its owner. */
#include "releaserd/core/store_mail.h"

#include "releaserd/core/store_priv.h"

int
store_mail_put(struct store *st, int64_t job, int64_t next_ms, int64_t tries)
{
	return store_do(st, "INSERT OR REPLACE INTO mail(job_id,next_ms,"
	    "tries) VALUES(?,?,?)", "iii", job, next_ms, tries);
}

int
store_mail_drop(struct store *st, int64_t job)
{
	int rc = store_exec(st, "DELETE FROM mail WHERE job_id=?", "i", job);

	return store_changed(rc);
}

/* The one row of a query of job and tries. */
static int
one(sqlite3_stmt *q, int64_t *job, int64_t *tries)
{
	int rc = store_row(q);

	if (rc == 1) {
		*job = col_int(q, 0);
		*tries = col_int(q, 1);
	}
	return store_found(q, rc);
}

int
store_mail_has(struct store *st, int64_t job)
{
	int64_t id, tries;

	return one(store_query(st, "SELECT job_id,tries FROM mail"
	    " WHERE job_id=?", "i", job), &id, &tries);
}

int
store_mail_due(struct store *st, int64_t now_ms, int64_t *job,
    int64_t *tries)
{
	return one(store_query(st, "SELECT job_id,tries FROM mail"
	    " WHERE next_ms<=? ORDER BY next_ms LIMIT 1", "i", now_ms), job,
	    tries);
}
