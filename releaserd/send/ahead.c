/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/send/ahead.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "lib/buf.h"
#include "lib/text.h"

#define SLOTS 4u
#define FAST_MS 100		/* a device that takes a chunk in less */
#define STACK_BYTES 262144u

struct slot {
	int rc;			/* as rel_spool_read() */
	size_t n;
	struct rel_err err;
	uint8_t buf[REL_SPOOL_ROOM];
};

struct ahead {
	struct rel_spool_reader *reader;
	struct slot *slots;	/* SLOTS; NULL: too small for a thread */
	pthread_t thread;
	bool running, lent;	/* lent: slot `taken` is at the caller */
	/* Both threads, with the lock: */
	pthread_mutex_t lock;
	pthread_cond_t moved;
	bool stop;
	unsigned made, taken;	/* chunks in all */
	unsigned room;		/* chunks there may be: one for a slow device,
				 * of which there are many at a time */
	int64_t lent_ms;	/* the caller: since when it has the last one */
};

int
ahead_new(struct ahead **out, struct rel_spool_reader *reader,
    struct rel_err *err)
{
	struct ahead *a = calloc(1, sizeof *a);

	if (a == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	a->reader = reader;
	/* Without memory for it: one chunk at a time. */
	if (rel_spool_plain_bytes(reader) > SLOTS * REL_SPOOL_CHUNK)
		a->slots = malloc(SLOTS * sizeof *a->slots);
	pthread_mutex_init(&a->lock, NULL);
	pthread_cond_init(&a->moved, NULL);
	*out = a;
	return 0;
}

/* ---- the thread */

static struct slot *
room_wait(struct ahead *a)
{
	struct slot *s;

	pthread_mutex_lock(&a->lock);
	while (!a->stop && a->made - a->taken >= a->room)
		pthread_cond_wait(&a->moved, &a->lock);
	s = a->stop ? NULL : &a->slots[a->made % a->room];
	pthread_mutex_unlock(&a->lock);
	return s;
}

static void *
ahead_run(void *arg)
{
	struct ahead *a = arg;
	struct slot *s;
	int rc = 1;

	while (rc == 1 && (s = room_wait(a)) != NULL) {
		s->err.code = 0;
		s->err.text[0] = '\0';
		rc = s->rc = rel_spool_read_to(a->reader, s->buf, &s->n,
		    &s->err);
		pthread_mutex_lock(&a->lock);
		a->made++;
		pthread_cond_signal(&a->moved);
		pthread_mutex_unlock(&a->lock);
	}
	return NULL;
}

static bool
ahead_start(struct ahead *a)
{
	pthread_attr_t attr;

	if (pthread_attr_init(&attr) != 0)
		return false;
	(void)pthread_attr_setstacksize(&attr, STACK_BYTES);
	a->stop = a->lent = false;
	a->made = a->taken = 0;
	if (a->room == 0)
		a->room = 1;
	a->running = pthread_create(&a->thread, &attr, ahead_run, a) == 0;
	pthread_attr_destroy(&attr);
	return a->running;
}

static void
ahead_stop(struct ahead *a)
{
	if (!a->running)
		return;
	pthread_mutex_lock(&a->lock);
	a->stop = true;
	pthread_cond_signal(&a->moved);
	pthread_mutex_unlock(&a->lock);
	pthread_join(a->thread, NULL);
	a->running = false;
}

/* ---- the caller */

/* Give the last chunk back and wait for the next one. */
static struct slot *
slot_take(struct ahead *a)
{
	struct slot *s;

	pthread_mutex_lock(&a->lock);
	if (a->lent) {
		a->taken++;
		/* None is there while the room is that of one. */
		if (a->room == 1 && rel_mono_ms() - a->lent_ms < FAST_MS)
			a->room = SLOTS;
		pthread_cond_signal(&a->moved);
	}
	while (a->made == a->taken)
		pthread_cond_wait(&a->moved, &a->lock);
	s = &a->slots[a->taken % a->room];
	pthread_mutex_unlock(&a->lock);
	a->lent_ms = rel_mono_ms();
	return s;
}

int
ahead_next(struct ahead *a, const uint8_t **p, size_t *n,
    struct rel_err *err)
{
	struct slot *s;

	if (a->slots != NULL && !a->running && !ahead_start(a)) {
		free(a->slots);		/* no thread to be had */
		a->slots = NULL;
	}
	if (a->slots == NULL)
		return rel_spool_read(a->reader, p, n, err);
	s = slot_take(a);
	a->lent = s->rc == 1;		/* the end stays, however often asked */
	*p = s->buf;
	*n = s->n;
	if (s->rc < 0 && err != NULL)
		*err = s->err;
	return s->rc;
}

void
ahead_rewind(struct ahead *a)
{
	ahead_stop(a);
	rel_spool_rewind(a->reader);
}

void
ahead_free(struct ahead **ap)
{
	struct ahead *a = *ap;

	*ap = NULL;
	if (a == NULL)
		return;
	ahead_stop(a);
	if (a->slots != NULL)
		rel_wipe(a->slots, a->room * sizeof *a->slots);
	free(a->slots);
	pthread_cond_destroy(&a->moved);
	pthread_mutex_destroy(&a->lock);
	free(a);
}
