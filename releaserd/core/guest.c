/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/core/guest.h"

#include "releaserd/core/api_priv.h"

#define EACH_TICK 50		/* changes; the others with the next */

int
guest_settle(struct core *c, struct guest *g)
{
	static const char *const said[] = {
		[GUEST_WAITING] = "guest-waits", [GUEST_OPEN] = "guest-begins",
		[GUEST_ENDED] = "guest-ended"
	};
	int64_t now = rel_now_ms();
	int rc;

	g->state = g->until_ms <= now ? GUEST_ENDED : g->from_ms <= now ?
	    GUEST_OPEN : GUEST_WAITING;
	if ((rc = store_guest_state(c->st, g)) < 0 ||
	    (rc = store_audit(c->st, now, g->name, said[g->state],
	    g->host)) < 0)
		return core_spoil(c, rc);
	if (g->state == GUEST_OPEN)
		return 0;
	sessions_close_user(c, g->user_id);
	if (g->state == GUEST_ENDED &&
	    (rc = store_guest_jobs_end(c->st, g, now)) < 0)
		return core_spoil(c, rc);
	return 0;
}

/* Those that ended long enough ago, and all that is known of them. */
static void
forget(struct core *c)
{
	int64_t before = rel_now_ms() - c->role->set.guest_keep_ms;
	struct guest g;

	if (store_guest_over(c->st, before, &g) == 0)
		(void)person_forget(c, g.key);
}

void
guests_tick(struct core *c)
{
	struct rel_err err;
	struct guest g;

	for (int i = 0; i < EACH_TICK; i++)
		if (store_guest_due(c->st, rel_now_ms(), &g) < 0 ||
		    core_write(c, &err) < 0 || guest_settle(c, &g) < 0)
			break;
	if (c->ticks % 10 == 3)
		forget(c);
}
