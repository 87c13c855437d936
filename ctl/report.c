/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* releasectl report ...: what was printed, paid, is left, and cost trees. */
#include "ctl/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/environment.h"
#include "lib/money.h"

static const char *const usage_numbers[] = { "jobs", "sheets", "sides",
	"colour", "mono", "duplex", "uncounted", NULL };

static const struct ctl_column usage_columns[] = {
	{ "KEY", "key", COL_TIME }, { "JOBS", "jobs", COL_INT },
	{ "SHEETS", "sheets", COL_INT }, { "SIDES", "sides", COL_INT },
	{ "COLOUR", "colour", COL_INT }, { "MONO", "mono", COL_INT },
	{ "DUPLEX SHEETS", "duplex", COL_INT },
	{ "UNCOUNTED", "uncounted", COL_INT }, { NULL, NULL, COL_TEXT }
};
static const struct ctl_column cost_columns[] = {
	{ "KEY", "key", COL_TIME }, { "JOBS", "jobs", COL_INT },
	{ "PAID", "paid", COL_TEXT }, { "REFUNDED", "refunded", COL_TEXT },
	{ "BY ESTIMATE", "estimated", COL_INT }, { NULL, NULL, COL_TEXT }
};
static const struct ctl_column quota_columns[] = {
	{ "KEY", "key", COL_TEXT }, { "UNIT", "unit", COL_TEXT },
	{ "LEFT", "balance", COL_TEXT }, { "QUOTA", "quota", COL_TEXT },
	{ "USED", "used", COL_TEXT }, { "QUOTA OF", "quota_of", COL_TEXT },
	{ "NEXT REFILL", "next_at", COL_TIME }, { NULL, NULL, COL_TEXT }
};
static const struct ctl_column environment_columns[] = {
	{ "KEY", "key", COL_TIME }, { "SHEETS", "sheets", COL_INT },
	{ "SIDES", "sides", COL_INT }, { "TREES", "trees", COL_TEXT },
	{ "CO2 KG", "co2_kg", COL_TEXT }, { "SHEETS SAVED", "saved", COL_INT },
	{ "TREES SAVED", "saved_trees", COL_TEXT },
	{ "CO2 KG SAVED", "saved_co2_kg", COL_TEXT }, { NULL, NULL, COL_TEXT }
};

static const char *
by_what(const struct ctl *c)
{
	return c->opt[OPT_BY] != NULL ? c->opt[OPT_BY] : "month";
}

static bool
is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

/* Print rows, and what else has to be said; frees answer. */
static void
print_rows(struct ctl *c, json_t *answer, const struct ctl_column *columns)
{
	json_t *rows = json_object_get(answer, "rows");
	json_int_t left = json_integer_value(json_object_get(answer,
	    "left_out"));
	struct rel_buf b;

	if (c->opt[OPT_JSON] != NULL) {
		ctl_print_json(answer);
	} else if (c->opt[OPT_CSV] != NULL) {
		rel_buf_init(&b);
		report_csv(&b, rows, columns);
		fwrite(b.data, 1, b.len, stdout);
		rel_buf_fini(&b);
	} else {
		ctl_table(rows, columns);
	}
	if (left > 0)
		fprintf(stderr, "releasectl: %lld smaller rows are left out: "
		    "2000 at most\n", (long long)left);
	json_decref(answer);
}

/* ---- where figures come from */

static int
ask(struct ctl *c, const char *path, const char *by, const char *group,
    json_t **out)
{
	struct rel_buf url;

	rel_buf_init(&url);
	rel_put_fmt(&url, "%s?limit=2000&", path);
	rel_api_query(&url, "by", by);
	rel_api_query(&url, "group_by", group);
	rel_api_query(&url, "from", c->opt[OPT_FROM]);
	rel_api_query(&url, "to", c->opt[OPT_TO]);
	return ctl_call_built(c, "GET", &url, NULL, out);
}

/* Each row gets a "key": the user, device ..., or the point of time. */
static void
put_keys(json_t *answer, const char *member)
{
	json_t *row;
	size_t i;

	json_array_foreach(json_object_get(answer, "rows"), i, row) {
		json_t *key = json_object_get(row, member);
		json_int_t two = json_integer_value(json_object_get(row,
		    "sides")) - json_integer_value(json_object_get(row,
		    "sheets"));

		json_object_set(row, "key", key != NULL ? key :
		    json_object_get(row, "at"));
		json_object_set_new(row, "duplex", json_integer(two > 0 ?
		    two : 0));
	}
}

