/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What an administrator has an OPDP device do (doc/opdp.md, "Commands"). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/api_priv.h"
#include "releaserd/core/fleet.h"
#include "releaserd/core/link.h"

#define COMMAND_MS 8000		/* net gives core ten seconds */

struct commanding {
	struct asker a;
	char name[65];
};

static void
commanded(struct core *c, const struct driver_said *s, void *ctx)
{
	struct commanding *m = ctx;

	if (s == NULL) {
		;			/* core ends */
	} else if (s->rc == 0) {
		reply_text(c, &m->a, 204, NULL, 0);
	} else if (s->rc == -REL_E_PEER || s->rc == -REL_E_TIMEOUT) {
		reply_problem(c, &m->a, "device-offline", 10,
		    "%s does not answer: %s", m->name, s->words);
	} else {
		reply_problem(c, &m->a, "level-not-supported", 0,
		    "%s does not do it: %s", m->name, s->words);
	}
	free(m);
}

/* {"command", ...} of doc/opdp.md; NULL: there is no such command. */
static json_t *
command_body(const struct request *rq)
{
	static const char *const all[] = { "identify", "refresh-panel",
	    "message", "sync-time", "reboot-session" };
	const char *name = req_str(rq, F_COMMAND);
	const char *text = req_str(rq, F_TEXT);
	json_t *o = NULL;

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (strcmp(all[i], name) == 0)
			o = json_pack("{s:s}", "command", name);
	if (o == NULL || strcmp(name, "message") != 0) {
		if (o != NULL && strcmp(name, "sync-time") == 0)
			json_object_set_new(o, "time", json_time(rel_now_ms()));
		return o;
	}
	if (text == NULL || text[0] == '\0') {
		json_decref(o);
		return NULL;
	}
	json_object_set_new(o, "text", json_string(text));
	json_object_set_new(o, "ttl_s", json_integer(req_num(rq, F_TTL_S,
	    60)));
	return o;
}

int
command_send(struct core *c, const struct device *d, const json_t *body,
    fleet_done done, void *ctx)
{
	char *text = json_dumps(body, JSON_COMPACT);
	struct driver_ask *q = calloc(1, sizeof *q);
	int rc = -REL_E_NOMEM;

	if (text != NULL && q != NULL) {
		q->op = DRIVER_COMMAND;
		q->deadline_ms = COMMAND_MS;
		ids_uuid(q->id);	/* asked twice, it is done once */
		q->text = text;
		q->text_len = strlen(text);
		rc = fleet_ask(c, d, q, done, ctx);
	}
	free(text);
	free(q);
	return rc;
}

static void
device_command(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct commanding *m;
	struct device d;
	json_t *body;

	if (api_need(c, a, who, WHO_OPERATOR) < 0 ||
	    device_find(c, a, req_str(rq, F_ID), &d) < 0)
		return;
	if (!link_can(&d, DRIVER_CAN_COMMAND)) {
		reply_problem(c, a, "level-not-supported", 0, "%s takes no "
		    "commands: it speaks no OPDP of level 2", d.name);
		return;
	}
	if ((body = command_body(rq)) == NULL) {
		reply_problem(c, a, "bad-request", 0, "command is identify, "
		    "refresh-panel, message (with text), sync-time or "
		    "reboot-session");
		return;
	}
	if ((m = calloc(1, sizeof *m)) != NULL) {
		m->a = *a;
		memcpy(m->name, d.name, sizeof m->name);
	}
	api_audit(c, who, "device-command", d.name);
	if (m == NULL || command_send(c, &d, body, commanded, m) < 0) {
		free(m);
		reply_problem(c, a, "backend-unavailable", 5,
		    "too much is asked of devices now");
	}
	json_decref(body);
}

void
api_device_command(struct core *c, const struct request *rq,
    struct asker *a)
{
	api_who(c, rq, a, device_command);
}
