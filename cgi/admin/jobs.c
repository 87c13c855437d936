/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Jobs of everybody, over months. */
#include <string.h>

#include "cgi/admin/admin.h"
#include "cgi/list.h"
#include "cgi/usage.h"
#include "cgi/user/user.h"

/* ---- actions; the visitor comes back to the same list */

static int
all_release(struct cgi *c)
{
	int rc = jobs_release(c);

	c->go[0] = '\0';
	return rc;
}

static int
all_delete(struct cgi *c)
{
	int rc = jobs_delete(c);

	c->go[0] = '\0';
	return rc;
}

/* ---- the list */

static const struct csv_column columns[] = {
	{ .title = "Printed", .path = "created_at", .kind = "time" },
	{ .title = "Came out", .path = "ended_at", .kind = "time" },
	{ .title = "User", .path = "user" },
	{ .title = "Title", .path = "title" },
	{ .title = "Computer", .path = "host" },
	{ .title = "Queue", .path = "queue" },
	{ .title = "Device", .path = "device" },
	{ .title = "State", .path = "state", .kind = "word" },
	{ .title = "Reason", .path = "reason" },
	{ .title = "Format", .path = "format" },
	{ .title = "Bytes", .path = "bytes" },
	{ .title = "Pages", .path = "out.sides" },
	{ .title = "Sheets", .path = "out.sheets" },
	{ .title = "In colour", .path = "out.colour" },
	{ .title = "Number", .path = "id" },
	{ .title = "Number in CUPS", .path = "cups_job" },
	{ .title = NULL }
};

/* The states to choose from, the chosen one marked. */
static void
states(struct cgi *c)
{
	static const char *const names[] = { "held", "releasing", "sent",
	    "unconfirmed", "expired", "deleted", "refused" };
	const char *now = cgi_text(c, "job_state");
	json_t *list = json_array();

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		json_array_append_new(list, json_pack("{s:s,s:b}", "value",
		    names[i], "chosen", strcmp(names[i], now) == 0));
	cgi_put(c, "states", list);
}

static int
jobs_get(struct cgi *c)
{
	static const char *const filters[] = { "user", "q", "queue", "device",
	    "job_state", "from", "to", NULL };
	const struct list l = {
		.path = cgi_text(c, "job_state")[0] != '\0' ?
		    "/jobs?order=newest" : "/jobs?order=newest&job_state=all",
		.key = "jobs", .filters = filters, .limit = 50,
		.columns = columns, .each = usage_job
	};
	int rc = list_view(c, &l);

	if (rc != 0)
		return rc;
	states(c);
	admin_may_change(c, FOR_OPERATOR);
	if (c->role < FOR_OPERATOR)
		return 0;
	return cgi_view(c, "devices", "devices", "/devices?limit=200");
}

static const struct action actions[] = {
	{ "release", all_release, "The device prints now." },
	{ "delete", all_delete, "Deleted: nothing of it is left." },
	{ NULL, NULL, NULL }
};

const struct page admin_jobs = {
	.path = "admin/jobs.cgi",
	.title = "Jobs of everybody",
	.need = FOR_HELPDESK,
	.menu = "Administration",
	.get = jobs_get,
	.actions = actions
};
