/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* How much came out: by user, device or queue, by day, week or month. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cgi/admin/report.h"
#include "cgi/format.h"
#include "cgi/usage.h"

#define DAYS 30				/* of the report that comes first */
#define ROWS_POINT 20			/* of each day, week ... */
#define LINES 5u			/* and the others */

static const char *const by_names[] = { "all", "day", "week", "month", "hour",
	NULL };
static const char *const group_names[] = { "user", "device", "queue",
	"function", "none", NULL };
static const char *const by_words[] = { N_("the whole time"), N_("each day"),
	N_("each week"), N_("each month"), N_("each hour") };
static const char *const group_words[] = { N_("users"), N_("devices"),
	N_("queues"), N_("functions"), N_("everybody together") };

struct report {
	const char *by, *group;		/* one of the names above */
	char from[16], to[16];		/* days */
	json_t *answer, *rows;
};

/* ---- what is asked for */

static const char *
word_of(const char *const *names, const char *text)
{
	for (size_t i = 0; names[i] != NULL; i++)
		if (strcmp(names[i], text) == 0)
			return names[i];
	return names[0];
}

/* Without a question: the last 30 days. */
static void
report_read(struct cgi *c, struct report *r)
{
	r->by = word_of(by_names, cgi_text(c, "by"));
	r->group = word_of(group_names, cgi_text(c, "group_by"));
	if (cgi_field(c, "from") == NULL && cgi_field(c, "to") == NULL) {
		list_day_ago(r->from, DAYS - 1);
		list_day_ago(r->to, 0);
		return;
	}
	snprintf(r->from, sizeof r->from, "%s", cgi_text(c, "from"));
	snprintf(r->to, sizeof r->to, "%s", cgi_text(c, "to"));
}

static json_t *
choices(const char *const *names, const char *const *words, const char *now)
{
	json_t *list = json_array();

	for (size_t i = 0; names[i] != NULL; i++)
		json_array_append_new(list, json_pack("{s:s,s:s,s:b}", "value",
		    names[i], "words", tr(words[i]), "chosen",
		    names[i] == now));
	return list;
}

/* GET /usage for what was asked, grouped like this. */
static int
usage_get(struct cgi *c, const struct report *r, const char *group, int limit,
    json_t **out)
{
	static const char *const filters[] = { "user", "device", "from", "to",
	    NULL };
	struct rel_buf path;
	int rc;

	rel_buf_init(&path);
	rel_put_fmt(&path, "/usage?by=%s&group_by=%s&limit=%d", r->by, group,
	    limit);
	rc = list_filters(c, filters, &path);
	if (cgi_field(c, "from") == NULL && cgi_field(c, "to") == NULL)
		rel_put_fmt(&path, "&from=%s&to=%s", r->from, r->to);
	rel_put_u8(&path, 0);
	if (rc == 0)
		rc = path.failed ? rel_err_set(&c->err, REL_E_NOMEM,
		    "no memory") : cgi_get(c, out, (char *)path.data);
	rel_buf_fini(&path);
	return rc;
}

static int
report_ask(struct cgi *c, struct report *r)
{
	int limit = cgi_on(c, "csv") ? REPORT_CSV :
	    strcmp(r->group, "none") == 0 ? (int)USAGE_POINTS :
	    strcmp(r->by, "all") == 0 ? REPORT_ROWS : ROWS_POINT;
	int rc = usage_get(c, r, r->group, limit, &r->answer);

	r->rows = json_object_get(r->answer, "rows");
	return rc;
}

/* ---- rows as people read them */

static const char *
row_name(const struct report *r, const json_t *row)
{
	const char *s = json_string_value(json_object_get(row, r->group));

	if (s != NULL && strcmp(r->group, "function") == 0)
		return cgi_function_words(s);
	return s != NULL && s[0] != '\0' ? s : tr("without a name");
}

static void
rows_words(const struct report *r)
{
	const char *kind = strcmp(r->by, "hour") == 0 ? "time" :
	    strcmp(r->by, "month") == 0 ? "month" : "date";
	json_t *row;
	size_t i;

	json_array_foreach(r->rows, i, row) {
		struct rel_buf b;

		usage_two_sided(row);
		json_object_set_new(row, "name", json_string(row_name(r,
		    row)));
		rel_buf_init(&b);
		format_value(&b, json_object_get(row, "at"), kind);
		json_object_set_new(row, "when", json_stringn(b.len > 0 ?
		    (char *)b.data : "", b.failed ? 0 : b.len));
		rel_buf_fini(&b);
	}
}

/* From which day to which, for the heading. */
static void
span(struct cgi *c, const struct report *r)
{
	const char *from = json_string_value(json_object_get(r->answer,
	    "from"));

	cgi_put_text(c, "first", r->from[0] != '\0' ? r->from :
	    strcmp(r->by, "all") == 0 ? NULL : from);
	cgi_put_text(c, "last", r->to[0] != '\0' ? r->to : NULL);
}

