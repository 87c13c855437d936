/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Users in bulk: points to go back to, and what an import replaced. */
#include <string.h>

#include "lib/buf.h"
#include "lib/cursor.h"
#include "releaserd/core/store_priv.h"

/* ---- a point inside the transaction */

static int
save_run(struct store *st, const char *sql)
{
	if (!st->open || sqlite3_get_autocommit(st->db) != 0)
		return -REL_E_IO;
	return sqlite3_exec(st->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 :
	    -REL_E_IO;
}

int
store_point(struct store *st)
{
	return save_run(st, "SAVEPOINT point");
}

int
store_point_keep(struct store *st)
{
	return save_run(st, "RELEASE point");
}

int
store_point_back(struct store *st)
{
	return save_run(st, "ROLLBACK TO point; RELEASE point");
}

/* ---- a user as a blob, with what belongs to the row */

void
store_image_put(struct rel_buf *b, const struct user *u,
    const struct card *cards, size_t ncards)
{
	rel_put_str(b, u->key);
	rel_put_str(b, u->name);
	rel_put_str(b, u->display);
	rel_put_str(b, u->mail);
	rel_put_str(b, u->department);
	rel_put_str(b, u->locale);
	rel_put_str(b, u->password);
	rel_put_str(b, u->card_pin);
	rel_put_bytes(b, u->idnum_mac, u->has_idnum ? 32 : 0);
	rel_put_u8(b, u->disabled);
	rel_put_i64(b, u->created_ms);
	rel_put_u32(b, (uint32_t)ncards);
	for (size_t i = 0; i < ncards; i++) {
		rel_put_i64(b, cards[i].id);
		rel_put_bytes(b, cards[i].mac, sizeof cards[i].mac);
		rel_put_str(b, cards[i].tail);
		rel_put_i64(b, cards[i].created_ms);
		rel_put_i64(b, cards[i].valid_until_ms);
	}
	for (size_t i = 0; i < ncards; i++)
		rel_put_i64(b, cards[i].valid_from_ms);
}

int
store_image_get(const void *p, size_t n, struct user *u, struct card *cards,
    size_t *ncards)
{
	const uint8_t *mac;
	struct rel_cur c;
	size_t len;
	uint32_t k;

	memset(u, 0, sizeof *u);
	rel_cur_init(&c, p, n);
	rel_get_str(&c, u->key, sizeof u->key);
	rel_get_str(&c, u->name, sizeof u->name);
	rel_get_str(&c, u->display, sizeof u->display);
	rel_get_str(&c, u->mail, sizeof u->mail);
	rel_get_str(&c, u->department, sizeof u->department);
	rel_get_str(&c, u->locale, sizeof u->locale);
	rel_get_str(&c, u->password, sizeof u->password);
	rel_get_str(&c, u->card_pin, sizeof u->card_pin);
	mac = rel_get_bytes(&c, &len);
	u->has_idnum = mac != NULL && len == sizeof u->idnum_mac;
	if (u->has_idnum)
		memcpy(u->idnum_mac, mac, sizeof u->idnum_mac);
	u->disabled = rel_get_u8(&c) != 0;
	u->created_ms = rel_get_i64(&c);
	k = rel_get_u32(&c);
	if (k > STORE_IMAGE_CARDS)
		return -REL_E_FORMAT;
	for (uint32_t i = 0; i < k; i++) {
		memset(&cards[i], 0, sizeof cards[i]);
		cards[i].id = rel_get_i64(&c);
		rel_get_fixed(&c, cards[i].mac, sizeof cards[i].mac);
		rel_get_str(&c, cards[i].tail, sizeof cards[i].tail);
		cards[i].created_ms = rel_get_i64(&c);
		cards[i].valid_until_ms = rel_get_i64(&c);
	}
	/* One that was written before cards had a first day ends here. */
	for (uint32_t i = 0; i < k && rel_cur_left(&c) > 0; i++)
		cards[i].valid_from_ms = rel_get_i64(&c);
	*ncards = k;
	return rel_cur_end(&c);
}

/* ---- what the last import replaced */

int
store_undo_clear(struct store *st)
{
	static const char *const tables[] = { "DELETE FROM import_undo",
	    "DELETE FROM undo_delegate", "DELETE FROM undo_role",
	    "DELETE FROM undo_member", "DELETE FROM undo_quota",
	    "DELETE FROM undo_access" };
	int rc = 0;

	for (size_t i = 0; rc >= 0 && i < sizeof tables / sizeof tables[0];
	    i++)
		rc = store_exec(st, tables[i], "");
	return rc;
}

int
store_undo_add(struct store *st, const struct undo_row *r)
{
	return store_do(st, "INSERT INTO import_undo(user_id,key,what,"
	    "before,after) VALUES(?,?,?,?,?)", "itibb", r->user_id, r->key,
	    (int64_t)r->what, r->before, r->before_len,
	    (const void *)(r->what == UNDO_DELETED ? NULL : r->after),
	    sizeof r->after);
}

int
store_undo_list(struct store *st, store_undo_fn row, void *ctx)
{
	sqlite3_stmt *q = store_query(st, "SELECT seq,user_id,key,what,before,"
	    "after FROM import_undo ORDER BY seq", "");
	struct undo_row r;
	int rc, n = 0;

	while ((rc = store_row(q)) == 1) {
		memset(&r, 0, sizeof r);
		r.user_id = col_int(q, 1);
		col_text(q, 2, r.key, sizeof r.key);
		r.what = (enum undo_what)col_int(q, 3);
		r.before = sqlite3_column_blob(q, 4);
		r.before_len = (size_t)sqlite3_column_bytes(q, 4);
		col_blob(q, 5, r.after, sizeof r.after);
		n++;
		if (!row(&r, ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : n;
}

/* ---- names that are taken as they are */

int
store_user_keys(struct store *st, store_key_fn row, void *ctx)
{
	sqlite3_stmt *q = store_query(st, "SELECT id,key FROM user"
	    " ORDER BY key", "");
	char key[84];
	int rc, n = 0;

	while ((rc = store_row(q)) == 1) {
		col_text(q, 1, key, sizeof key);
		n++;
		if (!row(col_int(q, 0), key, ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : n;
}
