/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* releasectl access ...: who may do what where, and why. */
#include <stdio.h>
#include <string.h>

#include "ctl/ctl.h"

static const struct ctl_column function_columns[] = {
	{ "FUNCTION", "key", COL_TEXT }, { "GROUP", "group", COL_TEXT },
	{ "WHERE", "where", COL_TEXT }, { "WHAT", "words", COL_TEXT },
	{ NULL, NULL, COL_TEXT }
};

#define ENTRY \
	{ "ID", "id", COL_INT }, { "FUNCTION", "function", COL_TEXT }, \
	{ "AT", "at_words", COL_TEXT }, { "FOR", "for_words", COL_TEXT }, \
	{ "STATE", "state_words", COL_TEXT }

static const struct ctl_column list_columns[] = {
	ENTRY, { "CHANGED", "changed_at", COL_TIME },
	{ "BY", "changed_by", COL_TEXT }, { NULL, NULL, COL_TEXT }
};

static const struct ctl_column explain_columns[] = {
	ENTRY, { "DECIDES", "decides", COL_YESNO }, { "WHY", "why", COL_TEXT },
	{ NULL, NULL, COL_TEXT }
};

static const struct ctl_column said_columns[] = {
	{ "Function", "function", COL_TEXT }, { "What", "words", COL_TEXT },
	{ "Device", "device", COL_TEXT }, { "User", "user", COL_TEXT },
	{ "State", "state", COL_TEXT }, { "Template", "template", COL_TEXT },
	{ "Why", "why", COL_TEXT }, { NULL, NULL, COL_TEXT }
};

/* ---- words of an entry */

/* "everywhere", "mfp-1", "group:2nd floor" */
static void
put_at(json_t *row)
{
	const char *device = ctl_str(row, "device");
	const char *group = ctl_str(row, "device_group");

	json_object_set_new(row, "at_words", group[0] != '\0' ?
	    json_sprintf("group:%s", group) : json_string(device[0] != '\0' ?
	    device : "everywhere"));
}

/* "everybody", "user:anna" */
static void
put_for(json_t *row)
{
	const char *who = ctl_str(row, "who"), *name = ctl_str(row, who);

	json_object_set_new(row, "for_words", name[0] != '\0' ?
	    json_sprintf("%s:%s", who, name) : json_string(who));
}

static void
put_words(json_t *rows)
{
	json_t *row;
	size_t i;

	json_array_foreach(rows, i, row) {
		const char *name = ctl_str(row, "template");

		put_at(row);
		put_for(row);
		json_object_set_new(row, "state_words", name[0] != '\0' ?
		    json_sprintf("template %s", name) :
		    json_string(ctl_str(row, "state")));
	}
}

/* ---- for whom, where */

struct about {
	const char *user, *group, *who;
};

/* --for user:NAME, group:NAME, everybody or nobody. */
static int
about_read(struct ctl *c, struct about *a)
{
	const char *text = c->opt[OPT_FOR];

	memset(a, 0, sizeof *a);
	if (text == NULL)
		return 0;
	if (strncmp(text, "user:", 5) == 0 && text[5] != '\0')
		a->user = text + 5;
	else if (strncmp(text, "group:", 6) == 0 && text[6] != '\0')
		a->group = text + 6;
	else if (strcmp(text, "everybody") == 0 ||
	    strcmp(text, "nobody") == 0)
		a->who = text;
	else
		return ctl_misuse(c, "\"%.60s\" is not everybody, nobody, "
		    "user:NAME or group:NAME", text);
	return 0;
}

/* The entries about this, of one place and person when exact. */
static int
entries(struct ctl *c, const char *function, bool exact, json_t **out)
{
	const char *device = c->opt[OPT_DEVICE];
	const char *group = c->opt[OPT_DEVICE_GROUP];
	struct rel_buf query;
	struct about a;
	int rc = about_read(c, &a);

	if (rc < 0)
		return rc;
	if (exact && device == NULL && group == NULL)
		device = "-";
	if (exact && c->opt[OPT_FOR] == NULL)
		a.who = "everybody";
	rel_buf_init(&query);
	rel_api_query(&query, "function", function);
	rel_api_query(&query, "device", device);
	rel_api_query(&query, "device_group", group);
	rel_api_query(&query, "user", a.user);
	rel_api_query(&query, "group", a.group);
	rel_api_query(&query, "who", a.who);
	return ctl_list_built(c, "/access", &query, "access", 0, out);
}

/* ---- verbs */

