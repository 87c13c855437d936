/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Whose program asks for questions again and again (over HTTPS, to show them):
 * it is there for some time yet.  In memory only: after a start it asks again.
 */
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/mail.h"

#define LISTENS_MS 90000
#define LISTENERS_MAX 65536u

struct listener {
	char key[84];
	int64_t until_ms;		/* monotonic */
	struct listener *next;
};

struct listeners {
	void *by_key;
	struct listener *all;
	unsigned n;
};

int
listen_init(struct core *c)
{
	c->listeners = calloc(1, sizeof *c->listeners);
	return c->listeners != NULL ? 0 : -REL_E_NOMEM;
}

static int
by_key(const void *a, const void *b)
{
	return strcmp(((const struct listener *)a)->key,
	    ((const struct listener *)b)->key);
}

/* Those that end before a time go. */
static void
forget_before(struct listeners *all, int64_t ms)
{
	struct listener **at = &all->all, *l;

	while ((l = *at) != NULL) {
		if (l->until_ms >= ms) {
			at = &l->next;
			continue;
		}
		*at = l->next;
		tdelete(l, &all->by_key, by_key);
		free(l);
		all->n--;
	}
}

void
listen_fini(struct core *c)
{
	if (c->listeners != NULL)
		forget_before(c->listeners, INT64_MAX);
	free(c->listeners);
	c->listeners = NULL;
}

void
listen_tick(struct core *c)
{
	if (c->ticks % 60 == 0)
		forget_before(c->listeners, rel_mono_ms());
}

static struct listener *
listener_find(const struct core *c, const char *key)
{
	struct listener want, **found;

	snprintf(want.key, sizeof want.key, "%s", key);
	found = tfind(&want, &c->listeners->by_key, by_key);
	return found != NULL ? *found : NULL;
}

static struct listener *
listener_new(struct listeners *all, const char *key)
{
	struct listener *l = all->n < LISTENERS_MAX ? calloc(1, sizeof *l) :
	    NULL;

	if (l == NULL)
		return NULL;
	snprintf(l->key, sizeof l->key, "%s", key);
	l->next = all->all;
	all->all = l;
	all->n++;
	(void)tsearch(l, &all->by_key, by_key);
	return l;
}

void
listen_heard(struct core *c, const char *key)
{
	struct listener *l = listener_find(c, key);

	/* One that is not noted gets its mail sooner, no more. */
	if (l == NULL)
		l = listener_new(c->listeners, key);
	if (l != NULL)
		l->until_ms = rel_mono_ms() + LISTENS_MS;
}

bool
listen_now(const struct core *c, const char *key)
{
	const struct listener *l = listener_find(c, key);

	return l != NULL && l->until_ms > rel_mono_ms();
}
