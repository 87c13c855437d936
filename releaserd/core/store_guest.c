/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/core/store_guest.h"

#include <string.h>

#include "releaserd/core/store_priv.h"

#define GUEST "SELECT g.user_id,u.key,u.name,u.display,u.mail,u.created_ms," \
	"g.host,g.from_ms,g.until_ms,g.state,g.code_mac FROM guest g" \
	" JOIN user u ON u.id=g.user_id"

int
store_guest_set(struct store *st, const struct guest *g)
{
	return store_do(st, "INSERT OR REPLACE INTO guest(user_id,host,"
	    "from_ms,until_ms,code_mac,state) VALUES(?,?,?,?,?,?)", "itiibi",
	    g->user_id, g->host, g->from_ms, g->until_ms,
	    (const void *)g->code_mac, sizeof g->code_mac, (int64_t)g->state);
}

static void
guest_from_row(sqlite3_stmt *q, struct guest *g)
{
	memset(g, 0, sizeof *g);
	g->user_id = col_int(q, 0);
	col_text(q, 1, g->key, sizeof g->key);
	col_text(q, 2, g->name, sizeof g->name);
	col_text(q, 3, g->display, sizeof g->display);
	col_text(q, 4, g->mail, sizeof g->mail);
	g->created_ms = col_int(q, 5);
	col_text(q, 6, g->host, sizeof g->host);
	g->from_ms = col_int(q, 7);
	g->until_ms = col_int(q, 8);
	g->state = (enum guest_state)col_int(q, 9);
	col_blob(q, 10, g->code_mac, sizeof g->code_mac);
}

static int
guest_one(sqlite3_stmt *q, struct guest *out)
{
	int rc = store_row(q);

	if (rc == 1)
		guest_from_row(q, out);
	return store_found(q, rc);
}

int
store_guest_get(struct store *st, const char *key, struct guest *out)
{
	return guest_one(store_query(st, GUEST " WHERE u.key=?", "t", key),
	    out);
}

int
store_guest_of(struct store *st, int64_t user_id, struct guest *out)
{
	return guest_one(store_query(st, GUEST " WHERE g.user_id=?", "i",
	    user_id), out);
}

bool
store_guest_is(struct store *st, int64_t user_id)
{
	struct guest g;

	return store_guest_of(st, user_id, &g) == 0;
}

bool
store_guest_named(struct store *st, const char *key)
{
	struct guest g;

	return store_guest_get(st, key, &g) == 0;
}

int
store_guest_list(struct store *st, const char *host, int64_t after,
    int limit, store_guest_row row, void *ctx)
{
	sqlite3_stmt *q = store_query(st, GUEST " WHERE g.user_id>?1"
	    " AND (?2='' OR g.host=?2) ORDER BY g.user_id LIMIT ?3", "iti",
	    after, host, (int64_t)limit);
	struct guest g;
	int rc, n = 0;

	while ((rc = store_row(q)) == 1) {
		guest_from_row(q, &g);
		n++;
		if (!row(&g, ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : n;
}

int
store_guest_due(struct store *st, int64_t now_ms, struct guest *out)
{
	return guest_one(store_query(st, GUEST " WHERE (g.state<2"
	    " AND g.until_ms<=?1) OR (g.state=0 AND g.from_ms<=?1)"
	    " OR (g.state=2 AND NOT u.disabled) LIMIT 1", "i", now_ms), out);
}

int
store_guest_over(struct store *st, int64_t before_ms, struct guest *out)
{
	return guest_one(store_query(st, GUEST " WHERE g.state=2"
	    " AND g.until_ms<=? LIMIT 1", "i", before_ms), out);
}

int
store_guest_state(struct store *st, const struct guest *g)
{
	int rc = store_exec(st, "UPDATE guest SET state=? WHERE user_id=?",
	    "ii", (int64_t)g->state, g->user_id);

	if (rc >= 0)
		rc = store_exec(st, "UPDATE user SET disabled=? WHERE id=?",
		    "ii", (int64_t)(g->state != GUEST_OPEN), g->user_id);
	return store_changed(rc);
}

int
store_guest_jobs_end(struct store *st, const struct guest *g, int64_t now_ms)
{
	return store_do(st, "UPDATE job SET expires_ms=?1 WHERE"
	    " user_key=?2 AND state IN (1,4) AND expires_ms>?1", "it", now_ms,
	    g->key);
}
