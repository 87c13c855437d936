/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The table of functions in the local API: who may do what where, and why. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/fold.h"
#include "lib/text.h"
#include "releaserd/core/access.h"
#include "releaserd/core/api_money.h"

/* ---- the functions there are */

static void
functions_list(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	json_t *groups = json_array(), *all = json_array();

	(void)rq;
	(void)who;
	for (int i = 0; i < FG_COUNT; i++)
		json_array_append_new(groups, json_pack("{s:s,s:s}", "name",
		    function_groups[i].name, "words",
		    function_groups[i].words));
	for (int i = 0; i < FN_COUNT; i++) {
		const struct function_row *f = &functions_table[i];

		json_array_append_new(all, json_pack("{s:s,s:s,s:s,s:s,s:s}",
		    "key", f->key, "group", function_groups[f->group].name,
		    "where", function_where_word(f->where), "drives",
		    f->drives, "words", f->words));
	}
	reply_json(c, a, 200, json_pack("{s:o,s:o,s:n}", "groups", groups,
	    "functions", all, "next"));
}

void
api_functions(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, functions_list);
}

/* ---- what a request is about */

static int
bad(struct core *c, struct asker *a, const char *field, const char *words)
{
	reply_field(c, a, "bad-request", field, words);
	return -1;
}

static int
read_place(struct core *c, const struct request *rq, struct asker *a,
    struct access_row *r)
{
	const char *group = req_str(rq, F_DEVICE_GROUP);
	char id[40];
	int rc;

	r->place = PLACE_ALL;
	if (group != NULL && req_str(rq, F_DEVICE) != NULL)
		return bad(c, a, "device_group", "name a device or a group "
		    "of devices, not both");
	if (group != NULL) {
		r->place = PLACE_DEVICE_GROUP;
		rel_fold(r->at, group, strlen(group) + 1);
	} else if ((rc = api_of_device(c, rq, a, id)) != 0) {
		r->place = PLACE_DEVICE;
		snprintf(r->at, sizeof r->at, "%s", rc > 0 ? id : "");
		return rc < 0 ? -1 : 0;
	}
	return 0;
}

/* The key of a user or a group that is there; 0, or answered. */
static int
person_key(struct core *c, struct asker *a, const char *user,
    const char *group, char key[84])
{
	struct person_group g;
	struct user u;
	int rc = -REL_E_NOTFOUND;

	if (user != NULL && rel_user_key(key, 84, user,
	    c->role->set.strip_realm != 0))
		rc = store_user_get(c->st, key, &u);
	else if (user == NULL && api_group_key(key, group))
		rc = store_group_get(c->st, key, &g);
	if (rc == -REL_E_NOTFOUND)
		reply_problem(c, a, user != NULL ? "user-unknown" :
		    "not-found", 0, "there is no %s \"%s\"", user != NULL ?
		    "user" : "group", user != NULL ? user : group);
	else if (rc < 0)
		reply_broken(c, a, rc);
	return rc < 0 ? -1 : 0;
}

static int
read_who(struct core *c, const struct request *rq, struct asker *a,
    struct access_row *r)
{
	const char *user = req_str(rq, F_OF_USER);
	const char *group = req_str(rq, F_GROUP), *who = req_str(rq, F_WHO);

	if ((user != NULL) + (group != NULL) + (who != NULL) > 1)
		return bad(c, a, "who", "name a user, a group or who, and "
		    "only one of them");
	if (user != NULL || group != NULL) {
		r->who = user != NULL ? ACCESS_USER : ACCESS_GROUP;
		return person_key(c, a, user, group, r->person);
	}
	r->who = who != NULL && strcmp(who, "nobody") == 0 ? ACCESS_NOBODY :
	    ACCESS_EVERYBODY;
	return who == NULL || r->who == ACCESS_NOBODY ||
	    strcmp(who, "everybody") == 0 ? 0 :
	    bad(c, a, "who", "who must be everybody or nobody");
}

static int
read_function(struct core *c, const struct request *rq, struct asker *a,
    struct access_row *r, struct function_ref *ref)
{
	const char *text = req_str(rq, F_FUNCTION);

	if (strlen(text) >= sizeof r->function || !function_parse(ref, text))
		return bad(c, a, "function", "there is no such function: "
		    "GET /functions lists them, a group of them begins "
		    "with @");
	function_text(r->function, ref);
	return 0;
}

static int
read_say(struct core *c, const struct request *rq, struct asker *a,
    struct access_row *r)
{
	const char *state = req_str(rq, F_STATE);
	const char *name = req_str(rq, F_TEMPLATE);
	const struct template *t;

