/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What a person does at a panel: the ops of opdp.md B3. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/access.h"
#include "releaserd/core/fleet.h"
#include "releaserd/core/link.h"
#include "releaserd/core/direct.h"
#include "releaserd/core/login_step.h"
#include "releaserd/core/panel_lock.h"
#include "releaserd/core/panel_priv.h"

/* ---- menus */

static int64_t
cursor_of(const struct request *rq)
{
	const char *text = req_str(rq, F_CURSOR);
	int64_t id = 0;

	return text != NULL && ids_job_parse(&id, text) ? id : 0;
}

/* Somebody waits there for a session that could not be opened. */
static const struct notice *
pushed_not(struct core *c, const struct request *rq, const struct device *d,
    struct notice *n)
{
	const char *why = push_trouble(c, d->id);

	if (why == NULL)
		return NULL;
	n->level = "error";
	snprintf(n->text, sizeof n->text, "%s", word(rq->locale, why));
	return n;
}

static json_t *
menu_named(struct core *c, const struct request *rq, const struct device *d,
    const struct session *s, const char *name)
{
	struct notice none = { "error", "" };

	if (session_is_backup(s))
		return menu_security(c, s, NULL);
	if (s != NULL && strncmp(name, "prove", 5) == 0)
		return menu_prove(c, rq, d, s, name);
	if (s != NULL && s->user.id == 0)
		return menu_jobs(c, s, 0, NULL);
	if (s != NULL && strcmp(name, "pin") == 0 &&
	    menu_may(c, s, FN_PRINT_CONFIDENTIAL))
		return menu_pin(c, s, NULL);
	if (s != NULL && strcmp(name, "accounts") == 0 &&
	    menu_may(c, s, FN_JOB_ACCOUNT))
		return menu_accounts(c, s, req_str(rq, F_CURSOR), NULL);
	if (s != NULL && strcmp(name, "address-book") == 0 &&
	    menu_may(c, s, FN_BOOK))
		return menu_addresses(c, s->locale, NULL, NULL);
	if (s != NULL)
		return menu_jobs(c, s, cursor_of(rq), NULL);
	return menu_login_named(c, rq, d, name, pushed_not(c, rq, d, &none));
}

/*
 * The session of whoever asks for a menu.  A browser asks again by itself when
 * PanelTimeout is over: that is no touch, and nobody is there any more.
 */
static struct session *
menu_session(struct core *c, const struct request *rq, const struct device *d)
{
	struct session *s = session_find(c, req_str(rq, F_SESSION_ID), d->id);

	if (s == NULL)
		return NULL;
	if (rq->html && rel_mono_ms() - s->touched_ms >=
	    c->role->set.panel_timeout_ms) {
		session_close(c, s);
		return NULL;
	}
	/* It may have been closed to this person meanwhile. */
	if (access_panel_of(c, s) == -1) {
		session_close(c, s);
		return NULL;
	}
	session_touch(c, s);
	return s;
}

void
panel_menu(struct core *c, const struct request *rq, struct asker *a)
{
	const struct device *d = device_of(c, rq, a);
	const char *name = req_str(rq, F_MENU), *rev = req_str(rq, F_REV);
	const char *now;
	struct session *s;
	json_t *menu;

	if (d == NULL)
		return;
	if (req_str(rq, F_STATUS) != NULL)
		fleet_heartbeat(c, d->id, req_str(rq, F_STATUS));
	s = menu_session(c, rq, d);
	menu = menu_named(c, rq, d, s, name != NULL ? name : "login");
	if (menu == NULL) {
		reply_broken(c, a, -REL_E_IO);
		return;
	}
	now = json_string_value(json_object_get(menu, "rev"));
	if (rev != NULL && now != NULL && strcmp(rev, now) == 0) {
		json_t *same = json_pack("{s:b,s:O}", "unchanged", 1, "ttl_s",
		    json_object_get(menu, "ttl_s"));

		json_decref(menu);
		menu = same;
	}
	reply_json(c, a, 200, menu);
}

