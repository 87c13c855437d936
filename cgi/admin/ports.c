/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What listens, each with its switch, which is a setting. */
#include "cgi/admin/admin.h"

static int
ports_switch(struct cgi *c)
{
	const char *name = cgi_text(c, "setting"), *value = cgi_text(c,
	    "value");

	return cgi_call(c, "POST", json_pack("{s:{s:s}}", "changes",
	    name[0] != '\0' ? name : "?", value), NULL, "/settings");
}

static int
ports_get(struct cgi *c)
{
	json_t *ports, *p;
	size_t i;
	int rc = cgi_view(c, "ports", "ports", "/ports");

	if (rc < 0)
		return rc;
	ports = json_object_get(c->view, "ports");
	json_array_foreach(ports, i, p) {
		const char *why = json_string_value(json_object_get(p,
		    "what_for"));

		if (why != NULL)
			json_object_set_new(p, "what_for", json_string(
			    tr(why)));
	}
	return 0;
}

static const struct action ports_actions[] = {
	{ "switch", ports_switch, "The port is changed." },
	{ NULL, NULL, NULL }
};

const struct page admin_ports = {
	.path = "admin/ports.cgi",
	.title = "Ports",
	.need = FOR_ADMIN,
	.menu = "Server",
	.get = ports_get,
	.actions = ports_actions
};
