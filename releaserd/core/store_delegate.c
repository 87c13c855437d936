/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Whose jobs somebody else may fetch. */
#include <string.h>

#include "releaserd/core/store_priv.h"

#define DELEGATE_COLUMNS \
	"owner_key,owner_name,key,name,until_ms,created_ms"

static void
delegate_from_row(sqlite3_stmt *q, struct delegate *d)
{
	memset(d, 0, sizeof *d);
	col_text(q, 0, d->owner_key, sizeof d->owner_key);
	col_text(q, 1, d->owner_name, sizeof d->owner_name);
	col_text(q, 2, d->key, sizeof d->key);
	col_text(q, 3, d->name, sizeof d->name);
	d->until_ms = col_int(q, 4);
	d->created_ms = col_int(q, 5);
}

int
store_delegate_set(struct store *st, const struct delegate *d)
{
	return store_do(st, "INSERT INTO delegate(" DELEGATE_COLUMNS
	    ") VALUES(?,?,?,?,?,?) ON CONFLICT(owner_key,key) DO UPDATE SET "
	    "until_ms=excluded.until_ms", "ttttii", d->owner_key,
	    d->owner_name, d->key, d->name, d->until_ms, d->created_ms);
}

int
store_delegate_del(struct store *st, const char *owner_key, const char *key)
{
	int rc = store_exec(st, "DELETE FROM delegate WHERE owner_key=? AND "
	    "key=?", "tt", owner_key, key);

	return store_changed(rc);
}

int
store_delegate_is(struct store *st, const char *owner_key, const char *key,
    int64_t now_ms)
{
	sqlite3_stmt *q = store_query(st, "SELECT 1 FROM delegate WHERE "
	    "owner_key=? AND key=? AND (until_ms=0 OR until_ms>?)", "tti",
	    owner_key, key, now_ms);
	int rc = store_row(q);

	store_done(q);
	return rc;
}

int
store_delegate_list(struct store *st, const char *owner_key, const char *key,
    store_delegate_row row, void *ctx)
{
	sqlite3_stmt *q = owner_key != NULL ?
	    store_query(st, "SELECT " DELEGATE_COLUMNS " FROM delegate WHERE "
	    "owner_key=? ORDER BY key LIMIT 200", "t", owner_key) :
	    store_query(st, "SELECT " DELEGATE_COLUMNS " FROM delegate WHERE "
	    "key=? ORDER BY owner_key LIMIT 200", "t", key);
	struct delegate d;
	int rc;

	while ((rc = store_row(q)) == 1) {
		delegate_from_row(q, &d);
		if (!row(&d, ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : 0;
}