/* ---- jobs of a request */

json_t *
touch_done(struct touch *t, const char *id, const char *status)
{
	json_t *o = json_pack("{s:s,s:s}", "id", id, "status", status);

	t->done++;
	json_array_append_new(t->jobs, o);
	return o;
}

void
touch_failed(struct touch *t, const struct job *j, const char *id,
    const char *code, const struct released *why)
{
	struct told spare = { .text = "" }, *told = t->failed < TOLD_MAX ?
	    &t->told[t->failed] : &spare;

	stopped_words(t->c, t->s->locale, code, why, told->text,
	    sizeof told->text);
	snprintf(told->title, sizeof told->title, "%.*s", j == NULL ? 0 :
	    (int)rel_utf8_cut(j->title, sizeof told->title - 1), j == NULL ?
	    "" : j->title);
	json_array_append_new(t->jobs, json_pack("{s:s,s:s,s:s,s:s}", "id", id,
	    "status", "error", "code", code, "text", told->text));
	t->failed++;
	if (t->first_code == NULL)
		t->first_code = code;
	if (why != NULL && t->template_id == 0)
		t->template_id = why->template_id;
}

/* Own, held, and its PIN given. */
const char *
touch_job(struct touch *t, const char *text, struct job *j)
{
	int64_t id;
	int rc = -REL_E_NOTFOUND;

	if (ids_job_parse(&id, text))
		rc = store_job_get(t->c->st, id, j);
	if (rc < 0)
		return rc == -REL_E_NOTFOUND ? "job-unknown" :
		    "backend-unavailable";
	if (strcmp(j->user_key, t->s->user.key) != 0 ||
	    (j->pin_scheme[0] != '\0' && !session_unlocked(t->s, j->id)))
		return "job-unknown";
	if (j->state == JOB_EXPIRED)
		return "job-expired";
	if (j->state != JOB_HELD && j->state != JOB_UNCONFIRMED)
		return "job-not-held";
	return j->expires_ms <= rel_now_ms() ? "job-expired" : NULL;
}

typedef void (*job_fn)(struct touch *t, const struct job *j,
    const struct req_options *o);

static void
each_named(struct touch *t, job_fn fn)
{
	struct job *j = malloc(sizeof *j);

	for (size_t i = 0; j != NULL && i < t->rq->njobs; i++) {
		const struct req_job *r = &t->rq->jobs[i];
		const char *code = touch_job(t, r->id, j);

		if (code == NULL && r->options.unsupported[0] != '\0')
			touch_failed(t, j, r->id, "option-not-supported",
			    NULL);
		else if (code != NULL)
			touch_failed(t, NULL, r->id, code, NULL);
		else
			fn(t, j, &r->options);
	}
	free(j);
}

/* "all": what is held and visible, and can print here; never what may have
 * printed already. */
struct all_ids {
	const struct session *s;
	int64_t *ids;
	size_t n, room;
};

static bool
all_add(struct all_ids *all, int64_t id)
{
	if (all->n == all->room) {
		size_t room = all->room > 0 ? all->room * 2 : 64;
		void *p = realloc(all->ids, room * sizeof *all->ids);

		if (p == NULL)
			return false;
		all->ids = p;
		all->room = room;
	}
	all->ids[all->n++] = id;
	return true;
}

static bool
all_row(const struct job *j, void *ctx)
{
	struct all_ids *all = ctx;

	return (j->pin_scheme[0] != '\0' &&
	    !session_unlocked(all->s, j->id)) || all_add(all, j->id);
}