	if (strcmp(state, "open") == 0)
		r->say = SAY_OPEN;
	else if (strcmp(state, "disabled") == 0)
		r->say = SAY_DISABLED;
	else if (strcmp(state, "template") == 0)
		r->say = SAY_TEMPLATE;
	else
		return bad(c, a, "state",
		    "state must be open, disabled or template");
	if ((r->say == SAY_TEMPLATE) != (name != NULL))
		return bad(c, a, "template", name == NULL ?
		    "say which template" : "only the state template has one");
	if (name == NULL)
		return 0;
	if ((t = template_named(c, name)) == NULL)
		return bad(c, a, "template", "there is no such template");
	r->template_id = t->id;
	return 0;
}

/* Is one of the functions that are meant at such a place? */
static bool
any_where(const struct function_ref *ref, unsigned wheres)
{
	for (int f = 0; f < FN_COUNT; f++)
		if ((ref->is_group ? (int)functions_table[f].group ==
		    ref->which : f == ref->which) &&
		    (wheres >> functions_table[f].where & 1) != 0)
			return true;
	return false;
}

/* What would never say anything is not taken. */
static int
makes_sense(struct core *c, struct asker *a, const struct access_row *r,
    const struct function_ref *ref)
{
	if (r->place != PLACE_ALL && !any_where(ref, 1u << AT_DEVICE |
	    1u << AT_PANEL))
		return bad(c, a, "function",
		    "this is a function of the server and at no device");
	if (r->who == ACCESS_NOBODY && !any_where(ref, 1u << AT_DEVICE))
		return bad(c, a, "who", "while nobody is logged in only the "
		    "device's own functions are asked about");
	if (r->who == ACCESS_NOBODY && r->say == SAY_TEMPLATE)
		return bad(c, a, "state", "nobody has proven nothing: open or "
		    "disabled");
	if (r->who != ACCESS_NOBODY && !ref->is_group &&
	    ref->which == FN_PRINT_DIRECT)
		return bad(c, a, "who", "print-direct is about printing while "
		    "nobody is logged in: who must be nobody");
	return 0;
}

/* ---- changes */

static const struct access_entry *
entry_of(struct core *c, int64_t id)
{
	const struct access_table *t = access_table(c);

	for (size_t i = 0; i < t->n; i++)
		if (t->all[i].row.id == id)
			return &t->all[i];
	return NULL;
}

/* "disabled: copy at mfp-1 for the group staff", for the audit log. */
static void
entry_words(struct core *c, const struct access_row *r, char *out,
    size_t size)
{
	char about[200];

	access_words(c, r, about, sizeof about);
	snprintf(out, size, "%s: %s", r->say == SAY_OPEN ? "open" :
	    r->say == SAY_DISABLED ? "disabled" : "template", about);
}

static int
row_read(struct core *c, const struct request *rq, struct asker *a,
    struct access_row *r)
{
	struct function_ref ref;

	return read_function(c, rq, a, r, &ref) < 0 ||
	    read_place(c, rq, a, r) < 0 || read_who(c, rq, a, r) < 0 ||
	    read_say(c, rq, a, r) < 0 ||
	    makes_sense(c, a, r, &ref) < 0 ? -1 : 0;
}

static void
access_set(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct access_row r = { .changed_ms = rel_now_ms() };
	const struct access_entry *e;
	struct rel_err err;
	char words[240];
	int rc;

	if (api_admin(c, a, who) < 0 || row_read(c, rq, a, &r) < 0)
		return;
	if (access_table(c)->n >= ACCESS_ENTRIES_MAX) {
		reply_problem(c, a, "bad-request", 0, "the table is full: "
		    "%u entries; use groups", ACCESS_ENTRIES_MAX);
		return;
	}
	snprintf(r.by, sizeof r.by, "%.83s", who->name);
	if (core_write(c, &err) < 0) {
		reply_broken(c, a, -REL_E_PEER);
		return;
	}
	if ((rc = store_access_set(c->st, &r)) < 0 ||
	    (e = entry_of(c, r.id)) == NULL) {
		reply_broken(c, a, core_spoil(c, rc));
		return;
	}
	entry_words(c, &r, words, sizeof words);
	api_audit(c, who, "access-set", words);
	reply_json(c, a, 200, access_entry_json(c, e));
}

void
api_access_set(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, access_set);
}

static void
access_del(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	const struct access_entry *e;
	struct rel_err err;
	char words[240];
	int64_t id;
	int rc;

	if (api_admin(c, a, who) < 0)
		return;
	if (!rel_int(&id, req_str(rq, F_ID), 1, INT64_MAX) ||
	    (e = entry_of(c, id)) == NULL) {
		reply_problem(c, a, "not-found", 0, "there is no entry "
		    "\"%s\"", req_str(rq, F_ID));
		return;
	}
	entry_words(c, &e->row, words, sizeof words);
	if (core_write(c, &err) < 0) {
		reply_broken(c, a, -REL_E_PEER);
		return;
	}
	if ((rc = store_access_del(c->st, id)) < 0) {
		reply_broken(c, a, core_spoil(c, rc));
		return;
	}
	api_audit(c, who, "access-removed", words);
	reply_text(c, a, 204, NULL, 0);
}

