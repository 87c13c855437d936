/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Directories: where accounts come from; each can be tried. */
#include <stdio.h>
#include <string.h>

#include "cgi/admin/admin.h"
#include "cgi/list.h"
#include "lib/directory_like.h"

/* What a new one begins with, and what its kind of server adds. */
static const char example[] =
"Servers ldap.example.com\n"
"Domain example.com\n";

/* ---- what both pages send */

/* What was filled in; secrets and certificates stay when they were not. */
static json_t *
body_typed(const struct cgi *c)
{
	static const char *const lists[] = { "ca", "crl", "keytab" };
	json_t *body = json_object();

	json_object_set_new(body, "text", admin_lines(c, "text"));
	for (size_t i = 0; i < 3; i++)
		if (cgi_text(c, lists[i])[0] != '\0')
			json_object_set_new(body, lists[i], admin_lines(c,
			    lists[i]));
	if (cgi_text(c, "service_password")[0] != '\0')
		json_object_set_new(body, "service_password", json_string(
		    cgi_text(c, "service_password")));
	return body;
}

/* A wrong directive is a mistake of the text. */
static int
sent(struct cgi *c, int rc)
{
	if (rc < 0 && strcmp(c->problem, "text-invalid") == 0)
		snprintf(c->bad_field, sizeof c->bad_field, "text");
	return rc;
}

/* ---- all of them */

static int
directory_add(struct cgi *c)
{
	const char *name = cgi_text(c, "name");
	json_t *body;

	if (name[0] == '\0')
		return cgi_bad(c, "name", "%s",
		    tr("The directory needs a name."));
	body = body_typed(c);
	json_object_set_new(body, "name", json_string(name));
	admin_go(c, "admin/directory.cgi", "name", name);
	return sent(c, cgi_call(c, "POST", body, NULL, "/directories"));
}

/* The text to begin with, like the kind of server that was chosen. */
static json_t *
example_like(struct cgi *c)
{
	static const char *const names[] = { "OpenLDAP", "Active Directory",
	    "FreeIPA" };
	const char *like = admin_query(c, "like"), *kind;
	json_t *kinds = json_array(), *text = NULL;
	struct rel_buf b;

	rel_buf_init(&b);
	if (like == NULL || rel_directory_like(&b, like, example) < 0) {
		rel_buf_reset(&b);
		like = rel_directory_kind(0);
		(void)rel_directory_like(&b, like, example);
	}
	for (unsigned i = 0; (kind = rel_directory_kind(i)) != NULL; i++)
		json_array_append_new(kinds, json_pack("{s:s,s:s,s:b}", "kind",
		    kind, "name", names[i], "now", strcmp(kind, like) == 0));
	cgi_put(c, "kinds", kinds);
	text = json_string(b.failed ? "" : (char *)b.data);
	rel_buf_fini(&b);
	return text;
}

static int
directories_get(struct cgi *c)
{
	static const char *const values[] = { "name", "text", "ca", NULL };
	json_t *now = json_pack("{s:o}", "text", example_like(c));

	admin_form(c, now, values);
	json_decref(now);
	return cgi_view(c, "directories", "directories", "/directories");
}

static const struct action directories_actions[] = {
	{ "add", directory_add, "The directory is there now: try it." },
	{ NULL, NULL, NULL }
};

const struct page admin_directories = {
	.path = "admin/directories.cgi",
	.title = "Directories",
	.need = FOR_ADMIN,
	.security = true,
	.menu = "People",
	.get = directories_get,
	.actions = directories_actions
};

/* ---- one of them */

static int directory_get(struct cgi *c);

static int
directory_save(struct cgi *c)
{
	return sent(c, cgi_call(c, "PATCH", body_typed(c), NULL,
	    "/directories/*", admin_query(c, "name")));
}

static int
directory_test(struct cgi *c)
{
	const char *who = cgi_text(c, "who");
	json_t *answer = NULL;
	int rc = cgi_call(c, "POST", who[0] != '\0' ? json_pack("{s:s}",
	    "name", who) : json_object(), &answer, "/directories/*/test",
	    admin_query(c, "name"));

	if (rc < 0)
		return rc;
	cgi_put(c, "good", json_boolean(strcmp(json_string_value(
	    json_object_get(answer, "outcome")), "right") == 0));
	json_object_set(c->view, "tested", answer);
	json_decref(answer);
	if ((rc = directory_get(c)) == 0)
		answer_page(c);
	return rc;
}

static int
directory_remove(struct cgi *c)
{
	const char *name = admin_query(c, "name");
	int rc = admin_confirmed(c, name);

	if (rc == 0)
		rc = cgi_call(c, "DELETE", NULL, NULL, "/directories/*", name);
	if (rc == 0)
		snprintf(c->go, sizeof c->go, "admin/directories.cgi");
	return rc;
}

static int
directory_get(struct cgi *c)
{
	static const char *const values[] = { "text", "who", NULL };
	const char *name = admin_query(c, "name");
	json_t *all = NULL, *row, *found = NULL;
	size_t i;
	int rc = cgi_get(c, &all, "/directories");

	if (rc < 0)
		return rc;
	json_array_foreach(json_object_get(all, "directories"), i, row)
		if (strcasecmp(json_string_value(json_object_get(row,
		    "name")), name) == 0)
			found = row;
	if (found == NULL)
		rc = rel_err_set(&c->err, REL_E_NOTFOUND, "%s",
		    tr("There is no such directory."));
	else {
		json_object_set(c->view, "directory", found);
		cgi_put_text(c, "title", json_string_value(json_object_get(
		    found, "name")));
		admin_form(c, found, values);
	}
	json_decref(all);
	return rc;
}

static const struct action directory_actions[] = {
	{ "save", directory_save, "Saved: it holds from now on." },
	{ "test", directory_test, "" },
	{ "remove", directory_remove, "The directory is removed." },
	{ NULL, NULL, NULL }
};

const struct page admin_directory = {
	.path = "admin/directory.cgi",
	.title = "Directory",
	.need = FOR_ADMIN,
	.security = true,
	.get = directory_get,
	.actions = directory_actions
};
