/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* All devices: where they are, and whether they can print now. */
#include <string.h>

#include "cgi/admin/admin.h"
#include "cgi/admin/device_groups.h"
#include "cgi/admin/device_items.h"
#include "cgi/device_words.h"
#include "cgi/list.h"

#define SHORT_MAX 4u		/* supplies in a row of the list */

static const struct csv_column columns[] = {
	{ .title = "Name", .path = "name" },
	{ .title = "Place", .path = "location" },
	{ .title = "Groups", .path = "groups" },
	{ .title = "State", .path = "words" },
	{ .title = "Status of", .path = "state_at", .kind = "time" },
	{ .title = "Last seen", .path = "last_seen_at", .kind = "time" },
	{ .title = "Maker", .path = "vendor" },
	{ .title = "Model", .path = "model" },
	{ .title = "Serial number", .path = "serial" },
	{ .title = "Firmware", .path = "firmware" },
	{ .title = "Asked by", .path = "protocol" },
	{ .title = "Address", .path = "address" },
	{ .title = "Host name or address", .path = "lpr_host" },
	{ .title = "Supply that is lowest", .path = "lowest" },
	{ .title = "Percent left", .path = "lowest_percent" },
	{ .title = "Identifier", .path = "id" },
	{ .title = NULL }
};

static json_int_t
left(const json_t *supply)
{
	return json_integer_value(json_object_get(supply, "percent"));
}

/* The supplies that end first, in `short`; the very first of them. */
static void
supplies_short(json_t *d)
{
	json_t *list = json_array(), *s;
	size_t i;

	json_array_foreach(json_object_get(d, "supplies"), i, s) {
		size_t at = 0;

		if (!json_is_true(json_object_get(s, "known")))
			continue;
		while (at < json_array_size(list) &&
		    left(json_array_get(list, at)) <= left(s))
			at++;
		json_array_insert(list, at, s);
		json_array_remove(list, SHORT_MAX);
	}
	if ((s = json_array_get(list, 0)) != NULL) {
		json_object_set(d, "lowest", json_object_get(s, "name"));
		json_object_set(d, "lowest_percent", json_object_get(s,
		    "percent"));
	}
	json_object_set_new(d, "short", list);
}

/* Its groups as links, its supplies in short. */
static void
device_row(json_t *d)
{
	device_words(d);
	device_maker(d);
	device_supplies_view(d);
	json_object_set_new(d, "ago", admin_ago(json_object_get(d,
	    "last_seen_at")));
	device_groups_view(d);
	supplies_short(d);
}

void
admin_conditions(struct cgi *c)
{
	static const char *const all[][2] = {
		{ "trouble", N_("needs somebody") }, { "ok", N_("ready") },
		{ "warning", N_("with a warning") },
		{ "stopped", N_("cannot print") },
		{ "offline", N_("offline") },
		{ "away", N_("does not answer") },
		{ "unknown", N_("nobody knows") }
	};
	const char *now = cgi_text(c, "condition");
	json_t *list = json_array();

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		json_array_append_new(list, json_pack("{s:s,s:s,s:b}",
		    "value", all[i][0], "words", tr(all[i][1]), "chosen",
		    strcmp(all[i][0], now) == 0));
	cgi_put(c, "conditions", list);
}

/* Which group the chosen ones are for: as typed, of the address, or the one
 * that is looked at; those that were chosen stay so. */
static int
grouping(struct cgi *c)
{
	const char *group = cgi_text(c, "group");
	const char *put = admin_query(c, "put");
	json_t *d;
	size_t i;

	cgi_put_text(c, "put", put[0] != '\0' ? put : NULL);
	cgi_put_text(c, "group_now", group[0] != '\0' ? group :
	    put[0] != '\0' ? put : admin_query(c, "device_group"));
	json_array_foreach(json_object_get(c->view, "devices"), i, d)
		json_object_set_new(d, "chosen", json_boolean(
		    admin_is_chosen(c, d)));
	return cgi_view(c, "groups", "groups", "/device-groups");
}

static int
devices_get(struct cgi *c)
{
	static const char *const filters[] = { "q", "device_group",
	    "condition", NULL };
	const struct list l = { .path = "/devices", .key = "devices",
	    .filters = filters, .limit = 100, .columns = columns,
	    .each = device_row };
	int rc = list_view(c, &l);

	if (rc != 0)
		return rc;
	admin_conditions(c);
	admin_may_change(c, FOR_OPERATOR);
	return c->role >= FOR_OPERATOR ? grouping(c) : 0;
}

static const struct action actions[] = {
	{ "join", device_group_join, "The devices are in the group." },
	{ "leave", device_group_leave, "The devices are out of the group." },
	{ NULL, NULL, NULL }
};

const struct page admin_devices = {
	.path = "admin/devices.cgi",
	.title = "Devices",
	.need = FOR_HELPDESK,
	.menu = "Devices",
	.get = devices_get,
	.actions = actions
};
