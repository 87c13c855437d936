/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef CGI_USAGE_H
#define CGI_USAGE_H

#include <time.h>

#include "cgi/cgi.h"
#include "cgi/plot.h"

/* What came out (GET /usage), as plots and sums. */

/*
 * Points of time of a report: the first moment of each hour, day, week (from
 * Monday) or month between from and to, as the server's clock has it.
 */
#define USAGE_POINTS 400u

struct usage_axis {
	time_t at[USAGE_POINTS + 1];	/* one more: the end of the last */
	char label[USAGE_POINTS][24];	/* in the visitor's language */
	const char *labels[USAGE_POINTS];	/* for struct plot */
	size_t n;			/* 0: more than fit */
};

/* by: "hour", "day", "week", "month"; from and to RFC 3339. */
void usage_axis_init(struct usage_axis *x, const char *by, const char *from,
    const char *to);
/* Which point the time is in; x->n when in none. */
size_t usage_axis_find(const struct usage_axis *x, const char *at);

/* An RFC 3339 text; false when it is none. */
bool usage_time(time_t *t, const char *text);

/*
 * Pages of a report without groups, black and white and colour on each other,
 * into the view as `name`; its totals as `name`_totals (with two_sided, the
 * share of sheets in percent), and `name`_any: there are some.
 */
void usage_plot(struct cgi *c, const char *name, const char *title,
    const json_t *report);

/* Ask for such a report, path as for cgi_get() with user for its star (or
 * NULL), and usage_plot() it. */
int usage_view(struct cgi *c, const char *name, const char *title,
    const char *path, const char *user);

/* Put two_sided into totals: of 100 sheets so many have two sides. */
void usage_two_sided(json_t *totals);

/* What came out of a job of the API, all copies: out.sides, out.sheets and
 * out.colour into it; nothing when it was not printed or nobody knows. */
void usage_job(json_t *job);

/* In the visitor's language, for struct plot. */
char usage_decimal(void);

/* What people did at a device: "copy" in words (user/activity.c). */
const char *cgi_function_words(const char *function);

#endif
