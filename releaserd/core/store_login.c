/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/core/store_login.h"

#include <string.h>

#include "releaserd/core/store_priv.h"

#define LOGINS "SELECT l.id,l.user_id,u.key,u.name,l.hash,l.label," \
	"l.address,l.created_ms,l.used_ms FROM login l" \
	" JOIN user u ON u.id=l.user_id AND NOT u.disabled WHERE l.created_ms>=? AND l.used_ms>=?"

int
store_login_add(struct store *st, const struct user_login *l)
{
	return store_do(st, "INSERT INTO login(id,user_id,hash,label,"
	    "address,created_ms,used_ms) VALUES(?,?,?,?,?,?,?)", "iibttii",
	    l->id, l->user_id, (const void *)l->hash, sizeof l->hash,
	    l->label, l->address, l->created_ms, l->used_ms);
}

static void
login_from_row(sqlite3_stmt *q, struct user_login *l)
{
	memset(l, 0, sizeof *l);
	l->id = col_int(q, 0);
	l->user_id = col_int(q, 1);
	col_text(q, 2, l->key, sizeof l->key);
	col_text(q, 3, l->name, sizeof l->name);
	col_blob(q, 4, l->hash, sizeof l->hash);
	col_text(q, 5, l->label, sizeof l->label);
	col_text(q, 6, l->address, sizeof l->address);
	l->created_ms = col_int(q, 7);
	l->used_ms = col_int(q, 8);
}

int
store_login_by_hash(struct store *st, const uint8_t hash[32],
    const struct login_ages *since, struct user_login *out)
{
	sqlite3_stmt *q = store_query(st, LOGINS " AND l.hash=?", "iib",
	    since->created_ms, since->used_ms, (const void *)hash,
	    (size_t)32);
	int rc = store_row(q);

	if (rc == 1)
		login_from_row(q, out);
	store_done(q);
	return rc == 1 ? 0 : rc == 0 ? -REL_E_NOTFOUND : rc;
}

int
store_login_list(struct store *st, int64_t user_id,
    const struct login_ages *since, store_login_row row, void *ctx)
{
	sqlite3_stmt *q = store_query(st, LOGINS " AND l.user_id=?"
	    " ORDER BY l.used_ms DESC,l.id DESC", "iii", since->created_ms,
	    since->used_ms, user_id);
	struct user_login l;
	int rc, n = 0;

	while ((rc = store_row(q)) == 1) {
		login_from_row(q, &l);
		n++;
		if (!row(&l, ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : n;
}

int
store_login_used(struct store *st, int64_t id, int64_t used_ms,
    const char *address)
{
	return store_do(st, "UPDATE login SET used_ms=?,address=?"
	    " WHERE id=?", "iti", used_ms, address, id);
}

int
store_login_end(struct store *st, int64_t user_id, int64_t id)
{
	int rc = store_exec(st, "DELETE FROM login WHERE user_id=? AND id=?",
	    "ii", user_id, id);

	return rc < 0 ? rc : rc == 1 ? 0 : -REL_E_NOTFOUND;
}

int
store_login_end_all(struct store *st, int64_t user_id)
{
	return store_exec(st, "DELETE FROM login WHERE user_id=?", "i",
	    user_id);
}

int
store_login_keep(struct store *st, int64_t user_id, int64_t n)
{
	return store_exec(st, "DELETE FROM login WHERE id IN (SELECT id FROM"
	    " login WHERE user_id=? ORDER BY used_ms DESC,id DESC LIMIT -1"
	    " OFFSET ?)", "ii", user_id, n);
}

int
store_login_forget(struct store *st, const struct login_ages *since)
{
	return store_exec(st, "DELETE FROM login WHERE created_ms<?"
	    " OR used_ms<?", "ii", since->created_ms, since->used_ms);
}
