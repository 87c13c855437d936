/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What was paid: the reports page with show=money. */
#include <stdio.h>
#include <string.h>

#include "cgi/admin/report.h"
#include "cgi/usage.h"
#include "lib/money.h"

static const struct report_by bys[] = {
	{ "day", N_("each day"), NULL, NULL },
	{ "month", N_("each month"), NULL, NULL },
	{ "user", N_("users"), N_("User"), N_("without a name") },
	{ "group", N_("groups"), N_("Group"), N_("in no group") },
	{ "department", N_("departments"), N_("Department"),
	    N_("without a department") },
	{ "account", N_("accounts"), N_("Account"), N_("without a name") },
	{ "device", N_("devices"), N_("Device"), N_("without a name") },
	{ "queue", N_("queues"), N_("Queue"), N_("without a name") },
	{ NULL, NULL, NULL, NULL }
};

static int
cost_get(struct cgi *c, const struct report_by *by, json_t **out)
{
	char path[80];

	snprintf(path, sizeof path, "/report/cost?by=%s&limit=%d", by->name,
	    cgi_on(c, "csv") ? REPORT_CSV : by->title == NULL ?
	    (int)USAGE_POINTS : REPORT_ROWS);
	return report_get(c, out, path);
}

/* ---- CSV */

/* Amounts as every spreadsheet reads them. */
static void
plain_amount(json_t *row, const char *key)
{
	char text[REL_MONEY_TEXT];

	rel_money_text(text, json_integer_value(json_object_get(row, key)));
	json_object_set_new(row, key, json_string(text));
}

static int
csv(struct cgi *c, const json_t *answer, const struct report_by *by)
{
	json_t *rows = json_object_get(answer, "rows"), *row;
	const struct csv_column columns[] = {
		report_column(by),
		{ .title = "Jobs", .path = "jobs" },
		{ .title = "Paid", .path = "paid" },
		{ .title = "Refunded", .path = "refunded" },
		{ .title = "Currency", .path = "currency" },
		{ .title = "By estimate", .path = "estimated" },
		{ .title = NULL }
	};
	size_t i;

	json_array_foreach(rows, i, row) {
		plain_amount(row, "paid");
		plain_amount(row, "refunded");
		json_object_set(row, "currency", json_object_get(answer,
		    "currency"));
	}
	return report_csv(c, columns, rows, json_integer_value(
	    json_object_get(answer, "left_out")) > 0);
}

/* ---- the page */

static void
plot(struct cgi *c, const json_t *answer, const struct report_by *by)
{
	const struct report_plot p = { .title = tr("Paid"), .unit =
	    json_string_value(json_object_get(answer, "currency")),
	    .series = { { tr("Paid"), "paid" } }, .n = 1, .micro = true,
	    .amount = true };

	report_plot(c, &p, answer, by);
}

int
report_cost(struct cgi *c)
{
	static const struct report_split r = { .bys = bys, .member = "cost",
	    .get = cost_get, .csv = csv, .plot = plot };

	return report_show(c, &r);
}