static void
each_held(struct touch *t, job_fn fn)
{
	static const struct req_options none;
	struct all_ids all = { .s = t->s };
	struct job_filter f = { .user_key = t->s->user.key,
	    .states = 1u << JOB_HELD, .limit = INT32_MAX };
	struct job *j = malloc(sizeof *j);
	char text[24];

	if (j != NULL)
		(void)store_job_list(t->c->st, &f, all_row, &all);
	for (size_t i = 0; i < all.n; i++) {
		ids_job_text(text, all.ids[i]);
		if (touch_job(t, text, j) == NULL && j->state == JOB_HELD &&
		    (!direct_is(j) || direct_prints_at(t->c, j, t->d)))
			fn(t, j, &none);
	}
	free(all.ids);
	free(j);
}

/* ---- what is done with a job */

/*
 * Change the options of a job as the person asks. now: the job with them.
 * NULL, or the problem code.
 */
static const char *
change_options(struct touch *t, const struct job *j, const char *changes,
    struct job *now)
{
	struct rel_err err = { 0 };
	const char *code;
	int rc;

	*now = *j;
	if (changes[0] == '\0')
		return NULL;
	if ((code = touch_may_change(t, changes)) != NULL)
		return code;
	if (pages_change(now, changes, &err) < 0) {
		rel_log(REL_INFO, "option refused", "job=%s why=\"%s\"",
		    ids_text(j->id), err.text);
		return "option-not-supported";
	}
	rc = pages_save(t->c, j, now, t->s->user.key);
	return rc == 0 ? NULL : rc == -REL_E_NOTHELD ? "job-not-held" :
	    "backend-unavailable";
}

/* Who is charged for the release of this request; "" as the job has it. */
static const char *
account_of(const struct touch *t)
{
	const char *said = req_str(t->rq, F_ACCOUNT_ID);

	return said != NULL ? said : t->s->account;
}

static const char *
change_account(struct touch *t, struct job *j)
{
	const char *account = account_of(t);
	struct job *was = malloc(sizeof *was);
	int rc = 0;

	if (was == NULL)
		return "backend-unavailable";
	*was = *j;
	if (account[0] != '\0')
		rc = pages_charge(j, account);
	if (rc > 0)
		rc = pages_save(t->c, was, j, t->s->user.key);
	free(was);
	return rc >= 0 ? NULL : rc == -REL_E_NOTHELD ? "job-not-held" :
	    rc == -REL_E_LIMIT ? "option-not-supported" :
	    "backend-unavailable";
}

/* "cost_micro" and "currency": null while nothing has a price. */
static void
put_cost(struct touch *t, json_t *o, bool priced, int64_t micro)
{
	json_object_set_new(o, "cost_micro", priced ? json_integer(micro) :
	    json_null());
	json_object_set_new(o, "currency", priced ?
	    json_string(prices_currency(t->c)) : json_null());
}

static void
released(struct touch *t, const char *id, const struct released *got)
{
	json_t *o = touch_done(t, id, "accepted");

	json_object_set_new(o, "release_ref", json_string(got->ref));
	json_object_set_new(o, "est_impressions", got->impressions < 0 ?
	    json_null() : json_integer(got->impressions));
	put_cost(t, o, got->priced, got->cost_micro);
	if (got->suggest[0] == '\0')
		return;
	json_object_set_new(o, "suggest", json_string(got->suggest));
	memcpy(t->suggest, got->suggest, sizeof t->suggest);
}

/* A question waits: its menu comes after the others are done. */
static void
asked(struct touch *t, const char *id)
{
	if (t->asked == NULL)
		t->asked = calloc(ASKED_MAX, sizeof *t->asked);
	if (t->asked != NULL && t->nasked < ASKED_MAX)
		snprintf(t->asked[t->nasked++].id, sizeof t->asked->id, "%s",
		    id);
}

