/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* All devices: where they are, and whether they can print now. */
#include "cgi/admin/admin.h"
#include "cgi/device_words.h"

static int
devices_get(struct cgi *c)
{
	int rc = admin_list(c, "/devices", "devices");
	json_t *d;
	size_t i;

	if (rc != 0)
		return rc;
	admin_may_change(c, FOR_OPERATOR);
	json_array_foreach(json_object_get(c->view, "devices"), i, d) {
		device_words(d);
		json_object_set_new(d, "ago", admin_ago(json_object_get(d,
		    "last_seen_at")));
	}
	return 0;
}

const struct page admin_devices = {
	.path = "admin/devices.cgi",
	.title = "Devices",
	.need = FOR_HELPDESK,
	.menu = "Devices",
	.get = devices_get
};
