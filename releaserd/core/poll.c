/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Devices that cannot be called fetch what is asked of them: a driver's call
 * waits here until its device has taken it and said what came of it.  Nothing
 * of it is kept over a start: who asked is gone then, too, and asks anew.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/link.h"

#define QUEUE_MAX 16u		/* of one device */
#define WAIT_MAX_S 8		/* net gives core ten seconds */
#define LOST_MS 5000		/* handed out, and nothing heard since */

struct polled {
	char id[37];
	uint64_t driver;		/* serial of the peer */
	uint32_t number;		/* of its call */
	int64_t until_ms, given_ms;	/* monotonic; given 0: not yet */
	json_t *call;			/* as the device gets it; owned */
	struct polled *next;
};

struct poll_wait {
	struct asker a;
	int64_t until_ms;
};

static void
polled_free(struct polled *p)
{
	json_decref(p->call);
	free(p);
}

void
poll_fini(struct link *l)
{
	struct polled *p;

	while ((p = l->calls) != NULL) {
		l->calls = p->next;
		polled_free(p);
	}
	free(l->waits);
	l->waits = NULL;
}

/* ---- from a driver */

static void
say(struct core *c, uint64_t driver, uint32_t number, int rc,
    const struct request *rq)
{
	struct peer *p = peers_find(c, driver);
	const char *body = rq != NULL ? req_str(rq, F_BODY) : NULL;
	const char *etag = rq != NULL ? req_str(rq, F_ETAG) : NULL;
	struct rel_buf b;

	if (p == NULL)
		return;
	rel_buf_init(&b);
	rel_put_u8(&b, (uint8_t)-rc);
	rel_put_u16(&b, rq != NULL ? (uint16_t)req_num(rq,
	    F_STATUS, 500) : 0);
	rel_put_str(&b, etag);
	rel_put_bytes(&b, body != NULL ? body : "", body != NULL ?
	    strlen(body) : 0);
	if (!b.failed)
		(void)ipc_send(p->chan, IPC_DRIVER_CALL, number, b.data,
		    b.len);
	rel_buf_fini(&b);
}

static json_t *
call_json(const char *id, struct rel_cur *cur)
{
	char method[8], path[240], if_match[40], key[80];
	const uint8_t *body;
	json_t *o, *text = NULL;
	size_t len;

	rel_get_str(cur, method, sizeof method);
	rel_get_str(cur, path, sizeof path);
	rel_get_str(cur, if_match, sizeof if_match);
	rel_get_str(cur, key, sizeof key);
	body = rel_get_bytes(cur, &len);
	if (rel_cur_end(cur) < 0 || (len > 0 && (text = json_loadb(
	    (const char *)body, len, 0, NULL)) == NULL))
		return NULL;
	o = json_pack("{s:s,s:s,s:s}", "id", id, "method", method, "path",
	    path);
	if (if_match[0] != '\0')
		json_object_set_new(o, "if_match", json_string(if_match));
	if (key[0] != '\0')
		json_object_set_new(o, "key", json_string(key));
	if (text != NULL)
		json_object_set_new(o, "body", text);
	return o;
}

static unsigned
queue_length(const struct link *l)
{
	unsigned n = 0;

	for (const struct polled *p = l->calls; p != NULL; p = p->next)
		n++;
	return n;
}

static void poll_answer(struct core *c, struct link *l);

void
poll_call(struct core *c, const struct peer *driver,
    const struct rel_frame *fr)
{
	struct polled *p = calloc(1, sizeof *p), **at;
	struct link *l = NULL;
	struct rel_cur cur;
	char device[40];
	uint32_t left;

	rel_cur_init(&cur, fr->body, fr->len);
	rel_get_str(&cur, device, sizeof device);
	left = rel_get_u32(&cur);
	if (p != NULL && (l = link_of(c, device, true)) != NULL &&
	    queue_length(l) < QUEUE_MAX) {
		ids_uuid(p->id);
		p->call = call_json(p->id, &cur);
		p->driver = driver->serial;
		p->number = fr->id;
		p->until_ms = rel_mono_ms() + left;
	}
	if (p == NULL || p->call == NULL) {
		free(p);
		say(c, driver->serial, fr->id, -REL_E_FULL, NULL);
		return;
	}
	for (at = &l->calls; *at != NULL; at = &(*at)->next)
		;
	*at = p;
	poll_answer(c, l);
}

/* ---- to the device */

static void
drop_old(struct link *l, int64_t now)
{
	struct polled **at = &l->calls, *p;

	while ((p = *at) != NULL) {
		if (p->until_ms > now) {
			at = &p->next;
			continue;
		}
		*at = p->next;		/* whoever asked has given up */
		polled_free(p);
	}
}

static json_t *
to_give(struct link *l)
{
	int64_t now = rel_mono_ms();
	json_t *all = json_array();

	drop_old(l, now);
	for (struct polled *p = l->calls; p != NULL; p = p->next) {
		if (p->given_ms != 0 && p->given_ms > now - LOST_MS)
			continue;
		p->given_ms = now;
		json_array_append(all, p->call);
	}
	return all;
}

/* Whoever waits gets what there is; nothing once the time is over. */
static void
poll_answer(struct core *c, struct link *l)
{
	struct poll_wait *w = l->waits;
	json_t *all;

	if (w == NULL)
		return;
	all = to_give(l);
	if (json_array_size(all) == 0 && w->until_ms > rel_mono_ms()) {
		json_decref(all);
		return;
	}
	l->waits = NULL;
	reply_json(c, &w->a, 200, json_pack("{s:o}", "commands", all));
	free(w);
}

void
poll_tick(struct core *c, struct link *l)
{
	if (l->waits != NULL)
		poll_answer(c, l);
	else if (l->calls != NULL)
		drop_old(l, rel_mono_ms());
}

bool
poll_pending(struct core *c, const char *device_id)
{
	const struct link *l = link_of(c, device_id, false);

	return l != NULL && l->calls != NULL;
}

void
device_commands(struct core *c, const struct request *rq, struct asker *a)
{
	const struct device *d = device_of(c, rq, a);
	int64_t wait_s = req_num(rq, F_WAIT_S, 0);
	struct poll_wait *w = d != NULL ? calloc(1, sizeof *w) : NULL;
	struct link *l = w != NULL ? link_of(c, d->id, true) : NULL;

	if (d == NULL)
		return;
	if (l == NULL) {
		free(w);
		reply_problem(c, a, "backend-unavailable", 5, "no memory");
		return;
	}
	if (l->waits != NULL) {		/* it has come anew */
		l->waits->until_ms = 0;
		poll_answer(c, l);
	}
	w->a = *a;
	w->until_ms = rel_mono_ms() + (wait_s < WAIT_MAX_S ? wait_s :
	    WAIT_MAX_S) * 1000;
	l->waits = w;
	poll_answer(c, l);
}

void
device_command_result(struct core *c, const struct request *rq,
    struct asker *a)
{
	const struct device *d = device_of(c, rq, a);
	struct link *l = d != NULL ? link_of(c, d->id, false) : NULL;
	struct polled **at = l != NULL ? &l->calls : NULL, *p;

	if (d == NULL)
		return;
	while (at != NULL && *at != NULL && strcmp((*at)->id, req_str(rq,
	    F_ID)) != 0)
		at = &(*at)->next;
	if (at != NULL && (p = *at) != NULL) {
		*at = p->next;
		say(c, p->driver, p->number, 0, rq);
		polled_free(p);
	}
	/* One that is unknown was answered before, or is too late. */
	reply_text(c, a, 204, NULL, 0);
}
