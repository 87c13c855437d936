/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The backup password opens the pages of security to a visitor for a while. */
#include "cgi/cgi.h"

static int
backup_open(struct cgi *c)
{
	if (cgi_text(c, "password")[0] == '\0')
		return cgi_bad(c, "password", "%s",
		    tr("Enter the backup password."));
	return cgi_call(c, "POST", json_pack("{s:s}", "password",
	    cgi_text(c, "password")), NULL, "/backup-password/open");
}

static int
backup_close(struct cgi *c)
{
	return cgi_call(c, "DELETE", NULL, NULL, "/backup-password/open");
}

/* Where it leads: the pages that are open now. */
static int
backup_get(struct cgi *c)
{
	json_t *list = json_array();

	for (size_t i = 0; pages[i] != NULL; i++)
		if (pages[i]->security && pages[i]->menu != NULL)
			json_array_append_new(list, json_pack("{s:s,s:s}",
			    "path", pages[i]->path, "title",
			    tr(pages[i]->title)));
	cgi_put(c, "opens", list);
	cgi_put(c, "administrates", json_boolean(c->role >= FOR_ADMIN));
	return 0;
}

static const struct action backup_actions[] = {
	{ "open", backup_open, "The pages of security are open to you now." },
	{ "close", backup_close, "The pages of security are closed again." },
	{ NULL, NULL, NULL }
};

const struct page user_backup = {
	.path = "backup.cgi",
	.title = "Backup password",
	.menu = "Administration",
	.menu_if = "backup_enabled",
	.get = backup_get,
	.actions = backup_actions
};
