/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Security templates: what a log-in must prove; and the secrets of devices. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cgi/admin/admin.h"
#include "cgi/list.h"
#include "lib/names.h"

#define AT "at_"			/* at_card: which step a card is */

static const struct {
	const char *name, *words;
} kinds[] = {
	{ "card", N_("Card") },
	{ "card+pin", N_("Card and its PIN") },
	{ "internal", N_("Password kept here") },
	{ "ldap", N_("Password of a directory") },
	{ "ldap+gssapi", N_("Password of a directory, by GSSAPI") },
	{ "kerberos", N_("Kerberos password") },
	{ "ntlm", N_("NTLM password") },
	{ "pam", N_("Password of this host (PAM)") },
	{ "id-number", N_("ID number") },
	{ "code", N_("One-time code") },
	{ "guest", N_("Code of a guest") },
	{ "device-password", N_("Password of the device") },
	{ "device-pin", N_("PIN of the device") }
};
#define KINDS (sizeof kinds / sizeof kinds[0])

/* "ldap:school": Password of a directory, school. */
static json_t *
block_words(const char *block)
{
	const char *colon = strchr(block, ':');
	size_t n = colon != NULL ? (size_t)(colon - block) : strlen(block);

	for (size_t i = 0; i < KINDS; i++)
		if (strlen(kinds[i].name) == n &&
		    strncmp(kinds[i].name, block, n) == 0)
			return colon == NULL ? json_string(tr(
			    kinds[i].words)) : json_sprintf("%s: %s",
			    tr(kinds[i].words), colon + 1);
	return json_string(block);
}

/* ---- the form */

/* Which step a block is: as typed, else as the template has it. */
static json_t *
step_of(const struct cgi *c, const char *block, const json_t *now)
{
	char name[120];
	const char *typed;
	size_t i;
	json_t *one;

	snprintf(name, sizeof name, AT "%s", block);
	typed = cgi_field(c, name);
	if (typed != NULL)
		return json_string(typed);
	json_array_foreach(json_object_get(now, "blocks"), i, one)
		if (strcmp(json_string_value(one), block) == 0)
			return json_sprintf("%zu", i + 1);
	return json_string("");
}

static void
put_row(const struct cgi *c, json_t *rows, const char *block,
    const json_t *now)
{
	json_t *one;
	size_t i;

	json_array_foreach(rows, i, one)
		if (strcmp(json_string_value(json_object_get(one, "block")),
		    block) == 0)
			return;
	json_array_append_new(rows, json_pack("{s:s,s:o,s:o,s:o}", "block",
	    block, "id", json_sprintf("at-%zu", json_array_size(rows)),
	    "words", block_words(block), "step", step_of(c, block, now)));
}

/* What checks passwords there: the block a log-in at this directory proves. */
static const char *
directory_kind(const char *text)
{
	static const char *const binds[][2] = {
		{ "UserBind gssapi", "ldap+gssapi" },
		{ "UserBind kerberos", "kerberos" },
		{ "UserBind ntlm", "ntlm" }, { "UserBind pam", "pam" }
	};

	for (size_t i = 0; text != NULL && i < 4; i++)
		if (strstr(text, binds[i][0]) != NULL)
			return binds[i][1];
	return "ldap";
}

static int
put_rows(struct cgi *c, const json_t *now)
{
	json_t *rows = json_array(), *all = NULL, *one;
	char block[120];
	size_t i;
	int rc = cgi_get(c, &all, "/directories");

	for (i = 0; i < KINDS; i++)
		put_row(c, rows, kinds[i].name, now);
	json_array_foreach(json_object_get(all, "directories"), i, one) {
		snprintf(block, sizeof block, "%s:%s", directory_kind(
		    json_string_value(json_object_get(one, "text"))),
		    json_string_value(json_object_get(one, "name")));
		put_row(c, rows, block, now);
	}
	/* And what it has that nothing here would lead to. */
	json_array_foreach(json_object_get(now, "blocks"), i, one)
		put_row(c, rows, json_string_value(one), now);
	json_decref(all);
	cgi_put(c, "rows", rows);
	return rc;
}

static json_t *
groups_text(const json_t *template)
{
	json_t *one, *all = json_string("");
	size_t i;

	json_array_foreach(json_object_get(template, "groups"), i, one) {
		json_t *more = json_sprintf("%s%s%s", json_string_value(all),
		    i > 0 ? ", " : "", json_string_value(one));

		json_decref(all);
		all = more;
	}
	return all;
}

struct chosen {
	long at;
	const char *block;
};

static int
by_step(const void *a, const void *b)
{
	const struct chosen *x = a, *y = b;

	return (x->at > y->at) - (x->at < y->at);
}

/* The blocks that have a number, in the order of these. */
static int
blocks_typed(struct cgi *c, json_t *body)
{
	struct chosen all[64] = { { 0, NULL } };
	json_t *blocks = json_array();
	size_t n = 0;
	char *end;

	for (size_t i = 0; i < c->rq.nfields && n < 64; i++) {
		const struct field *f = &c->rq.field[i];

		if (strncmp(f->name, AT, strlen(AT)) != 0 ||
		    f->value[0] == '\0')
			continue;
		all[n].at = strtol(f->value, &end, 10);
		all[n++].block = f->name + strlen(AT);
		if (*end != '\0' || all[n - 1].at < 1)
			return cgi_bad(c, "blocks", "%s",
			    tr("A step is a number: 1, 2, 3 ..."));
	}
	qsort(all, n, sizeof all[0], by_step);
	for (size_t i = 0; i < n; i++)
		json_array_append_new(blocks, json_string(all[i].block));
	json_object_set_new(body, "blocks", blocks);
	return 0;
}