/* The newest or largest; what is not in the rows is left over of the sum. */
static void
others(struct cgi *c, const struct report *r)
{
	static const char *const keys[] = { "jobs", "sides", "sheets", "mono",
	    "colour", "uncounted" };
	json_t *totals = json_object_get(r->answer, "totals"), *row;
	json_t *rest = json_object();
	json_int_t out = json_integer_value(json_object_get(r->answer,
	    "left_out"));
	size_t i;

	for (; json_array_size(r->rows) > REPORT_ROWS; out++)
		json_array_remove(r->rows, 0);
	json_object_set_new(r->answer, "left_out", json_integer(out));
	for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++) {
		json_int_t n = json_integer_value(json_object_get(totals,
		    keys[k]));

		json_array_foreach(r->rows, i, row)
			n -= json_integer_value(json_object_get(row,
			    keys[k]));
		json_object_set_new(rest, keys[k], json_integer(n));
	}
	usage_two_sided(rest);
	usage_two_sided(totals);
	cgi_put(c, "others_row", json_pack("[o]", rest));
	cgi_put(c, "total_row", json_pack("[O]", totals));
}

/* ---- CSV */

static int
csv(struct cgi *c, const struct report *r)
{
	static const struct csv_column sums[] = {
		{ .title = "Jobs", .path = "jobs" },
		{ .title = "Pages", .path = "sides" },
		{ .title = "Black and white", .path = "mono" },
		{ .title = "In colour", .path = "colour" },
		{ .title = "Sheets", .path = "sheets" },
		{ .title = "Two-sided sheets in percent",
		    .path = "two_sided" },
		{ .title = "Jobs nobody could count", .path = "uncounted" },
		{ .title = NULL }
	};
	static const struct csv_column when = { .title = "From when on",
	    .path = "at", .kind = "time" };
	static const struct csv_column names[] = {
		{ .title = "User", .path = "name" },
		{ .title = "Device", .path = "name" },
		{ .title = "Queue", .path = "name" },
		{ .title = "Function", .path = "name" }
	};
	struct csv_column columns[3 + sizeof sums / sizeof sums[0]];
	size_t n = 0;

	if (strcmp(r->by, "all") != 0)
		columns[n++] = when;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(r->group, group_names[i]) == 0)
			columns[n++] = names[i];
	memcpy(columns + n, sums, sizeof sums);
	return report_csv(c, columns, r->rows, json_integer_value(
	    json_object_get(r->answer, "left_out")) > 0);
}

/* ---- plots */

static void
plot_put(struct cgi *c, struct plot *p)
{
	struct rel_buf svg;

	p->title = tr("Pages");
	p->unit = tr("pages");
	p->stacked = true;
	p->tr = tr;
	p->decimal = usage_decimal();
	rel_buf_init(&svg);
	plot_svg(&svg, p);
	cgi_put_svg(c, "plot", &svg);
}

/* A bar for each of the largest users, devices or queues. */
static void
plot_groups(struct cgi *c, const struct report *r)
{
	static const struct report_by names = { .title = "" };
	const struct report_plot p = { .title = tr("Pages"), .unit =
	    tr("pages"), .series = { { tr("black and white"), "mono" },
	    { tr("colour"), "colour" } }, .n = 2 };

	report_plot(c, &p, r->answer, &names);
}

/* Who has how much in the whole time, the largest first. */
struct share {
	const char *name;
	double sides;
};

static int
by_sides(const void *a, const void *b)
{
	const struct share *x = a, *y = b;

	if (x->sides != y->sides)
		return x->sides < y->sides ? 1 : -1;
	return strcmp(x->name, y->name);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct share *)a)->name,
	    ((const struct share *)b)->name);
}

/* All that occur, summed and sorted; NULL: none. */
static struct share *
shares(const struct report *r, size_t *n)
{
	size_t all = json_array_size(r->rows), i, to = 0;
	struct share *s = calloc(all + 1, sizeof *s);
	json_t *row;

	*n = 0;
	if (s == NULL)
		return NULL;
	json_array_foreach(r->rows, i, row) {
		s[i].name = json_string_value(json_object_get(row, "name"));
		s[i].sides = json_number_value(json_object_get(row, "sides"));
	}
	qsort(s, all, sizeof *s, by_name);
	for (i = 0; i < all; i++) {
		if (to > 0 && strcmp(s[to - 1].name, s[i].name) == 0)
			s[to - 1].sides += s[i].sides;
		else
			s[to++] = s[i];
	}
	qsort(s, to, sizeof *s, by_sides);
	*n = to;
	return s;
}

static void
add_up(const struct usage_axis *x, const json_t *row, double *value, int sign)
{
	size_t at = usage_axis_find(x, json_string_value(json_object_get(row,
	    "at")));

	if (at < x->n)
		value[at] += sign * json_number_value(json_object_get(row,
		    "sides"));
}

/* Over the time, the largest five and the others on each other: what they
 * have is the sum of all without the five. */
