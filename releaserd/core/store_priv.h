/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef STORE_PRIV_H
#define STORE_PRIV_H

#include <sqlite3.h>

#include "releaserd/core/store_access.h"

/*
 * How store_*.c talk to SQLite.  Every statement is a string literal that is
 * prepared once and kept; its address is the key.
 */
struct store {
	sqlite3 *db;
	bool open;			/* a transaction is */
	struct prepared {
		const char *sql;
		sqlite3_stmt *stmt;
		bool access, groups;	/* it writes such rows */
	} *kept;
	size_t nkept, room;
	struct store_changes changes;
	struct {			/* store_seek.c */
		const struct job_seek *s;	/* while it looks */
		int64_t until_ms;
		unsigned looked;
		bool fits, time_up;
		bool known;		/* its function, to SQLite */
	} seek;
};

/*
 * Run a statement that writes. fmt: i int64_t, t const char * (NULL is NULL),
 * b const void *, size_t. Returns rows changed; -REL_E_EXISTS on a unique
 * clash; -REL_E_FULL, -REL_E_PEER (busy), -REL_E_IO.
 */
int store_exec(struct store *st, const char *sql, const char *fmt, ...);
/* The same where nobody asks how many: 0. */
int store_do(struct store *st, const char *sql, const char *fmt, ...);

/*
 * Start a query; step it with store_row() until that returns 0 or negative.
 * NULL when it cannot be prepared.
 */
sqlite3_stmt *store_query(struct store *st, const char *sql, const char *fmt,
    ...);
int store_row(sqlite3_stmt *q);		/* 1 row; 0 end; negative REL_E_* */
void store_done(sqlite3_stmt *q);	/* NULL is fine */

/* Ends a query of one row after store_row() said rc: 0 when it was there,
 * -REL_E_NOTFOUND when it was not, else rc. */
int store_found(sqlite3_stmt *q, int rc);

/* What store_exec() said of rows that must be there: 0, -REL_E_NOTFOUND when
 * none was changed, else what it said. */
int store_changed(int rc);

/* Columns, copied and always terminated. */
void col_text(sqlite3_stmt *q, int col, char *out, size_t size);
void col_blob(sqlite3_stmt *q, int col, void *out, size_t n);
int64_t col_int(sqlite3_stmt *q, int col);
/* Bytes of any length up to size, into out; how many, 0 when there are more. */
size_t col_bytes(sqlite3_stmt *q, int col, void *out, size_t size);

/* First column of the first row as a number. 0 or negative. */
int store_number(struct store *st, const char *sql, int64_t *out,
    const char *fmt, ...);

/* Before a SELECT: ?1 is a person, up(g) are the keys of all the groups that
 * person is in, each once. */
#define UP_FROM_USER \
	"WITH RECURSIVE up(g) AS (SELECT group_key FROM group_member" \
	" WHERE member_key=?1 AND is_group=0 UNION SELECT m.group_key FROM up" \
	" JOIN group_member m ON m.member_key=up.g AND m.is_group=1) "

/* store_schema.c: to the newest schema; or only up to a step, as an older
 * releaserd would have left it. */
int store_migrate(struct store *st, struct rel_err *err);
int store_migrate_to(struct store *st, int target, struct rel_err *err);

#endif
