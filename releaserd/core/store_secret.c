/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What a device asks of people whose names it does not ask. */
#include <string.h>

#include "releaserd/core/store_priv.h"
#include "releaserd/core/store_template.h"

#define SECRET "device,kind,verifier,changed_ms,by"

int
store_secret_set(struct store *st, const struct device_secret *s)
{
	int rc = s->verifier[0] == '\0' ?
	    store_exec(st, "DELETE FROM device_secret WHERE device=? AND"
	    " kind=?", "ti", s->device, (int64_t)s->kind) :
	    store_exec(st, "INSERT INTO device_secret(" SECRET ")"
	    " VALUES(?,?,?,?,?) ON CONFLICT(device,kind) DO UPDATE SET"
	    " verifier=excluded.verifier,changed_ms=excluded.changed_ms,"
	    "by=excluded.by", "titit", s->device, (int64_t)s->kind,
	    s->verifier, s->changed_ms, s->by);

	return rc < 0 ? rc : 0;
}

int
store_secret_forget(struct store *st, const char *device)
{
	return store_do(st, "DELETE FROM device_secret WHERE device=?",
	    "t", device);
}

static void
secret_from_row(sqlite3_stmt *q, struct device_secret *s)
{
	memset(s, 0, sizeof *s);
	col_text(q, 0, s->device, sizeof s->device);
	s->kind = (int)col_int(q, 1);
	col_text(q, 2, s->verifier, sizeof s->verifier);
	s->changed_ms = col_int(q, 3);
	col_text(q, 4, s->by, sizeof s->by);
}

int
store_secret_for(struct store *st, const char *device, int kind,
    struct device_secret *out)
{
	sqlite3_stmt *q = store_query(st, "SELECT " SECRET " FROM"
	    " device_secret WHERE device IN (?,'') AND kind=?"
	    " ORDER BY device DESC LIMIT 1", "ti", device, (int64_t)kind);
	int rc = store_row(q);

	if (rc == 1)
		secret_from_row(q, out);
	return store_found(q, rc);
}

int
store_secret_list(struct store *st, store_secret_row row, void *ctx)
{
	sqlite3_stmt *q = store_query(st, "SELECT " SECRET " FROM"
	    " device_secret ORDER BY device,kind", "");
	struct device_secret s;
	int rc;

	while ((rc = store_row(q)) == 1) {
		secret_from_row(q, &s);
		if (!row(&s, ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : 0;
}
