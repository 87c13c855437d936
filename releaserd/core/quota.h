/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef QUOTA_H
#define QUOTA_H

#include "releaserd/core/core.h"
#include "releaserd/core/store_money.h"

/*
 * Who may spend how much (doc/money.md).  A user's own quota wins, else that
 * of the groups (nested ones too) with the largest amount, else everybody's.
 * A shared account has its own or none; other accounts have none.
 */

/* 0; -REL_E_NOTFOUND: no quota, so there is no limit. */
int quota_of(struct store *st, enum account_kind kind, const char *key,
    enum money_unit unit, struct quota *out);

/* What an account may spend now. */
struct quota_room {
	bool limited;			/* else only `spent` says something */
	bool exceed;			/* the last job may go beyond it */
	int64_t left;			/* balance, with a refill that is due */
	int64_t amount;			/* of a period */
	int64_t next_ms;		/* when the next begins; INT64_MAX never */
	struct quota quota;		/* whose it is, when limited */
};

/*
 * Looks only, so that pages and panels can ask: a refill that is due is in
 * `left` already.  An account that nobody has used yet is there all the same.
 */
int quota_room(struct store *st, enum account_kind kind, const char *key,
    enum money_unit unit, int64_t now_ms, struct quota_room *out);

/* Does it fit?  What the unit does not limit does. */
bool quota_fits(const struct quota_room *room, int64_t amount);

/*
 * Write down a refill that is due: before an account pays, in the open
 * transaction.  Once a period, whatever the clock does.
 */
int quota_refill(struct store *st, enum account_kind kind, const char *key,
    enum money_unit unit, int64_t now_ms);

/* Each second: accounts nobody looks at, a few at a time. */
void quota_tick(struct core *c);
/* Quotas or groups were changed: look at all accounts again soon. */
void quota_changed(struct core *c);
void quota_fini(struct core *c);

#endif
