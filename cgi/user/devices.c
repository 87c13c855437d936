/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Find a device to print at, by a part of its name or place. */
#include "cgi/device_words.h"
#include "cgi/list.h"

/* Nothing is said of what nobody knows. */
static void
device_row(json_t *d)
{
	device_words(d);
	json_object_set_new(d, "color_known", json_boolean(json_is_boolean(
	    json_object_get(d, "color"))));
}

static int
devices_get(struct cgi *c)
{
	static const char *const filters[] = { "q", NULL };
	static const struct list l = {
		.path = "/devices", .key = "devices", .filters = filters,
		.limit = 50, .each = device_row
	};

	return list_view(c, &l);
}

const struct page user_devices = {
	.path = "devices.cgi",
	.title = "Find a device",
	.menu = "Printing",
	.get = devices_get
};
