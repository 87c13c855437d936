/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Answers to net.  One that depends on this turn's writes leaves only when
 * they are on disk; one to a request that may be repeated is kept 24 hours
 * (opdp.md, idempotency): in the store with the change itself, or, for a
 * log-in, whose session lives in memory too, in memory for some minutes.
 */
#include <search.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "releaserd/core/core.h"

#define KEEP_MS 86400000LL
#define KEEP_SHORT_MS 600000LL
#define SHORT_MAX 4096u

struct late_reply {
	struct asker a;
	struct rel_buf out;
};

/* ---- answers of log-ins, in memory */

struct short_answer {
	char peer[72], key[80];
	uint8_t body_mac[32];
	int64_t at_ms;			/* monotonic */
	int status;			/* 0: being worked on */
	char *body;
	size_t body_len;
	struct short_answer *next;
};

static struct short_answer *short_first, **short_tail = &short_first;
static unsigned short_n;
static void *short_tree;

static int
short_compare(const void *a, const void *b)
{
	const struct short_answer *x = a, *y = b;
	int rc = strcmp(x->key, y->key);

	return rc != 0 ? rc : strcmp(x->peer, y->peer);
}

/* s has left the list. */
static void
short_drop(struct short_answer *s)
{
	tdelete(s, &short_tree, short_compare);
	if (s->body != NULL)
		rel_wipe(s->body, s->body_len);
	free(s->body);
	free(s);
	short_n--;
}

static void
short_drop_first(void)
{
	struct short_answer *s = short_first;

	short_first = s->next;
	if (short_first == NULL)
		short_tail = &short_first;
	short_drop(s);
}

static struct short_answer *
short_find(const struct asker *a)
{
	struct short_answer want, **found;

	memcpy(want.peer, a->idem_peer, sizeof want.peer);
	memcpy(want.key, a->idem_key, sizeof want.key);
	found = tfind(&want, &short_tree, short_compare);
	return found != NULL ? *found : NULL;
}

/* The log-in is over without an answer to keep: it may be tried again. */
static void
short_forget(const struct asker *a)
{
	struct short_answer *s = short_find(a), **at = &short_first;

	if (s == NULL)
		return;
	while (*at != s)
		at = &(*at)->next;
	*at = s->next;
	if (short_tail == &s->next)
		short_tail = at;
	short_drop(s);
}

static void
short_keep(const struct asker *a, const struct response *rs)
{
	struct short_answer *s = short_find(a);

	if (s == NULL || s->status != 0)
		return;
	s->status = rs->status;
	if (rs->body_len > 0 && (s->body = malloc(rs->body_len)) != NULL) {
		memcpy(s->body, rs->body, rs->body_len);
		s->body_len = rs->body_len;
	}
}

void
reply_mark(const struct asker *a)
{
	struct short_answer *s = calloc(1, sizeof *s), **found;

	if (s == NULL)
		return;
	memcpy(s->peer, a->idem_peer, sizeof s->peer);
	memcpy(s->key, a->idem_key, sizeof s->key);
	memcpy(s->body_mac, a->body_mac, sizeof s->body_mac);
	s->at_ms = rel_mono_ms();
	found = tsearch(s, &short_tree, short_compare);
	if (found == NULL || *found != s) {
		free(s);
		return;
	}
	*short_tail = s;
	short_tail = &s->next;
	if (++short_n > SHORT_MAX)
		short_drop_first();
}

/* ---- sending */

static void
reply_go(struct core *c, void *arg, bool ok)
{
	struct late_reply *r = arg;
	struct peer *p = peers_find(c, r->a.peer);

	if (!ok) {
		struct response rs = { .problem = "backend-unavailable",
		    .detail = "nothing was changed; try again",
		    .retry_after_s = 2 };

		rel_buf_reset(&r->out);
		response_put(&r->out, &rs);
		if (r->a.keep_short)
			short_forget(&r->a);
	}
	if (p != NULL && !r->out.failed)
		(void)ipc_send(p->chan, IPC_RESPONSE, r->a.frame_id,
		    r->out.data, r->out.len);
	rel_buf_fini_secret(&r->out);
	free(r);
}

static void
send_response(struct core *c, const struct asker *a,
    const struct response *rs)
{
	struct peer *p;

	if (!store_is_open(c->st) && (p = peers_find(c, a->peer)) != NULL) {
		struct rel_buf out;

		rel_buf_init(&out);
		response_put(&out, rs);
		if (!out.failed)
			(void)ipc_send(p->chan, IPC_RESPONSE, a->frame_id,
			    out.data, out.len);
		rel_buf_fini(&out);
	} else if (store_is_open(c->st)) {
		struct late_reply *r = calloc(1, sizeof *r);

		if (r == NULL)
			return;
		r->a = *a;
		rel_buf_init(&r->out);
		response_put(&r->out, rs);
		core_defer(c, reply_go, r);
	}
}

