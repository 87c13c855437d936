/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * All that is kept of one person: to read it out, and to take it away.  Where
 * a name stands inside a text the caller says what becomes of the text.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "releaserd/core/store_priv.h"

/* ---- texts in which a name may stand */

/* Selects the key (two numbers) and a text; writes the text back. */
static const struct place {
	const char *select, *update;
} places[] = {
	{ "SELECT job_id,seq,text FROM event",
	    "UPDATE event SET text=? WHERE job_id=? AND seq=?" },
	{ "SELECT id,0,reason FROM job WHERE reason<>''",
	    "UPDATE job SET reason=? WHERE id=? AND ?=0" },
	{ "SELECT id,0,released_by FROM job WHERE released_by<>''",
	    "UPDATE job SET released_by=? WHERE id=? AND ?=0" },
	{ "SELECT id,0,who FROM audit",
	    "UPDATE audit SET who=? WHERE id=? AND ?=0" },
	{ "SELECT id,0,detail FROM audit WHERE detail<>''",
	    "UPDATE audit SET detail=? WHERE id=? AND ?=0" },
	{ "SELECT id,0,by FROM transfer WHERE by IS NOT NULL",
	    "UPDATE transfer SET by=? WHERE id=? AND ?=0" },
	{ "SELECT id,0,text FROM transfer WHERE by IS NOT NULL AND"
	    " text IS NOT NULL",
	    "UPDATE transfer SET text=? WHERE id=? AND ?=0" },
	{ "SELECT version,0,by FROM price_list",
	    "UPDATE price_list SET by=? WHERE version=? AND ?=0" },
	{ "SELECT version,0,by FROM rule_set",
	    "UPDATE rule_set SET by=? WHERE version=? AND ?=0" },
	{ "SELECT id,0,by FROM wait WHERE by<>''",
	    "UPDATE wait SET by=? WHERE id=? AND ?=0" },
	{ "SELECT id,0,said FROM wait WHERE said<>''",
	    "UPDATE wait SET said=? WHERE id=? AND ?=0" }
};

struct hit {
	int64_t a, b;
	char *text;
};

struct hits {
	struct hit *all;
	size_t n, room;
};

static int
hit_add(struct hits *h, int64_t a, int64_t b, const char *text)
{
	if (h->n == h->room) {
		size_t room = h->room > 0 ? h->room * 2 : 64;
		void *p = realloc(h->all, room * sizeof *h->all);

		if (p == NULL)
			return -REL_E_NOMEM;
		h->all = p;
		h->room = room;
	}
	h->all[h->n].a = a;
	h->all[h->n].b = b;
	h->all[h->n].text = strdup(text);
	return h->all[h->n++].text != NULL ? 0 : -REL_E_NOMEM;
}

static int
place_find(struct store *st, const struct place *p, store_text_fn fn,
    void *ctx, struct hits *h)
{
	sqlite3_stmt *q = store_query(st, p->select, "");
	char text[1200], out[1200];
	int rc, bad = 0;

	while (bad == 0 && (rc = store_row(q)) == 1) {
		col_text(q, 2, text, sizeof text);
		if (fn(text, out, sizeof out, ctx))
			bad = hit_add(h, col_int(q, 0), col_int(q, 1), out);
	}
	store_done(q);
	return bad < 0 ? bad : rc;
}

int
store_texts(struct store *st, store_text_fn fn, void *ctx)
{
	int rc = 0, n = 0;

	for (size_t i = 0; i < sizeof places / sizeof places[0] && rc >= 0;
	    i++) {
		struct hits h = { 0 };

		rc = place_find(st, &places[i], fn, ctx, &h);
		for (size_t k = 0; k < h.n; k++) {
			if (rc >= 0)
				rc = store_exec(st, places[i].update, "tii",
				    h.all[k].text, h.all[k].a, h.all[k].b);
			free(h.all[k].text);
		}
		n += (int)h.n;
		free(h.all);
	}
	return rc < 0 ? rc : n;
}

/* ---- answers that are kept hold menus, names and titles */

