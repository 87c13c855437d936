/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The local API (doc/local-api.md): who calls, and the state of the server. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/core.h"

#define KNOWN_UIDS 64
#define KNOWN_MS 60000

/* uids whose names an agent has told, for a minute. */
struct api_users {
	struct known_uid {
		uint32_t uid;
		int64_t until_ms;
		struct caller who;
	} known[KNOWN_UIDS];
	unsigned next;
};

int
api_who_init(struct core *c)
{
	c->who = calloc(1, sizeof *c->who);
	return c->who != NULL ? 0 : -REL_E_NOMEM;
}

void
api_who_fini(struct core *c)
{
	free(c->who);
	c->who = NULL;
}

struct who_question {
	struct request rq;
	struct asker a;
	who_fn fn;
};

static void
on_who(struct core *c, struct rel_frame *fr, void *ctx)
{
	struct who_question *q = ctx;
	struct known_uid *k;
	struct rel_cur cur;

	if (fr == NULL || fr->type != IPC_WHO) {
		reply_problem(c, &q->a, "backend-unavailable", 2,
		    "user names cannot be looked up now");
	} else {
		k = &c->who->known[c->who->next++ % KNOWN_UIDS];
		memset(k, 0, sizeof *k);
		rel_cur_init(&cur, fr->body, fr->len);
		rel_get_str(&cur, k->who.name, sizeof k->who.name);
		k->who.admin = rel_get_u8(&cur) == 1;
		k->uid = q->rq.uid;
		if (rel_cur_end(&cur) == 0 && rel_user_key(k->who.key,
		    sizeof k->who.key, k->who.name,
		    c->role->set.strip_realm != 0))
			k->until_ms = rel_mono_ms() + KNOWN_MS;
		q->fn(c, &q->rq, &q->a, &k->who);
	}
	request_fini(&q->rq);
	free(q);
}

/* A request that outlives its message: written and read again. */
static int
request_copy(struct request *to, const struct request *rq)
{
	struct rel_buf b;
	int rc;

	rel_buf_init(&b);
	request_put(&b, rq);
	rc = b.failed ? -b.failed : request_get(to, b.data, b.len);
	rel_buf_fini_secret(&b);
	return rc;
}

void
api_who(struct core *c, const struct request *rq, struct asker *a, who_fn fn)
{
	static const struct caller root = { "root", "root", true };
	struct who_question *q;
	struct rel_buf b;
	int rc;

	if (rq->uid == 0) {
		fn(c, rq, a, &root);
		return;
	}
	for (size_t i = 0; i < KNOWN_UIDS; i++) {
		struct known_uid *k = &c->who->known[i];

		if (k->uid == rq->uid && k->until_ms > rel_mono_ms()) {
			fn(c, rq, a, &k->who);
			return;
		}
	}
	if ((q = calloc(1, sizeof *q)) == NULL ||
	    request_copy(&q->rq, rq) < 0) {
		free(q);
		reply_problem(c, a, "internal", 0, "no memory");
		return;
	}
	q->a = *a;
	q->fn = fn;
	rel_buf_init(&b);
	rel_put_u32(&b, rq->uid);
	rc = agent_ask(c, IPC_WHOIS, &b, on_who, q);
	rel_buf_fini(&b);
	if (rc == 0)
		return;
	reply_problem(c, a, "rate-limited", 5, "too many requests wait");
	request_fini(&q->rq);
	free(q);
}

void
api_status(struct core *c, const struct request *rq, struct asker *a)
{
	const struct role *r = c->role;
	int64_t held, bytes, releasing, users, devices;
	json_t *https = json_array();

	(void)rq;
	if (store_tally(c->st, &held, &bytes) < 0 ||
	    store_count_state(c->st, JOB_RELEASING, &releasing) < 0 ||
	    store_user_total(c->st, &users) < 0 ||
	    store_device_total(c->st, &devices) < 0) {
		json_decref(https);
		reply_broken(c, a, -REL_E_IO);
		return;
	}
	for (size_t i = 0; i < 4 && r->start.https_names[i][0] != '\0'; i++)
		json_array_append_new(https,
		    json_string(r->start.https_names[i]));
	reply_json(c, a, 200, json_pack("{s:s,s:I,s:o,s:I,s:I,s:I,s:i,s:I,"
	    "s:I,s:o,s:s}", "version", PACKAGE_VERSION, "node",
	    (json_int_t)r->set.node_id, "started_at",
	    json_time(c->started_ms), "held", (json_int_t)held,
	    "held_bytes", (json_int_t)bytes, "releasing",
	    (json_int_t)releasing, "waiting", releases_waiting(c), "devices",
	    (json_int_t)devices, "users", (json_int_t)users, "https", https,
	    "base_url", r->start.base_url));
}
