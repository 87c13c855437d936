/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* releasectl role ... */
#include <string.h>

#include "ctl/ctl.h"

static const struct ctl_column list_columns[] = {
	{ "NAME", "name", COL_TEXT }, { "ROLE", "role", COL_TEXT },
	{ "GIVEN BY", "given_by", COL_TEXT },
	{ "GIVEN", "given_at", COL_TIME }, { NULL, NULL, COL_TEXT }
};

static int
role_list(struct ctl *c)
{
	json_t *roles;
	int rc = ctl_list(c, "/roles", "", "roles", &roles);

	if (rc == 0)
		ctl_print_list(c, roles, "roles", list_columns);
	return rc;
}

static int
role_set(struct ctl *c)
{
	static const char *const roles[] = { "user", "helpdesk", "operator",
	    "administrator" };
	json_t *answer;
	size_t i = 0;
	int rc;

	while (i < 4 && strcmp(roles[i], c->arg[1]) != 0)
		i++;
	if (i == 4)
		return ctl_misuse(c, "there is no role \"%.60s\": user, "
		    "helpdesk, operator or administrator", c->arg[1]);
	rc = ctl_send(c, "PATCH", "/roles/*", c->arg[0], json_pack("{s:s}",
	    "role", roles[i]), &answer);
	if (rc < 0)
		return rc;
	return i == 0 ? ctl_told(c, answer, "%s has no role any more.\n",
	    c->arg[0]) : ctl_told(c, answer, "%s is %s now.\n", c->arg[0],
	    roles[i]);
}

static const enum ctl_opt none[] = { OPT_COUNT };

const struct ctl_verb ctl_role_verbs[] = {
	{ "role", "list", 0, 0, "", none,
	    "List who is help desk, operator or administrator by name.",
	    role_list },
	{ "role", "set", 2, 2, "NAME user|helpdesk|operator|administrator",
	    none, "Give somebody a role; user takes it away.", role_set },
	{ 0 }
};
