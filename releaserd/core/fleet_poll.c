/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * When devices are asked (doc/fleet.md, "When devices are asked"): each at its
 * own moment of the interval, those that are away more and more seldom.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/fleet_priv.h"
#include "releaserd/core/store_item.h"

#define ASKING_MAX 48u		/* at a time; others have room beside these */
#define ASKING_DOWN_MAX 24u	/* of these, such as did not answer before */
#define LEAST_WAIT_MS 25	/* between two looks */
#define MOST_WAIT_MS 60000
#define AGAIN_MS 5000		/* after the first failure; then twice that ... */
#define AGAIN_MOST_MS 300000	/* ... up to this */
#define SLEEP_FACTOR 4		/* one that sleeps is asked that seldom */
#define INFO_EACH_MS (24 * 3600000LL)
#define INFO_AGAIN_MS 600000	/* when it did not tell */
#define INFO_MS 60000		/* for all of it */
#define STATUS_MS 10000

/* Look at that time, or when it is planned already if that is sooner. */
static void
look_at(struct fleet *all, int64_t at_ms, int64_t now)
{
	struct timeval wait;

	if (all->ev == NULL || all->look_ms <= at_ms)
		return;
	all->look_ms = at_ms;
	wait.tv_sec = (time_t)((at_ms - now) / 1000);
	wait.tv_usec = (suseconds_t)((at_ms - now) % 1000 * 1000);
	event_add(all->ev, &wait);
}

void
fleet_wake(struct core *c)
{
	int64_t now = rel_mono_ms();

	look_at(c->fleet, now + LEAST_WAIT_MS, now);
}

/* ---- how it is asked */

static uint64_t
mix(uint64_t h, const char *s)
{
	for (; *s != '\0'; s++)
		h = (h ^ (uint8_t)*s) * 1099511628211u;
	return (h ^ 0x1f) * 1099511628211u;
}

static uint64_t
way_of(const struct device *d)
{
	char numbers[48];
	uint64_t h = mix(14695981039346656037u, d->protocol);

	snprintf(numbers, sizeof numbers, "%lld %lld", (long long)d->snmp,
	    (long long)d->snmp_port);
	h = mix(h, d->address[0] != '\0' ? d->address : d->lpr_host);
	h = mix(mix(mix(h, d->transport), d->ipp_uri), d->ipp_pin);
	return mix(mix(mix(h, d->api_url), d->api_pin), numbers);
}

/* What the last run knew of it. */
static void
remember(struct core *c, struct fleet_one *f)
{
	(void)store_poll_get(c->st, f->id, &f->info_ms, f->kept,
	    sizeof f->kept);
	(void)store_item_get(c->st, f->id, "state", f->state,
	    sizeof f->state);
	if (store_item_get(c->st, f->id, "reasons", f->reasons,
	    sizeof f->reasons) < 0 || strcmp(f->reasons, "none") == 0)
		f->reasons[0] = '\0';
	f->problem = fleet_trouble(c, f);
}

static int64_t
place_ms(const struct fleet_one *f, int64_t each_ms)
{
	return (int64_t)((uint64_t)f->place * (uint64_t)each_ms >> 32);
}

/* It is new, or was changed. */
static void
look(struct core *c, struct fleet_one *f)
{
	const struct device *d = device_at(c, f->id);
	bool first = f->way == 0;
	uint64_t way;

	f->known = true;
	f->polled = d != NULL && d->state < 2 && d->protocol[0] != '\0';
	if (!f->polled || (way = way_of(d)) == f->way)
		return;
	f->way = way;
	f->failed = 0;
	f->due_ms = rel_mono_ms();
	f->info_due_ms = 0;
	if (first) {
		/* The nth of ever so many lies well between all before it. */
		f->place = (uint32_t)(c->fleet->made++ * 0x9e3779b9u);
		remember(c, f);
		/* At the start all come at once: each has its place. */
		if (f->info_ms != 0)
			f->due_ms += place_ms(f, c->role->set.poll_ms);
	} else {
		f->kept[0] = '\0';
	}
	f->want_info = !first || f->info_ms == 0;
}

/* ---- what came of it */

