/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef FOLLOW_H
#define FOLLOW_H

#include "releaserd/core/core.h"
#include "releaserd/driver_wire.h"

/*
 * Documents that went by IPP, followed to their end: the device is asked what
 * became of its job (DRIVER_JOB_STATE) at growing intervals, until it says
 * completed, canceled or aborted.  What came out then is a usage record of the
 * measure "ipp".  What is followed stands in the database, so that a core that
 * starts goes on.
 */
struct device_job {
	int64_t job;			/* ours */
	char device_id[40], ref[16];	/* the release's reference */
	int64_t number;			/* the device's */
	int64_t since_ms;
	char said[280];			/* the last it said: a line of the story */
};

/* In the transaction that settles j: follow it. 0, or the store's error. */
int follow_job(struct core *c, const struct job *j, int64_t number);

/* Is the device that has j still asked what becomes of it? */
bool follow_is(const struct job *j);

/*
 * In the turn: `by` (a name, for the story) wants the device to stop printing
 * j.  It is asked when the turn is on disk; what came out till then is counted
 * and paid as ever, and the story says so, or why the device did not cancel.
 * 0, or -REL_E_NOTHELD: nothing of j is followed.
 */
int follow_cancel(struct core *c, const struct job *j, const char *by);

int follow_init(struct core *c);
void follow_fini(void);
void follow_tick(struct core *c);	/* each second */

/* ---- follow_said.c: what a device says of a job, and what it amounts to */

/* Of struct driver_job (RFC 8011, 5.3.7); from CANCELED on it has ended. */
enum {
	DEVICE_JOB_STOPPED = 6, DEVICE_JOB_CANCELED = 7,
	DEVICE_JOB_ABORTED = 8, DEVICE_JOB_COMPLETED = 9
};

/* The sides that should come out of all copies; a record of just that. */
int64_t follow_sides(const struct job *j);
void follow_as_expected(const struct job *j, const char *measure,
    struct req_record *r);

/* Does it say how much came out?  Many that do not count say 0 of a job they
 * completed. */
bool follow_counts(const struct driver_job *s);
/* The record of a job that has ended and follow_counts(); ref: its release. */
void follow_record(const struct job *j, const struct driver_job *s,
    const char *ref, struct req_record *r);
/* "printed 5 of 12 sides, then canceled at the device (media-jam)" */
void follow_story(const struct job *j, const struct driver_job *s, char *out,
    size_t size);

/*
 * delta.c: a document that went by LPR to a device that was idle before and is
 * after: how far did its life counter go?  Noted in the story; a record of the
 * measure "snmp-delta" only when it is just what was expected, since somebody
 * else may have printed, too.  Only in memory.
 */
void delta_begin(struct core *c, const struct job *j);
void delta_tick(struct core *c);
void delta_fini(void);

/* ---- store_device_job.c */

int store_device_job_set(struct store *st, const struct device_job *d);
int store_device_job_del(struct store *st, int64_t job);
typedef bool (*store_device_job_row)(const struct device_job *d, void *ctx);
int store_device_job_list(struct store *st, store_device_job_row row,
    void *ctx);

#endif
