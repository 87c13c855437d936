/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Groups of people, and of groups, in the local API. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/api_money.h"

bool
api_group_key(char key[84], const char *name)
{
	return rel_user_key(key, 84, name, false);
}

static json_t *
group_json(const struct person_group *g)
{
	return json_pack("{s:s,s:I,s:o}", "name", g->name, "members",
	    (json_int_t)g->members, "created_at", json_time(g->created_ms));
}

struct group_rows {
	json_t *rows;
	char last[84];
};

static bool
group_row(const struct person_group *g, void *ctx)
{
	struct group_rows *w = ctx;

	json_array_append_new(w->rows, group_json(g));
	memcpy(w->last, g->key, sizeof w->last);
	return true;
}

static void
group_list(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	int limit = (int)req_num(rq, F_LIMIT, API_LIMIT), n;
	const char *after = req_str(rq, F_AFTER);
	struct group_rows w = { .last = "" };

	if (api_need(c, a, who, WHO_HELPDESK) < 0)
		return;
	w.rows = json_array();
	n = store_group_list(c->st, after != NULL ? after : "", limit,
	    group_row, &w);
	api_answer_page(c, a, "groups", w.rows, n,
	    n == limit ? w.last : NULL);
}

void
api_group_list(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, group_list);
}

/* ---- one group */

static void
unknown(struct core *c, struct asker *a, const char *name)
{
	reply_problem(c, a, "not-found", 0, "there is no group \"%s\"", name);
}

static int
group_of(struct core *c, const struct request *rq, struct asker *a,
    struct person_group *g)
{
	const char *name = req_str(rq, F_ID);
	char key[84];
	int rc = api_group_key(key, name) ? store_group_get(c->st, key, g) :
	    -REL_E_NOTFOUND;

	if (rc == -REL_E_NOTFOUND)
		unknown(c, a, name);
	else if (rc < 0)
		reply_broken(c, a, rc);
	return rc;
}

struct member_rows {
	json_t *rows;
	struct group_member last;
};

static bool
member_row(const struct group_member *m, void *ctx)
{
	struct member_rows *w = ctx;

	json_array_append_new(w->rows, json_pack("{s:s,s:s}", "name",
	    m->name[0] != '\0' ? m->name : m->key, "kind", m->is_group ?
	    "group" : "user"));
	w->last = *m;
	return true;
}

static void
group_get(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	int limit = (int)req_num(rq, F_LIMIT, API_LIMIT), n;
	const char *after = req_str(rq, F_AFTER);
	struct member_rows w = { .rows = NULL };
	struct person_group g;
	char next[96];
	json_t *o;

	if (api_need(c, a, who, WHO_HELPDESK) < 0 ||
	    group_of(c, rq, a, &g) < 0)
		return;
	/* "g-KEY" or "u-KEY": the last one of the page before. */
	if (after != NULL && strlen(after) > 2) {
		w.last.is_group = after[0] == 'g';
		snprintf(w.last.key, sizeof w.last.key, "%s", after + 2);
	}
	w.rows = json_array();
	n = store_member_list(c->st, g.key, w.last.key[0] != '\0' ? &w.last :
	    NULL, limit, member_row, &w);
	if (n < 0) {
		json_decref(w.rows);
		reply_broken(c, a, n);
		return;
	}
	snprintf(next, sizeof next, "%c-%s", w.last.is_group ? 'g' : 'u',
	    w.last.key);
	o = group_json(&g);
	json_object_set_new(o, "member_list", w.rows);
	json_object_set_new(o, "next", n == limit ? json_string(next) :
	    json_null());
	reply_json(c, a, 200, o);
}

void
api_group_get(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, group_get);
}

/* ---- changes */

static void
group_add(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct person_group g = { .created_ms = rel_now_ms() };
	const char *name = req_str(rq, F_NAME);
	struct rel_err err;
	int rc;

	if (api_need(c, a, who, WHO_OPERATOR) < 0)
		return;
	if (!api_group_key(g.key, name)) {
		reply_field(c, a, "bad-request", "name",
		    "this is no usable name of a group");
		return;
	}
	rc = store_group_get(c->st, g.key, &g);
	if (rc == 0) {
		reply_field(c, a, "bad-request", "name",
		    "there is a group of that name");
		return;
	}
	snprintf(g.name, sizeof g.name, "%s", name);
	if (core_write(c, &err) < 0) {
		reply_broken(c, a, -REL_E_PEER);
		return;
	}
	if (rc == -REL_E_NOTFOUND)
		rc = store_group_set(c->st, &g);
	if (rc < 0) {
		reply_broken(c, a, core_spoil(c, rc));
		return;
	}
	api_audit(c, who, "group-added", g.name);
	reply_json(c, a, 201, group_json(&g));
}

