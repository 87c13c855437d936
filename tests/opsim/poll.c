/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/opsim/poll.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/log.h"
#include "tests/opsim/device_api.h"
#include "tests/opsim/keys.h"

#define DONE 32			/* calls whose results are kept */
#define PAUSE_S 1		/* after a failure */

struct poll {
	struct opsim *sim;
	struct event *timer;
	struct {
		char id[37];
		json_t *result;
	} done[DONE];
	unsigned ndone;
};

static void
poll_later(struct poll *p, int s)
{
	struct timeval tv = { s, 0 };

	evtimer_add(p->timer, &tv);
}

static void
on_told(const struct https_answer *a, void *ctx)
{
	(void)ctx;
	if (a->status != 204)
		rel_log(REL_WARN, "a result was not taken", "status=%ld",
		    a->status);
}

static void
tell(struct poll *p, const char *id, const json_t *result)
{
	char path[120], idem[37], *text = json_dumps(result, JSON_COMPACT);
	struct https_request rq = { .method = "POST", .path = path,
	    .body = text, .idem_key = idem };
	struct rel_err err;

	snprintf(path, sizeof path, "/opdp/v1/device/commands/%s/result", id);
	keys_uuid(idem);
	rq.body_len = text != NULL ? strlen(text) : 0;
	if (text != NULL && https_send(p->sim->net, &rq, on_told, p, &err) < 0)
		rel_log(REL_WARN, "a result was not sent", "why=\"%s\"",
		    err.text);
	free(text);
}

static const json_t *
done_before(const struct poll *p, const char *id)
{
	for (unsigned i = 0; i < DONE; i++)
		if (strcmp(p->done[i].id, id) == 0)
			return p->done[i].result;
	return NULL;
}

/* Its path and query apart. */
static json_t *
carry_out(struct poll *p, const json_t *c)
{
	char path[240], *query;
	struct device_call q = {
		.method = json_str_at(c, "method", ""), .path = path,
		.query = "", .if_match = json_str_at(c, "if_match", ""),
		.key = json_str_at(c, "key", ""),
		.body = json_object_get(c, "body")
	};
	struct device_answer a;
	json_t *v, *result;

	snprintf(path, sizeof path, "%s", json_str_at(c, "path", ""));
	if ((query = strchr(path, '?')) != NULL) {
		*query = '\0';
		q.query = query + 1;
	}
	device_api_call(p->sim, &q, &a);
	v = device_answer_body(&a);
	result = json_pack("{s:i}", "status", a.status);
	if (a.etag[0] != '\0')
		json_object_set_new(result, "etag", json_string(a.etag));
	if (v != NULL)
		json_object_set(result, "body", v);
	json_decref(v);
	json_decref(a.body);
	return result;
}

static void
do_one(struct poll *p, const json_t *c)
{
	const char *id = json_str_at(c, "id", "");
	const json_t *before = done_before(p, id);
	unsigned at;

	if (before == NULL) {
		at = p->ndone++ % DONE;
		json_decref(p->done[at].result);
		snprintf(p->done[at].id, sizeof p->done[at].id, "%s", id);
		before = p->done[at].result = carry_out(p, c);
	}
	if (!faults_take(&p->sim->faults, FAULT_API_DROP, AT_NONE, NULL))
		tell(p, id, before);
}

static void
on_commands(const struct https_answer *a, void *ctx)
{
	struct poll *p = ctx;
	json_t *v = json_read(a->body, a->body_len, NULL);
	const json_t *c;
	size_t i;

	json_array_foreach(json_object_get(v, "commands"), i, c)
		do_one(p, c);
	poll_later(p, a->status == 200 ? 0 : PAUSE_S);
	json_decref(v);
}

static void
on_timer(evutil_socket_t fd, short what, void *ctx)
{
	struct poll *p = ctx;
	struct https_request rq = { .method = "GET",
	    .path = "/opdp/v1/device/commands?wait_s=25" };
	struct rel_err err;

	(void)fd;
	(void)what;
	if (p->sim->dev.off || https_send(p->sim->net, &rq, on_commands, p,
	    &err) < 0)
		poll_later(p, PAUSE_S);
}

int
poll_new(struct poll **out, struct opsim *sim, struct rel_err *err)
{
	const json_t *all = json_at(sim->st.doc, "native"), *one;
	bool polls = false;
	size_t i;

	json_array_foreach((json_t *)all, i, one)
		polls = polls || strcmp(json_string_value(one),
		    "command-poll") == 0;
	if (!polls || sim->api_port != 0)
		return 0;
	if ((*out = calloc(1, sizeof **out)) == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	(*out)->sim = sim;
	(*out)->timer = evtimer_new(sim->base, on_timer, *out);
	poll_later(*out, 0);
	return 0;
}

void
poll_free(struct poll **pp)
{
	struct poll *p = *pp;

	if (p == NULL)
		return;
	for (unsigned i = 0; i < DONE; i++)
		json_decref(p->done[i].result);
	event_free(p->timer);
	free(p);
	*pp = NULL;
}
