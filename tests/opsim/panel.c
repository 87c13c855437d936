/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/opsim/panel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "tests/opsim/keys.h"

#define PENDING_S 3	/* a session that is pushed comes until then */

static void on_answer(const struct https_answer *a, void *ctx);

static void
answers_clear(struct panel *p)
{
	for (unsigned i = 0; i < 2; i++) {
		json_decref(p->answers[i].body);
		p->answers[i] = (struct panel_answer){ .body = NULL };
	}
	p->nanswers = 0;
}

static void
last_set(struct panel *p, char *text)
{
	if (p->last != NULL)
		rel_wipe(p->last, strlen(p->last));
	free(p->last);
	p->last = text;
}

bool
panel_busy(const struct panel *p)
{
	return p->awaited > 0;
}

static int
begin(struct panel *p, panel_cb done, void *ctx, struct rel_err *err)
{
	if (p->env.dev->off)
		return rel_err_set(err, REL_E_DENIED,
		    "the device is switched off");
	if (panel_busy(p))
		return rel_err_set(err, REL_E_EXISTS,
		    "the panel still waits for the server");
	answers_clear(p);
	p->done = done;
	p->ctx = ctx;
	p->following = p->logging_out = p->is_action = false;
	return 0;
}

static int
send_body(struct panel *p, const char *path, const char *text, bool own,
    struct rel_err *err)
{
	struct https_request rq = {
		.method = "POST", .path = path, .body = text,
		.body_len = strlen(text), .own_connection = own
	};
	int rc = https_send(p->env.net, &rq, on_answer, p, err);

	if (rc == 0)
		p->awaited++;
	return rc;
}

/* The body of POST /panel/menu. */
static json_t *
fetch_body(const struct panel *p, const char *menu, const char *cursor)
{
	bool in = p->session[0] != '\0';
	const char *rev = menu_rev(&p->menu);
	json_t *v;

	if (menu == NULL)
		menu = in ? "jobs" : "login";
	v = json_pack("{s:s, s:s, s:s, s:{s:i, s:i, s:i, s:b, s:b, s:b},"
	    " s:o}", "state", in ? "in-session" : "locked", "menu", menu,
	    "locale", p->env.locale, "panel", "width", 800, "height", 480,
	    "rows", 8, "keyboard", 1, "icons", 1, "html", 0,
	    "status", device_status(p->env.dev));
	json_object_set_new(v, "session_id", in ? json_string(p->session) :
	    json_null());
	json_object_set_new(v, "rev", rev[0] != '\0' && cursor == NULL &&
	    strcmp(menu, menu_name(&p->menu)) == 0 ? json_string(rev) :
	    json_null());
	if (cursor != NULL)
		json_object_set_new(v, "cursor", json_string(cursor));
	return v;
}

static int
fetch_send(struct panel *p, const char *menu, const char *cursor,
    struct rel_err *err)
{
	json_t *v = fetch_body(p, menu, cursor);
	char *text = json_dumps(v, JSON_COMPACT);
	int rc;

