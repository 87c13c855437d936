/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "cgi/admin/report.h"

#include <stdlib.h>
#include <string.h>

#include "cgi/usage.h"

#define BARS 20u

/* ---- what is asked for */

const struct report_by *
report_by(const struct cgi *c, const char *field, const struct report_by *all)
{
	for (const struct report_by *k = all; k->name != NULL; k++)
		if (strcmp(k->name, cgi_text(c, field)) == 0)
			return k;
	return all;
}

void
report_choices(struct cgi *c, const char *field, const struct report_by *all,
    const struct report_by *now)
{
	json_t *list = json_array();

	for (const struct report_by *k = all; k->name != NULL; k++)
		json_array_append_new(list, json_pack("{s:s,s:s,s:b}",
		    "value", k->name, "words", tr(k->words), "chosen",
		    k == now));
	cgi_put(c, field, list);
}

int
report_get(struct cgi *c, json_t **out, const char *path)
{
	static const char *const filters[] = { "from", "to", NULL };
	struct rel_buf query, url;
	int rc;

	rel_buf_init(&query);
	rel_buf_init(&url);
	rc = list_filters_view(c, filters, &query);
	rel_put_raw(&url, path, strlen(path));
	if (rc == 0)
		rel_put_raw(&url, query.data, query.len);
	rel_put_u8(&url, 0);
	if (rc == 0)
		rc = url.failed ? rel_err_set(&c->err, REL_E_NOMEM,
		    "no memory") : cgi_get(c, out, (char *)url.data);
	rel_buf_fini(&url);
	rel_buf_fini(&query);
	return rc;
}

/* ---- what is shown */

void
report_names(const json_t *answer, const struct report_by *by)
{
	json_t *row;
	size_t i;

	json_array_foreach(json_object_get(answer, "rows"), i, row) {
		const char *s = json_string_value(json_object_get(row,
		    by->name));

		if (by->title != NULL)
			json_object_set_new(row, "name", json_string(
			    s != NULL && s[0] != '\0' ? s : tr(by->nobody)));
	}
}

struct csv_column
report_column(const struct report_by *by)
{
	return by->title != NULL ? (struct csv_column){ .title = by->title,
	    .path = "name" } : (struct csv_column){ .title = N_("Day"),
	    .path = "at", .kind = "day" };
}

int
report_csv(struct cgi *c, const struct csv_column *columns,
    const json_t *rows, bool cut)
{
	struct rel_buf b;
	int rc;

	rel_buf_init(&b);
	csv_head(&b, columns);
	csv_rows(&b, columns, rows);
	if (cut)
		rel_put_fmt(&b, "%s: %s\r\n", tr("Not complete"),
		    tr("too many rows: choose fewer days"));
	rc = b.failed ? rel_err_set(&c->err, REL_E_NOMEM, "no memory") :
	    cgi_send(c, CSV_TYPE, b.data, b.len);
	rel_buf_fini(&b);
	return rc;
}

/* ---- plots */

struct drawing {
	const struct report_plot *p;
	double value[2][USAGE_POINTS];
	struct usage_axis x;
};

static void
add(struct drawing *d, size_t at, const json_t *row)
{
	for (size_t k = 0; k < d->p->n; k++) {
		double v = json_number_value(json_object_get(row,
		    d->p->series[k].key));

		d->value[k][at] += d->p->micro ? v / 1e6 : v;
	}
}

/* A bar for each of the first users, accounts ...: they are the largest. */
static void
bars(struct drawing *d, const json_t *rows)
{
	json_t *row;
	size_t i;

	json_array_foreach(rows, i, row) {
		if (i == BARS)
			break;
		d->x.labels[i] = json_string_value(json_object_get(row,
		    "name"));
		add(d, i, row);
		d->x.n = i + 1;
	}
}

/* Days and months on which there was nothing are there, too. */
static void
points(struct drawing *d, const json_t *answer, const char *by)
{
	json_t *row;
	size_t i, at;

	usage_axis_init(&d->x, by, json_string_value(json_object_get(answer,
	    "from")), json_string_value(json_object_get(answer, "to")));
	json_array_foreach(json_object_get(answer, "rows"), i, row) {
		at = usage_axis_find(&d->x, json_string_value(
		    json_object_get(row, "at")));
		if (at < d->x.n)
			add(d, at, row);
	}
}

static void
draw(struct cgi *c, const struct drawing *d)
{
	struct plot_series series[2];
	const struct plot p = { .title = d->p->title, .unit = d->p->unit,
	    .label = d->x.labels, .n = d->x.n, .series = series,
	    .nseries = d->p->n, .stacked = true, .amount = d->p->amount,
	    .tr = tr, .decimal = usage_decimal() };
	struct rel_buf svg;

	for (size_t k = 0; k < d->p->n; k++)
		series[k] = (struct plot_series){ d->p->series[k].name,
		    d->value[k] };
	rel_buf_init(&svg);
	plot_svg(&svg, &p);
	cgi_put_svg(c, "plot", &svg);
}

void
report_plot(struct cgi *c, const struct report_plot *p, const json_t *answer,
    const struct report_by *by)
{
	struct drawing *d = calloc(1, sizeof *d);

	if (d == NULL)
		return;
	d->p = p;
	if (by->title != NULL)
		bars(d, json_object_get(answer, "rows"));
	else
		points(d, answer, by->name);
	if (d->x.n > 0)
		draw(c, d);
	free(d);
}

static void
answer_view(struct cgi *c, const struct report_split *r, json_t *answer,
    const struct report_by *by)
{
	json_object_set(c->view, r->member, answer);
	cgi_put(c, "of_time", json_boolean(by->title == NULL));
	cgi_put(c, "total_row", json_pack("[O]", json_object_get(answer,
	    "totals")));
	if (json_array_size(json_object_get(answer, "rows")) > 0)
		r->plot(c, answer, by);
}

int
report_show(struct cgi *c, const struct report_split *r)
{
	const struct report_by *by = report_by(c, "by", r->bys);
	json_t *answer = NULL;
	int rc;

	report_choices(c, "by", r->bys, by);
	cgi_put_text(c, "by_name", by->name);
	if ((rc = r->get(c, by, &answer)) < 0)
		return list_filter_error(c, rc);
	report_names(answer, by);
	if (cgi_on(c, "csv"))
		rc = r->csv(c, answer, by);
	else
		answer_view(c, r, answer, by);
	json_decref(answer);
	return rc;
}
