/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Security templates. */
#include "releaserd/core/store_template.h"

#include <string.h>

#include "releaserd/core/store_priv.h"

#define TEMPLATE "id,key,name,each,blocks,groups,changed_ms,by"

static void
template_from_row(sqlite3_stmt *q, struct template_row *r)
{
	memset(r, 0, sizeof *r);
	r->id = col_int(q, 0);
	col_text(q, 1, r->key, sizeof r->key);
	col_text(q, 2, r->name, sizeof r->name);
	r->all = col_int(q, 3) != 0;
	col_text(q, 4, r->blocks, sizeof r->blocks);
	col_text(q, 5, r->groups, sizeof r->groups);
	r->changed_ms = col_int(q, 6);
	col_text(q, 7, r->by, sizeof r->by);
}

int
store_template_set(struct store *st, const struct template_row *r)
{
	return store_do(st, "INSERT INTO template(" TEMPLATE ")"
	    " VALUES(?,?,?,?,?,?,?,?) ON CONFLICT(id) DO UPDATE SET"
	    " each=excluded.each,blocks=excluded.blocks,"
	    "groups=excluded.groups,changed_ms=excluded.changed_ms,"
	    "by=excluded.by", "ittittit", r->id, r->key, r->name,
	    (int64_t)r->all, r->blocks, r->groups, r->changed_ms, r->by);
}

int
store_template_del(struct store *st, int64_t id)
{
	return store_changed(store_exec(st, "DELETE FROM template WHERE id=?",
	    "i", id));
}

int
store_template_get(struct store *st, int64_t id, struct template_row *r)
{
	sqlite3_stmt *q = store_query(st, "SELECT " TEMPLATE " FROM template"
	    " WHERE id=?", "i", id);
	int rc = store_row(q);

	if (rc == 1)
		template_from_row(q, r);
	return store_found(q, rc);
}

int
store_template_list(struct store *st, store_template_row row, void *ctx)
{
	sqlite3_stmt *q = store_query(st, "SELECT " TEMPLATE " FROM template"
	    " ORDER BY key", "");
	struct template_row r;
	int rc;

	while ((rc = store_row(q)) == 1) {
		template_from_row(q, &r);
		if (!row(&r, ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : 0;
}