static void
plot_lines(struct cgi *c, const struct report *r, const struct usage_axis *x,
    double *value)
{
	struct plot_series series[LINES + 1];
	struct plot p = { .label = x->labels, .n = x->n, .series = series };
	struct share *s = shares(r, &p.nseries);
	double *rest = value + LINES * USAGE_POINTS;
	json_t *row, *all = NULL;
	size_t i, k;

	if (s == NULL || p.nseries == 0 || x->n == 0 || usage_get(c, r,
	    "none", (int)USAGE_POINTS, &all) < 0)
		goto done;
	json_array_foreach(json_object_get(all, "rows"), i, row)
		add_up(x, row, rest, 1);
	if (p.nseries > LINES)
		p.nseries = LINES;
	json_array_foreach(r->rows, i, row) {
		const char *name = json_string_value(json_object_get(row,
		    "name"));

		for (k = 0; k < p.nseries && strcmp(s[k].name, name) != 0; k++)
			;
		if (k == p.nseries)
			continue;
		add_up(x, row, value + k * USAGE_POINTS, 1);
		add_up(x, row, rest, -1);
	}
	for (k = 0; k < p.nseries; k++)
		series[k] = (struct plot_series){ s[k].name,
		    value + k * USAGE_POINTS };
	for (i = 0; i < x->n && rest[i] <= 0; i++)
		;
	if (i < x->n)
		series[p.nseries++] = (struct plot_series){ tr("others"),
		    rest };
	plot_put(c, &p);
done:
	json_decref(all);
	free(s);
}

static void
plot(struct cgi *c, const struct report *r)
{
	struct usage_axis *x;
	double *value;

	if (strcmp(r->group, "none") == 0) {
		usage_plot(c, "plot", tr("Pages"), r->answer);
	} else if (strcmp(r->by, "all") == 0) {
		plot_groups(c, r);
	} else {
		x = calloc(1, sizeof *x);
		value = calloc((LINES + 1) * USAGE_POINTS, sizeof *value);
		if (x != NULL && value != NULL) {
			usage_axis_init(x, r->by, json_string_value(
			    json_object_get(r->answer, "from")),
			    json_string_value(json_object_get(r->answer,
			    "to")));
			plot_lines(c, r, x, value);
		}
		free(value);
		free(x);
	}
}

/* ---- the page */

/* The form as it was asked; links ask for the same. */
static void
filters_view(struct cgi *c, const struct report *r)
{
	const char *const filter[][2] = {
		{ "by", r->by }, { "group_by", r->group }, { "from", r->from },
		{ "to", r->to }, { "user", cgi_text(c, "user") },
		{ "device", cgi_text(c, "device") }
	};
	json_t *o = json_object();
	struct rel_buf b;

	rel_buf_init(&b);
	for (size_t i = 0; i < sizeof filter / sizeof filter[0]; i++) {
		json_object_set_new(o, filter[i][0],
		    json_string(filter[i][1]));
		rel_put_fmt(&b, "&%s=", filter[i][0]);
		rel_api_escape(&b, filter[i][1]);
	}
	rel_put_u8(&b, 0);
	cgi_put(c, "filter", o);
	cgi_put_text(c, "filters", b.failed ? "" : (char *)b.data);
	rel_buf_fini(&b);
	cgi_put(c, "by", choices(by_names, by_words, r->by));
	cgi_put(c, "groups", choices(group_names, group_words, r->group));
}

static int
report_pages(struct cgi *c)
{
	struct report r = { 0 };
	int rc;

	report_read(c, &r);
	rc = report_ask(c, &r);
	filters_view(c, &r);
	if (rc < 0)
		return list_filter_error(c, rc);
	rows_words(&r);
	if (cgi_on(c, "csv")) {
		rc = csv(c, &r);
	} else {
		json_object_set(c->view, "report", r.answer);
		span(c, &r);
		plot(c, &r);
		others(c, &r);
		cgi_put(c, "with_time", json_boolean(strcmp(r.by, "all")));
		cgi_put(c, "with_name", json_boolean(strcmp(r.group,
		    "none")));
	}
	json_decref(r.answer);
	return rc;
}

static int
reports_get(struct cgi *c)
{
	static const struct {
		const char *name, *words;
		int (*get)(struct cgi *c);
	} tabs[] = {
		{ "pages", N_("Pages"), report_pages },
		{ "money", N_("Money"), report_cost },
		{ "quota", N_("Quotas"), report_quota },
		{ "environment", N_("Environment"), report_environment }
	};
	json_t *list = json_array();
	size_t open = 0, n = sizeof tabs / sizeof tabs[0];

	for (size_t i = 1; i < n; i++)
		if (strcmp(tabs[i].name, cgi_text(c, "show")) == 0)
			open = i;
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_pack("{s:s,s:s,s:b}", "tab",
		    tabs[i].name, "words", tr(tabs[i].words), "open",
		    i == open));
	cgi_put(c, "tabs", list);
	cgi_put_text(c, "show", tabs[open].name);
	return tabs[open].get(c);
}

const struct page admin_reports = {
	.path = "admin/reports.cgi",
	.title = "Reports",
	.need = FOR_OPERATOR,
	.menu = "Administration",
	.get = reports_get
};
