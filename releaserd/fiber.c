/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/fiber.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include <event2/event_struct.h>

#include "lib/dial.h"
#include "lib/text.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/common_interface_defs.h>
#define LEAVE(fake, stack, n) __sanitizer_start_switch_fiber(fake, stack, n)
#define ARRIVE(fake, stack, n) __sanitizer_finish_switch_fiber(fake, stack, n)
#else
#define LEAVE(fake, stack, n) ((void)(fake), (void)(stack), (void)(n))
#define ARRIVE(fake, stack, n) ((void)(fake), (void)(stack), (void)(n))
#endif

#define STACK_BYTES (512u << 10)	/* only what is used costs memory */

struct fiber {
	ucontext_t at;
	char *stack;			/* with a page nobody may touch below */
	size_t bytes;
	void *fake;			/* of the address sanitizer */
	void (*work)(void *arg);	/* NULL: it has none */
	void *arg;
	struct event ev;
	short happened;
	uint32_t tag;			/* what it is at */
	struct fiber *next;
};

static struct {
	struct event_base *base;
	struct fiber *all, *now;	/* now: at work; NULL in the loop */
	unsigned n, most;
	bool ending;
	volatile uint32_t *shown;	/* the tag of who is at work */
	ucontext_t loop;
	const void *stack;		/* the loop's, for the sanitizer */
	size_t bytes;
} us;

/* ---- from stack to stack */

static void
show(uint32_t tag)
{
	if (us.shown != NULL)
		*us.shown = tag;
}

static void
enter(struct fiber *f)
{
	void *fake = NULL;

	us.now = f;
	show(f->tag);
	LEAVE(&fake, f->stack, f->bytes);
	(void)swapcontext(&us.loop, &f->at);
	ARRIVE(fake, NULL, NULL);
	us.now = NULL;
	show(0);
}

static void
leave(struct fiber *f)
{
	LEAVE(&f->fake, us.stack, us.bytes);
	(void)swapcontext(&f->at, &us.loop);
	ARRIVE(f->fake, &us.stack, &us.bytes);
}

/* One work after the other; it never returns. */
static void
begin(void)
{
	struct fiber *f = us.now;

	ARRIVE(NULL, &us.stack, &us.bytes);
	for (;;) {
		f->work(f->arg);
		f->work = NULL;
		leave(f);
	}
}

/* ---- waiting */

static void
on_event(evutil_socket_t fd, short what, void *ctx)
{
	struct fiber *f = ctx;

	(void)fd;
	f->happened = what;
	enter(f);
}

/* Not in a fiber: rel_wait() waits by itself. */
static int
give_way(int fd, short events, int64_t until_ms)
{
	int64_t left = until_ms - rel_mono_ms();
	struct timeval tv = { left / 1000, left % 1000 * 1000 };
	struct fiber *f = us.now;
	short what = (short)(((events & POLLIN) != 0 ? EV_READ : 0) |
	    ((events & POLLOUT) != 0 ? EV_WRITE : 0));

	if (f == NULL)
		return -1;
	/* The loop's own time is that of its last round: too early an end. */
	(void)event_base_update_cache_time(us.base);
	if (us.ending || left <= 0 ||
	    event_assign(&f->ev, us.base, fd, what, on_event, f) < 0 ||
	    event_add(&f->ev, &tv) < 0)
		return 0;
	leave(f);
	return !us.ending && (f->happened & (EV_READ | EV_WRITE)) != 0;
}

struct fiber *
fiber_now(void)
{
	return us.now;
}

void
fiber_wake(struct fiber *f)
{
	event_active(&f->ev, EV_READ, 0);
}

void
fiber_show(volatile uint32_t *where)
{
	us.shown = where;
	show(0);
}

void
fiber_tag(uint32_t tag)
{
	if (us.now == NULL)
		return;
	us.now->tag = tag;
	show(tag);
}

uint32_t
fiber_tag_now(void)
{
	return us.now != NULL ? us.now->tag : 0;
}

void
fiber_loop_for(uint32_t tag)
{
	if (us.now == NULL)
		show(tag);
}

/* ---- beginning and end */

void
fiber_init(struct event_base *base, unsigned most)
{
	us.base = base;
	us.most = most;
	us.ending = false;
	rel_wait_by(give_way);
}

static struct fiber *
fiber_new(void)
{
	struct fiber *f = us.n < us.most ? calloc(1, sizeof *f) : NULL;

	if (f == NULL)
		return NULL;
	f->bytes = STACK_BYTES;
	f->stack = mmap(NULL, f->bytes, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (f->stack == MAP_FAILED || getcontext(&f->at) < 0 ||
	    mprotect(f->stack, (size_t)sysconf(_SC_PAGESIZE), PROT_NONE) <
	    0) {
		if (f->stack != MAP_FAILED)
			(void)munmap(f->stack, f->bytes);
		free(f);
		return NULL;
	}
	f->at.uc_stack.ss_sp = f->stack;
	f->at.uc_stack.ss_size = f->bytes;
	makecontext(&f->at, begin, 0);
	f->next = us.all;
	us.all = f;
	us.n++;
	return f;
}

bool
fiber_go(void (*work)(void *arg), void *arg)
{
	struct fiber *f = us.all;

	if (us.base == NULL || us.ending || us.now != NULL)
		return false;
	while (f != NULL && f->work != NULL)
		f = f->next;
	if (f == NULL && (f = fiber_new()) == NULL)
		return false;
	f->work = work;
	f->arg = arg;
	f->tag = 0;
	enter(f);
	return true;
}

void
fiber_fini(void)
{
	us.ending = true;
	while (us.all != NULL) {
		struct fiber *f = us.all;

		if (f->work != NULL) {
			(void)event_del(&f->ev);
			enter(f);
			continue;
		}
		us.all = f->next;
		us.n--;
		(void)munmap(f->stack, f->bytes);
		free(f);
	}
	rel_wait_by(NULL);
	us.shown = NULL;
	us.base = NULL;
}
