/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* releasectl me ...: what people change for themselves. */
#include <stdio.h>
#include <string.h>

#include "ctl/ctl.h"

static const struct ctl_column show_columns[] = {
	{ "Name", "name", COL_TEXT }, { "Display name", "display", COL_TEXT },
	{ "Role", "role", COL_TEXT }, { "Language", "locale", COL_TEXT },
	{ "Directory", "directory", COL_TEXT },
	{ "Password set", "has_password", COL_YESNO },
	{ "ID number set", "has_id_number", COL_YESNO },
	{ "Card PIN set", "has_card_pin", COL_YESNO },
	{ "Cards", "cards", COL_INT }, { NULL, NULL, COL_TEXT }
};

static const struct ctl_column card_columns[] = {
	{ "ID", "id", COL_TEXT }, { "ENDS IN", "tail", COL_TEXT },
	{ "CREATED", "created_at", COL_TIME },
	{ "VALID UNTIL", "valid_until", COL_TIME }, { NULL, NULL, COL_TEXT }
};

static int
me_show(struct ctl *c)
{
	json_t *me;
	int rc = ctl_call(c, "GET", "/me", "", NULL, &me);

	if (rc == 0)
		ctl_print_one(c, me, show_columns);
	return rc;
}

/* The password there is, if there is one, and the new one. */
static int
put_password(struct ctl *c, json_t *body)
{
	json_t *me;
	int rc = ctl_call(c, "GET", "/me", "", NULL, &me);

	if (rc < 0)
		return rc;
	if (json_is_string(json_object_get(me, "directory"))) {
		json_decref(me);	/* refused, and the words say where */
		json_object_set_new(body, "password", json_string("-"));
		return 0;
	}
	if (json_is_true(json_object_get(me, "has_password")))
		rc = ctl_put_secret(c, body, "current_password",
		    "Current password", false);
	json_decref(me);
	return rc < 0 ? rc : ctl_put_secret(c, body, "password",
	    "New password", true);
}

/* A secret that is asked for, or taken away. */
static int
put_or_remove(struct ctl *c, json_t *body, const char *key,
    const char *question)
{
	if (c->opt[OPT_REMOVE] == NULL)
		return ctl_put_secret(c, body, key, question, true);
	json_object_set_new(body, key, json_string(""));
	return 0;
}

static int
put_changes(struct ctl *c, json_t *body)
{
	int rc = 0;

	if (c->opt[OPT_LOCALE] != NULL && json_object_set_new(body, "locale",
	    json_string(c->opt[OPT_LOCALE])) < 0)
		return ctl_misuse(c, "the locale is no UTF-8 text");
	if (c->opt[OPT_ID_NUMBER] != NULL && c->opt[OPT_NEW_NUMBER] != NULL)
		return ctl_misuse(c, "--id-number asks for one, --new-number "
		    "has one chosen");
	if (c->opt[OPT_NEW_NUMBER] != NULL)
		json_object_set_new(body, "id_number", json_string("new"));
	if (c->opt[OPT_PASSWORD] != NULL)
		rc = put_password(c, body);
	if (rc == 0 && c->opt[OPT_ID_NUMBER] != NULL)
		rc = put_or_remove(c, body, "id_number", "ID number");
	if (rc == 0 && c->opt[OPT_PIN] != NULL)
		rc = put_or_remove(c, body, "card_pin", "Card PIN");
	return rc;
}

static int
me_set(struct ctl *c)
{
	json_t *body = json_object(), *me;
	const char *number;
	int rc = put_changes(c, body);

	if (rc == 0)
		rc = json_object_size(body) == 0 ?
		    ctl_misuse(c, "nothing to change was given") :
		    ctl_call(c, "PATCH", "/me", "", body, &me);
	ctl_free_secret(body);
	if (rc < 0)
		return rc;
	number = json_string_value(json_object_get(me, "id_number"));
	return number != NULL ? ctl_told(c, me,
	    "Your ID number is %s. It is not shown again.\n", number) :
	    ctl_told(c, me, "Changed.\n");
}

static int
me_code(struct ctl *c)
{
	json_t *o;
	char until[64];
	int rc = ctl_send(c, "POST", "/me/code", "", json_pack("{s:s*}",
	    "device", c->opt[OPT_DEVICE]), &o);

	if (rc < 0)
		return rc;
	ctl_text(until, sizeof until, json_object_get(o, "expires_at"),
	    COL_TIME);
	ctl_qr(c, json_string_value(json_object_get(o, "code")));
	return ctl_told(c, o, "%s\nGood once, until %s: choose \"Code from my "
	    "page\" at the device.\n", json_string_value(json_object_get(o,
	    "code")), until);
}

