/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Groups of people, for quotas, rules and approvals. */
#include <stdio.h>
#include <string.h>

#include "cgi/admin/admin.h"
#include "cgi/list.h"

/* ---- all of them */

static int
group_add(struct cgi *c)
{
	const char *name = cgi_text(c, "name");

	if (name[0] == '\0')
		return cgi_bad(c, "name", "%s", tr("The group needs a name."));
	admin_go(c, "admin/group.cgi", "name", name);
	return cgi_call(c, "POST", json_pack("{s:s}", "name", name), NULL,
	    "/groups");
}

static int
groups_get(struct cgi *c)
{
	static const char *const values[] = { "name", NULL };
	static const struct list l = {
		.path = "/groups", .key = "groups", .limit = 100
	};

	admin_may_change(c, FOR_OPERATOR);
	admin_form(c, NULL, values);
	return list_view(c, &l);
}

static const struct action groups_actions[] = {
	{ "add", group_add, "The group is there now: add its members." },
	{ NULL, NULL, NULL }
};

const struct page admin_groups = {
	.path = "admin/groups.cgi",
	.title = "Groups",
	.need = FOR_HELPDESK,
	.menu = "Money",
	.get = groups_get,
	.actions = groups_actions
};

/* ---- one of them */

static int
member(struct cgi *c, const char *op)
{
	const char *name = cgi_text(c, "member");

	if (name[0] == '\0')
		return cgi_bad(c, "member", "%s", tr("Say who or which group "
		    "is meant."));
	return cgi_call(c, "PATCH", json_pack("{s:s,s:s,s:s}", "op", op,
	    "name", name, "kind", cgi_text(c, "kind")), NULL, "/groups/*",
	    admin_query(c, "name"));
}

static int
member_add(struct cgi *c)
{
	return member(c, "add");
}

static int
member_remove(struct cgi *c)
{
	return member(c, "remove");
}

static int
group_delete(struct cgi *c)
{
	const char *name = admin_query(c, "name");
	int rc = admin_confirmed(c, name);

	if (rc == 0)
		rc = cgi_call(c, "DELETE", NULL, NULL, "/groups/*", name);
	if (rc == 0)
		snprintf(c->go, sizeof c->go, "admin/groups.cgi");
	return rc;
}

static int
group_get(struct cgi *c)
{
	static const char *const values[] = { "member", "kind", NULL };
	static const char *const filters[] = { NULL };
	const char *name = admin_query(c, "name");
	const struct list l = {
		.path = "/groups/*", .star = name, .key = "member_list",
		.filters = filters, .limit = 100
	};
	int rc = cgi_view(c, "group", NULL, "/groups/*?limit=1", name);

	if (rc < 0)
		return rc;
	cgi_put_text(c, "title", json_string_value(json_object_get(
	    json_object_get(c->view, "group"), "name")));
	admin_may_change(c, FOR_OPERATOR);
	admin_form(c, NULL, values);
	return list_view(c, &l);
}

static const struct action group_actions[] = {
	{ "add", member_add, "Added to the group." },
	{ "remove", member_remove, "Removed from the group." },
	{ "delete", group_delete, "The group is removed." },
	{ NULL, NULL, NULL }
};

const struct page admin_group = {
	.path = "admin/group.cgi",
	.title = "Group",
	.need = FOR_HELPDESK,
	.get = group_get,
	.actions = group_actions
};
