/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "cgi/list.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "lib/text.h"

#define CSV_ROWS_MAX 200000u
#define CSV_PAGE 200u

/* ---- filters */

bool
list_is_day(const char *s)
{
	static const char like[] = "dddd-dd-dd";

	if (strlen(s) != sizeof like - 1)
		return false;
	for (size_t i = 0; i < sizeof like - 1; i++)
		if (like[i] == 'd' ? s[i] < '0' || s[i] > '9' : s[i] != '-')
			return false;
	return true;
}

void
list_day_ago(char out[16], int ago)
{
	time_t t = time(NULL);
	struct tm tm;

	out[0] = '\0';
	if (localtime_r(&t, &tm) == NULL)
		return;
	tm.tm_mday -= ago;
	tm.tm_hour = 12;
	tm.tm_isdst = -1;
	(void)mktime(&tm);
	strftime(out, 16, "%Y-%m-%d", &tm);
}

static bool
is_span(const char *name)
{
	return strcmp(name, "from") == 0 || strcmp(name, "to") == 0;
}

/* What the address says; the form of a failed action has fields of its own. */
static const char *
query_text(const struct cgi *c, const char *name)
{
	for (size_t i = 0; i < c->rq.nquery; i++)
		if (strcmp(c->rq.field[i].name, name) == 0)
			return c->rq.field[i].value;
	return "";
}

int
list_filters(struct cgi *c, const char *const *names, struct rel_buf *b)
{
	int rc = 0;

	for (; names != NULL && *names != NULL; names++) {
		const char *v = query_text(c, *names);

		if (v[0] == '\0')
			continue;
		rel_put_fmt(b, "&%s=", *names);
		rel_api_escape(b, v);
		if (is_span(*names) && !list_is_day(v))
			rc = cgi_bad(c, *names, "%s", tr("A day is written as "
			    "2026-11-20."));
	}
	return rc;
}

int
list_filters_view(struct cgi *c, const char *const *names,
    struct rel_buf *query)
{
	json_t *filter = json_object();
	int rc = list_filters(c, names, query);

	for (; names != NULL && *names != NULL; names++)
		json_object_set_new(filter, *names,
		    json_string(query_text(c, *names)));
	cgi_put(c, "filtered", json_boolean(query->len > 0));
	rel_put_u8(query, 0);
	cgi_put(c, "filter", filter);
	cgi_put_text(c, "filters", query->failed ? "" : (char *)query->data);
	return rc;
}

int
list_filter_error(struct cgi *c, int rc)
{
	static const struct {
		const char *problem, *field;
	} known[] = {
		{ "device-unknown", "device" }, { "user-unknown", "user" }
	};

	if (rc != -REL_E_FORMAT && rc != -REL_E_NOTFOUND)
		return rc;
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (strcmp(c->problem, known[i].problem) == 0)
			snprintf(c->bad_field, sizeof c->bad_field, "%s",
			    known[i].field);
	if (strcmp(c->problem, "device-unknown") == 0)
		cgi_put_text(c, "error", tr("There is no such device: choose "
		    "one by its whole name."));
	else
		cgi_put_text(c, "error", tr(c->err.text));
	c->status = 422;
	return 0;
}

/* ---- pages */

/* One page of the API behind `after`; *out is the whole answer. */
static int
fetch(struct cgi *c, const struct list *l, const char *filters,
    const char *after, json_t **out)
{
	unsigned limit = l->limit;
	struct rel_buf b;
	json_t *row;
	size_t i;
	int rc;

	if (cgi_on(c, "csv"))
		limit = CSV_PAGE;
	rel_buf_init(&b);
	rel_put_fmt(&b, "%s%climit=%u%s", l->path,
	    strchr(l->path, '?') != NULL ? '&' : '?', limit, filters);
	if (after[0] != '\0') {
		rel_put_fmt(&b, "&after=");
		rel_api_escape(&b, after);
	}
	rel_put_u8(&b, 0);
	rc = b.failed ? rel_err_set(&c->err, REL_E_NOMEM, "no memory") :
	    cgi_get(c, out, (char *)b.data, l->star);
	rel_buf_fini(&b);
	json_array_foreach(rc == 0 && l->each != NULL ?
	    json_object_get(*out, l->key) : NULL, i, row)
		l->each(row);
	return rc;
}

