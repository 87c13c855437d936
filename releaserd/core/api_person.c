/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* One person: all that is known, to be erased, let in again. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "releaserd/core/activity.h"
#include "releaserd/core/api_priv.h"

#define DATA_JOBS 1000		/* of one answer */
#define DATA_EVENTS 200		/* of one job */
#define DATA_LINES 5000
#define ALL_STATES 0xfeu	/* bits 1 << enum job_state */

/* The key in the path; false: answered. */
static bool
person_key(struct core *c, const struct request *rq, struct asker *a,
    char key[84])
{
	if (rel_user_key(key, 84, req_str(rq, F_ID), false))
		return true;
	reply_problem(c, a, "user-unknown", 0, "this is no usable user name");
	return false;
}

/* ---- a name inside a text */

#define NAMES 4

struct person {
	char key[84];
	char names[NAMES][256];		/* longest first; "" none */
	struct user user;		/* id 0: not in table user */
	char pseudonym[32];
	/* the jobs, in order of their ids */
	struct core *c;
	int64_t *jobs;
	size_t njobs, room;
	unsigned releasing, held;
	bool no_memory;
	json_t *out;
	int events, lines;
};

/* Is this a character of which names are made? */
static bool
in_name(unsigned char c)
{
	return isalnum(c) || c == '_' || c >= 0x80;
}

/* Does the name end here, and not in the middle of a longer one? */
static bool
ends_here(const char *s)
{
	if ((s[0] == '.' || s[0] == '-') && in_name((unsigned char)s[1]))
		return false;
	return !in_name((unsigned char)s[0]);
}

static bool
begins_here(const char *text, const char *s)
{
	if (s == text)
		return true;
	if ((s[-1] == '.' || s[-1] == '-') && s > text + 1 &&
	    in_name((unsigned char)s[-2]))
		return false;
	return !in_name((unsigned char)s[-1]);
}

/* The length of a name that stands at s, 0 for none. */
static size_t
name_at(const struct person *p, const char *text, const char *s)
{
	if (!begins_here(text, s))
		return 0;
	for (size_t i = 0; i < NAMES; i++) {
		size_t n = strlen(p->names[i]);

		if (n > 0 && strncasecmp(s, p->names[i], n) == 0 &&
		    ends_here(s + n))
			return n;
	}
	return 0;
}

static bool
names_person(const struct person *p, const char *text)
{
	for (const char *s = text; *s != '\0'; s++)
		if (name_at(p, text, s) > 0)
			return true;
	return false;
}

/* With the pseudonym wherever the name stood. */
static bool
text_erase(const char *text, char *out, size_t size, void *ctx)
{
	const struct person *p = ctx;
	size_t add = strlen(p->pseudonym), at = 0;
	bool found = false;

	for (const char *s = text; *s != '\0';) {
		size_t n = name_at(p, text, s);

		if (at + (n > 0 ? add : 1) >= size)
			break;
		if (n == 0) {
			out[at++] = *s++;
			continue;
		}
		memcpy(out + at, p->pseudonym, add);
		at += add;
		s += n;
		found = true;
	}
	out[at] = '\0';
	return found;
}

static void
person_name(struct person *p, size_t *n, const char *name)
{
	if (name[0] == '\0' || *n == NAMES)
		return;
	snprintf(p->names[(*n)++], sizeof p->names[0], "%s", name);
}

static bool
person_job(const struct job *j, void *ctx)
{
	struct person *p = ctx;

	p->releasing += j->state == JOB_RELEASING;
	p->held += j->state == JOB_HELD || j->state == JOB_UNCONFIRMED;
	if (p->njobs == p->room) {
		size_t room = p->room > 0 ? p->room * 2 : 64;
		void *q = realloc(p->jobs, room * sizeof *p->jobs);

		if (q == NULL) {
			p->no_memory = true;
			return false;
		}
		p->jobs = q;
		p->room = room;
	}
	p->jobs[p->njobs++] = j->id;
	return true;
}

/* Who it is, by all names; 0 or a broken store. */
static int
person_read(struct core *c, const char *key, struct person *p)
{
	int rc = store_user_get(c->st, key, &p->user);
	size_t n = 0;

	if (rc < 0 && rc != -REL_E_NOTFOUND)
		return rc;
	if (rc < 0)
		memset(&p->user, 0, sizeof p->user);
	p->c = c;
	snprintf(p->key, sizeof p->key, "%s", key);
	person_name(p, &n, p->user.mail);	/* it may begin as the name */
	person_name(p, &n, p->user.display);
	if (strcasecmp(p->user.name, key) != 0)
		person_name(p, &n, p->user.name);
	person_name(p, &n, key);
	return 0;
}

