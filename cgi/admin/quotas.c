/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Quotas: how much everybody, a group, a user or a shared account may spend. */
#include <stdio.h>
#include <string.h>

#include "cgi/admin/admin.h"
#include "cgi/money.h"

static const char *const values[] = { "owner", "name", "unit", "amount",
    "period", "at", "carry", "last", NULL };

static int
quota_set(struct cgi *c)
{
	static const char *const texts[] = { "owner", "unit", "period",
	    "last", NULL };
	json_t *body = json_object();

	for (size_t i = 0; texts[i] != NULL; i++)
		admin_take(c, body, texts[i]);
	if (strcmp(cgi_text(c, "owner"), "everybody") != 0)
		admin_take(c, body, "name");
	json_object_set_new(body, "amount", money_typed(cgi_text(c,
	    "amount")));
	json_object_set_new(body, "carry", json_boolean(cgi_on(c, "carry")));
	if (cgi_text(c, "at")[0] != '\0')
		admin_take(c, body, "at");
	snprintf(c->go, sizeof c->go, "admin/quotas.cgi");
	return cgi_call(c, "POST", body, NULL, "/quotas");
}

static int
quota_remove(struct cgi *c)
{
	const char *name = cgi_text(c, "name");

	snprintf(c->go, sizeof c->go, "admin/quotas.cgi");
	return cgi_call(c, "DELETE", NULL, NULL, "/quotas/*?owner=*&unit=*",
	    name[0] != '\0' ? name : "-", cgi_text(c, "owner"),
	    cgi_text(c, "unit"));
}

/* The quota that the address names, to be changed. */
static json_t *
chosen(const struct cgi *c)
{
	json_t *q;
	size_t i;

	json_array_foreach(json_object_get(c->view, "quotas"), i, q) {
		const char *owner = json_string_value(json_object_get(q,
		    "owner"));
		const char *name = json_string_value(json_object_get(q,
		    "name"));
		const char *unit = json_string_value(json_object_get(q,
		    "unit"));

		if (owner != NULL && name != NULL && unit != NULL &&
		    strcmp(owner, admin_query(c, "owner")) == 0 &&
		    strcmp(name, admin_query(c, "name")) == 0 &&
		    strcmp(unit, admin_query(c, "unit")) == 0)
			return q;
	}
	return NULL;
}

static int
quotas_get(struct cgi *c)
{
	static const struct list l = {
		.path = "/quotas", .key = "quotas", .limit = 100
	};
	json_t *now;
	int rc = list_view(c, &l);

	if (rc != 0)
		return rc;
	now = chosen(c);
	admin_may_change(c, FOR_OPERATOR);
	admin_form(c, now, values);
	cgi_put(c, "changing", json_boolean(now != NULL));
	if ((rc = cgi_view(c, "currency", "currency", "/prices")) < 0)
		return rc;
	return cgi_view(c, "groups", "groups", "/groups?limit=200");
}

static const struct action quotas_actions[] = {
	{ "set", quota_set, "The quota holds from now on." },
	{ "remove", quota_remove, "The quota is removed." },
	{ NULL, NULL, NULL }
};

const struct page admin_quotas = {
	.path = "admin/quotas.cgi",
	.title = "Quotas",
	.need = FOR_HELPDESK,
	.menu = "Money",
	.get = quotas_get,
	.actions = quotas_actions
};
