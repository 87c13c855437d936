/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* releasectl card ... */
#include <stdio.h>

#include "ctl/ctl.h"

static const struct ctl_column columns[] = {
	{ "ID", "id", COL_TEXT }, { "USER", "user", COL_TEXT },
	{ "ENDS IN", "tail", COL_TEXT }, { "CREATED", "created_at", COL_TIME },
	{ "VALID FROM", "valid_from", COL_TIME },
	{ "VALID UNTIL", "valid_until", COL_TIME },
	{ NULL, NULL, COL_TEXT }
};

static const struct ctl_column clash_columns[] = {
	{ "CARD", "card", COL_TEXT }, { "ENDS IN", "tail", COL_TEXT },
	{ "OWNER", "owner", COL_TEXT }, { "WANTED BY", "wants", COL_TEXT },
	{ "AT", "from", COL_TEXT }, { "WHEN", "at", COL_TIME },
	{ NULL, NULL, COL_TEXT }
};

static const struct ctl_column rule_columns[] = {
	{ "OF", "of", COL_TEXT }, { "NAME", "name", COL_TEXT },
	{ "FORMAT", "format", COL_TEXT }, { "FORMER", "former", COL_TEXT },
	{ "READER", "usb", COL_TEXT }, { "CHANGED", "changed_at", COL_TIME },
	{ "BY", "changed_by", COL_TEXT }, { NULL, NULL, COL_TEXT }
};

