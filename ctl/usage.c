/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* releasectl usage and audit: figures and the log of who did what. */
#include <stdio.h>
#include <string.h>

#include "ctl/ctl.h"

#define FIGURES \
	{ "JOBS", "jobs", COL_INT }, { "SHEETS", "sheets", COL_INT }, \
	{ "SIDES", "sides", COL_INT }, { "COLOUR", "colour", COL_INT }, \
	{ "MONO", "mono", COL_INT }, { "UNCOUNTED", "uncounted", COL_INT }, \
	{ NULL, NULL, COL_TEXT }

static const struct ctl_column plain_columns[] = {
	{ "FROM", "at", COL_TIME }, FIGURES
};
static const struct ctl_column user_columns[] = {
	{ "FROM", "at", COL_TIME }, { "USER", "user", COL_TEXT }, FIGURES
};
static const struct ctl_column device_columns[] = {
	{ "FROM", "at", COL_TIME }, { "DEVICE", "device", COL_TEXT }, FIGURES
};
static const struct ctl_column queue_columns[] = {
	{ "FROM", "at", COL_TIME }, { "QUEUE", "queue", COL_TEXT }, FIGURES
};

static const struct ctl_column function_columns[] = {
	{ "FROM", "at", COL_TIME }, { "FUNCTION", "function", COL_TEXT },
	FIGURES
};

static const struct ctl_column total_columns[] = {
	{ "Jobs", "jobs", COL_INT }, { "Sheets", "sheets", COL_INT },
	{ "Sides", "sides", COL_INT }, { "In colour", "colour", COL_INT },
	{ "Black and white", "mono", COL_INT },
	{ "Jobs of unknown length", "uncounted", COL_INT },
	{ NULL, NULL, COL_TEXT }
};

static const struct ctl_column audit_columns[] = {
	{ "WHEN", "at", COL_TIME }, { "WHO", "who", COL_TEXT },
	{ "WHAT", "what", COL_TEXT }, { "DETAIL", "detail", COL_TEXT },
	{ NULL, NULL, COL_TEXT }
};

static const struct ctl_column *
columns_of(const char *group)
{
	if (group != NULL && strcmp(group, "user") == 0)
		return user_columns;
	if (group != NULL && strcmp(group, "device") == 0)
		return device_columns;
	if (group != NULL && strcmp(group, "queue") == 0)
		return queue_columns;
	if (group != NULL && strcmp(group, "function") == 0)
		return function_columns;
	return plain_columns;
}

static void
print_usage_of(struct ctl *c, json_t *answer)
{
	json_t *rows = json_object_get(answer, "rows");
	json_int_t left_out = json_integer_value(json_object_get(answer,
	    "left_out"));

	if (json_array_size(rows) > 0) {
		ctl_table(rows, columns_of(c->opt[OPT_GROUP]));
		printf("\n");
	}
	if (left_out > 0)
		printf("%lld more rows are not shown (--limit)\n\n",
		    (long long)left_out);
	ctl_show(json_object_get(answer, "totals"), total_columns);
}

static int
usage(struct ctl *c)
{
	struct rel_buf url;
	json_t *answer;
	int64_t limit;
	int rc;

	if ((rc = ctl_number(c, OPT_LIMIT, 1, 2000, &limit)) < 0)
		return rc;
	rel_buf_init(&url);
	rel_put_fmt(&url, "/usage?");
	rel_api_query(&url, "by", c->opt[OPT_BY]);
	rel_api_query(&url, "group_by", c->opt[OPT_GROUP]);
	rel_api_query(&url, "from", c->opt[OPT_FROM]);
	rel_api_query(&url, "to", c->opt[OPT_TO]);
	rel_api_query(&url, "user", c->opt[OPT_USER]);
	rel_api_query(&url, "device", c->opt[OPT_DEVICE]);
	rel_api_query(&url, "limit", c->opt[OPT_LIMIT]);
	if ((rc = ctl_call_built(c, "GET", &url, NULL, &answer)) < 0)
		return rc;
	if (c->opt[OPT_JSON] != NULL)
		ctl_print_json(answer);
	else
		print_usage_of(c, answer);
	json_decref(answer);
	return 0;
}

static int
audit(struct ctl *c)
{
	struct rel_buf query;
	int64_t limit = 100;
	json_t *answer;
	int rc;

	if ((rc = ctl_number(c, OPT_LIMIT, 1, CTL_ROWS_MAX, &limit)) < 0)
		return rc;
	rel_buf_init(&query);
	rel_api_query(&query, "who", c->opt[OPT_WHO]);
	rel_api_query(&query, "what", c->opt[OPT_WHAT]);
	rel_api_query(&query, "from", c->opt[OPT_FROM]);
	rel_api_query(&query, "to", c->opt[OPT_TO]);
	rc = ctl_list_built(c, "/audit", &query, "audit", (size_t)limit,
	    &answer);
	if (rc == 0)
		ctl_print_list(c, answer, "audit", audit_columns);
	return rc;
}

static const enum ctl_opt usage_opts[] = {
	OPT_BY, OPT_GROUP, OPT_FROM, OPT_TO, OPT_USER, OPT_DEVICE, OPT_LIMIT,
	OPT_COUNT
};
static const enum ctl_opt audit_opts[] = {
	OPT_WHO, OPT_WHAT, OPT_FROM, OPT_TO, OPT_LIMIT, OPT_COUNT
};

const struct ctl_verb ctl_usage_verbs[] = {
	{ "usage", NULL, 0, 0, "", usage_opts,
	    "Tell what came out, by hour, day (unless --by says otherwise), "
	    "week, month or all in one.", usage },
	{ "audit", NULL, 0, 0, "", audit_opts,
	    "List who did what, newest first; 100 entries unless --limit is "
	    "given.", audit },
	{ 0 }
};
