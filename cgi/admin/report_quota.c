/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Who has used how much of a quota: the reports page with show=quota. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cgi/admin/report.h"
#include "lib/money.h"

static const struct report_by bys[] = {
	{ "user", N_("users"), N_("User"), NULL },
	{ "shared", N_("shared accounts"), N_("Account"), NULL },
	{ NULL, NULL, NULL, NULL }
};
static const struct report_by units[] = {
	{ "money", N_("Money"), NULL, NULL },
	{ "colour", N_("Colour sides"), NULL, NULL },
	{ "mono", N_("Black and white sides"), NULL, NULL },
	{ NULL, NULL, NULL, NULL }
};

struct quotas {
	const struct report_by *by, *unit;
	json_t *rows;			/* of limited accounts */
	const char *currency;		/* borrowed of the last account */
	json_t *last;
	size_t accounts;
	int64_t quota, used, left;	/* sums, in millionths */
};

/* ---- rows */

/* Sides, too, are taken in millionths: one way to add and to draw. */
static int64_t
micro_of(const json_t *unit, const char *key)
{
	const char *text = json_string_value(json_object_get(unit, key));
	struct rel_err err;
	int64_t v;

	return text != NULL && rel_money_parse(&v, text, &err) == 0 ? v : 0;
}

static void
sum_up(int64_t *sum, int64_t v)
{
	if (!rel_money_add(sum, *sum, v))
		*sum = v < 0 ? INT64_MIN : INT64_MAX;
}

static int
percent_of(int64_t used, int64_t quota)
{
	double percent = used <= 0 ? 0 : quota <= 0 ? 100 :
	    100.0 * (double)used / (double)quota;

	return percent < 1e6 ? (int)(percent + 0.5) : 1000000;
}

/* One unit of an account, when it is the one that is looked at. */
static void
unit_row(struct quotas *q, const json_t *account, const json_t *u)
{
	const char *unit = json_string_value(json_object_get(u, "unit"));
	int64_t quota = micro_of(u, "quota"), used = micro_of(u, "used");
	int64_t left = micro_of(u, "balance");

	if (unit == NULL || strcmp(unit, q->unit->name) != 0 ||
	    !json_is_true(json_object_get(u, "limited")))
		return;
	json_array_append_new(q->rows, json_pack(
	    "{s:O,s:I,s:I,s:I,s:O,s:O,s:O,s:i,s:O*,s:O*}",
	    "name", json_object_get(account, "name"), "quota_micro",
	    (json_int_t)quota, "used_micro", (json_int_t)used, "left_micro",
	    (json_int_t)left, "quota", json_object_get(u, "quota"), "used",
	    json_object_get(u, "used"), "left", json_object_get(u,
	    "balance"), "percent", percent_of(used, quota), "quota_of",
	    json_object_get(u, "quota_of"), "next_at", json_object_get(u,
	    "next_at")));
	sum_up(&q->quota, quota);
	sum_up(&q->used, used);
	sum_up(&q->left, left);
}

static void
account_rows(json_t *account, void *ctx)
{
	struct quotas *q = ctx;
	json_t *u;
	size_t i;

	q->accounts++;
	json_decref(q->last);
	q->last = json_incref(account);
	json_array_foreach(json_object_get(account, "units"), i, u)
		unit_row(q, account, u);
}

/* Who has used most of the own quota first. */
static int
by_percent(const void *a, const void *b)
{
	const json_t *x = *(json_t *const *)a, *y = *(json_t *const *)b;
	json_int_t p = json_integer_value(json_object_get(x, "percent"));
	json_int_t q = json_integer_value(json_object_get(y, "percent"));

	if (p != q)
		return p < q ? 1 : -1;
	return strcmp(json_string_value(json_object_get(x, "name")),
	    json_string_value(json_object_get(y, "name")));
}

