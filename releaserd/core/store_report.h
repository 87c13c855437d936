/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef STORE_REPORT_H
#define STORE_REPORT_H

#include "releaserd/core/store_money.h"

/* What is read of many jobs and transfers, for the simulator and reports. */

/* A job that was printed or refused, as far as its record still tells. */
struct recorded {
	struct job job;			/* what matters to rules and prices */
	bool charged;			/* paid and account are known */
	int64_t paid;			/* money, refunds taken off */
	char account[84];		/* key of who paid; "" nobody */
	char papers[REL_PAPERS_TEXT];	/* sides by size of paper; "" */
};

/*
 * Jobs that ended in a span, in order of (ended_ms, id), behind those; also
 * such as were deleted or expired, which the caller passes over.  Returns how
 * many rows were read, at most limit, and remembers the last.
 */
struct recorded_filter {
	int64_t to_ms;
	int64_t ended_ms, id;		/* what was seen last */
};
typedef void (*store_recorded_row)(const struct recorded *r, void *ctx);
int store_recorded(struct store *st, struct recorded_filter *f, int limit,
    store_recorded_row row, void *ctx);

/* Money that a device earned, or gave back: settle, correct, refund. */
struct earned {
	int64_t transfer, at_ms, job, amount;
	enum transfer_kind kind;
	enum settle_source source;
	bool unconfirmed;
	char device_id[84], user_key[84], queue[128];	/* "" not known any more */
	char account[84];		/* key of who paid; "" not known */
};
typedef void (*store_earned_row)(const struct earned *e, void *ctx);

/* Those of the transfers behind `after`, up to and with `last`. */
int store_earned(struct store *st, int64_t after, int64_t last,
    store_earned_row row, void *ctx);

/*
 * A transfer behind which are all that happened from a time on: by halving,
 * as transfers stand in the order of time.  *last is the newest there is.
 */
int store_transfer_since(struct store *st, int64_t from_ms, int64_t *after,
    int64_t *last);

#endif
