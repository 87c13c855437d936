/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The channels to net, agent, send and render, and the questions to agents. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "releaserd/core/core.h"

#define QUESTIONS_MAX 8u	/* that one agent holds; the rest waits here */
#define WAITING_MAX 32u		/* those that wait for others */
#define BESIDE_MAX 2u		/* quick ones, beside those */
#define DEATHS_MAX 3u		/* of agents, over one question */

struct question {
	uint32_t id;
	unsigned type;
	uint64_t agent;			/* serial; 0 while it waits */
	uint64_t only;			/* no other agent will do; 0: any */
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

enum kind {
	ASK_QUICK,		/* at once, or a password's hash */
	ASK_WAITS,		/* for others; an agent has many */
	ASK_BLOCKS		/* all that an agent has waits with it */
};

static enum kind
kind_of(unsigned type)
{
	switch (type) {
	case IPC_MAIL:
		return ASK_BLOCKS;
	case IPC_DIR_LOGIN:
	case IPC_DIR_FIND:
	case IPC_DIR_TEST:
	case IPC_SYNC_NEXT:
		return ASK_WAITS;
	default:
		return ASK_QUICK;
	}
}

/*
 * Who gets nothing now: spare none of what waits, as one of several agents is
 * left for passwords; drained nothing at all, until it has nothing left.
 */
struct pass {
	const struct peer *spare, *drained;
};

static struct pass
pass_begin(const struct core *c)
{
	const struct peer *p = c->agents;

	return (struct pass){ p != NULL && p->next != NULL ? p : NULL, NULL };
}

/* What an agent died of, perhaps, is alone with the next. */
static bool
has_room(const struct pass *at, const struct peer *p, enum kind kind,
    bool suspect)
{
	if (p == at->drained || p->suspect)
		return false;
	if (suspect)
		return p->busy == 0;
	if (kind == ASK_QUICK)
		return p->busy - p->slow < (p->slow > 0 ? BESIDE_MAX :
		    QUESTIONS_MAX);
	if (kind == ASK_BLOCKS)
		return p->slow == 0;
	return p != at->spare && !p->blocked && p->slow < WAITING_MAX;
}

/* Behind one that blocks comes what has no choice, then beside others. */
static bool
is_better(const struct peer *p, const struct peer *best)
{
	if (best == NULL || p->blocked != best->blocked)
		return best == NULL || best->blocked;
	return p->slow < best->slow ||
	    (p->slow == best->slow && p->busy < best->busy);
}

static struct peer *
agent_for(const struct core *c, const struct pass *at, enum kind kind,
    bool suspect)
{
	struct peer *best = NULL;

	for (struct peer *p = c->agents; p != NULL; p = p->next)
		if (has_room(at, p, kind, suspect) && is_better(p, best))
			best = p;
	return best;
}

/* A suspect waits for an agent that has nothing: one is to have that soon. */
static void
drain(const struct core *c, struct pass *at, const struct question *q)
{
	bool only = c->agents != NULL && c->agents->next == NULL;

	if (q->deaths == 0 && !(only && kind_of(q->type) == ASK_BLOCKS))
		return;
	for (const struct peer *p = c->agents; p != NULL; p = p->next)
		if (at->drained == NULL || p->busy < at->drained->busy)
			at->drained = p;
}

static void
agent_takes(struct peer *p, struct question *q)
{
	enum kind kind = kind_of(q->type);

	q->agent = p->serial;
	p->busy++;
	p->slow += kind != ASK_QUICK;
	p->blocked = kind == ASK_BLOCKS;
	p->suspect = q->deaths > 0;
}

/* Give waiting questions to the agents that have room. */
static void
questions_hand_out(struct core *c)
{
	struct pass at = pass_begin(c);

	for (struct question *q = questions; q != NULL; q = q->next) {
		struct peer *p;

		if (q->agent != 0)
			continue;
		p = q->only != 0 ? peers_find(c, q->only) :
		    agent_for(c, &at, kind_of(q->type), q->deaths > 0);
		if (p == NULL)
			drain(c, &at, q);
		else if (ipc_send(p->chan, q->type, q->id, q->body.data,
		    q->body.len) == 0)
			agent_takes(p, q);
	}
}

unsigned
agents_wait_for(const struct core *c)
{
	unsigned n = 0;

	for (const struct peer *p = c->agents; p != NULL; p = p->next)
		n++;
	return WAITING_MAX * (n > 1 ? n - 1 : 1);
}

uint64_t
agent_choose(struct core *c)
{
	struct pass at = pass_begin(c);
	const struct peer *p = agent_for(c, &at, ASK_WAITS, false);

	return p != NULL ? p->serial : 0;
}

int
agent_ask_one(struct core *c, uint64_t only, unsigned type,
    const struct rel_buf *body, agent_done done, void *ctx)
{
	struct question *q, **at = &questions;

	if (nquestions >= (uint32_t)c->role->set.max_login_wait ||
	    (q = calloc(1, sizeof *q)) == NULL)
		return -REL_E_FULL;
	rel_buf_init(&q->body);
	rel_put_raw(&q->body, body->data, body->len);
	q->id = ++next_question;
	q->type = type;
	q->only = only;
	q->done = done;
	q->ctx = ctx;
	while (*at != NULL)
		at = &(*at)->next;
	*at = q;
	nquestions++;
	questions_hand_out(c);
	return 0;
}

int
agent_ask(struct core *c, unsigned type, const struct rel_buf *body,
    agent_done done, void *ctx)
{
	return agent_ask_one(c, 0, type, body, done, ctx);
}

static void
agent_answered(struct peer *p, struct rel_frame *fr)
{
	struct core *c = p->core;

	for (struct question *q = questions; q != NULL; q = q->next) {
		if (q->id != fr->id || q->agent != p->serial)
			continue;
		p->busy--;
		p->slow -= kind_of(q->type) != ASK_QUICK;
		p->blocked = p->suspect = false;
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
 * An agent died: what it had is asked again, elsewhere or later.  It may have
 * died of any of them: each is alone with an agent next time.
 */
static void
agent_gone(struct core *c, uint64_t serial)
{
	struct question *q;

	for (q = questions; q != NULL; q = q->next)
		if (q->agent == serial || q->only == serial) {
			q->agent = 0;
			q->deaths += q->only != 0 ? DEATHS_MAX : 1;
		}
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