static void
answer_keep(struct core *c, const struct asker *a, const struct response *rs)
{
	struct kept_answer k;
	struct rel_err err;

	if (a->keep_short) {
		short_keep(a, rs);
		return;
	}
	if (core_write(c, &err) < 0)
		return;
	memset(&k, 0, sizeof k);
	memcpy(k.body_mac, a->body_mac, sizeof k.body_mac);
	k.at_ms = rel_now_ms();
	k.status = rs->status;
	memcpy(k.problem, rs->problem, sizeof k.problem);
	k.body = (char *)(uintptr_t)rs->body;
	k.body_len = rs->body_len;
	if (store_answer_add(c->st, a->idem_peer, a->idem_key, &k) < 0)
		core_spoil(c, 0);
}

void
reply_text(struct core *c, const struct asker *a, int status,
    const char *text, size_t len)
{
	struct response rs = { .status = status, .body = text,
	    .body_len = len };

	if (a->keep || a->keep_short)
		answer_keep(c, a, &rs);
	send_response(c, a, &rs);
}

void
reply_json(struct core *c, const struct asker *a, int status, json_t *body)
{
	char *text = body != NULL ? json_dumps(body, JSON_COMPACT) : NULL;

	if (text == NULL && status != 204)
		reply_problem(c, a, "internal", 0, "no memory");
	else
		reply_text(c, a, status, text, text != NULL ?
		    strlen(text) : 0);
	free(text);
	json_decref(body);
}

void
reply_problem(struct core *c, const struct asker *a, const char *code,
    unsigned retry_s, const char *detail, ...)
{
	struct response rs = { .retry_after_s = retry_s };
	va_list ap;

	snprintf(rs.problem, sizeof rs.problem, "%s", code);
	va_start(ap, detail);
	vsnprintf(rs.detail, sizeof rs.detail, detail, ap);
	va_end(ap);
	rel_text_clean(rs.detail, sizeof rs.detail, rs.detail);
	if (a->keep_short)
		short_forget(a);
	send_response(c, a, &rs);
}

void
reply_field(struct core *c, const struct asker *a, const char *code,
    const char *field, const char *detail)
{
	struct response rs = { .status = 0 };

	snprintf(rs.problem, sizeof rs.problem, "%s", code);
	rel_text_clean(rs.detail, sizeof rs.detail, detail);
	rel_text_clean(rs.field, sizeof rs.field, field);
	if (a->keep_short)
		short_forget(a);
	send_response(c, a, &rs);
}

void
reply_broken(struct core *c, const struct asker *a, int rc)
{
	rel_log(REL_WARN, "request failed", "why=%s", rel_err_name(rc));
	reply_problem(c, a, "backend-unavailable", 2,
	    "the database cannot be used now; nothing was changed");
}

/* ---- repeating */

static int
replay(struct core *c, const struct asker *a, const uint8_t body_mac[32],
    const struct response *kept)
{
	struct asker plain = *a;
	struct response rs = *kept;

	plain.keep = plain.keep_short = false;
	if (CRYPTO_memcmp(body_mac, a->body_mac, 32) != 0) {
		reply_problem(c, &plain, "idempotency-conflict", 0,
		    "this request id was used for another request");
		return 1;
	}
	rs.replayed = rs.status != 0;
	send_response(c, &plain, &rs);
	return 1;
}

int
reply_replay(struct core *c, struct asker *a)
{
	struct response rs = { 0 };
	struct short_answer *s;
	struct kept_answer k;
	int rc;

	if (a->idem_key[0] == '\0')
		return 0;
	if ((s = short_find(a)) != NULL) {
		if (s->status == 0) {
			/* The first one is still being worked on. */
			snprintf(rs.problem, sizeof rs.problem, "device-busy");
			rs.retry_after_s = 1;
		}
		rs.status = s->status;
		rs.body = s->body;
		rs.body_len = s->body_len;
		return replay(c, a, s->body_mac, &rs);
	}
	rc = store_answer_get(c->st, a->idem_peer, a->idem_key, &k);
	if (rc == -REL_E_NOTFOUND)
		return 0;
	if (rc == 0) {
		rs.status = k.status;
		memcpy(rs.problem, k.problem, sizeof rs.problem);
		rs.body = k.body;
		rs.body_len = k.body_len;
		(void)replay(c, a, k.body_mac, &rs);
	} else {
		reply_broken(c, a, rc);
	}
	free(k.body);
	return 1;
}

void
reply_expire(struct core *c)
{
	struct rel_err err;

	while (short_first != NULL &&
	    short_first->at_ms < rel_mono_ms() - KEEP_SHORT_MS)
		short_drop_first();
	if (core_write(c, &err) == 0 &&
	    store_answer_forget(c->st, rel_now_ms() - KEEP_MS) < 0)
		core_spoil(c, 0);
}

void
reply_fini(struct core *c)
{
	(void)c;
	while (short_first != NULL)
		short_drop_first();
}

json_t *
json_time(int64_t ms)
{
	char text[32];

	if (ms == 0)
		return json_null();
	rel_time_text(text, ms);
	return json_string(text);
}
