/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include <string.h>

#include "releaserd/core/follow.h"
#include "releaserd/core/store_priv.h"

int
store_device_job_set(struct store *st, const struct device_job *d)
{
	return store_do(st, "INSERT OR REPLACE INTO device_job(job,"
	    "device_id,ref,number,since_ms,said) VALUES(?,?,?,?,?,?)",
	    "ittiit", d->job, d->device_id, d->ref, d->number, d->since_ms,
	    d->said);
}

int
store_device_job_del(struct store *st, int64_t job)
{
	return store_do(st, "DELETE FROM device_job WHERE job=?", "i",
	    job);
}

int
store_device_job_list(struct store *st, store_device_job_row row, void *ctx)
{
	sqlite3_stmt *q = store_query(st, "SELECT job,device_id,ref,number,"
	    "since_ms,said FROM device_job", "");
	struct device_job d;
	int rc, n = 0;

	while ((rc = store_row(q)) == 1) {
		memset(&d, 0, sizeof d);
		d.job = col_int(q, 0);
		col_text(q, 1, d.device_id, sizeof d.device_id);
		col_text(q, 2, d.ref, sizeof d.ref);
		d.number = col_int(q, 3);
		d.since_ms = col_int(q, 4);
		col_text(q, 5, d.said, sizeof d.said);
		n++;
		if (!row(&d, ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : n;
}
