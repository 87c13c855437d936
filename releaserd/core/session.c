/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Who stands at which panel.  Sessions live in memory: after a restart a panel
 * shows its log-in again.  One a device; a log-in ends the one before.
 */
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/access.h"
#include "releaserd/core/link.h"
#include "releaserd/core/store_activity.h"

#define GRACE_MS 30000		/* the device's own timer comes first */

struct sessions {
	void *by_id, *by_device;
	struct session *oldest, *newest;	/* by last touch */
	unsigned n;
};

static int
by_id(const void *a, const void *b)
{
	return strcmp(((const struct session *)a)->id,
	    ((const struct session *)b)->id);
}

static int
by_device(const void *a, const void *b)
{
	return strcmp(((const struct session *)a)->device_id,
	    ((const struct session *)b)->device_id);
}

static void
unlink_touched(struct sessions *all, struct session *s)
{
	if (s->prev_touched != NULL)
		s->prev_touched->next_touched = s->next_touched;
	else
		all->oldest = s->next_touched;
	if (s->next_touched != NULL)
		s->next_touched->prev_touched = s->prev_touched;
	else
		all->newest = s->prev_touched;
	s->prev_touched = s->next_touched = NULL;
}

static void
link_touched(struct sessions *all, struct session *s)
{
	s->prev_touched = all->newest;
	if (all->newest != NULL)
		all->newest->next_touched = s;
	else
		all->oldest = s;
	all->newest = s;
}

int
sessions_init(struct core *c)
{
	c->sessions = calloc(1, sizeof *c->sessions);
	return c->sessions != NULL ? 0 : -REL_E_NOMEM;
}

void
session_close(struct core *c, struct session *s)
{
	struct sessions *all = c->sessions;

	push_closed(c, s);
	unlink_touched(all, s);
	tdelete(s, &all->by_id, by_id);
	tdelete(s, &all->by_device, by_device);
	all->n--;
	free(s->unlocked);
	free(s->access);
	rel_wipe(s, sizeof *s);
	free(s);
}

void
sessions_fini(struct core *c)
{
	if (c->sessions == NULL)
		return;
	while (c->sessions->oldest != NULL)
		session_close(c, c->sessions->oldest);
	free(c->sessions);
	c->sessions = NULL;
}

struct session *
session_at(struct core *c, const char *device_id)
{
	struct session want, **found;

	snprintf(want.device_id, sizeof want.device_id, "%s", device_id);
	found = tfind(&want, &c->sessions->by_device, by_device);
	return found != NULL ? *found : NULL;
}

void
sessions_close_device(struct core *c, const char *device_id)
{
	struct session *s = session_at(c, device_id);

	if (s != NULL)
		session_close(c, s);
}

void
sessions_close_user(struct core *c, int64_t user_id)
{
	struct session *next;

	for (struct session *s = c->sessions->oldest; s != NULL; s = next) {
		next = s->next_touched;
		if (s->user.id == user_id)
			session_close(c, s);
	}
}

void
session_is_of(struct session *s, const struct user *u)
{
	free(s->access);
	s->access = access_set_new();	/* the table, asked anew */
	s->user = *u;
	rel_wipe(s->user.password, sizeof s->user.password);
	rel_wipe(s->user.card_pin, sizeof s->user.card_pin);
}

void
session_keep(struct core *c, const struct session *s)
{
	const struct device *d = device_at(c, s->device_id);
	struct device_session kept = { .at_ms = s->opened_ms };
	struct rel_err err;
	int rc;

	if (d == NULL || d->level < 3)
		return;			/* it writes no records */
	memcpy(kept.id, s->id, sizeof s->id);
	memcpy(kept.device_id, s->device_id, sizeof kept.device_id);
	memcpy(kept.user_key, s->user.key, sizeof kept.user_key);
	memcpy(kept.account, s->account, sizeof kept.account);
	if ((rc = core_write(c, &err)) == 0 &&
	    (rc = store_device_session_set(c->st, &kept)) < 0)
		core_spoil(c, rc);
	if (rc < 0)
		rel_log(REL_WARN, "a session is not kept: what is copied in it "
		    "has no owner", "device=%s", s->device_id);
}

