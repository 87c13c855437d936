/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The turn: one transaction for all writes that the loop had ready. */
#include <stdlib.h>
#include <unistd.h>

#include "lib/fault.h"
#include "releaserd/core/card.h"
#include "releaserd/core/fleet.h"

#define BUSY_PAUSE_MS 60	/* after which a busy database is tried again */

struct deferred {
	core_later fn;
	void *arg;
	struct deferred *next;
};

int
core_write(struct core *c, struct rel_err *err)
{
	int rc;

	if (c->turn_failed)
		return rel_err_set(err, REL_E_PEER,
		    "the database cannot be written now");
	if (store_is_open(c->st))
		return 0;
	/* Each try waits a little: those that are behind must not add up. */
	if (rel_mono_ms() < c->busy_until_ms)
		return rel_err_set(err, REL_E_PEER, "the database is busy");
	if ((rc = store_begin(c->st, err)) < 0) {
		c->busy_until_ms = rel_mono_ms() + BUSY_PAUSE_MS;
		return rc;
	}
	/* Runs behind everything that is ready now. */
	event_active(c->commit_ev, EV_TIMEOUT, 1);
	return 0;
}

int
core_spoil(struct core *c, int rc)
{
	c->turn_failed = store_is_open(c->st);
	return rc;
}

void
core_defer(struct core *c, core_later fn, void *arg)
{
	struct deferred *d;

	if (!store_is_open(c->st)) {
		fn(c, arg, true);
		return;
	}
	if ((d = malloc(sizeof *d)) == NULL) {
		core_spoil(c, 0);
		fn(c, arg, false);
		return;
	}
	d->fn = fn;
	d->arg = arg;
	d->next = NULL;
	*c->deferred_tail = d;
	c->deferred_tail = &d->next;
}

static bool
turn_commit(struct core *c)
{
	struct rel_err err = { 0 };

	rel_fault("core:before-commit");
	if (c->turn_failed) {
		store_rollback(c->st);
		return false;
	}
	if (c->spool_dirty && fsync(c->spool_dir) < 0) {
		rel_log(REL_ERROR, "spool folder", "why=\"fsync failed\"");
		store_rollback(c->st);
		return false;
	}
	/*
	 * A commit whose sync failed stands whole in the write-ahead log: if
	 * core dies before the next commit overwrites it there, it counts.
	 * Until then its files must stay.  On a full disk it is not whole.
	 */
	if (store_commit(c->st, &err) < 0) {
		rel_log(REL_ERROR, "nothing was written", "why=\"%s\"",
		    err.text);
		c->in_doubt = c->in_doubt || err.code != REL_E_FULL;
		return false;
	}
	c->in_doubt = false;
	rel_fault("core:after-commit");
	return true;
}

static void
on_commit(evutil_socket_t fd, short what, void *arg)
{
	struct core *c = arg;
	struct deferred *d = c->deferred;
	bool ok;

	(void)fd;
	(void)what;
	if (!store_is_open(c->st))
		return;
	c->deferred = NULL;
	c->deferred_tail = &c->deferred;
	ok = turn_commit(c);
	c->turn_failed = false;
	c->spool_dirty = c->spool_dirty && !ok;
	if (!ok) {
		lists_forget_all(c);
		devices_forget_all(c);
		fleet_undone(c);
		cards_changed(c);
	}
	while (d != NULL) {
		struct deferred *next = d->next;

		d->fn(c, d->arg, ok);
		free(d);
		d = next;
	}
}

int
turn_init(struct core *c)
{
	c->deferred_tail = &c->deferred;
	c->commit_ev = event_new(c->role->base, -1, 0, on_commit, c);
	return c->commit_ev != NULL ? 0 : -REL_E_NOMEM;
}

void
turn_fini(struct core *c)
{
	/* What follows a commit may write again. */
	for (int i = 0; i < 8 && c->st != NULL && store_is_open(c->st); i++)
		on_commit(-1, 0, c);
	if (c->commit_ev != NULL)
		event_free(c->commit_ev);
	c->commit_ev = NULL;
}
