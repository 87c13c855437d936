/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/core/store_lock.h"

#include <string.h>

#include "releaserd/core/store_priv.h"

int
store_lock_set(struct store *st, const char *device, int64_t since_ms)
{
	return store_changed(store_exec(st, "UPDATE device SET locked_ms=?"
	    " WHERE id=? AND state<2", "it", since_ms, device));
}

int
store_lock_wait(struct store *st, const struct lock_wait *w)
{
	return store_do(st, "INSERT OR REPLACE INTO lock_wait(job_id,"
	    "device_id,by,copies,how,at_ms) VALUES(?,?,?,?,?,?)", "ittiii",
	    w->job, w->device, w->by, w->copies, w->how, w->at_ms);
}

int
store_lock_wait_forget(struct store *st, int64_t job)
{
	return store_do(st, "DELETE FROM lock_wait WHERE job_id=?", "i",
	    job);
}

int
store_lock_device_gone(struct store *st, const char *device)
{
	return store_do(st, "DELETE FROM lock_wait WHERE device_id=?",
	    "t", device);
}

int
store_lock_over(struct store *st, int limit, store_lock_row row, void *ctx)
{
	sqlite3_stmt *q = store_query(st, "SELECT w.job_id,w.device_id,w.by,"
	    "w.copies,w.how,w.at_ms FROM lock_wait w JOIN device d"
	    " ON d.id=w.device_id WHERE d.locked_ms=0 ORDER BY w.at_ms,"
	    "w.job_id LIMIT ?", "i", (int64_t)limit);
	struct lock_wait w;
	int rc, n = 0;

	while ((rc = store_row(q)) == 1) {
		memset(&w, 0, sizeof w);
		w.job = col_int(q, 0);
		col_text(q, 1, w.device, sizeof w.device);
		col_text(q, 2, w.by, sizeof w.by);
		w.copies = col_int(q, 3);
		w.how = col_int(q, 4);
		w.at_ms = col_int(q, 5);
		n++;
		if (!row(&w, ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : n;
}
