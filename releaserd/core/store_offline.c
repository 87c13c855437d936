/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/core/store_offline.h"

#include <string.h>

#include "releaserd/core/store_priv.h"

#define VERIFIER "user_id,directory,name,verifier,right_ms"

int
store_verifier_set(struct store *st, const struct verifier *v)
{
	return store_do(st, "INSERT OR REPLACE INTO verifier(" VERIFIER
	    ") VALUES(?,?,?,?,?)", "iitti", v->user_id, v->directory, v->name,
	    v->hash, v->right_ms);
}

int
store_verifier_right(struct store *st, int64_t user_id, int64_t at_ms)
{
	return store_changed(store_exec(st, "UPDATE verifier SET right_ms=?"
	    " WHERE user_id=?", "ii", at_ms, user_id));
}

static int
verifier_row(sqlite3_stmt *q, struct verifier *out)
{
	int rc = store_row(q);

	memset(out, 0, sizeof *out);
	if (rc == 1) {
		out->user_id = col_int(q, 0);
		out->directory = col_int(q, 1);
		col_text(q, 2, out->name, sizeof out->name);
		col_text(q, 3, out->hash, sizeof out->hash);
		out->right_ms = col_int(q, 4);
	}
	return store_found(q, rc);
}

int
store_verifier_of(struct store *st, int64_t user_id, struct verifier *out)
{
	return verifier_row(store_query(st, "SELECT " VERIFIER
	    " FROM verifier WHERE user_id=?", "i", user_id), out);
}

int
store_verifier_find(struct store *st, int64_t directory, const char *name,
    const char *key, struct verifier *out)
{
	int rc = verifier_row(store_query(st, "SELECT " VERIFIER
	    " FROM verifier WHERE directory=? AND name=?"
	    " ORDER BY right_ms DESC LIMIT 1", "it", directory, name), out);

	if (rc != -REL_E_NOTFOUND)
		return rc;
	return verifier_row(store_query(st, "SELECT " VERIFIER
	    " FROM verifier WHERE directory=? AND user_id=(SELECT id FROM user"
	    " WHERE key=?)", "it", directory, key), out);
}

int
store_verifier_drop(struct store *st, int64_t user_id)
{
	return store_changed(store_exec(st, "DELETE FROM verifier"
	    " WHERE user_id=?", "i", user_id));
}

int
store_verifier_forget(struct store *st, int64_t directory, int64_t before_ms)
{
	return store_do(st, "DELETE FROM verifier WHERE directory=?"
	    " AND right_ms<?", "ii", directory, before_ms);
}
