/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_FETCH_H
#define REL_FETCH_H

#include <sys/types.h>

#include <jansson.h>

#include "lib/err.h"

/*
 * Pages of a list, fetched by a process of its own: while the caller works on
 * one, the next is on its way.  Where a page goes on is its member "next", its
 * last one.
 */
struct rel_fetch {
	pid_t pid;			/* 0: none */
	int fd;
};

/*
 * Get the page behind `after` (NULL: the first) as text, borrowed until the
 * next call.  0, or a negative REL_E_* with its words.  Runs in the process
 * that fetches: nothing it changes is seen by the caller.
 */
typedef int (*rel_fetch_page)(void *ctx, const char *after, const char **text,
    size_t *len, struct rel_err *err);

/* Start to fetch.  0, or -REL_E_IO: nothing is to be stopped then. */
int rel_fetch_start(struct rel_fetch *h, rel_fetch_page fetch, void *ctx,
    struct rel_err *err);

/*
 * The next page, freed by the caller: 1; 0 there is none any more; negative
 * what went wrong, also when the process that fetches ended too early.
 */
int rel_fetch_next(struct rel_fetch *h, json_t **page, struct rel_err *err);

/* End the process, whatever it does, and wait for it.  Twice is fine. */
void rel_fetch_stop(struct rel_fetch *h);

/*
 * Where a page goes on, from its text: 1 with a copy in next, 0 it is the last
 * one, -REL_E_FORMAT when it does not tell.
 */
int rel_fetch_cursor(const char *text, size_t len, char *next, size_t size);

#endif
