/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* releasectl activity: copies, scans and faxes at devices. */
#include <stdio.h>
#include <string.h>

#include "ctl/ctl.h"
#include "lib/money.h"

static const struct ctl_column list_columns[] = {
	{ "ID", "id", COL_TEXT }, { "WHEN", "at", COL_TIME },
	{ "FUNCTION", "function", COL_TEXT }, { "STATE", "state", COL_TEXT },
	{ "USER", "user", COL_TEXT }, { "DEVICE", "device", COL_TEXT },
	{ "SIDES", "sides", COL_INT }, { "COLOUR", "colour", COL_INT },
	{ "COST", "cost", COL_TEXT }, { "RESULT", "result", COL_TEXT },
	{ NULL, NULL, COL_TEXT }
};

static const struct ctl_column show_columns[] = {
	{ "Id", "id", COL_TEXT }, { "When", "at", COL_TIME },
	{ "Function", "function", COL_TEXT }, { "State", "state", COL_TEXT },
	{ "User", "user", COL_TEXT }, { "Device", "device", COL_TEXT },
	{ "Granted", "granted", COL_INT }, { "Sides", "sides", COL_INT },
	{ "In colour", "colour", COL_INT }, { "Sheets", "sheets", COL_INT },
	{ "Result", "result", COL_TEXT }, { "Because of", "cause", COL_TEXT },
	{ "Cost", "cost", COL_TEXT }, { "Paid by", "account", COL_TEXT },
	{ NULL, NULL, COL_TEXT }
};

static const struct ctl_column entry_columns[] = {
	{ "WHEN", "at", COL_TIME }, { "KIND", "kind", COL_TEXT },
	{ "OF", "of", COL_TEXT }, { "UNIT", "unit", COL_TEXT },
	{ "AMOUNT", "amount", COL_TEXT }, { NULL, NULL, COL_TEXT }
};

static void
put_cost(json_t *o)
{
	const json_t *micro = json_object_get(o, "micro");
	char text[REL_MONEY_TEXT];

	if (!json_is_integer(micro))
		return;
	rel_money_text_in(text, json_integer_value(micro), ctl_str(o,
	    "currency"));
	json_object_set_new(o, "cost", json_string(text));
}

static int
list(struct ctl *c)
{
	struct rel_buf query;
	int64_t limit = 100;
	json_t *answer, *row;
	size_t i;
	int rc;

	if ((rc = ctl_number(c, OPT_LIMIT, 1, CTL_ROWS_MAX, &limit)) < 0)
		return rc;
	rel_buf_init(&query);
	rel_api_query(&query, "user", c->opt[OPT_USER]);
	rel_api_query(&query, "device", c->opt[OPT_DEVICE]);
	rel_api_query(&query, "function", c->opt[OPT_WHAT]);
	rel_api_query(&query, "from", c->opt[OPT_FROM]);
	rel_api_query(&query, "to", c->opt[OPT_TO]);
	rc = ctl_list_built(c, "/activity", &query, "activity", (size_t)limit,
	    &answer);
	if (rc < 0)
		return rc;
	if (c->opt[OPT_JSON] == NULL)
		json_array_foreach(json_object_get(answer, "activity"), i,
		    row)
			put_cost(row);
	ctl_print_list(c, answer, "activity", list_columns);
	return 0;
}

static int
show(struct ctl *c)
{
	json_t *answer, *line;
	char text[400];
	size_t i;
	int rc = ctl_call(c, "GET", "/activity/*", c->arg[0], NULL, &answer);

	if (rc < 0)
		return rc;
	if (c->opt[OPT_JSON] != NULL) {
		ctl_print_json(answer);
	} else {
		put_cost(answer);
		ctl_show(answer, show_columns);
		json_array_foreach(json_object_get(answer, "why"), i, line) {
			ctl_text(text, sizeof text, line, COL_TEXT);
			printf("  %s\n", text);
		}
		printf("\n");
		ctl_table(json_object_get(answer, "entries"), entry_columns);
	}
	json_decref(answer);
	return 0;
}

static const enum ctl_opt list_opts[] = {
	OPT_USER, OPT_DEVICE, OPT_WHAT, OPT_FROM, OPT_TO, OPT_LIMIT, OPT_COUNT
};

static const enum ctl_opt none[] = { OPT_COUNT };

const struct ctl_verb ctl_activity_verbs[] = {
	{ "activity", "list", 0, 0, "", list_opts,
	    "List copies, scans and faxes, newest first; 100 unless --limit "
	    "is given. --what takes one function.", list },
	{ "activity", "show", 1, 1, "ID", none,
	    "Tell what one of them cost, and why.", show },
	{ 0 }
};
