/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * A request that a device makes of its own accord, in words of its driver's:
 * core hands it over and answers what the driver says (doc/driver.md).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/fleet.h"

#define INBOUND_MS 8000		/* net gives core ten seconds */

struct inbound {
	struct asker a;
	char device[40];
	char source[24];
};

static const char *
code_of(int rc)
{
	switch (rc) {
	case -REL_E_NOTFOUND:
		return "not-found";
	case -REL_E_DENIED:
		return "forbidden";
	case -REL_E_FORMAT:
	case -REL_E_LIMIT:
		return "bad-request";
	default:
		return "backend-unavailable";
	}
}

/* Its answer is JSON, or nothing. */
static void
answer(struct core *c, const struct inbound *in, const struct driver_said *s)
{
	json_t *body = NULL;

	if (s->text.len > 0 && (body = json_loadb((const char *)s->text.data,
	    s->text.len, 0, NULL)) == NULL)
		reply_problem(c, &in->a, "internal", 0,
		    "the answer of the driver is none");
	else if (body != NULL)
		reply_json(c, &in->a, 200, body);
	else
		reply_text(c, &in->a, 204, NULL, 0);
}

static void
heard(struct core *c, const struct driver_said *s, void *ctx)
{
	struct inbound *in = ctx;

	if (s != NULL && s->rc < 0) {
		reply_problem(c, &in->a, code_of(s->rc), s->rc == -REL_E_PEER ||
		    s->rc == -REL_E_TIMEOUT ? 5 : 0, "%s", s->words);
	} else if (s != NULL) {
		/* What it says of the device beside is kept as if asked. */
		if (s->items.n > 0 && fleet_take(c, in->device, in->source,
		    &s->items) < 0)
			rel_log(REL_WARN, "what a device said is not kept",
			    "device=%s", in->device);
		answer(c, in, s);
	}
	free(in);
}

static int
ask(struct core *c, const struct device *d, const struct request *rq,
    struct inbound *in)
{
	struct driver_ask *q = calloc(1, sizeof *q);
	const char *text = req_str(rq, F_BODY);
	int rc;

	if (q == NULL)
		return -REL_E_NOMEM;
	q->op = DRIVER_INBOUND;
	q->deadline_ms = INBOUND_MS;
	snprintf(q->id, sizeof q->id, "%s", req_str(rq, F_ID));
	q->text = text != NULL ? text : "";
	q->text_len = strlen(q->text);
	rc = fleet_ask(c, d, q, heard, in);
	free(q);
	return rc;
}

void
device_inbound(struct core *c, const struct request *rq, struct asker *a)
{
	const struct device *d = device_of(c, rq, a);
	struct inbound *in;

	if (d == NULL)
		return;
	if ((fleet_can(d) & DRIVER_CAN_INBOUND) == 0) {
		reply_problem(c, a, "level-not-supported", 0, "the driver of "
		    "this device takes no requests of its own");
		return;
	}
	if ((in = calloc(1, sizeof *in)) != NULL) {
		in->a = *a;
		memcpy(in->device, d->id, sizeof in->device);
		snprintf(in->source, sizeof in->source, "%s", d->protocol);
	}
	if (in == NULL || ask(c, d, rq, in) < 0) {
		free(in);
		reply_problem(c, a, "backend-unavailable", 5,
		    "too much is asked of devices now");
	}
}
