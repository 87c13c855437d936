/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Refills of accounts that nobody looks at, a few milliseconds at a time. */
#include <stdlib.h>

#include "lib/period.h"
#include "releaserd/core/quota.h"

#define SWEEP_MS 3			/* a slice */
#define SWEEP_ROWS 50
#define SWEEP_EVERY_MS 3600000		/* at least */
#define SWEEP_AGAIN_MS 10000		/* when the database was busy */

struct quotas {
	bool running, again;
	int64_t due_ms;			/* the next sweep; 0 at once */
	int64_t account;		/* where this one is */
	int64_t next_ms;		/* the first period to begin next */
	struct account rows[SWEEP_ROWS];
	int n;
};

static bool
sweep_row(const struct account *a, void *ctx)
{
	struct quotas *s = ctx;

	s->account = a->id;
	if (a->kind == ACCOUNT_USER || a->kind == ACCOUNT_SHARED)
		s->rows[s->n++] = *a;
	return true;
}

static int
sweep_account(struct core *c, struct quotas *s, const struct account *a,
    int64_t now_ms)
{
	struct rel_err err;
	struct quota q;
	int64_t next;
	int rc = quota_of(c->st, a->kind, a->key, a->unit, &q);

	if (rc < 0)
		return rc == -REL_E_NOTFOUND ? 0 : rc;
	next = rel_period_next(now_ms, (enum rel_period)q.period, q.at_min);
	if (next < s->next_ms)
		s->next_ms = next;
	if (a->refilled_ms >= rel_period_start(now_ms,
	    (enum rel_period)q.period, q.at_min))
		return 0;
	if ((rc = core_write(c, &err)) < 0)
		return rc;
	rc = quota_refill(c->st, a->kind, a->key, a->unit, now_ms);
	return rc < 0 ? core_spoil(c, rc) : 0;
}

static bool
sweep_end(struct quotas *s, int64_t next_ms)
{
	s->running = false;
	s->due_ms = s->again ? 0 : next_ms;
	s->again = false;
	return false;
}

static bool
sweep_slice(struct core *c, void *arg, bool go_on)
{
	int64_t now_ms = rel_now_ms(), until = rel_mono_ms() + SWEEP_MS;
	struct quotas *s = arg;
	int n;

	if (!go_on)
		return false;
	do {
		s->n = 0;
		n = store_account_scan(c->st, s->account, SWEEP_ROWS,
		    sweep_row, s);
		for (int i = 0; i < s->n && n >= 0; i++)
			if (sweep_account(c, s, &s->rows[i], now_ms) < 0)
				n = -REL_E_PEER;
	} while (n == SWEEP_ROWS && rel_mono_ms() < until);
	if (n < 0)
		return sweep_end(s, now_ms + SWEEP_AGAIN_MS);
	return n == SWEEP_ROWS || sweep_end(s, s->next_ms);
}

static struct quotas *
quotas_get(struct core *c)
{
	if (c->quotas == NULL)
		c->quotas = calloc(1, sizeof *c->quotas);
	return c->quotas;
}

void
quota_changed(struct core *c)
{
	struct quotas *s = quotas_get(c);

	if (s != NULL) {
		s->due_ms = 0;
		s->again = s->running;
	}
}

void
quota_tick(struct core *c)
{
	struct quotas *s = quotas_get(c);
	int64_t now_ms = rel_now_ms(), n;

	if (s == NULL || s->running)
		return;
	/* A clock that was set back must not make it wait for long. */
	if (s->due_ms > now_ms + SWEEP_EVERY_MS)
		s->due_ms = now_ms + SWEEP_EVERY_MS;
	if (now_ms < s->due_ms || store_quota_total(c->st, &n) < 0)
		return;
	s->due_ms = s->next_ms = now_ms + SWEEP_EVERY_MS;
	if (n == 0)
		return;
	s->account = 0;
	s->running = true;
	if (core_slices(c, sweep_slice, s) < 0)
		s->running = false;
}

void
quota_fini(struct core *c)
{
	free(c->quotas);
	c->quotas = NULL;
}
