/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef RECORD_H
#define RECORD_H

#include "releaserd/core/core.h"
#include "releaserd/core/store_money.h"

/*
 * Usage records: a device of OPDP level 3 says what came out (doc/opdp.md).
 * Each is counted once, whatever way and how often it comes, and what it means
 * for pages and money happens in the transaction that keeps it.
 */
void usage_push(struct core *c, const struct request *rq, struct asker *a);

/*
 * One record of a log (device, epoch), in the open transaction: 1 it is new,
 * 0 it was here before, or an error of the store.
 */
int record_take(struct core *c, const char *device_id, const char *epoch,
    const struct req_record *r);

/* What came, whatever way. In the open transaction; 0 or an error. */
struct usage_taken {
	const char *device_id, *epoch;
	const struct req_record *records;
	size_t n;
	int64_t oldest;			/* the device has none before */
	bool gone;			/* what is not here before it never comes, */
	int64_t begins;			/* from here on */
	int64_t acked;			/* out: all up to here is here */
	int64_t last;			/* out: the largest number there was */
	unsigned fresh;			/* out: so many were new */
};
int usage_take(struct core *c, struct usage_taken *t);

/* usage_pull.c: fetch records of devices that can be asked. */
int usage_pull_init(struct core *c);
void usage_pull_tick(struct core *c);

/* Has the device more records than are here? */
bool usage_wanted(struct core *c, const char *device_id, const char *epoch,
    int64_t last_seq);

/* What is known of the present release of j; n is 0 when nothing is. */
int record_sum_of(struct core *c, const struct job *j,
    struct record_sum *out);

/*
 * In the open transaction: `now` is what came out of j.  was: the same as it
 * was before (n 0: nothing was known).  0, or an error of the store.
 */
int record_apply(struct core *c, const struct job *j,
    const struct record_sum *was, const struct record_sum *now);

#endif
