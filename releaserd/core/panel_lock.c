/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * A locked panel: releases to its device are written down and wait; who has
 * its PIN, or may use the function panel-lock, unlocks it there.
 */
#include "releaserd/core/panel_lock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/access.h"
#include "releaserd/core/menu_priv.h"
#include "releaserd/core/fleet.h"
#include "releaserd/core/login_step.h"
#include "releaserd/core/release_priv.h"
#include "releaserd/core/store_item.h"
#include "releaserd/core/store_lock.h"

#define AT_ONCE 20			/* releases of one second */
#define STUCK_MAX 64
#define STUCK_MS 60000

/* ---- on and off */

int
panel_lock_set(struct core *c, const struct device *d, bool on,
    const char *by)
{
	char id[sizeof d->id], name[sizeof d->name], text[100];
	const struct device_event e = { .kind = on ? "locked" : "unlocked",
	    .text = text, .at_ms = rel_now_ms() };
	struct rel_err err;

	memcpy(id, d->id, sizeof id);
	memcpy(name, d->name, sizeof name);
	snprintf(text, sizeof text, "by %.83s", by);
	if (core_write(c, &err) < 0)
		return -REL_E_PEER;
	if (store_lock_set(c->st, id, on ? e.at_ms : 0) < 0 ||
	    store_device_event_add(c->st, id, &e) < 0 ||
	    store_audit(c->st, e.at_ms, by, on ? "panel-locked" :
	    "panel-unlocked", name) < 0)
		return core_spoil(c, -REL_E_IO);
	if (on)
		sessions_close_device(c, id);
	devices_changed(c, id);
	fleet_push(c, id, FLEET_PUSH_RESTRICTIONS);
	return 0;
}

/* ---- what is released meanwhile */

int
panel_lock_gate(struct core *c, const struct job *j,
    const struct release_order *o, struct released *out)
{
	struct lock_wait w = { .job = j->id, .copies = o->copies,
	    .at_ms = rel_now_ms() };
	const struct device *d = o->device;
	int rc;

	if (d->locked_ms == 0 || o->session != NULL)
		return 0;
	if (j->pin_scheme[0] != '\0')
		return gate_stop(out, "panel-locked", "the panel of %.64s is "
		    "locked; this job is confidential and stays held", d->name);
	w.how = (o->again ? LOCK_WAIT_AGAIN : 0) | (o->confirm ?
	    LOCK_WAIT_CONFIRM : 0) | (o->operator ? LOCK_WAIT_OPERATOR : 0);
	snprintf(w.device, sizeof w.device, "%s", d->id);
	snprintf(w.by, sizeof w.by, "%s", o->by);
	if ((rc = store_lock_wait(c->st, &w)) < 0)
		return rc;
	job_event(c, j->id, "panel-locked", "released by %.83s at %.64s, whose "
	    "panel is locked: it comes out when that is unlocked", o->by,
	    d->name);
	return gate_stop(out, "panel-locked", "the panel of %.64s is locked: "
	    "the job is kept, and comes out when the panel is unlocked",
	    d->name);
}

/* Releases that the database did not take: the others go on meanwhile. */
static struct stuck {
	int64_t job, until_ms;		/* monotonic */
} stuck[STUCK_MAX];
static size_t nstuck;			/* ever */

static bool
is_stuck(int64_t job)
{
	int64_t now = rel_mono_ms();

	for (size_t i = 0; i < STUCK_MAX; i++)
		if (stuck[i].job == job && stuck[i].until_ms > now)
			return true;
	return false;
}

static void
stuck_add(const struct lock_wait *w, int rc)
{
	stuck[nstuck++ % STUCK_MAX] = (struct stuck){ w->job,
	    rel_mono_ms() + STUCK_MS };
	rel_log(REL_WARN, "a job that waited for a panel is not released",
	    "job=%lld rc=%d again_in_s=%d", (long long)w->job, rc,
	    STUCK_MS / 1000);
}

struct over {
	struct lock_wait all[AT_ONCE];
	size_t n;
};

static bool
over_row(const struct lock_wait *w, void *ctx)
{
	struct over *o = ctx;

	if (!is_stuck(w->job))
		o->all[o->n++] = *w;
	return o->n < AT_ONCE;
}