void
api_access_del(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, access_del);
}

/* ---- looking */

/* What a list is narrowed to; want.place 0, want.who 0: any. */
struct narrow {
	struct access_row want;
	bool here;			/* the place was said */
	bool them;			/* the person was said */
};

static bool
fits(const struct narrow *n, const struct access_row *r)
{
	return (n->want.function[0] == '\0' || strcmp(n->want.function,
	    r->function) == 0) && (!n->here || (n->want.place == r->place &&
	    strcmp(n->want.at, r->at) == 0)) && (!n->them ||
	    (n->want.who == r->who && strcmp(n->want.person,
	    r->person) == 0));
}

static int
read_narrow(struct core *c, const struct request *rq, struct asker *a,
    struct narrow *n)
{
	const char *device = req_str(rq, F_DEVICE);
	struct function_ref ref;

	n->here = device != NULL || req_str(rq, F_DEVICE_GROUP) != NULL;
	n->them = req_str(rq, F_OF_USER) != NULL ||
	    req_str(rq, F_GROUP) != NULL || req_str(rq, F_WHO) != NULL;
	if (req_str(rq, F_FUNCTION) != NULL &&
	    read_function(c, rq, a, &n->want, &ref) < 0)
		return -1;
	if (device != NULL && strcmp(device, "-") == 0)
		n->want.place = PLACE_ALL;
	else if (n->here && read_place(c, rq, a, &n->want) < 0)
		return -1;
	return n->them ? read_who(c, rq, a, &n->want) : 0;
}

static void
access_list(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	int64_t limit = req_num(rq, F_LIMIT, API_LIMIT), from = 0;
	const struct access_table *t = access_table(c);
	struct narrow n = { .here = false };
	const char *after = req_str(rq, F_AFTER);
	char next[24] = "";
	json_t *rows;

	if (api_admin(c, a, who) < 0 || read_narrow(c, rq, a, &n) < 0)
		return;
	if (after != NULL && !rel_int(&from, after, 0, ACCESS_ENTRIES_MAX)) {
		(void)bad(c, a, "after", "this is no cursor");
		return;
	}
	rows = json_array();
	for (size_t i = (size_t)from; i < t->n && next[0] == '\0'; i++) {
		if (!fits(&n, &t->all[i].row))
			continue;
		if ((int64_t)json_array_size(rows) == limit)
			snprintf(next, sizeof next, "%zu", i);
		else
			json_array_append_new(rows, access_entry_json(c,
			    &t->all[i]));
	}
	api_answer_list(c, a, "access", rows, next[0] != '\0' ? next : NULL);
}

void
api_access_list(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, access_list);
}

/* ---- why */

/* The session of this person at the device, or as it would begin. */
static struct session *
session_like(struct core *c, const struct user *u, const struct device *d)
{
	const struct session *now = d != NULL ? session_at(c, d->id) : NULL;
	struct session *s = calloc(1, sizeof *s);

	if (s == NULL)
		return NULL;
	s->user = *u;
	if (now == NULL || strcmp(now->user.key, u->key) != 0)
		return s;
	memcpy(s->proof, now->proof, sizeof s->proof);
	s->nproofs = now->nproofs;
	return s;
}

static void
explain_answer(struct core *c, struct asker *a, const struct device *d,
    const struct session *s, enum function f)
{
	json_t *o = access_explain(c, d, s, f);

	json_object_set_new(o, "device", d != NULL ? json_string(d->name) :
	    json_null());
	json_object_set_new(o, "user", s != NULL ? json_string(s->user.name) :
	    json_null());
	json_object_set_new(o, "where", json_string(function_where_word(
	    functions_table[f].where)));
	reply_json(c, a, 200, o);
}

static void
access_why(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	const char *name = req_str(rq, F_OF_USER);
	const struct device *d = NULL;
	struct session *s = NULL;
	struct access_row r = { .id = 0 };
	struct function_ref ref;
	struct user u;
	char id[40];
	int rc;

	if (api_need(c, a, who, WHO_HELPDESK) < 0 ||
	    read_function(c, rq, a, &r, &ref) < 0 ||
	    (rc = api_of_device(c, rq, a, id)) < 0)
		return;
	if (ref.is_group) {
		(void)bad(c, a, "function", "name one function");
		return;
	}
	if (rc > 0 && (d = device_at(c, id)) == NULL) {
		reply_broken(c, a, -REL_E_IO);
		return;
	}
	if (name != NULL && (person_key(c, a, name, NULL, r.person) < 0 ||
	    store_user_get(c->st, r.person, &u) < 0))
		return;
	if (name != NULL && (s = session_like(c, &u, d)) == NULL) {
		reply_broken(c, a, -REL_E_NOMEM);
		return;
	}
	explain_answer(c, a, d, s, (enum function)ref.which);
	free(s);
}

void
api_access_explain(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, access_why);
}