static json_t *
body_typed(struct cgi *c, int *rc)
{
	json_t *body = json_object();

	*rc = blocks_typed(c, body);
	json_object_set_new(body, "success", json_string(strcmp(cgi_text(c,
	    "success"), "all") == 0 ? "all" : "any"));
	json_object_set_new(body, "groups", rel_names_list(cgi_text(c,
	    "groups")));
	if (*rc == 0)
		return body;
	json_decref(body);
	return NULL;
}

/* ---- all of them */

static int
template_add(struct cgi *c)
{
	const char *name = cgi_text(c, "name");
	json_t *body;
	int rc;

	if (name[0] == '\0')
		return cgi_bad(c, "name", "%s",
		    tr("The template needs a name."));
	if ((body = body_typed(c, &rc)) == NULL)
		return rc;
	json_object_set_new(body, "name", json_string(name));
	return cgi_call(c, "POST", body, NULL, "/templates");
}

static int
secret_set(struct cgi *c)
{
	const char *device = cgi_text(c, "device");
	json_t *body = json_pack("{s:s,s:s}", "kind", cgi_text(c, "kind"),
	    "value", cgi_text(c, "value"));

	if (device[0] != '\0')
		json_object_set_new(body, "device", json_string(device));
	return cgi_call(c, "POST", body, NULL, "/device-secrets");
}

static void
put_steps(json_t *template)
{
	const char *success = json_string_value(json_object_get(template,
	    "success"));
	json_t *steps = json_array(), *one;
	size_t i;

	json_array_foreach(json_object_get(template, "blocks"), i, one)
		json_array_append_new(steps, json_pack("{s:o,s:b}", "words",
		    block_words(json_string_value(one)), "first", i == 0));
	json_object_set_new(template, "steps", steps);
	json_object_set_new(template, "all", json_boolean(success != NULL &&
	    strcmp(success, "all") == 0));
}

static int
templates_get(struct cgi *c)
{
	static const char *const values[] = { "name", "success", "groups",
	    "device", "kind", NULL };
	json_t *one;
	size_t i;
	int rc;

	admin_form(c, NULL, values);
	if ((rc = cgi_view(c, "templates", "templates", "/templates")) < 0 ||
	    (rc = cgi_view(c, "secrets", "secrets", "/device-secrets")) < 0)
		return rc;
	json_array_foreach(json_object_get(c->view, "templates"), i, one)
		put_steps(one);
	json_array_foreach(json_object_get(c->view, "secrets"), i, one)
		json_object_set_new(one, "pin", json_boolean(strcmp(
		    json_string_value(json_object_get(one, "kind")),
		    "pin") == 0));
	return put_rows(c, NULL);
}

static const struct action templates_actions[] = {
	{ "add", template_add, "The template is there now." },
	{ "secret", secret_set, "Saved: it holds from now on." },
	{ NULL, NULL, NULL }
};

const struct page admin_templates = {
	.path = "admin/templates.cgi",
	.title = "Security templates",
	.need = FOR_ADMIN,
	.security = true,
	.menu = "People",
	.get = templates_get,
	.actions = templates_actions
};

/* ---- one of them */

static int
template_save(struct cgi *c)
{
	json_t *body;
	int rc;

	if ((body = body_typed(c, &rc)) == NULL)
		return rc;
	return cgi_call(c, "PATCH", body, NULL, "/templates/*",
	    admin_query(c, "name"));
}

static int
template_delete(struct cgi *c)
{
	int rc = cgi_call(c, "DELETE", NULL, NULL, "/templates/*",
	    admin_query(c, "name"));

	if (rc == 0)
		snprintf(c->go, sizeof c->go, "admin/templates.cgi");
	return rc;
}

static int
template_get(struct cgi *c)
{
	static const char *const values[] = { "success", "groups", NULL };
	const char *name = admin_query(c, "name");
	json_t *template, *now;
	int rc = cgi_view(c, "template", NULL, "/templates/*", name);

	if (rc < 0)
		return rc;
	template = json_object_get(c->view, "template");
	put_steps(template);
	cgi_put_text(c, "title", json_string_value(json_object_get(template,
	    "name")));
	now = json_pack("{s:O,s:o}", "success", json_object_get(template,
	    "success"), "groups", groups_text(template));
	admin_form(c, now, values);
	json_decref(now);
	return put_rows(c, template);
}

static const struct action template_actions[] = {
	{ "save", template_save, "Saved: it holds from now on." },
	{ "delete", template_delete, "The template is deleted." },
	{ NULL, NULL, NULL }
};

const struct page admin_template = {
	.path = "admin/template.cgi",
	.title = "Security template",
	.need = FOR_ADMIN,
	.security = true,
	.get = template_get,
	.actions = template_actions
};
