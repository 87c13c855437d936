/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Sessions that the server opens at the device.  `want` is the session that
 * stands here, `have` the one that may be open there; whenever they differ,
 * the next call makes them equal: close what is there, open what is wanted,
 * send what has changed.  Every call may come twice, so a lost answer is asked
 * for again and nothing is done twice.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/access.h"
#include "releaserd/core/fleet.h"
#include "releaserd/core/link.h"
#include "releaserd/core/login_priv.h"

#define OPEN_MS 8000		/* the person stands there */
#define CLOSE_MS 10000
#define TROUBLE_MS 60000	/* so long the panel says why */
#define OPEN_TRIES 2u
#define PAUSE_MAX_MS 60000
#define SETTLED_MS 15000	/* a heartbeat of before it has arrived */
#define LOOKS 20u		/* sessions looked at in a second */

enum push_step { PUSH_OPEN, PUSH_CHANGE, PUSH_CLOSE };

struct pushing {
	char device[40], session[37];
	enum push_step step;
	json_t *body;			/* the session as it will be there */
};

bool
push_is_for(const struct device *d)
{
	return d->session_push && link_can(d, DRIVER_CAN_SESSION);
}

const char *
push_trouble(struct core *c, const char *device_id)
{
	struct link *l = link_of(c, device_id, false);

	if (l == NULL || l->trouble_ms == 0 ||
	    l->trouble_ms < rel_mono_ms() - TROUBLE_MS)
		return NULL;
	return l->trouble;
}

/* ---- what became of a call */

static void
pushing_free(struct pushing *p)
{
	json_decref(p->body);
	free(p);
}

void
push_forget(struct link *l)
{
	l->have[0] = '\0';
	json_decref(l->sent);
	l->sent = NULL;
}

static void
did(struct core *c, struct link *l, struct pushing *p)
{
	l->fails = 0;
	l->again_ms = 0;
	if (p->step == PUSH_CLOSE) {
		push_forget(l);
		return;
	}
	l->takeover = false;
	json_decref(l->sent);
	l->sent = p->body;
	l->sent_ms = rel_mono_ms();
	p->body = NULL;
	if (p->step == PUSH_OPEN)
		rel_log(REL_INFO, "session opened at the device",
		    "device=%s", l->id);
	(void)c;
}

/* It does not open: who waits there is told, and may log in again. */
static void
gave_up(struct core *c, struct link *l, const struct driver_said *said)
{
	struct session *s = session_at(c, l->id);

	l->trouble = said->rc == -REL_E_PEER || said->rc == -REL_E_TIMEOUT ?
	    "push-away" : "push-refused";
	l->trouble_ms = rel_mono_ms();
	rel_log(REL_WARN, "a session cannot be opened at the device",
	    "device=%s why=\"%s\"", l->id, said->words);
	l->fails = 0;
	if (s != NULL && strcmp(s->id, l->want) == 0)
		session_close(c, s);		/* push_closed() follows */
	else
		l->want[0] = '\0';
}

static void
failed(struct core *c, struct link *l, const struct pushing *p,
    const struct driver_said *said)
{
	int64_t pause = 1000LL << (l->fails < 6 ? l->fails : 6);

	l->fails++;
	l->again_ms = rel_mono_ms() + (pause < PAUSE_MAX_MS ? pause :
	    PAUSE_MAX_MS);
	if (p->step == PUSH_OPEN && said->rc == -REL_E_EXISTS &&
	    !l->takeover) {
		l->takeover = true;	/* nobody here knows that session */
		l->again_ms = 0;
	} else if (p->step == PUSH_OPEN && (l->fails >= OPEN_TRIES ||
	    (said->rc != -REL_E_PEER && said->rc != -REL_E_TIMEOUT))) {
		gave_up(c, l, said);
	} else if (p->step == PUSH_CHANGE && said->rc == -REL_E_NOTFOUND) {
		push_forget(l);		/* opened anew, or closed, below */
	} else if (p->step == PUSH_CLOSE && (said->rc == -REL_E_DENIED ||
	    rel_mono_ms() > l->give_up_ms)) {
		push_forget(l);		/* its own end of time closes it */
	}
}

