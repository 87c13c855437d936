/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_PERIOD_H
#define REL_PERIOD_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Periods that begin at a time of day of this process's time zone (TZ), such
 * as the quota of a month that begins on its first day at 6:30.  A time that
 * does not exist on a day, as clocks go forward over it, is the moment at
 * which they do; one that comes twice is the first of the two.  Weeks begin on
 * Monday.  Milliseconds UTC.
 */
enum rel_period {		/* stored: never renumber */
	REL_PERIOD_DAY = 1, REL_PERIOD_WEEK = 2, REL_PERIOD_MONTH = 3,
	REL_PERIOD_YEAR = 4, REL_PERIOD_NEVER = 5
};
const char *rel_period_name(enum rel_period period);	/* "month" */
bool rel_period_parse(enum rel_period *out, const char *name);

/* "06:30" to minutes after midnight, and back; out: 6 bytes. */
bool rel_period_at_parse(int *at_min, const char *text);
void rel_period_at_text(char out[6], int at_min);

/* A period of REL_PERIOD_NEVER began then and never ends. */
#define REL_PERIOD_ONCE 1

/*
 * The moment at which the period began that ms is in, and that at which the
 * next one begins.
 *
 * ms      of the years 1970 to 2400
 * at_min  0..1439
 *
 * start <= ms < next, and next is the start of every moment up to the one
 * behind it.  REL_PERIOD_NEVER: REL_PERIOD_ONCE and INT64_MAX.
 */
int64_t rel_period_start(int64_t ms, enum rel_period period, int at_min);
int64_t rel_period_next(int64_t ms, enum rel_period period, int at_min);

/* How many periods began after `after` and not after ms; at most max. */
int rel_period_count(int64_t after, int64_t ms, enum rel_period period,
    int at_min, int max);

#endif
