/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include <string.h>

#include "releaserd/core/store_priv.h"

#define USER_COLUMNS \
	"u.id,u.key,u.name,u.display,u.mail,u.department,u.locale,u.password," \
	"u.card_pin,u.idnum_mac,u.disabled,u.wrong_pins,u.created_ms," \
	"(SELECT count(*) FROM card c WHERE c.user_id=u.id),u.directory"

static void
user_from_row(sqlite3_stmt *q, struct user *u)
{
	memset(u, 0, sizeof *u);
	u->id = col_int(q, 0);
	col_text(q, 1, u->key, sizeof u->key);
	col_text(q, 2, u->name, sizeof u->name);
	col_text(q, 3, u->display, sizeof u->display);
	col_text(q, 4, u->mail, sizeof u->mail);
	col_text(q, 5, u->department, sizeof u->department);
	col_text(q, 6, u->locale, sizeof u->locale);
	col_text(q, 7, u->password, sizeof u->password);
	col_text(q, 8, u->card_pin, sizeof u->card_pin);
	u->has_idnum = sqlite3_column_type(q, 9) != SQLITE_NULL;
	col_blob(q, 9, u->idnum_mac, sizeof u->idnum_mac);
	u->disabled = col_int(q, 10) != 0;
	u->wrong_pins = col_int(q, 11);
	u->created_ms = col_int(q, 12);
	u->cards = col_int(q, 13);
	u->directory = col_int(q, 14);
}

static int
user_one(sqlite3_stmt *q, struct user *out)
{
	int rc = store_row(q);

	if (rc == 1)
		user_from_row(q, out);
	return store_found(q, rc);
}

int
store_user_add(struct store *st, const struct user *u)
{
	return store_do(st, "INSERT INTO user(id,node,key,name,display,"
	    "mail,department,locale,password,card_pin,idnum_mac,disabled,"
	    "created_ms,directory) VALUES(?,0,?,?,?,?,?,?,?,?,?,?,?,?)",
	    "ittttttttbiii",
	    u->id, u->key, u->name, u->display, u->mail, u->department,
	    u->locale, u->password, u->card_pin,
	    (const void *)(u->has_idnum ? u->idnum_mac : NULL),
	    sizeof u->idnum_mac, (int64_t)u->disabled, u->created_ms,
	    u->directory);
}

int
store_user_get(struct store *st, const char *key, struct user *out)
{
	return user_one(store_query(st, "SELECT " USER_COLUMNS
	    " FROM user u WHERE u.key=?", "t", key), out);
}

int
store_user_by_id(struct store *st, int64_t id, struct user *out)
{
	return user_one(store_query(st, "SELECT " USER_COLUMNS
	    " FROM user u WHERE u.id=?", "i", id), out);
}

int
store_user_by_idnum(struct store *st, const uint8_t mac[32], struct user *out)
{
	return user_one(store_query(st, "SELECT " USER_COLUMNS
	    " FROM user u WHERE u.idnum_mac=?", "b", (const void *)mac,
	    (size_t)32), out);
}

int
store_user_by_card(struct store *st, const uint8_t mac[32], struct user *out)
{
	sqlite3_stmt *q = store_query(st, "SELECT " USER_COLUMNS
	    ",k.valid_until_ms,k.valid_from_ms FROM card k JOIN user u ON u.id=k.user_id"
	    " WHERE k.mac=?", "b", (const void *)mac, (size_t)32);
	int rc = store_row(q);

	if (rc == 1) {
		user_from_row(q, out);
		out->card_until_ms = col_int(q, 15);
		out->card_from_ms = col_int(q, 16);
	}
	return store_found(q, rc);
}

int
store_user_set(struct store *st, const struct user *u)
{
	int rc = store_exec(st, "UPDATE user SET display=?,mail=?,"
	    "department=?,locale=?,password=?,card_pin=?,idnum_mac=?,"
	    "disabled=?,wrong_pins=?,directory=? WHERE id=?", "ttttttbiiii",
	    u->display,
	    u->mail, u->department, u->locale, u->password, u->card_pin,
	    (const void *)(u->has_idnum ? u->idnum_mac : NULL),
	    sizeof u->idnum_mac, (int64_t)u->disabled, u->wrong_pins,
	    u->directory, u->id);

	return store_changed(rc);
}

int
store_user_del(struct store *st, const char *key)
{
	int rc = store_exec(st, "DELETE FROM user WHERE key=?", "t", key);

	return store_changed(rc);
}

