/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Accounts, transfers and their entries, as the database has them. */
#include <stdio.h>
#include <string.h>

#include "releaserd/core/store_money.h"
#include "releaserd/core/store_priv.h"

static const char *const unit_names[] = { NULL, "money", "colour", "mono" };
static const char *const account_names[] = { NULL, "user", "shared", "code",
	"device", "reserved", "bank", "unassigned" };
static const char *const transfer_names[] = { NULL, "grant", "refill",
	"reserve", "settle", "cancel", "refund", "correct" };
static const char *const source_names[] = { NULL, "device", "ipp",
	"snmp-delta", "estimate" };

#define COUNT(names) (sizeof names / sizeof names[0])

static const char *
name_at(const char *const *names, size_t count, int i)
{
	return i > 0 && (size_t)i < count ? names[i] : "none";
}

static int
name_find(const char *const *names, size_t count, const char *name)
{
	for (size_t i = 1; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return (int)i;
	return 0;
}

const char *
money_unit_name(enum money_unit unit)
{
	return name_at(unit_names, COUNT(unit_names), (int)unit);
}

int
money_unit_of(const char *name)
{
	return name_find(unit_names, COUNT(unit_names), name);
}

const char *
account_kind_name(enum account_kind kind)
{
	return name_at(account_names, COUNT(account_names), (int)kind);
}

int
account_kind_of(const char *name)
{
	return name_find(account_names, COUNT(account_names), name);
}

const char *
transfer_kind_name(enum transfer_kind kind)
{
	return name_at(transfer_names, COUNT(transfer_names), (int)kind);
}

const char *
settle_source_name(enum settle_source source)
{
	return name_at(source_names, COUNT(source_names), (int)source);
}

/* ---- accounts */

#define ACCOUNT \
	"id,kind,unit,key,name,balance,last,refilled_ms,created_ms,closed," \
	"members"

static void
account_from_row(sqlite3_stmt *q, struct account *a)
{
	a->id = col_int(q, 0);
	a->kind = (enum account_kind)col_int(q, 1);
	a->unit = (enum money_unit)col_int(q, 2);
	col_text(q, 3, a->key, sizeof a->key);
	col_text(q, 4, a->name, sizeof a->name);
	a->balance = col_int(q, 5);
	a->last = col_int(q, 6);
	a->refilled_ms = col_int(q, 7);
	a->created_ms = col_int(q, 8);
	a->closed = col_int(q, 9) != 0;
	col_text(q, 10, a->members, sizeof a->members);
}

/* The first row, and the query is over. */
static int
account_one(sqlite3_stmt *q, struct account *out)
{
	int rc = store_row(q);

	if (rc == 1)
		account_from_row(q, out);
	return store_found(q, rc);
}

int
store_account_get(struct store *st, enum account_kind kind, const char *key,
    enum money_unit unit, struct account *out)
{
	return account_one(store_query(st, "SELECT " ACCOUNT " FROM account"
	    " WHERE kind=? AND key=? AND unit=?", "iti", (int64_t)kind, key,
	    (int64_t)unit), out);
}

int
store_account_by_id(struct store *st, int64_t id, struct account *out)
{
	return account_one(store_query(st, "SELECT " ACCOUNT " FROM account"
	    " WHERE id=?", "i", id), out);
}

int
store_account_add(struct store *st, struct account *a)
{
	int rc = store_exec(st, "INSERT INTO account(kind,unit,key,name,"
	    "balance,last,refilled_ms,created_ms,closed)"
	    " VALUES(?,?,?,?,?,?,?,?,?)", "iittiiiii", (int64_t)a->kind,
	    (int64_t)a->unit, a->key, a->name, a->balance, a->last,
	    a->refilled_ms, a->created_ms, (int64_t)a->closed);

	if (rc < 0)
		return rc;
	a->id = sqlite3_last_insert_rowid(st->db);
	return 0;
}

int
store_account_set(struct store *st, const struct account *a)
{
	int rc = store_exec(st, "UPDATE account SET name=?,closed=?,"
	    "members=? WHERE kind=? AND key=?", "titit", a->name,
	    (int64_t)a->closed, a->members, (int64_t)a->kind, a->key);

	return store_changed(rc);
}

int
store_account_move(struct store *st, const struct account *a)
{
	int rc = store_exec(st, "UPDATE account SET balance=?,last=?"
	    " WHERE id=?", "iii", a->balance, a->last, a->id);

	return rc < 0 ? rc : rc == 0 ? -REL_E_IO : 0;
}

int
store_account_refilled(struct store *st, int64_t id, int64_t period_ms)
{
	int rc = store_exec(st, "UPDATE account SET refilled_ms=?1"
	    " WHERE id=?2 AND refilled_ms<?1", "ii", period_ms, id);

	return rc == 0 ? -REL_E_NOTHELD : rc;
}

static int
account_rows(sqlite3_stmt *q, store_account_row row, void *ctx)
{
	struct account a;
	int rc, n = 0;

	while ((rc = store_row(q)) == 1) {
		account_from_row(q, &a);
		n++;
		if (!row(&a, ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : n;
}

int
store_account_list(struct store *st, const struct account_filter *f,
    store_account_row row, void *ctx)
{
	int64_t kind = f->kind, from = f->after.kind;

	if (from == 0)
		from = kind;
	return account_rows(store_query(st, UP_FROM_USER "SELECT " ACCOUNT
	    " FROM account WHERE (kind,key,unit)>(?2,?3,?4)"
	    " AND (?5=0 OR kind=?5) AND kind<=?6 AND (?7=0 OR unit=?7)"
	    " AND (?1 IS NULL OR (closed=0 AND (members='' OR members IN up)))"
	    " ORDER BY kind,key,unit LIMIT ?8", "titiiiii", f->payer, from,
	    f->after.key, (int64_t)f->after.unit, kind, kind != 0 ? kind : 99,
	    (int64_t)f->unit, (int64_t)f->limit), row, ctx);
}

int
store_account_scan(struct store *st, int64_t after_id, int limit,
    store_account_row row, void *ctx)
{
	return account_rows(store_query(st, "SELECT " ACCOUNT " FROM account"
	    " WHERE id>? ORDER BY id LIMIT ?", "ii", after_id,
	    (int64_t)limit), row, ctx);
}

/* ---- transfers */

#define TRANSFER \
	"t.id,t.kind,t.at_ms,t.job_id,t.source,t.unconfirmed," \
	"t.price_version,t.by,t.text"
#define TRANSFER_COLUMNS 9

static void
transfer_from_row(sqlite3_stmt *q, struct transfer *t)
{
	t->id = col_int(q, 0);
	t->kind = (enum transfer_kind)col_int(q, 1);
	t->at_ms = col_int(q, 2);
	t->job = col_int(q, 3);
	t->source = (enum settle_source)col_int(q, 4);
	t->unconfirmed = col_int(q, 5) != 0;
	t->price_version = col_int(q, 6);
	col_text(q, 7, t->by, sizeof t->by);
	col_text(q, 8, t->text, sizeof t->text);
}

static const char *
or_null(const char *text)
{
	return text[0] != '\0' ? text : NULL;
}

int
store_transfer_add(struct store *st, struct transfer *t)
{
	int rc = store_exec(st, "INSERT INTO transfer(kind,at_ms,job_id,"
	    "source,unconfirmed,price_version,by,text)"
	    " VALUES(?,?,nullif(?,0),?,?,?,?,?)", "iiiiiitt",
	    (int64_t)t->kind, t->at_ms, t->job, (int64_t)t->source,
	    (int64_t)t->unconfirmed, t->price_version, or_null(t->by),
	    or_null(t->text));

	if (rc < 0)
		return rc;
	t->id = sqlite3_last_insert_rowid(st->db);
	return 0;
}

int
store_transfer_get(struct store *st, int64_t id, struct transfer *out)
{
	sqlite3_stmt *q = store_query(st, "SELECT " TRANSFER
	    " FROM transfer t WHERE t.id=?", "i", id);
	int rc = store_row(q);

	if (rc == 1)
		transfer_from_row(q, out);
	return store_found(q, rc);
}

int
store_entry_add(struct store *st, const struct ledger_entry *e)
{
	return store_do(st, "INSERT INTO entry(transfer,account,amount,"
	    "prev) VALUES(?,?,?,?)", "iiii", e->transfer, e->account,
	    e->amount, e->prev);
}

int
store_entry_list(struct store *st, int64_t first, int64_t last,
    store_entry_row row, void *ctx)
{
	sqlite3_stmt *q = store_query(st, "SELECT transfer,account,amount,prev"
	    " FROM entry WHERE transfer BETWEEN ? AND ?"
	    " ORDER BY transfer,account", "ii", first, last);
	struct ledger_entry e;
	int rc, n = 0;

	while ((rc = store_row(q)) == 1) {
		e.transfer = col_int(q, 0);
		e.account = col_int(q, 1);
		e.amount = col_int(q, 2);
		e.prev = col_int(q, 3);
		n++;
		if (!row(&e, ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : n;
}

/* One line of a statement: 1, or 0 when there is none. */
static int
statement_at(struct store *st, int64_t account, int64_t transfer,
    struct statement *s)
{
	sqlite3_stmt *q = store_query(st, "SELECT " TRANSFER ",e.amount,"
	    "e.prev FROM entry e JOIN transfer t ON t.id=e.transfer"
	    " WHERE e.transfer=? AND e.account=?", "ii", transfer, account);
	int rc = store_row(q);

	if (rc == 1) {
		transfer_from_row(q, &s->t);
		s->amount = col_int(q, TRANSFER_COLUMNS);
		s->prev = col_int(q, TRANSFER_COLUMNS + 1);
	}
	store_done(q);
	return rc;
}

int
store_statement(struct store *st, int64_t account, int64_t from_transfer,
    int limit, store_statement_row row, void *ctx)
{
	struct statement s = { .prev = from_transfer };
	int rc, n = 0;

	while (n < limit && s.prev > 0) {
		if ((rc = statement_at(st, account, s.prev, &s)) <= 0)
			return rc < 0 ? rc : n;
		n++;
		if (!row(&s, ctx))
			break;
		if (s.prev >= s.t.id)
			break;		/* damaged: not for ever */
	}
	return n;
}

int
store_job_entries(struct store *st, int64_t job, store_job_entry_row row,
    void *ctx)
{
	sqlite3_stmt *q = store_query(st, "SELECT " TRANSFER ",a.kind,a.unit,"
	    "a.id,e.amount FROM transfer t JOIN entry e ON e.transfer=t.id"
	    " JOIN account a ON a.id=e.account WHERE t.job_id=?"
	    " ORDER BY t.id,e.account", "i", job);
	struct job_entry e;
	int rc, n = 0;

	while ((rc = store_row(q)) == 1) {
		transfer_from_row(q, &e.t);
		e.kind = (enum account_kind)col_int(q, TRANSFER_COLUMNS);
		e.unit = (enum money_unit)col_int(q, TRANSFER_COLUMNS + 1);
		e.account = col_int(q, TRANSFER_COLUMNS + 2);
		e.amount = col_int(q, TRANSFER_COLUMNS + 3);
		n++;
		if (!row(&e, ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : n;
}

/* ---- for those that look at all of it */

int
store_ledger_next(struct store *st, int64_t after, int64_t *id)
{
	return store_number(st, "SELECT ifnull(min(id),0) FROM (SELECT id FROM"
	    " (SELECT id FROM transfer WHERE id>?1 ORDER BY id LIMIT 1)"
	    " UNION ALL SELECT transfer FROM (SELECT transfer FROM entry"
	    " WHERE transfer>?1 ORDER BY transfer LIMIT 1))", id, "i", after);
}

int
store_transfer_ids(struct store *st, int64_t first, int64_t last,
    store_id_row row, void *ctx)
{
	sqlite3_stmt *q = store_query(st, "SELECT id FROM transfer"
	    " WHERE id BETWEEN ? AND ? ORDER BY id", "ii", first, last);
	int rc, n = 0;

	while ((rc = store_row(q)) == 1) {
		n++;
		if (!row(col_int(q, 0), ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : n;
}
