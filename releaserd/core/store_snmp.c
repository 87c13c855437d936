/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/core/store_snmp.h"

#include <string.h>

#include "releaserd/core/store_priv.h"

#define SNMP_COLUMNS "id,key,name,pos,kind,version,auth,priv,user,context," \
	"ranges,secret,changed_ms,by"

int
store_snmp_set(struct store *st, const struct snmp_row *r)
{
	return store_do(st, "INSERT INTO snmp_access(" SNMP_COLUMNS ")"
	    " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT(id) DO UPDATE"
	    " SET pos=excluded.pos,kind=excluded.kind,"
	    "version=excluded.version,auth=excluded.auth,priv=excluded.priv,"
	    "user=excluded.user,context=excluded.context,"
	    "ranges=excluded.ranges,secret=excluded.secret,"
	    "changed_ms=excluded.changed_ms,by=excluded.by", "ittiiiiitttbit",
	    r->id, r->key, r->name, r->pos, r->kind, r->version, r->auth,
	    r->priv, r->user, r->context, r->ranges,
	    (const void *)r->secret, r->secret_len, r->changed_ms, r->by);
}

int
store_snmp_del(struct store *st, int64_t id)
{
	int rc = store_exec(st, "UPDATE device SET snmp=0 WHERE snmp=?", "i",
	    id);

	if (rc >= 0)
		rc = store_exec(st, "DELETE FROM snmp_access WHERE id=?", "i",
		    id);
	return store_changed(rc);
}

static void
snmp_from_row(sqlite3_stmt *q, struct snmp_row *r)
{
	memset(r, 0, sizeof *r);
	r->id = col_int(q, 0);
	col_text(q, 1, r->key, sizeof r->key);
	col_text(q, 2, r->name, sizeof r->name);
	r->pos = col_int(q, 3);
	r->kind = col_int(q, 4);
	r->version = col_int(q, 5);
	r->auth = col_int(q, 6);
	r->priv = col_int(q, 7);
	col_text(q, 8, r->user, sizeof r->user);
	col_text(q, 9, r->context, sizeof r->context);
	col_text(q, 10, r->ranges, sizeof r->ranges);
	r->secret_len = col_bytes(q, 11, r->secret, sizeof r->secret);
	r->changed_ms = col_int(q, 12);
	col_text(q, 13, r->by, sizeof r->by);
}

int
store_snmp_list(struct store *st, store_snmp_row row, void *ctx)
{
	sqlite3_stmt *q = store_query(st, "SELECT " SNMP_COLUMNS
	    " FROM snmp_access ORDER BY pos,key", "");
	struct snmp_row r;
	int rc;

	while ((rc = store_row(q)) == 1) {
		snmp_from_row(q, &r);
		if (!row(&r, ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : 0;
}
