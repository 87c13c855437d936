/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* A directory's accounts are brought up to date: try, do, see what differed. */
#include <stdio.h>
#include <string.h>

#include "cgi/admin/admin.h"
#include "cgi/list.h"

static int
begin(struct cgi *c, bool dry, bool force)
{
	const char *name = admin_query(c, "name");

	admin_go(c, "admin/directory-sync.cgi", "name", name);
	return cgi_call(c, "POST", json_pack("{s:b,s:b}", "dry_run", dry,
	    "force", force), NULL, "/directories/*/sync", name);
}

static int
sync_try(struct cgi *c)
{
	return begin(c, true, false);
}

static int
sync_run(struct cgi *c)
{
	return begin(c, false, false);
}

static int
sync_force(struct cgi *c)
{
	return begin(c, false, true);
}

static int
sync_cancel(struct cgi *c)
{
	const char *name = admin_query(c, "name");

	admin_go(c, "admin/directory-sync.cgi", "name", name);
	return cgi_call(c, "DELETE", NULL, NULL, "/directories/*/sync", name);
}

/* The kinds to choose from, in the order they are listed. */
static void
kinds_put(struct cgi *c)
{
	static const char *const kinds[] = { "clash", "deleted", "disabled",
	    "changed", "added" };
	const char *chosen = admin_query(c, "kind");
	json_t *all = json_array();

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		json_array_append_new(all, json_pack("{s:s,s:b}", "value",
		    kinds[i], "chosen", strcmp(kinds[i], chosen) == 0));
	cgi_put(c, "kinds", all);
}

static int
sync_get(struct cgi *c)
{
	static const struct csv_column columns[] = {
		{ "What", "what", "word" }, { "User", "name", NULL },
		{ "Values", "words", NULL }, { NULL, NULL, NULL }
	};
	static const char *const filters[] = { "kind", NULL };
	const char *name = admin_query(c, "name");
	const struct list l = { .path = "/directories/*/sync", .star = name,
	    .key = "rows", .filters = filters, .limit = 50,
	    .columns = columns };
	json_t *now = NULL, *last;
	int rc = cgi_get(c, &now, "/directories/*/sync", name);

	if (rc < 0)
		return rc;
	last = json_array_get(json_object_get(now, "runs"), 0);
	json_object_set(c->view, "sync", now);
	json_object_set_new(c->view, "stopped", json_boolean(last != NULL &&
	    strcmp(json_string_value(json_object_get(last, "state")),
	    "stopped") == 0));
	cgi_put_text(c, "name", json_string_value(json_object_get(now,
	    "name")));
	cgi_put_text(c, "title", json_string_value(json_object_get(now,
	    "name")));
	json_decref(now);
	kinds_put(c);
	return list_view(c, &l);
}

static const struct action sync_actions[] = {
	{ "try", sync_try, "The trial has begun." },
	{ "run", sync_run, "It has begun." },
	{ "force", sync_force, "It has begun." },
	{ "cancel", sync_cancel, "It is cancelled; what was done stays." },
	{ NULL, NULL, NULL }
};

const struct page admin_directory_sync = {
	.path = "admin/directory-sync.cgi",
	.title = "Users and groups of a directory",
	.need = FOR_ADMIN,
	.get = sync_get,
	.actions = sync_actions
};
