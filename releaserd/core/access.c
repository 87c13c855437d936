/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/core/access_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/fold.h"
#include "lib/names.h"
#include "lib/price.h"
#include "releaserd/core/store_money.h"

/* ---- the table */

static bool
load_row(const struct access_row *r, void *ctx)
{
	struct access_table *t = ctx;
	struct access_entry *e = &t->all[t->n];

	if (t->n == ACCESS_ENTRIES_MAX)
		return false;
	e->row = *r;
	if (!function_parse(&e->ref, r->function)) {
		rel_log(REL_WARN, "an entry about an unknown function is "
		    "left out", "function=\"%s\"", r->function);
		return true;
	}
	t->about_groups |= r->who == ACCESS_GROUP;
	t->n++;
	return true;
}

/* What cannot be read leaves the table of before. */
static int
load(struct core *c)
{
	struct access_table t = { calloc(ACCESS_ENTRIES_MAX, sizeof *t.all),
	    0, false };
	struct access_entry *fits;
	int rc = t.all != NULL ? store_access_list(c->st, load_row, &t) :
	    -REL_E_NOMEM;

	if (rc < 0) {
		free(t.all);
		return rc;
	}
	fits = realloc(t.all, (t.n + 1) * sizeof *t.all);
	if (fits != NULL)
		t.all = fits;
	free(c->access->table.all);
	c->access->table = t;
	c->access->version++;
	return 0;
}

