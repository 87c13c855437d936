/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef STORE_WAIT_H
#define STORE_WAIT_H

#include "releaserd/core/store.h"

/*
 * What a held job waits for because a rule said so: an answer of its owner, or
 * somebody's approval; and what was answered, so that it is asked once.
 */
enum wait_kind {		/* stored: never renumber */
	WAIT_QUESTION = 1, WAIT_APPROVAL = 2
};
enum wait_state {		/* stored: never renumber; 0 is waiting */
	WAIT_OPEN = 0,
	WAIT_YES = 1,		/* print it as it is; approved */
	WAIT_CHANGED = 2,	/* print it changed */
	WAIT_NO = 3		/* do not print it; not approved */
};

struct wait {
	int64_t job;
	enum wait_kind kind;
	enum wait_state state;
	char rule[128];			/* its name */
	int64_t line;
	char text[500];			/* the question; plain words */
	char change[120];		/* what "changed" does; options, "" */
	int64_t late;			/* enum rel_rule_late */
	char group[84];			/* who approves */
	int64_t asked_ms, due_ms;	/* due 0: as long as it is held */
	char by[84], said[240];		/* who answered, and why */
};

/* -REL_E_EXISTS: this rule has asked already. */
int store_wait_add(struct store *st, const struct wait *w);

/* The first answer counts: -REL_E_NOTHELD for others. */
int store_wait_answer(struct store *st, const struct wait *w);

typedef bool (*store_wait_row)(const struct wait *w, void *ctx);
/* All of a job, questions first. How many. */
int store_wait_list(struct store *st, int64_t job, store_wait_row row,
    void *ctx);
/* Open ones of a kind (approvals: of a group, NULL all), behind a job. */
int store_wait_open(struct store *st, const struct wait *after,
    const char *group_key, int limit, store_wait_row row, void *ctx);
/* Open ones of a kind, of held jobs of a user, behind a job. */
int store_wait_of_user(struct store *st, const char *user_key,
    const struct wait *after, int limit, store_wait_row row, void *ctx);
/* Open ones that are due: their time is over. */
int store_wait_due(struct store *st, int64_t now_ms, int limit,
    store_wait_row row, void *ctx);

#endif
