/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef CHARGE_H
#define CHARGE_H

#include "releaserd/core/ledger.h"
#include "releaserd/core/prices.h"
#include "releaserd/core/quota.h"

/*
 * A job and its money: what it will cost and who pays before it goes out, and
 * what it did cost when that is known (doc/money.md).
 */
struct charge {
	bool priced;			/* cost is known */
	struct rel_cost cost;		/* by the price list that holds */
	enum account_kind kind;		/* who pays */
	char key[84], name[128];
	char members[84];		/* the only group that may say so, or "" */
	int64_t amount[MONEY_UNITS];	/* by unit - 1; of all copies */
	bool counts[MONEY_UNITS];	/* the payer has an account of it */
	struct quota_room room[MONEY_UNITS];	/* what is left before */
};

/*
 * What j would cost at d (NULL: not chosen) and who would pay.  Looks only.
 * 0; -REL_E_NOTFOUND: its account is not there; -REL_E_DENIED: that is closed;
 * other: nobody can tell now.
 */
int charge_estimate(struct core *c, const struct job *j,
    const struct device *d, struct charge *out);

/*
 * May this person charge an account with these members (struct account)?
 * 1 or 0, or an error of the store.
 */
int charge_may(struct core *c, const char *members, const char *user_key);

/*
 * The open shared account or billing code of this name that this person may
 * charge; NULL, or the problem code (doc/opdp.md).
 */
const char *charge_account(struct core *c, const char *name,
    const char *user_key, struct account *out);

/*
 * May j go out for this money?  ruled: the rules said who pays, not a person.
 * 0; -REL_E_DENIED and out says why; or the turn is spoilt.
 */
int charge_gate(struct core *c, const struct job *j, const struct device *d,
    bool ruled, struct charge *ch, struct released *out);

/* The job is taken: set its money aside. 0, or an error of the store. */
int charge_take(struct core *c, const struct job *j, const struct charge *ch);

/*
 * In the transaction that ends a transfer: what was set aside is paid, flows
 * back, or waits.  n and copies are what went to the device.  0, or an error
 * of the store.
 */
int charge_ended(struct core *c, const struct job *j, enum job_state to,
    const struct job_count *n, int64_t copies);

/*
 * A device says what came out of j (n, all copies; its record is written down
 * already), and source how it knows: that is paid, or what was paid is
 * corrected.  As charge_ended().
 */
int charge_record(struct core *c, const struct job *j,
    const struct job_count *n, enum settle_source source);

/* Reservations nobody answered for are settled by estimate. */
void charge_tick(struct core *c);

/*
 * charge_json.c: what j costs or did cost, for the local API; device NULL: none
 * is chosen.  null while nothing has a price.
 */
json_t *charge_json(struct core *c, const struct job *j,
    const struct device *d);

/* "1.20 EUR", "24 colour sides" in English. size >= 64. */
void charge_amount_text(const struct core *c, enum money_unit unit,
    int64_t amount, char *out, size_t size);

#endif
