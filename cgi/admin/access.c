/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Functions: who may do what where, one place and one person at a time. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cgi/admin/admin.h"
#include "cgi/list.h"

#define ENTRIES_SHOWN 200

/* ---- the place and the person of the address */

/* What narrows the list of the API to just these entries. */
static void
here(const struct cgi *c, struct rel_buf *q)
{
	const char *device = admin_query(c, "device");
	const char *group = admin_query(c, "device_group");
	const char *who = admin_query(c, "who");
	const char *name = admin_query(c, "name");

	rel_api_query(q, "device", group[0] != '\0' ? NULL :
	    device[0] != '\0' ? device : "-");
	rel_api_query(q, "device_group", group[0] != '\0' ? group : NULL);
	if (strcmp(who, "user") == 0 || strcmp(who, "group") == 0)
		rel_api_query(q, who, name);
	else
		rel_api_query(q, "who", strcmp(who, "nobody") == 0 ? who :
		    "everybody");
}

static int
entries(struct cgi *c, json_t **out)
{
	struct rel_buf q;
	int rc;

	rel_buf_init(&q);
	rel_put_fmt(&q, "/access?limit=200&");
	here(c, &q);
	rel_put_u8(&q, 0);
	rc = q.failed ? rel_err_set(&c->err, REL_E_NOMEM, "no memory") :
	    cgi_get(c, out, (const char *)q.data);
	rel_buf_fini(&q);
	return rc;
}

/* The entry about a function, or NULL. */
static const json_t *
entry_of(const json_t *all, const char *function)
{
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(all, "access"), i, one)
		if (strcmp(json_string_value(json_object_get(one,
		    "function")), function) == 0)
			return one;
	return NULL;
}

/* "open", "disabled", "template NAME", "" for no entry. */
static void
state_of(const json_t *entry, char out[128])
{
	const char *state = json_string_value(json_object_get(entry,
	    "state"));
	const char *name = json_string_value(json_object_get(entry,
	    "template"));

	snprintf(out, 128, "%s%s%.100s", state != NULL ? state : "",
	    name != NULL ? " " : "", name != NULL ? name : "");
}

/* ---- saving */

static json_t *
place_body(const struct cgi *c)
{
	static const char *const places[] = { "device", "device_group" };
	const char *who = admin_query(c, "who");
	json_t *body = json_object();

	for (size_t i = 0; i < 2; i++)
		if (admin_query(c, places[i])[0] != '\0')
			json_object_set_new(body, places[i], json_string(
			    admin_query(c, places[i])));
	if (strcmp(who, "user") == 0 || strcmp(who, "group") == 0)
		json_object_set_new(body, who, json_string(admin_query(c,
		    "name")));
	else if (strcmp(who, "nobody") == 0)
		json_object_set_new(body, "who", json_string(who));
	return body;
}

/* One choice of the form becomes an entry, or none. */
static int
choice_save(struct cgi *c, const char *function, const char *chosen,
    const json_t *entry)
{
	json_t *body;
	char id[24];

	if (chosen[0] == '\0') {
		snprintf(id, sizeof id, "%lld", (long long)
		    json_integer_value(json_object_get(entry, "id")));
		return cgi_call(c, "DELETE", NULL, NULL, "/access/*", id);
	}
	body = place_body(c);
	json_object_set_new(body, "function", json_string(function));
	if (strncmp(chosen, "template ", 9) == 0) {
		json_object_set_new(body, "state", json_string("template"));
		json_object_set_new(body, "template", json_string(chosen +
		    9));
	} else {
		json_object_set_new(body, "state", json_string(chosen));
	}
	return cgi_call(c, "POST", body, NULL, "/access");
}