static int
person_jobs(struct person *p, int64_t after, int limit)
{
	struct job_filter f = { .user_key = p->key, .states = ALL_STATES,
	    .after = after, .limit = limit };
	int rc = store_job_list(p->c->st, &f, person_job, p);

	return rc < 0 ? rc : p->no_memory ? -REL_E_NOMEM : 0;
}

/* ---- GET /users/NAME/data */

static bool
data_event(int64_t at_ms, const char *kind, const char *text, void *ctx)
{
	struct person *p = ctx;

	json_array_append_new(p->out, json_pack("{s:o,s:s,s:s}", "at",
	    json_time(at_ms), "kind", kind, "text", text));
	return ++p->events < DATA_EVENTS;
}

static json_t *
data_jobs(struct person *p)
{
	json_t *all = json_array();
	struct job *j = malloc(sizeof *j);

	for (size_t i = 0; j != NULL && i < p->njobs; i++) {
		json_t *o;

		if (store_job_get(p->c->st, p->jobs[i], j) < 0 ||
		    (o = job_json(p->c, j)) == NULL)
			continue;
		p->out = json_array();
		p->events = 0;
		(void)store_event_list(p->c->st, j->id, data_event, p);
		json_object_set_new(o, "events", p->out);
		json_array_append_new(all, o);
	}
	free(j);
	return all;
}

static bool
data_card(const struct card *k, void *ctx)
{
	json_array_append_new(ctx, card_json(k));
	return true;
}

static void
data_audit(const struct audit *a, void *ctx)
{
	struct person *p = ctx;

	if (p->lines < DATA_LINES && (names_person(p, a->who) ||
	    names_person(p, a->detail))) {
		json_array_append_new(p->out, json_pack("{s:o,s:s,s:s,s:s}",
		    "at", json_time(a->at_ms), "who", a->who, "what",
		    a->what, "detail", a->detail));
		p->lines++;
	}
}

static void
data_usage(const struct usage *u, void *ctx)
{
	json_array_append_new(ctx, json_pack("{s:o,s:s,s:s,s:I,s:I,s:I,s:I}",
	    "at", json_time(u->hour_ms), "device", u->device_id, "queue",
	    u->queue, "jobs", (json_int_t)u->sum.jobs, "sheets",
	    (json_int_t)u->sum.sheets, "sides", (json_int_t)u->sum.sides,
	    "colour", (json_int_t)u->sum.colour));
}

static bool
data_delegate(const struct delegate *d, void *ctx)
{
	json_array_append_new(ctx, json_pack("{s:s,s:s,s:o}", "of",
	    d->owner_name, "name", d->name, "until", json_time(d->until_ms)));
	return true;
}

/* Who may fetch their jobs, whose they may fetch, and their role. */
static int
data_rights(struct person *p, json_t *o)
{
	json_t *delegates = json_array();
	int role = WHO_USER, rc;

	json_object_set_new(o, "delegates", delegates);
	rc = store_role_get(p->c->st, p->key, &role);
	if (rc == 0 || rc == -REL_E_NOTFOUND)
		rc = store_delegate_list(p->c->st, p->key, NULL,
		    data_delegate, delegates);
	if (rc >= 0)
		rc = store_delegate_list(p->c->st, NULL, p->key,
		    data_delegate, delegates);
	json_object_set_new(o, "role", json_string(who_role_name(role >
	    WHO_USER && role <= WHO_ADMIN ? (enum caller_role)role :
	    WHO_USER)));
	return rc;
}