void
touch_release(struct touch *t, const struct job *held,
    const struct req_options *o)
{
	struct release_order order = { .device = t->d, .session = t->s,
	    .by = t->s->user.key, .again = held->state == JOB_UNCONFIRMED,
	    .confirm = req_num(t->rq, F_CONFIRM, 0) != 0 };
	struct released got = { .code = NULL };
	struct job *j = malloc(sizeof *j);
	const char *code = j == NULL ? "backend-unavailable" :
	    change_options(t, held, o->changes, j);
	char id[24];
	int rc = 0;

	ids_job_text(id, held->id);
	if (code == NULL)
		code = change_account(t, j);
	if (code == NULL && (rc = release_job(t->c, j, &order, &got)) < 0)
		code = rc == -REL_E_NOTHELD ? "job-not-held" :
		    rc == -REL_E_DENIED ? got.code : "backend-unavailable";
	if (code == NULL)
		released(t, id, &got);
	else
		touch_failed(t, held, id, code, rc == -REL_E_DENIED ? &got :
		    NULL);
	if (code != NULL && strcmp(code, "question-waits") == 0)
		asked(t, id);
	free(j);
}

static void
do_delete(struct touch *t, const struct job *j, const struct req_options *o)
{
	char id[24];
	int rc = job_delete(t->c, j, t->s->user.key);

	(void)o;
	ids_job_text(id, j->id);
	if (rc == 0)
		(void)touch_done(t, id, "deleted");
	else
		touch_failed(t, j, id, rc == -REL_E_NOTHELD ? "job-not-held" :
		    "backend-unavailable", NULL);
}

static void
do_options(struct touch *t, const struct job *j, const struct req_options *o)
{
	struct job *now = malloc(sizeof *now);
	const char *code = now == NULL ? "backend-unavailable" :
	    o->changes[0] == '\0' ? "option-not-supported" :
	    change_options(t, j, o->changes, now);
	char id[24];

	ids_job_text(id, j->id);
	if (code == NULL) {
		int64_t micro = 0;
		bool priced = prices_row(t->c, now, t->d, &micro);

		put_cost(t, touch_done(t, id, "changed"), priced, micro);
	} else {
		touch_failed(t, j, id, code, NULL);
	}
	free(now);
}

/* ---- ops */

/* The device stops all of them: that is said once. */
static bool
same_device(const struct touch *t)
{
	return t->done == 0 && t->first_code != NULL &&
	    strncmp(t->first_code, "device-", 7) == 0;
}

/* One that failed is the message; of several each has its own. */
static void
failed_words(const struct touch *t, struct notice *n)
{
	n->level = "warning";
	if (t->failed > 1 && !same_device(t))
		snprintf(n->text, sizeof n->text, "%s", word(t->s->locale,
		    "some-failed"));
	else if (t->done > 0 && t->told[0].title[0] != '\0')
		snprintf(n->text, sizeof n->text, "%s: %.310s",
		    t->told[0].title, t->told[0].text);
	else
		snprintf(n->text, sizeof n->text, "%s", t->told[0].text);
	rel_text_clean(n->text, sizeof n->text, n->text);
}

static void
failed_items(const struct touch *t, json_t *menu)
{
	json_t *items = json_object_get(menu, "items");
	int n = t->failed < TOLD_MAX ? t->failed : TOLD_MAX;
	char text[400];

	for (int i = 0; t->failed > 1 && !same_device(t) && i < n; i++) {
		const struct told *o = &t->told[i];

		snprintf(text, sizeof text, "%s%s%.310s", o->title,
		    o->title[0] != '\0' ? ": " : "", o->text);
		rel_text_clean(text, sizeof text, text);
		json_array_insert_new(items, (size_t)i, json_pack(
		    "{s:s,s:s,s:s}", "type", "message", "level", "warning",
		    "text", text));
	}
}

/* All went well; a cheaper device is named, and in nobody's way. */
static void
good_words(const struct touch *t, const char *good, struct notice *n)
{
	const char *l = t->s->locale;

	snprintf(n->text, sizeof n->text, "%s", word(l, t->done > 0 ? good :
	    "none-found"));
	if (t->suggest[0] != '\0')
		snprintf(n->text, sizeof n->text, "%s. %s: %s", word(l, good),
		    word(l, "cheaper-at"), t->suggest);
}