static int
access_save(struct cgi *c)
{
	json_t *now = NULL;
	char was[128];
	int rc = entries(c, &now);

	for (size_t i = c->rq.nquery; rc == 0 && i < c->rq.nfields; i++) {
		const struct field *f = &c->rq.field[i];
		const json_t *entry;

		if (strncmp(f->name, "f.", 2) != 0)
			continue;
		entry = entry_of(now, f->name + 2);
		state_of(entry, was);
		if (strcmp(was, f->value) != 0 &&
		    (rc = choice_save(c, f->name + 2, f->value, entry)) < 0)
			snprintf(c->bad_field, sizeof c->bad_field, "%.60s",
			    f->name);
	}
	json_decref(now);
	return rc;
}

/* ---- showing */

/* Is it asked about at such a place, for such a person? */
static bool
meant_here(const struct cgi *c, const char *key, const char *where)
{
	bool at = admin_query(c, "device")[0] != '\0' ||
	    admin_query(c, "device_group")[0] != '\0';
	bool nobody = strcmp(admin_query(c, "who"), "nobody") == 0;

	if (nobody)
		return strcmp(where, "device") == 0;
	return strcmp(key, "print-direct") != 0 &&
	    (!at || strcmp(where, "server") != 0);
}

static json_t *
row_new(const char *key, const char *words, const json_t *now)
{
	const json_t *entry = entry_of(now, key);
	char state[128];

	state_of(entry, state);
	return json_pack("{s:s,s:s,s:s,s:b}", "key", key, "words", words,
	    "state", state, "changed", entry != NULL);
}

/* Each function with the templates there are, so that one can be chosen. */
static void
put_choices(const struct cgi *c, json_t *row)
{
	const char *state = json_string_value(json_object_get(row, "state"));
	const char *typed;
	json_t *all = json_array(), *t;
	char value[128], field[64];
	size_t i;

	snprintf(field, sizeof field, "f.%.50s", json_string_value(
	    json_object_get(row, "key")));
	typed = json_string_value(json_object_get(json_object_get(c->view,
	    "typed"), field));
	if (typed != NULL)
		state = typed;
	json_array_foreach(json_object_get(c->view, "templates"), i, t) {
		const char *name = json_string_value(json_object_get(t,
		    "name"));

		snprintf(value, sizeof value, "template %.100s", name);
		json_array_append_new(all, json_pack("{s:s,s:s,s:b}", "value",
		    value, "name", name, "chosen", strcmp(state, value) ==
		    0));
	}
	json_object_set_new(row, "choices", all);
	json_object_set_new(row, "open", json_boolean(strcmp(state,
	    "open") == 0));
	json_object_set_new(row, "disabled", json_boolean(strcmp(state,
	    "disabled") == 0));
}

static json_t *
group_row(const struct cgi *c, const json_t *g, const json_t *functions,
    const json_t *now)
{
	const char *name = json_string_value(json_object_get(g, "name"));
	json_t *rows = json_array(), *f, *row;
	char whole[64];
	size_t i;

	json_array_foreach((json_t *)functions, i, f) {
		const char *key = json_string_value(json_object_get(f,
		    "key"));

		if (strcmp(json_string_value(json_object_get(f, "group")),
		    name) != 0 || !meant_here(c, key, json_string_value(
		    json_object_get(f, "where"))))
			continue;
		row = row_new(key, tr(json_string_value(json_object_get(f,
		    "words"))), now);
		put_choices(c, row);
		json_array_append_new(rows, row);
	}
	if (json_array_size(rows) > 0) {
		snprintf(whole, sizeof whole, "@%.60s", name);
		row = row_new(whole, tr("All of these"), now);
		put_choices(c, row);
		json_array_insert_new(rows, 0, row);
	}
	return json_pack("{s:s,s:s,s:o}", "name", name, "words",
	    tr(json_string_value(json_object_get(g, "words"))), "functions",
	    rows);
}

static int
put_groups(struct cgi *c)
{
	json_t *all = NULL, *now = NULL, *groups = json_array(), *g;
	size_t i;
	int rc = cgi_get(c, &all, "/functions");

	if (rc == 0 && (rc = entries(c, &now)) < 0)
		rc = list_filter_error(c, rc);
	json_array_foreach(json_object_get(all, "groups"), i, g) {
		json_t *row = group_row(c, g, json_object_get(all,
		    "functions"), now);

		if (json_array_size(json_object_get(row, "functions")) > 0)
			json_array_append(groups, row);
		json_decref(row);
	}
	cgi_put(c, "function_groups", groups);
	cgi_put(c, "functions", json_incref(json_object_get(all,
	    "functions")));
	json_decref(now);
	json_decref(all);
	return rc;
}

