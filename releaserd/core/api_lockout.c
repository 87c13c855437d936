/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Who is locked out after failed log-ins, in the local API. */
#include <string.h>

#include "releaserd/core/api_priv.h"

#define LOCKOUTS_MAX 200

/* "u:anna", "d:DEVICE", "a:192.0.2.7" (whoever registers with wrong keys). */
static bool
lockout_row(const char *subject, const struct lockout *l, void *ctx)
{
	const char *kind = subject[0] == 'u' ? "user" : subject[0] == 'd' ?
	    "device" : "address";

	json_array_append_new(ctx, json_pack("{s:s,s:s,s:o}", "kind", kind,
	    "name", strlen(subject) > 2 ? subject + 2 : "", "until",
	    json_time(l->until_ms)));
	return true;
}

static void
lockout_list(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	json_t *rows;
	int rc;

	(void)rq;
	if (api_need(c, a, who, WHO_HELPDESK) < 0)
		return;
	rows = json_array();
	rc = store_lockout_list(c->st, rel_now_ms(), LOCKOUTS_MAX,
	    lockout_row, rows);
	if (rc < 0) {
		json_decref(rows);
		reply_broken(c, a, rc);
		return;
	}
	api_answer_list(c, a, "lockouts", rows, NULL);
}

void
api_lockout_list(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, lockout_list);
}
