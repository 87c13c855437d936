/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What needs somebody, in the local API: who is locked out after failed
 * log-ins, which devices are silent or in trouble. */
#include <string.h>

#include "releaserd/core/api_priv.h"

#define LOCKOUTS_MAX 200
#define DEVICES_MAX 20
#define SILENT_MS 300000		/* five heartbeats */

/* "u:anna", "d:DEVICE", "a:192.0.2.7" (whoever registers with wrong keys),
 * "h:192.0.2.7" (whoever logs in over HTTPS). */
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

static bool
device_row(const struct device *d, void *ctx)
{
	json_array_append_new(ctx, device_json(d));
	return true;
}

static void
attention(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	int64_t seen_ms = rel_now_ms() - SILENT_MS;
	struct device_tally t;
	json_t *rows;
	int rc;

	(void)rq;
	if (api_need(c, a, who, WHO_HELPDESK) < 0)
		return;
	devices_flush_seen(c);
	rows = json_array();
	if ((rc = store_device_tally(c->st, seen_ms, &t)) < 0 ||
	    (rc = store_device_attention(c->st, seen_ms, DEVICES_MAX,
	    device_row, rows)) < 0) {
		json_decref(rows);
		reply_broken(c, a, rc);
		return;
	}
	reply_json(c, a, 200, json_pack("{s:I,s:I,s:I,s:I,s:o}", "all",
	    (json_int_t)t.all, "without_panel", (json_int_t)t.without_panel,
	    "silent", (json_int_t)t.silent, "trouble", (json_int_t)t.trouble,
	    "devices", rows));
}

void
api_device_attention(struct core *c, const struct request *rq,
    struct asker *a)
{
	api_who(c, rq, a, attention);
}
