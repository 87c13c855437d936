/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The backup password: set, taken away, and who used it. */
#include <string.h>

#include "cgi/admin/admin.h"

static int
set(struct cgi *c)
{
	if (cgi_text(c, "password")[0] == '\0')
		return cgi_bad(c, "password", "%s",
		    tr("Enter the new password."));
	if (strcmp(cgi_text(c, "password"), cgi_text(c,
	    "password_again")) != 0)
		return cgi_bad(c, "password_again", "%s",
		    tr("The two passwords differ."));
	return cgi_call(c, "POST", json_pack("{s:s}", "password",
	    cgi_text(c, "password")), NULL, "/backup-password");
}

static int
take_away(struct cgi *c)
{
	return cgi_call(c, "DELETE", NULL, NULL, "/backup-password");
}

static int
seen(struct cgi *c)
{
	return cgi_call(c, "POST", json_object(), NULL,
	    "/backup-password/seen");
}

static int
admin_backup_get(struct cgi *c)
{
	return cgi_view(c, "backup", NULL, "/backup-password");
}

static const struct action admin_backup_actions[] = {
	{ "set", set, "The backup password is set." },
	{ "remove", take_away, "There is no backup password any more." },
	{ "seen", seen, "Its uses are noted as looked at." },
	{ NULL, NULL, NULL }
};

const struct page admin_backup = {
	.path = "admin/backup.cgi",
	.title = "Backup password: settings",
	.need = FOR_ADMIN,
	.menu = "Server",
	.get = admin_backup_get,
	.actions = admin_backup_actions
};