/* All but the jobs; 0 or a broken store. */
static int
data_rest(struct person *p, json_t *o)
{
	struct audit_filter af = { .limit = INT32_MAX };
	struct usage_filter uf = { .user_key = p->key, .to_ms = INT64_MAX };
	json_t *cards = json_array(), *usage = json_array();
	json_t *logins = json_array(), *activity = json_array();
	int rc = 0;

	if (p->user.id != 0)
		rc = store_card_list(p->c->st, p->user.id, 0, INT32_MAX,
		    data_card, cards);
	if (rc >= 0)
		rc = api_logins_of(p->c, p->user.id, 0, logins);
	if (rc >= 0)
		rc = store_usage_list(p->c->st, &uf, DATA_LINES, data_usage,
		    usage);
	p->out = json_array();
	if (rc >= 0)
		rc = store_audit_list(p->c->st, &af, data_audit, p);
	if (rc >= 0)
		rc = data_rights(p, o);
	if (rc >= 0)
		rc = api_activity_of(p->c, p->key, DATA_LINES, activity);
	if (rc >= 0)
		rc = api_person_money(p->c, p->key, DATA_LINES, o);
	json_object_set_new(o, "user", p->user.id != 0 ?
	    user_json(p->c, &p->user) : json_null());
	json_object_set_new(o, "cards", cards);
	json_object_set_new(o, "sessions", logins);
	json_object_set_new(o, "usage", usage);
	json_object_set_new(o, "activity", activity);
	json_object_set_new(o, "audit", p->out);
	return rc < 0 ? rc : 0;
}

static void
data_answer(struct person *p, struct asker *a, int64_t after)
{
	json_t *o = json_pack("{s:s}", "name", p->user.id != 0 ?
	    p->user.name : p->key);
	char next[24] = "";
	int rc = 0;

	if (p->njobs == DATA_JOBS)
		ids_job_text(next, p->jobs[p->njobs - 1]);
	if (after == 0)
		rc = data_rest(p, o);
	json_object_set_new(o, "jobs", data_jobs(p));
	json_object_set_new(o, "next", next[0] != '\0' ? json_string(next) :
	    json_null());
	if (rc == 0) {
		reply_json(p->c, a, 200, o);
		return;
	}
	json_decref(o);
	reply_broken(p->c, a, rc);
}

static void
user_data(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	const char *text = req_str(rq, F_AFTER);
	struct person p = { .njobs = 0 };
	int64_t after = 0;
	struct rel_err err;
	char key[84];
	int rc;

	if (!person_key(c, rq, a, key) ||
	    (strcmp(key, who->key) != 0 && api_admin(c, a, who) < 0))
		return;
	if (text != NULL && !ids_job_parse(&after, text))
		after = 0;
	if ((rc = person_read(c, key, &p)) < 0 ||
	    (rc = person_jobs(&p, after, DATA_JOBS)) < 0) {
		reply_broken(c, a, rc);
	} else if (p.user.id == 0 && p.njobs == 0 && after == 0 &&
	    strcmp(key, who->key) != 0) {
		reply_problem(c, a, "user-unknown", 0,
		    "nothing is known of \"%s\"", key);
	} else {
		/* Somebody else's reading is remembered. */
		if (strcmp(key, who->key) != 0 && core_write(c, &err) == 0)
			api_audit(c, who, "data-read", key);
		data_answer(&p, a, after);
	}
	free(p.jobs);
}

void
api_user_data(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, user_data);
}

/* ---- POST /users/NAME/erase */

static int
id_compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* An answer of the last day: does it name the person or one of the jobs? */
static bool
answer_names(const void *body, size_t n, void *ctx)
{
	struct person *p = ctx;
	char *text = malloc(n + 1), *s;
	bool yes;

	if (text == NULL) {
		p->no_memory = true;
		return false;
	}
	if (n > 0)
		memcpy(text, body, n);
	text[n] = '\0';
	yes = names_person(p, text);
	for (s = text; !yes && (s = strstr(s, "j-")) != NULL; s += 2) {
		char id[16];
		int64_t v;

		snprintf(id, sizeof id, "%.15s", s);
		yes = ids_job_parse(&v, id) && bsearch(&v, p->jobs, p->njobs,
		    sizeof *p->jobs, id_compare) != NULL;
	}
	free(text);
	return yes;
}

/* Held documents go, as if their owner had deleted them. */
static int
erase_held(struct person *p)
{
	struct job *j = malloc(sizeof *j);
	int rc = j != NULL ? 0 : -REL_E_NOMEM;

	for (size_t i = 0; rc == 0 && i < p->njobs; i++) {
		rc = store_job_get(p->c->st, p->jobs[i], j);
		if (rc == 0 && (j->state == JOB_HELD ||
		    j->state == JOB_UNCONFIRMED))
			rc = job_delete(p->c, j, "an administrator");
	}
	free(j);
	return rc;
}

