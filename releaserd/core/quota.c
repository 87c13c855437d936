/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/core/quota.h"

#include <string.h>

#include "lib/money.h"
#include "lib/period.h"
#include "releaserd/core/ledger.h"

#define PERIODS_MAX 4000		/* that are made up for at once */

/* ---- which quota, and what is due */

int
quota_of(struct store *st, enum account_kind kind, const char *key,
    enum money_unit unit, struct quota *out)
{
	int rc;

	if (kind == ACCOUNT_SHARED)
		return store_quota_get(st, QUOTA_SHARED, key, unit, out);
	if (kind != ACCOUNT_USER)
		return -REL_E_NOTFOUND;
	rc = store_quota_get(st, QUOTA_USER, key, unit, out);
	if (rc == -REL_E_NOTFOUND)
		rc = store_quota_of_groups(st, key, unit, out);
	if (rc == -REL_E_NOTFOUND)
		rc = store_quota_get(st, QUOTA_EVERYBODY, "", unit, out);
	return rc;
}

/* The sum, or the end of what there is. */
static int64_t
add_most(int64_t a, int64_t b)
{
	int64_t sum;

	if (!rel_money_add(&sum, a, b))
		return b > 0 ? INT64_MAX : INT64_MIN;
	return sum;
}

/* What a refill adds; a period that began before the quota was set does not
 * count, but for the one that is now. */
static int64_t
refill_of(const struct quota *q, const struct account *a, int64_t now_ms)
{
	int64_t from = a->refilled_ms, amount;
	int n;

	/* Spent while there was no limit: nothing is owed for that. */
	if (a->refilled_ms == 0 && a->balance < 0)
		return add_most(q->amount, -a->balance);
	if (!q->carry)
		return a->balance > 0 ? q->amount - a->balance : q->amount;
	if (from < q->set_ms)
		from = q->set_ms;
	n = a->refilled_ms == 0 ? 1 : rel_period_count(from, now_ms,
	    (enum rel_period)q->period, q->at_min, PERIODS_MAX);
	if (!rel_money_mul(&amount, q->amount, n > 0 ? n : 1))
		return 0;
	return amount;
}

/* The account as it is, or as it would be; 0 or negative. */
static int
account_now(struct store *st, enum account_kind kind, const char *key,
    enum money_unit unit, struct account *a)
{
	int rc = store_account_get(st, kind, key, unit, a);

	if (rc != -REL_E_NOTFOUND)
		return rc;
	memset(a, 0, sizeof *a);
	a->kind = kind;
	a->unit = unit;
	return 0;
}

int
quota_room(struct store *st, enum account_kind kind, const char *key,
    enum money_unit unit, int64_t now_ms, struct quota_room *out)
{
	struct quota *q = &out->quota;
	struct account a;
	int rc;

	memset(out, 0, sizeof *out);
	out->next_ms = INT64_MAX;
	if ((rc = account_now(st, kind, key, unit, &a)) < 0)
		return rc;
	out->left = a.balance;
	if ((rc = quota_of(st, kind, key, unit, q)) < 0)
		return rc == -REL_E_NOTFOUND ? 0 : rc;
	out->limited = true;
	out->exceed = q->exceed;
	out->amount = q->amount;
	out->next_ms = rel_period_next(now_ms, (enum rel_period)q->period,
	    q->at_min);
	if (a.refilled_ms < rel_period_start(now_ms,
	    (enum rel_period)q->period, q->at_min))
		out->left = add_most(a.balance, refill_of(q, &a, now_ms));
	return 0;
}

bool
quota_fits(const struct quota_room *room, int64_t amount)
{
	if (!room->limited || amount <= 0)
		return true;
	return room->exceed ? room->left > 0 : amount <= room->left;
}

int
quota_refill(struct store *st, enum account_kind kind, const char *key,
    enum money_unit unit, int64_t now_ms)
{
	struct account a;
	struct quota q;
	int64_t start;
	int rc = quota_of(st, kind, key, unit, &q);

	if (rc < 0)
		return rc == -REL_E_NOTFOUND ? 0 : rc;
	start = rel_period_start(now_ms, (enum rel_period)q.period, q.at_min);
	if ((rc = ledger_account(st, kind, key, unit, &a)) < 0)
		return rc == -REL_E_NOTFOUND ? 0 : rc;
	if (a.refilled_ms >= start)
		return 0;
	rc = ledger_refill(st, a.id, refill_of(&q, &a, now_ms), start,
	    now_ms);
	return rc == -REL_E_NOTHELD || rc == -REL_E_LIMIT ? 0 : rc;
}