/* The device has started anew meanwhile; what it opened then is to go. */
static void
forgotten(struct link *l, const struct pushing *p)
{
	if (p->step == PUSH_OPEN && l->have[0] == '\0')
		memcpy(l->have, p->session, sizeof l->have);
}

static void push_step(struct core *c, struct link *l);

static void
pushed(struct core *c, const struct driver_said *said, void *ctx)
{
	struct pushing *p = ctx;
	struct link *l = link_of(c, p->device, false);

	if (said != NULL && l != NULL) {
		l->busy = false;
		if (strcmp(p->session, l->have) != 0)
			forgotten(l, p);
		else if (said->rc == 0)
			did(c, l, p);
		else
			failed(c, l, p, said);
		push_step(c, l);
	}
	pushing_free(p);
}

/* ---- the calls */

static bool
ask(struct core *c, struct link *l, const struct device *d,
    struct pushing *p, const json_t *body)
{
	static const enum driver_op ops[] = {
		[PUSH_OPEN] = DRIVER_SESSION_OPEN,
		[PUSH_CHANGE] = DRIVER_SESSION_UPDATE,
		[PUSH_CLOSE] = DRIVER_SESSION_CLOSE
	};
	char *text = body != NULL ? json_dumps(body, JSON_COMPACT) : NULL;
	struct driver_ask *q = calloc(1, sizeof *q);
	bool ok = q != NULL && (body == NULL || text != NULL);

	if (ok) {
		memcpy(p->device, l->id, sizeof p->device);
		q->op = ops[p->step];
		q->deadline_ms = p->step == PUSH_CLOSE ? CLOSE_MS : OPEN_MS;
		snprintf(q->id, sizeof q->id, "%s", p->session);
		q->number = p->step == PUSH_OPEN && l->takeover;
		q->text = text != NULL ? text : "";
		q->text_len = strlen(q->text);
		ok = fleet_ask(c, d, q, pushed, p) == 0;
	}
	if (text != NULL)
		rel_wipe(text, strlen(text));
	free(text);
	free(q);
	l->busy = ok;
	return ok;
}

/* What of `now` is another than in `was`, as RFC 7396 has it; NULL: nothing. */
static json_t *
patch_of(const json_t *was, const json_t *now)
{
	json_t *out = json_object(), *v, *sub;
	const char *name;

	json_object_foreach((json_t *)(uintptr_t)now, name, v) {
		const json_t *old = json_object_get(was, name);

		if (old != NULL && json_equal(old, v))
			continue;
		if (json_is_object(v) && json_is_object(old) &&
		    (sub = patch_of(old, v)) != NULL)
			json_object_set_new(out, name, sub);
		else
			json_object_set(out, name, v);
	}
	json_object_foreach((json_t *)(uintptr_t)was, name, v)
		if (json_object_get(now, name) == NULL)
			json_object_set_new(out, name, json_null());
	if (json_object_size(out) > 0)
		return out;
	json_decref(out);
	return NULL;
}

static void
step_close(struct core *c, struct link *l, const struct device *d)
{
	struct pushing *p = calloc(1, sizeof *p);

	if (p == NULL)
		return;
	p->step = PUSH_CLOSE;
	memcpy(p->session, l->have, sizeof p->session);
	if (!ask(c, l, d, p, NULL))
		pushing_free(p);
}

static void
step_open(struct core *c, struct link *l, const struct device *d,
    const struct session *s)
{
	struct pushing *p = calloc(1, sizeof *p);

	if (p == NULL || (p->body = login_session_json(c, s)) == NULL) {
		free(p);
		return;
	}
	p->step = PUSH_OPEN;
	memcpy(p->session, s->id, sizeof p->session);
	/* From now on it may be there, whatever becomes of the answer. */
	memcpy(l->have, s->id, sizeof l->have);
	if (!ask(c, l, d, p, p->body)) {
		l->have[0] = '\0';
		pushing_free(p);
	}
}