static int
me_card_delete(struct ctl *c)
{
	int rc = 0;

	for (int i = 1; i < c->nargs && rc == 0; i++)
		if ((rc = ctl_call(c, "DELETE", "/me/cards/*", c->arg[i],
		    NULL, NULL)) == 0)
			ctl_say(c, "Card %s deleted.\n", c->arg[i]);
	return rc;
}

static int
me_card(struct ctl *c)
{
	json_t *cards;
	int rc;

	if (strcmp(c->arg[0], "add") == 0 && c->nargs == 1)
		return ctl_card_add(c, "/me/cards", json_pack("{s:s*}",
		    "encoding", c->opt[OPT_ENCODING]), "");
	if (strcmp(c->arg[0], "delete") == 0 && c->nargs > 1)
		return me_card_delete(c);
	if (strcmp(c->arg[0], "list") != 0 || c->nargs > 1)
		return ctl_misuse(c, "list, add, or delete and the ids");
	rc = ctl_call(c, "GET", "/me/cards", "", NULL, &cards);
	if (rc == 0)
		ctl_print_list(c, cards, "cards", card_columns);
	return rc;
}

static const enum ctl_opt code_opts[] = { OPT_DEVICE, OPT_COUNT };
static const enum ctl_opt none[] = { OPT_COUNT };
static const enum ctl_opt set_opts[] = {
	OPT_LOCALE, OPT_PASSWORD, OPT_ID_NUMBER, OPT_NEW_NUMBER, OPT_PIN,
	OPT_REMOVE, OPT_STDIN, OPT_COUNT
};
static const enum ctl_opt card_opts[] = {
	OPT_STDIN, OPT_VALUE_FILE, OPT_ENCODING, OPT_COUNT
};

/* ---- delegates */

static int
delegate_list(struct ctl *c)
{
	static const struct ctl_column columns[] = {
		{ "NAME", "name", COL_TEXT },
		{ "VALID UNTIL", "valid_until", COL_TIME },
		{ "SINCE", "created_at", COL_TIME }, { NULL, NULL, COL_TEXT }
	};
	json_t *answer;
	int rc = ctl_call(c, "GET", "/me/delegates", "", NULL, &answer);

	if (rc < 0)
		return rc;
	if (c->opt[OPT_JSON] != NULL) {
		ctl_print_json(answer);
	} else {
		ctl_say(c, "May see and print your jobs:\n");
		ctl_table(json_object_get(answer, "delegates"), columns);
		ctl_say(c, "Whose jobs you may see and print:\n");
		ctl_table(json_object_get(answer, "of"), columns);
	}
	json_decref(answer);
	return 0;
}

static int
delegate_add(struct ctl *c)
{
	int rc = ctl_send(c, "POST", "/me/delegates", NULL, json_pack(
	    "{s:s,s:s*}", "name", c->arg[1], "valid_until",
	    c->opt[OPT_VALID_UNTIL]), NULL);

	if (rc == 0)
		ctl_say(c, "%s may see and print your jobs now.\n",
		    c->arg[1]);
	return rc;
}

static int
me_delegate(struct ctl *c)
{
	int rc;

	if (strcmp(c->arg[0], "list") == 0 && c->nargs == 1)
		return delegate_list(c);
	if (strcmp(c->arg[0], "add") == 0 && c->nargs == 2)
		return delegate_add(c);
	if (strcmp(c->arg[0], "remove") != 0 || c->nargs != 2)
		return ctl_misuse(c, "me delegate wants list, add NAME or "
		    "remove NAME");
	rc = ctl_call(c, "DELETE", "/me/delegates/*", c->arg[1], NULL, NULL);
	if (rc == 0)
		ctl_say(c, "%s is no delegate of yours any more.\n",
		    c->arg[1]);
	return rc;
}

static const enum ctl_opt delegate_opts[] = { OPT_VALID_UNTIL, OPT_COUNT };

const struct ctl_verb ctl_me_verbs[] = {
	{ "me", "show", 0, 0, "", none, "What is known of you.", me_show },
	{ "me", "set", 0, 0, "", set_opts,
	    "Change what is your own. Secrets are asked for: the password "
	    "there is, the new one, the ID number, the PIN, in this order. "
	    "--remove takes ID number or PIN away.", me_set },
	{ "me", "code", 0, 0, "", code_opts,
	    "A code that lets you in at a device once, within some minutes; a "
	    "terminal also shows it as a picture.",
	    me_code },
	{ "me", "card", 1, ARGS_MAX, "list|add|delete ID ...", card_opts,
	    "Your cards. The number of a new one is asked for, or read from "
	    "standard input or a file.", me_card },
	{ "me", "delegate", 1, 2, "list|add|remove NAME", delegate_opts,
	    "Who may see and print your jobs in your place, for ever or until "
	    "a day. They change and delete nothing.", me_delegate },
	{ 0 }
};
