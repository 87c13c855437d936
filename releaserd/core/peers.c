/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The channels to net, agent, send and render, and the questions to agents. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "releaserd/core/core.h"

#define QUESTIONS_MAX 8u	/* that one agent holds; the rest waits here */
#define DEATHS_MAX 3u		/* of agents, over one question */

struct question {
	uint32_t id;
	unsigned type;
	uint64_t agent;			/* serial; 0 while it waits */
	unsigned deaths;
	struct rel_buf body;
	agent_done done;
	void *ctx;
	struct question *next;
};

/* In order of asking; answered ones leave. */
static struct question *questions;
static uint32_t next_question, nquestions;

static struct peer **
peers_list(struct core *c, enum ipc_role role)
{
	switch (role) {
	case ROLE_NET:
		return &c->nets;
	case ROLE_AGENT:
		return &c->agents;
	case ROLE_SEND:
		return &c->sends;
	case ROLE_RENDER:
		return &c->renders;
	default:
		return NULL;
	}
}

struct peer *
peers_find(struct core *c, uint64_t serial)
{
	struct peer *lists[] = { c->nets, c->sends, c->agents, c->renders };

	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
		for (struct peer *p = lists[i]; p != NULL; p = p->next)
			if (p->serial == serial)
				return p;
	return NULL;
}

/* ---- agents */

static void
question_end(struct core *c, struct question *q, struct rel_frame *fr)
{
	struct question **at = &questions;

	while (*at != q)
		at = &(*at)->next;
	*at = q->next;
	nquestions--;
	q->done(c, fr, q->ctx);
	rel_buf_fini_secret(&q->body);
	free(q);
}

/* It waits for another machine: what comes behind it waits, too. */
static bool
is_slow(unsigned type)
{
	return type == IPC_MAIL || type == IPC_DIR_LOGIN ||
	    type == IPC_DIR_FIND || type == IPC_DIR_TEST;
}

/* An agent works in order: behind something slow comes what has no choice. */
static bool
is_better(const struct peer *p, const struct peer *best)
{
	return best == NULL || p->slow < best->slow ||
	    (p->slow == best->slow && p->busy < best->busy);
}

/* Give waiting questions to the agents that have room. */
static void
questions_hand_out(struct core *c)
{
	for (struct question *q = questions; q != NULL; q = q->next) {
		struct peer *best = NULL;

		if (q->agent != 0)
			continue;
		for (struct peer *p = c->agents; p != NULL; p = p->next)
			if (p->busy < QUESTIONS_MAX && is_better(p, best))
				best = p;
		if (best == NULL)
			return;
		if (ipc_send(best->chan, q->type, q->id, q->body.data,
		    q->body.len) < 0)
			return;
		best->busy++;
		best->slow += is_slow(q->type);
		q->agent = best->serial;
	}
}

int
agent_ask(struct core *c, unsigned type, const struct rel_buf *body,
    agent_done done, void *ctx)
{
	struct question *q, **at = &questions;

	if (nquestions >= (uint32_t)c->role->set.max_login_wait ||
	    (q = calloc(1, sizeof *q)) == NULL)
		return -REL_E_FULL;
	rel_buf_init(&q->body);
	rel_put_raw(&q->body, body->data, body->len);
	q->id = ++next_question;
	q->type = type;
	q->done = done;
	q->ctx = ctx;
	while (*at != NULL)
		at = &(*at)->next;
	*at = q;
	nquestions++;
	questions_hand_out(c);
	return 0;
}

static void
agent_answered(struct peer *p, struct rel_frame *fr)
{
	struct core *c = p->core;

	for (struct question *q = questions; q != NULL; q = q->next) {
		if (q->id != fr->id || q->agent != p->serial)
			continue;
		p->busy--;
		p->slow -= is_slow(q->type);
		question_end(c, q, fr);
		questions_hand_out(c);
		return;
	}
	rel_log(REL_WARN, "answer to no question", "from=agent id=%u",
	    fr->id);
}

static struct question *
question_deadly(void)
{
	struct question *q = questions;

	while (q != NULL && q->deaths < DEATHS_MAX)
		q = q->next;
	return q;
}

/*
 * An agent died: what it had is asked again, elsewhere or later.  It answers
 * in order, so the first may be what it died of.
 */
static void
agent_gone(struct core *c, uint64_t serial)
{
	struct question *first = NULL, *q;

	for (q = questions; q != NULL; q = q->next) {
		if (q->agent != serial)
			continue;
		q->agent = 0;
		if (first == NULL)
			first = q;
	}
	if (first != NULL)
		first->deaths++;
	while ((q = question_deadly()) != NULL)
		question_end(c, q, NULL);
	questions_hand_out(c);
}

/* ---- all peers */

static void
peer_remove(struct peer *gone)
{
	struct peer **at = peers_list(gone->core, gone->role);

	while (*at != gone)
		at = &(*at)->next;
	*at = gone->next;
	ipc_chan_free(&gone->chan);
}

static void
on_frame(struct ipc_chan *ch, struct rel_frame *fr, void *ctx)
{
	struct peer *p = ctx;

	if (p->role == ROLE_NET && fr->type == IPC_REQUEST)
		dispatch(p->core, p, fr);
	else if (p->role == ROLE_AGENT)
		agent_answered(p, fr);
	else if (p->role == ROLE_SEND)
		releases_send_frame(p->core, p, fr);
	else if (p->role == ROLE_RENDER)
		works_render_frame(p->core, p, fr);
	else
		ipc_chan_fail(ch);
	rel_frame_drop_fds(fr);
}

static void
on_closed(struct ipc_chan *ch, void *ctx)
{
	struct peer *p = ctx;
	struct core *c = p->core;
	uint64_t serial = p->serial;

	(void)ch;
	peer_remove(p);
	if (p->role == ROLE_SEND)
		releases_send_gone(c, p);
	if (p->role == ROLE_RENDER)
		works_render_gone(c, p);
	if (p->role == ROLE_AGENT)
		agent_gone(c, serial);
	free(p);
}

void
peers_add(struct core *c, enum ipc_role who, uint32_t index, int fd)
{
	struct peer **list = peers_list(c, who);
	struct peer *p = list != NULL ? calloc(1, sizeof *p) : NULL;

	if (p != NULL)
		p->chan = ipc_chan_new(c->role->base, fd, ipc_role_name(who),
		    on_frame, on_closed, p);
	if (p == NULL || p->chan == NULL) {
		close(fd);
		free(p);
		return;
	}
	if (who == ROLE_NET)
		ipc_chan_large(p->chan);
	p->core = c;
	p->role = who;
	p->index = index;
	p->serial = ++c->next_serial;
	p->next = *list;
	*list = p;
	if (who == ROLE_SEND)
		releases_send_ready(c, p);
	if (who == ROLE_RENDER)
		works_render_ready(c, p);
	if (who == ROLE_AGENT)
		questions_hand_out(c);
}

void
peers_fini(struct core *c)
{
	struct peer **lists[] = { &c->nets, &c->agents, &c->sends,
	    &c->renders };

	while (questions != NULL)
		question_end(c, questions, NULL);
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
		while (*lists[i] != NULL) {
			struct peer *p = *lists[i];

			peer_remove(p);
			free(p);
		}
}
