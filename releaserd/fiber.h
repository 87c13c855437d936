/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef FIBER_H
#define FIBER_H

#include <stdbool.h>
#include <stdint.h>

#include <event2/event.h>

/*
 * Work that waits for other machines, several at a time in one thread.  Each
 * has a stack of its own, and gives way to the loop wherever it calls
 * rel_wait(); nothing else happens in between, so nothing needs a lock.
 */

/*
 * From now on rel_wait() gives way, when it is called in a fiber.  most: how
 * many there may be; each that was ever needed keeps its stack.
 */
void fiber_init(struct event_base *base, unsigned most);

/*
 * Begin work(arg), from the loop.  It has ended, or waits, on return.  False:
 * there are as many as may be, or no memory; nothing has begun.
 */
bool fiber_go(void (*work)(void *arg), void *arg);

/*
 * The one at work; NULL in the loop.  What it then waits for with rel_wait(),
 * also with no descriptor (-1), has happened: only while it waits.
 */
struct fiber;
struct fiber *fiber_now(void);
void fiber_wake(struct fiber *f);

/*
 * *where always has the tag of the one at work, and 0 in the loop: memory of
 * others, who look when this process has died.  fiber_tag() is called in it.
 */
void fiber_show(volatile uint32_t *where);
void fiber_tag(uint32_t tag);
uint32_t fiber_tag_now(void);		/* 0 in the loop */
/* The loop works for it, until 0 is said. */
void fiber_loop_for(uint32_t tag);

/* Those that wait are told that it is too late, until all have ended. */
void fiber_fini(void);

#endif
