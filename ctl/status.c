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

/* What talks with devices: it lets alone those over which it died. */
static void
show_drivers(const json_t *drivers)
{
	const json_t *names = json_object_get(drivers, "names"), *name;
	json_int_t alone = json_integer_value(json_object_get(drivers,
	    "left_alone"));
	char text[80];
	size_t i;

	if (!json_is_object(drivers))
		return;
	printf("Drivers:              ");
	json_array_foreach(names, i, name) {
		ctl_text(text, sizeof text, name, COL_TEXT);
		printf("%s%s", i > 0 ? ", " : "", text);
	}
	printf(" (%lld processes, %lld questions)\n",
	    (long long)json_integer_value(json_object_get(drivers,
	    "processes")), (long long)json_integer_value(json_object_get(
	    drivers, "asked")));
	if (alone > 0)
		printf("Warning: drivers died over %lld devices, which are "
		    "left alone for a while: see the log\n",
		    (long long)alone);
}

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
			printf("Listening (HTTPS):    %s\n", text);
		}
		show_drivers(json_object_get(answer, "drivers"));
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
