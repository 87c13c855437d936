/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef WHEN_H
#define WHEN_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Points in time as people ask for them.  Days are those of the server's own
 * time zone.  Milliseconds UTC.
 */

/*
 * "2026-11-20T09:15:00Z" (RFC 3339: fraction and offset as well), or a day,
 * "2026-11-20": its first moment, or with `end` that of the day after.
 * Never negative.  False when text is neither or not in 1970..2199.
 */
bool when_parse(int64_t *ms, const char *text, bool end);

enum when_by { WHEN_HOUR, WHEN_DAY, WHEN_WEEK, WHEN_MONTH, WHEN_ALL };
bool when_by_parse(enum when_by *by, const char *word);
const char *when_by_name(enum when_by by);

/*
 * The first moment of the hour, day, week (from Monday) or month that ms is
 * in; and of the one n behind or (negative) before it.  WHEN_ALL: 0.
 */
int64_t when_start(int64_t ms, enum when_by by);
int64_t when_step(int64_t start_ms, enum when_by by, int n);

#endif
