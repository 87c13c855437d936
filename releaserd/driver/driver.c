/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * driver: speaks to devices, many at a time, each question on a stack of its
 * own (fiber.h).  It has nothing but what is in the questions.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "lib/log.h"
#include "releaserd/driver/relay.h"
#include "releaserd/fiber.h"
#include "releaserd/json_in.h"
#include "releaserd/role.h"

#define FIBERS 256u		/* core gives it no more (core/ask.c) */
#define TICK_S 15
#define NICE 5			/* panels come before polling */

struct driver_role {
	struct ipc_chan *core;
	unsigned cores;			/* that have come so far */
	struct event *tick;
	int at_fd;			/* which question is at work, for core */
	uint32_t *at;			/* the same; NULL: nobody sees it */
};

struct question {
	struct driver_role *of;
	unsigned core;			/* the one that asked */
	uint32_t id;
	struct rel_buf body;
	struct driver_ask ask;		/* borrows from body */
};

static int
answer(struct driver_role *dr, uint32_t id, const struct driver_said *s)
{
	struct rel_buf b;
	int rc;

	if (dr->core == NULL)
		return 0;
	rel_buf_init(&b);
	driver_said_put(&b, s);
	rc = b.failed ? -b.failed : ipc_send(dr->core, IPC_DRIVER_SAID, id,
	    b.data, b.len);
	rel_buf_fini_secret(&b);
	return rc;
}

/* core waits for each answer: one that cannot go is said to be none. */
static void
answer_failed(struct driver_role *dr, uint32_t id, int rc)
{
	struct driver_said s;

	rel_log(REL_WARN, "a question to a driver is not answered", "why=%s",
	    rel_err_name(-rc));
	driver_said_init(&s);
	s.rc = (int8_t)rc;
	if (answer(dr, id, &s) < 0)
		ipc_chan_fail(dr->core);
	driver_said_fini(&s);
}

static void
question_free(struct question *q)
{
	rel_buf_fini_secret(&q->body);
	rel_wipe(q, sizeof *q);
	free(q);
}

/* core may have gone meanwhile; another one did not ask this. */
static void
work(void *arg)
{
	struct question *q = arg;
	struct driver_said s;
	int rc = 0;

	fiber_tag(q->id);
	driver_said_init(&s);
	driver_call(&q->ask, &s);
	if (q->core == q->of->cores)
		rc = answer(q->of, q->id, &s);
	driver_said_fini(&s);
	if (rc < 0)
		answer_failed(q->of, q->id, rc);
	question_free(q);
}

static void
do_ask(struct driver_role *dr, const struct rel_frame *fr)
{
	struct question *q = calloc(1, sizeof *q);
	int rc = q == NULL ? -REL_E_NOMEM : 0;

	if (q != NULL) {
		q->of = dr;
		q->core = dr->cores;
		q->id = fr->id;
		rel_buf_init(&q->body);
		rel_put_raw(&q->body, fr->body, fr->len);
		rc = q->body.failed ? -q->body.failed :
		    driver_ask_get(&q->ask, q->body.data, q->body.len);
		if (rc == 0 && !fiber_go(work, q))
			rc = -REL_E_FULL;
		else if (rc == 0)
			return;
		question_free(q);
	}
	answer_failed(dr, fr->id, rc);
}

static void
on_frame(struct ipc_chan *ch, struct rel_frame *fr, void *ctx)
{
	struct role *r = ctx;

	(void)ch;
	if (fr->type == IPC_DRIVER_ASK)
		do_ask(r->own, fr);
	else if (fr->type == IPC_DRIVER_CALL)
		relay_said(fr);
	else
		rel_log(REL_WARN, "unknown message from core", "type=%u",
		    fr->type);
	rel_frame_drop_fds(fr);
}

static void
on_closed(struct ipc_chan *ch, void *ctx)
{
	struct role *r = ctx;
	struct driver_role *dr = r->own;

	(void)ch;
	ipc_chan_free(&dr->core);
	relay_lost();
	role_core_lost(r);
}

