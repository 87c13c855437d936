/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The backup password at a panel opens a session of nobody. */
#include <stdio.h>
#include <string.h>

#include "releaserd/core/backup.h"
#include "releaserd/core/login_priv.h"
#include "releaserd/core/panel_priv.h"

bool
session_is_backup(const struct session *s)
{
	return s != NULL && s->user.id == 0 &&
	    strcmp(s->method, "backup") == 0;
}

static void
on_tried(struct core *c, const char *problem, int wait_s, void *ctx)
{
	static const struct proof proof = { BLOCK_BACKUP, 0 };
	struct pending_login *p = ctx;
	struct session *s = NULL;

	(void)wait_s;
	if (problem == NULL && (s = session_open(c, p->from, &p->user,
	    p->method, p->locale)) == NULL)
		problem = "backend-unavailable";
	if (problem != NULL) {
		p->way->denied(c, p, problem);
	} else {
		session_prove(s, &proof);
		login_opened(c, p, s);
	}
	login_free(c, p);
}

void
login_by_backup(struct core *c, const struct request *rq,
    struct pending_login *p)
{
	const char *password = req_str(rq, F_VALUE);
	struct backup_try t = { .door = "panel" };
	struct device d;

	snprintf(t.place, sizeof t.place, "p:%s", p->from);
	snprintf(t.who, sizeof t.who, "%.83s", store_device_get(c->st, p->from,
	    &d) == 0 ? d.name : p->from);
	memset(&p->user, 0, sizeof p->user);
	if (!backup_enabled(c) || backup_locked_s(c, t.place) > 0)
		login_undecided(c, p, backup_enabled(c) ? "locked-out" :
		    "not-allowed-here");
	else if (backup_ask(c, &t, password != NULL ? password : "", on_tried,
	    p) < 0)
		login_undecided(c, p, "backend-unavailable");
}