static int
fold_groups(struct ctl *c, json_t *answer, const char *const *numbers)
{
	struct rel_group_sets *sets;
	int rc = rel_group_sets_get(c->api, &sets, &c->err);

	if (rc < 0)
		return rc;
	json_object_set_new(answer, "rows", report_by_group(json_object_get(
	    answer, "rows"), sets, numbers));
	rel_group_sets_free(&sets);
	return 0;
}

/* A job of the records in the row of its account. */
static int
on_job(const struct rel_recorded *job, void *ctx)
{
	const struct rel_replay_job *j = &job->j;
	json_t *one, *row;

	if (!j->printed)
		return 0;
	one = json_pack("{s:i,s:I,s:I,s:I,s:I,s:I,s:i}", "jobs", 1, "sheets",
	    (json_int_t)(j->sheets * j->copies), "sides",
	    (json_int_t)(j->sides * j->copies), "colour",
	    (json_int_t)(j->colour * j->copies), "mono",
	    (json_int_t)((j->sides - j->colour) * j->copies), "duplex",
	    (json_int_t)((j->sides - j->sheets) * j->copies), "uncounted",
	    (int)(j->sides == 0));
	row = report_row(ctx, job->account[0] != '\0' ? job->account : "-",
	    usage_numbers);
	if (row != NULL)
		report_add(row, one, usage_numbers);
	json_decref(one);
	return row != NULL ? 0 : -REL_E_NOMEM;
}

static int
records(struct ctl *c, rel_recorded_row row, void *ctx)
{
	struct rel_recorded_span span = { c->opt[OPT_FROM], c->opt[OPT_TO] };
	int rc = rel_recorded_all(c->api, &span, row, ctx, &c->err);

	if (rc == -REL_E_NOMEM)
		rel_err_set(&c->err, REL_E_NOMEM, "no memory");
	return rc;
}

static int
usage_by_account(struct ctl *c, json_t **out)
{
	json_t *rows = json_array();
	int rc = records(c, on_job, rows);

	*out = json_pack("{s:s,s:o}", "by", "account", "rows", rows);
	if (rc < 0) {
		json_decref(*out);
		*out = NULL;
	}
	return rc;
}

/* Figures of what came out, by whatever was asked for. */
static int
usage_get(struct ctl *c, json_t **out)
{
	const char *by = by_what(c);
	bool group = is(by, "group"), time = is(by, "day") || is(by, "month");
	int rc;

	if (is(by, "account"))
		return usage_by_account(c, out);
	if (!group && !time && !is(by, "user") && !is(by, "device") &&
	    !is(by, "queue") && !is(by, "function"))
		return ctl_misuse(c, "--by is user, group, device, queue, "
		    "function, account, day or month");
	rc = time ? ask(c, "/usage", by, NULL, out) :
	    ask(c, "/usage", "all", group ? "user" : by, out);
	if (rc < 0)
		return rc;
	put_keys(*out, time ? "at" : group ? "user" : by);
	if (group && (rc = fold_groups(c, *out, usage_numbers)) < 0)
		json_decref(*out);
	return rc;
}

/* ---- verbs */

static int
report_usage(struct ctl *c)
{
	json_t *answer;
	int rc = usage_get(c, &answer);

	if (rc == 0)
		print_rows(c, answer, usage_columns);
	return rc;
}

/* Amounts as text, for people and for spreadsheets. */
static void
put_amounts(struct ctl *c, json_t *answer)
{
	static const char *const keys[] = { "paid", "refunded" };
	const char *currency = json_string_value(json_object_get(answer,
	    "currency"));
	json_t *row;
	size_t i;

	if (c->opt[OPT_JSON] != NULL)
		return;
	json_array_foreach(json_object_get(answer, "rows"), i, row)
		for (int k = 0; k < 2; k++) {
			char text[REL_MONEY_TEXT];

			rel_money_text_in(text, json_integer_value(
			    json_object_get(row, keys[k])),
			    c->opt[OPT_CSV] != NULL || currency == NULL ?
			    "" : currency);
			json_object_set_new(row, keys[k], json_string(text));
		}
}

static int
report_cost(struct ctl *c)
{
	json_t *answer;
	int rc = ask(c, "/report/cost", by_what(c), NULL, &answer);

	if (rc < 0)
		return rc;
	put_keys(answer, by_what(c));
	put_amounts(c, answer);
	print_rows(c, answer, cost_columns);
	return 0;
}

/* A row for each limited unit of each account. */
static json_t *
quota_rows(json_t *accounts)
{
	json_t *rows = json_array(), *account, *unit;
	size_t i, k;

	json_array_foreach(accounts, i, account)
		json_array_foreach(json_object_get(account, "units"), k,
		    unit) {
			if (!json_is_true(json_object_get(unit, "limited")))
				continue;
			json_object_set(unit, "key", json_object_get(account,
			    "name"));
			json_array_append(rows, unit);
		}
	return rows;
}

