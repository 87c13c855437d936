/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/log.h"
#include "releaserd/core/store_priv.h"

#define BUSY_MS 20	/* core does not wait for other programs */

static int
store_code(int rc)
{
	switch (rc & 0xff) {
	case SQLITE_CONSTRAINT:
		return REL_E_EXISTS;
	case SQLITE_FULL:
		return REL_E_FULL;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return REL_E_PEER;
	case SQLITE_NOMEM:
		return REL_E_NOMEM;
	default:
		return REL_E_IO;
	}
}

static int
store_fail(struct store *st, int rc, const char *what)
{
	int code = store_code(rc);

	if (code != REL_E_EXISTS)
		rel_log(REL_ERROR, "database", "what=\"%.60s\" why=\"%s\"",
		    what, sqlite3_errmsg(st->db));
	return -code;
}

static int
store_script(struct store *st, const char *sql, struct rel_err *err)
{
	int rc = sqlite3_exec(st->db, sql, NULL, NULL, NULL);

	if (rc != SQLITE_OK)
		return rel_err_set(err, store_code(rc), "database: %s",
		    sqlite3_errmsg(st->db));
	return 0;
}

int
store_open(struct store **out, const char *path, struct rel_err *err)
{
	struct store *st = calloc(1, sizeof *st);
	int rc;

	if (st == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	rc = sqlite3_open_v2(path, &st->db, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
	if (rc != SQLITE_OK) {
		rc = rel_err_set(err, REL_E_IO, "cannot open %s: %s", path,
		    st->db != NULL ? sqlite3_errmsg(st->db) : "no memory");
		store_close(&st);
		return rc;
	}
	sqlite3_busy_timeout(st->db, BUSY_MS);
	sqlite3_extended_result_codes(st->db, 1);
	rc = store_script(st,
	    "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;"
	    "PRAGMA foreign_keys=ON;PRAGMA secure_delete=ON;"
	    "PRAGMA temp_store=MEMORY;PRAGMA cache_size=-32768;"
	    "PRAGMA mmap_size=268435456;PRAGMA journal_size_limit=67108864;",
	    err);
	if (rc < 0 || (rc = store_migrate(st, err)) < 0) {
		store_close(&st);
		return rc;
	}
	*out = st;
	return 0;
}

void
store_close(struct store **stp)
{
	struct store *st = *stp;

	*stp = NULL;
	if (st == NULL)
		return;
	for (size_t i = 0; i < st->nkept; i++)
		sqlite3_finalize(st->kept[i].stmt);
	free(st->kept);
	sqlite3_close(st->db);
	free(st);
}

/* ---- statements */

static bool
is_write(const char *sql, const char *table)
{
	return strncmp(sql, "SELECT", 6) != 0 && strstr(sql, table) != NULL;
}

static struct prepared *
store_prepare_kept(struct store *st, const char *sql)
{
	sqlite3_stmt *stmt;

	for (size_t i = 0; i < st->nkept; i++)
		if (st->kept[i].sql == sql)
			return &st->kept[i];
	if (st->nkept == st->room) {
		size_t room = st->room > 0 ? st->room * 2 : 32;
		void *p = realloc(st->kept, room * sizeof *st->kept);

		if (p == NULL)
			return NULL;
		st->kept = p;
		st->room = room;
	}
	if (sqlite3_prepare_v3(st->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
	    &stmt, NULL) != SQLITE_OK) {
		store_fail(st, SQLITE_ERROR, sql);
		return NULL;
	}
	st->kept[st->nkept].sql = sql;
	st->kept[st->nkept].access = is_write(sql, "access");
	st->kept[st->nkept].groups = is_write(sql, "group_member");
	st->kept[st->nkept].stmt = stmt;
	return &st->kept[st->nkept++];
}

static sqlite3_stmt *
store_prepare(struct store *st, const char *sql)
{
	const struct prepared *p = store_prepare_kept(st, sql);

	return p != NULL ? p->stmt : NULL;
}

/* how: SQLITE_STATIC when what is bound stays until the statement is done. */
static void
store_bind(sqlite3_stmt *q, sqlite3_destructor_type how, const char *fmt,
    va_list ap)
{
	int at = 1;

	for (; *fmt != '\0'; fmt++, at++) {
		if (*fmt == 'i') {
			sqlite3_bind_int64(q, at, va_arg(ap, int64_t));
		} else if (*fmt == 't') {
			sqlite3_bind_text(q, at, va_arg(ap, const char *), -1,
			    how);
		} else {
			const void *p = va_arg(ap, const void *);
			size_t n = va_arg(ap, size_t);

			if (p == NULL)
				sqlite3_bind_null(q, at);
			else
				sqlite3_bind_blob64(q, at, p, n, how);
		}
	}
}

void
store_done(sqlite3_stmt *q)
{
	if (q == NULL)
		return;
	sqlite3_reset(q);
	sqlite3_clear_bindings(q);
}

int
store_found(sqlite3_stmt *q, int rc)
{
	store_done(q);
	return rc == 1 ? 0 : rc == 0 ? -REL_E_NOTFOUND : rc;
}

int
store_changed(int rc)
{
	return rc < 0 ? rc : rc == 0 ? -REL_E_NOTFOUND : 0;
}

static int
exec(struct store *st, const char *sql, const char *fmt, va_list ap)
{
	const struct prepared *p = store_prepare_kept(st, sql);
	sqlite3_stmt *q = p != NULL ? p->stmt : NULL;
	int rc;

	/* When a disk is full SQLite ends the transaction by itself; what
	 * comes after it must not stand alone. */
	if (q == NULL || !st->open || sqlite3_get_autocommit(st->db) != 0)
		return -REL_E_IO;
	st->changes.access += p->access;
	st->changes.groups += p->groups;
	store_bind(q, SQLITE_STATIC, fmt, ap);
	rc = sqlite3_step(q);
	rc = rc == SQLITE_DONE || rc == SQLITE_ROW ? sqlite3_changes(st->db) :
	    store_fail(st, rc, sql);
	store_done(q);
	return rc;
}

int
store_exec(struct store *st, const char *sql, const char *fmt, ...)
{
	va_list ap;
	int rc;

	va_start(ap, fmt);
	rc = exec(st, sql, fmt, ap);
	va_end(ap);
	return rc;
}

int
store_do(struct store *st, const char *sql, const char *fmt, ...)
{
	va_list ap;
	int rc;

	va_start(ap, fmt);
	rc = exec(st, sql, fmt, ap);
	va_end(ap);
	return rc < 0 ? rc : 0;
}

sqlite3_stmt *
store_query(struct store *st, const char *sql, const char *fmt, ...)
{
	sqlite3_stmt *q = store_prepare(st, sql);
	va_list ap;

	if (q == NULL)
		return NULL;
	va_start(ap, fmt);
	store_bind(q, SQLITE_TRANSIENT, fmt, ap);
	va_end(ap);
	return q;
}

int
store_row(sqlite3_stmt *q)
{
	int rc;

	if (q == NULL)
		return -REL_E_IO;
	rc = sqlite3_step(q);
	if (rc == SQLITE_ROW)
		return 1;
	if (rc == SQLITE_DONE)
		return 0;
	rel_log(REL_ERROR, "database", "why=\"%s\"",
	    sqlite3_errmsg(sqlite3_db_handle(q)));
	return -store_code(rc);
}

int
store_number(struct store *st, const char *sql, int64_t *out, const char *fmt,
    ...)
{
	sqlite3_stmt *q = store_prepare(st, sql);
	va_list ap;
	int rc;

	*out = 0;
	if (q == NULL)
		return -REL_E_IO;
	va_start(ap, fmt);
	store_bind(q, SQLITE_TRANSIENT, fmt, ap);
	va_end(ap);
	if ((rc = store_row(q)) == 1)
		*out = sqlite3_column_int64(q, 0);
	store_done(q);
	return rc < 0 ? rc : 0;
}

void
col_text(sqlite3_stmt *q, int col, char *out, size_t size)
{
	const unsigned char *p = sqlite3_column_text(q, col);
	size_t n = p != NULL ? strlen((const char *)p) : 0;

	if (n >= size)
		n = size - 1;
	if (n > 0)
		memcpy(out, p, n);
	out[n] = '\0';
}

void
col_blob(sqlite3_stmt *q, int col, void *out, size_t n)
{
	const void *p = sqlite3_column_blob(q, col);

	if (p != NULL && sqlite3_column_bytes(q, col) == (int)n)
		memcpy(out, p, n);
	else
		memset(out, 0, n);
}

size_t
col_bytes(sqlite3_stmt *q, int col, void *out, size_t size)
{
	const void *p = sqlite3_column_blob(q, col);
	size_t n = (size_t)sqlite3_column_bytes(q, col);

	memset(out, 0, size);
	if (p == NULL || n > size)
		return 0;
	memcpy(out, p, n);
	return n;
}

int64_t
col_int(sqlite3_stmt *q, int col)
{
	return sqlite3_column_int64(q, col);
}

/* ---- transactions */

bool
store_is_open(const struct store *st)
{
	return st->open;
}

int
store_begin(struct store *st, struct rel_err *err)
{
	int rc = store_script(st, "BEGIN IMMEDIATE", err);

	st->open = rc == 0;
	return rc;
}

int
store_commit(struct store *st, struct rel_err *err)
{
	int rc = store_script(st, "COMMIT", err);

	if (rc < 0)
		store_rollback(st);
	st->open = false;
	return rc;
}

void
store_rollback(struct store *st)
{
	struct rel_err ignored;

	if (sqlite3_get_autocommit(st->db) == 0)
		(void)store_script(st, "ROLLBACK", &ignored);
	st->changes.access++;
	st->changes.groups++;
	st->open = false;
}
