/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Devices are looked at: when somebody asks for it, and each PostureEvery.  A
 * few at a time, none twice in a minute, and no address but those of our own
 * devices.
 */
#include "releaserd/core/posture.h"

#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/access.h"
#include "releaserd/core/fleet.h"
#include "releaserd/core/store_item.h"
#include "releaserd/core/store_posture.h"

#define AT_ONCE 8u
#define QUEUE_MAX 20000u
#define AGAIN_MS 60000
#define DEADLINE_MS 60000

struct postures {
	struct queued {
		char device[40];
		struct queued *next;
	} *first, **tail;
	void *queued;			/* the same, by device */
	unsigned waiting, running;
	char now[AT_ONCE][40];		/* being looked at; "" none */
};

int
postures_init(struct core *c)
{
	c->postures = calloc(1, sizeof *c->postures);
	if (c->postures == NULL)
		return -REL_E_NOMEM;
	c->postures->tail = &c->postures->first;
	return 0;
}

static int
by_device(const void *a, const void *b)
{
	return strcmp(((const struct queued *)a)->device,
	    ((const struct queued *)b)->device);
}

static bool
take_first(struct postures *p, char device[40])
{
	struct queued *q = p->first;

	if (q == NULL)
		return false;
	memcpy(device, q->device, sizeof q->device);
	(void)tdelete(q, &p->queued, by_device);
	if ((p->first = q->next) == NULL)
		p->tail = &p->first;
	p->waiting--;
	free(q);
	return true;
}

void
postures_fini(struct core *c)
{
	char device[40];

	while (c->postures != NULL && take_first(c->postures, device))
		;
	free(c->postures);
	c->postures = NULL;
}

unsigned
posture_waiting(const struct core *c)
{
	return c->postures->waiting + c->postures->running;
}

static char *
now_find(struct postures *p, const char *device)
{
	for (unsigned i = 0; i < AT_ONCE; i++)
		if (strcmp(p->now[i], device) == 0)
			return p->now[i];
	return NULL;
}

bool
posture_queued(const struct core *c, const char *device)
{
	struct queued key;

	snprintf(key.device, sizeof key.device, "%s", device);
	return tfind(&key, &c->postures->queued, by_device) != NULL ||
	    now_find(c->postures, device) != NULL;
}

/* ---- what is known of it now */

static bool
add_item(const struct device_item *i, void *ctx)
{
	struct items *l = ctx;

	items_str(l, i->name, 0, i->value);
	return true;
}

/* One that speaks OPDP of level 2 obeys what access_restrictions() says. */
static bool
obeys(const struct device *d)
{
	return d->state == 1 && d->level >= 2;
}

int
posture_weigh_device(struct core *c, const struct device *d,
    struct posture_found found[POSTURE_FINDINGS], struct items *items)
{
	struct posture_facts f = { .items = items, .now_ms = rel_now_ms() };
	json_t *restrictions = NULL;
	int64_t rev;
	int rc = store_item_list(c->st, d->id, add_item, items);

	if (rc < 0)
		return rc;
	if (obeys(d))
		restrictions = access_restrictions(c, d, &rev);
	f.restrictions = restrictions;
	posture_weigh(&f, found);
	json_decref(restrictions);
	return 0;
}

static void
sums(const struct posture_found *found, struct posture_row *row)
{
	row->score = posture_score(found);
	row->bad = row->unknown = 0;
	for (int i = 0; i < POSTURE_FINDINGS; i++) {
		if (found[i].verdict == POSTURE_BAD)
			row->bad |= INT64_C(1) << i;
		if (found[i].verdict == POSTURE_UNKNOWN)
			row->unknown |= INT64_C(1) << i;
	}
}

/* In the turn's transaction; failed: why the look did, or "". */
static int
note(struct core *c, const struct device *d, const char *failed)
{
	struct posture_found *found = calloc(POSTURE_FINDINGS,
	    sizeof *found);
	struct posture_row row = { .score = -1 };
	struct items items;
	int rc = found != NULL ? 0 : -REL_E_NOMEM;

	items_init(&items);
	if (rc == 0)
		rc = posture_weigh_device(c, d, found, &items);
	if (rc == 0) {
		(void)store_posture_get(c->st, d->id, &row);
		snprintf(row.device, sizeof row.device, "%s", d->id);
		row.looked_ms = items_get_number(&items, "posture.at", 0);
		sums(found, &row);
		row.tried_ms = rel_now_ms();
		snprintf(row.words, sizeof row.words, "%s", failed);
		rc = store_posture_set(c->st, &row);
	}
	items_fini(&items);
	free(found);
	return rc < 0 ? core_spoil(c, rc) : 0;
}

/* ---- looking */

static void
looked(struct core *c, const struct driver_said *s, void *ctx)
{
	const struct device *d;
	struct rel_err err;
	char *device = ctx, *slot;

	if (c->postures != NULL && (slot = now_find(c->postures,
	    device)) != NULL) {
		slot[0] = '\0';
		c->postures->running--;
	}
	if (s != NULL && core_write(c, &err) == 0 && (s->rc < 0 ||
	    fleet_take(c, device, "posture", &s->items) >= 0) &&
	    (d = device_at(c, device)) != NULL)
		(void)note(c, d, s->rc == 0 ? "" : s->words[0] != '\0' ?
		    s->words : "it did not answer");
	free(device);
}

static void
begin(struct core *c, const char *device)
{
	struct driver_ask q = { .op = DRIVER_POSTURE, .deadline_ms =
	    DEADLINE_MS, .text = "" };
	const struct device *d = device_at(c, device);
	char *id, *slot = now_find(c->postures, "");
	struct rel_err err;

	if (d == NULL || d->state == 2 || slot == NULL ||
	    (id = strdup(device)) == NULL)
		return;
	if (fleet_ask(c, d, &q, looked, id) < 0) {
		free(id);
		if (core_write(c, &err) == 0)
			(void)note(c, d, "the drivers are too busy: ask again "
			    "later");
		return;
	}
	snprintf(slot, sizeof c->postures->now[0], "%s", device);
	c->postures->running++;
}

int
posture_soon(struct core *c, const char *device)
{
	struct posture_row row = { .score = -1 };
	struct postures *p = c->postures;
	struct queued *q;

	if (posture_queued(c, device))
		return 1;
	if (store_posture_get(c->st, device, &row) == 0 && rel_now_ms() -
	    row.tried_ms < AGAIN_MS && row.tried_ms <= rel_now_ms())
		return 0;
	if (p->waiting >= QUEUE_MAX || (q = calloc(1, sizeof *q)) == NULL)
		return -REL_E_FULL;
	snprintf(q->device, sizeof q->device, "%s", device);
	if (tsearch(q, &p->queued, by_device) == NULL) {
		free(q);
		return -REL_E_FULL;
	}
	*p->tail = q;
	p->tail = &q->next;
	p->waiting++;
	return 1;
}

/* The schedule: one each tick at most. */
static void
due(struct core *c)
{
	int64_t every = c->role->set.posture_every_ms;
	char device[40];

	if (every > 0 && c->postures->waiting == 0 &&
	    store_posture_due(c->st, rel_now_ms() - every, device) == 0)
		(void)posture_soon(c, device);
}

void
postures_tick(struct core *c)
{
	struct postures *p = c->postures;
	char device[40];

	due(c);
	while (p->running < AT_ONCE && take_first(p, device))
		begin(c, device);
}
