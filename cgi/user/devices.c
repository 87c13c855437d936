/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Find a device to print at, by a part of its name or place. */
#include "cgi/device_words.h"
#include "cgi/list.h"

static int
devices_get(struct cgi *c)
{
	static const char *const filters[] = { "q", NULL };
	static const struct list l = {
		.path = "/devices", .key = "devices", .filters = filters,
		.limit = 50, .each = device_words
	};

	return list_view(c, &l);
}

const struct page user_devices = {
	.path = "devices.cgi",
	.title = "Find a device",
	.menu = "Printing",
	.get = devices_get
};