/* In one transaction; what fails spoils the turn, and nothing has happened. */
static int
erase_all(struct person *p, int *lines)
{
	struct core *c = p->c;
	int rc;

	if ((rc = erase_held(p)) < 0 ||
	    (rc = store_person_erase(c->st, p->key, p->pseudonym)) < 0 ||
	    (*lines = rc = store_texts(c->st, text_erase, p)) < 0)
		return rc;
	if (p->njobs > 1)
		qsort(p->jobs, p->njobs, sizeof *p->jobs, id_compare);
	if ((rc = store_answers_forget(c->st, answer_names, p)) < 0)
		return rc;
	if (p->no_memory)
		return -REL_E_NOMEM;
	if (p->user.id != 0)
		sessions_close_user(c, p->user.id);
	lists_forget(c, p->key);
	return 0;
}

/* All of it, in one transaction; 0 or the turn is spoilt. */
static int
person_erase(struct person *p, int *lines)
{
	struct core *c = p->c;
	struct rel_err err;
	char hex[9];
	int rc;

	ids_token(hex, 4);
	snprintf(p->pseudonym, sizeof p->pseudonym, "erased-%s", hex);
	if ((rc = core_write(c, &err)) == 0 && (rc = erase_all(p, lines)) < 0)
		core_spoil(c, rc);
	return rc;
}

/* What there is to erase: 0, -REL_E_NOTFOUND, -REL_E_NOTHELD a job is on its
 * way to a device, or broken. p->jobs is to be freed. */
static int
person_whole(struct core *c, const char *key, struct person *p)
{
	int rc;

	if ((rc = person_read(c, key, p)) < 0 ||
	    (rc = person_jobs(p, 0, INT32_MAX)) < 0)
		return rc;
	if (p->user.id == 0 && p->njobs == 0)
		return -REL_E_NOTFOUND;
	return p->releasing > 0 ? -REL_E_NOTHELD : 0;
}

int
person_forget(struct core *c, const char *key)
{
	struct person p = { .njobs = 0 };
	int lines = 0, rc = person_whole(c, key, &p);

	if (rc == 0 && (rc = person_erase(&p, &lines)) == 0 &&
	    store_audit(c->st, rel_now_ms(), "releaserd", "user-erased",
	    p.pseudonym) < 0)
		rc = core_spoil(c, -REL_E_IO);
	free(p.jobs);
	return rc;
}

static void
user_erase(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct person p = { .njobs = 0 };
	int rc, lines = 0;
	char key[84];

	if (api_admin(c, a, who) < 0 || !person_key(c, rq, a, key))
		return;
	if ((rc = person_whole(c, key, &p)) == 0)
		rc = person_erase(&p, &lines);
	if (rc == -REL_E_NOTFOUND) {
		reply_problem(c, a, "user-unknown", 0,
		    "nothing is known of \"%s\"", key);
	} else if (rc == -REL_E_NOTHELD) {
		reply_problem(c, a, "job-not-held", 5, "a job of \"%s\" is on "
		    "its way to a device: try again when it is printed", key);
	} else if (rc < 0) {
		reply_broken(c, a, rc);
	} else {
		api_audit(c, who, "user-erased", p.pseudonym);
		reply_json(c, a, 200, json_pack("{s:s,s:I,s:I,s:I}",
		    "pseudonym", p.pseudonym, "jobs", (json_int_t)p.njobs,
		    "deleted_jobs", (json_int_t)p.held, "lines",
		    (json_int_t)lines));
	}
	free(p.jobs);
}

void
api_user_erase(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, user_erase);
}

/* ---- POST /users/NAME/unlock */

static void
user_unlock(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct lockout none = { 0 };
	char key[84], subject[90];
	struct rel_err err;
	struct user u;
	int rc;

	if (api_need(c, a, who, WHO_HELPDESK) < 0 ||
	    !person_key(c, rq, a, key))
		return;
	rc = store_user_get(c->st, key, &u);
	if (rc == -REL_E_NOTFOUND) {
		reply_problem(c, a, "user-unknown", 0,
		    "there is no user \"%s\"", key);
		return;
	}
	snprintf(subject, sizeof subject, "u:%s", key);
	if (rc < 0 || (rc = core_write(c, &err)) < 0) {
		reply_broken(c, a, rc);
		return;
	}
	if ((rc = store_lockout_set(c->st, subject, &none)) < 0 ||
	    (rc = changes_forgive(c, key)) < 0) {
		core_spoil(c, rc);
		reply_broken(c, a, rc);
		return;
	}
	api_audit(c, who, "user-unlocked", u.name);
	reply_json(c, a, 200, user_json(c, &u));
}

void
api_user_unlock(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, user_unlock);
}
