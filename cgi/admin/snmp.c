/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* With which SNMP credentials devices are asked; each can be tried. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cgi/admin/admin.h"
#include "cgi/device_words.h"

static const char *const texts[] = {
	"version", "kind", "user", "auth", "priv", "context", "position"
};

/* What was filled in; secrets stay when they were not. */
static json_t *
credentials_typed(const struct cgi *c)
{
	static const char *const secrets[] = { "community", "auth_password",
	    "priv_password" };
	json_t *body = json_object();

	for (size_t i = 0; i + 1 < sizeof texts / sizeof texts[0]; i++)
		admin_take(c, body, texts[i]);
	json_object_set_new(body, "position", json_integer(atoi(cgi_text(c,
	    "position"))));
	json_object_set_new(body, "addresses", admin_lines(c, "addresses"));
	for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++)
		if (cgi_text(c, secrets[i])[0] != '\0')
			json_object_set_new(body, secrets[i], json_string(
			    cgi_text(c, secrets[i])));
	return body;
}

static int
credentials_add(struct cgi *c)
{
	const char *name = cgi_text(c, "name");
	json_t *body;

	if (name[0] == '\0')
		return cgi_bad(c, "name", "%s",
		    tr("The credentials need a name."));
	body = credentials_typed(c);
	json_object_set_new(body, "name", json_string(name));
	return cgi_call(c, "POST", body, NULL, "/snmp-credentials");
}

static int
credentials_save(struct cgi *c)
{
	return cgi_call(c, "PATCH", credentials_typed(c), NULL,
	    "/snmp-credentials/*", admin_query(c, "name"));
}

static int
credentials_remove(struct cgi *c)
{
	int rc = cgi_call(c, "DELETE", NULL, NULL, "/snmp-credentials/*",
	    admin_query(c, "name"));

	if (rc == 0)
		snprintf(c->go, sizeof c->go, "admin/snmp.cgi");
	return rc;
}

/* The words of a choice, and which it is. */
static void
choices_put(struct cgi *c, const json_t *form, const char *member,
    const char *const *words)
{
	const char *now = json_string_value(json_object_get(form, member));
	json_t *all = json_array();
	char name[24];

	for (size_t i = 0; words[i] != NULL; i++)
		json_array_append_new(all, json_pack("{s:s,s:b}", "value",
		    words[i], "chosen", now != NULL && strcmp(now,
		    words[i]) == 0));
	snprintf(name, sizeof name, "%s_words", member);
	cgi_put(c, name, all);
}

static json_t *
credentials_named(const json_t *all, const char *name)
{
	json_t *row;
	size_t i;

	json_array_foreach(json_object_get(all, "credentials"), i, row)
		if (strcasecmp(json_string_value(json_object_get(row,
		    "name")), name) == 0)
			return row;
	return NULL;
}

static int
snmp_get(struct cgi *c)
{
	static const char *const values[] = { "name", "version", "kind",
	    "user", "auth", "priv", "context", "position", "addresses",
	    "address", NULL };
	static const char *const versions[] = { "3", "2c", "1", NULL };
	static const char *const kinds[] = { "read", "read-write", NULL };
	static const char *const auths[] = { "none", "md5", "sha1", "sha224",
	    "sha256", "sha384", "sha512", NULL };
	static const char *const privs[] = { "none", "des", "aes128",
	    "aes192", "aes256", NULL };
	const char *name = admin_query(c, "name");
	json_t *all = NULL, *one;
	int rc = cgi_get(c, &all, "/snmp-credentials");

	if (rc < 0)
		return rc;
	one = json_incref(credentials_named(all, name));
	cgi_put(c, "credentials", json_incref(json_object_get(all,
	    "credentials")));
	json_decref(all);
	if (one != NULL)
		json_object_set(c->view, "one", one);
	else
		one = json_pack("{s:s,s:s,s:s,s:s,s:i}", "version", "3",
		    "kind", "read", "auth", "sha256", "priv", "aes128",
		    "position", 100);
	admin_form(c, one, values);
	json_decref(one);
	one = json_object_get(c->view, "form");
	choices_put(c, one, "version", versions);
	choices_put(c, one, "kind", kinds);
	choices_put(c, one, "auth", auths);
	choices_put(c, one, "priv", privs);
	return 0;
}

static int
credentials_test(struct cgi *c)
{
	const char *address = cgi_text(c, "address");
	json_t *answer = NULL;
	int rc;

	if (address[0] == '\0')
		return cgi_bad(c, "address", "%s", tr("Which device?"));
	rc = cgi_call(c, "POST", json_pack("{s:s}", "address", address),
	    &answer, "/snmp-credentials/test");
	if (rc < 0)
		return rc;
	device_maker(answer);
	cgi_put(c, "tested", answer);
	if ((rc = snmp_get(c)) == 0)
		answer_page(c);
	return rc;
}

static const struct action snmp_actions[] = {
	{ "add", credentials_add, "The credentials are there now: try them." },
	{ "save", credentials_save, "Saved: it holds from now on." },
	{ "remove", credentials_remove, "The credentials are removed." },
	{ "test", credentials_test, "" },
	{ NULL, NULL, NULL }
};

const struct page admin_snmp = {
	.path = "admin/snmp.cgi",
	.title = "SNMP credentials",
	.need = FOR_ADMIN,
	.menu = "Devices",
	.get = snmp_get,
	.actions = snmp_actions
};
