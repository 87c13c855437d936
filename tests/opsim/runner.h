/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef OPSIM_RUNNER_H
#define OPSIM_RUNNER_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/buf.h"
#include "tests/opsim/opsim.h"
#include "tests/opsim/words.h"

/*
 * Runs the commands of opsim(1) against a panel, one line after another,
 * without ever blocking the loop.
 */
struct runner;
typedef void (*runner_cb)(struct runner *r, void *ctx);

/* What a command says when it returns. */
enum run { RUN_DONE, RUN_LATER, RUN_MORE };

struct runner {
	struct opsim *sim;	/* borrowed */
	struct rel_buf out;	/* what the command prints */
	int rc;			/* OPSIM_*, of the last command */
	struct rel_buf why;	/* words, when rc is not 0 */
	/* the command that runs */
	char line[4096];
	char *words[WORDS_MAX];
	int nwords;
	bool wants_more;	/* the next line belongs to it */
	bool more;		/* and came: it is the last word */
	bool running, trying;
	enum panel_times times;
	enum run (*next)(struct runner *r);	/* after the panel's answer */
	struct event *timer;
	int64_t until_ms;
	runner_cb done;		/* may be NULL */
	void *ctx;
};

struct runner *runner_new(struct opsim *sim, runner_cb done, void *ctx);
void runner_free(struct runner **rp);

/*
 * Run a line.  RUN_DONE: rc, why and out are there; RUN_LATER: done() comes
 * when they are; RUN_MORE: give the next line (a password) first.  When
 * done() comes with wants_more set, that is RUN_MORE, late.
 */
enum run runner_line(struct runner *r, const char *line);

/* --- for commands --- */
struct command {
	const char *name;
	int min, max;			/* words behind the name */
	bool menu;			/* the panel must show something */
	enum run (*run)(struct runner *r);
	const char *usage, *help;
};

/* Ends with a NULL name. */
extern const struct command commands[];

/* The nth word behind the name, or dflt. */
const char *runner_arg(const struct runner *r, int n, const char *dflt);

/* Fail with words; returns RUN_DONE. */
enum run runner_fail(struct runner *r, int rc, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Fail, and show what the panel shows. */
enum run runner_unexpected(struct runner *r, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Send an action (taken; NULL fails with err) and wait for the answer. */
enum run runner_act(struct runner *r, json_t *rq, const struct rel_err *err);
enum run runner_fetch(struct runner *r, const char *menu, const char *cursor);

/* Call next again in ms. */
enum run runner_sleep(struct runner *r, int64_t ms,
    enum run (*next)(struct runner *r));

/* The panel's answer: fails when there was none. */
enum run runner_answered(struct runner *r);

/* panel_done for panel_*() calls. */
void runner_on_panel(void *ctx);

#endif
