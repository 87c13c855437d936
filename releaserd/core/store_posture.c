/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/core/store_posture.h"

#include <string.h>

#include "releaserd/core/store_priv.h"

#define COLUMNS "d.id,d.name,coalesce(p.tried_ms,0)," \
	"coalesce(p.looked_ms,0),coalesce(p.score,-1),coalesce(p.bad,0)," \
	"coalesce(p.unknown,0),coalesce(p.words,'') FROM device d" \
	" LEFT JOIN posture p ON p.device_id=d.id "

static void
from_row(sqlite3_stmt *q, struct posture_row *p)
{
	memset(p, 0, sizeof *p);
	col_text(q, 0, p->device, sizeof p->device);
	col_text(q, 1, p->name, sizeof p->name);
	p->tried_ms = col_int(q, 2);
	p->looked_ms = col_int(q, 3);
	p->score = col_int(q, 4);
	p->bad = col_int(q, 5);
	p->unknown = col_int(q, 6);
	col_text(q, 7, p->words, sizeof p->words);
}

int
store_posture_set(struct store *st, const struct posture_row *p)
{
	return store_do(st, "INSERT OR REPLACE INTO posture(device_id,"
	    "tried_ms,looked_ms,score,bad,unknown,words)"
	    " VALUES(?,?,?,?,?,?,?)", "tiiiiit", p->device, p->tried_ms,
	    p->looked_ms, p->score, p->bad, p->unknown, p->words);
}

int
store_posture_get(struct store *st, const char *device,
    struct posture_row *out)
{
	sqlite3_stmt *q = store_query(st, "SELECT " COLUMNS
	    "WHERE d.id=? AND p.device_id IS NOT NULL", "t", device);
	int rc = store_row(q);

	if (rc == 1)
		from_row(q, out);
	return store_found(q, rc);
}

int
store_posture_gone(struct store *st, const char *device)
{
	return store_do(st, "DELETE FROM posture WHERE device_id=?", "t",
	    device);
}

static int
rows(sqlite3_stmt *q, store_posture_cb row, void *ctx)
{
	struct posture_row p;
	int rc, n = 0;

	while ((rc = store_row(q)) == 1) {
		from_row(q, &p);
		n++;
		if (!row(&p, ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : n;
}

int
store_posture_list(struct store *st, const char *after_name, int limit,
    store_posture_cb row, void *ctx)
{
	return rows(store_query(st, "SELECT " COLUMNS "WHERE d.name>? AND"
	    " d.state<2 ORDER BY d.name LIMIT ?", "ti", after_name,
	    (int64_t)limit), row, ctx);
}

int
store_posture_worst(struct store *st, int limit, store_posture_cb row,
    void *ctx)
{
	return rows(store_query(st, "SELECT " COLUMNS "WHERE p.score>=0 AND"
	    " d.state<2 ORDER BY p.score,d.name LIMIT ?", "i",
	    (int64_t)limit), row, ctx);
}

int
store_posture_due(struct store *st, int64_t before_ms, char device[40])
{
	sqlite3_stmt *q = store_query(st, "SELECT d.id FROM device d LEFT JOIN"
	    " posture p ON p.device_id=d.id WHERE d.state<2 AND"
	    " coalesce(p.tried_ms,0)<? ORDER BY coalesce(p.tried_ms,0)"
	    " LIMIT 1", "i", before_ms);
	int rc = store_row(q);

	if (rc == 1)
		col_text(q, 0, device, 40);
	return store_found(q, rc);
}
