/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_RECORDED_H
#define REL_RECORDED_H

#include <jansson.h>

#include "lib/api.h"
#include "lib/replay.h"

/* Recorded jobs of releaserd (GET /api/v1/recorded). */

struct rel_recorded {			/* borrowed for the call */
	struct rel_replay_job j;
	const char *id, *host;
	const char *account;		/* "" nobody paid */
	int64_t cups_job;		/* as cupsd numbers it */
};

/* 0: go on; REL_RECORDED_STOP: no more; below 0: a REL_E_*. */
typedef int (*rel_recorded_row)(const struct rel_recorded *job, void *ctx);
#define REL_RECORDED_STOP 1

/*
 * All that were printed or refused in a span, in the order in which they
 * ended, fetched a page ahead by a process of its own.
 *
 * from, to  as in the API: days or times; NULL: from the first, to the last
 *
 * 0, also when row stopped it; what row said below 0 (without words), or as
 * rel_api_call().
 */
struct rel_recorded_span {
	const char *from, *to;		/* borrowed for the call */
};
int rel_recorded_all(struct rel_api *a, const struct rel_recorded_span *span,
    rel_recorded_row row, void *ctx, struct rel_err *err);

/*
 * One page of rows, as `GET /api/v1/recorded` has it; devices as `GET
 * /api/v1/devices` (may be NULL); both borrowed for the call.  0, what row
 * said else, or -REL_E_FORMAT when a column is missing.  Numbers below 0 are
 * 0, those of pages and copies at most INT32_MAX.
 */
int rel_recorded_page(const json_t *page, const json_t *devices,
    rel_recorded_row row, void *ctx, struct rel_err *err);

#endif