static void
step_change(struct core *c, struct link *l, const struct device *d,
    const struct session *s)
{
	json_t *now = login_session_json(c, s), *patch;
	struct pushing *p;

	if (now == NULL)
		return;
	patch = patch_of(l->sent, now);
	p = patch != NULL ? calloc(1, sizeof *p) : NULL;
	if (p != NULL) {
		p->step = PUSH_CHANGE;
		p->body = json_incref(now);
		memcpy(p->session, s->id, sizeof p->session);
		if (!ask(c, l, d, p, patch))
			pushing_free(p);
	}
	json_decref(patch);
	json_decref(now);
}

/* The next call, when there is one to make. */
static void
push_step(struct core *c, struct link *l)
{
	const struct device *d = device_at(c, l->id);
	const struct session *s = session_at(c, l->id);

	if (d == NULL || l->busy || l->again_ms > rel_mono_ms() ||
	    (l->want[0] == '\0' && l->have[0] == '\0'))
		return;
	/* One that has been removed still hears the end of its session. */
	if (l->have[0] != '\0' && strcmp(l->have, l->want) != 0 &&
	    link_is_known(d))
		step_close(c, l, d);
	else if (!link_is_open(d))
		push_forget(l);
	else if (s != NULL && strcmp(s->id, l->want) == 0 && l->sent == NULL)
		step_open(c, l, d, s);
}

/* ---- what others tell */

static void
open_later(struct core *c, void *arg, bool ok)
{
	struct link *l = link_of(c, arg, false);

	if (ok && l != NULL)
		push_step(c, l);
	free(arg);
}

void
push_open(struct core *c, const struct session *s)
{
	struct link *l = link_of(c, s->device_id, true);
	char *id = strdup(s->device_id);

	if (l == NULL || id == NULL) {
		free(id);
		return;
	}
	memcpy(l->want, s->id, sizeof l->want);
	l->fails = 0;
	l->again_ms = l->trouble_ms = 0;
	core_defer(c, open_later, id);
}

void
push_closed(struct core *c, const struct session *s)
{
	struct link *l = link_of(c, s->device_id, false);
	char *id;

	if (l == NULL || strcmp(l->want, s->id) != 0)
		return;
	l->want[0] = '\0';
	l->fails = 0;
	l->again_ms = 0;
	l->give_up_ms = rel_mono_ms() + c->role->set.session_max_ms;
	if (!c->ending && (id = strdup(s->device_id)) != NULL)
		core_defer(c, open_later, id);
}

void
push_seen(struct core *c, struct link *l, const char *session)
{
	struct session *s = session_at(c, l->id);

	if (l->busy || strlen(session) >= sizeof l->have)
		return;
	if (strcmp(session, l->have) == 0) {
		/* It counts the time without a touch: it may copy for long. */
		if (s != NULL && strcmp(s->id, session) == 0)
			session_touch(c, s);
		return;
	}
	if (session[0] == '\0' && l->sent != NULL &&
	    l->sent_ms < rel_mono_ms() - SETTLED_MS) {
		/* Ended there and never told: nobody stands there any more. */
		push_forget(l);
		if (s != NULL && strcmp(s->id, l->want) == 0)
			session_close(c, s);
	} else if (session[0] != '\0' && (s == NULL ||
	    strcmp(s->id, session) != 0)) {
		/* Nobody here knows it. */
		push_forget(l);
		snprintf(l->have, sizeof l->have, "%s", session);
		l->give_up_ms = rel_mono_ms() + c->role->set.session_max_ms;
		push_step(c, l);
	}
}

void
push_tick(struct core *c, struct link *l)
{
	const struct device *d;
	struct session *s;

	push_step(c, l);
	if (l->busy || l->want[0] == '\0' || l->sent == NULL ||
	    l->again_ms > rel_mono_ms() || (s = session_at(c, l->id)) == NULL ||
	    strcmp(s->id, l->want) != 0 || (c->ticks + l->number) %
	    (links_open(c) / LOOKS + 1) != 0)
		return;
	if (access_panel_of(c, s) == -1)
		session_close(c, s);
	else if ((d = device_at(c, l->id)) != NULL && link_is_open(d))
		step_change(c, l, d, s);
}
