/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/core/follow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/fault.h"
#include "releaserd/core/fleet.h"
#include "releaserd/core/record.h"

#define FIRST_MS 500		/* then twice that ... */
#define MOST_MS 60000		/* ... up to this */
#define GIVE_UP_MS (72 * 3600000LL)
#define ASKING_MAX 16u		/* at a time */
#define EPOCH "ipp"		/* of the records */

struct follow {
	struct device_job d;
	bool asking;
	unsigned asked;			/* times */
	int64_t next_ms;		/* monotonic */
	struct follow *next;
};

static struct follow *all;
static unsigned nasking;

/* ---- the list */

static struct follow **
follow_at(int64_t job)
{
	struct follow **at = &all;

	while (*at != NULL && (*at)->d.job != job)
		at = &(*at)->next;
	return at;
}

static void
follow_drop(int64_t job)
{
	struct follow **at = follow_at(job), *gone = *at;

	if (gone == NULL)
		return;
	*at = gone->next;
	free(gone);
}

static bool
follow_row(const struct device_job *d, void *ctx)
{
	struct follow *f = *follow_at(d->job);

	(void)ctx;
	if (f == NULL) {
		if ((f = calloc(1, sizeof *f)) == NULL)
			return false;
		f->next = all;
		all = f;
	}
	f->d = *d;
	f->asked = 0;
	f->next_ms = rel_mono_ms() + FIRST_MS;
	return true;
}

static void
added(struct core *c, void *arg, bool ok)
{
	(void)c;
	if (ok)
		(void)follow_row(arg, NULL);
	free(arg);
}

int
follow_job(struct core *c, const struct job *j, int64_t number)
{
	struct device_job *d = calloc(1, sizeof *d);
	int rc;

	if (d == NULL)
		return -REL_E_NOMEM;
	d->job = j->id;
	memcpy(d->device_id, j->device_id, sizeof d->device_id);
	snprintf(d->ref, sizeof d->ref, "%s", j->release_ref);
	d->number = number;
	d->since_ms = rel_now_ms();
	if ((rc = store_device_job_set(c->st, d)) < 0) {
		free(d);
		return rc;
	}
	core_defer(c, added, d);
	return 0;
}

/* ---- what it means */

static int
over(struct core *c, const struct job *j, const struct follow *f,
    const struct driver_job *s)
{
	const struct device *d = device_at(c, f->d.device_id);
	struct req_record r;
	int rc = 0;

	follow_record(j, s, f->d.ref, &r);
	/* One that pushes its own log says it there, and better. */
	if (d == NULL || d->level >= 3 || r.seq == 0)
		rc = 0;
	else if (follow_counts(s))
		rc = record_take(c, f->d.device_id, EPOCH, &r);
	else if (s->state == DEVICE_JOB_COMPLETED &&
	    j->state == JOB_UNCONFIRMED) {
		/* It counted nothing, but is sure that it printed. */
		follow_as_expected(j, "estimate", &r);
		rc = record_take(c, f->d.device_id, EPOCH, &r);
	}
	return rc < 0 ? rc : store_device_job_del(c->st, j->id);
}

/* In the transaction; true when there is nothing more to ask. */
static bool
heard(struct core *c, struct follow *f, const struct driver_job *s, int *rc)
{
	bool ended = s->state >= DEVICE_JOB_CANCELED;
	char text[sizeof f->d.said];
	struct job j;

	*rc = store_job_get(c->st, f->d.job, &j);
	if (*rc < 0 || strcmp(j.release_ref, f->d.ref) != 0 ||
	    (j.state != JOB_SENT && j.state != JOB_UNCONFIRMED)) {
		/* It was released again, or is gone: not this one's story. */
		*rc = *rc < 0 && *rc != -REL_E_NOTFOUND ? *rc :
		    store_device_job_del(c->st, f->d.job);
		return *rc == 0;
	}
	follow_story(&j, s, text, sizeof text);
	if (ended || (s->state == DEVICE_JOB_STOPPED &&
	    strcmp(text, f->d.said) != 0)) {
		job_event(c, j.id, "followed", "%s", text);
		memcpy(f->d.said, text, sizeof f->d.said);
		*rc = ended ? over(c, &j, f, s) :
		    store_device_job_set(c->st, &f->d);
	}
	return ended && *rc == 0;
}

struct ended {
	int64_t job;
};

static void
ended(struct core *c, void *arg, bool ok)
{
	struct ended *e = arg;
	struct follow *f = *follow_at(e->job);

	(void)c;
	if (ok)
		follow_drop(e->job);
	else if (f != NULL)
		f->next_ms = rel_mono_ms() + MOST_MS;
	free(e);
}

static void
end_with(struct core *c, int64_t job)
{
	struct ended *e = calloc(1, sizeof *e);

	if (e == NULL)
		return;			/* asked again, and the same then */
	e->job = job;
	core_defer(c, ended, e);
}

/* Nobody will say any more what became of it. */
static void
given_up(struct core *c, struct follow *f, const char *why)
{
	struct rel_err err;

	if (core_write(c, &err) < 0)
		return;
	job_event(c, f->d.job, "followed", "what became of it at the device "
	    "is not known: %s", why);
	if (store_device_job_del(c->st, f->d.job) < 0)
		core_spoil(c, 0);
	else
		end_with(c, f->d.job);
}