/* What is wrong in the middle of a file stands in its last row. */
static void
csv_cut(const char *why)
{
	struct rel_buf b;

	rel_buf_init(&b);
	rel_put_fmt(&b, "%s: %.200s\r\n", tr("Not complete"), why);
	if (!b.failed)
		fwrite(b.data, 1, b.len, stdout);
	rel_buf_fini(&b);
}

/* The rows behind the first page, as they come: no list is too long. */
static void
csv_rest(struct cgi *c, const struct list *l, const char *filters,
    json_t *answer)
{
	size_t rows = json_array_size(json_object_get(answer, l->key));
	char after[256];
	const char *next;

	while ((next = json_string_value(json_object_get(answer,
	    "next"))) != NULL && rows < CSV_ROWS_MAX) {
		struct rel_buf b;

		snprintf(after, sizeof after, "%s", next);
		json_decref(answer);
		answer = NULL;
		if (fetch(c, l, filters, after, &answer) < 0) {
			csv_cut(c->err.text);
			return;
		}
		rel_buf_init(&b);
		csv_rows(&b, l->columns, json_object_get(answer, l->key));
		if (!b.failed)
			fwrite(b.data, 1, b.len, stdout);
		rel_buf_fini(&b);
		rows += json_array_size(json_object_get(answer, l->key));
	}
	if (next != NULL)
		csv_cut(tr("too many rows: choose fewer days"));
	json_decref(answer);
}

static int
csv(struct cgi *c, const struct list *l, const char *filters)
{
	json_t *answer = NULL;
	struct rel_buf b;
	int rc = fetch(c, l, filters, "", &answer);

	if (rc < 0)
		return rc;
	rel_buf_init(&b);
	csv_head(&b, l->columns);
	csv_rows(&b, l->columns, json_object_get(answer, l->key));
	if (b.failed) {
		json_decref(answer);
		rc = rel_err_set(&c->err, REL_E_NOMEM, "no memory");
	} else {
		rc = cgi_send(c, CSV_TYPE, b.data, b.len);
		csv_rest(c, l, filters, answer);
	}
	rel_buf_fini(&b);
	return rc;
}

static int
page(struct cgi *c, const struct list *l, const char *filters)
{
	const char *after = query_text(c, "after");
	json_t *answer = NULL, *rows;
	int rc = fetch(c, l, filters, after, &answer);

	if (rc < 0)
		return rc;
	rows = json_object_get(answer, l->key);
	json_object_set(c->view, l->key, rows != NULL ? rows : json_null());
	json_object_set(c->view, "next", json_object_get(answer, "next"));
	if (after[0] != '\0')
		cgi_put_text(c, "after", after);
	json_decref(answer);
	return 0;
}

int
list_view(struct cgi *c, const struct list *l)
{
	struct rel_buf query;
	int rc;

	rel_buf_init(&query);
	rc = list_filters_view(c, l->filters, &query);
	if (query.failed)
		rc = rel_err_set(&c->err, REL_E_NOMEM, "no memory");
	if (rc == 0 && l->columns != NULL && cgi_on(c, "csv"))
		rc = csv(c, l, (char *)query.data);
	else if (rc == 0)
		rc = page(c, l, (char *)query.data);
	rel_buf_fini(&query);
	return rc < 0 ? list_filter_error(c, rc) : rc;
}

int
list_all(struct cgi *c, const char *path, const char *key, list_fn fn,
    void *ctx)
{
	struct list l = { .path = path, .key = key, .limit = CSV_PAGE };
	json_t *answer = NULL, *row;
	char after[256] = "";
	const char *next;
	size_t i, seen = 0;
	int rc;

	do {
		if ((rc = fetch(c, &l, "", after, &answer)) < 0)
			return rc;
		json_array_foreach(json_object_get(answer, key), i, row)
			fn(row, ctx);
		seen += i;
		next = json_string_value(json_object_get(answer, "next"));
		snprintf(after, sizeof after, "%s", next != NULL ? next : "");
		json_decref(answer);
		answer = NULL;
	} while (after[0] != '\0' && seen < LIST_ALL_MAX);
	return 0;
}
