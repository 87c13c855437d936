/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Quotas: whose, how much, how often. */
#include <string.h>

#include "releaserd/core/store_money.h"
#include "releaserd/core/store_priv.h"

#define QUOTA "owner,key,unit,amount,period,at_min,carry,exceed,set_ms,by"

static const char *const owner_names[] = { NULL, "user", "group", "shared",
	"everybody" };
#define OWNERS ((int)(sizeof owner_names / sizeof owner_names[0]))

const char *
quota_owner_name(enum quota_owner owner)
{
	int i = (int)owner;

	return i > 0 && i < OWNERS ? owner_names[i] : "none";
}

int
quota_owner_of(const char *name)
{
	for (int i = 1; i < OWNERS; i++)
		if (strcmp(owner_names[i], name) == 0)
			return i;
	return 0;
}

static void
quota_from_row(sqlite3_stmt *q, struct quota *out)
{
	out->owner = (enum quota_owner)col_int(q, 0);
	col_text(q, 1, out->key, sizeof out->key);
	out->unit = (enum money_unit)col_int(q, 2);
	out->amount = col_int(q, 3);
	out->period = (int)col_int(q, 4);
	out->at_min = (int)col_int(q, 5);
	out->carry = col_int(q, 6) != 0;
	out->exceed = col_int(q, 7) != 0;
	out->set_ms = col_int(q, 8);
	col_text(q, 9, out->by, sizeof out->by);
}

static int
quota_one(sqlite3_stmt *q, struct quota *out)
{
	int rc = store_row(q);

	if (rc == 1)
		quota_from_row(q, out);
	return store_found(q, rc);
}

int
store_quota_get(struct store *st, enum quota_owner owner, const char *key,
    enum money_unit unit, struct quota *out)
{
	return quota_one(store_query(st, "SELECT " QUOTA " FROM quota"
	    " WHERE owner=? AND key=? AND unit=?", "iti", (int64_t)owner, key,
	    (int64_t)unit), out);
}

int
store_quota_of_groups(struct store *st, const char *user_key,
    enum money_unit unit, struct quota *out)
{
	return quota_one(store_query(st, UP_FROM_USER "SELECT " QUOTA
	    " FROM up CROSS JOIN quota ON owner=2 AND key=up.g"
	    " AND unit=?2 ORDER BY amount DESC,key LIMIT 1", "ti", user_key,
	    (int64_t)unit), out);
}

int
store_quota_set(struct store *st, const struct quota *q)
{
	return store_do(st, "INSERT OR REPLACE INTO quota(" QUOTA ")"
	    " VALUES(?,?,?,?,?,?,?,?,?,?)", "itiiiiiiit", (int64_t)q->owner,
	    q->key, (int64_t)q->unit, q->amount, (int64_t)q->period,
	    (int64_t)q->at_min, (int64_t)q->carry, (int64_t)q->exceed,
	    q->set_ms, q->by);
}

int
store_quota_del(struct store *st, enum quota_owner owner, const char *key,
    enum money_unit unit)
{
	int rc = store_exec(st, "DELETE FROM quota WHERE owner=? AND key=?"
	    " AND unit=?", "iti", (int64_t)owner, key, (int64_t)unit);

	return store_changed(rc);
}

int
store_quota_list(struct store *st, const struct quota *after, int limit,
    store_quota_row row, void *ctx)
{
	sqlite3_stmt *q = store_query(st, "SELECT " QUOTA " FROM quota"
	    " WHERE (owner,key,unit)>(?,?,?) ORDER BY owner,key,unit LIMIT ?",
	    "itii", after != NULL ? (int64_t)after->owner : 0,
	    after != NULL ? after->key : "",
	    after != NULL ? (int64_t)after->unit : 0, (int64_t)limit);
	struct quota one;
	int rc, n = 0;

	while ((rc = store_row(q)) == 1) {
		quota_from_row(q, &one);
		n++;
		if (!row(&one, ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : n;
}

int
store_quota_total(struct store *st, int64_t *n)
{
	return store_number(st, "SELECT count(*) FROM quota", n, "");
}