int
store_answers_forget(struct store *st, store_body_fn fn, void *ctx)
{
	sqlite3_stmt *q = store_query(st, "SELECT peer,key,body FROM answer",
	    "");
	struct hits h = { 0 };
	char peer[80], key[88];
	int rc, bad = 0;

	while (bad == 0 && (rc = store_row(q)) == 1) {
		if (!fn(sqlite3_column_blob(q, 2),
		    (size_t)sqlite3_column_bytes(q, 2), ctx))
			continue;
		col_text(q, 0, peer, sizeof peer);
		col_text(q, 1, key, sizeof key);
		bad = hit_add(&h, 0, 0, peer);
		if (bad == 0)
			bad = hit_add(&h, 0, 0, key);
	}
	store_done(q);
	rc = bad < 0 ? bad : rc;
	for (size_t i = 0; i + 1 < h.n && rc >= 0; i += 2)
		rc = store_exec(st, "DELETE FROM answer WHERE peer=? AND"
		    " key=?", "tt", h.all[i].text, h.all[i + 1].text);
	for (size_t i = 0; i < h.n; i++)
		free(h.all[i].text);
	free(h.all);
	return rc < 0 ? rc : 0;
}

/* ---- rows that are theirs */

/* Statements about one person. */
static int
exec_each(struct store *st, const char *key, const char *const *sql)
{
	int rc = 0;

	for (; *sql != NULL && rc >= 0; sql++)
		rc = store_exec(st, *sql, "t", key);
	return rc < 0 ? rc : 0;
}

int
store_person_rights(struct store *st, const char *key)
{
	return exec_each(st, key, (const char *const []){
	    "DELETE FROM delegate WHERE owner_key=?1 OR key=?1",
	    "DELETE FROM role WHERE user_key=?1",
	    "DELETE FROM group_member WHERE member_key=?1 AND is_group=0",
	    "DELETE FROM quota WHERE owner=1 AND key=?1",
	    "DELETE FROM access WHERE who=3 AND person=?1",
	    "DELETE FROM undo_delegate WHERE owner_key=?1 OR key=?1",
	    "DELETE FROM undo_role WHERE user_key=?1",
	    "DELETE FROM undo_member WHERE member_key=?1",
	    "DELETE FROM undo_quota WHERE key=?1",
	    "DELETE FROM undo_access WHERE person=?1", NULL });
}

int
store_rights_aside(struct store *st, const char *key)
{
	return exec_each(st, key, (const char *const []){
	    "INSERT INTO undo_delegate SELECT * FROM delegate"
	    " WHERE owner_key=?1 OR key=?1",
	    "INSERT INTO undo_role SELECT * FROM role WHERE user_key=?1",
	    "INSERT INTO undo_member SELECT * FROM group_member"
	    " WHERE member_key=?1 AND is_group=0",
	    "INSERT INTO undo_quota SELECT * FROM quota"
	    " WHERE owner=1 AND key=?1",
	    "INSERT INTO undo_access SELECT * FROM access"
	    " WHERE who=3 AND person=?1",
	    "DELETE FROM delegate WHERE owner_key=?1 OR key=?1",
	    "DELETE FROM role WHERE user_key=?1",
	    "DELETE FROM group_member WHERE member_key=?1 AND is_group=0",
	    "DELETE FROM quota WHERE owner=1 AND key=?1",
	    "DELETE FROM access WHERE who=3 AND person=?1", NULL });
}

int
store_rights_since(struct store *st, const char *key, int64_t since_ms)
{
	int rc = store_exec(st, "DELETE FROM delegate WHERE (owner_key=?1"
	    " OR key=?1) AND created_ms>=?2", "ti", key, since_ms);

	if (rc >= 0)
		rc = store_exec(st, "DELETE FROM role WHERE user_key=?"
		    " AND given_ms>=?", "ti", key, since_ms);
	return rc < 0 ? rc : 0;
}

int
store_rights_back(struct store *st)
{
	int rc = store_exec(st, "INSERT OR IGNORE INTO delegate SELECT *"
	    " FROM undo_delegate", "");

	if (rc >= 0)
		rc = store_exec(st, "INSERT OR IGNORE INTO role SELECT *"
		    " FROM undo_role", "");
	/* Not into groups that were removed meanwhile. */
	if (rc >= 0)
		rc = store_exec(st, "INSERT OR IGNORE INTO group_member"
		    " SELECT * FROM undo_member WHERE group_key IN"
		    " (SELECT key FROM person_group)", "");
	if (rc >= 0)
		rc = store_exec(st, "INSERT OR IGNORE INTO quota SELECT *"
		    " FROM undo_quota", "");
	if (rc >= 0)
		rc = store_exec(st, "INSERT OR IGNORE INTO access SELECT *"
		    " FROM undo_access", "");
	return rc < 0 ? rc : 0;
}