int
store_user_list(struct store *st, const char *after_key, int limit,
    store_user_row row, void *ctx)
{
	sqlite3_stmt *q = store_query(st, "SELECT " USER_COLUMNS
	    " FROM user u WHERE u.key>? ORDER BY u.key LIMIT ?", "ti",
	    after_key, (int64_t)limit);
	struct user u;
	int rc, n = 0;

	while ((rc = store_row(q)) == 1) {
		user_from_row(q, &u);
		n++;
		if (!row(&u, ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : n;
}

int
store_user_total(struct store *st, int64_t *n)
{
	return store_number(st, "SELECT count(*) FROM user", n, "");
}

int
store_user_wrong_pins(struct store *st, int64_t id, int64_t n)
{
	return store_do(st, "UPDATE user SET wrong_pins=? WHERE id=?",
	    "ii", n, id);
}

/* ---- cards */

#define CARD_COLUMNS "k.id,k.user_id,u.name,k.mac,k.tail,k.created_ms," \
	"k.valid_until_ms,k.valid_from_ms"

static void
card_from_row(sqlite3_stmt *q, struct card *c)
{
	c->id = col_int(q, 0);
	c->user_id = col_int(q, 1);
	col_text(q, 2, c->user, sizeof c->user);
	col_blob(q, 3, c->mac, sizeof c->mac);
	col_text(q, 4, c->tail, sizeof c->tail);
	c->created_ms = col_int(q, 5);
	c->valid_until_ms = col_int(q, 6);
	c->valid_from_ms = col_int(q, 7);
}

int
store_card_add(struct store *st, const struct card *c)
{
	int rc = store_exec(st, "DELETE FROM card WHERE mac=? AND "
	    "valid_until_ms>0 AND valid_until_ms<=?", "bi",
	    (const void *)c->mac, sizeof c->mac, c->created_ms);

	if (rc >= 0)
		rc = store_exec(st, "INSERT INTO card(id,user_id,mac,tail,"
		    "created_ms,valid_until_ms,valid_from_ms)"
		    " VALUES(?,?,?,?,?,?,?)", "iibtiii", c->id, c->user_id, (const void *)c->mac,
		    sizeof c->mac, c->tail, c->created_ms, c->valid_until_ms,
		    c->valid_from_ms);
	return rc < 0 ? rc : 0;
}

int
store_card_get(struct store *st, int64_t id, struct card *out)
{
	sqlite3_stmt *q = store_query(st, "SELECT " CARD_COLUMNS
	    " FROM card k JOIN user u ON u.id=k.user_id WHERE k.id=?", "i",
	    id);
	int rc = store_row(q);

	if (rc == 1)
		card_from_row(q, out);
	return store_found(q, rc);
}

int
store_card_del(struct store *st, int64_t id)
{
	int rc = store_exec(st, "DELETE FROM card WHERE id=?", "i", id);

	return store_changed(rc);
}

int
store_card_list(struct store *st, int64_t user_id, int64_t after, int limit,
    store_card_row row, void *ctx)
{
	/* Each by its own index, whatever there is else. */
	sqlite3_stmt *q = user_id == 0 ? store_query(st, "SELECT "
	    CARD_COLUMNS " FROM card k JOIN user u ON u.id=k.user_id"
	    " WHERE k.id>? ORDER BY k.id LIMIT ?", "ii", after,
	    (int64_t)limit) : store_query(st, "SELECT " CARD_COLUMNS
	    " FROM card k INDEXED BY card_user JOIN user u ON u.id=k.user_id"
	    " WHERE k.user_id=? AND k.id>? ORDER BY k.id LIMIT ?", "iii",
	    user_id, after, (int64_t)limit);
	struct card c;
	int rc, n = 0;

	while ((rc = store_row(q)) == 1) {
		card_from_row(q, &c);
		n++;
		if (!row(&c, ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : n;
}

/* ---- lockout */

int
store_lockout_get(struct store *st, const char *subject, struct lockout *out)
{
	sqlite3_stmt *q = store_query(st, "SELECT fails,first_ms,until_ms"
	    " FROM lockout WHERE subject=?", "t", subject);
	int rc = store_row(q);

	memset(out, 0, sizeof *out);
	if (rc == 1) {
		out->fails = col_int(q, 0);
		out->first_ms = col_int(q, 1);
		out->until_ms = col_int(q, 2);
	}
	store_done(q);
	return rc < 0 ? rc : 0;
}

int
store_lockout_set(struct store *st, const char *subject,
    const struct lockout *l)
{
	int rc;

	if (l->fails == 0 && l->until_ms == 0)
		rc = store_exec(st, "DELETE FROM lockout WHERE subject=?", "t",
		    subject);
	else
		rc = store_exec(st, "INSERT OR REPLACE INTO lockout(subject,"
		    "fails,first_ms,until_ms) VALUES(?,?,?,?)", "tiii",
		    subject, l->fails, l->first_ms, l->until_ms);
	return rc < 0 ? rc : 0;
}

int
store_lockout_list(struct store *st, int64_t now_ms, int limit,
    store_lockout_row row, void *ctx)
{
	sqlite3_stmt *q = store_query(st, "SELECT subject,fails,first_ms,"
	    "until_ms FROM lockout WHERE until_ms>? ORDER BY until_ms DESC,"
	    "subject LIMIT ?", "ii", now_ms, (int64_t)limit);
	int rc, n = 0;

	while ((rc = store_row(q)) == 1) {
		struct lockout l = { .fails = col_int(q, 1),
		    .first_ms = col_int(q, 2), .until_ms = col_int(q, 3) };
		char subject[128];

		col_text(q, 0, subject, sizeof subject);
		n++;
		if (!row(subject, &l, ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : n;
}

int
store_lockout_forget(struct store *st, int64_t before_ms)
{
	return store_exec(st, "DELETE FROM lockout WHERE until_ms<?1"
	    " AND first_ms<?1", "i", before_ms);
}
