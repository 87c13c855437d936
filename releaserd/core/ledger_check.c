/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Is the ledger right?  All entries are read once, in the order in which they
 * were written, and added up; then each balance is compared.  While that goes
 * on jobs are paid: what was written between two slices is read first.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/money.h"
#include "lib/text.h"
#include "releaserd/core/ledger.h"

#define SPAN 500			/* transfers read at a time */
#define ACCOUNTS_ROWS 500
#define ACCOUNTS_MAX INT64_C(100000000)	/* 2.4 GB of sums: absurd */

struct tally {
	int64_t sum, last;
	uint8_t unit;			/* 0: not looked up yet */
};

enum stage { STAGE_ENTRIES, STAGE_ACCOUNTS, STAGE_DONE };

struct ledger_check {
	struct ledger_checked told;
	enum stage stage;
	struct tally *all;		/* by id of the account */
	int64_t room;
	int64_t account;		/* the last one that was compared */
	int rc;

	/* the span that is read */
	struct store *st;
	int64_t first;
	bool there[SPAN];		/* a transfer of that id is */
	int entries[SPAN];		/* it has so many */
	int64_t sum[MONEY_UNITS + 1], at;
};

struct ledger_check *
ledger_check_new(void)
{
	return calloc(1, sizeof(struct ledger_check));
}

void
ledger_check_free(struct ledger_check **lcp)
{
	if (*lcp != NULL)
		free((*lcp)->all);
	free(*lcp);
	*lcp = NULL;
}

const struct ledger_checked *
ledger_check_told(const struct ledger_check *lc)
{
	return &lc->told;
}

