/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef OPSIM_USAGE_H
#define OPSIM_USAGE_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "lib/buf.h"
#include "lib/err.h"

/*
 * The usage log of a device of OPDP level 3: STATE/usage.json has the records
 * that the server has not acknowledged, and the number of the next one.  It is
 * pushed after each document, again after a second when no answer came, and
 * when a heartbeat is told that records are missing.
 */
struct opsim;
struct usage;

int usage_new(struct usage **out, struct opsim *sim, struct rel_err *err);
void usage_free(struct usage **up);

/*
 * The device starts: its memory is gone, the log is what is on disk.  A
 * document that was half out has its record now.
 */
void usage_boot(struct usage *u);

/* What the engine counts for each document from now on, of one copy. */
void usage_counts(struct usage *u, int64_t sides, int64_t colour);

/* A document came out: a tray_cb. */
void usage_paper(const json_t *printed, void *ctx);

/* What somebody did at the device itself; lines, scan and fax are taken. */
struct usage_done {
	const char *function, *session, *grant;	/* "" none */
	const char *result, *cause;	/* cause: NULL none */
	char job[16];			/* the device's number of it */
	int64_t began_ms;		/* by its own clock */
	json_t *lines, *scan, *fax;	/* NULL none */
	int64_t sides, colour, scans;	/* for the life counters */
};
void usage_add(struct usage *u, const struct usage_done *d);

/* The log has no room, and the restrictions say that nothing goes on then. */
bool usage_is_full(const struct usage *u);

/* {impressions, color, scans} of all its life; borrowed. */
const json_t *usage_life(const struct usage *u);

/*
 * GET /usage: records behind a number of a log ("": of whichever it is), and
 * POST /usage/ack: these may be forgotten; false: it is another log.
 */
json_t *usage_page(const struct usage *u, const char *epoch, int64_t after,
    int64_t limit);
bool usage_acked(struct usage *u, const char *epoch, int64_t upto);

/* A record that takes the place of the last one; false: there is none. */
bool usage_correct(struct usage *u, int64_t sides, int64_t colour);

/* Push what there is now, whatever fault holds it back. */
void usage_push_now(struct usage *u);

/* For the heartbeat: the number of the last record, and its log. */
int64_t usage_last(const struct usage *u);
const char *usage_epoch(const struct usage *u);

/* "epoch E, last N, waiting M". */
void usage_tell(const struct usage *u, struct rel_buf *out);

#endif
