/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Questions to agents and to drivers: who gets which, what becomes of them
 * when one dies or hangs.  Two pools, one mechanism; how much one takes and
 * who is best is each pool's own.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/rand.h>

#include "releaserd/core/core.h"

#define QUESTIONS_MAX 8u	/* that one agent holds; the rest waits here */
#define WAITING_MAX 32u		/* those that wait for others */
#define BESIDE_MAX 2u		/* quick ones, beside those */
#define DRIVER_MAX 256u		/* that one driver holds */
#define DRIVER_WAIT_MAX 8192u	/* that wait for drivers */
#define DEATHS_MAX 3u		/* of agents, over one question */
#define DOUBT_MAX 3u		/* of drivers it was in: it is doubted */
#define GRACE_MS 5000		/* behind the deadline: it hangs */
#define TICK_LATE_MS 3000	/* core itself was away */

struct question {
	struct ask_for of;
	uint32_t id;
	uint64_t peer;			/* serial; 0 while it waits */
	unsigned deaths;
	unsigned share;			/* suspect: one may have died of it; the next
					 * has so many like it at most.  0: it is none */
	bool deadly;			/* nobody is asked any more */
	int64_t late_ms;		/* its peer hangs from then on; 0 never */
	struct rel_buf body;
	agent_done done;
	void *ctx;
	struct question *next;
};

/* In order of asking; answered ones leave. */
struct pool {
	struct question *first;
	uint32_t n;
};
static struct pool agents, drivers;
static uint32_t next_question;
static int64_t ticked_ms;

static struct pool *
pool_of(enum ipc_role role)
{
	return role == ROLE_DRIVER ? &drivers : &agents;
}

static struct peer *
peers_of(const struct core *c, enum ipc_role role)
{
	return role == ROLE_DRIVER ? c->drivers : c->agents;
}

static void
question_end(struct core *c, struct question *q, struct rel_frame *fr)
{
	struct pool *pool = pool_of(q->of.role);
	struct question **at = &pool->first;

	while (*at != q)
		at = &(*at)->next;
	*at = q->next;
	pool->n--;
	q->done(c, fr, q->ctx);
	rel_buf_fini_secret(&q->body);
	free(q);
}

/* ---- who gets it */

