/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "cgi/admin/simulate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "cgi/list.h"
#include "cgi/usage.h"
#include "lib/simulate.h"

#define DAYS 30				/* of the span that is proposed */
#define SLOW_JOBS 50000			/* from here on it takes seconds */
#define ROWS 20				/* users and groups by name */
#define ROWS_CSV 2000
#define BARS 10u

/* ---- the span */

static void
span(const struct cgi *c, char from[16], char to[16])
{
	list_day_ago(from, DAYS - 1);
	list_day_ago(to, 0);
	if (cgi_field(c, "from") != NULL)
		snprintf(from, 16, "%s", cgi_text(c, "from"));
	if (cgi_field(c, "to") != NULL)
		snprintf(to, 16, "%s", cgi_text(c, "to"));
}

/* The field that is no day; NULL: both are, or empty. */
static const char *
wrong_day(const char *from, const char *to)
{
	if (from[0] != '\0' && !list_is_day(from))
		return "from";
	return to[0] != '\0' && !list_is_day(to) ? "to" : NULL;
}

/* How many jobs it will be, as far as sums tell: those that were printed. */
static int
jobs_view(struct cgi *c, const char *from, const char *to)
{
	json_t *report = NULL;
	json_int_t n;
	char path[100];
	int rc;

	snprintf(path, sizeof path, "/usage?by=all&group_by=none%s%s%s%s",
	    from[0] != '\0' ? "&from=" : "", from, to[0] != '\0' ? "&to=" :
	    "", to);
	if ((rc = cgi_get(c, &report, path)) < 0)
		return rc;
	n = json_integer_value(json_object_get(json_object_get(report,
	    "totals"), "jobs"));
	cgi_put(c, "printed_jobs", json_integer(n));
	cgi_put(c, "jobs_max", json_integer(SIMULATE_JOBS));
	cgi_put(c, "too_many", json_boolean(n > SIMULATE_JOBS));
	cgi_put(c, "takes_long", json_boolean(n > SLOW_JOBS));
	json_decref(report);
	return 0;
}

int
simulate_form(struct cgi *c)
{
	char from[16], to[16];

	span(c, from, to);
	cgi_put(c, "filter", json_pack("{s:s,s:s}", "from", from, "to", to));
	cgi_put(c, "may_simulate", json_boolean(c->role >= FOR_OPERATOR));
	if (c->role < FOR_OPERATOR || wrong_day(from, to) != NULL)
		return 0;
	return jobs_view(c, from, to);
}

/* ---- plots: as it was, and as it would have been */

static void
plot_pair(struct cgi *c, const char *name, struct plot *p)
{
	struct rel_buf svg;

	p->nseries = 2;
	p->tr = tr;
	p->decimal = usage_decimal();
	rel_buf_init(&svg);
	plot_svg(&svg, p);
	cgi_put_svg(c, name, &svg);
}

static double
side_number(const json_t *sums, const char *side, const char *key)
{
	return json_number_value(json_object_get(json_object_get(sums, side),
	    key));
}

static void
plot_pages(struct cgi *c, const json_t *total)
{
	static const char *const keys[] = { "sides", "colour", "sheets" };
	const char *label[] = { tr("Pages"), tr("In colour"), tr("Sheets") };
	double before[3], after[3];
	struct plot_series series[] = {
		{ tr("printed"), before }, { tr("with this text"), after }
	};
	struct plot p = { .title = tr("Pages and sheets"),
	    .unit = tr("pages"), .label = label, .n = 3, .series = series };

	for (size_t i = 0; i < 3; i++) {
		before[i] = side_number(total, "before", keys[i]);
		after[i] = side_number(total, "after", keys[i]);
	}
	plot_pair(c, "plot_pages", &p);
}

/* Of groups, or of users where there are no groups. */
static void
plot_cost(struct cgi *c, const json_t *rows, const char *currency)
{
	double before[BARS], after[BARS];
	const char *label[BARS];
	struct plot_series series[] = {
		{ tr("printed"), before }, { tr("with this text"), after }
	};
	struct plot p = { .title = tr("Cost"), .unit = currency,
	    .label = label, .series = series, .amount = true };
	json_t *row;
	size_t i;

	json_array_foreach((json_t *)(uintptr_t)rows, i, row) {
		if (i == BARS)
			break;
		label[i] = json_string_value(json_object_get(row, "name"));
		before[i] = side_number(row, "before", "micro") / 1e6;
		after[i] = side_number(row, "after", "micro") / 1e6;
		p.n = i + 1;
	}
	if (p.n > 0)
		plot_pair(c, "plot_cost", &p);
}

/* ---- CSV, as a link that holds it: the text is in no address */

