/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Which transfer begins next.  Each device has a lane: its jobs that wait for
 * a send process, and how many of its transfers are under way.  Of the devices
 * that wait the one with the fewest under way is first, and the last eighth of
 * MaxTransfers is for devices that have none: whatever slow printers hold up
 * is their own.
 */
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/release_priv.h"

#define KEPT_FREE 8		/* one part of so many */

static struct lane *
lane_find(const struct core *c, const char *device)
{
	struct lane *l = c->releases->lanes;

	while (l != NULL && strcmp(l->device, device) != 0)
		l = l->next;
	return l;
}

static struct lane *
lane_get(struct core *c, const char *device)
{
	struct lane *l = lane_find(c, device);

	if (l != NULL || (l = calloc(1, sizeof *l)) == NULL)
		return l;
	memcpy(l->device, device, strnlen(device, sizeof l->device - 1));
	l->tail = &l->first;
	l->next = c->releases->lanes;
	c->releases->lanes = l;
	return l;
}

static void
lane_drop_unused(struct core *c, struct lane *l)
{
	struct lane **at = &c->releases->lanes;

	if (l->first != NULL || l->at_work > 0)
		return;
	while (*at != l)
		at = &(*at)->next;
	*at = l->next;
	free(l);
}

static bool
lane_room(const struct core *c, const struct lane *l)
{
	unsigned most = (unsigned)c->role->set.max_transfers;
	unsigned now = c->releases->at_work;

	if (l == NULL || l->at_work == 0)
		return now < most;
	return now < most - most / KEPT_FREE;
}

bool
lane_may_begin(const struct core *c, const char *device)
{
	const struct lane *l = lane_find(c, device);

	return (l == NULL || l->first == NULL) && lane_room(c, l);
}

int
lane_wait(struct core *c, const char *device, int64_t job)
{
	struct waiting *w = calloc(1, sizeof *w);
	struct lane *l = w != NULL ? lane_get(c, device) : NULL;

	if (l == NULL) {
		free(w);
		return -REL_E_NOMEM;
	}
	w->job = job;
	w->nth = ++c->releases->nth;
	*l->tail = w;
	l->tail = &w->next;
	c->releases->nwaiting++;
	return 0;
}

struct lane *
lane_next(const struct core *c)
{
	struct lane *best = NULL;

	for (struct lane *l = c->releases->lanes; l != NULL; l = l->next) {
		if (l->first == NULL || !lane_room(c, l))
			continue;
		if (best == NULL || l->at_work < best->at_work ||
		    (l->at_work == best->at_work &&
		    l->first->nth < best->first->nth))
			best = l;
	}
	return best;
}

int64_t
lane_take(struct core *c, struct lane *l, char device[40])
{
	struct waiting *w = l->first;
	int64_t job = w->job;

	memcpy(device, l->device, sizeof l->device);
	l->first = w->next;
	if (l->first == NULL)
		l->tail = &l->first;
	c->releases->nwaiting--;
	free(w);
	lane_drop_unused(c, l);
	return job;
}

int
lane_begin(struct core *c, const char *device, struct peer *send, int64_t job)
{
	struct lane *l = lane_get(c, device);

	if (l == NULL)
		return -REL_E_NOMEM;
	send->job = job;
	send->lane = l;
	l->at_work++;
	c->releases->at_work++;
	return 0;
}

void
lane_end(struct core *c, struct peer *send)
{
	struct lane *l = send->lane;

	send->job = 0;
	send->lane = NULL;
	if (l == NULL)
		return;
	l->at_work--;
	c->releases->at_work--;
	lane_drop_unused(c, l);
}

void
lanes_fini(struct core *c)
{
	struct lane *l;

	while ((l = c->releases->lanes) != NULL) {
		c->releases->lanes = l->next;
		while (l->first != NULL) {
			struct waiting *w = l->first;

			l->first = w->next;
			free(w);
		}
		free(l);
	}
}