void
api_group_add(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, group_add);
}

static void
group_del(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct person_group g;
	struct rel_err err;
	int rc;

	if (api_need(c, a, who, WHO_OPERATOR) < 0 ||
	    group_of(c, rq, a, &g) < 0)
		return;
	if (core_write(c, &err) < 0) {
		reply_broken(c, a, -REL_E_PEER);
		return;
	}
	if ((rc = store_group_del(c->st, g.key)) < 0) {
		reply_broken(c, a, core_spoil(c, rc));
		return;
	}
	api_audit(c, who, "group-removed", g.name);
	quota_changed(c);
	reply_text(c, a, 204, NULL, 0);
}

void
api_group_del(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, group_del);
}

/* Who is to be a member, or no longer. 0, or answered. */
static int
member_read(struct core *c, const struct request *rq, struct asker *a,
    struct group_member *m)
{
	const char *name = req_str(rq, F_NAME), *kind = req_str(rq, F_KIND);

	snprintf(m->name, sizeof m->name, "%s", name);
	m->is_group = kind != NULL && strcmp(kind, "group") == 0;
	if (kind != NULL && !m->is_group && strcmp(kind, "user") != 0)
		reply_field(c, a, "bad-request", "kind",
		    "kind must be user or group");
	else if (m->is_group ? !api_group_key(m->key, name) :
	    !rel_user_key(m->key, sizeof m->key, name,
	    c->role->set.strip_realm != 0))
		reply_field(c, a, "bad-request", "name",
		    "this is no usable name");
	else
		return 0;
	return -1;
}

static void
member_refused(struct core *c, struct asker *a, const struct person_group *g,
    const struct group_member *m, int rc)
{
	switch (-rc) {
	case REL_E_EXISTS:
		reply_field(c, a, "bad-request", "name",
		    "this is a member already");
		break;
	case REL_E_DENIED:
		reply_problem(c, a, "bad-request", 0, "the group \"%s\" "
		    "cannot be in \"%s\": it would be in itself", m->name,
		    g->name);
		break;
	case REL_E_NOTFOUND:
		reply_problem(c, a, "not-found", 0, "\"%s\" is no member of "
		    "\"%s\"", m->name, g->name);
		break;
	default:
		reply_broken(c, a, core_spoil(c, rc));
		break;
	}
}

static void
member_set(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	const char *op = req_str(rq, F_OP);
	struct group_member m = { .is_group = false };
	struct person_group g, inner;
	struct rel_err err;
	char detail[200];
	bool add = strcmp(op, "add") == 0;
	int rc;

	if (api_need(c, a, who, WHO_OPERATOR) < 0 ||
	    group_of(c, rq, a, &g) < 0 || member_read(c, rq, a, &m) < 0)
		return;
	memcpy(m.group, g.key, sizeof m.group);
	if (!add && strcmp(op, "remove") != 0) {
		reply_field(c, a, "bad-request", "op",
		    "op must be add or remove");
		return;
	}
	if (m.is_group && add && store_group_get(c->st, m.key, &inner) < 0) {
		unknown(c, a, m.name);
		return;
	}
	if (core_write(c, &err) < 0) {
		reply_broken(c, a, -REL_E_PEER);
		return;
	}
	rc = add ? store_member_add(c->st, &m) : store_member_del(c->st, &m);
	if (rc < 0) {
		member_refused(c, a, &g, &m, rc);
		return;
	}
	snprintf(detail, sizeof detail, "%.83s %s %.83s", g.name, op, m.name);
	api_audit(c, who, "group-changed", detail);
	quota_changed(c);
	g.members += add ? 1 : -1;
	reply_json(c, a, 200, group_json(&g));
}

void
api_group_set(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, member_set);
}
