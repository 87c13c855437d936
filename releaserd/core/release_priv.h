/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef RELEASE_PRIV_H
#define RELEASE_PRIV_H

#include "releaserd/core/charge.h"
#include "releaserd/journal.h"

/*
 * What release.c (a job is taken), sends.c (a process carries it to the
 * device) and settle.c (what became of it) share.
 */

/* A job that is taken and waits for a send process. */
struct waiting {
	int64_t job;
	uint64_t nth;			/* in order of their coming */
	struct waiting *next;
};

/* A device with jobs that wait or transfers that are under way. */
struct lane {
	char device[40];
	struct waiting *first, **tail;
	unsigned at_work;		/* sends that have a job of it */
	struct lane *next;
};

/* A transfer that began under an earlier core and still runs. */
struct orphan {
	int64_t job, journal;
	struct orphan *next;
};

struct releases {
	struct lane *lanes;
	int nwaiting;			/* in all lanes */
	unsigned at_work;
	uint64_t nth;
	struct orphan *orphans;
	int64_t next_journal;
	int64_t first_journal;		/* of this run */
};

/* ---- gate.c */

/*
 * May j go out as o says?  0, j is as it will go out and ch what that costs;
 * -REL_E_DENIED and out says why not; or the turn is spoilt.
 */
int gate_pass(struct core *c, struct job *j, const struct release_order *o,
    struct charge *ch, struct released *out);

/* ---- gate_access.c: may this be done at all; and is it printed as it may be?
 * 0; -REL_E_DENIED and out says why not; or an error of the store. */
int gate_functions(struct core *c, const struct job *j,
    const struct release_order *o, struct released *out);
int gate_look(struct core *c, struct job *j, const struct release_order *o,
    struct released *out);

/* Not so: the code of a problem (doc/opdp.md) and plain words. */
int gate_stop(struct released *out, const char *code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* ---- settle.c */

/* The file of a transfer's journal in the spool folder; and away with it. */
void journal_name(char out[40], int64_t number);
void journal_drop(struct core *c, int64_t number);

/*
 * What a journal says.  0; 1 while a send process is at work with it; negative
 * when that cannot be found out now.
 */
int journal_look(struct core *c, int64_t number, struct journal *jn);

/* Settle at a later tick, by the journal. */
void orphan_add(struct core *c, int64_t job, int64_t journal);
void orphans_tick(struct core *c);
bool orphans_have(const struct core *c, int64_t journal);

/* The job gets this outcome, if journal (0: any) is still its own. */
void settle(struct core *c, int64_t journal, const struct send_result *r);

/*
 * The process is gone, or never was: its journal says what became of the job.
 * False when it must be asked again later.
 */
bool settle_by_journal(struct core *c, int64_t job, int64_t journal);

/* ---- sends.c */

/* A process that waits for a job, if one of this device may begin; or NULL. */
struct peer *send_for(struct core *c, const char *device);

/*
 * In the turn that takes the job: this send (NULL: the next that is free)
 * begins when the turn's writes are on disk.
 */
int sends_take(struct core *c, int64_t job, const char *device,
    struct peer *send);

/* A taken job is ready to go: to the next send. */
void sends_go(struct core *c, int64_t job);

/* ---- lanes.c: which transfer begins next */

/* None of this device waits, and there is room for one more of it. */
bool lane_may_begin(const struct core *c, const char *device);

/* Wait behind the others of this device. */
int lane_wait(struct core *c, const char *device, int64_t job);

/* The lane whose first begins next, or NULL; and that one, out of it. */
struct lane *lane_next(const struct core *c);
int64_t lane_take(struct core *c, struct lane *l, char device[40]);

/* This send has the job; and has none any more. */
int lane_begin(struct core *c, const char *device, struct peer *send,
    int64_t job);
void lane_end(struct core *c, struct peer *send);

void lanes_fini(struct core *c);

#endif
