/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/core/store_directory.h"

#include <stdlib.h>
#include <string.h>

#include "releaserd/core/store_priv.h"

#define DIRECTORY "id,key,name,pos,text,ca,crl,secret,changed_ms,by,keytab"

void
store_directory_free(struct directory_row *r)
{
	free(r->text);
	free(r->ca);
	free(r->crl);
	free(r->keytab);
	memset(r, 0, sizeof *r);
}

int
store_directory_set(struct store *st, const struct directory_row *r)
{
	return store_do(st, "INSERT INTO directory(" DIRECTORY ")"
	    " VALUES(?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT(id) DO UPDATE SET"
	    " pos=excluded.pos,text=excluded.text,ca=excluded.ca,"
	    "crl=excluded.crl,secret=excluded.secret,"
	    "changed_ms=excluded.changed_ms,by=excluded.by,"
	    "keytab=excluded.keytab", "ittitttbitb",
	    r->id, r->key, r->name, r->pos, r->text, r->ca, r->crl,
	    (const void *)(r->secret_len > 0 ? r->secret : NULL),
	    r->secret_len, r->changed_ms, r->by,
	    (const void *)(r->keytab_len > 0 ? r->keytab : NULL),
	    r->keytab_len);
}

int
store_directory_del(struct store *st, int64_t id)
{
	int rc = store_exec(st, "DELETE FROM sync_run WHERE directory=?", "i",
	    id);

	if (rc >= 0)
		rc = store_exec(st, "DELETE FROM directory WHERE id=?", "i",
		    id);
	return store_changed(rc);
}

static char *
text_of(sqlite3_stmt *q, int col)
{
	const unsigned char *s = sqlite3_column_text(q, col);

	return strdup(s != NULL ? (const char *)s : "");
}

/* -REL_E_NOMEM, and r has nothing that is owned. */
static int
from_row(sqlite3_stmt *q, struct directory_row *r)
{
	memset(r, 0, sizeof *r);
	r->id = col_int(q, 0);
	col_text(q, 1, r->key, sizeof r->key);
	col_text(q, 2, r->name, sizeof r->name);
	r->pos = col_int(q, 3);
	r->text = text_of(q, 4);
	r->ca = text_of(q, 5);
	r->crl = text_of(q, 6);
	r->secret_len = col_bytes(q, 7, r->secret, sizeof r->secret);
	r->changed_ms = col_int(q, 8);
	col_text(q, 9, r->by, sizeof r->by);
	r->keytab_len = (size_t)sqlite3_column_bytes(q, 10);
	if ((r->keytab = malloc(r->keytab_len + 1)) != NULL)
		col_blob(q, 10, r->keytab, r->keytab_len);
	if (r->text != NULL && r->ca != NULL && r->crl != NULL &&
	    r->keytab != NULL)
		return 0;
	store_directory_free(r);
	return -REL_E_NOMEM;
}

int
store_directory_list(struct store *st, store_directory_row row, void *ctx)
{
	sqlite3_stmt *q = store_query(st, "SELECT " DIRECTORY
	    " FROM directory ORDER BY pos,key", "");
	struct directory_row r;
	int rc;

	while ((rc = store_row(q)) == 1) {
		bool more;

		if ((rc = from_row(q, &r)) < 0)
			break;
		more = row(&r, ctx);
		store_directory_free(&r);
		if (!more)
			break;
	}
	store_done(q);
	return rc < 0 ? rc : 0;
}