/* Jobs that wait for a "yes": the menu that asks; NULL when there are none. */
static json_t *
menu_unconfirmed(struct touch *t)
{
	size_t n = json_array_size(t->jobs), m = 0;
	struct req_job *ask = calloc(n + 1, sizeof *ask);
	json_t *menu = NULL;

	for (size_t i = 0; ask != NULL && i < n; i++) {
		const json_t *o = json_array_get(t->jobs, i);
		const char *code = json_string_value(json_object_get(o,
		    "code"));

		if (code != NULL && strcmp(code, "confirmation-needed") == 0)
			snprintf(ask[m++].id, sizeof ask->id, "%s",
			    json_string_value(json_object_get(o, "id")));
	}
	if (m > 0)
		menu = menu_confirm(t->c, t->s, ask, m);
	free(ask);
	return menu;
}

void
touch_answer(struct touch *t, struct asker *a, const char *good)
{
	struct notice n = { "info", "" };
	const char *result = t->failed == 0 ? "ok" :
	    t->done > 0 ? "partial" : "error";
	const char *code = t->first_code != NULL ? t->first_code : "";
	json_t *menu, *o;

	if (t->failed > 0)
		failed_words(t, &n);
	else
		good_words(t, good, &n);
	if ((menu = menu_unconfirmed(t)) != NULL)
		result = "confirm";
	else if ((menu = panel_question(t)) != NULL)
		result = "question";
	else if ((menu = menu_not_open(t)) != NULL)
		result = t->template_id != 0 ? result : "confirm";
	else if ((menu = menu_jobs(t->c, t->s, 0, &n)) != NULL)
		failed_items(t, menu);
	o = json_pack("{s:s,s:o,s:o}", "result", result, "jobs", t->jobs,
	    "menu", menu);
	if (o != NULL && t->failed > 0 && t->done == 0)
		json_object_set_new(o, "reason", json_string(code));
	t->jobs = NULL;
	free(t->asked);
	t->asked = NULL;
	reply_json(t->c, a, 200, o);
}

static void
op_jobs(struct touch *t, struct asker *a, job_fn fn, const char *good)
{
	struct rel_err err;

	if (!t->rq->all_jobs && t->rq->njobs == 0) {
		reply_problem(t->c, a, "bad-request", 0,
		    "jobs must be \"all\" or a list of jobs");
		return;
	}
	if (core_write(t->c, &err) < 0) {
		reply_broken(t->c, a, -REL_E_PEER);
		return;
	}
	t->jobs = json_array();
	if (t->rq->all_jobs)
		each_held(t, fn);
	else
		each_named(t, fn);
	touch_answer(t, a, good);
}

static void
op_release(struct touch *t, struct asker *a)
{
	if (t->rq->all_jobs && touch_refused(t, a, FN_PRINT_ALL))
		return;
	op_jobs(t, a, touch_release, "printing");
}

static void
op_delete(struct touch *t, struct asker *a)
{
	op_jobs(t, a, do_delete, "deleted");
}

/* jobs:[{id,options}], or job and options beside each other. */
static void
op_options(struct touch *t, struct asker *a)
{
	const char *id = req_str(t->rq, F_JOB);
	struct req_job one;
	const struct request *whole = t->rq;
	struct request rq;

	if (id == NULL) {
		op_jobs(t, a, do_options, "changed");
		return;
	}
	rq = *t->rq;
	memset(&one, 0, sizeof one);
	snprintf(one.id, sizeof one.id, "%s", id);
	one.options = rq.options;
	rq.jobs = &one;
	rq.njobs = 1;
	t->rq = &rq;
	op_jobs(t, a, do_options, "changed");
	t->rq = whole;
}

static void
op_list(struct touch *t, struct asker *a)
{
	const char *text;
	size_t len;
	int rc = list_text(t->c, t->s, cursor_of(t->rq), &text, &len);

	a->keep = false;
	if (rc < 0)
		reply_broken(t->c, a, rc);
	else
		reply_text(t->c, a, 200, text, len);
}

