/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The supplies of all devices, those that run out first. */
#include "cgi/admin/admin.h"
#include "cgi/admin/device_items.h"
#include "cgi/list.h"
#include "cgi/supply_words.h"

static const struct csv_column columns[] = {
	{ .title = "Device", .path = "device" },
	{ .title = "Place", .path = "location" },
	{ .title = "Groups", .path = "groups" },
	{ .title = "Supply", .path = "name" },
	{ .title = "Kind", .path = "kind_words" },
	{ .title = "Colour", .path = "color_words" },
	{ .title = "Percent left", .path = "percent_known" },
	{ .title = "Left", .path = "left" },
	{ .title = "Since", .path = "since", .kind = "time" },
	{ .title = "Heard", .path = "heard_at", .kind = "time" },
	{ .title = "Identifier", .path = "device_id" },
	{ .title = NULL }
};

static void
supply_row(json_t *s)
{
	supply_words(s);
	if (json_is_true(json_object_get(s, "known")))
		json_object_set(s, "percent_known", json_object_get(s,
		    "percent"));
	device_groups_view(s);
	json_object_set_new(s, "ago", admin_ago(json_object_get(s,
	    "heard_at")));
}

static int
supplies_get(struct cgi *c)
{
	static const char *const filters[] = { "q", "below", "device_group",
	    "kind", NULL };
	const struct list l = { .path = "/supplies", .key = "supplies",
	    .filters = filters, .limit = 100, .columns = columns,
	    .each = supply_row };
	int rc = list_view(c, &l);

	if (rc == 0)
		cgi_put(c, "kinds", supply_kinds(cgi_text(c, "kind")));
	return rc;
}

const struct page admin_supplies = {
	.path = "admin/supplies.cgi",
	.title = "Supplies",
	.need = FOR_HELPDESK,
	.menu = "Devices",
	.get = supplies_get
};
