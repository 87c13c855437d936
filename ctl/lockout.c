/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* releasectl lockout ... */
#include <stdio.h>

#include "ctl/ctl.h"

static const struct ctl_column list_columns[] = {
	{ "KIND", "kind", COL_TEXT }, { "NAME", "name", COL_TEXT },
	{ "DEVICE", "display", COL_TEXT }, { "UNTIL", "until", COL_TIME },
	{ NULL, NULL, COL_TEXT }
};

static int
lockout_list(struct ctl *c)
{
	json_t *list;
	int rc = ctl_call(c, "GET", "/lockouts", "", NULL, &list);

	if (rc == 0)
		ctl_print_list(c, list, "lockouts", list_columns);
	return rc;
}

static int
lockout_unlock(struct ctl *c)
{
	json_t *answer;
	int rc = ctl_send(c, "POST", "/lockouts/unlock", "", json_pack(
	    "{s:s,s:s}", "kind", c->arg[0], "name", c->arg[1]), &answer);

	return rc < 0 ? rc : ctl_told(c, answer, "%s may try again.\n",
	    c->arg[1]);
}

static const enum ctl_opt none[] = { OPT_COUNT };

const struct ctl_verb ctl_lockout_verbs[] = {
	{ "lockout", "list", 0, 0, "", none,
	    "Who and what is locked out after failed log-ins, and until when.",
	    lockout_list },
	{ "lockout", "unlock", 2, 2, "user|device|address|backup NAME", none,
	    "End one of them.", lockout_unlock },
	{ 0 }
};
