/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* releasectl user ... */
#include <stdio.h>
#include <string.h>

#include "ctl/ctl.h"

static const struct ctl_column list_columns[] = {
	{ "NAME", "name", COL_TEXT }, { "DISPLAY", "display", COL_TEXT },
	{ "DEPARTMENT", "department", COL_TEXT }, { "CARDS", "cards", COL_INT },
	{ "PASSWORD", "has_password", COL_YESNO },
	{ "DISABLED", "disabled", COL_YESNO },
	{ "LOCKED UNTIL", "locked_until", COL_TIME }, { NULL, NULL, COL_TEXT }
};

static const struct ctl_column show_columns[] = {
	{ "Name", "name", COL_TEXT }, { "Display name", "display", COL_TEXT },
	{ "Mail", "mail", COL_TEXT }, { "Department", "department", COL_TEXT },
	{ "Language", "locale", COL_TEXT },
	{ "Disabled", "disabled", COL_YESNO },
	{ "Directory", "directory", COL_TEXT },
	{ "Seen there", "directory_seen_at", COL_TIME },
	{ "Missing since", "directory_gone_at", COL_TIME },
	{ "Password set", "has_password", COL_YESNO },
	{ "ID number set", "has_id_number", COL_YESNO },
	{ "Card PIN set", "has_card_pin", COL_YESNO },
	{ "Cards", "cards", COL_INT },
	{ "Locked out until", "locked_until", COL_TIME },
	{ "Created", "created_at", COL_TIME }, { NULL, NULL, COL_TEXT }
};

/* The options that are values of a user, as JSON. */
static int
put_values(struct ctl *c, json_t *body)
{
	static const struct ctl_member texts[] = {
		{ OPT_DISPLAY, "display" }, { OPT_MAIL, "mail" },
		{ OPT_DEPARTMENT, "department" }, { OPT_LOCALE, "locale" },
	};
	bool disabled;
	int rc = ctl_put_texts(c, body, texts, sizeof texts /
	    sizeof texts[0]);

	if (rc < 0 || (rc = ctl_yes(c, OPT_DISABLED, &disabled)) <= 0)
		return rc;
	json_object_set_new(body, "disabled", json_boolean(disabled));
	return 0;
}

/* The secrets asked for by flags, in this order. */
static int
put_secrets(struct ctl *c, json_t *body)
{
	int rc = 0;

	if (c->opt[OPT_PASSWORD] != NULL)
		rc = ctl_put_secret(c, body, "password", "Password", true);
	if (rc == 0 && c->opt[OPT_ID_NUMBER] != NULL)
		rc = ctl_put_secret(c, body, "id_number", "ID number", true);
	if (rc == 0 && c->opt[OPT_PIN] != NULL)
		rc = ctl_put_secret(c, body, "card_pin", "Card PIN", true);
	return rc;
}

static int
user_add(struct ctl *c)
{
	json_t *body = json_pack("{s:s}", "name", c->arg[0]);
	json_t *user;
	int rc;

	if (body == NULL)
		return ctl_misuse(c, "the name is no UTF-8 text");
	if ((rc = put_values(c, body)) == 0 &&
	    (rc = put_secrets(c, body)) == 0)
		rc = ctl_call(c, "POST", "/users", "", body, &user);
	ctl_free_secret(body);
	if (rc == 0)
		ctl_print_one(c, user, show_columns);
	return rc;
}

static int
user_set(struct ctl *c)
{
	json_t *body = json_object(), *user;
	int rc;

	if ((rc = put_values(c, body)) == 0 &&
	    (rc = put_secrets(c, body)) == 0)
		rc = json_object_size(body) == 0 ?
		    ctl_misuse(c, "nothing to change was given") :
		    ctl_call(c, "PATCH", "/users/*", c->arg[0], body, &user);
	ctl_free_secret(body);
	if (rc == 0)
		ctl_print_one(c, user, show_columns);
	return rc;
}

/* Set or (--remove) take away one secret of a user. */
static int
set_secret(struct ctl *c, const char *key, const char *question)
{
	json_t *body = json_object(), *user;
	int rc = 0;

	if (c->opt[OPT_REMOVE] != NULL)
		json_object_set_new(body, key, json_string(""));
	else
		rc = ctl_put_secret(c, body, key, question, true);
	if (rc == 0)
		rc = ctl_call(c, "PATCH", "/users/*", c->arg[0], body, &user);
	ctl_free_secret(body);
	if (rc < 0)
		return rc;
	return ctl_told(c, user, "%s of %s %s.\n", question, c->arg[0],
	    c->opt[OPT_REMOVE] != NULL ? "removed" : "set");
}

