/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef STORE_LOCK_H
#define STORE_LOCK_H

#include "releaserd/core/store.h"

/* Panels that are locked, and releases that wait for it to end. */

/* Locked since then; 0 it is open.  0 or -REL_E_NOTFOUND. */
int store_lock_set(struct store *st, const char *device, int64_t since_ms);

#define LOCK_WAIT_AGAIN 1		/* how: as in struct release_order */
#define LOCK_WAIT_CONFIRM 2
#define LOCK_WAIT_OPERATOR 4

struct lock_wait {
	int64_t job, copies, how, at_ms;
	char device[40], by[84];
};

/* A job waits for its device; the last release of a job is what counts. */
int store_lock_wait(struct store *st, const struct lock_wait *w);
int store_lock_wait_forget(struct store *st, int64_t job);
int store_lock_device_gone(struct store *st, const char *device);
/* At most so many whose device is open now, in their order; n or negative. */
typedef bool (*store_lock_row)(const struct lock_wait *w, void *ctx);
int store_lock_over(struct store *st, int limit, store_lock_row row,
    void *ctx);

#endif
