/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef CGI_REPORT_H
#define CGI_REPORT_H

#include "cgi/list.h"

/* What the tabs of the reports page have in common (report_view.c). */

#define REPORT_ROWS 200			/* on a page */
#define REPORT_CSV 2000			/* as a table, of the API */

/* One of the choices of a form, what a report is split by, say. */
struct report_by {
	const char *name;		/* as in the API; NULL ends the table */
	const char *words;		/* English msgid */
	const char *title;		/* of its column; NULL: points of time */
	const char *nobody;		/* stands for a name that is empty */
};

/* Which of them a field asks for: the first when it says none. */
const struct report_by *report_by(const struct cgi *c, const char *field,
    const struct report_by *all);

/* The choices into the view, for a select of this name. */
void report_choices(struct cgi *c, const char *field,
    const struct report_by *all, const struct report_by *now);

/*
 * GET path (it has a query) with from and to of the address, which go into the
 * view as list_filters_view() does.
 */
int report_get(struct cgi *c, json_t **out, const char *path);

/* "name" of each row of an answer, for people. */
void report_names(const json_t *answer, const struct report_by *by);

/* The first column of a CSV: a name or a day. */
struct csv_column report_column(const struct report_by *by);

/* Rows as CSV; cut: some are missing.  Returns CGI_ANSWERED or negative. */
int report_csv(struct cgi *c, const struct csv_column *columns,
    const json_t *rows, bool cut);

struct report_plot {
	const char *title, *unit;	/* in the visitor's language */
	struct {
		const char *name, *key;	/* its numbers in the rows */
	} series[2];			/* on each other */
	size_t n;			/* how many */
	bool micro;			/* the numbers are millionths */
	bool amount;			/* of money: 0.50, not 0.5 */
};

/*
 * Into the view as "plot": a bar for each of the first rows of the answer, or,
 * by points of time, for all days, weeks or months from its from to its to.
 */
void report_plot(struct cgi *c, const struct report_plot *p,
    const json_t *answer, const struct report_by *by);

/* A report of rows that are split by something. */
struct report_split {
	const struct report_by *bys;
	const char *member;		/* of the view: the answer */
	int (*get)(struct cgi *c, const struct report_by *by, json_t **out);
	int (*csv)(struct cgi *c, const json_t *answer,
	    const struct report_by *by);	/* as report_csv() */
	void (*plot)(struct cgi *c, const json_t *answer,
	    const struct report_by *by);	/* there are rows */
};

/* The page, or with csv=1 the table; as the get of a page. */
int report_show(struct cgi *c, const struct report_split *r);

/* ---- the tabs: what a request shows, or its CSV */

int report_cost(struct cgi *c);		/* GET /report/cost */
int report_quota(struct cgi *c);	/* of GET /accounts */
int report_environment(struct cgi *c);	/* of GET /usage */

#endif
