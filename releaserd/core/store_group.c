/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Groups of people and of groups. */
#include <stdio.h>

#include "releaserd/core/store_money.h"
#include "releaserd/core/store_priv.h"

#define GROUP \
	"g.key,g.name,g.created_ms,(SELECT count(*) FROM group_member m" \
	" WHERE m.group_key=g.key),g.directory"

static void
group_from_row(sqlite3_stmt *q, struct person_group *g)
{
	col_text(q, 0, g->key, sizeof g->key);
	col_text(q, 1, g->name, sizeof g->name);
	g->created_ms = col_int(q, 2);
	g->members = col_int(q, 3);
	g->directory = col_int(q, 4);
}

int
store_group_get(struct store *st, const char *key, struct person_group *out)
{
	sqlite3_stmt *q = store_query(st, "SELECT " GROUP " FROM person_group g"
	    " WHERE g.key=?", "t", key);
	int rc = store_row(q);

	if (rc == 1)
		group_from_row(q, out);
	return store_found(q, rc);
}

int
store_group_set(struct store *st, const struct person_group *g)
{
	return store_do(st, "INSERT INTO person_group(key,name,created_ms,"
	    "directory) VALUES(?,?,?,?) ON CONFLICT(key) DO UPDATE SET"
	    " name=excluded.name,directory=excluded.directory", "ttii",
	    g->key, g->name, g->created_ms, g->directory);
}

int
store_group_del(struct store *st, const char *key)
{
	int rc = store_exec(st, "DELETE FROM person_group WHERE key=?", "t",
	    key), gone = rc;

	if (rc > 0)
		rc = store_exec(st, "DELETE FROM group_member WHERE"
		    " group_key=?1 OR (member_key=?1 AND is_group=1)", "t",
		    key);
	if (rc >= 0 && gone > 0)
		rc = store_exec(st, "DELETE FROM quota WHERE owner=2 AND"
		    " key=?", "t", key);
	if (rc >= 0 && gone > 0)
		rc = store_exec(st, "DELETE FROM access WHERE who=2 AND"
		    " person=?", "t", key);
	return rc < 0 ? rc : gone == 0 ? -REL_E_NOTFOUND : 0;
}

static int
group_rows(sqlite3_stmt *q, store_group_row row, void *ctx)
{
	struct person_group g;
	int rc, n = 0;

	while ((rc = store_row(q)) == 1) {
		group_from_row(q, &g);
		n++;
		if (!row(&g, ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : n;
}

int
store_group_list(struct store *st, const char *after_key, int limit,
    store_group_row row, void *ctx)
{
	return group_rows(store_query(st, "SELECT " GROUP " FROM person_group g"
	    " WHERE g.key>? ORDER BY g.key LIMIT ?", "ti", after_key,
	    (int64_t)limit), row, ctx);
}

int
store_groups_of(struct store *st, const char *user_key, store_group_row row,
    void *ctx)
{
	return group_rows(store_query(st, UP_FROM_USER "SELECT " GROUP
	    " FROM up JOIN person_group g ON g.key=up.g ORDER BY g.key", "t",
	    user_key), row, ctx);
}

int
store_group_has(struct store *st, const char *group_key,
    const char *user_key)
{
	int64_t n;
	int rc = store_number(st, UP_FROM_USER
	    "SELECT EXISTS (SELECT 1 FROM up WHERE g=?2)", &n, "tt", user_key,
	    group_key);

	return rc < 0 ? rc : n != 0;
}

/* ---- members */

/* Is `inner` the same as, or a group somewhere around, `outer`? */
static int
group_is_around(struct store *st, const char *inner, const char *outer)
{
	int64_t n;
	int rc = store_number(st, "WITH RECURSIVE up(g) AS (SELECT ?1 UNION"
	    " SELECT m.group_key FROM up JOIN group_member m"
	    " ON m.member_key=up.g AND m.is_group=1)"
	    " SELECT EXISTS (SELECT 1 FROM up WHERE g=?2)", &n, "tt", outer,
	    inner);

	return rc < 0 ? rc : n != 0;
}

int
store_member_add(struct store *st, const struct group_member *m)
{
	int rc;

	if (m->is_group) {
		rc = group_is_around(st, m->key, m->group);
		if (rc != 0)
			return rc < 0 ? rc : -REL_E_DENIED;
	}
	rc = store_exec(st, "INSERT INTO group_member(group_key,member_key,"
	    "is_group,name) VALUES(?,?,?,?)", "ttit", m->group, m->key,
	    (int64_t)m->is_group, m->name);
	return rc < 0 ? rc : 0;
}

int
store_member_leave(struct store *st, const char *user_key, int64_t directory)
{
	return store_do(st, "DELETE FROM group_member WHERE member_key=?"
	    " AND is_group=0 AND group_key IN (SELECT key FROM person_group"
	    " WHERE directory=?)", "ti", user_key, directory);
}

int
store_member_del(struct store *st, const struct group_member *m)
{
	int rc = store_exec(st, "DELETE FROM group_member WHERE group_key=?"
	    " AND member_key=? AND is_group=?", "tti", m->group, m->key,
	    (int64_t)m->is_group);

	return store_changed(rc);
}

int
store_member_list(struct store *st, const char *group_key,
    const struct group_member *after, int limit, store_member_row row,
    void *ctx)
{
	sqlite3_stmt *q = store_query(st, "SELECT member_key,is_group,name"
	    " FROM group_member WHERE group_key=? AND"
	    " (member_key,is_group)>(?,?) ORDER BY member_key,is_group LIMIT ?",
	    "ttii", group_key, after != NULL ? after->key : "",
	    after != NULL ? (int64_t)after->is_group : (int64_t)-1,
	    (int64_t)limit);
	struct group_member m = { .is_group = false };
	int rc, n = 0;

	snprintf(m.group, sizeof m.group, "%s", group_key);
	while ((rc = store_row(q)) == 1) {
		col_text(q, 0, m.key, sizeof m.key);
		m.is_group = col_int(q, 1) != 0;
		col_text(q, 2, m.name, sizeof m.name);
		n++;
		if (!row(&m, ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : n;
}
