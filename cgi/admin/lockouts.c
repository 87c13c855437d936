/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Who and what is locked out after failed log-ins. */
#include "cgi/admin/admin.h"

static int
lockout_unlock(struct cgi *c)
{
	return cgi_call(c, "POST", json_pack("{s:s,s:s}", "kind",
	    cgi_text(c, "kind"), "name", cgi_text(c, "name")), NULL,
	    "/lockouts/unlock");
}

/* Which of them this visitor may end. */
static void
may_end(struct cgi *c)
{
	json_t *row;
	size_t i;

	json_array_foreach(json_object_get(c->view, "lockouts"), i, row) {
		const char *kind = json_string_value(json_object_get(row,
		    "kind"));
		enum role_need need = kind[0] == 'u' ? FOR_HELPDESK :
		    kind[0] == 'b' ? FOR_ADMIN : FOR_OPERATOR;

		json_object_set_new(row, "may", json_boolean(c->role >= need ||
		    (kind[0] != 'b' && c->role < FOR_ADMIN &&
		    cgi_backup_open(c))));
	}
}

static int
lockouts_get(struct cgi *c)
{
	int rc = cgi_view(c, "lockouts", "lockouts", "/lockouts");

	if (rc == 0)
		may_end(c);
	return rc;
}

static const struct action lockouts_actions[] = {
	{ "unlock", lockout_unlock, "The lock-out has ended." },
	{ NULL, NULL, NULL }
};

const struct page admin_lockouts = {
	.path = "admin/lockouts.cgi",
	.title = "Lock-outs",
	.need = FOR_HELPDESK,
	.security = true,
	.menu = "People",
	.get = lockouts_get,
	.actions = lockouts_actions
};
