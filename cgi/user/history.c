/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* My history: what became of my jobs, and how much came out. */
#include <string.h>

#include "cgi/list.h"
#include "cgi/usage.h"

static const struct csv_column columns[] = {
	{ .title = "Printed", .path = "created_at", .kind = "time" },
	{ .title = "Came out", .path = "ended_at", .kind = "time" },
	{ .title = "Title", .path = "title" },
	{ .title = "Queue", .path = "queue" },
	{ .title = "Device", .path = "device" },
	{ .title = "State", .path = "state", .kind = "word" },
	{ .title = "Reason", .path = "reason" },
	{ .title = "Pages", .path = "out.sides" },
	{ .title = "Sheets", .path = "out.sheets" },
	{ .title = "In colour", .path = "out.colour" },
	{ .title = "Number", .path = "id" },
	{ .title = NULL }
};

static int
history_get(struct cgi *c)
{
	static const char *const filters[] = { "q", "from", "to", NULL };
	const char *me = json_string_value(json_object_get(c->me, "name"));
	const struct list l = {
		.path = "/jobs?order=newest&user=*&job_state=sent,unconfirmed,"
		    "expired,deleted,refused",
		.star = me, .key = "jobs", .filters = filters, .limit = 25,
		.columns = columns, .each = usage_job
	};
	int rc = list_view(c, &l);

	/* The plots are on the first page: what follows is more of the list. */
	if (rc != 0 || cgi_text(c, "after")[0] != '\0')
		return rc;
	if ((rc = usage_view(c, "days", tr("My pages per day"),
	    "/usage?by=day&user=*", me)) == 0)
		rc = usage_view(c, "months", tr("My pages per month"),
		    "/usage?by=month&user=*", me);
	return rc;
}

const struct page user_history = {
	.path = "history.cgi",
	.title = "My history",
	.menu = "Printing",
	.get = history_get
};