	json_decref(v);
	if (text == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	rc = send_body(p, "/opdp/v1/panel/menu", text, false, err);
	free(text);
	return rc;
}

int
panel_fetch(struct panel *p, const char *menu, const char *cursor,
    panel_cb done, void *ctx, struct rel_err *err)
{
	int rc = begin(p, done, ctx, err);

	return rc < 0 ? rc : fetch_send(p, menu, cursor, err);
}

/* With a new request_id; the text is the caller's. */
static char *
action_text(json_t *rq)
{
	char id[37];

	keys_uuid(id);
	json_object_set_new(rq, "request_id", json_string(id));
	return json_dumps(rq, JSON_COMPACT);
}

int
panel_act(struct panel *p, json_t *rq, enum panel_times times, panel_cb done,
    void *ctx, struct rel_err *err)
{
	static const char path[] = "/opdp/v1/panel/action";
	bool out = strcmp(json_str_at(rq, "op", ""), "logout") == 0;
	char *again = NULL;
	int rc = begin(p, done, ctx, err);

	if (rc < 0)
		goto out;
	p->is_action = true;
	p->logging_out = out;
	json_object_set_new(rq, "session_id", p->session[0] != '\0' ?
	    json_string(p->session) : json_null());
	if (json_object_get(rq, "locale") == NULL)
		json_object_set_new(rq, "locale", json_string(p->env.locale));
	last_set(p, action_text(rq));
	if (faults_take(p->env.faults, FAULT_DUPLICATE, AT_NONE, NULL))
		times = PANEL_TWICE;
	if (p->last == NULL)
		rc = rel_err_set(err, REL_E_NOMEM, "no memory");
	else
		rc = send_body(p, path, p->last, times != PANEL_ONCE, err);
	if (rc == 0 && times == PANEL_TWICE) {
		rc = send_body(p, path, p->last, true, err);
	} else if (rc == 0 && times == PANEL_TWICE_NEW &&
	    (again = action_text(rq)) != NULL) {
		rc = send_body(p, path, again, true, err);
		rel_wipe(again, strlen(again));
		free(again);
	}
out:
	json_decref(rq);
	return rc;
}

int
panel_again(struct panel *p, panel_cb done, void *ctx, struct rel_err *err)
{
	int rc;

	if (p->last == NULL)
		return rel_err_set(err, REL_E_NOTFOUND,
		    "there was no action yet");
	if ((rc = begin(p, done, ctx, err)) < 0)
		return rc;
	p->is_action = true;
	p->logging_out = strstr(p->last, "\"op\":\"logout\"") != NULL;
	return send_body(p, "/opdp/v1/panel/action", p->last, true, err);
}

static void
session_end(struct panel *p)
{
	p->session[0] = '\0';
	p->person[0] = '\0';
	json_decref(p->functions);
	p->functions = NULL;
	json_decref(p->pushed);
	p->pushed = NULL;
}

static void
menu_take(struct panel *p, json_t *doc)
{
	if (p->is_action || p->following) {
		menu_set(&p->menu, doc);
		panel_touch(p);
	} else {
		menu_refresh(&p->menu, doc);
	}
}

/* What the session may do: at the log-in, and in every menu after it. */
static void
functions_take(struct panel *p, const json_t *body)
{
	json_t *now = json_at(body, "session.functions");

	if (!json_is_object(now))
		now = json_at(body, "menu.session.functions");
	if (p->session[0] == '\0' || !json_is_object(now))
		return;
	json_decref(p->functions);
	p->functions = json_incref(now);
}

static void
session_take(struct panel *p, const json_t *s)
{
	const char *who = json_str_at(s, "user.display", "");

	if (who[0] == '\0')
		who = json_str_at(s, "user.id", "");
	snprintf(p->session, sizeof p->session, "%s",
	    json_str_at(s, "session_id", ""));
	snprintf(p->person, sizeof p->person, "%s", who);
}

/* A good answer: session and menu are as it says. */
static void
apply(struct panel *p, const json_t *body)
{
	const json_t *s = json_object_get(body, "session");

	/* that of a menu has no id */
	if (json_str_at(s, "session_id", NULL) != NULL)
		session_take(p, s);
	p->pending = json_is_true(json_object_get(body, "session_pending"));
	functions_take(p, body);
	p->menu_at_ms = rel_mono_ms();
	if (p->logging_out)
		session_end(p);
	if (json_is_object(json_object_get(body, "menu")))
		menu_take(p, json_object_get(body, "menu"));
	else if (json_is_array(json_object_get(body, "items")))
		menu_take(p, (json_t *)body);
}

static bool
session_gone(const struct panel_answer *a)
{
	const char *code = json_str_at(a->body, "code", "");

	return strcmp(code, "session-unknown") == 0 ||
	    strcmp(code, "session-expired") == 0;
}

/* What belongs to the state that begins; who waited for it is told then. */
static void
show_home(struct panel *p)
{
	struct rel_err err;

	if (p->pending) {
		p->pending = false;
		p->awaited = 0;
		evtimer_del(p->late);
	} else if (panel_busy(p)) {
		return;
	} else {
		p->done = NULL;
	}
	p->following = true;
	p->is_action = p->logging_out = false;
	if (fetch_send(p, NULL, NULL, &err) < 0)
		p->following = false;
}

/* All answers are here: apply the first good one, tell who asked. */
static void
finish(struct panel *p)
{
	panel_cb done = p->done;
	struct rel_err err;

	for (unsigned i = 0; i < p->nanswers; i++) {
		const struct panel_answer *a = &p->answers[i];

		if (a->status >= 200 && a->status < 300) {
			apply(p, a->body);
			break;
		}
	}
	if (p->nanswers > 0 && session_gone(&p->answers[0])) {
		session_end(p);
		p->following = true;	/* show the log-in menu, then finish */
		if (fetch_send(p, "login", NULL, &err) == 0)
			return;
	}
	if (p->pending && p->pushed != NULL) {	/* it was faster */
		show_home(p);
		return;
	}
	if (p->pending) {
		struct timeval tv = { PENDING_S, 0 };

		p->awaited = 1;
		evtimer_add(p->late, &tv);
		return;
	}
	p->done = NULL;
	if (done != NULL)
		done(p->ctx);
}

/* The answer of the menu that follows the end of a session. */
static void
follow(struct panel *p, const struct https_answer *a)
{
	json_t *body = json_read(a->body, a->body_len, NULL);
	panel_cb done = p->done;

	if (a->status == 200 && body != NULL)
		apply(p, body);
	json_decref(body);
	p->following = false;
	p->done = NULL;
	if (done != NULL)
		done(p->ctx);
}

static void
on_late(evutil_socket_t fd, short what, void *ctx)
{
	struct panel *p = ctx;

	struct rel_err err;

	(void)fd;
	(void)what;
	p->awaited = 0;
	if (p->pending) {	/* none came: the log-in menu says why */
		p->pending = false;
		p->following = true;
		if (fetch_send(p, "login", NULL, &err) == 0)
			return;
	}
	finish(p);
}

static void
answer_keep(struct panel *p, const struct https_answer *a)
{
	struct panel_answer *to = &p->answers[p->nanswers];
	struct rel_err err = { .code = 0 };

	if (p->nanswers == 2)
		return;
	p->nanswers++;
	if (p->is_action && faults_take(p->env.faults, FAULT_DROP_REPLY,
	    AT_NONE, NULL)) {
		snprintf(to->trouble, sizeof to->trouble,
		    "the answer was lost (fault drop-reply)");
		return;
	}
	to->status = a->status;
	to->replayed = a->replayed;
	if (a->status == 0) {
		snprintf(to->trouble, sizeof to->trouble, "%s", a->trouble);
	} else if ((to->body = json_read(a->body, a->body_len, &err)) ==
	    NULL) {
		snprintf(to->trouble, sizeof to->trouble,
		    "status %ld and %s", a->status, err.text);
		to->status = 0;
	}
}

static void
on_answer(const struct https_answer *a, void *ctx)
{
	struct panel *p = ctx;
	int64_t ms;

	p->awaited--;
	if (p->following) {
		follow(p, a);
		return;
	}
	answer_keep(p, a);
	if (p->awaited > 0)
		return;
	if (p->is_action && faults_take(p->env.faults, FAULT_DELAY, AT_NONE,
	    &ms)) {
		struct timeval tv = { ms / 1000, ms % 1000 * 1000 };

		p->awaited = 1;
		evtimer_add(p->late, &tv);
		return;
	}
	finish(p);
}

/* Nobody touched the panel for a while: do what the menu says. */
static void
on_idle(evutil_socket_t fd, short what, void *ctx)
{
	struct panel *p = ctx;
	const json_t *action = json_at(p->menu.doc, "auto.action");
	struct rel_err err;
	json_t *rq;

	(void)fd;
	(void)what;
	if (!json_is_object(action) || panel_busy(p) || p->env.dev->off)
		return;
	if ((rq = menu_request(&p->menu, action, &err)) == NULL)
		return;
	if (strcmp(json_str_at(rq, "op", ""), "logout") == 0)
		json_object_set_new(rq, "reason", json_string("timeout"));
	panel_act(p, rq, PANEL_ONCE, NULL, NULL, &err);
}

void
panel_touch(struct panel *p)
{
	const json_t *after = json_at(p->menu.doc, "auto.after_s");
	struct timeval tv = { .tv_sec = json_integer_value(after) };

	evtimer_del(p->idle);
	if (json_is_integer(after) && tv.tv_sec > 0)
		evtimer_add(p->idle, &tv);
}

void
panel_session_put(struct panel *p, json_t *s)
{
	bool same = strcmp(p->session, json_str_at(s, "session_id", "")) == 0;

	if (!same)
		session_end(p);
	session_take(p, s);
	json_decref(p->pushed);
	p->pushed = json_incref(s);
	json_decref(p->functions);
	p->functions = json_incref(json_object_get(s, "functions"));
	if (!same || p->pending)
		show_home(p);
}

void
panel_session_end(struct panel *p)
{
	if (p->session[0] == '\0')
		return;
	session_end(p);
	show_home(p);
}

void
panel_blank(struct panel *p)
{
	session_end(p);
	p->pending = false;
	menu_fini(&p->menu);
	menu_init(&p->menu);
	evtimer_del(p->idle);
}

struct panel *
panel_new(const struct panel_env *env)
{
	struct panel *p = calloc(1, sizeof *p);

	if (p == NULL)
		return NULL;
	p->env = *env;
	menu_init(&p->menu);
	p->late = evtimer_new(env->base, on_late, p);
	p->idle = evtimer_new(env->base, on_idle, p);
	return p;
}

void
panel_free(struct panel **pp)
{
	struct panel *p = *pp;

	if (p == NULL)
		return;
	answers_clear(p);
	last_set(p, NULL);
	session_end(p);
	menu_fini(&p->menu);
	event_free(p->late);
	event_free(p->idle);
	free(p);
	*pp = NULL;
}

/* Words of one answer. */
static void
answer_words(const struct panel_answer *a, struct rel_buf *out)
{
	static const char *const words[] = { "result", "reason", "code" };
	const json_t *job;
	size_t i;

	if (a->status == 0)
		rel_put_fmt(out, "no-answer");
	else
		rel_put_fmt(out, "%ld", a->status);
	for (i = 0; i < 3; i++)
		if (json_str_at(a->body, words[i], NULL) != NULL)
			rel_put_fmt(out, " %s",
			    json_str_at(a->body, words[i], ""));
	json_array_foreach(json_object_get(a->body, "jobs"), i, job) {
		rel_put_fmt(out, " %s", json_str_at(job, "id", ""));
		for (unsigned k = 0; k < 2; k++) {
			const char *s = json_str_at(job,
			    k == 0 ? "status" : "code", NULL);

			if (s != NULL)
				rel_put_fmt(out, "%c%s", k == 0 ? ':' : '/',
				    s);
		}
	}
	if (a->replayed)
		rel_put_fmt(out, " replayed");
}

void
panel_result(const struct panel *p, struct rel_buf *out)
{
	for (unsigned i = 0; i < p->nanswers; i++) {
		if (i > 0)
			rel_put_fmt(out, "; ");
		answer_words(&p->answers[i], out);
	}
	if (p->nanswers == 0)
		rel_put_fmt(out, "nothing was asked yet");
}

/* The jobs of an answer to op "list", a line each. */
static void
draw_listed(const struct panel *p, struct rel_buf *out)
{
	const json_t *jobs, *job;
	size_t i;

	jobs = json_object_get(p->answers[0].body, "jobs");
	json_array_foreach((json_t *)jobs, i, job)
		if (json_object_get(job, "name") != NULL)
			rel_put_fmt(out, "  - %s  %s\n",
			    json_str_at(job, "id", "?"),
			    json_str_at(job, "name", ""));
}

void
panel_draw(const struct panel *p, struct rel_buf *out)
{
	if (p->env.dev->off) {
		rel_put_fmt(out, "(the device is switched off)\n");
		return;
	}
	menu_draw(&p->menu, out);
	draw_listed(p, out);
	if (p->person[0] != '\0')
		rel_put_fmt(out, "  logged in: %s\n", p->person);
	if (p->env.dev->jam)
		rel_put_fmt(out, "  device: paper jam\n");
	if (p->env.dev->door)
		rel_put_fmt(out, "  device: door open\n");
	if (p->env.dev->message[0] != '\0')
		rel_put_fmt(out, "  message: %s\n", p->env.dev->message);
	if (p->env.dev->identified > 0)
		rel_put_fmt(out, "  identified: %u\n",
		    p->env.dev->identified);
	rel_put_fmt(out, "  last answer: ");
	panel_result(p, out);
	rel_put_fmt(out, "\n");
}

bool
panel_trouble(const struct panel *p, struct rel_err *err)
{
	for (unsigned i = 0; i < p->nanswers; i++) {
		const struct panel_answer *a = &p->answers[i];

		if (a->status > 0)
			return false;
		rel_err_set(err, REL_E_PEER, "%s", a->trouble);
	}
	return p->nanswers > 0;
}
