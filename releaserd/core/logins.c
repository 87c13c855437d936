/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/core/logins.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define USED_MAX 1024u
#define USED_MS 300000		/* more exactly nobody is told */
#define CHECKS_MAX 8u		/* at once: panels wait no longer for theirs */

struct logins {
	struct used {
		int64_t id, at_ms;
		char address[64];
	} used[USED_MAX];
	size_t nused;
	unsigned checks;
};

int
logins_init(struct core *c)
{
	c->logins = calloc(1, sizeof *c->logins);
	return c->logins != NULL ? 0 : -REL_E_NOMEM;
}

void
logins_fini(struct core *c)
{
	free(c->logins);
	c->logins = NULL;
}

struct login_ages
logins_since(const struct core *c)
{
	const struct settings *s = &c->role->set;
	int64_t now = rel_now_ms();

	return (struct login_ages){ .created_ms = now - s->user_session_max_ms,
	    .used_ms = now - s->user_session_idle_ms };
}

/* ---- when it was used */

void
logins_flush(struct core *c)
{
	struct logins *all = c->logins;
	struct rel_err err;

	if (all->nused == 0 || core_write(c, &err) < 0)
		return;
	for (size_t i = 0; i < all->nused; i++) {
		const struct used *u = &all->used[i];
		int rc = store_login_used(c->st, u->id, u->at_ms, u->address);

		if (rc < 0) {
			core_spoil(c, rc);
			break;
		}
	}
	all->nused = 0;
}

static void
note_used(struct core *c, const struct user_login *l, const char *address)
{
	struct logins *all = c->logins;
	int64_t now = rel_now_ms();
	struct used *u = all->used;

	if (now - l->used_ms < USED_MS && strcmp(l->address, address) == 0)
		return;
	while (u < all->used + all->nused && u->id != l->id)
		u++;
	if (u == all->used + USED_MAX)
		return;			/* another minute will do */
	if (u == all->used + all->nused)
		all->nused++;
	u->id = l->id;
	u->at_ms = now;
	snprintf(u->address, sizeof u->address, "%s", address);
}

int
logins_find(struct core *c, const struct request *rq, struct user_login *out)
{
	struct login_ages since = logins_since(c);
	uint8_t hash[32];
	int rc;

	if (!rel_unhex(hash, sizeof hash, rq->caller_id,
	    strlen(rq->caller_id)))
		return -REL_E_NOTFOUND;
	if ((rc = store_login_by_hash(c->st, hash, &since, out)) == 0)
		note_used(c, out, rq->addr);
	return rc;
}

/* ---- coming and going */

int
logins_new(struct core *c, struct user_login *l, char token[LOGIN_TOKEN_TEXT])
{
	int rc;

	l->id = ids_next(c);
	l->created_ms = l->used_ms = rel_now_ms();
	ids_secret(token);
	keys_sha256(l->hash, token, strlen(token));
	logins_flush(c);		/* which one is unused for longest? */
	rc = store_login_keep(c->st, l->user_id,
	    c->role->set.user_session_limit - 1);
	return rc < 0 ? rc : store_login_add(c->st, l);
}

bool
logins_check_begins(struct core *c)
{
	if (c->logins->checks >= CHECKS_MAX)
		return false;
	c->logins->checks++;
	return true;
}

void
logins_check_ends(struct core *c)
{
	c->logins->checks--;
}

void
logins_tick(struct core *c)
{
	struct login_ages since = logins_since(c);
	struct rel_err err;

	if (c->ticks % 60 == 0)
		logins_flush(c);
	if (c->ticks % 600 == 2 && core_write(c, &err) == 0 &&
	    store_login_forget(c->st, &since) < 0)
		core_spoil(c, 0);
}
