/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* releasectl card ... */
#include <stdio.h>

#include "ctl/ctl.h"

static const struct ctl_column columns[] = {
	{ "ID", "id", COL_TEXT }, { "USER", "user", COL_TEXT },
	{ "ENDS IN", "tail", COL_TEXT }, { "CREATED", "created_at", COL_TIME },
	{ "VALID UNTIL", "valid_until", COL_TIME },
	{ NULL, NULL, COL_TEXT }
};

static int
card_list(struct ctl *c)
{
	struct rel_buf query;
	json_t *cards;
	int rc;

	rel_buf_init(&query);
	rel_api_query(&query, "user", c->opt[OPT_USER]);
	rc = ctl_list_built(c, "/cards", &query, "cards", 0, &cards);
	if (rc == 0)
		ctl_print_list(c, cards, "cards", columns);
	return rc;
}

int
ctl_card_add(struct ctl *c, const char *path, json_t *body,
    const char *for_whom)
{
	json_t *card;
	int rc;

	if (body == NULL)
		return ctl_misuse(c, "that is no UTF-8 text");
	if ((rc = c->opt[OPT_VALUE_FILE] != NULL ?
	    ctl_put_file(c, body, "value", c->opt[OPT_VALUE_FILE]) :
	    ctl_put_secret(c, body, "value", "Card number", false)) < 0) {
		ctl_free_secret(body);
		return rc;
	}
	rc = ctl_send(c, "POST", path, NULL, body, &card);
	return rc < 0 ? rc : ctl_told(c, card,
	    "Card %s added%s (ends in %s).\n",
	    json_string_value(json_object_get(card, "id")), for_whom,
	    json_string_value(json_object_get(card, "tail")));
}

static int
card_add(struct ctl *c)
{
	char for_whom[512];

	snprintf(for_whom, sizeof for_whom, " for %s", c->arg[0]);
	return ctl_card_add(c, "/cards", json_pack("{s:s,s:s*,s:s*}", "user",
	    c->arg[0], "valid_until", c->opt[OPT_VALID_UNTIL], "encoding",
	    c->opt[OPT_ENCODING]), for_whom);
}

static int
card_delete(struct ctl *c)
{
	int rc = 0;

	for (int i = 0; i < c->nargs && rc == 0; i++)
		if ((rc = ctl_call(c, "DELETE", "/cards/*", c->arg[i], NULL,
		    NULL)) == 0)
			ctl_say(c, "Card %s deleted.\n", c->arg[i]);
	return rc;
}

static const enum ctl_opt none[] = { OPT_COUNT };
static const enum ctl_opt list_opts[] = { OPT_USER, OPT_COUNT };
static const enum ctl_opt add_opts[] = {
	OPT_STDIN, OPT_VALUE_FILE, OPT_ENCODING,
	OPT_VALID_UNTIL, OPT_COUNT
};

const struct ctl_verb ctl_card_verbs[] = {
	{ "card", "list", 0, 0, "", list_opts, "List cards.", card_list },
	{ "card", "add", 1, 1, "USER", add_opts,
	    "Tie a card to a user. Its number is asked for, or read from "
	    "standard input or a file: never from the command line.",
	    card_add },
	{ "card", "delete", 1, ARGS_MAX, "ID ...", none, "Delete cards.",
	    card_delete },
	{ 0 }
};