int
access_init(struct core *c, struct rel_err *err)
{
	if ((c->access = calloc(1, sizeof *c->access)) == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	c->access->loaded = store_changes_of(c->st).access;
	return load(c) < 0 ? rel_err_set(err, REL_E_IO,
	    "the table of functions cannot be read from the database") : 0;
}

void
access_fini(struct core *c)
{
	if (c->access == NULL)
		return;
	free(c->access->table.all);
	free(c->access);
	c->access = NULL;
}

const struct access_table *
access_table(struct core *c)
{
	uint64_t now = store_changes_of(c->st).access;

	if (c->access->loaded == now)
		return &c->access->table;
	c->access->loaded = now;
	if (load(c) < 0)
		rel_log(REL_ERROR, "the table of functions cannot be read",
		    "what=\"that of before holds\"");
	return &c->access->table;
}

/* ---- who asks */

static bool
group_row(const struct person_group *g, void *ctx)
{
	struct access_whole *w = ctx;

	if (w->n == w->room) {
		size_t room = w->room > 0 ? w->room * 2 : 32;
		void *p = realloc(w->keys, room * sizeof *w->keys);

		if (p == NULL)
			return false;
		w->keys = p;
		w->room = room;
	}
	memcpy(w->keys[w->n++], g->key, sizeof g->key);
	return true;
}

/* The groups of people this person is in, when an entry names any. */
static void
fill_groups(struct core *c, struct access_whole *w)
{
	if (!access_table(c)->about_groups || w->a.user == NULL)
		return;
	if (store_groups_of(c->st, w->a.user, group_row, w) < 0 || w->n == 0 ||
	    (w->names = calloc(w->n, sizeof *w->names)) == NULL)
		return;
	for (size_t i = 0; i < w->n; i++)
		w->names[i] = w->keys[i];
	w->a.groups = w->names;
	w->a.ngroups = w->n;
}

void
access_asker_fill(struct core *c, const struct device *d,
    const struct session *s, struct access_whole *w)
{
	memset(w, 0, sizeof *w);
	w->a.nobody = s == NULL;
	w->a.user = s != NULL && s->user.key[0] != '\0' ? s->user.key : NULL;
	if (d != NULL) {
		w->a.device_id = d->id;
		rel_fold(w->device_groups, d->groups,
		    sizeof w->device_groups);
		w->a.ndevice_groups = rel_names_split(w->device_groups,
		    w->device_group, REL_PRICE_GROUPS_MAX);
		w->a.device_groups = w->device_group;
	}
	fill_groups(c, w);
}

void
access_asker_free(struct access_whole *w)
{
	free(w->keys);
	free(w->names);
}

/* ---- what the table says */

static struct access_stamp
stamp_now(struct core *c)
{
	(void)access_table(c);
	return (struct access_stamp){ c->access->version,
	    store_changes_of(c->st).groups, c->device_changes };
}

static bool
stamp_same(const struct access_stamp *a, const struct access_stamp *b)
{
	return a->version == b->version && a->groups == b->groups &&
	    a->devices == b->devices;
}

static void
set_fill(struct core *c, const struct device *d, const struct session *s,
    struct access_set *set)
{
	struct access_whole w;

	access_asker_fill(c, d, s, &w);
	access_resolve(&c->access->table, &w.a, set->by);
	access_asker_free(&w);
}

/* With a session it is kept there; else borrowed until the next question. */
const struct access_set *
access_set_of(struct core *c, const struct device *d, const struct session *s)
{
	struct access_stamp now = stamp_now(c);
	struct access_set *set = s != NULL && s->access != NULL ? s->access :
	    &c->access->scratch;

	if (set != &c->access->scratch && set->filled &&
	    stamp_same(&set->stamp, &now))
		return set;
	set_fill(c, d, s, set);
	set->stamp = now;
	set->filled = true;
	return set;
}

struct access_set *
access_set_new(void)
{
	return calloc(1, sizeof (struct access_set));
}

static enum access_state
by_template(struct core *c, const struct session *s,
    const struct access_row *r, struct access *out)
{
	enum template_answer got = template_answer(c, r->template_id, s, NULL);

	out->entry = r->id;
	if (got == TEMPLATE_OPEN)
		return ACCESS_OPEN;
	out->template_id = r->template_id;
	template_explain(c, r->template_id, s, out->why, sizeof out->why);
	return got == TEMPLATE_MORE ? ACCESS_TEMPLATE : ACCESS_HIDDEN;
}

enum access_state
access_decide(struct core *c, const struct session *s,
    const struct access_entry *e, enum access_say none, struct access *out)
{
	enum access_say say = e != NULL ? e->row.say : none;

	memset(out, 0, sizeof *out);
	if (e != NULL)
		out->entry = e->row.id;
	switch (say) {
	case SAY_OPEN:
		break;
	case SAY_TEMPLATE:
		out->state = by_template(c, s, &e->row, out);
		break;
	case SAY_DISABLED:
		out->state = ACCESS_HIDDEN;
		snprintf(out->why, sizeof out->why, "%s", e == NULL ?
		    "nobody is logged in" : e->row.who == ACCESS_EVERYBODY ?
		    "it is disabled there" : "it is disabled there for this "
		    "person");
		break;
	}
	return out->state;
}

enum access_state
access_may(struct core *c, const struct device *d, const struct session *s,
    enum function f, struct access *out)
{
	struct access_asker a = { .nobody = s == NULL };
	const struct access_set *set = access_set_of(c, d, s);
	struct access spare;

	return access_decide(c, s, set->by[f], access_default(&a, f),
	    out != NULL ? out : &spare);
}

/* ---- the panel itself */

static int64_t
panel_of(const struct access_set *set)
{
	const struct access_entry *e = set->by[FN_PANEL];

	if (e == NULL || e->row.say == SAY_OPEN)
		return 0;
	return e->row.say == SAY_TEMPLATE ? e->row.template_id : -1;
}

int64_t
access_panel_template(struct core *c, const struct device *d)
{
	return panel_of(access_set_of(c, d, NULL));
}

int64_t
access_panel_of(struct core *c, const struct session *s)
{
	const struct device *d = device_at(c, s->device_id);

	return d == NULL ? -1 : panel_of(access_set_of(c, d, s));
}

bool
access_registers(struct core *c, const char *device_id)
{
	const struct device *d = device_at(c, device_id);

	return c->role->set.register_unknown_cards && d != NULL &&
	    access_may(c, d, NULL, FN_REGISTER_CARD, NULL) == ACCESS_OPEN;
}

/* ---- people of the local API */

/* What is proven there: cupsd or the kernel knows the name, or a password
 * opened the log-in over HTTPS. */
struct session *
access_caller_session(struct core *c, const struct caller *who)
{
	struct session *s = calloc(1, sizeof *s);

	if (s == NULL)
		return NULL;
	if (store_user_get(c->st, who->key, &s->user) < 0) {
		memset(&s->user, 0, sizeof s->user);
		memcpy(s->user.key, who->key, sizeof s->user.key);
	}
	s->proof[0].block = who->login == 0 ? BLOCK_PAM :
	    s->user.directory != 0 ? block_of_directory(c,
	    s->user.directory) : BLOCK_INTERNAL;
	s->proof[0].directory = who->login == 0 ? 0 : s->user.directory;
	s->nproofs = 1;
	s->access = access_set_new();
	return s;
}

void
access_session_free(struct session *s)
{
	if (s != NULL)
		free(s->access);
	free(s);
}

enum access_state
access_may_caller(struct core *c, const struct device *d,
    const struct caller *who, enum function f, struct access *out)
{
	struct access spare = { .state = ACCESS_OPEN };
	struct access *to = out != NULL ? out : &spare;
	struct session *s;
	enum access_state state;

	memset(to, 0, sizeof *to);
	if (who->host || access_table(c)->n == 0)
		return ACCESS_OPEN;
	if ((s = access_caller_session(c, who)) == NULL) {
		to->state = ACCESS_HIDDEN;
		return ACCESS_HIDDEN;
	}
	state = access_may(c, d, s, f, to);
	access_session_free(s);
	return state;
}

/* Calls that everybody may make about his or her own. */
static bool
is_about_self(const struct request *rq, const struct caller *who)
{
	const char *name = NULL;

	switch (rq->route) {
	case API_USER_GET:
	case API_USER_DATA:
	case API_USER_SESSIONS:
	case API_ACCOUNT_GET:
	case API_ACCOUNT_STATEMENT:
		name = req_str(rq, F_ID);
		break;
	case API_JOB_LIST:
	case API_CARD_LIST:
	case API_USAGE:
	case API_ACTIVITY_LIST:
	case API_ACTIVITY_GET:
		if (who->role == WHO_USER)
			return true;	/* others are none of their business */
		name = req_str(rq, F_OF_USER);
		break;
	default:
		return false;
	}
	return name != NULL && strcasecmp(name, who->name) == 0;
}

/* Who is set over jobs does with them what that function says. */
static enum function
function_for(const struct caller *who, enum function f)
{
	return functions_table[f].group == FG_JOBS && f != FN_JOB_APPROVE &&
	    who->role >= WHO_OPERATOR ? FN_ADMIN_JOBS : f;
}

/* The language is no secret. */
static int
function_of_call(const struct request *rq)
{
	if (rq->route == API_ME_SET)
		return rq->f[F_NEW_PASSWORD].set || rq->f[F_ID_NUMBER].set ||
		    rq->f[F_CARD_PIN].set ? FN_MY_SECRETS : -1;
	return function_of_route(rq->route);
}

int
access_call(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	int f = function_of_call(rq);
	struct access got;

	if (f < 0 || is_about_self(rq, who))
		return 0;
	f = (int)function_for(who, (enum function)f);
	if (access_may_caller(c, NULL, who, (enum function)f, &got) ==
	    ACCESS_OPEN)
		return 0;
	reply_problem(c, a, "forbidden", 0, "the function \"%s\" is not open "
	    "to you: %s", functions_table[f].key, got.why);
	return -1;
}
