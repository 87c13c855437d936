/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Questions to super.  What changes something is in the audit log before super
 * hears of it, so that nothing is ever changed that nobody has asked for.
 */
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/admin.h"

#define ASKED_MAX 64u

struct super_question {
	uint32_t id;
	super_done done;
	void *ctx;
	struct super_question *next;
};

struct admin {
	struct super_question *first;
	uint32_t next_id, n;
};

int
admin_init(struct core *c)
{
	c->admin = calloc(1, sizeof *c->admin);
	return c->admin != NULL ? 0 : -REL_E_NOMEM;
}

/* The question with this id (0: the first), out of the list. */
static struct super_question *
question_take(struct admin *ad, uint32_t id)
{
	struct super_question **at = &ad->first, *q;

	while (*at != NULL && id != 0 && (*at)->id != id)
		at = &(*at)->next;
	if ((q = *at) != NULL) {
		*at = q->next;
		ad->n--;
	}
	return q;
}

void
admin_fini(struct core *c)
{
	struct super_question *q;

	if (c->admin == NULL)
		return;
	while ((q = question_take(c->admin, 0)) != NULL) {
		q->done(c, NULL, q->ctx);
		free(q);
	}
	free(c->admin);
	c->admin = NULL;
}

int
super_ask(struct core *c, unsigned type, const struct rel_buf *body,
    super_done done, void *ctx)
{
	struct admin *ad = c->admin;
	struct super_question *q;

	if (ad->n >= ASKED_MAX || (body != NULL && body->failed) ||
	    (q = calloc(1, sizeof *q)) == NULL)
		return -REL_E_FULL;
	q->id = ++ad->next_id != 0 ? ad->next_id : ++ad->next_id;
	q->done = done;
	q->ctx = ctx;
	if (ipc_send(c->role->super, type, q->id,
	    body != NULL ? body->data : NULL,
	    body != NULL ? body->len : 0) < 0) {
		free(q);
		return -REL_E_FULL;
	}
	q->next = ad->first;
	ad->first = q;
	ad->n++;
	return 0;
}

void
admin_told(struct role *r, struct rel_frame *fr)
{
	struct core *c = r->own;
	struct super_question *q;
	struct admin_said said;
	struct ipc_listen on;

	if (fr->type == IPC_LISTEN) {
		(void)role_listen(r, fr, &on);
		certs_refresh(c);
	} else if (fr->type == IPC_TLS) {
		certs_refresh(c);
	} else if (fr->type == IPC_ADMIN_SAID &&
	    (q = question_take(c->admin, fr->id)) != NULL) {
		q->done(c, admin_said_get(&said, fr->body, fr->len) == 0 ?
		    &said : NULL, q->ctx);
		free(q);
	} else {
		rel_log(REL_ERROR, "unknown message from super", "type=%u",
		    fr->type);
	}
}

/* ---- calls */

struct admin_call *
admin_call_new(const struct asker *a, const struct caller *who, unsigned type)
{
	struct admin_call *k = calloc(1, sizeof *k);

	if (k == NULL)
		return NULL;
	k->a = *a;
	k->who = *who;
	k->type = type;
	rel_buf_init(&k->body);
	return k;
}

void
admin_call_free(struct admin_call *k)
{
	if (k == NULL)
		return;
	rel_buf_fini(&k->body);
	json_decref(k->changes);
	free(k);
}

void
admin_look(struct core *c, struct asker *a, const struct caller *who,
    unsigned type, super_done done)
{
	struct admin_call *k;

	if (api_admin(c, a, who) < 0)
		return;
	k = admin_call_new(a, who, type);
	if (k == NULL || super_ask(c, type, NULL, done, k) < 0) {
		reply_problem(c, a, "backend-unavailable", 2, "try again");
		admin_call_free(k);
	}
}

/* An order that waits for the commit of its audit record. */
struct order {
	struct admin_call *k;
	super_done done;
};

static void
order_go(struct core *c, void *arg, bool ok)
{
	struct order *o = arg;

	if (!ok || super_ask(c, o->k->type, &o->k->body, o->done,
	    o->k) < 0) {
		reply_problem(c, &o->k->a, "backend-unavailable", 2,
		    "nothing was changed; try again");
		admin_call_free(o->k);
	}
	free(o);
}

void
admin_order(struct core *c, struct admin_call *k, const char *what,
    const char *detail, super_done done)
{
	struct order *o = calloc(1, sizeof *o);
	struct rel_err err;

	if (o == NULL || core_write(c, &err) < 0) {
		free(o);
		reply_broken(c, &k->a, -REL_E_PEER);
		admin_call_free(k);
		return;
	}
	o->k = k;
	o->done = done;
	api_audit(c, &k->who, what, detail);
	core_defer(c, order_go, o);
}

void
admin_refused(struct core *c, struct admin_call *k, const char *what,
    const struct admin_said *said, const char *problem)
{
	const char *field = said != NULL &&
	    said->item < settings_table.n ?
	    settings_table.items[said->item].name :
	    k->field != NULL ? k->field : "";
	struct rel_err err;

	if (said == NULL || said->outcome == ADMIN_LATER) {
		reply_problem(c, &k->a, "backend-unavailable", 5, "%s",
		    said != NULL && said->why[0] != '\0' ? said->why :
		    "nothing was changed; try again");
		return;
	}
	if (!k->dry_run && core_write(c, &err) == 0)
		api_audit(c, &k->who, what, said->why);
	reply_field(c, &k->a, problem, field, said->why);
}
