/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Security templates in the local API. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/fold.h"
#include "releaserd/core/access.h"
#include "releaserd/core/api_priv.h"
#include "releaserd/core/store_money.h"

/* ---- as they are read */

/* Each line of a text whose lines are ended. */
static json_t *
lines_json(const char *text)
{
	json_t *all = json_array();

	for (const char *end; (end = strchr(text, '\n')) != NULL;
	    text = end + 1)
		json_array_append_new(all, json_stringn(text, (size_t)(end -
		    text)));
	return all;
}

/* In functions (access.c), and in the setting of log-ins over HTTPS. */
static json_t *
uses(struct core *c, const struct template_row *r)
{
	json_t *all = access_uses(c, r->id);
	char key[84];

	rel_fold(key, c->role->set.user_api_template,
	    strlen(c->role->set.user_api_template) + 1);
	if (strcmp(key, r->key) == 0)
		json_array_append_new(all, json_string("UserApiTemplate: "
		    "log-ins over HTTPS"));
	return all;
}

static json_t *
template_json(struct core *c, const struct template_row *r)
{
	return json_pack("{s:s,s:s,s:o,s:o,s:o,s:o,s:s}", "name", r->name,
	    "success", r->all ? "all" : "any", "blocks", lines_json(r->blocks),
	    "groups", lines_json(r->groups), "used_by", uses(c, r),
	    "changed_at", json_time(r->changed_ms), "changed_by", r->by);
}

struct template_rows {
	struct core *c;
	json_t *rows;
};

static bool
template_row(const struct template_row *r, void *ctx)
{
	struct template_rows *w = ctx;

	json_array_append_new(w->rows, template_json(w->c, r));
	return true;
}

static void
template_list(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct template_rows w = { c, NULL };
	int rc;

	(void)rq;
	if (api_admin(c, a, who) < 0)
		return;
	w.rows = json_array();
	if ((rc = store_template_list(c->st, template_row, &w)) < 0) {
		json_decref(w.rows);
		reply_broken(c, a, rc);
		return;
	}
	api_answer_list(c, a, "templates", w.rows, NULL);
}

void
api_template_list(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, template_list);
}

/* ---- as they are written */

/* ["card", "internal"] as lines; what has a line's end in it is no name. */
static bool
lines_of(const char *text, char out[TEMPLATE_TEXT])
{
	json_t *all = json_loads(text, JSON_DECODE_ANY, NULL), *one;
	bool ok = json_is_array(all);
	size_t i, n = 0;

	out[0] = '\0';
	json_array_foreach(all, i, one) {
		const char *s = json_string_value(one);

		ok = ok && s != NULL && s[0] != '\0' &&
		    strchr(s, '\n') == NULL && n + strlen(s) + 2 <
		    TEMPLATE_TEXT;
		if (!ok)
			break;
		n += (size_t)snprintf(out + n, TEMPLATE_TEXT - n, "%s\n", s);
	}
	json_decref(all);
	return ok;
}

/* 0, or answered. */
static int
row_fill(struct core *c, const struct request *rq, struct asker *a,
    struct template_row *r)
{
	static const struct {
		enum req_field field;
		const char *name;
	} lists[] = { { F_BLOCKS, "blocks" }, { F_GROUPS, "groups" } };
	const char *success = req_str(rq, F_SUCCESS);
	char *const to[] = { r->blocks, r->groups };

	for (size_t i = 0; i < 2; i++) {
		const char *said = req_str(rq, lists[i].field);

		if (said != NULL && !lines_of(said, to[i])) {
			reply_field(c, a, "bad-request", lists[i].name,
			    i == 0 ? "blocks is a list of building blocks, "
			    "as [\"card\", \"internal\"]" :
			    "groups is a list of groups");
			return -1;
		}
	}
	if (success != NULL && strcmp(success, "all") != 0 &&
	    strcmp(success, "any") != 0) {
		reply_field(c, a, "bad-request", "success",
		    "success is any or all");
		return -1;
	}
	if (success != NULL)
		r->all = strcmp(success, "all") == 0;
	return 0;
}

/* The groups must be there: a name that was misspelt shuts everybody out. */
static int
groups_are_there(struct core *c, struct asker *a, const struct template *t,
    const struct template_row *r)
{
	json_t *names = lines_json(r->groups);
	struct person_group g;
	char text[160];
	int rc = 0;

	for (unsigned i = 0; rc == 0 && i < t->ngroups; i++) {
		rc = store_group_get(c->st, t->group[i], &g);
		if (rc == -REL_E_NOTFOUND) {
			snprintf(text, sizeof text, "there is no group "
			    "\"%.83s\"", json_string_value(json_array_get(
			    names, i)));
			reply_field(c, a, "bad-request", "groups", text);
		} else if (rc < 0) {
			reply_broken(c, a, rc);
		}
	}
	json_decref(names);
	return rc;
}