void
session_prove(struct session *s, const struct proof *proof)
{
	for (unsigned i = 0; i < s->nproofs; i++)
		if (s->proof[i].block == proof->block &&
		    s->proof[i].directory == proof->directory)
			return;
	if (s->nproofs == PROOFS_MAX) {
		memmove(s->proof, s->proof + 1, (PROOFS_MAX - 1) *
		    sizeof *s->proof);
		s->nproofs--;
	}
	s->proof[s->nproofs++] = *proof;
}

struct session *
session_open(struct core *c, const char *device_id, const struct user *u,
    const char *method, const char *locale)
{
	struct sessions *all = c->sessions;
	struct session *s = calloc(1, sizeof *s);

	if (s == NULL)
		return NULL;
	sessions_close_device(c, device_id);
	ids_uuid(s->id);
	snprintf(s->device_id, sizeof s->device_id, "%s", device_id);
	snprintf(s->method, sizeof s->method, "%s", method);
	snprintf(s->locale, sizeof s->locale, "%s",
	    word_locale(u->locale[0] != '\0' ? u->locale : locale));
	session_is_of(s, u);
	s->opened_ms = rel_now_ms();
	s->expires_ms = s->opened_ms + c->role->set.session_max_ms;
	s->touched_ms = rel_mono_ms();
	if (tsearch(s, &all->by_id, by_id) == NULL ||
	    tsearch(s, &all->by_device, by_device) == NULL) {
		tdelete(s, &all->by_id, by_id);
		free(s->access);
		free(s);
		return NULL;
	}
	link_touched(all, s);
	all->n++;
	return s;
}

/* Without a touch for too long, or at its absolute end. */
static bool
session_over(const struct core *c, const struct session *s)
{
	return s->expires_ms <= rel_now_ms() || s->touched_ms <
	    rel_mono_ms() - c->role->set.panel_timeout_ms - GRACE_MS;
}

static struct session *
find(struct core *c, const char *id, const char *device_id, bool half)
{
	struct session want, **found;

	if (id == NULL || strlen(id) >= sizeof want.id)
		return NULL;
	snprintf(want.id, sizeof want.id, "%s", id);
	found = tfind(&want, &c->sessions->by_id, by_id);
	if (found == NULL || (*found)->half != half ||
	    strcmp((*found)->device_id, device_id) != 0)
		return NULL;
	if (session_over(c, *found)) {
		session_close(c, *found);
		return NULL;
	}
	return *found;
}

struct session *
session_find(struct core *c, const char *id, const char *device_id)
{
	return find(c, id, device_id, false);
}

struct session *
session_half(struct core *c, const char *id, const char *device_id)
{
	return find(c, id, device_id, true);
}

void
session_touch(struct core *c, struct session *s)
{
	s->touched_ms = rel_mono_ms();
	if (c->sessions->newest == s)
		return;
	unlink_touched(c->sessions, s);
	link_touched(c->sessions, s);
}

void
sessions_expire(struct core *c)
{
	struct session *next;

	for (struct session *s = c->sessions->oldest; s != NULL; s = next) {
		next = s->next_touched;
		if (session_over(c, s))
			session_close(c, s);
		else if (c->ticks % 60 != 0)
			break;		/* the rest was touched later */
	}
}

/* Where a job stands, or would stand, among the opened ones. */
static size_t
unlocked_at(const struct session *s, int64_t job)
{
	size_t low = 0, high = s->nunlocked;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (s->unlocked[mid] < job)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

bool
session_unlocked(const struct session *s, int64_t job)
{
	size_t at = unlocked_at(s, job);

	return at < s->nunlocked && s->unlocked[at] == job;
}

int
session_unlock(struct session *s, int64_t job)
{
	size_t at = unlocked_at(s, job);

	if (session_unlocked(s, job))
		return 0;
	if (s->nunlocked == s->room) {
		size_t room = s->room > 0 ? s->room * 2 : 16;
		void *p = realloc(s->unlocked, room * sizeof *s->unlocked);

		if (p == NULL)
			return -REL_E_NOMEM;
		s->unlocked = p;
		s->room = room;
	}
	memmove(s->unlocked + at + 1, s->unlocked + at,
	    (s->nunlocked - at) * sizeof *s->unlocked);
	s->unlocked[at] = job;
	s->nunlocked++;
	return 0;
}