/* The address says what is shown; the same for the form below it. */
static void
put_filter(struct cgi *c)
{
	static const char *const names[] = { "device", "device_group", "who",
	    "name", "user", "at", "what" };
	json_t *filter = json_object();
	struct rel_buf q;

	rel_buf_init(&q);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const char *value = admin_query(c, names[i]);

		json_object_set_new(filter, names[i], json_string(value));
		if (i < 4 && value[0] != '\0')
			rel_api_query(&q, names[i], value);
	}
	rel_put_u8(&q, 0);
	cgi_put(c, "filter", filter);
	cgi_put_text(c, "query", q.failed ? "" : (const char *)q.data);
	rel_buf_fini(&q);
}

static void
translate(json_t *o, const char *member)
{
	json_object_set_new(o, member, json_string(tr(json_string_value(
	    json_object_get(o, member)))));
}

static int
put_explained(struct cgi *c)
{
	json_t *o = NULL, *one;
	struct rel_buf q;
	size_t i;
	int rc;

	if (admin_query(c, "what")[0] == '\0')
		return 0;
	rel_buf_init(&q);
	rel_put_fmt(&q, "/access/explain?");
	rel_api_query(&q, "function", admin_query(c, "what"));
	if (admin_query(c, "user")[0] != '\0')
		rel_api_query(&q, "user", admin_query(c, "user"));
	if (admin_query(c, "at")[0] != '\0')
		rel_api_query(&q, "device", admin_query(c, "at"));
	rel_put_u8(&q, 0);
	rc = q.failed ? -REL_E_NOMEM : cgi_get(c, &o, (const char *)q.data);
	rel_buf_fini(&q);
	if (rc < 0)
		return list_filter_error(c, rc);
	translate(o, "words");
	translate(o, "why");
	json_array_foreach(json_object_get(o, "entries"), i, one)
		translate(one, "why");
	cgi_put(c, "explained", o);
	return 0;
}

/* Which one of a list the address names, as a flag of its rows. */
static void
put_chosen(struct cgi *c, const char *list, const char *member,
    const char *flag, const char *field)
{
	json_t *one;
	size_t i;

	json_array_foreach(json_object_get(c->view, list), i, one)
		json_object_set_new(one, flag, json_boolean(strcmp(
		    json_string_value(json_object_get(one, member)),
		    admin_query(c, field)) == 0));
}

static int
access_get(struct cgi *c)
{
	int rc;

	put_filter(c);
	if ((rc = cgi_view(c, "templates", "templates", "/templates")) < 0 ||
	    (rc = cgi_view(c, "devices", "devices",
	    "/devices?limit=200")) < 0 ||
	    (rc = cgi_view(c, "groups", "groups", "/groups?limit=200")) < 0 ||
	    (rc = cgi_view(c, "entries", "access", "/access?limit=200")) < 0 ||
	    (rc = put_explained(c)) < 0)
		return rc;
	cgi_put(c, "many", json_boolean(json_array_size(json_object_get(
	    c->view, "entries")) >= ENTRIES_SHOWN));
	rc = put_groups(c);
	put_chosen(c, "devices", "name", "here", "device");
	put_chosen(c, "devices", "name", "at", "at");
	put_chosen(c, "functions", "key", "asked", "what");
	return rc;
}

static const struct action access_actions[] = {
	{ "save", access_save, "Saved: it holds from now on." },
	{ NULL, NULL, NULL }
};

const struct page admin_access = {
	.path = "admin/access.cgi",
	.title = "Functions",
	.need = FOR_ADMIN,
	.security = true,
	.menu = "People",
	.get = access_get,
	.actions = access_actions
};
