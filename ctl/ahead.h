/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef CTL_AHEAD_H
#define CTL_AHEAD_H

#include <sys/types.h>

#include <jansson.h>

#include "lib/err.h"

/*
 * Pages of a list, fetched by a process of its own: while the caller works on
 * one, the next is on its way.  Where a page goes on is its member "next", its
 * last one.
 */
struct ahead {
	pid_t pid;			/* 0: none */
	int fd;
};

/*
 * Get the page behind `after` (NULL: the first) as text, borrowed until the
 * next call.  0, or a negative REL_E_* with its words.  Runs in the process
 * that fetches: nothing it changes is seen by the caller.
 */
typedef int (*ahead_fetch)(void *ctx, const char *after, const char **text,
    size_t *len, struct rel_err *err);

/* Start to fetch.  0, or -REL_E_IO: nothing is to be stopped then. */
int ahead_start(struct ahead *h, ahead_fetch fetch, void *ctx,
    struct rel_err *err);

/*
 * The next page, freed by the caller: 1; 0 there is none any more; negative
 * what went wrong, also when the process that fetches ended too early.
 */
int ahead_next(struct ahead *h, json_t **page, struct rel_err *err);

/* End the process, whatever it does, and wait for it.  Twice is fine. */
void ahead_stop(struct ahead *h);

/*
 * Where a page goes on, from its text: 1 with a copy in next, 0 it is the last
 * one, -REL_E_FORMAT when it does not tell.
 */
int ahead_cursor(const char *text, size_t len, char *next, size_t size);

#endif