int64_t
fleet_pause_ms(unsigned failed)
{
	int64_t pause = AGAIN_MS;

	for (; failed > 1 && pause < AGAIN_MOST_MS; failed--)
		pause *= 2;
	if (pause > AGAIN_MOST_MS)
		pause = AGAIN_MOST_MS;
	return pause - pause / 10 + (int64_t)((uint64_t)random() %
	    (uint64_t)(pause / 5 + 1));
}

/* At its own moment of the interval, wherever it is now. */
static void
next_after(struct core *c, struct fleet_one *f)
{
	int64_t each = c->role->set.poll_ms, now = rel_mono_ms();

	if (strcmp(f->state, "sleep") == 0)
		each *= SLEEP_FACTOR;
	if (each <= 0)
		each = MOST_WAIT_MS;
	f->due_ms = now - now % each + place_ms(f, each);
	while (f->due_ms < now + each / 2)
		f->due_ms += each;
}

void
fleet_answers(struct core *c, struct fleet_one *f)
{
	char words[80];

	if (f->down_ms != 0) {
		snprintf(words, sizeof words, "%lld",
		    (long long)((rel_now_ms() - f->down_ms) / 1000));
		fleet_event(c, f->id, "back", words);
		f->down_ms = 0;
		f->want_info = true;
		f->push_ms = f->info_due_ms = 0;
		rel_log(REL_NOTICE, "a device answers again", "device=%s "
		    "away_s=%s", f->id, words);
	}
	if (f->failed > 0 && !f->asking) {
		f->due_ms = rel_mono_ms();
		fleet_wake(c);
	}
	f->failed = 0;
}

static void
failed(struct core *c, struct fleet_one *f, const struct driver_said *s)
{
	f->failed++;
	f->due_ms = rel_mono_ms() + fleet_pause_ms(f->failed);
	snprintf(f->why, sizeof f->why, "%s", s->words[0] != '\0' ? s->words :
	    "it does not answer");
	if (f->failed != FLEET_DOWN_AFTER)
		return;
	f->down_ms = rel_now_ms();
	fleet_event(c, f->id, "down", f->why);
	rel_log(REL_WARN, "a device does not answer", "device=%s why=\"%s\"",
	    f->id, f->why);
}

/* "snmp" of "snmp-lpr". */
static void
source_of(struct core *c, const struct fleet_one *f, char out[8])
{
	const struct device *d = device_at(c, f->id);
	size_t n = d != NULL ? strcspn(d->protocol, "-") : 0;

	snprintf(out, 8, "%.*s", (int)(n < 7 ? n : 7), n > 0 ? d->protocol :
	    "");
}

/*
 * Its question has ended; true: with an answer that is kept now.  While it is
 * `asking` nobody frees it, though the device may be removed meanwhile; or
 * changed: then somebody else has said it, and it is asked anew (look()).
 */
static bool
over(struct core *c, struct fleet_one *f, const struct driver_said *s)
{
	const struct device *d = s != NULL && !c->ending ?
	    device_at(c, f->id) : NULL;
	bool kept = false;
	char source[8];

	c->fleet->asking--;
	c->fleet->asking_down -= f->asked_down;
	f->elsewhere = d == NULL || way_of(d) != f->asked_way;
	if (!f->gone && !f->elsewhere) {
		source_of(c, f, source);
		kept = s->rc == 0 &&
		    fleet_take(c, f->id, source, &s->items) == 0;
	}
	f->asking = false;
	if (f->gone)
		c->fleet->stale = true;
	if (s != NULL)
		fleet_wake(c);
	return kept && !f->gone;
}

static void
info_said(struct core *c, const struct driver_said *s, void *ctx)
{
	struct fleet_one *f = ctx;
	bool ok = over(c, f, s);

	if (s == NULL || f->gone || f->elsewhere)
		return;
	next_after(c, f);
	/* Its state was heard before: a device that does not tell the rest is
	 * not away. */
	if (!ok) {
		f->info_due_ms = rel_mono_ms() + INFO_AGAIN_MS;
		snprintf(f->why_info, sizeof f->why_info, "%s", s->words);
		return;
	}
	f->want_info = false;
	f->why_info[0] = '\0';
	f->info_ms = rel_now_ms();
	f->kept_changed = true;
	fleet_flush_one(c, f);
}

