/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* How card numbers are made, and cards that are numbered anew. */
#include "releaserd/core/store_card.h"

#include <string.h>

#include "releaserd/core/store_priv.h"

int
store_card_rule_set(struct store *st, const struct card_rule *r)
{
	char format[REL_CARD_FORMAT_TEXT], was[REL_CARD_FORMAT_TEXT] = "";
	int rc;

	rel_card_format_text(format, &r->format);
	if (r->has_was)
		rel_card_format_text(was, &r->was);
	rc = store_exec(st, "INSERT OR REPLACE INTO card_rule(of,format,was,"
	    "usb,changed_ms,by) VALUES(?,?,?,?,?,?)", "ttttit", r->of, format,
	    was, r->usb, r->changed_ms, r->by);
	return rc < 0 ? rc : 0;
}

int
store_card_rule_del(struct store *st, const char *of)
{
	return store_changed(store_exec(st,
	    "DELETE FROM card_rule WHERE of=?", "t", of));
}

int
store_card_rule_moved(struct store *st, const char *from, const char *to)
{
	return store_do(st, "UPDATE card_rule SET of=? WHERE of=?", "tt",
	    to, from);
}

static void
rule_from_row(sqlite3_stmt *q, struct card_rule *r)
{
	char text[REL_CARD_FORMAT_TEXT];
	struct rel_err err;

	memset(r, 0, sizeof *r);
	col_text(q, 0, r->of, sizeof r->of);
	col_text(q, 1, text, sizeof text);
	(void)rel_card_format_read(&r->format, text, &err);
	col_text(q, 2, text, sizeof text);
	r->has_was = rel_card_format_read(&r->was, text, &err) == 0;
	col_text(q, 3, r->usb, sizeof r->usb);
	r->changed_ms = col_int(q, 4);
	col_text(q, 5, r->by, sizeof r->by);
}

int
store_card_rules(struct store *st, store_card_rule_row row, void *ctx)
{
	sqlite3_stmt *q = store_query(st, "SELECT of,format,was,usb,"
	    "changed_ms,by FROM card_rule ORDER BY of", "");
	struct card_rule r;
	int rc, n = 0;

	while ((rc = store_row(q)) == 1) {
		rule_from_row(q, &r);
		n++;
		if (!row(&r, ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : n;
}

int
store_card_total(struct store *st, int64_t *n)
{
	return store_number(st, "SELECT count(*) FROM card", n, "");
}

int
store_card_renumber(struct store *st, const uint8_t was[32],
    const uint8_t mac[32], const char *tail)
{
	return store_changed(store_exec(st, "UPDATE card SET mac=?,tail=?"
	    " WHERE mac=?", "btb", (const void *)mac, (size_t)32, tail,
	    (const void *)was, (size_t)32));
}

/* ---- clashes */

int
store_card_clash_add(struct store *st, const uint8_t mac[32],
    int64_t user_id, const char *from, int64_t at_ms)
{
	return store_do(st, "INSERT OR REPLACE INTO card_clash(card_id,"
	    "user_id,from_id,at_ms) SELECT id,?,?,? FROM card WHERE mac=?",
	    "itib", user_id, from, at_ms, (const void *)mac, (size_t)32);
}

int
store_card_clashes(struct store *st, int limit, store_card_clash_row row,
    void *ctx)
{
	sqlite3_stmt *q = store_query(st, "SELECT k.id,k.user_id,u.name,"
	    "k.tail,w.name,x.from_id,x.at_ms FROM card_clash x"
	    " JOIN card k ON k.id=x.card_id JOIN user u ON u.id=k.user_id"
	    " JOIN user w ON w.id=x.user_id ORDER BY x.at_ms DESC LIMIT ?",
	    "i", (int64_t)limit);
	struct card_clash k;
	int rc, n = 0;

	while ((rc = store_row(q)) == 1) {
		memset(&k, 0, sizeof k);
		k.card.id = col_int(q, 0);
		k.card.user_id = col_int(q, 1);
		col_text(q, 2, k.card.user, sizeof k.card.user);
		col_text(q, 3, k.card.tail, sizeof k.card.tail);
		col_text(q, 4, k.wants, sizeof k.wants);
		col_text(q, 5, k.from, sizeof k.from);
		k.at_ms = col_int(q, 6);
		n++;
		if (!row(&k, ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : n;
}

int
store_card_clash_del(struct store *st, int64_t card_id)
{
	return store_changed(store_exec(st,
	    "DELETE FROM card_clash WHERE card_id=?", "i", card_id));
}

int
store_card_move(struct store *st, int64_t id, int64_t user_id)
{
	int rc = store_exec(st, "DELETE FROM card_clash WHERE card_id=?", "i",
	    id);

	return rc < 0 ? rc : store_changed(store_exec(st,
	    "UPDATE card SET user_id=? WHERE id=?", "ii", user_id, id));
}
