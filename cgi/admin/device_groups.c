/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The groups devices are in; which device is in which, its own page says. */
#include "cgi/admin/admin.h"

static int
groups_get(struct cgi *c)
{
	json_t *answer = NULL;
	int rc = cgi_get(c, &answer, "/device-groups");

	if (rc < 0)
		return rc;
	json_object_set(c->view, "groups", json_object_get(answer, "groups"));
	json_decref(answer);
	return 0;
}

const struct page admin_device_groups = {
	.path = "admin/device-groups.cgi",
	.title = "Groups of devices",
	.need = FOR_HELPDESK,
	.menu = "Devices",
	.get = groups_get
};
