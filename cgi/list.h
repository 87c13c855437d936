/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef CGI_LIST_H
#define CGI_LIST_H

#include "cgi/cgi.h"
#include "cgi/csv_out.h"

/*
 * A list of the API on a page: filters in the address, pages by its cursor,
 * and all of it as CSV.
 */
struct list {
	const char *path;		/* "/jobs?order=newest", with stars */
	const char *star;		/* for the star of path; NULL: none */
	const char *key;		/* of the array: "jobs" */
	const char *const *filters;	/* fields of the form, named as in the
					 * API; from and to are days; ends with
					 * NULL; may be NULL */
	unsigned limit;			/* rows of a page, 1..200 */
	const struct csv_column *columns;	/* NULL: no CSV */
	void (*each)(json_t *row);	/* adds to a row what page and CSV
					 * want; or NULL */
};

/*
 * Put one page of it into the view: KEY, next (cursor or null), after (when
 * this is not the first page), filter.NAME, `filters` ("&user=anna", for the
 * links of pages and CSV), `filtered` (one is set).
 *
 * With csv=1 in the address everything is sent as CSV instead: CGI_ANSWERED.
 * A filter that cannot be is no failure: the page says so above an empty list.
 */
int list_view(struct cgi *c, const struct list *l);

/* Is it "2026-11-20", as a date field sends it? */
bool list_is_day(const char *s);

/* The day so many days ago (0: today), by the server's clock. */
void list_day_ago(char out[16], int ago);

/*
 * Append "&name=value" for each filter that is set; 0, or -REL_E_FORMAT with
 * the field named when a day is none.
 */
int list_filters(struct cgi *c, const char *const *names, struct rel_buf *b);

/*
 * list_filters() into the view as `filters`, `filtered` and filter.NAME;
 * query then holds them (ends with NUL).
 */
int list_filters_view(struct cgi *c, const char *const *names,
    struct rel_buf *query);

/*
 * The page stays, with c->err as its message; c->bad_field says which filter.
 * Returns 0 when the error is one of the filters, else rc.
 */
int list_filter_error(struct cgi *c, int rc);

/* Call fn for each row of a whole list, at most LIST_ALL_MAX. */
#define LIST_ALL_MAX 20000u
typedef void (*list_fn)(json_t *row, void *ctx);
int list_all(struct cgi *c, const char *path, const char *key, list_fn fn,
    void *ctx);

#endif