static const struct csv_column columns[] = {
	{ .title = "What", .path = "what" },
	{ .title = "Name", .path = "name" },
	{ .title = "Jobs", .path = "jobs" },
	{ .title = "Refused", .path = "refused" },
	{ .title = "Asked", .path = "asked" },
	{ .title = "For approval", .path = "approval" },
	{ .title = "Forced to black and white", .path = "forced.mono" },
	{ .title = "Forced to two sides", .path = "forced.duplex" },
	{ .title = "Forced to more pages a side",
	    .path = "forced.number_up" },
	{ .title = "Forced to fewer copies", .path = "forced.copies" },
	{ .title = "Printed jobs", .path = "before.jobs" },
	{ .title = "Jobs with this text", .path = "after.jobs" },
	{ .title = "Printed pages", .path = "before.sides" },
	{ .title = "Pages with this text", .path = "after.sides" },
	{ .title = "Printed in colour", .path = "before.colour" },
	{ .title = "In colour with this text", .path = "after.colour" },
	{ .title = "Printed sheets", .path = "before.sheets" },
	{ .title = "Sheets with this text", .path = "after.sheets" },
	{ .title = "Paid", .path = "before.cost" },
	{ .title = "Cost with this text", .path = "after.cost" },
	{ .title = NULL }
};

/* Amounts as numbers are written in a table. */
static void
put_cost(json_t *side)
{
	char text[REL_MONEY_TEXT];

	rel_money_text(text, json_integer_value(json_object_get(side,
	    "micro")));
	json_object_set_new(side, "cost", json_string(text));
}

static void
csv_sums(struct rel_buf *b, const char *what, json_t *sums)
{
	if (!json_is_object(sums))
		return;
	json_object_set_new(sums, "what", json_string(what));
	put_cost(json_object_get(sums, "before"));
	put_cost(json_object_get(sums, "after"));
	csv_row(b, columns, sums);
}

static void
csv_all(struct rel_buf *b, const json_t *o)
{
	json_t *row;
	size_t i;

	csv_head(b, columns);
	csv_sums(b, tr("all"), json_object_get(o, "total"));
	json_array_foreach(json_object_get(o, "users"), i, row)
		csv_sums(b, tr("user"), row);
	csv_sums(b, tr("other users"), json_object_get(o, "users_rest"));
	json_array_foreach(json_object_get(o, "groups"), i, row)
		csv_sums(b, tr("group"), row);
	csv_sums(b, tr("other groups"), json_object_get(o, "groups_rest"));
}

static void
csv_link(struct cgi *c, const struct rel_simulate *s)
{
	json_t *o = rel_simulate_json(s, ROWS_CSV);
	unsigned char *text = NULL;
	struct rel_buf b;

	rel_buf_init(&b);
	csv_all(&b, o);
	if (!b.failed && b.len < INT32_MAX / 2 &&
	    (text = malloc((b.len + 2) / 3 * 4 + 1)) != NULL) {
		EVP_EncodeBlock(text, b.data, (int)b.len);
		cgi_put_text(c, "simulated_csv", (char *)text);
	}
	free(text);
	rel_buf_fini(&b);
	json_decref(o);
}

/* ---- */

/* Rows that have no name of their own: how many, and their sums as a row. */
static void
others(json_t *o, const char *what)
{
	char all[16], rest[16], key[24];
	json_t *sums;

	snprintf(all, sizeof all, "%s_all", what);
	snprintf(rest, sizeof rest, "%s_rest", what);
	snprintf(key, sizeof key, "%s_others", what);
	json_object_set_new(o, key, json_integer(json_integer_value(
	    json_object_get(o, all)) - (json_int_t)json_array_size(
	    json_object_get(o, what))));
	sums = json_object_get(o, rest);
	if (json_is_object(sums))
		json_object_set_new(o, rest, json_pack("[O]", sums));
}

/* Notes in the visitor's language. */
static void
notes(json_t *o)
{
	json_t *list = json_array();

	for (const char *const *note = rel_simulate_notes; *note != NULL;
	    note++)
		json_array_append_new(list, json_string(tr(*note)));
	json_object_set_new(o, "notes", list);
}

static int
result_view(struct cgi *c, const struct rel_simulate *s)
{
	json_t *o = rel_simulate_json(s, ROWS), *rows;

	if (o == NULL)
		return rel_err_set(&c->err, REL_E_NOMEM, "no memory");
	notes(o);
	others(o, "users");
	others(o, "groups");
	rows = json_object_get(o, "groups");
	plot_pages(c, json_object_get(o, "total"));
	plot_cost(c, json_array_size(rows) > 0 ? rows : json_object_get(o,
	    "users"), s->currency);
	csv_link(c, s);
	cgi_put(c, "simulated", o);
	return 0;
}

int
simulate_text(struct cgi *c, const char *text, bool rules)
{
	struct rel_simulate s = { .api = c->api, .jobs_max = SIMULATE_JOBS,
	    .ms_max = SIMULATE_MS };
	char from[16], to[16];
	const char *field;
	int rc;

	span(c, from, to);
	if ((field = wrong_day(from, to)) != NULL)
		return cgi_bad(c, field, "%s", tr("A day is written as "
		    "2026-11-20."));
	s.from = from[0] != '\0' ? from : NULL;
	s.to = to[0] != '\0' ? to : NULL;
	s.rules = rules ? text : NULL;
	s.rules_len = rules ? strlen(text) : 0;
	s.prices = rules ? NULL : text;
	s.prices_len = rules ? 0 : strlen(text);
	rc = rel_simulate_run(&s, &c->err);
	snprintf(c->problem, sizeof c->problem, "%s", s.wrong != NULL ?
	    "text-invalid" : rc < 0 ? rel_api_problem(c->api) : "");
	if (rc == 0)
		rc = result_view(c, &s);
	rel_simulate_fini(&s);
	return rc;
}
