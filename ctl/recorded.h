/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef RECORDED_H
#define RECORDED_H

#include "ctl/ctl.h"
#include "ctl/replay.h"

/* Recorded jobs of releaserd, and who is in which group. */

struct recorded_job {			/* borrowed for the call */
	struct replay_job j;
	const char *id, *host;
	const char *account;		/* "" nobody paid */
	int64_t cups_job;
};
typedef int (*recorded_row)(const struct recorded_job *job, void *ctx);

/*
 * All that were printed or refused from --from to --to, in the order in which
 * they ended.  0, what row said below 0, or a negative REL_E_*.
 */
int recorded_all(struct ctl *c, recorded_row row, void *ctx);

/*
 * One page of rows, as `GET /api/v1/recorded` has it; devices as `GET
 * /api/v1/devices` (may be NULL).  *n is how many there were.
 */
int recorded_page(struct ctl *c, const json_t *page, const json_t *devices,
    recorded_row row, void *ctx);

/* Groups and their members, nested ones resolved. */
struct group_sets;

/* Ask releaserd for all of them. */
int group_sets_get(struct ctl *c, struct group_sets **out);
void group_sets_free(struct group_sets **gp);

/* From {"GROUP":[{"name","kind"}]}; NULL without memory. */
struct group_sets *group_sets_new(const json_t *members);

/* Of a user: how many, max at most, and their names, in no order. */
size_t group_sets_of(const struct group_sets *g, const char *user,
    const char **names, size_t max);

#endif