static int
access_functions(struct ctl *c)
{
	json_t *all;
	int rc = ctl_call(c, "GET", "/functions", NULL, NULL, &all);

	if (rc == 0)
		ctl_print_list(c, all, "functions", function_columns);
	return rc;
}

static int
access_list(struct ctl *c)
{
	json_t *all;
	int rc = entries(c, c->nargs > 0 ? c->arg[0] : NULL, false, &all);

	if (rc < 0)
		return rc;
	if (c->opt[OPT_JSON] == NULL)
		put_words(json_object_get(all, "access"));
	ctl_print_list(c, all, "access", list_columns);
	return 0;
}

static int
access_set(struct ctl *c)
{
	json_t *answer;
	struct about a;
	int rc = about_read(c, &a);

	if (rc < 0)
		return rc;
	rc = ctl_send(c, "POST", "/access", NULL, json_pack(
	    "{s:s,s:s,s:s*,s:s*,s:s*,s:s*,s:s*,s:s*}", "function", c->arg[0],
	    "state", c->arg[1], "template", c->nargs > 2 ? c->arg[2] : NULL,
	    "device", c->opt[OPT_DEVICE], "device_group",
	    c->opt[OPT_DEVICE_GROUP], "user", a.user, "group", a.group, "who",
	    a.who), &answer);
	return rc < 0 ? rc : ctl_told(c, answer, "It holds from now on.\n");
}

static int
access_unset(struct ctl *c)
{
	json_t *all, *answer = NULL;
	const json_t *one;
	char id[24];
	int rc = entries(c, c->arg[0], true, &all);

	if (rc < 0)
		return rc;
	one = json_array_get(json_object_get(all, "access"), 0);
	snprintf(id, sizeof id, "%lld", (long long)ctl_int(one, "id"));
	rc = one == NULL ? rel_err_set(&c->err, REL_E_NOTFOUND, "there is no "
	    "such entry about %.40s (releasectl access list %.40s)",
	    c->arg[0], c->arg[0]) :
	    ctl_call(c, "DELETE", "/access/*", id, NULL, &answer);
	json_decref(all);
	return rc < 0 ? rc : ctl_told(c, answer, "The entry is removed.\n");
}

/* NULL for the word; what is called like it has the prefix. */
static const char *
unless(const char *arg, const char *word, const char *prefix)
{
	size_t n = strlen(prefix);

	return strcmp(arg, word) == 0 ? NULL :
	    strncmp(arg, prefix, n) == 0 ? arg + n : arg;
}

static int
access_explain(struct ctl *c)
{
	struct rel_buf url;
	json_t *answer;
	int rc;

	rel_buf_init(&url);
	rel_put_fmt(&url, "/access/explain?");
	rel_api_query(&url, "user", unless(c->arg[0], "nobody", "user:"));
	rel_api_query(&url, "device", unless(c->arg[1], "none", "device:"));
	rel_api_query(&url, "function", c->arg[2]);
	if ((rc = ctl_call_built(c, "GET", &url, NULL, &answer)) < 0)
		return rc;
	if (c->opt[OPT_JSON] != NULL) {
		ctl_print_json(answer);
	} else {
		put_words(json_object_get(answer, "entries"));
		ctl_show(answer, said_columns);
		ctl_table(json_object_get(answer, "entries"),
		    explain_columns);
	}
	json_decref(answer);
	return 0;
}

static const enum ctl_opt none[] = { OPT_COUNT };
static const enum ctl_opt about_opts[] = {
	OPT_DEVICE, OPT_DEVICE_GROUP, OPT_FOR, OPT_COUNT
};

const struct ctl_verb ctl_access_verbs[] = {
	{ "access", "functions", 0, 0, "", none,
	    "List what may be open, disabled or restricted.",
	    access_functions },
	{ "access", "list", 0, 1, "[FUNCTION]", about_opts,
	    "List the entries: who may do what where.", access_list },
	{ "access", "set", 2, 3, "FUNCTION STATE [TEMPLATE]", about_opts,
	    "Say whether a function (or a group of them, @NAME) is open, "
	    "disabled, or for whom a template proves: everywhere, at a device "
	    "or a group of devices.", access_set },
	{ "access", "unset", 1, 1, "FUNCTION", about_opts,
	    "Remove the entry about this function, place and person.",
	    access_unset },
	{ "access", "explain", 3, 3, "USER DEVICE FUNCTION", none,
	    "What a function is to a user at a device, by which entry, and "
	    "why. USER nobody: while nobody is logged in; DEVICE none: at "
	    "the pages.", access_explain },
	{ 0 }
};
