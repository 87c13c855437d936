/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Long reading, a few milliseconds at a time: between two slices core does
 * whatever else is ready, so that no panel waits for somebody's search.
 */
#include <stdlib.h>

#include "releaserd/core/core.h"

#define SLICES_MAX 64

struct slice {
	core_slice fn;
	void *arg;
	struct slice *next;
};

struct slices {
	struct event *ev;
	struct slice *first, **tail;
	int n;
};

static void
on_slice(evutil_socket_t fd, short what, void *arg)
{
	struct core *c = arg;
	struct slices *all = c->slices;
	struct slice *s = all->first;
	static const struct timeval now;

	(void)fd;
	(void)what;
	if (s == NULL)
		return;
	all->first = s->next;
	if (all->first == NULL)
		all->tail = &all->first;
	if (s->fn(c, s->arg, true)) {
		s->next = NULL;
		*all->tail = s;		/* the others first */
		all->tail = &s->next;
	} else {
		free(s);
		all->n--;
	}
	if (all->first != NULL)
		event_add(all->ev, &now);
}

static struct slices *
slices_get(struct core *c)
{
	struct slices *all = c->slices;

	if (all != NULL || (all = calloc(1, sizeof *all)) == NULL)
		return all;
	all->tail = &all->first;
	all->ev = event_new(c->role->base, -1, 0, on_slice, c);
	if (all->ev == NULL) {
		free(all);
		return NULL;
	}
	c->slices = all;
	return all;
}

int
core_slices(struct core *c, core_slice fn, void *arg)
{
	static const struct timeval now;
	struct slices *all = slices_get(c);
	struct slice *s;

	if (all == NULL || all->n >= SLICES_MAX)
		return -REL_E_LIMIT;
	if ((s = calloc(1, sizeof *s)) == NULL)
		return -REL_E_NOMEM;
	if (!fn(c, arg, true)) {
		free(s);
		return 0;
	}
	s->fn = fn;
	s->arg = arg;
	*all->tail = s;
	all->tail = &s->next;
	all->n++;
	event_add(all->ev, &now);
	return 0;
}

void
slices_fini(struct core *c)
{
	struct slices *all = c->slices;
	struct slice *s;

	if (all == NULL)
		return;
	while ((s = all->first) != NULL) {
		all->first = s->next;
		(void)s->fn(c, s->arg, false);
		free(s);
	}
	event_free(all->ev);
	free(all);
	c->slices = NULL;
}