/* The options of the chosen jobs, as the first of them has them. */
static json_t *
options_of_chosen(struct touch *t)
{
	struct notice n = { "warning", "" };
	struct job *j = malloc(sizeof *j);
	json_t *menu = NULL;

	if (j != NULL && t->rq->njobs > 0 && t->s->user.id != 0 &&
	    touch_job(t, t->rq->jobs[0].id, j) == NULL)
		menu = menu_options(t->c, t->s, j, t->rq->jobs,
		    t->rq->njobs);
	free(j);
	if (menu != NULL)
		return menu;
	snprintf(n.text, sizeof n.text, "%s", word(t->s->locale,
	    t->rq->njobs > 0 ? "not-held" : "none-chosen"));
	return menu_jobs(t->c, t->s, 0, &n);
}

static void
op_menu(struct touch *t, struct asker *a)
{
	const char *name = req_str(t->rq, F_MENU);
	bool options = name != NULL && strcmp(name, "options") == 0;

	a->keep = false;
	if (options && touch_refused(t, a, FN_JOB_OPTIONS))
		return;
	reply_json(t->c, a, 200, json_pack("{s:s,s:o}", "result", "ok",
	    "menu", options ? options_of_chosen(t) : menu_named(t->c, t->rq, t->d, t->s,
	    name != NULL ? name : "jobs")));
}

/* ---- confidential jobs */

struct pin_walk {
	struct touch *t;
	const char *pin;
	int opened, locked;
	struct all_ids all;		/* that are confidential */
};

static bool
pin_row(const struct job *j, void *ctx)
{
	struct pin_walk *w = ctx;
	struct session *s = w->t->s;

	if (j->pin_scheme[0] == '\0')
		return true;
	if (!all_add(&w->all, j->id))
		return false;
	if (session_unlocked(s, j->id)) {
		w->opened += job_pin_opens(w->t->c, j, w->pin);
		return true;
	}
	w->locked++;
	if (job_pin_opens(w->t->c, j, w->pin) &&
	    session_unlock(s, j->id) == 0)
		w->opened++;
	return true;
}

/* The limit is reached: all confidential jobs of this user go. */
static void
pins_delete(struct touch *t, const struct pin_walk *w)
{
	for (size_t i = 0; i < w->all.n; i++) {
		int rc = store_job_end(t->c->st, w->all.ids[i], JOB_DELETED,
		    "too many wrong PINs", rel_now_ms());

		if (rc < 0 && rc != -REL_E_NOTHELD) {
			core_spoil(t->c, rc);
			return;
		}
		if (rc < 0)
			continue;
		job_event(t->c, w->all.ids[i], "deleted", "too many wrong PINs at "
		    "%.64s: the limit is %lld", t->d->name,
		    (long long)t->c->role->set.wrong_pin_limit);
		job_wipe_later(t->c, w->all.ids[i]);
	}
	lists_forget(t->c, t->s->user.key);
}

static void
pin_wrong(struct touch *t, struct asker *a, const struct pin_walk *w)
{
	struct notice n = { "error", "" };
	int64_t limit = t->c->role->set.wrong_pin_limit;
	struct user u;
	struct rel_err err;
	bool gone = false;

	if (core_write(t->c, &err) < 0 ||
	    store_user_by_id(t->c->st, t->s->user.id, &u) < 0) {
		reply_broken(t->c, a, -REL_E_PEER);
		return;
	}
	if (w->locked > 0 && ++u.wrong_pins >= limit && limit > 0) {
		pins_delete(t, w);
		u.wrong_pins = 0;
		gone = true;
	}
	if (store_user_wrong_pins(t->c->st, u.id, u.wrong_pins) < 0)
		core_spoil(t->c, 0);
	snprintf(n.text, sizeof n.text, "%s", word(t->s->locale, gone ?
	    "pin-deleted" : "pin-wrong"));
	reply_json(t->c, a, 200, json_pack("{s:s,s:s,s:o}", "result",
	    "denied", "reason", gone ? "jobs-deleted" : "bad-credential",
	    "menu", gone ? menu_jobs(t->c, t->s, 0, &n) :
	    menu_pin(t->c, t->s, &n)));
}

