/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Paper, and what it stands for: the reports page with show=environment. */
#include <stdio.h>
#include <string.h>

#include "cgi/admin/report.h"
#include "cgi/usage.h"
#include "lib/environment.h"
#include "lib/money.h"

static const struct report_by bys[] = {
	{ "day", N_("each day"), NULL, NULL },
	{ "week", N_("each week"), NULL, NULL },
	{ "month", N_("each month"), NULL, NULL },
	{ "user", N_("users"), N_("User"), N_("without a name") },
	{ "device", N_("devices"), N_("Device"), N_("without a name") },
	{ "queue", N_("queues"), N_("Queue"), N_("without a name") },
	{ NULL, NULL, NULL, NULL }
};

static int
environment_get(struct cgi *c, const struct report_by *by, json_t **out)
{
	static const struct rel_environment e = REL_ENVIRONMENT_DEFAULT;
	bool time = by->title == NULL;
	char path[80];
	json_t *row;
	size_t i;
	int rc;

	snprintf(path, sizeof path, "/usage?by=%s&group_by=%s&limit=%d",
	    time ? by->name : "all", time ? "none" : by->name,
	    cgi_on(c, "csv") ? REPORT_CSV : time ? (int)USAGE_POINTS :
	    REPORT_ROWS);
	if ((rc = report_get(c, out, path)) < 0)
		return rc;
	json_array_foreach(json_object_get(*out, "rows"), i, row)
		rel_environment_row(row, &e);
	rel_environment_row(json_object_get(*out, "totals"), &e);
	json_object_set_new(*out, "sheets_per_tree", json_integer(
	    (json_int_t)e.sheets_per_tree));
	json_object_set_new(*out, "co2_grams", json_integer(
	    (json_int_t)(e.co2_grams * REL_MONEY_UNIT + 0.5)));
	return 0;
}

static int
csv(struct cgi *c, const json_t *answer, const struct report_by *by)
{
	const struct csv_column columns[] = {
		report_column(by),
		{ .title = "Jobs", .path = "jobs" },
		{ .title = "Sheets", .path = "sheets" },
		{ .title = "Trees", .path = "trees" },
		{ .title = "Carbon dioxide in kg", .path = "co2_kg" },
		{ .title = "Sheets saved", .path = "saved" },
		{ .title = "Trees saved", .path = "saved_trees" },
		{ .title = "Carbon dioxide saved in kg",
		    .path = "saved_co2_kg" },
		{ .title = NULL }
	};

	return report_csv(c, columns, json_object_get(answer, "rows"),
	    json_integer_value(json_object_get(answer, "left_out")) > 0);
}

static void
plot(struct cgi *c, const json_t *answer, const struct report_by *by)
{
	const struct report_plot p = { .title = tr("Sheets"), .unit =
	    tr("sheets"), .series = { { tr("used"), "sheets" },
	    { tr("saved by printing on both sides"), "saved" } }, .n = 2 };

	report_plot(c, &p, answer, by);
}

int
report_environment(struct cgi *c)
{
	static const struct report_split r = { .bys = bys, .member = "paper",
	    .get = environment_get, .csv = csv, .plot = plot };

	return report_show(c, &r);
}
