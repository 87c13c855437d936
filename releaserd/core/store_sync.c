/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/core/store_sync.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/store_priv.h"

/* ---- accounts */

int
store_sync_info(struct store *st, int64_t user, struct sync_info *out)
{
	sqlite3_stmt *q = store_query(st, "SELECT home,dir_mac,dir_seen_ms,"
	    "dir_gone_ms FROM user WHERE id=?", "i", user);
	int rc = store_row(q);

	memset(out, 0, sizeof *out);
	if (rc == 1) {
		col_text(q, 0, out->home, sizeof out->home);
		out->has_mac = sqlite3_column_type(q, 1) != SQLITE_NULL;
		col_blob(q, 1, out->mac, sizeof out->mac);
		out->seen_ms = col_int(q, 2);
		out->gone_ms = col_int(q, 3);
	}
	return store_found(q, rc);
}

int
store_sync_list(struct store *st, int64_t directory, int64_t after,
    int limit, store_sync_row row, void *ctx)
{
	sqlite3_stmt *q = store_query(st, "SELECT id,dir_gone_ms,key,disabled,"
	    "dir_mac FROM user WHERE directory=? AND directory<>0 AND id>?"
	    " ORDER BY id LIMIT ?", "iii", directory, after, (int64_t)limit);
	struct sync_row r;
	int rc, n = 0;

	while ((rc = store_row(q)) == 1) {
		r.id = col_int(q, 0);
		r.gone_ms = col_int(q, 1);
		col_text(q, 2, r.key, sizeof r.key);
		r.disabled = col_int(q, 3) != 0;
		r.has_mac = sqlite3_column_type(q, 4) != SQLITE_NULL;
		col_blob(q, 4, r.mac, sizeof r.mac);
		n++;
		if (!row(&r, ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : n;
}

static const void *
mac_of(const struct sync_info *i)
{
	return i->has_mac ? i->mac : NULL;
}

int
store_sync_add(struct store *st, const struct user *u,
    const struct sync_info *i)
{
	return store_do(st, "INSERT INTO user(id,node,key,name,display,"
	    "mail,department,locale,password,card_pin,idnum_mac,disabled,"
	    "created_ms,directory,home,dir_mac,dir_seen_ms) VALUES(?,0,?,?,?,"
	    "?,?,?,?,?,?,?,?,?,?,?,?)", "ittttttttbiiitbi",
	    u->id, u->key, u->name, u->display, u->mail, u->department,
	    u->locale, u->password, u->card_pin,
	    (const void *)(u->has_idnum ? u->idnum_mac : NULL),
	    sizeof u->idnum_mac, (int64_t)u->disabled, u->created_ms,
	    u->directory, i->home, mac_of(i), (size_t)SYNC_MAC_BYTES,
	    i->seen_ms);
}

int
store_sync_set(struct store *st, int64_t user, const struct sync_info *i)
{
	int rc = store_exec(st, "UPDATE user SET home=?,dir_seen_ms=?,"
	    "dir_gone_ms=? WHERE id=?", "tiii", i->home, i->seen_ms,
	    i->gone_ms, user);

	/* Behind the trigger that takes it away. */
	if (rc >= 0)
		rc = store_exec(st, "UPDATE user SET dir_mac=? WHERE id=?",
		    "bi", mac_of(i), (size_t)SYNC_MAC_BYTES, user);
	return store_changed(rc);
}

int
store_sync_again(struct store *st, int64_t user)
{
	return store_do(st, "UPDATE user SET dir_mac=NULL WHERE id=?",
	    "i", user);
}

int
store_user_home(struct store *st, int64_t user, const char *home)
{
	int rc = store_exec(st, "UPDATE user SET home=? WHERE id=?", "ti",
	    home, user);

	return store_changed(rc);
}

int
store_sync_close(struct store *st, int64_t user, int64_t gone_ms,
    int64_t seen_ms)
{
	int rc = store_exec(st, "UPDATE user SET disabled=1,dir_gone_ms=?,"
	    "dir_seen_ms=max(dir_seen_ms,?) WHERE id=?", "iii", gone_ms,
	    seen_ms, user);

	return store_changed(rc);
}

int
store_sync_groups(struct store *st, const char *user_key,
    int64_t directory, store_sync_group row, void *ctx)
{
	sqlite3_stmt *q = store_query(st, "SELECT g.key FROM group_member m"
	    " JOIN person_group g ON g.key=m.group_key WHERE m.member_key=?"
	    " AND m.is_group=0 AND g.directory=?", "ti", user_key, directory);
	char key[84];
	int rc, n = 0;

	while ((rc = store_row(q)) == 1) {
		col_text(q, 0, key, sizeof key);
		n++;
		if (!row(key, ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : n;
}

/* ---- cards */

int
store_sync_cards(struct store *st, int64_t user, store_sync_card row,
    void *ctx)
{
	sqlite3_stmt *q = store_query(st, "SELECT id,mac,directory FROM card"
	    " WHERE user_id=? ORDER BY id", "i", user);
	uint8_t mac[32];
	int rc, n = 0;

	while ((rc = store_row(q)) == 1) {
		col_blob(q, 1, mac, sizeof mac);
		n++;
		if (!row(col_int(q, 0), mac, col_int(q, 2), ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : n;
}

int
store_sync_card_from(struct store *st, int64_t card, int64_t directory)
{
	int rc = store_exec(st, "UPDATE card SET directory=? WHERE id=?",
	    "ii", directory, card);

	return store_changed(rc);
}

/* ---- runs */

const char *
sync_state_name(enum sync_state state)
{
	static const char *const names[] = { "none", "running", "done",
	    "stopped", "failed", "cancelled" };

	return state <= SYNC_CANCELLED ? names[state] : "unknown";
}

int
store_sync_run_set(struct store *st, const struct sync_run *r)
{
	const struct sync_counts *n = &r->n;
	char counts[240];
	int rc;

	snprintf(counts, sizeof counts, "%lld %lld %lld %lld %lld %lld %lld "
	    "%lld %lld %lld", (long long)n->listed, (long long)n->added,
	    (long long)n->changed, (long long)n->unchanged,
	    (long long)n->disabled, (long long)n->deleted,
	    (long long)n->clashes, (long long)n->groups,
	    (long long)n->nameless, (long long)n->unusable);
	rc = store_exec(st, "INSERT INTO sync_run(id,directory,began_ms,"
	    "ended_ms,state,dry,forced,by,words,counts) VALUES(?,?,?,?,?,?,?,"
	    "?,?,?) ON CONFLICT(id) DO UPDATE SET ended_ms=excluded.ended_ms,"
	    "state=excluded.state,words=excluded.words,counts=excluded.counts",
	    "iiiiiiittt", r->id, r->directory, r->began_ms, r->ended_ms,
	    (int64_t)r->state, (int64_t)r->dry, (int64_t)r->forced, r->by,
	    r->words, counts);
	return rc < 0 ? rc : 0;
}

#define RUN "id,directory,began_ms,ended_ms,state,dry,forced,by,words,counts"

static void
counts_read(const char *s, struct sync_counts *n)
{
	int64_t *const at[] = { &n->listed, &n->added, &n->changed,
	    &n->unchanged, &n->disabled, &n->deleted, &n->clashes, &n->groups,
	    &n->nameless, &n->unusable };
	char *end;

	for (size_t i = 0; i < sizeof at / sizeof at[0]; i++, s = end)
		*at[i] = strtoll(s, &end, 10);
}

static void
run_from_row(sqlite3_stmt *q, struct sync_run *r)
{
	char counts[240];

	memset(r, 0, sizeof *r);
	r->id = col_int(q, 0);
	r->directory = col_int(q, 1);
	r->began_ms = col_int(q, 2);
	r->ended_ms = col_int(q, 3);
	r->state = (enum sync_state)col_int(q, 4);
	r->dry = col_int(q, 5) != 0;
	r->forced = col_int(q, 6) != 0;
	col_text(q, 7, r->by, sizeof r->by);
	col_text(q, 8, r->words, sizeof r->words);
	col_text(q, 9, counts, sizeof counts);
	counts_read(counts, &r->n);
}

int
store_sync_runs(struct store *st, int64_t directory, int limit,
    store_sync_run row, void *ctx)
{
	sqlite3_stmt *q = store_query(st, "SELECT " RUN " FROM sync_run WHERE"
	    " directory=? ORDER BY id DESC LIMIT ?", "ii", directory,
	    (int64_t)limit);
	struct sync_run r;
	int rc, n = 0;

	while ((rc = store_row(q)) == 1) {
		run_from_row(q, &r);
		n++;
		if (!row(&r, ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : n;
}

int
store_sync_run_get(struct store *st, int64_t id, struct sync_run *out)
{
	sqlite3_stmt *q = store_query(st, "SELECT " RUN " FROM sync_run WHERE"
	    " id=?", "i", id);
	int rc = store_row(q);

	if (rc == 1)
		run_from_row(q, out);
	return store_found(q, rc);
}

int
store_sync_last(struct store *st, int64_t directory, bool done,
    struct sync_run *out)
{
	sqlite3_stmt *q = store_query(st, "SELECT " RUN " FROM sync_run WHERE"
	    " directory=? AND dry=0 AND (state=2 OR ?=0) ORDER BY id DESC"
	    " LIMIT 1", "ii", directory, (int64_t)done);
	int rc = store_row(q);

	if (rc == 1)
		run_from_row(q, out);
	return store_found(q, rc);
}

int
store_sync_cut_off(struct store *st, int64_t now_ms)
{
	int rc = store_exec(st, "UPDATE sync_run SET state=4,ended_ms=?,"
	    "words='releaserd ended during it; the next one goes on'"
	    " WHERE state=1", "i", now_ms);

	return rc < 0 ? rc : 0;
}

int
store_sync_forget(struct store *st, int64_t directory, int keep)
{
	int rc = store_exec(st, "DELETE FROM sync_run WHERE directory=?1 AND"
	    " id NOT IN (SELECT id FROM sync_run WHERE directory=?1 ORDER BY"
	    " id DESC LIMIT ?2) AND id<>ifnull((SELECT max(id) FROM sync_run"
	    " WHERE directory=?1 AND dry=0 AND state=2),0)", "ii", directory,
	    (int64_t)keep);

	if (rc >= 0)
		rc = store_exec(st, "DELETE FROM sync_page WHERE run IN (SELECT"
		    " id FROM sync_run WHERE directory=?1 AND id NOT IN (SELECT"
		    " max(id) FROM sync_run WHERE directory=?1 GROUP BY dry))",
		    "i", directory);
	return rc < 0 ? rc : 0;
}

int
store_sync_page_put(struct store *st, int64_t run, int kind, int64_t page,
    const char *text)
{
	return store_do(st, "INSERT INTO sync_page(run,kind,page,text)"
	    " VALUES(?,?,?,?)", "iiit", run, (int64_t)kind, page, text);
}

int
store_sync_page_get(struct store *st, int64_t run, int kind,
    int64_t page, char **text)
{
	sqlite3_stmt *q = store_query(st, "SELECT text FROM sync_page WHERE"
	    " run=? AND kind=? AND page=?", "iii", run, (int64_t)kind, page);
	int rc = store_row(q);
	const unsigned char *s = rc == 1 ? sqlite3_column_text(q, 0) : NULL;

	*text = NULL;
	if (rc == 1 && (*text = strdup(s != NULL ? (const char *)s : "")) ==
	    NULL)
		rc = -REL_E_NOMEM;
	return store_found(q, rc);
}
