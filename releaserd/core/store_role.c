/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Who has a role though not one of CUPS's administrators. */
#include <string.h>

#include "releaserd/core/store_priv.h"

static void
role_from_row(sqlite3_stmt *q, struct role_row *r)
{
	memset(r, 0, sizeof *r);
	col_text(q, 0, r->key, sizeof r->key);
	col_text(q, 1, r->name, sizeof r->name);
	r->role = (int)col_int(q, 2);
	col_text(q, 3, r->given_by, sizeof r->given_by);
	r->given_ms = col_int(q, 4);
}

int
store_role_get(struct store *st, const char *key, int *role)
{
	sqlite3_stmt *q = store_query(st, "SELECT role FROM role WHERE "
	    "user_key=?", "t", key);
	int rc = store_row(q);

	if (rc == 1)
		*role = (int)col_int(q, 0);
	return store_found(q, rc);
}

int
store_role_set(struct store *st, const struct role_row *r)
{
	return store_do(st, "INSERT INTO role VALUES(?,?,?,?,?) "
	    "ON CONFLICT(user_key) DO UPDATE SET name=excluded.name,"
	    "role=excluded.role,given_by=excluded.given_by,"
	    "given_ms=excluded.given_ms", "ttiti", r->key, r->name,
	    (int64_t)r->role, r->given_by, r->given_ms);
}

int
store_role_del(struct store *st, const char *key)
{
	int rc = store_exec(st, "DELETE FROM role WHERE user_key=?", "t",
	    key);

	return store_changed(rc);
}

int
store_role_list(struct store *st, store_role_row row, void *ctx)
{
	sqlite3_stmt *q = store_query(st, "SELECT user_key,name,role,given_by,"
	    "given_ms FROM role ORDER BY user_key", "");
	struct role_row r;
	int rc;

	while ((rc = store_row(q)) == 1) {
		role_from_row(q, &r);
		if (!row(&r, ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : 0;
}