static void
op_unlock(struct touch *t, struct asker *a)
{
	struct pin_walk *w = calloc(1, sizeof *w);
	struct notice n = { "info", "" };
	struct job_filter f = { .user_key = t->s->user.key,
	    .states = 1u << JOB_HELD | 1u << JOB_UNCONFIRMED,
	    .limit = INT32_MAX };
	const char *pin = req_str(t->rq, F_VALUE);
	struct rel_err err;

	if (w == NULL) {
		reply_problem(t->c, a, "internal", 0, "no memory");
		return;
	}
	w->t = t;
	w->pin = pin != NULL ? pin : req_str(t->rq, F_PIN);
	if (w->pin == NULL)
		w->pin = "";
	if (store_job_list(t->c->st, &f, pin_row, w) < 0) {
		reply_broken(t->c, a, -REL_E_IO);
	} else if (w->opened == 0) {
		pin_wrong(t, a, w);
	} else {
		if (core_write(t->c, &err) == 0 && store_user_wrong_pins(
		    t->c->st, t->s->user.id, 0) < 0)
			core_spoil(t->c, 0);
		snprintf(n.text, sizeof n.text, "%s",
		    word(t->s->locale, "pin-opened"));
		reply_json(t->c, a, 200, json_pack("{s:s,s:i,s:o}", "result",
		    "ok", "opened", w->opened, "menu",
		    menu_jobs(t->c, t->s, 0, &n)));
	}
	free(w->all.ids);
	free(w);
}

/* ---- with and without a session */

static void
op_logout(struct core *c, const struct request *rq, struct asker *a,
    const struct device *d)
{
	struct session *s = session_find(c, req_str(rq, F_SESSION_ID), d->id),
	    *half = session_half(c, req_str(rq, F_STEP), d->id);
	char locale[16];

	snprintf(locale, sizeof locale, "%s", s != NULL ? s->locale :
	    rq->locale);
	if (s != NULL)
		session_close(c, s);
	if (half != NULL)
		session_close(c, half);
	a->keep = false;
	reply_json(c, a, 200, json_pack("{s:s,s:o}", "result", "ok", "menu",
	    menu_login(c, d, locale, NULL)));
}

static void
no_session(struct core *c, const struct request *rq, struct asker *a,
    const struct device *d)
{
	struct notice n = { "info", "" };

	/* A person at a browser gets the log-in, a program the problem. */
	if (!rq->html) {
		reply_problem(c, a, "session-unknown", 0,
		    "nobody is logged in with this session id: log in again");
		return;
	}
	snprintf(n.text, sizeof n.text, "%s", word(rq->locale,
	    "session-over"));
	a->keep = false;
	reply_json(c, a, 200, json_pack("{s:s,s:s,s:o}", "result", "denied",
	    "reason", "session-unknown", "menu", menu_login(c, d, rq->locale,
	    &n)));
}

/* Who has proven nothing but a secret of the device has no jobs. */
static void
nobodys(struct touch *t, struct asker *a)
{
	struct notice n = { "warning", "" };

	snprintf(n.text, sizeof n.text, "%s", word(t->s->locale,
	    "nobodys-jobs"));
	a->keep = false;
	reply_json(t->c, a, 200, json_pack("{s:s,s:s,s:o}", "result", "denied",
	    "reason", "not-allowed-here", "menu", menu_jobs(t->c, t->s, 0,
	    &n)));
}