static const struct ctl_column tried_columns[] = {
	{ "FORMAT", "format", COL_TEXT }, { "NUMBER", "number", COL_TEXT },
	{ "WHY NONE", "why", COL_TEXT }, { NULL, NULL, COL_TEXT }
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
	return ctl_card_add(c, "/cards", json_pack("{s:s,s:s*,s:s*,s:s*}",
	    "user", c->arg[0], "valid_from", c->opt[OPT_VALID_FROM],
	    "valid_until", c->opt[OPT_VALID_UNTIL], "encoding",
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

/* ---- whose it is to be */

static int
card_clashes(struct ctl *c)
{
	json_t *all;
	int rc = ctl_call(c, "GET", "/card-clashes", NULL, NULL, &all);

	if (rc == 0)
		ctl_print_list(c, all, "clashes", clash_columns);
	return rc;
}

static int
card_give(struct ctl *c)
{
	json_t *card;
	int rc = ctl_send(c, "POST", "/cards/*/owner", c->arg[0],
	    json_pack("{s:s}", "user", c->arg[1]), &card);

	return rc < 0 ? rc : ctl_told(c, card, "Card %s is %s's now.\n",
	    c->arg[0], c->arg[1]);
}

static int
card_keep(struct ctl *c)
{
	int rc = ctl_call(c, "DELETE", "/card-clashes/*", c->arg[0], NULL,
	    NULL);

	if (rc == 0)
		ctl_say(c, "Card %s stays whose it is.\n", c->arg[0]);
	return rc;
}

/* ---- how numbers are made */

static int
card_formats(struct ctl *c)
{
	json_t *all;
	int rc = ctl_call(c, "GET", "/card-formats", NULL, NULL, &all);

	if (rc == 0)
		ctl_print_list(c, all, "rules", rule_columns);
	return rc;
}

/* "decimal start=3", of the arguments; NULL when it is too long. */
static const char *
format_words(struct ctl *c, char out[64])
{
	size_t n = 0;

	out[0] = '\0';
	for (int i = 0; i < c->nargs; i++) {
		int m = snprintf(out + n, 64 - n, "%s%s", i > 0 ? " " : "",
		    c->arg[i]);

		if (m < 0 || (size_t)m >= 64 - n)
			return NULL;
		n += (size_t)m;
	}
	return out;
}

static int
card_set_format(struct ctl *c)
{
	char words[64];
	json_t *body, *rule;
	int rc;

	if (format_words(c, words) == NULL)
		return ctl_misuse(c, "that is no format");
	body = json_pack("{s:s*,s:s*,s:s*,s:s*}", "format", c->nargs > 0 ?
	    words : c->opt[OPT_DEFAULT] != NULL ? "" : NULL, "usb",
	    c->opt[OPT_USB], "device", c->opt[OPT_DEVICE], "device_group",
	    c->opt[OPT_DEVICE_GROUP]);
	if (body != NULL && c->opt[OPT_YES] != NULL)
		json_object_set_new(body, "confirm", json_true());
	if (body != NULL && c->opt[OPT_FORGET_FORMER] != NULL)
		json_object_set_new(body, "forget_former", json_true());
	rc = ctl_send(c, "PATCH", "/card-formats", NULL, body, &rule);
	return rc < 0 ? rc : ctl_told(c, rule, "Changed. Devices learn it "
	    "within a minute.\n");
}

/* What each format makes of a card. */
static int
card_read(struct ctl *c)
{
	char words[64];
	json_t *body, *all;
	int rc;

	if (format_words(c, words) == NULL)
		return ctl_misuse(c, "that is no format");
	body = json_pack("{s:s*,s:s*,s:s*,s:s*}", "encoding",
	    c->opt[OPT_ENCODING], "device", c->opt[OPT_DEVICE], "device_group",
	    c->opt[OPT_DEVICE_GROUP], "format", c->nargs > 0 ? words : NULL);
	if (body == NULL)
		return ctl_misuse(c, "that is no UTF-8 text");
	if ((rc = c->opt[OPT_VALUE_FILE] != NULL ?
	    ctl_put_file(c, body, "value", c->opt[OPT_VALUE_FILE]) :
	    ctl_put_secret(c, body, "value", "Hold the card to the reader",
	    false)) < 0) {
		ctl_free_secret(body);
		return rc;
	}
	rc = ctl_send(c, "POST", "/card-formats/test", NULL, body, &all);
	if (rc < 0)
		return rc;
	if (c->opt[OPT_JSON] == NULL) {
		ctl_show(json_object_get(all, "set"), tried_columns);
		printf("\n");
	}
	ctl_print_list(c, all, "all", tried_columns);
	return 0;
}

static const enum ctl_opt none[] = { OPT_COUNT };
static const enum ctl_opt list_opts[] = { OPT_USER, OPT_COUNT };
static const enum ctl_opt add_opts[] = {
	OPT_STDIN, OPT_VALUE_FILE, OPT_ENCODING,
	OPT_VALID_FROM, OPT_VALID_UNTIL, OPT_COUNT
};
static const enum ctl_opt format_opts[] = {
	OPT_DEVICE, OPT_DEVICE_GROUP, OPT_USB, OPT_DEFAULT, OPT_FORGET_FORMER,
	OPT_YES, OPT_COUNT
};
static const enum ctl_opt read_opts[] = {
	OPT_STDIN, OPT_VALUE_FILE, OPT_ENCODING, OPT_DEVICE, OPT_DEVICE_GROUP,
	OPT_COUNT
};

const struct ctl_verb ctl_card_verbs[] = {
	{ "card", "list", 0, 0, "", list_opts, "List cards.", card_list },
	{ "card", "add", 1, 1, "USER", add_opts,
	    "Tie a card to a user. Its number is asked for, or read from "
	    "standard input or a file: never from the command line.",
	    card_add },
	{ "card", "delete", 1, ARGS_MAX, "ID ...", none, "Delete cards.",
	    card_delete },
	{ "card", "clashes", 0, 0, "", none, "Cards somebody tried to "
	    "register that are somebody else's.", card_clashes },
	{ "card", "give", 2, 2, "ID USER", none, "Make a card another "
	    "user's.", card_give },
	{ "card", "keep", 1, 1, "ID", none, "A card that others want stays "
	    "whose it is.", card_keep },
	{ "card", "formats", 0, 0, "", none, "How card numbers are made: on "
	    "the server, in device groups, at devices.", card_formats },
	{ "card", "set-format", 0, 4, "[FORMAT [reverse=HOW] [start=N] "
	    "[length=N]]", format_opts, "Change how card numbers are made, or "
	    "which USB reader there is; on the server where no device and no "
	    "group is named. FORMAT is hex, hex-reversed, hex-mirrored, "
	    "decimal, decimal-reversed, wiegand-26, card-24, uid or ascii; "
	    "HOW is none, bytes, bits or digits.", card_set_format },
	{ "card", "read", 0, 4, "[FORMAT [reverse=HOW] [start=N] "
	    "[length=N]]", read_opts, "What each format makes of a card, and "
	    "the one given or set. What the reader reads is asked for, or read "
	    "from standard input or a file.", card_read },
	{ 0 }
};
