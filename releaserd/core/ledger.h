/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef LEDGER_H
#define LEDGER_H

#include "releaserd/core/store_money.h"

/*
 * The only code that moves money (doc/money.md).  Everything here happens in
 * the open transaction (core_write()) and is balanced before it is written.
 *
 * Returns 0; an answer, with plain words in err and nothing moved (an empty
 * account may have come into being):
 * -REL_E_NOTFOUND no such account or job, -REL_E_NOTHELD someone was first,
 * -REL_E_EXISTS it is there already, -REL_E_LIMIT an amount that cannot be,
 * -REL_E_DENIED the account is closed; anything else spoils the turn.
 */

/* Of one transfer and unit: a thousand million money units or sides. */
#define LEDGER_MAX INT64_C(1000000000000000)

/*
 * Who pays for a job, and how much of a unit.  A job here is also what people
 * do at a device, below zero (store_activity.h).
 */
struct ledger_part {
	enum account_kind kind;		/* ACCOUNT_USER, _SHARED, _CODE or
					 * _UNASSIGNED */
	const char *key;		/* NULL: the unit does not count */
	int64_t amount;			/* >= 0 */
};

/* Set aside what a job is going to cost, once a job. */
struct ledger_hold {
	int64_t job, now_ms;
	int64_t due_ms;			/* when an estimate has to do */
	int64_t price_version;
	struct ledger_part part[MONEY_UNITS];	/* by unit - 1 */
};
int ledger_reserve(struct store *st, const struct ledger_hold *h,
    struct rel_err *err);

/* It is known what came out: that is the device's, the rest the payer's. */
struct ledger_result {
	int64_t job, now_ms;
	const char *device_id;
	enum settle_source source;
	bool unconfirmed;
	int64_t price_version;		/* 0: the reservation's */
	int64_t amount[MONEY_UNITS];	/* >= 0, by unit - 1 */
};
int ledger_settle(struct store *st, const struct ledger_result *r,
    struct rel_err *err);

/* Nothing came out. */
int ledger_cancel(struct store *st, int64_t job, int64_t now_ms,
    struct rel_err *err);

/*
 * A better source, or a later record, says what came out of a job that is
 * settled: the difference moves.  What was refunded stays refunded.
 */
int ledger_correct(struct store *st, const struct ledger_result *r,
    struct rel_err *err);

/* Back to the payer, at most what the device has of the job; -1: all of it. */
struct ledger_refund {
	int64_t job, now_ms;
	int64_t amount[MONEY_UNITS];
	const char *by, *text;
};
int ledger_refund(struct store *st, const struct ledger_refund *r,
    struct rel_err *err);

/*
 * A usage record: kept once.  -REL_E_EXISTS when it was here before: then do
 * nothing.  Settle or correct its job in the same transaction.
 */
int ledger_record(struct store *st, const struct usage_record *u,
    struct rel_err *err);

/* From the bank; a negative amount takes back. */
struct ledger_grant {
	enum account_kind kind;
	const char *key;
	enum money_unit unit;
	int64_t amount, now_ms;
	const char *by, *text;
};
int ledger_grant(struct store *st, const struct ledger_grant *g,
    struct rel_err *err);

/*
 * The period of an account's quota that began at period_ms: amount more, or
 * less.  -REL_E_NOTHELD when the account has been refilled then or later.
 */
int ledger_refill(struct store *st, int64_t account, int64_t amount,
    int64_t period_ms, int64_t now_ms);

/*
 * The account of a unit.  A user's, a device's and the unassigned one come into being; shared
 * accounts and codes have to be there (-REL_E_NOTFOUND).
 */
int ledger_account(struct store *st, enum account_kind kind, const char *key,
    enum money_unit unit, struct account *out);

/* How a job stands: per unit, who paid and what the device has of it. */
struct ledger_job {
	bool reserved, settled;
	enum settle_source source;	/* of the last word */
	bool unconfirmed;
	int64_t price_version;
	int64_t payer[MONEY_UNITS], device[MONEY_UNITS];	/* accounts, 0 */
	int64_t set_aside[MONEY_UNITS];
	int64_t paid[MONEY_UNITS];	/* without refunds taken off */
	int64_t refunded[MONEY_UNITS];
};
int ledger_job(struct store *st, int64_t job, struct ledger_job *out);

/* ---- ledger_check.c: is all of it right? */

struct ledger_check;
#define LEDGER_FINDINGS 20		/* so many are told in words */

struct ledger_checked {
	bool done;
	int64_t transfers, entries, accounts, reservations;	/* looked at */
	int64_t last;			/* newest transfer there is */
	int64_t wrong;			/* findings, also those not told */
	char text[LEDGER_FINDINGS][200];	/* plain words */
};

struct ledger_check *ledger_check_new(void);
void ledger_check_free(struct ledger_check **lcp);
/*
 * Look for slice_ms at most; what changes between two slices is looked at
 * too.  Nothing is done while a transaction is open.  1: there is more; 0:
 * done; negative: the database cannot be read.
 */
int ledger_check_step(struct ledger_check *lc, struct store *st,
    int slice_ms);
const struct ledger_checked *ledger_check_told(const struct ledger_check *lc);

#endif
