/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* releasectl card ... */
#include <string.h>

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
	if (c->opt[OPT_USER] != NULL) {
		rel_put_fmt(&query, "user=");
		rel_api_escape(&query, c->opt[OPT_USER]);
		rel_put_fmt(&query, "&");
	}
	rel_put_u8(&query, 0);
	rc = query.failed ? rel_err_set(&c->err, query.failed, "no memory") :
	    ctl_list(c, "/cards", (const char *)query.data, "cards", &cards);
	rel_buf_fini(&query);
	if (rc == 0)
		ctl_print_list(c, cards, "cards", columns);
	return rc;
}

static int
card_add(struct ctl *c)
{
	json_t *body = json_pack("{s:s}", "user", c->arg[0]);
	json_t *card;
	int rc;

	if (body == NULL)
		return ctl_misuse(c, "the name is no UTF-8 text");
	if (c->opt[OPT_VALID_UNTIL] != NULL)
		json_object_set_new(body, "valid_until",
		    json_string(c->opt[OPT_VALID_UNTIL]));
	if (c->opt[OPT_ENCODING] != NULL)
		json_object_set_new(body, "encoding",
		    json_string(c->opt[OPT_ENCODING]));
	rc = c->opt[OPT_VALUE_FILE] != NULL ?
	    ctl_put_file(c, body, "value", c->opt[OPT_VALUE_FILE]) :
	    ctl_put_secret(c, body, "value", "Card number", false);
	if (rc == 0)
		rc = ctl_call(c, "POST", "/cards", "", body, &card);
	ctl_free_secret(body);
	if (rc < 0)
		return rc;
	if (c->opt[OPT_JSON] != NULL)
		ctl_print_json(card);
	ctl_say(c, "Card %s added for %s (ends in %s).\n",
	    json_string_value(json_object_get(card, "id")), c->arg[0],
	    json_string_value(json_object_get(card, "tail")));
	json_decref(card);
	return 0;
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
