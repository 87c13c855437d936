/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The groups devices are in; one of them, its devices and what names it. */
#include "cgi/admin/device_groups.h"

#include <stdio.h>
#include <string.h>

#include "cgi/admin/admin.h"
#include "cgi/device_words.h"
#include "cgi/list.h"

/* ---- put in, take out */

static int
group_change(struct cgi *c, const char *op)
{
	const char *group = cgi_text(c, "group");
	json_t *devices = admin_chosen(c, "device", ",");
	int rc;

	if (devices == NULL)
		return cgi_bad(c, "device", "%s",
		    tr("Choose at least one device."));
	if (group[strspn(group, " ")] == '\0') {
		json_decref(devices);
		return cgi_bad(c, "group", "%s", tr("Which group? Choose one, "
		    "or type the name of a new one."));
	}
	rc = cgi_call(c, "POST", json_pack("{s:s,s:o}", "op", op, "devices",
	    devices), NULL, "/device-groups/*", group);
	if (rc < 0 && strcmp(c->problem, "bad-request") == 0)
		snprintf(c->bad_field, sizeof c->bad_field, "group");
	return rc;
}

int
device_group_join(struct cgi *c)
{
	return group_change(c, "add");
}

int
device_group_leave(struct cgi *c)
{
	return group_change(c, "remove");
}

/* ---- another name */

static int
group_rename(struct cgi *c)
{
	const char *was = admin_query(c, "device_group");
	json_t *answer = NULL, *left;
	int rc = cgi_call(c, "PATCH", json_pack("{s:s}", "name", cgi_text(c,
	    "name")), &answer, "/device-groups/*", was);

	if (rc < 0) {
		snprintf(c->bad_field, sizeof c->bad_field, "name");
		return rc;
	}
	admin_go(c, "admin/device-groups.cgi", "device_group",
	    json_string_value(json_object_get(answer, "name")));
	left = json_object_get(answer, "left");
	if (json_array_size(json_object_get(left, "prices")) > 0 ||
	    json_array_size(json_object_get(left, "rules")) > 0) {
		struct rel_buf b;

		rel_buf_init(&b);
		rel_put_fmt(&b, "%s&was=", c->go);
		rel_api_escape(&b, was);
		rel_put_u8(&b, 0);
		if (!b.failed && b.len <= sizeof c->go)
			memcpy(c->go, b.data, b.len);
		rel_buf_fini(&b);
	}
	json_decref(answer);
	return 0;
}

/* ---- the page */

static int
group_get(struct cgi *c, const char *group)
{
	static const char *const filters[] = { "device_group", NULL };
	static const struct list l = { .path = "/devices", .key = "devices",
	    .filters = filters, .limit = 100, .each = device_words };
	const char *was = admin_query(c, "was");
	int rc = cgi_view(c, "group", NULL, "/device-groups/*", group);

	if (rc == 0 && was[0] != '\0')
		rc = cgi_view(c, "was", NULL, "/device-groups/*", was);
	return rc < 0 ? rc : list_view(c, &l);
}

static int
groups_get(struct cgi *c)
{
	const char *group = admin_query(c, "device_group");

	admin_may_change(c, FOR_OPERATOR);
	if (group[0] != '\0')
		return group_get(c, group);
	return cgi_view(c, "groups", "groups", "/device-groups");
}

static const struct action actions[] = {
	{ "leave", device_group_leave, "The devices are out of the group." },
	{ "rename", group_rename, "The group has another name." },
	{ NULL, NULL, NULL }
};

const struct page admin_device_groups = {
	.path = "admin/device-groups.cgi",
	.title = "Groups of devices",
	.need = FOR_HELPDESK,
	.menu = "Devices",
	.get = groups_get,
	.actions = actions
};