static void finding(struct ledger_check *lc, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static void
finding(struct ledger_check *lc, const char *fmt, ...)
{
	int64_t n = lc->told.wrong++;
	va_list ap;

	if (n >= LEDGER_FINDINGS)
		return;
	va_start(ap, fmt);
	vsnprintf(lc->told.text[n], sizeof lc->told.text[n], fmt, ap);
	va_end(ap);
	rel_text_clean(lc->told.text[n], sizeof lc->told.text[n],
	    lc->told.text[n]);
}

/* "12.30", or a number of sides. */
static const char *
amount_text(char out[REL_MONEY_TEXT], int64_t amount, int unit)
{
	if (unit == UNIT_MONEY)
		rel_money_text(out, amount);
	else
		snprintf(out, REL_MONEY_TEXT, "%lld", (long long)amount);
	return out;
}

/* ---- accounts in memory */

static struct tally *
tally_at(struct ledger_check *lc, int64_t id)
{
	int64_t room = lc->room > 0 ? lc->room : 1024;
	void *p;

	if (id <= 0 || id > ACCOUNTS_MAX)
		return NULL;
	while (room <= id)
		room *= 2;
	if (room > lc->room) {
		p = realloc(lc->all, (size_t)room * sizeof *lc->all);
		if (p == NULL) {
			lc->rc = -REL_E_NOMEM;
			return NULL;
		}
		lc->all = p;
		memset(lc->all + lc->room, 0,
		    (size_t)(room - lc->room) * sizeof *lc->all);
		lc->room = room;
	}
	return &lc->all[id];
}

/* NULL when there is no such account, and that is said. */
static struct tally *
tally_of(struct ledger_check *lc, const struct ledger_entry *e)
{
	struct tally *t = tally_at(lc, e->account);
	struct account a;
	int rc;

	if (t == NULL && lc->rc < 0)
		return NULL;
	if (t != NULL && t->unit != 0)
		return t;
	rc = store_account_by_id(lc->st, e->account, &a);
	if (t != NULL && rc == 0 && a.unit >= 1 && a.unit <= MONEY_UNITS) {
		t->unit = (uint8_t)a.unit;
		return t;
	}
	if (rc < 0 && rc != -REL_E_NOTFOUND)
		lc->rc = rc;
	else
		finding(lc, "transfer %lld moves something at account %lld, "
		    "which is not there or of no unit",
		    (long long)e->transfer, (long long)e->account);
	return NULL;
}

/* ---- entries */

static void
sums_end(struct ledger_check *lc)
{
	char text[REL_MONEY_TEXT];

	for (int u = 1; u <= MONEY_UNITS; u++) {
		if (lc->sum[u] != 0)
			finding(lc, "transfer %lld does not sum to zero: %s "
			    "of %s too much", (long long)lc->at, amount_text(
			    text, lc->sum[u], u), money_unit_name(
			    (enum money_unit)u));
		lc->sum[u] = 0;
	}
}

static bool
check_entry(const struct ledger_entry *e, void *ctx)
{
	struct ledger_check *lc = ctx;
	struct tally *t;

	if (e->transfer != lc->at) {
		sums_end(lc);
		lc->at = e->transfer;
	}
	lc->told.entries++;
	lc->entries[e->transfer - lc->first]++;
	if ((t = tally_of(lc, e)) == NULL)
		return lc->rc == 0;
	if (!rel_money_add(&lc->sum[t->unit], lc->sum[t->unit], e->amount) ||
	    !rel_money_add(&t->sum, t->sum, e->amount))
		finding(lc, "transfer %lld moves more than there can be",
		    (long long)e->transfer);
	if (e->prev != t->last)
		finding(lc, "account %lld: transfer %lld should follow %lld, "
		    "not %lld", (long long)e->account, (long long)e->transfer,
		    (long long)t->last, (long long)e->prev);
	t->last = e->transfer;
	return true;
}

static bool
check_id(int64_t id, void *ctx)
{
	struct ledger_check *lc = ctx;

	lc->there[id - lc->first] = true;
	lc->told.transfers++;
	lc->told.last = id;
	return true;
}

/* The next transfers: 1; 0 when there are none. */
static int
check_span(struct ledger_check *lc)
{
	int64_t end;
	int rc = store_ledger_next(lc->st, lc->told.last, &lc->first);

	if (rc < 0 || lc->first == 0)
		return rc;
	end = lc->first > INT64_MAX - SPAN ? INT64_MAX : lc->first + SPAN - 1;
	memset(lc->there, 0, sizeof lc->there);
	memset(lc->entries, 0, sizeof lc->entries);
	lc->at = 0;
	if ((rc = store_transfer_ids(lc->st, lc->first, end, check_id,
	    lc)) < 0 || (rc = store_entry_list(lc->st, lc->first, end,
	    check_entry, lc)) < 0)
		return rc;
	sums_end(lc);
	for (int i = 0; i <= end - lc->first; i++) {
		long long id = (long long)(lc->first + i);

		if (lc->there[i] && lc->entries[i] < 2)
			finding(lc, "transfer %lld has %d entries", id,
			    lc->entries[i]);
		if (!lc->there[i] && lc->entries[i] > 0)
			finding(lc, "there are entries of transfer %lld, "
			    "which is not there", id);
	}
	if (lc->told.last < end && lc->rc == 0)
		for (int i = 0; i <= end - lc->first; i++)
			if (lc->entries[i] > 0 && lc->first + i > lc->told.last)
				lc->told.last = lc->first + i;
	return lc->rc < 0 ? lc->rc : 1;
}

/* ---- balances */

static bool
check_account(const struct account *a, void *ctx)
{
	struct ledger_check *lc = ctx;
	struct tally *t = tally_at(lc, a->id);
	char has[REL_MONEY_TEXT], sum[REL_MONEY_TEXT];

	lc->account = a->id;
	lc->told.accounts++;
	if (t == NULL) {
		if (lc->rc == 0)
			finding(lc, "there is an account %lld: no such number "
			    "was ever given", (long long)a->id);
		return lc->rc == 0;
	}
	if (t->sum != a->balance)
		finding(lc, "the balance of %s \"%.60s\" (%s, account %lld) "
		    "is %s, its entries sum to %s", account_kind_name(a->kind),
		    a->key, money_unit_name(a->unit), (long long)a->id,
		    amount_text(has, a->balance, (int)a->unit),
		    amount_text(sum, t->sum, (int)a->unit));
	if (t->last != a->last)
		finding(lc, "account %lld: its last transfer is %lld, not "
		    "%lld", (long long)a->id, (long long)t->last,
		    (long long)a->last);
	return true;
}

/* What jobs have set aside is what the accounts of that hold. */
static int
check_reserved(struct ledger_check *lc)
{
	char has[REL_MONEY_TEXT], open[REL_MONEY_TEXT];
	int64_t sum[MONEY_UNITS] = { 0 };
	struct account a;
	int rc = store_reservation_sum(lc->st, sum, &lc->told.reservations);

	for (int u = 1; u <= MONEY_UNITS && rc == 0; u++) {
		rc = store_account_by_id(lc->st, RESERVED_ID(u), &a);
		if (rc == -REL_E_NOTFOUND) {
			finding(lc, "there is no account for what jobs set "
			    "aside of %s", money_unit_name(
			    (enum money_unit)u));
			rc = 0;
		} else if (rc == 0 && a.balance != sum[u - 1]) {
			finding(lc, "%s of %s is set aside, the open "
			    "reservations sum to %s", amount_text(has,
			    a.balance, u), money_unit_name(
			    (enum money_unit)u), amount_text(open, sum[u - 1],
			    u));
		}
	}
	return rc;
}

/* Some accounts, and at their end the reservations: 0 when that was all. */
static int
check_accounts(struct ledger_check *lc)
{
	int n = store_account_scan(lc->st, lc->account, ACCOUNTS_ROWS,
	    check_account, lc);

	if (n < 0 || lc->rc < 0)
		return n < 0 ? n : lc->rc;
	if (n == ACCOUNTS_ROWS)
		return 1;
	return check_reserved(lc);
}

int
ledger_check_step(struct ledger_check *lc, struct store *st, int slice_ms)
{
	int64_t until = rel_mono_ms() + slice_ms;
	int rc;

	lc->st = st;
	if (lc->stage == STAGE_DONE)
		return 0;
	/* What may be rolled back yet is not looked at. */
	if (store_is_open(st))
		return 1;
	do {
		/* What is new comes first, whatever stage it is. */
		if ((rc = check_span(lc)) == 0) {
			lc->stage = STAGE_ACCOUNTS;
			rc = check_accounts(lc);
		}
	} while (rc > 0 && rel_mono_ms() < until);
	if (rc == 0) {
		lc->stage = STAGE_DONE;
		lc->told.done = true;
	}
	return rc;
}
