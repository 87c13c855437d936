/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Panels are locked and unlocked in the local API. */
#include "releaserd/core/api_priv.h"
#include "releaserd/core/panel_lock.h"

static void
lock_set(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who, bool on)
{
	struct device d;

	if (api_need(c, a, who, WHO_OPERATOR) < 0 ||
	    device_find(c, a, req_str(rq, F_ID), &d) < 0)
		return;
	if ((d.locked_ms != 0) != on) {
		if (panel_lock_set(c, &d, on, who->name) < 0) {
			reply_broken(c, a, -REL_E_PEER);
			return;
		}
		d.locked_ms = on ? rel_now_ms() : 0;
	}
	reply_json(c, a, 200, device_json(c, &d));
}

static void
lock(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	lock_set(c, rq, a, who, true);
}

void
api_device_lock(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, lock);
}

static void
unlock(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	lock_set(c, rq, a, who, false);
}

void
api_device_unlock(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, unlock);
}
