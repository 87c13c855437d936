/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* releasectl status */
#include <stdio.h>

#include "ctl/ctl.h"

static const struct ctl_column columns[] = {
	{ "Version", "version", COL_TEXT }, { "Node", "node", COL_INT },
	{ "Running since", "started_at", COL_TIME },
	{ "Jobs held", "held", COL_INT },
	{ "Size of held jobs", "held_bytes", COL_SIZE },
	{ "On their way", "releasing", COL_INT },
	{ "Devices", "devices", COL_INT }, { "Users", "users", COL_INT },
	{ "Address for devices", "base_url", COL_TEXT },
	{ "Address of the pages", "pages_url", COL_TEXT },
	{ NULL, NULL, COL_TEXT }
};

static int
status(struct ctl *c)
{
	json_t *answer, *port;
	char text[80], warning[256];
	size_t i;
	int rc = ctl_call(c, "GET", "/status", "", NULL, &answer);

	if (rc < 0)
		return rc;
	if (c->opt[OPT_JSON] != NULL) {
		ctl_print_json(answer);
	} else {
		ctl_show(answer, columns);
		json_array_foreach(json_object_get(answer, "https"), i, port) {
			ctl_text(text, sizeof text, port, COL_TEXT);
			printf("Listening (HTTPS):   %s\n", text);
		}
		json_array_foreach(json_object_get(answer, "warnings"), i,
		    port) {
			ctl_text(warning, sizeof warning,
			    json_object_get(port, "text"), COL_TEXT);
			printf("Warning: %s\n", warning);
		}
	}
	json_decref(answer);
	return 0;
}

static const enum ctl_opt none[] = { OPT_COUNT };

const struct ctl_verb ctl_status_verbs[] = {
	{ "status", NULL, 0, 0, "", none,
	    "Show whether releaserd runs, and with what.", status },
	{ 0 }
};