static int
report_quota(struct ctl *c)
{
	const char *by = c->opt[OPT_BY] != NULL ? c->opt[OPT_BY] : "user";
	json_t *accounts, *rows;
	int rc;

	if (!is(by, "user") && !is(by, "account"))
		return ctl_misuse(c, "quotas are left by user or by account");
	rc = ctl_list(c, "/accounts", is(by, "user") ? "kind=user&" :
	    "kind=shared&", "accounts", &accounts);
	if (rc < 0)
		return rc;
	rows = quota_rows(json_object_get(accounts, "accounts"));
	json_decref(accounts);
	print_rows(c, json_pack("{s:s,s:o}", "by", by, "rows", rows),
	    quota_columns);
	return 0;
}

/* A factor above 0; *out stays as it is when none was given. */
static int
factor(struct ctl *c, enum ctl_opt opt, double *out)
{
	int64_t micro;

	if (c->opt[opt] == NULL)
		return 0;
	if (rel_money_parse(&micro, c->opt[opt], &c->err) < 0 || micro <= 0)
		return ctl_misuse(c, "\"%.40s\" is no number above 0",
		    c->opt[opt]);
	*out = (double)micro / REL_MONEY_UNIT;
	return 0;
}

static int
report_trees(struct ctl *c)
{
	struct rel_environment e = REL_ENVIRONMENT_DEFAULT;
	json_t *answer, *row;
	size_t i;
	int rc;

	if ((rc = factor(c, OPT_TREE_SHEETS, &e.sheets_per_tree)) < 0 ||
	    (rc = factor(c, OPT_CO2, &e.co2_grams)) < 0 ||
	    (rc = usage_get(c, &answer)) < 0)
		return rc;
	json_array_foreach(json_object_get(answer, "rows"), i, row)
		rel_environment_row(row, &e);
	json_object_set_new(answer, "sheets_per_tree",
	    json_real(e.sheets_per_tree));
	json_object_set_new(answer, "co2_grams_per_sheet",
	    json_real(e.co2_grams));
	print_rows(c, answer, environment_columns);
	if (c->opt[OPT_JSON] == NULL && c->opt[OPT_CSV] == NULL)
		printf("\n%g sheets a tree, %g g carbon dioxide a sheet. "
		    "Saved is what printing on both sides saved.\n",
		    e.sheets_per_tree, e.co2_grams);
	return 0;
}

static int
log_job(const struct rel_recorded *job, void *ctx)
{
	struct ctl *c = ctx;
	struct rel_buf b;

	if (!job->j.printed)
		return 0;
	rel_buf_init(&b);
	page_log_line(&b, c->opt[OPT_FORMAT], job);
	rel_put_u8(&b, '\n');
	fwrite(b.data, 1, b.len, stdout);
	rel_buf_fini(&b);
	return 0;
}

static int
report_log(struct ctl *c)
{
	return records(c, log_job, c);
}

static const enum ctl_opt opts[] = {
	OPT_BY, OPT_FROM, OPT_TO, OPT_CSV, OPT_COUNT
};
static const enum ctl_opt quota_opts[] = { OPT_BY, OPT_CSV, OPT_COUNT };
static const enum ctl_opt tree_opts[] = {
	OPT_BY, OPT_FROM, OPT_TO, OPT_CSV, OPT_TREE_SHEETS, OPT_CO2, OPT_COUNT
};
static const enum ctl_opt log_opts[] = {
	OPT_FORMAT, OPT_FROM, OPT_TO, OPT_COUNT
};
#define BY "By user, group, device, queue, account, day or month: "

const struct ctl_verb ctl_report_verbs[] = {
	{ "report", "usage", 0, 0, "", opts, "By user, group, device, queue, "
	    "function, account, day or month: what came out, in colour and "
	    "not, on both sides and not.",
	    report_usage },
	{ "report", "cost", 0, 0, "", opts, "By user, group, department, "
	    "device, queue, account, day or month: what was paid and given "
	    "back.", report_cost },
	{ "report", "quota", 0, 0, "", quota_opts,
	    "By user or account: what is used and left of quotas.", report_quota },
	{ "report", "environment", 0, 0, "", tree_opts, BY
	    "sheets, those that printing on both sides saved, and the trees "
	    "and carbon dioxide they stand for.", report_trees },
	{ "report", "page-log", 0, 0, "", log_opts,
	    "A line for each printed job as CUPS writes page_log.",
	    report_log },
	{ 0 }
};
