/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* releasectl quota ... and group ... */
#include <stdio.h>
#include <string.h>

#include "ctl/ctl.h"
#include "lib/group_sets.h"

static const struct ctl_column quota_columns[] = {
	{ "OWNER", "owner", COL_TEXT }, { "NAME", "name", COL_TEXT },
	{ "UNIT", "unit", COL_TEXT }, { "AMOUNT", "amount", COL_TEXT },
	{ "EVERY", "period", COL_TEXT }, { "AT", "at", COL_TEXT },
	{ "CARRY", "carry", COL_YESNO }, { "LAST JOB", "last", COL_TEXT },
	{ NULL, NULL, COL_TEXT }
};

static int
quota_list(struct ctl *c)
{
	json_t *quotas;
	int rc = ctl_list(c, "/quotas", "", "quotas", &quotas);

	if (rc == 0)
		ctl_print_list(c, quotas, "quotas", quota_columns);
	return rc;
}

/* "everybody", "user:anna": what is before the colon, and behind it. */
static int
owner_of(struct ctl *c, char owner[16], const char **name)
{
	const char *text = c->arg[0];
	size_t n = strcspn(text, ":");

	if (n == 0 || n >= 16 || (strcmp(text, "everybody") != 0 &&
	    (text[n] == '\0' || text[n + 1] == '\0')))
		return ctl_misuse(c, "\"%.60s\" is not everybody, user:NAME, "
		    "group:NAME or shared:NAME", text);
	memcpy(owner, text, n);
	owner[n] = '\0';
	*name = text[n] == ':' ? text + n + 1 : "";
	return 0;
}

static int
quota_set(struct ctl *c)
{
	json_t *body, *answer;
	const char *name;
	char owner[16];
	int rc = owner_of(c, owner, &name);

	if (rc < 0)
		return rc;
	body = json_pack("{s:s,s:s,s:s,s:s*,s:s*,s:s*,s:s*,s:b}", "owner",
	    owner, "name", name, "amount", c->arg[1], "unit",
	    c->opt[OPT_UNIT], "period", c->opt[OPT_PERIOD], "at",
	    c->opt[OPT_AT], "last", c->opt[OPT_LAST], "carry",
	    c->opt[OPT_CARRY] != NULL);
	rc = ctl_send(c, "POST", "/quotas", NULL, body, &answer);
	if (rc == 0)
		ctl_print_one(c, answer, quota_columns);
	return rc;
}

static int
quota_delete(struct ctl *c)
{
	struct rel_buf path;
	const char *name;
	char owner[16];
	int rc = owner_of(c, owner, &name);

	if (rc < 0)
		return rc;
	rel_buf_init(&path);
	rel_put_fmt(&path, "/quotas/*?");
	rel_api_query(&path, "owner", owner);
	rel_api_query(&path, "unit", c->opt[OPT_UNIT]);
	rc = ctl_call_built(c, "DELETE", &path, name[0] != '\0' ? name : "-",
	    NULL);
	if (rc == 0)
		ctl_say(c, "%s has no quota of %s any more.\n", c->arg[0],
		    c->opt[OPT_UNIT] != NULL ? c->opt[OPT_UNIT] : "money");
	return rc;
}

static const enum ctl_opt none[] = { OPT_COUNT };
static const enum ctl_opt unit_opts[] = { OPT_UNIT, OPT_COUNT };
static const enum ctl_opt set_opts[] = {
	OPT_UNIT, OPT_PERIOD, OPT_AT, OPT_CARRY, OPT_LAST, OPT_COUNT
};

#define OWNER "everybody|user:NAME|group:NAME|shared:NAME"

const struct ctl_verb ctl_quota_verbs[] = {
	{ "quota", "list", 0, 0, "", none, "List all quotas.", quota_list },
	{ "quota", "set", 2, 2, OWNER " AMOUNT", set_opts,
	    "Say how much may be spent: money unless --unit says sides, every "
	    "month unless --period says otherwise.", quota_set },
	{ "quota", "delete", 1, 1, OWNER, unit_opts,
	    "Take a quota away.", quota_delete },
	{ 0 }
};

/* ---- groups */

static const struct ctl_column group_columns[] = {
	{ "NAME", "name", COL_TEXT }, { "MEMBERS", "members", COL_INT },
	{ "CREATED", "created_at", COL_TIME }, { NULL, NULL, COL_TEXT }
};
static const struct ctl_column member_columns[] = {
	{ "NAME", "name", COL_TEXT }, { "KIND", "kind", COL_TEXT },
	{ NULL, NULL, COL_TEXT }
};

static int
group_list(struct ctl *c)
{
	json_t *groups;
	int rc = ctl_list(c, "/groups", "", "groups", &groups);

	if (rc == 0)
		ctl_print_list(c, groups, "groups", group_columns);
	return rc;
}

static int
group_show(struct ctl *c)
{
	json_t *members;
	int rc = rel_group_members(c->api, c->arg[0], &members,
	    &c->err);

	if (rc == 0)
		ctl_print_list(c, members, "member_list", member_columns);
	return rc;
}

static int
group_add(struct ctl *c)
{
	json_t *answer;
	int rc = ctl_send(c, "POST", "/groups", NULL, json_pack("{s:s}",
	    "name", c->arg[0]), &answer);

	if (rc == 0)
		ctl_print_one(c, answer, group_columns);
	return rc;
}

static int
group_delete(struct ctl *c)
{
	json_t *answer = NULL;
	int rc = ctl_call(c, "DELETE", "/groups/*", c->arg[0], NULL, &answer);

	json_decref(answer);
	if (rc == 0)
		ctl_say(c, "The group %s is gone, its quotas too.\n",
		    c->arg[0]);
	return rc;
}

static int
member_change(struct ctl *c, const char *op)
{
	json_t *answer;
	int rc = ctl_send(c, "PATCH", "/groups/*", c->arg[0], json_pack(
	    "{s:s,s:s,s:s}", "op", op, "name", c->arg[1], "kind",
	    c->opt[OPT_NESTED] != NULL ? "group" : "user"), &answer);

	if (rc == 0)
		ctl_print_one(c, answer, group_columns);
	return rc;
}

static int
group_join(struct ctl *c)
{
	return member_change(c, "add");
}

static int
group_leave(struct ctl *c)
{
	return member_change(c, "remove");
}

static const enum ctl_opt member_opts[] = { OPT_NESTED, OPT_COUNT };

const struct ctl_verb ctl_group_verbs[] = {
	{ "group", "list", 0, 0, "", none, "List groups.", group_list },
	{ "group", "show", 1, 1, "GROUP", none,
	    "List the members of a group.", group_show },
	{ "group", "add", 1, 1, "GROUP", none, "Add a group.", group_add },
	{ "group", "delete", 1, 1, "GROUP", none,
	    "Delete a group, with its quotas.", group_delete },
	{ "group", "join", 2, 2, "GROUP NAME", member_opts,
	    "Make somebody a member; with --nested another group.",
	    group_join },
	{ "group", "leave", 2, 2, "GROUP NAME", member_opts,
	    "End that.", group_leave },
	{ 0 }
};