static int
ask(struct core *c, struct fleet_one *f, enum driver_op op, fleet_done done)
{
	const struct device *d = device_at(c, f->id);
	struct driver_ask *q = d != NULL ? calloc(1, sizeof *q) : NULL;
	int rc;

	if (q == NULL)
		return -REL_E_NOMEM;
	q->op = (uint8_t)op;
	q->deadline_ms = op == DRIVER_INFO ? INFO_MS : STATUS_MS;
	q->text = "";
	snprintf(q->kept, sizeof q->kept, "%s", f->kept);
	f->asked_way = way_of(d);
	f->asked_down = f->failed > 0;
	f->asking = true;
	c->fleet->asking++;
	c->fleet->asking_down += f->asked_down;
	if ((rc = fleet_ask(c, d, q, done, f)) < 0) {
		f->asking = false;
		c->fleet->asking--;
		c->fleet->asking_down -= f->asked_down;
	}
	rel_wipe(q, sizeof *q);
	free(q);
	return rc;
}

static void
status_said(struct core *c, const struct driver_said *s, void *ctx)
{
	struct fleet_one *f = ctx;
	bool ok = over(c, f, s), asleep;

	if (s == NULL || f->gone || f->elsewhere)
		return;
	if (s->rc != 0) {
		failed(c, f, s);
		return;
	}
	next_after(c, f);
	if (!ok)
		return;
	if (strcmp(f->kept, s->kept) != 0) {
		snprintf(f->kept, sizeof f->kept, "%s", s->kept);
		f->kept_changed = true;
	}
	if (s->changed || rel_now_ms() - f->info_ms > INFO_EACH_MS)
		f->want_info = true;
	/* What sleeps is not woken; but who never told is asked once. */
	asleep = strcmp(f->state, "sleep") == 0 && f->info_ms != 0;
	if (f->want_info && !asleep && rel_mono_ms() >= f->info_due_ms)
		(void)ask(c, f, DRIVER_INFO, info_said);
}

/* ---- whose turn it is */

static bool
may_ask(const struct core *c, const struct fleet_one *f)
{
	return c->fleet->asking < ASKING_MAX && (f->failed == 0 ||
	    c->fleet->asking_down < ASKING_DOWN_MAX);
}

/* Do what is due for one; when to look again. */
static int64_t
one_due(struct core *c, struct fleet_one *f, int64_t now)
{
	int64_t next;

	if (!f->known)
		look(c, f);
	next = f->push != 0 ? fleet_push_due(c, f, now) : INT64_MAX;
	if (!f->polled || f->asking || f->gone || c->role->set.poll_ms <= 0)
		return next;
	if (f->due_ms <= now && may_ask(c, f) &&
	    ask(c, f, DRIVER_STATUS, status_said) < 0)
		f->due_ms = now + AGAIN_MS;	/* the drivers are full */
	if (!f->asking && f->due_ms > now && f->due_ms < next)
		next = f->due_ms;
	return next;
}

static void
on_due(evutil_socket_t fd, short what, void *arg)
{
	struct core *c = arg;
	struct fleet *all = c->fleet;
	int64_t now = rel_mono_ms(), next = now + MOST_WAIT_MS;

	(void)fd;
	(void)what;
	if (c->ending)
		return;
	if (all->stale)
		fleet_load(c);
	all->looking = true;
	for (size_t i = 0; i < all->n; i++) {
		int64_t due = one_due(c, all->v[(i + all->from) % all->n],
		    now);

		if (due < next)
			next = due;
	}
	all->looking = false;
	all->from++;			/* nobody is last for ever */
	all->look_ms = INT64_MAX;
	look_at(all, next - now > LEAST_WAIT_MS ? next : now + LEAST_WAIT_MS,
	    now);
}

int
fleet_poll_init(struct core *c)
{
	c->fleet->ev = event_new(c->role->base, -1, 0, on_due, c);
	c->fleet->look_ms = INT64_MAX;
	if (c->fleet->ev == NULL)
		return -REL_E_NOMEM;
	fleet_wake(c);
	return 0;
}

void
fleet_poll_fini(struct core *c)
{
	if (c->fleet->ev != NULL)
		event_free(c->fleet->ev);
	c->fleet->ev = NULL;
}
