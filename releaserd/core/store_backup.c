/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/core/store_backup.h"

#include <string.h>

#include "releaserd/core/store_priv.h"

#define USE "id,at_ms,who,door,seen_ms,seen_by"

int
store_backup_get(struct store *st, struct backup_row *out)
{
	sqlite3_stmt *q = store_query(st, "SELECT verifier,set_ms,by"
	    " FROM backup", "");
	int rc = store_row(q);

	memset(out, 0, sizeof *out);
	if (rc == 1) {
		col_text(q, 0, out->verifier, sizeof out->verifier);
		out->set_ms = col_int(q, 1);
		col_text(q, 2, out->by, sizeof out->by);
	}
	return store_found(q, rc);
}

int
store_backup_set(struct store *st, const struct backup_row *r)
{
	return store_do(st, "INSERT OR REPLACE INTO backup(id,verifier,"
	    "set_ms,by) VALUES(1,?,?,?)", "tit", r->verifier, r->set_ms,
	    r->by);
}

int
store_backup_del(struct store *st)
{
	return store_changed(store_exec(st, "DELETE FROM backup", ""));
}

/* ---- uses */

int
store_backup_used(struct store *st, const struct backup_use *u)
{
	return store_do(st, "INSERT INTO backup_use(id,at_ms,who,door)"
	    " VALUES(?,?,?,?)", "iitt", u->id, u->at_ms, u->who, u->door);
}

static void
use_row(sqlite3_stmt *q, struct backup_use *u)
{
	u->id = col_int(q, 0);
	u->at_ms = col_int(q, 1);
	col_text(q, 2, u->who, sizeof u->who);
	col_text(q, 3, u->door, sizeof u->door);
	u->seen_ms = col_int(q, 4);
	col_text(q, 5, u->seen_by, sizeof u->seen_by);
}

int
store_backup_use(struct store *st, int64_t id, struct backup_use *out)
{
	sqlite3_stmt *q = store_query(st, "SELECT " USE " FROM backup_use"
	    " WHERE id=?", "i", id);
	int rc = store_row(q);

	if (rc == 1)
		use_row(q, out);
	return store_found(q, rc);
}

int
store_backup_uses(struct store *st, int limit, store_backup_row row,
    void *ctx)
{
	sqlite3_stmt *q = store_query(st, "SELECT " USE " FROM backup_use"
	    " ORDER BY at_ms DESC,id DESC LIMIT ?", "i", (int64_t)limit);
	struct backup_use u;
	int rc;

	while ((rc = store_row(q)) == 1) {
		use_row(q, &u);
		if (!row(&u, ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : 0;
}

int
store_backup_unseen(struct store *st, int64_t *n)
{
	return store_number(st, "SELECT count(*) FROM backup_use"
	    " WHERE seen_ms=0", n, "");
}

int
store_backup_seen(struct store *st, int64_t at_ms, const char *by)
{
	return store_do(st, "UPDATE backup_use SET seen_ms=?,seen_by=?"
	    " WHERE seen_ms=0", "it", at_ms, by);
}

int
store_backup_forget(struct store *st, int64_t before_ms)
{
	return store_do(st, "DELETE FROM backup_use WHERE seen_ms>0"
	    " AND at_ms<?", "i", before_ms);
}

/* ---- mails about them */

int
store_notice_put(struct store *st, const struct notice_mail *m,
    int64_t next_ms)
{
	return store_do(st, "INSERT OR REPLACE INTO notice_mail(use_id,"
	    "address,next_ms,tries) VALUES(?,?,?,?)", "itii", m->use,
	    m->address, next_ms, m->tries);
}

int
store_notice_drop(struct store *st, const struct notice_mail *m)
{
	return store_changed(store_exec(st, "DELETE FROM notice_mail"
	    " WHERE use_id=? AND address=?", "it", m->use, m->address));
}

int
store_notice_due(struct store *st, int64_t now_ms, struct notice_mail *out)
{
	sqlite3_stmt *q = store_query(st, "SELECT use_id,address,tries"
	    " FROM notice_mail WHERE next_ms<=? ORDER BY next_ms LIMIT 1",
	    "i", now_ms);
	int rc = store_row(q);

	memset(out, 0, sizeof *out);
	if (rc == 1) {
		out->use = col_int(q, 0);
		col_text(q, 1, out->address, sizeof out->address);
		out->tries = col_int(q, 2);
	}
	return store_found(q, rc);
}

int
store_admin_addresses(struct store *st, int role, store_address_row row,
    void *ctx)
{
	sqlite3_stmt *q = store_query(st, "SELECT u.mail FROM role r"
	    " JOIN user u ON u.key=r.user_key WHERE r.role=? AND u.mail<>''"
	    " AND NOT u.disabled ORDER BY u.key LIMIT 50", "i",
	    (int64_t)role);
	char address[256];
	int rc;

	while ((rc = store_row(q)) == 1) {
		col_text(q, 0, address, sizeof address);
		if (!row(address, ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : 0;
}
