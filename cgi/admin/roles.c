/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Who is help desk, operator or administrator. */
#include <string.h>

#include "cgi/admin/admin.h"

static const char *const values[] = { "name", "role", NULL };

static int
roles_set(struct cgi *c)
{
	const char *name = cgi_text(c, "name");

	if (name[0] == '\0')
		return cgi_bad(c, "name", "%s",
		    tr("Say who is to have the role."));
	return cgi_call(c, "PATCH", json_pack("{s:s}", "role", cgi_text(c,
	    "role")), NULL, "/roles/*", name);
}

static int
roles_take(struct cgi *c)
{
	return cgi_call(c, "PATCH", json_pack("{s:s}", "role", "user"), NULL,
	    "/roles/*", cgi_text(c, "name"));
}

/* doc/web.md has the same table. */
static json_t *
rights(void)
{
	static const struct {
		const char *task;
		enum role_need all;
		const char *less;	/* what the role below may of it */
	} tasks[] = {
		{ "own jobs, cards and PIN", FOR_USER, "" },
		{ "jobs of everybody: look, explain", FOR_OPERATOR,
		    "without titles" },
		{ "jobs of everybody: print, delete, change, preview",
		    FOR_OPERATOR, "" },
		{ "users, cards, devices: look", FOR_HELPDESK, "" },
		{ "users who are locked out: unlock", FOR_HELPDESK, "" },
		{ "users and cards: change", FOR_OPERATOR, "" },
		{ "devices: change; reports", FOR_OPERATOR, "" },
		{ "accounts, quotas, groups, prices, rules: look",
		    FOR_HELPDESK, "" },
		{ "accounts, quotas, groups: change; approve any job",
		    FOR_OPERATOR, "" },
		{ "roles, settings, ports, certificates, audit log, import, "
		    "personal data, prices, rules", FOR_ADMIN, "" }
	};
	static const char *const roles[] = { "user", "helpdesk", "operator",
	    "administrator" };
	json_t *rows = json_array();

	for (size_t i = 0; i < sizeof tasks / sizeof tasks[0]; i++) {
		json_t *row = json_pack("{s:s}", "task", tasks[i].task);

		for (int r = FOR_USER; r <= FOR_ADMIN; r++)
			json_object_set_new(row, roles[r], json_string(
			    r >= (int)tasks[i].all ? "yes" :
			    r == (int)tasks[i].all - 1 &&
			    tasks[i].less[0] != '\0' ? tasks[i].less : "no"));
		json_array_append_new(rows, row);
	}
	return rows;
}

static int
roles_get(struct cgi *c)
{
	admin_form(c, NULL, values);
	cgi_put(c, "rights", rights());
	return cgi_view(c, "roles", "roles", "/roles");
}

static const struct action roles_actions[] = {
	{ "set", roles_set, "The role is given." },
	{ "take", roles_take, "The role is taken away." },
	{ NULL, NULL, NULL }
};

const struct page admin_roles = {
	.path = "admin/roles.cgi",
	.title = "Roles",
	.need = FOR_ADMIN,
	.menu = "People",
	.get = roles_get,
	.actions = roles_actions
};
