/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Who may do what where. */
#include "releaserd/core/store_access.h"

#include <string.h>

#include "releaserd/core/store_priv.h"

#define ACCESS "id,function,place,at,who,person,say,template,changed_ms,by"

static int
access_id(struct store *st, struct access_row *r)
{
	return store_number(st, "SELECT id FROM access WHERE function=? AND"
	    " place=? AND at=? AND who=? AND person=?", &r->id, "titit",
	    r->function, (int64_t)r->place, r->at, (int64_t)r->who, r->person);
}

int
store_access_set(struct store *st, struct access_row *r)
{
	int rc = store_exec(st, "INSERT INTO access(function,place,at,who,"
	    "person,say,template,changed_ms,by) VALUES(?,?,?,?,?,?,?,?,?)"
	    " ON CONFLICT(function,place,at,who,person) DO UPDATE SET"
	    " say=excluded.say,template=excluded.template,"
	    "changed_ms=excluded.changed_ms,by=excluded.by", "tititiiit",
	    r->function, (int64_t)r->place, r->at, (int64_t)r->who, r->person,
	    (int64_t)r->say, r->template_id, r->changed_ms, r->by);

	return rc < 0 ? rc : access_id(st, r);
}

int
store_access_del(struct store *st, int64_t id)
{
	return store_changed(store_exec(st, "DELETE FROM access WHERE id=?",
	    "i", id));
}

int
store_access_device_gone(struct store *st, const char *device_id)
{
	return store_do(st, "DELETE FROM access WHERE place=3 AND at=?",
	    "t", device_id);
}

int
store_access_group_moved(struct store *st, const char *from, const char *to)
{
	return store_do(st, "UPDATE access SET at=? WHERE place=2 AND"
	    " at=?", "tt", to, from);
}

int
store_access_list(struct store *st, store_access_row row, void *ctx)
{
	sqlite3_stmt *q = store_query(st, "SELECT " ACCESS " FROM access"
	    " ORDER BY place,at,function,who,person", "");
	struct access_row r;
	int rc;

	while ((rc = store_row(q)) == 1) {
		memset(&r, 0, sizeof r);
		r.id = col_int(q, 0);
		col_text(q, 1, r.function, sizeof r.function);
		r.place = (enum access_place)col_int(q, 2);
		col_text(q, 3, r.at, sizeof r.at);
		r.who = (enum access_who)col_int(q, 4);
		col_text(q, 5, r.person, sizeof r.person);
		r.say = (enum access_say)col_int(q, 6);
		r.template_id = col_int(q, 7);
		r.changed_ms = col_int(q, 8);
		col_text(q, 9, r.by, sizeof r.by);
		if (!row(&r, ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : 0;
}

struct store_changes
store_changes_of(const struct store *st)
{
	return st->changes;
}