enum kind {
	ASK_QUICK,		/* at once, or a password's hash */
	ASK_WAITS,		/* for others; one has many */
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
	case IPC_DRIVER_ASK:
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
pass_begin(const struct core *c, enum ipc_role role)
{
	const struct peer *p = c->agents;

	return (struct pass){ role == ROLE_AGENT && p != NULL &&
	    p->next != NULL ? p : NULL, NULL };
}

/* What one died of, perhaps, is alone with the next, or with its like. */
static bool
has_room(const struct pass *at, const struct peer *p, enum kind kind,
    unsigned share)
{
	if (p == at->drained || p->hung)
		return false;
	if (share != 0)
		return p->busy == 0 || p->busy < (p->share < share ?
		    p->share : share);
	if (p->share != 0)
		return false;
	if (p->role == ROLE_DRIVER)
		return p->busy < DRIVER_MAX;
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
best_for(const struct core *c, const struct pass *at,
    const struct question *q)
{
	struct peer *best = NULL;

	for (struct peer *p = peers_of(c, q->of.role); p != NULL; p = p->next)
		if (has_room(at, p, kind_of(q->of.type), q->share) &&
		    is_better(p, best))
			best = p;
	return best;
}

/* The one that has this device's connections, by its number among all. */
static struct peer *
home_of(const struct core *c, const struct question *q)
{
	struct peer *home = NULL;
	uint32_t n = 0;

	for (const struct peer *p = c->drivers; p != NULL; p = p->next)
		n++;
	for (struct peer *p = c->drivers; p != NULL; p = p->next)
		if (p->index % n == q->of.place % n && (home == NULL ||
		    p->index < home->index))
			home = p;
	return home;
}

/* Only one at a time has suspects: the others go on. NULL: none has. */
static struct peer *
with_suspects(const struct core *c)
{
	struct peer *p = c->drivers;

	while (p != NULL && p->share == 0)
		p = p->next;
	return p;
}

static struct peer *
driver_for_suspect(const struct core *c, const struct pass *at,
    const struct question *q)
{
	struct peer *p = with_suspects(c);

	if (p == NULL)
		return best_for(c, at, q);
	return has_room(at, p, ASK_WAITS, q->share) ? p : NULL;
}

/* Its home; another one while that is busy with suspects or hangs. */
static struct peer *
driver_for(const struct core *c, const struct pass *at,
    const struct question *q)
{
	struct peer *home;

	if (q->share != 0)
		return driver_for_suspect(c, at, q);
	if ((home = home_of(c, q)) != NULL && home->share == 0 &&
	    !home->hung && home != at->drained)
		return has_room(at, home, ASK_WAITS, 0) ? home : NULL;
	return best_for(c, at, q);
}

static struct peer *
peer_for(struct core *c, const struct pass *at, const struct question *q)
{
	if (q->of.only != 0)
		return peers_find(c, q->of.only);
	return q->of.role == ROLE_DRIVER ? driver_for(c, at, q) :
	    best_for(c, at, q);
}

/* A suspect waits for one that has nothing: one is to have that soon. */
static void
drain(const struct core *c, struct pass *at, const struct question *q)
{
	const struct peer *all = peers_of(c, q->of.role);
	bool only = all != NULL && all->next == NULL;

	if (q->share == 0 && !(only && kind_of(q->of.type) == ASK_BLOCKS))
		return;
	if (q->of.role == ROLE_DRIVER && with_suspects(c) != NULL)
		return;
	for (const struct peer *p = all; p != NULL; p = p->next)
		if (!p->hung && (at->drained == NULL ||
		    p->busy < at->drained->busy))
			at->drained = p;
}

static void
peer_takes(struct peer *p, struct question *q)
{
	enum kind kind = kind_of(q->of.type);

	q->peer = p->serial;
	q->late_ms = q->of.deadline_ms == 0 ? 0 : rel_mono_ms() +
	    q->of.deadline_ms + GRACE_MS;
	if (q->share != 0 && (p->share == 0 || q->share < p->share))
		p->share = q->share;
	p->busy++;
	p->slow += kind != ASK_QUICK;
	p->blocked |= kind == ASK_BLOCKS;
}

/* Give waiting questions to those that have room. */
static void
hand_out(struct core *c, enum ipc_role role)
{
	struct pass at = pass_begin(c, role);

	for (struct question *q = pool_of(role)->first; q != NULL;
	    q = q->next) {
		struct peer *p;

		if (q->peer != 0 || q->deadly)
			continue;
		p = peer_for(c, &at, q);
		if (p == NULL)
			drain(c, &at, q);
		else if (ipc_send(p->chan, q->of.type, q->id, q->body.data,
		    q->body.len) == 0)
			peer_takes(p, q);
	}
}

/* ---- asking */

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
	struct pass at = pass_begin(c, ROLE_AGENT);
	const struct question q = { .of = { .role = ROLE_AGENT,
		.type = IPC_SYNC_NEXT } };
	const struct peer *p = best_for(c, &at, &q);

	return p != NULL ? p->serial : 0;
}

static uint32_t
room_of(const struct core *c, enum ipc_role role)
{
	return role == ROLE_DRIVER ? DRIVER_WAIT_MAX :
	    (uint32_t)c->role->set.max_login_wait;
}

/*
 * Never 0, and not where the core before this one began: what it asked may
 * still be answered.
 */
static uint32_t
new_id(void)
{
	if (next_question == 0)
		(void)RAND_bytes((uint8_t *)&next_question,
		    sizeof next_question);
	if (++next_question == 0)
		next_question = 1;
	return next_question;
}

int
ask_peer(struct core *c, const struct ask_for *a, const struct rel_buf *body,
    agent_done done, void *ctx)
{
	struct pool *pool = pool_of(a->role);
	struct question *q, **at = &pool->first;

	if (pool->n >= room_of(c, a->role) ||
	    (q = calloc(1, sizeof *q)) == NULL)
		return -REL_E_FULL;
	rel_buf_init(&q->body);
	rel_put_raw(&q->body, body->data, body->len);
	if (body->failed || q->body.failed) {
		rel_buf_fini_secret(&q->body);
		free(q);
		return -REL_E_FULL;
	}
	q->of = *a;
	q->id = new_id();
	q->deadly = a->never;
	q->done = done;
	q->ctx = ctx;
	while (*at != NULL)
		at = &(*at)->next;
	*at = q;
	pool->n++;
	hand_out(c, a->role);
	return 0;
}

int
agent_ask_one(struct core *c, uint64_t only, unsigned type,
    const struct rel_buf *body, agent_done done, void *ctx)
{
	const struct ask_for a = { .role = ROLE_AGENT, .type = type,
		.only = only };

	return ask_peer(c, &a, body, done, ctx);
}

int
agent_ask(struct core *c, unsigned type, const struct rel_buf *body,
    agent_done done, void *ctx)
{
	return agent_ask_one(c, 0, type, body, done, ctx);
}

void
ask_count(const struct core *c, enum ipc_role role, struct ask_tally *out)
{
	memset(out, 0, sizeof *out);
	for (const struct peer *p = peers_of(c, role); p != NULL; p = p->next)
		out->peers++;
	for (const struct question *q = pool_of(role)->first; q != NULL;
	    q = q->next) {
		out->asked += q->peer != 0;
		out->waiting += q->peer == 0;
	}
}

/* ---- what becomes of it */

void
asked_answered(struct peer *p, struct rel_frame *fr)
{
	struct core *c = p->core;
	enum ipc_role role = p->role;

	for (struct question *q = pool_of(role)->first; q != NULL;
	    q = q->next) {
		if (q->id != fr->id || q->peer != p->serial)
			continue;
		p->slow -= kind_of(q->of.type) != ASK_QUICK;
		p->blocked &= kind_of(q->of.type) != ASK_BLOCKS;
		if (--p->busy == 0)
			p->share = 0;
		question_end(c, q, fr);
		hand_out(c, role);
		return;
	}
	rel_log(REL_WARN, "answer to no question", "from=%s id=%u",
	    ipc_role_name(role), fr->id);
}

/* Those that were deadly too often, or are for nobody. */
static void
give_up(struct core *c, enum ipc_role role)
{
	struct question *q;

	do {
		q = pool_of(role)->first;
		while (q != NULL && !q->deadly)
			q = q->next;
		if (q != NULL)
			question_end(c, q, NULL);
	} while (q != NULL);
}

/* An agent may have died of any of them: each is alone with another next. */
static void
blame_agent(struct question *q)
{
	q->deaths += q->of.only != 0 ? DEATHS_MAX : 1;
	q->share = 1;
	q->deadly = q->deaths >= DEATHS_MAX;
}

/*
 * A driver has hundreds: only the one it was at is alone next time.  When
 * drivers keep dying the others are with half as many each time.  What dies
 * alone was it.
 */
static void
blame_driver(struct question *q, uint32_t at, unsigned together)
{
	unsigned half = together > 1 ? together / 2 : 1;

	q->deadly = q->share == 1;
	q->deaths += at != 0 ? 1 : 2;
	if (q->id == at)
		q->share = 1;
	else if (q->deaths >= DOUBT_MAX && (q->share == 0 || half < q->share))
		q->share = half;
}

/* Which question was it at? 0: none, or nobody knows. */
static uint32_t
shown_by(const struct peer *p)
{
	uint32_t at = 0;

	if (p->at_fd < 0 || pread(p->at_fd, &at, sizeof at, 0) != sizeof at)
		return 0;
	return at;
}

void
asked_shown(struct peer *p, struct rel_frame *fr)
{
	if (p->at_fd >= 0 || fr->nfds != 1 ||
	    !rel_compat_is_memfile(fr->fds[0]))
		return;
	p->at_fd = fr->fds[0];
	fr->nfds = 0;
}

/* One died: what it had is asked again, elsewhere or later. */
void
asked_gone(struct core *c, const struct peer *gone)
{
	enum ipc_role role = gone->role;
	uint64_t serial = gone->serial;
	uint32_t at = shown_by(gone);

	for (struct question *q = pool_of(role)->first; q != NULL;
	    q = q->next) {
		if (q->peer != serial && q->of.only != serial)
			continue;
		if (role == ROLE_DRIVER)
			blame_driver(q, at, gone->busy);
		else
			blame_agent(q);
		q->peer = 0;
	}
	give_up(c, role);
	hand_out(c, role);
}

void
asked_ready(struct core *c, enum ipc_role role)
{
	hand_out(c, role);
}

static void
tell_hung(struct core *c, struct peer *p)
{
	struct rel_buf b;

	rel_log(REL_ERROR, "it does not answer in time", "role=%s index=%u "
	    "questions=%u", ipc_role_name(p->role), p->index, p->busy);
	p->hung = true;
	rel_buf_init(&b);
	rel_put_u8(&b, (uint8_t)p->role);
	rel_put_u32(&b, p->index);
	(void)ipc_send(c->role->super, IPC_ROLE_HUNG, 0, b.data, b.len);
	rel_buf_fini(&b);
}

/* When core itself was away the answers may lie in the channel. */
void
ask_tick(struct core *c)
{
	int64_t now = rel_mono_ms();
	bool late = now - ticked_ms > TICK_LATE_MS;

	ticked_ms = now;
	give_up(c, ROLE_DRIVER);
	for (const struct question *q = drivers.first; q != NULL && !late;
	    q = q->next) {
		struct peer *p = q->peer != 0 && q->late_ms != 0 &&
		    now > q->late_ms ? peers_find(c, q->peer) : NULL;

		if (p != NULL && !p->hung)
			tell_hung(c, p);
	}
}

void
asked_fini(struct core *c)
{
	while (agents.first != NULL)
		question_end(c, agents.first, NULL);
	while (drivers.first != NULL)
		question_end(c, drivers.first, NULL);
	next_question = 0;
}
