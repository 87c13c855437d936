/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef ACTIVITY_H
#define ACTIVITY_H

#include "releaserd/core/ledger.h"
#include "releaserd/core/prices.h"
#include "releaserd/core/store_activity.h"
#include "releaserd/functions.h"

/*
 * Copies, scans and faxes: allowed in advance (authorize.c), and paid when a
 * usage record says what came out (activity.c; doc/money.md, "At the device").
 */

/* What a function of a device is to us. */
struct walk_up {
	const char *name;		/* of a record: "fax-send" */
	bool grants;			/* a device may ask for it */
	bool paper;			/* its sides are printed */
	enum function allow, color;
	enum rel_price_for what_for;
};
/* What nobody knows is "other". */
const struct walk_up *walk_up_of(const char *name);

/* "g-..."; and back, 0: it is none. */
void activity_grant_text(char out[24], int64_t id);
int64_t activity_grant_parse(const char *text);
/* The same of an activity itself, "a-...". */
void activity_text(char out[24], int64_t id);
int64_t activity_parse(const char *text);

/* So much of it: what came out, or may. */
struct extent {
	int64_t sides, colour, sheets;
	const char *media;		/* "" unknown */
	const struct rel_papers *papers;	/* or NULL */
};
/*
 * What that costs, by a version of the price list (0: the one that holds).
 * 0, or an error; without a list money is nothing.
 */
int activity_cost(struct core *c, const struct activity *a, int64_t version,
    const struct extent *e, struct rel_cost *cost,
    int64_t amount[MONEY_UNITS]);

/* Who pays by what was chosen ("" nothing), for user_key ("" nobody): into a.
 * NULL, or the problem code; then a says the person. */
const char *activity_payer(struct core *c, struct activity *a,
    const char *account);

/* Which units have an account that counts. 0, or an error of the store. */
int activity_counts(struct core *c, const struct activity *a,
    bool counts[MONEY_UNITS]);

/* Set so much aside; until due_ms. 0, or an error of the store. */
int activity_reserve(struct core *c, const struct activity *a,
    const int64_t amount[MONEY_UNITS], int64_t due_ms);

/*
 * The activity of a record that is no job of ours; made when there is none.
 * In the open transaction. 0, or an error of the store.
 */
int activity_of_record(struct core *c, const char *device_id,
    const struct req_record *r, const struct usage_record *u,
    struct activity *out);

/* A new one, whatever it says of grants and corrections. */
int activity_new(struct core *c, const char *device_id,
    const struct req_record *r, struct activity *a);

/* A record of it was kept: `now` is what came out in all. 0, or an error. */
int activity_counted(struct core *c, struct activity *a,
    const struct req_record *r, const struct record_sum *now);

/* Its grant is over without a record: what was set aside flows back. */
int activity_due(struct core *c, int64_t id);

/* authorize.c: a device asks whether, and how much. */
void authorize(struct core *c, const struct request *rq, struct asker *a);

/* api_activity.c: those of a person, as the local API shows them, the newest;
 * how many, or a broken store. */
int api_activity_of(struct core *c, const char *user_key, int limit,
    json_t *rows);
void api_activity_list(struct core *c, const struct request *rq,
    struct asker *a);
void api_activity_get(struct core *c, const struct request *rq,
    struct asker *a);

#endif