static int
over_release(struct core *c, const struct lock_wait *w, struct job *j)
{
	const struct release_order o = { .device = device_at(c, w->device),
	    .by = w->by, .copies = (int)w->copies,
	    .again = (w->how & LOCK_WAIT_AGAIN) != 0,
	    .confirm = (w->how & LOCK_WAIT_CONFIRM) != 0,
	    .operator = (w->how & LOCK_WAIT_OPERATOR) != 0 };
	struct released got;
	int rc = store_lock_wait_forget(c->st, w->job);

	if (rc < 0)
		return core_spoil(c, rc);
	if (o.device == NULL || store_job_get(c->st, w->job, j) < 0 ||
	    (rc = release_job(c, j, &o, &got)) == -REL_E_NOTHELD)
		return 0;
	if (rc == -REL_E_DENIED)
		job_event(c, j->id, "panel-unlocked", "the panel of %.64s is "
		    "unlocked, but it stays held: %.200s", o.device->name,
		    got.text);
	return rc == -REL_E_DENIED ? 0 : rc;
}

void
panel_lock_tick(struct core *c)
{
	struct over *o = calloc(1, sizeof *o);
	struct job *j = malloc(sizeof *j);
	struct rel_err err;
	int rc = 0;

	if (o != NULL && j != NULL && store_lock_over(c->st, AT_ONCE +
	    STUCK_MAX, over_row, o) > 0 && o->n > 0 && core_write(c, &err) == 0)
		for (size_t i = 0; i < o->n && rc == 0; i++)
			if ((rc = over_release(c, &o->all[i], j)) < 0)
				stuck_add(&o->all[i], core_spoil(c, rc));
	free(j);
	free(o);
}

/* ---- at the panel */

static bool
has_secret(struct core *c, const char *device, enum block b)
{
	struct device_secret s = { .verifier = "" };
	bool has = store_secret_for(c->st, device, (int)b, &s) == 0;

	rel_wipe(&s, sizeof s);
	return has;
}

unsigned
panel_lock_kinds(struct core *c, const struct device *d)
{
	unsigned kinds = 0;

	if (has_secret(c, d->id, BLOCK_DEVICE_PIN))
		kinds |= BLOCK_BIT(BLOCK_DEVICE_PIN);
	if (has_secret(c, d->id, BLOCK_DEVICE_PASSWORD))
		kinds |= BLOCK_BIT(BLOCK_DEVICE_PASSWORD);
	return kinds;
}

const struct device *
panel_lock_of(struct core *c, const char *device)
{
	const struct device *d = device_at(c, device);

	return d != NULL && d->locked_ms != 0 ? d : NULL;
}

/* The log-in menu, with this said. */
static void
say(struct core *c, const struct pending_login *p, const char *reason,
    const char *words)
{
	const struct device *d = device_at(c, p->from);
	struct notice n = { "info", "" };

	snprintf(n.text, sizeof n.text, "%s", word(p->locale, words));
	login_refuse(c, &p->a, reason, menu_login(c, d, p->locale, &n));
}

bool
panel_lock_opens(struct core *c, const struct pending_login *p)
{
	const struct device *d = p->nobody && !p->up ?
	    panel_lock_of(c, p->from) : NULL;

	if (d == NULL)
		return false;
	if (panel_lock_set(c, d, false, p->proof.block == BLOCK_DEVICE_PIN ?
	    "PIN of the device" : "password of the device") < 0)
		reply_broken(c, &p->a, -REL_E_IO);
	else
		say(c, p, "panel-unlocked", "panel-unlocked");
	return true;
}

bool
panel_lock_lets(struct core *c, const struct pending_login *p,
    struct session *s)
{
	const struct device *d = panel_lock_of(c, p->from);

	if (d == NULL || session_is_backup(s) ||
	    access_may(c, d, s, FN_PANEL_LOCK, NULL) != ACCESS_HIDDEN)
		return true;
	session_close(c, s);
	login_audit(c, p->user.key, "login-panel-locked", p->from);
	say(c, p, "panel-locked", "panel-locked");
	return false;
}

void
panel_lock_item(struct core *c, const struct session *s, json_t *items)
{
	if (panel_lock_of(c, s->device_id) != NULL)
		menu_put(c, s, FN_PANEL_LOCK, items, menu_button(
		    "unlock-panel", word(s->locale, "unlock-panel"), "lock",
		    json_pack("{s:s}", "op", "unlock-panel")));
}

void
panel_lock_op(struct touch *t, struct asker *a)
{
	struct notice n = { "info", "" };

	if (t->d->locked_ms != 0 && panel_lock_set(t->c, t->d, false,
	    t->s->user.key) < 0) {
		reply_broken(t->c, a, -REL_E_IO);
		return;
	}
	snprintf(n.text, sizeof n.text, "%s", word(t->s->locale,
	    "panel-unlocked"));
	reply_json(t->c, a, 200, json_pack("{s:s,s:o}", "result", "ok", "menu",
	    menu_jobs(t->c, t->s, 0, &n)));
}
