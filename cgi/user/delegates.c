/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Who may see and print my jobs in my place. */
#include <string.h>

#include "cgi/cgi.h"

static int
delegates_add(struct cgi *c)
{
	json_t *body;

	if (cgi_text(c, "name")[0] == '\0')
		return cgi_bad(c, "name", "%s",
		    tr("Enter the user name of your delegate."));
	body = json_pack("{s:s}", "name", cgi_text(c, "name"));
	if (cgi_text(c, "valid_until")[0] != '\0')
		json_object_set_new(body, "valid_until",
		    json_string(cgi_text(c, "valid_until")));
	return cgi_call(c, "POST", body, NULL, "/me/delegates");
}

static int
delegates_remove(struct cgi *c)
{
	return cgi_call(c, "DELETE", NULL, NULL, "/me/delegates/*",
	    cgi_text(c, "who"));
}

static int
delegates_get(struct cgi *c)
{
	return cgi_view(c, "all", NULL, "/me/delegates");
}

static const struct action delegates_actions[] = {
	{ "add", delegates_add, "Your delegate can print for you now." },
	{ "remove", delegates_remove, "This is no delegate of yours any more." },
	{ NULL, NULL, NULL }
};

const struct page user_delegates = {
	.path = "delegates.cgi",
	.title = "My delegates",
	.menu = "Printing",
	.get = delegates_get,
	.actions = delegates_actions
};