static void
on_tick(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd;
	(void)what;
	(void)ctx;
	for (size_t i = 0; drivers[i] != NULL; i++)
		if (drivers[i]->tick != NULL)
			drivers[i]->tick(rel_mono_ms());
}

/* Without it all that a process had is suspect when it dies. */
static void
show_work(struct driver_role *dr)
{
	void *at = MAP_FAILED;

	dr->at_fd = rel_compat_memfile();
	if (dr->at_fd >= 0 && ftruncate(dr->at_fd, sizeof *dr->at) == 0)
		at = mmap(NULL, sizeof *dr->at, PROT_READ | PROT_WRITE,
		    MAP_SHARED, dr->at_fd, 0);
	if (at != MAP_FAILED)
		fiber_show(dr->at = at);
}

static int
driver_init(struct role *r, struct rel_err *err)
{
	struct timeval every = { TICK_S, 0 };
	struct driver_role *dr = calloc(1, sizeof *dr);

	r->own = dr;
	if (dr != NULL)
		dr->at_fd = -1;
	if (dr != NULL)
		dr->tick = event_new(r->base, -1, EV_PERSIST, on_tick, NULL);
	if (dr == NULL || dr->tick == NULL ||
	    event_add(dr->tick, &every) < 0 || driver_http_begin(r->base) < 0)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	json_in_init();
	/* A name server that is away must not hold up the others for long. */
	(void)setenv("RES_OPTIONS", "timeout:1 attempts:2", 0);
	fiber_init(r->base, FIBERS);
	show_work(dr);
	relay_begin(&dr->core);
	(void)setpriority(PRIO_PROCESS, 0, NICE);
	role_drop_start(r);
	return 0;
}

/*
 * core knows drivers by what this says, not by their code; and gets the file
 * in memory that tells, should this process die, over which question.
 */
static void
say_drivers(struct driver_role *dr)
{
	struct rel_frame fr = { .type = IPC_DRIVER_LIST };
	int at_fd = dr->at != NULL ? dup(dr->at_fd) : -1;
	struct rel_buf b;
	uint32_t n = 0;

	while (drivers[n] != NULL)
		n++;
	rel_buf_init(&b);
	rel_put_u32(&b, n);
	for (uint32_t i = 0; i < n; i++) {
		rel_put_str(&b, drivers[i]->name);
		rel_put_str(&b, drivers[i]->words);
		rel_put_u32(&b, drivers[i]->can);
	}
	fr.body = b.data;
	fr.len = b.len;
	if (at_fd >= 0)
		fr.fds[fr.nfds++] = at_fd;
	(void)ipc_send_frame(dr->core, &fr);
	rel_buf_fini(&b);
}

static void
driver_peer(struct role *r, enum ipc_role who, uint32_t index, int fd)
{
	struct driver_role *dr = r->own;

	(void)index;
	if (who != ROLE_CORE) {
		close(fd);
		return;
	}
	ipc_chan_free(&dr->core);
	relay_lost();
	dr->cores++;
	dr->core = ipc_chan_new(r->base, fd, "core", on_frame, on_closed, r);
	if (dr->core == NULL) {
		close(fd);
		return;
	}
	ipc_chan_large(dr->core);
	say_drivers(dr);
}

static void
driver_fini(struct role *r)
{
	struct driver_role *dr = r->own;

	fiber_fini();
	driver_http_end();
	if (dr != NULL) {
		ipc_chan_free(&dr->core);
		if (dr->tick != NULL)
			event_free(dr->tick);
		if (dr->at != NULL)
			(void)munmap(dr->at, sizeof *dr->at);
		if (dr->at_fd >= 0)
			close(dr->at_fd);
	}
	free(dr);
	r->own = NULL;
}

const struct role_ops driver_role = {
	.role = ROLE_DRIVER,
	.jail = REL_JAIL_AGENT,
	.init = driver_init,
	.peer = driver_peer,
	.fini = driver_fini
};