static void
row_save(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who, struct template_row *r)
{
	bool is_new = rq->route == API_TEMPLATE_ADD;
	struct rel_err err = { 0 };
	struct template *t = malloc(sizeof *t);
	const char *field = "blocks";
	int rc = t != NULL ? template_parse(c, r, t, &field, &err) :
	    -REL_E_NOMEM;

	if (rc == -REL_E_NOMEM)
		reply_broken(c, a, rc);
	else if (rc < 0)
		reply_field(c, a, "bad-request", field, err.text);
	else
		rc = groups_are_there(c, a, t, r);
	free(t);
	if (rc < 0)
		return;
	r->changed_ms = rel_now_ms();
	snprintf(r->by, sizeof r->by, "%.83s", who->name);
	if (core_write(c, &err) < 0) {
		reply_broken(c, a, -REL_E_PEER);
		return;
	}
	if ((rc = store_template_set(c->st, r)) < 0) {
		reply_broken(c, a, core_spoil(c, rc));
		return;
	}
	api_audit(c, who, is_new ? "template-added" : "template-changed",
	    r->name);
	templates_changed(c);
	reply_json(c, a, is_new ? 201 : 200, template_json(c, r));
}

static void
template_add(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct template_row r = { .id = 0 };

	if (api_admin(c, a, who) < 0)
		return;
	snprintf(r.name, sizeof r.name, "%s", req_str(rq, F_NAME));
	rel_fold(r.key, r.name, strlen(r.name) + 1);
	if (template_named(c, r.name) != NULL) {
		reply_field(c, a, "bad-request", "name",
		    "there is a template of that name");
		return;
	}
	if (templates_at(c, TEMPLATES_MAX - 1) != NULL) {
		reply_field(c, a, "bad-request", "name",
		    "there are as many templates as can be");
		return;
	}
	r.id = ids_next(c);
	if (row_fill(c, rq, a, &r) == 0)
		row_save(c, rq, a, who, &r);
}

void
api_template_add(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, template_add);
}

/* That of the path; 0, or answered. */
static int
template_of_path(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who, struct template_row *r)
{
	const struct template *t;
	int rc;

	if (api_admin(c, a, who) < 0)
		return -1;
	t = template_named(c, req_str(rq, F_ID));
	rc = t != NULL ? store_template_get(c->st, t->id, r) :
	    -REL_E_NOTFOUND;
	if (rc == -REL_E_NOTFOUND)
		reply_problem(c, a, "not-found", 0,
		    "there is no template \"%s\"", req_str(rq, F_ID));
	else if (rc < 0)
		reply_broken(c, a, rc);
	return rc;
}

static void
template_get(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct template_row r;

	if (template_of_path(c, rq, a, who, &r) == 0)
		reply_json(c, a, 200, template_json(c, &r));
}

void
api_template_get(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, template_get);
}

static void
template_set(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct template_row r;

	if (template_of_path(c, rq, a, who, &r) == 0 &&
	    row_fill(c, rq, a, &r) == 0)
		row_save(c, rq, a, who, &r);
}

void
api_template_set(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, template_set);
}

/* Who deletes a lock must take it off the doors first. */
static bool
is_used(struct core *c, struct asker *a, const struct template_row *r)
{
	json_t *all = uses(c, r);
	const char *first = json_string_value(json_array_get(all, 0));
	size_t n = json_array_size(all);

	if (n > 0)
		reply_problem(c, a, "in-use", 0, "the template \"%s\" is "
		    "used: %s%s", r->name, first != NULL ? first : "",
		    n > 1 ? ", and elsewhere" : "");
	json_decref(all);
	return n > 0;
}

static void
template_del(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct template_row r;
	struct rel_err err;
	int rc;

	if (template_of_path(c, rq, a, who, &r) < 0 || is_used(c, a, &r))
		return;
	if (core_write(c, &err) < 0) {
		reply_broken(c, a, -REL_E_PEER);
		return;
	}
	if ((rc = store_template_del(c->st, r.id)) < 0) {
		reply_broken(c, a, core_spoil(c, rc));
		return;
	}
	api_audit(c, who, "template-removed", r.name);
	templates_changed(c);
	reply_text(c, a, 204, NULL, 0);
}

void
api_template_del(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, template_del);
}
