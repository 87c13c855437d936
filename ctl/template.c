/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* releasectl template ...: what a log-in must prove. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ctl/ctl.h"
#include "lib/names.h"

static const struct ctl_column list_columns[] = {
	{ "NAME", "name", COL_TEXT }, { "SUCCESS", "success", COL_TEXT },
	{ "BLOCKS", "block_words", COL_TEXT },
	{ "GROUPS", "group_words", COL_TEXT },
	{ "USED BY", "use_words", COL_TEXT }, { NULL, NULL, COL_TEXT }
};

static const struct ctl_column show_columns[] = {
	{ "NAME", "name", COL_TEXT }, { "SUCCESS", "success", COL_TEXT },
	{ "BLOCKS", "block_words", COL_TEXT },
	{ "GROUPS", "group_words", COL_TEXT },
	{ "USED BY", "use_words", COL_TEXT },
	{ "CHANGED", "changed_at", COL_TIME },
	{ "BY", "changed_by", COL_TEXT }, { NULL, NULL, COL_TEXT }
};

/* "all" is an order. */
static void
put_words(json_t *row)
{
	const char *success = json_string_value(json_object_get(row,
	    "success"));

	ctl_put_joined(row, "block_words", json_object_get(row, "blocks"),
	    success != NULL && strcmp(success, "all") == 0 ? ", then " :
	    " or ");
	ctl_put_joined(row, "group_words", json_object_get(row, "groups"),
	    ", ");
	ctl_put_joined(row, "use_words", json_object_get(row, "used_by"),
	    "; ");
}

static int
template_list(struct ctl *c)
{
	json_t *all, *row;
	size_t i;
	int rc = ctl_call(c, "GET", "/templates", NULL, NULL, &all);

	if (rc < 0)
		return rc;
	json_array_foreach(json_object_get(all, "templates"), i, row)
		put_words(row);
	ctl_print_list(c, all, "templates", list_columns);
	return 0;
}

static int
template_show(struct ctl *c)
{
	json_t *row;
	int rc = ctl_call(c, "GET", "/templates/*", c->arg[0], NULL, &row);

	if (rc < 0)
		return rc;
	put_words(row);
	ctl_print_one(c, row, show_columns);
	return 0;
}

static json_t *
change_body(const struct ctl *c)
{
	json_t *body = json_object(), *blocks = json_array();

	for (int i = 1; i < c->nargs; i++)
		json_array_append_new(blocks, json_string(c->arg[i]));
	if (json_array_size(blocks) > 0)
		json_object_set(body, "blocks", blocks);
	json_decref(blocks);
	if (c->opt[OPT_SUCCESS] != NULL)
		json_object_set_new(body, "success", json_string(
		    c->opt[OPT_SUCCESS]));
	if (c->opt[OPT_GROUPS] != NULL)
		json_object_set_new(body, "groups", rel_names_list(
		    c->opt[OPT_GROUPS]));
	return body;
}

static int
is_there(struct ctl *c, bool *there)
{
	json_t *all, *row;
	size_t i;
	int rc = ctl_call(c, "GET", "/templates", NULL, NULL, &all);

	if (rc < 0)
		return rc;
	json_array_foreach(json_object_get(all, "templates"), i, row)
		*there = *there || strcasecmp(json_string_value(
		    json_object_get(row, "name")), c->arg[0]) == 0;
	json_decref(all);
	return 0;
}

static int
template_set(struct ctl *c)
{
	json_t *answer, *body = change_body(c);
	bool there = false;
	int rc = is_there(c, &there);

	if (rc == 0 && !there)
		json_object_set_new(body, "name", json_string(c->arg[0]));
	if (rc < 0)
		json_decref(body);
	else
		rc = there ? ctl_send(c, "PATCH", "/templates/*", c->arg[0],
		    body, &answer) : ctl_send(c, "POST", "/templates", NULL,
		    body, &answer);
	return rc < 0 ? rc : ctl_told(c, answer, "The template %s holds from "
	    "now on.\n", c->arg[0]);
}

static int
template_delete(struct ctl *c)
{
	json_t *answer;
	int rc = ctl_call(c, "DELETE", "/templates/*", c->arg[0], NULL,
	    &answer);

	return rc < 0 ? rc : ctl_told(c, answer,
	    "The template %s is deleted.\n", c->arg[0]);
}

/* ---- the passwords and PINs of devices */

static const struct ctl_column secret_columns[] = {
	{ "DEVICE", "device", COL_TEXT }, { "KIND", "kind", COL_TEXT },
	{ "CHANGED", "changed_at", COL_TIME },
	{ "BY", "changed_by", COL_TEXT }, { NULL, NULL, COL_TEXT }
};

static int
secret_list(struct ctl *c)
{
	json_t *all, *row;
	size_t i;
	int rc = ctl_call(c, "GET", "/device-secrets", NULL, NULL, &all);

	if (rc < 0)
		return rc;
	json_array_foreach(json_object_get(all, "secrets"), i, row)
		if (c->opt[OPT_JSON] == NULL && !json_is_string(
		    json_object_get(row, "device")))
			json_object_set_new(row, "device", json_string(
			    "every other device"));
	ctl_print_list(c, all, "secrets", secret_columns);
	return 0;
}

static int
secret_set(struct ctl *c)
{
	bool all = strcmp(c->arg[0], "all") == 0;
	bool gone = c->opt[OPT_REMOVE] != NULL;
	json_t *answer, *body = json_pack("{s:s}", "kind", c->arg[1]);
	int rc = 0;

	if (!all)
		json_object_set_new(body, "device", json_string(c->arg[0]));
	if (gone)
		json_object_set_new(body, "value", json_string(""));
	else if (c->opt[OPT_PASSWORD_FILE] != NULL)
		rc = ctl_put_file(c, body, "value",
		    c->opt[OPT_PASSWORD_FILE]);
	else
		rc = ctl_put_secret(c, body, "value", strcmp(c->arg[1],
		    "pin") == 0 ? "PIN of the device" :
		    "Password of the device", true);
	if (rc < 0) {
		ctl_free_secret(body);
		return rc;
	}
	rc = ctl_send(c, "POST", "/device-secrets", NULL, body, &answer);
	return rc < 0 ? rc : ctl_told(c, answer, "The %s of %s is %s.\n",
	    c->arg[1], all ? "every other device" : c->arg[0], gone ?
	    "taken away" : "set");
}

static const enum ctl_opt none[] = { OPT_COUNT };
static const enum ctl_opt set_opts[] = { OPT_SUCCESS, OPT_GROUPS, OPT_COUNT };
static const enum ctl_opt secret_opts[] = { OPT_PASSWORD_FILE, OPT_REMOVE,
    OPT_STDIN, OPT_COUNT };

const struct ctl_verb ctl_template_verbs[] = {
	{ "template", "list", 0, 0, "", none,
	    "List the security templates: what must be proven.",
	    template_list },
	{ "template", "show", 1, 1, "NAME", none,
	    "One of them, and where it is used.", template_show },
	{ "template", "set", 1, 14, "NAME [BLOCK...]", set_opts,
	    "Make or change one: building blocks, one of which is enough or "
	    "all of which are needed, in this order.", template_set },
	{ "template", "delete", 1, 1, "NAME", none,
	    "Delete one that is used nowhere.", template_delete },
	{ "device", "secrets", 0, 0, "", none,
	    "List which devices have a password or a PIN of their own.",
	    secret_list },
	{ "device", "secret", 2, 2, "DEVICE|all password|pin", secret_opts,
	    "Set the password or PIN of a device, or of every other one.",
	    secret_set },
	{ 0 }
};