/* The account stays, as what was paid from it does; nobody's name is on it. */
static int
erase_money(struct store *st, const char *key, const char *pseudonym)
{
	int rc = store_exec(st, "UPDATE account SET key=? WHERE kind=1 AND"
	    " key=?", "tt", pseudonym, key);

	if (rc >= 0)
		rc = store_exec(st, "UPDATE quota SET by=? WHERE by=?"
		    " COLLATE NOCASE", "tt", pseudonym, key);
	if (rc >= 0)
		rc = store_exec(st, "UPDATE undo_quota SET by=? WHERE by=?"
		    " COLLATE NOCASE", "tt", pseudonym, key);
	return rc;
}

/* What rules said of their jobs may hold the title and anything else. */
static int
erase_words(struct store *st, const char *key)
{
	/* From which addresses they logged in. */
	int rc = store_exec(st, "UPDATE audit SET detail='' WHERE what IN"
	    " ('logged-in','login-denied') AND who IN (?1,'u:' || ?1)", "t",
	    key);

	if (rc >= 0)
		rc = store_exec(st, "UPDATE wait SET text='',said='' WHERE"
		    " job_id IN (SELECT id FROM job WHERE user_key=?)", "t",
		    key);
	if (rc >= 0)
		rc = store_exec(st, "UPDATE event SET text='(erased)' WHERE"
		    " kind IN ('asked','answered','refused') AND"
		    " job_id IN (SELECT id FROM job WHERE user_key=?)", "t",
		    key);
	if (rc >= 0)
		rc = store_exec(st, "UPDATE job SET reason='' WHERE state=?"
		    " AND user_key=?", "it", (int64_t)JOB_REFUSED, key);
	return rc;
}

int
store_person_erase(struct store *st, const char *key, const char *pseudonym)
{
	char subject[90];
	int rc;

	snprintf(subject, sizeof subject, "u:%s", key);
	rc = erase_words(st, key);
	if (rc >= 0)
		rc = store_exec(st, "UPDATE job SET user_key=?1,user=?1,"
		    "title=?1,host='',options='',changes='',application='',"
		    "producer='',application_from=0 WHERE"
		    " user_key=?2", "tt", pseudonym, key);
	if (rc >= 0)
		rc = store_exec(st, "UPDATE usage SET user_key=? WHERE"
		    " user_key=?", "tt", pseudonym, key);
	if (rc >= 0)
		rc = store_exec(st, "UPDATE activity SET user_key=? WHERE"
		    " user_key=?", "tt", pseudonym, key);
	if (rc >= 0)
		rc = store_exec(st, "UPDATE activity SET key=? WHERE kind=1"
		    " AND key=?", "tt", pseudonym, key);
	if (rc >= 0)
		rc = store_exec(st, "UPDATE device_session SET user_key=?"
		    " WHERE user_key=?", "tt", pseudonym, key);
	if (rc >= 0)
		rc = erase_money(st, key, pseudonym);
	if (rc >= 0)
		rc = store_exec(st, "UPDATE role SET given_by=? WHERE"
		    " given_by=? COLLATE NOCASE", "tt", pseudonym, key);
	if (rc >= 0)
		rc = store_exec(st, "UPDATE undo_role SET given_by=? WHERE"
		    " given_by=? COLLATE NOCASE", "tt", pseudonym, key);
	if (rc >= 0)
		rc = store_person_rights(st, key);
	if (rc >= 0)
		rc = store_exec(st, "DELETE FROM lockout WHERE subject IN"
		    " (?1,'s:' || ?2)", "tt", subject, key);
	if (rc >= 0)
		rc = store_exec(st, "DELETE FROM import_undo WHERE key=?",
		    "t", key);
	if (rc >= 0)
		rc = store_exec(st, "DELETE FROM user WHERE key=?", "t", key);
	return rc < 0 ? rc : 0;
}
