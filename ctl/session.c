/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* releasectl session ...: who is logged in over HTTPS. */
#include "ctl/ctl.h"

static const struct ctl_column columns[] = {
	{ "ID", "id", COL_TEXT }, { "FOR", "for", COL_TEXT },
	{ "FROM", "address", COL_TEXT }, { "SINCE", "created_at", COL_TIME },
	{ "LAST USED", "last_used_at", COL_TIME },
	{ "ENDS", "expires_at", COL_TIME }, { NULL, NULL, COL_TEXT }
};

static int
session_list(struct ctl *c)
{
	const char *user = c->opt[OPT_USER];
	json_t *answer;
	int rc = ctl_call(c, "GET", user != NULL ? "/users/*/sessions" :
	    "/me/sessions", user, NULL, &answer);

	if (rc == 0)
		ctl_print_list(c, answer, "sessions", columns);
	return rc;
}

static int
end_all(struct ctl *c)
{
	const char *user = c->opt[OPT_USER];
	int rc = ctl_call(c, "DELETE", user != NULL ? "/users/*/sessions" :
	    "/me/sessions", user, NULL, NULL);

	if (rc == 0)
		ctl_say(c, "All log-ins%s%s have ended.\n", user != NULL ?
		    " of " : "", user != NULL ? user : "");
	return rc;
}

static int
session_end(struct ctl *c)
{
	bool all = c->opt[OPT_ALL] != NULL || c->opt[OPT_USER] != NULL;
	int rc = 0;

	if (all != (c->nargs == 0))
		return ctl_misuse(c, "name log-ins (\"releasectl session "
		    "list\" shows them), or --all, or the --user whose all "
		    "are meant");
	if (all)
		return end_all(c);
	for (int i = 0; i < c->nargs && rc == 0; i++)
		if ((rc = ctl_call(c, "DELETE", "/me/sessions/*", c->arg[i],
		    NULL, NULL)) == 0)
			ctl_say(c, "Log-in %s has ended.\n", c->arg[i]);
	return rc;
}

static const enum ctl_opt list_opts[] = { OPT_USER, OPT_COUNT };
static const enum ctl_opt end_opts[] = { OPT_ALL, OPT_USER, OPT_COUNT };

const struct ctl_verb ctl_session_verbs[] = {
	{ "session", "list", 0, 0, "", list_opts,
	    "Where you (or a user) are logged in over HTTPS: desktop clients, "
	    "phones, scripts.", session_list },
	{ "session", "end", 0, ARGS_MAX, "[ID ...]", end_opts,
	    "Log such clients out: some of yours, all of yours, or all of a "
	    "user.", session_end },
	{ 0 }
};