static void
answer(struct core *c, struct follow *f, const struct driver_said *s)
{
	bool ended = s->rc == 0 && s->job.state >= DEVICE_JOB_CANCELED, done;
	struct rel_err err;
	int rc;

	if (s->rc == -REL_E_NOTFOUND) {
		given_up(c, f, "it has forgotten the job");
		return;
	}
	if (!ended && rel_now_ms() - f->d.since_ms > GIVE_UP_MS) {
		given_up(c, f, s->rc < 0 ? "it did not answer for three days" :
		    "it was at it for three days");
		return;
	}
	if (!ended && (s->rc < 0 || s->job.state != DEVICE_JOB_STOPPED))
		return;
	if (core_write(c, &err) < 0)
		return;
	rel_fault("core:followed");
	done = heard(c, f, &s->job, &rc);
	if (rc < 0)
		core_spoil(c, rc);
	else if (done)
		end_with(c, f->d.job);
}

/* What was asked: meanwhile another release may be followed. */
struct asked_of {
	int64_t job, number;
	char ref[16];
};

static struct asked_of *
asked_of(const struct follow *f)
{
	struct asked_of *of = malloc(sizeof *of);

	if (of == NULL)
		return NULL;
	of->job = f->d.job;
	of->number = f->d.number;
	memcpy(of->ref, f->d.ref, sizeof of->ref);
	return of;
}

/* NULL: no more followed. */
static struct follow *
still(const struct asked_of *of)
{
	struct follow *f = *follow_at(of->job);

	return f != NULL && f->d.number == of->number &&
	    strcmp(f->d.ref, of->ref) == 0 ? f : NULL;
}

static void
on_answer(struct core *c, const struct driver_said *s, void *ctx)
{
	struct asked_of *of = ctx;
	struct follow *f = *follow_at(of->job);

	nasking--;
	if (f != NULL)
		f->asking = false;
	if (s != NULL && (f = still(of)) != NULL)
		answer(c, f, s);
	free(of);
}

/* ---- asking */

static int64_t
pause_ms(unsigned asked)
{
	int64_t ms = FIRST_MS;

	for (; asked > 1 && ms < MOST_MS; asked--)
		ms *= 2;
	return ms < MOST_MS ? ms : MOST_MS;
}

/* op about the job of `of`, which is done's then; 0, or -REL_E_*. */
static int
put_to(struct core *c, const struct device *d, uint8_t op,
    struct asked_of *of, fleet_done done)
{
	struct driver_ask *q = calloc(1, sizeof *q);
	int rc = -REL_E_NOMEM;

	if (q != NULL) {
		q->op = op;
		snprintf(q->id, sizeof q->id, "%lld", (long long)of->number);
		rc = fleet_ask(c, d, q, done, of);
	}
	free(q);
	return rc;
}

static void
ask(struct core *c, struct follow *f)
{
	const struct device *d = device_at(c, f->d.device_id);
	struct asked_of *of;

	f->next_ms = rel_mono_ms() + pause_ms(++f->asked);
	if (d == NULL || d->state == 2) {
		given_up(c, f, "the device was removed");
		return;
	}
	if ((of = asked_of(f)) == NULL)
		return;
	if (put_to(c, d, DRIVER_JOB_STATE, of, on_answer) < 0) {
		free(of);
		return;
	}
	f->asking = true;
	nasking++;
}

/* ---- ended before its end */

static void
not_canceled(struct core *c, const struct asked_of *of, const char *why)
{
	struct rel_err err;

	if (core_write(c, &err) == 0)
		job_event(c, of->job, "followed", "the device did not cancel "
		    "it: %s", why);
}

static void
on_canceled(struct core *c, const struct driver_said *s, void *ctx)
{
	struct asked_of *of = ctx;
	struct follow *f;

	if (s != NULL && (f = still(of)) != NULL) {
		if (s->rc < 0)
			not_canceled(c, of, s->words);
		f->asked = 0;
		f->next_ms = rel_mono_ms();	/* what came out of it? */
	}
	free(of);
}

static void
cancel(struct core *c, void *arg, bool ok)
{
	struct asked_of *of = arg;
	const struct follow *f = still(of);
	const struct device *d = f == NULL ? NULL :
	    device_at(c, f->d.device_id);

	if (ok && d != NULL) {
		if (put_to(c, d, DRIVER_JOB_CANCEL, of, on_canceled) == 0)
			return;
		not_canceled(c, of, "the print server is too busy");
	}
	free(of);
}

bool
follow_is(const struct job *j)
{
	const struct follow *f = *follow_at(j->id);

	return f != NULL && strcmp(f->d.ref, j->release_ref) == 0;
}

int
follow_cancel(struct core *c, const struct job *j, const char *by)
{
	struct asked_of *of;

	if (!follow_is(j))
		return -REL_E_NOTHELD;
	if ((of = asked_of(*follow_at(j->id))) == NULL)
		return -REL_E_NOMEM;
	job_event(c, j->id, "followed", "%.100s wants it canceled: the device "
	    "is asked", by);
	core_defer(c, cancel, of);
	return 0;
}

/* ---- its life */

/* The one that waits longest; NULL. */
static struct follow *
next_due(int64_t now)
{
	struct follow *due = NULL;

	for (struct follow *f = all; f != NULL; f = f->next)
		if (!f->asking && f->next_ms <= now && (due == NULL ||
		    f->next_ms < due->next_ms))
			due = f;
	return due;
}

void
follow_tick(struct core *c)
{
	int64_t now = rel_mono_ms();
	struct follow *f;

	for (unsigned n = nasking; n < ASKING_MAX && (f = next_due(now)) !=
	    NULL; n++)
		ask(c, f);
}

int
follow_init(struct core *c)
{
	int rc = store_device_job_list(c->st, follow_row, NULL);

	return rc < 0 ? rc : 0;
}

void
follow_fini(void)
{
	while (all != NULL)
		follow_drop(all->d.job);
	nasking = 0;
}
