/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef FLEET_PRIV_H
#define FLEET_PRIV_H

#include "releaserd/core/fleet.h"

/* What fleet*.c share: what is in memory of each device. */

#define FLEET_KINDS 6u			/* of answers of one device */
#define FLEET_DOWN_AFTER 3u		/* failures in a row */
#define FLEET_PUSHES 8u			/* kinds of FLEET_PUSH_* */

/* One kind of answer: when it was heard last, and what it was. */
struct fleet_heard {
	char source[8];
	uint32_t groups;		/* those that were complete */
	uint32_t said;			/* those that something was said of */
	uint64_t print;			/* of the items; 0 none */
	int64_t at_ms;
};

struct fleet_one {
	char id[40];
	struct fleet_heard heard[FLEET_KINDS];
	/* its state, as it said itself */
	char state[16], reasons[1024];
	int64_t state_ms;
	const char *problem;		/* the code when it was looked at last */
	/* asking it; monotonic times */
	bool known;			/* how it is asked has been looked at */
	bool polled, asking, gone;
	bool asked_down;		/* while it did not answer */
	bool want_info;
	uint64_t way;			/* how it is asked, as a number */
	uint64_t asked_way;		/* the same of the last question */
	bool elsewhere;			/* what it said is of another way */
	uint32_t place;			/* its moment of each interval */
	int64_t due_ms, info_due_ms;
	unsigned failed;		/* times in a row */
	char why[240], why_info[240];	/* the last time */
	int64_t down_ms;		/* since then it does not answer */
	int64_t info_ms;		/* when all of it was heard; UTC */
	char kept[DRIVER_KEPT_MAX];
	bool kept_changed;		/* since it was written */
	/* what is to be brought to it */
	uint32_t push, bringing;
	unsigned push_failed;
	int64_t push_ms;		/* not before */
};

struct fleet {
	struct fleet_one **v;		/* by id */
	size_t n, room;
	bool stale;			/* there may be others by now */
	bool looking;			/* at each of them: v stays */
	uint32_t made;			/* so many were there ever: the spread */
	unsigned asking, asking_down;
	size_t from;			/* who is looked at first */
	struct event *ev;		/* the next that is due ... */
	int64_t look_ms;		/* ... at (monotonic) */
	fleet_bring bring[FLEET_PUSHES];
};

/* Who there is, anew. */
void fleet_load(struct core *c);
/* One that is not known yet, and is in the store, is loaded; NULL. */
struct fleet_one *fleet_find(struct core *c, const char *device);
/* What its driver remembers, onto the disk. */
void fleet_flush_one(struct core *c, struct fleet_one *f);
void fleet_event(struct core *c, const char *device, const char *kind,
    const char *text);

/* ---- fleet_poll.c */
int fleet_poll_init(struct core *c);
void fleet_poll_fini(struct core *c);
/* 5 s, 10 s ... 5 min, a little more or less. */
int64_t fleet_pause_ms(unsigned failed);
/* It was heard of: it answers (again). */
void fleet_answers(struct core *c, struct fleet_one *f);
/* Look at it soon. */
void fleet_wake(struct core *c);

/* ---- fleet_push.c: bring what is due; when the next is (monotonic) */
int64_t fleet_push_due(struct core *c, struct fleet_one *f, int64_t now);

/* ---- fleet_problem.c */
/* What its state amounts to, however old: NULL, or the code. */
const char *fleet_trouble(struct core *c, const struct fleet_one *f);

#endif