static const struct {
	const char *op;
	void (*fn)(struct touch *t, struct asker *a);
	bool keep;		/* the answer is kept for a repetition */
	enum function needs;	/* FN_PANEL: what is done looks itself */
} ops[] = {
	{ "release", op_release, true, FN_PANEL },
	{ "delete", op_delete, true, FN_JOB_DELETE },
	{ "set-options", op_options, true, FN_PANEL },
	{ "list", op_list, false, FN_PANEL },
	{ "menu", op_menu, false, FN_PANEL },
	{ "unlock", op_unlock, true, FN_PRINT_CONFIDENTIAL },
	{ "answer", panel_answered, true, FN_JOB_ANSWER },
	{ "select-account", panel_select_account, true, FN_JOB_ACCOUNT },
	{ "addresses", panel_addresses, false, FN_BOOK },
	{ "unlock-panel", panel_lock_op, true, FN_PANEL_LOCK },
	{ "security", panel_security, false, FN_PANEL }
};

static void
op_with_session(struct core *c, const struct request *rq, struct asker *a,
    const struct device *d)
{
	struct touch t = { .c = c, .rq = rq, .d = d };
	const char *op = req_str(rq, F_OP);
	size_t i = 0;

	while (i < sizeof ops / sizeof ops[0] && strcmp(ops[i].op, op) != 0)
		i++;
	if (i == sizeof ops / sizeof ops[0]) {
		reply_problem(c, a, "bad-request", 0,
		    "op \"%.32s\" is not known", op);
		return;
	}
	if (ops[i].keep && reply_replay(c, a))
		return;
	t.s = session_find(c, req_str(rq, F_SESSION_ID), d->id);
	if (t.s == NULL && ops[i].fn == op_menu) {
		a->keep = false;
		reply_json(c, a, 200, json_pack("{s:s,s:o}", "result", "ok",
		    "menu", menu_named(c, rq, d, NULL, req_str(rq, F_MENU) != NULL
		    ? req_str(rq, F_MENU) : "login")));
		return;
	}
	if (t.s == NULL) {
		no_session(c, rq, a, d);
		return;
	}
	session_touch(c, t.s);
	if (session_is_backup(t.s)) {
		panel_security(&t, a);
		return;
	}
	if (t.s->user.id == 0 && ops[i].fn != op_menu) {
		nobodys(&t, a);
		return;
	}
	if (panel_shut(&t, a) || (ops[i].needs != FN_PANEL &&
	    touch_refused(&t, a, ops[i].needs)))
		return;
	a->keep = ops[i].keep && a->idem_key[0] != '\0';
	ops[i].fn(&t, a);
}

void
panel_action(struct core *c, const struct request *rq, struct asker *a)
{
	const struct device *d = device_of(c, rq, a);
	const char *op = req_str(rq, F_OP);
	const char *method = req_str(rq, F_METHOD);

	if (d == NULL || op == NULL)
		return;
	if (strcmp(op, "logout") == 0) {
		op_logout(c, rq, a, d);
	} else if (strcmp(op, "login") == 0 &&
	    !(method != NULL && strcmp(method, "pin") == 0)) {
		if (!reply_replay(c, a))
			login(c, rq, a, d);
	} else if (strcmp(op, "register-card") == 0) {
		if (!reply_replay(c, a))
			login_register_card(c, rq, a, d);
	} else if (strcmp(op, "login") == 0) {
		/* method pin: opens confidential jobs of who is logged in */
		struct touch t = { .c = c, .rq = rq, .d = d };

		t.s = session_find(c, req_str(rq, F_SESSION_ID), d->id);
		if (reply_replay(c, a))
			return;
		if (t.s == NULL) {
			no_session(c, rq, a, d);
			return;
		}
		session_touch(c, t.s);
		a->keep = a->idem_key[0] != '\0';
		if (t.s->user.id == 0)
			nobodys(&t, a);
		else if (!touch_refused(&t, a, FN_PRINT_CONFIDENTIAL))
			op_unlock(&t, a);
	} else {
		op_with_session(c, rq, a, d);
	}
}