static int
user_password(struct ctl *c)
{
	return set_secret(c, "password", "Password");
}

static int
user_pin(struct ctl *c)
{
	return set_secret(c, "card_pin", "Card PIN");
}

static int
user_id_number(struct ctl *c)
{
	return set_secret(c, "id_number", "ID number");
}

static int
user_list(struct ctl *c)
{
	json_t *users;
	int rc = ctl_list(c, "/users", "", "users", &users);

	if (rc == 0)
		ctl_print_list(c, users, "users", list_columns);
	return rc;
}

static int
user_show(struct ctl *c)
{
	json_t *user;
	int rc = ctl_call(c, "GET", "/users/*", c->arg[0], NULL, &user);

	if (rc == 0)
		ctl_print_one(c, user, show_columns);
	return rc;
}

static int
user_delete(struct ctl *c)
{
	int rc = 0;

	for (int i = 0; i < c->nargs && rc == 0; i++)
		if ((rc = ctl_call(c, "DELETE", "/users/*", c->arg[i], NULL,
		    NULL)) == 0)
			ctl_say(c, "User %s deleted.\n", c->arg[i]);
	return rc;
}

static const enum ctl_opt none[] = { OPT_COUNT };
static const enum ctl_opt add_opts[] = {
	OPT_DISPLAY, OPT_MAIL, OPT_DEPARTMENT, OPT_LOCALE, OPT_PASSWORD,
	OPT_ID_NUMBER, OPT_PIN, OPT_STDIN, OPT_COUNT
};
static const enum ctl_opt set_opts[] = {
	OPT_DISPLAY, OPT_MAIL, OPT_DEPARTMENT, OPT_LOCALE, OPT_DISABLED,
	OPT_PASSWORD, OPT_ID_NUMBER, OPT_PIN, OPT_STDIN, OPT_COUNT
};
static const enum ctl_opt import_opts[] = {
	OPT_DRY_RUN, OPT_DELETE_MISSING, OPT_STDIN, OPT_COUNT
};
static const enum ctl_opt export_opts[] = { OPT_OUTPUT, OPT_COUNT };
static const enum ctl_opt secret_opts[] = {
	OPT_STDIN, OPT_REMOVE, OPT_COUNT
};

const struct ctl_verb ctl_user_verbs[] = {
	{ "user", "list", 0, 0, "", none, "List all users.", user_list },
	{ "user", "show", 1, 1, "NAME", none, "Show one user.", user_show },
	{ "user", "add", 1, 1, "NAME", add_opts,
	    "Enter a user. Secrets are asked for, or read from standard "
	    "input with --stdin in the order password, ID number, card PIN.",
	    user_add },
	{ "user", "set", 1, 1, "NAME", set_opts, "Change a user.", user_set },
	{ "user", "password", 1, 1, "NAME", secret_opts,
	    "Set or remove a user's password.", user_password },
	{ "user", "pin", 1, 1, "NAME", secret_opts,
	    "Set or remove the PIN that goes with a user's card.", user_pin },
	{ "user", "id-number", 1, 1, "NAME", secret_opts,
	    "Set or remove a user's ID number.", user_id_number },
	{ "user", "delete", 1, ARGS_MAX, "NAME ...", none,
	    "Delete users and their cards. Held jobs stay until they expire.",
	    user_delete },
	{ "user", "import", 0, 1, "FILE", import_opts,
	    "Users from a CSV file (RFC 4180, UTF-8; the first line names the "
	    "columns): all or nothing. - is standard input.", user_import },
	{ "user", "import-undo", 0, 0, "", none,
	    "Take the last import back, unless one of its users was changed "
	    "since.", user_import_undo },
	{ "user", "export", 0, 0, "", export_opts,
	    "All users as a CSV file, without secrets.", user_export },
	{ "user", "data", 1, 1, "NAME", none,
	    "All that is known of one person, as JSON.", user_data },
	{ "user", "erase", 1, 1, "NAME", none,
	    "Erase one person: the user, cards and held jobs go, and in "
	    "records that stay a pseudonym takes the place of name and "
	    "titles. This cannot be taken back.", user_erase },
	{ "user", "locked", 0, 0, "", none,
	    "List who is locked out after failed log-ins, and until when.",
	    user_locked },
	{ "user", "unlock", 1, ARGS_MAX, "NAME ...", none,
	    "Let people in again who were locked out after failed log-ins.",
	    user_unlock },
	{ 0 }
};