static int
sort(struct cgi *c, struct quotas *q)
{
	size_t n = json_array_size(q->rows), i;
	json_t **all = calloc(n + 1, sizeof *all), *rows = json_array(), *row;

	if (all == NULL) {
		json_decref(rows);
		return rel_err_set(&c->err, REL_E_NOMEM, "no memory");
	}
	json_array_foreach(q->rows, i, row)
		all[i] = row;
	qsort(all, n, sizeof *all, by_percent);
	for (i = 0; i < n; i++)
		json_array_append(rows, all[i]);
	free(all);
	json_decref(q->rows);
	q->rows = rows;
	return 0;
}

/* ---- CSV and page */

static int
csv(struct cgi *c, const struct quotas *q)
{
	const struct csv_column columns[] = {
		{ .title = q->by->title, .path = "name" },
		{ .title = "Of what", .path = "unit" },
		{ .title = "Quota", .path = "quota" },
		{ .title = "Used", .path = "used" },
		{ .title = "Left", .path = "left" },
		{ .title = "Used in percent", .path = "percent" },
		{ .title = "Next refill", .path = "next_at", .kind = "time" },
		{ .title = NULL }
	};
	const char *unit = strcmp(q->unit->name, "money") == 0 &&
	    q->currency != NULL ? q->currency : tr(q->unit->words);
	json_t *row;
	size_t i;

	json_array_foreach(q->rows, i, row)
		json_object_set_new(row, "unit", json_string(unit));
	return report_csv(c, columns, q->rows, q->accounts >= LIST_ALL_MAX);
}

/* The sum of what everybody has, in the words of the API. */
static json_t *
total(const struct quotas *q, bool money)
{
	const int64_t sum[] = { q->quota, q->used, q->left };
	char text[3][REL_MONEY_TEXT];

	for (size_t i = 0; i < 3; i++)
		if (money)
			rel_money_text(text[i], sum[i]);
		else
			snprintf(text[i], sizeof text[i], "%lld",
			    (long long)(sum[i] / REL_MONEY_UNIT));
	return json_pack("[{s:s,s:s,s:s,s:i}]", "quota", text[0], "used",
	    text[1], "left", text[2], "percent", percent_of(q->used,
	    q->quota));
}

static void
view(struct cgi *c, const struct quotas *q)
{
	bool money = strcmp(q->unit->name, "money") == 0;
	const char *unit = money ? q->currency : tr("sides");
	const struct report_plot p = { .title = tr("Quotas"), .unit = unit,
	    .series = { { tr("used"), "used_micro" }, { tr("left"),
	    "left_micro" } }, .n = 2, .micro = true, .amount = money };
	json_t *answer = json_pack("{s:O}", "rows", q->rows);
	size_t n = json_array_size(q->rows);

	if (n > 0)
		report_plot(c, &p, answer, q->by);
	json_decref(answer);
	cgi_put_text(c, "unit", unit);
	cgi_put(c, "left_out", json_integer(n > REPORT_ROWS ?
	    (json_int_t)(n - REPORT_ROWS) : 0));
	while (json_array_size(q->rows) > REPORT_ROWS)
		json_array_remove(q->rows, REPORT_ROWS);
	json_object_set(c->view, "quotas", q->rows);
	cgi_put(c, "total_row", total(q, money));
}

static int
quotas_get(struct cgi *c, struct quotas *q)
{
	int rc;

	q->rows = json_array();
	rc = list_all(c, q->by == bys ? "/accounts?kind=user" :
	    "/accounts?kind=shared", "accounts", account_rows, q);
	if (rc == 0)
		rc = sort(c, q);
	q->currency = json_string_value(json_object_get(q->last,
	    "currency"));
	return rc;
}

int
report_quota(struct cgi *c)
{
	struct quotas q = { .by = report_by(c, "by", bys),
	    .unit = report_by(c, "unit", units) };
	int rc;

	report_choices(c, "by", bys, q.by);
	report_choices(c, "units", units, q.unit);
	cgi_put_text(c, "by_name", q.by->name);
	cgi_put_text(c, "unit_name", q.unit->name);
	if ((rc = quotas_get(c, &q)) == 0) {
		if (cgi_on(c, "csv"))
			rc = csv(c, &q);
		else
			view(c, &q);
	}
	json_decref(q.last);
	json_decref(q.rows);
	return rc;
}
