/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* releasectl settings ... and ports */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "ctl/ctl.h"

static const struct ctl_column list_columns[] = {
	{ "NAME", "name", COL_TEXT }, { "VALUE", "value", COL_TEXT },
	{ "DEFAULT", "default", COL_TEXT },
	{ "TAKES EFFECT", "effect", COL_TEXT }, { NULL, NULL, COL_TEXT }
};

static const struct ctl_column show_columns[] = {
	{ "Name", "name", COL_TEXT }, { "Value", "value", COL_TEXT },
	{ "In force until the next start", "in_force", COL_TEXT },
	{ "Default", "default", COL_TEXT }, { "Kind", "kind", COL_TEXT },
	{ "Least", "min", COL_TEXT }, { "Most", "max", COL_TEXT },
	{ "Unit", "unit", COL_TEXT },
	{ "0 means off", "zero_is_off", COL_YESNO },
	{ "A change takes effect", "effect", COL_TEXT },
	{ "Help", "help", COL_TEXT }, { NULL, NULL, COL_TEXT }
};

static const struct ctl_column change_columns[] = {
	{ "NAME", "name", COL_TEXT }, { "FROM", "from", COL_TEXT },
	{ "TO", "to", COL_TEXT }, { "TAKES EFFECT", "effect", COL_TEXT },
	{ NULL, NULL, COL_TEXT }
};

static const struct ctl_column port_columns[] = {
	{ "NAME", "name", COL_TEXT }, { "PROTOCOL", "protocol", COL_TEXT },
	{ "ADDRESS", "address", COL_TEXT }, { "PORT", "port", COL_INT },
	{ "ON", "on", COL_YESNO }, { "SETTING", "setting", COL_TEXT },
	{ NULL, NULL, COL_TEXT }
};

static int
settings_list(struct ctl *c)
{
	json_t *answer;
	int rc = ctl_call(c, "GET", "/settings", "", NULL, &answer);

	if (rc == 0)
		ctl_print_list(c, answer, "settings", list_columns);
	return rc;
}

static void
show_choices(const json_t *row)
{
	const json_t *choices = json_object_get(row, "choices"), *one;
	size_t i;

	json_array_foreach(choices, i, one)
		printf("%s%s%s", i == 0 ? "One of: " : ", ",
		    json_string_value(one),
		    i + 1 == json_array_size(choices) ? "\n" : "");
}

static int
settings_show(struct ctl *c)
{
	json_t *answer, *row, *found = NULL;
	const char *name;
	size_t i;
	int rc = ctl_call(c, "GET", "/settings", "", NULL, &answer);

	if (rc < 0)
		return rc;
	json_array_foreach(json_object_get(answer, "settings"), i, row) {
		name = json_string_value(json_object_get(row, "name"));
		if (name != NULL && strcasecmp(name, c->arg[0]) == 0)
			found = row;
	}
	if (found == NULL) {
		rc = rel_err_set(&c->err, REL_E_NOTFOUND,
		    "there is no setting \"%.60s\"", c->arg[0]);
	} else {
		if (c->opt[OPT_JSON] == NULL)
			show_choices(found);
		ctl_print_one(c, json_incref(found), show_columns);
	}
	json_decref(answer);
	return rc;
}

/* What was changed, or would be; takes answer. */
static void
print_changes(struct ctl *c, json_t *answer, const char *none)
{
	const json_t *rows = json_object_get(answer, "would_change");
	bool applied = json_is_true(json_object_get(answer, "applied"));

	if (c->opt[OPT_JSON] != NULL) {
		ctl_print_json(answer);
	} else if (json_array_size(rows) == 0) {
		printf("%s\n", none);
	} else {
		printf("%s\n", applied ? "Changed:" :
		    "This would change (nothing was done):");
		ctl_table(rows, change_columns);
	}
	json_decref(answer);
}

/* NAME VALUE pairs, or with --default names alone. */
static int
put_changes(struct ctl *c, json_t *changes)
{
	bool reset = c->opt[OPT_DEFAULT] != NULL;

	if (!reset && c->nargs % 2 != 0)
		return ctl_misuse(c, "give a value for %s, or --default",
		    c->arg[c->nargs - 1]);
	for (int i = 0; i < c->nargs; i += reset ? 1 : 2) {
		if (json_object_get(changes, c->arg[i]) != NULL)
			return ctl_misuse(c, "%s is given twice", c->arg[i]);
		if (json_object_set_new(changes, c->arg[i], reset ?
		    json_null() : json_string(c->arg[i + 1])) < 0)
			return ctl_misuse(c, "%s: that is no UTF-8 text",
			    c->arg[i]);
	}
	return 0;
}

static int
settings_set(struct ctl *c)
{
	json_t *changes = json_object(), *answer;
	json_t *body = json_pack("{s:o,s:b}", "changes", changes, "dry_run",
	    c->opt[OPT_DRY_RUN] != NULL);
	int rc = put_changes(c, changes);

	if (rc == 0)
		rc = ctl_call(c, "POST", "/settings", "", body, &answer);
	json_decref(body);
	if (rc == 0)
		print_changes(c, answer, "It is so already.");
	return rc;
}

static int
settings_undo(struct ctl *c)
{
	json_t *answer;
	int rc = ctl_call(c, "POST", "/settings/undo", "", NULL, &answer);

	if (rc == 0)
		print_changes(c, answer, "The file of before says the same.");
	return rc;
}

static int
ports(struct ctl *c)
{
	json_t *answer;
	int rc = ctl_call(c, "GET", "/ports", "", NULL, &answer);

	if (rc == 0)
		ctl_print_list(c, answer, "ports", port_columns);
	return rc;
}

static const enum ctl_opt none[] = { OPT_COUNT };
static const enum ctl_opt set_opts[] = { OPT_DRY_RUN, OPT_DEFAULT,
    OPT_COUNT };

const struct ctl_verb ctl_settings_verbs[] = {
	{ "settings", "list", 0, 0, "", none,
	    "Every setting of releaserd.conf, its value and its default.",
	    settings_list },
	{ "settings", "show", 1, 1, "NAME", none,
	    "What a setting means and which values it may have.",
	    settings_show },
	{ "settings", "set", 1, ARGS_MAX, "NAME VALUE ...", set_opts,
	    "Change settings: in the file, whose comments stay, and at once "
	    "where that is possible. No transfer is cut.", settings_set },
	{ "settings", "undo", 0, 0, "", none,
	    "Bring back the file of before the last change.", settings_undo },
	{ "ports", NULL, 0, 0, "", none,
	    "What listens, and the setting that switches it.", ports },
	{ 0 }
};
