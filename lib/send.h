/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_SEND_H
#define REL_SEND_H

#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"

/*
 * Sending one document to a device, however it is spoken to (lib/lpr.h,
 * releaserd/send/ipp.h): where the bytes come from, how far it came, and what
 * became of it, in the same words for every protocol.
 */
enum rel_send_outcome {
	REL_SEND_SENT,		/* it confirmed: it has the whole job */
	REL_SEND_REFUSED,	/* it, or the stored file, said no; nothing can
				 * have printed; trying again would not help */
	REL_SEND_AWAY,		/* never got to the data: nothing has printed */
	REL_SEND_UNCONFIRMED	/* data went out, then no answer, yes or no: it
				 * may have printed; never resent by itself */
};

/* How far it came; for messages and for the transfer journal. */
enum rel_send_stage {
	REL_SEND_CONNECT, REL_SEND_QUEUE, REL_SEND_CONTROL, REL_SEND_DATA,
	REL_SEND_FINAL, REL_SEND_DONE
};

/*
 * Where the bytes come from and who listens.  next() gives the next piece:
 * 1 with *p, *n borrowed; 0 at the end; negative REL_E_* when the file is
 * damaged: the transfer is then broken off so that the device prints nothing.
 */
struct rel_send_source {
	uint64_t bytes;		/* exactly what next() will give in total */
	int (*next)(void *ctx, const uint8_t **p, size_t *n,
	    struct rel_err *err);
	/*
	 * Called before the first byte of data, in either order: many devices
	 * print while they receive, without looking at the control file.  A
	 * negative answer breaks the transfer off, nothing having printed.
	 * May be NULL.
	 */
	int (*point_of_no_return)(void *ctx, struct rel_err *err);
	/* May be NULL. bytes: data bytes handed to the network so far. */
	void (*progress)(void *ctx, enum rel_send_stage stage, uint64_t bytes);
	void *ctx;
};

struct rel_send_result {
	enum rel_send_outcome outcome;
	enum rel_send_stage stage;	/* where it ended */
	char reason[240];		/* plain words for people; "" when sent */
	uint64_t bytes;			/* data bytes sent */
};

/* One transfer, for those who make it: a member of their own struct. */
struct rel_send {
	const struct rel_send_source *src;
	struct rel_send_result *res;
	char device[160];		/* "printer at 10.0.0.5", for reasons */
};

#define REL_SEND_FAILED (-1)		/* the result says how */

/* It has come as far as this: said to progress() too, with the bytes so far. */
void rel_send_stage(struct rel_send *s, enum rel_send_stage stage);

/*
 * It ends so: the outcome, and the reason, cut to its room; what a device or
 * an error said in it is made harmless.  Returns REL_SEND_FAILED.
 */
int rel_send_end(struct rel_send *s, enum rel_send_outcome outcome,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/*
 * The connection is of no use any more and the device did not say no ("closed
 * the connection").  From the first data byte on it may have printed: many
 * print while receiving.  Returns REL_SEND_FAILED.
 */
int rel_send_broke(struct rel_send *s, const char *how);

/*
 * Our own side cannot go on: `unsent` when no byte went out yet, else
 * unconfirmed.  Returns REL_SEND_FAILED.
 */
int rel_send_abandon(struct rel_send *s, enum rel_send_outcome unsent,
    const char *why);

/*
 * The next piece of the document, never more than was announced: 1 with *p and
 * *n borrowed, 0 at its end, REL_SEND_FAILED after rel_send_abandon().
 */
int rel_send_next(struct rel_send *s, const uint8_t **p, size_t *n);

/*
 * To be asked once, before the first byte of the document goes out: 0, or
 * REL_SEND_FAILED after rel_send_abandon().
 */
int rel_send_no_return(struct rel_send *s);

#endif
