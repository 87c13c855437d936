/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_LPR_H
#define REL_LPR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"

/*
 * The client side of RFC 1179 (LPR), section 5.2 and 6.  One call sends one
 * job over one connection and says exactly what became of it.
 */
enum rel_lpr_outcome {
	REL_LPR_SENT,		/* the last acknowledgement came: it has the job */
	REL_LPR_REFUSED,	/* it, or the stored file, said no; nothing can
				 * have printed; trying again would not help */
	REL_LPR_AWAY,		/* never got to the data; nothing can have printed */
	REL_LPR_UNCONFIRMED	/* data went out, and then no answer, yes or no:
				 * it may have printed; never resent by itself */
};

/* How far it came; for messages and for the transfer journal. */
enum rel_lpr_stage {
	REL_LPR_CONNECT, REL_LPR_QUEUE, REL_LPR_CONTROL, REL_LPR_DATA,
	REL_LPR_FINAL, REL_LPR_DONE
};

struct rel_lpr_job {
	const char *host;	/* name or address of the device */
	uint16_t port;		/* 515 */
	const char *queue;	/* RFC 1179 queue name, 1..255 printable bytes */
	const char *user;	/* P line, cut to 31 bytes on a UTF-8 edge; no L
				 * line, which would print a banner page */
	const char *client_host;/* H line, cut to 31 */
	const char *title;	/* J line "REF Title", cut to 99; N line: 131 */
	const char *ref;	/* release reference "OP7K3QX9M2TA"; "" for none */
	unsigned copies;	/* 1..999: so many print lines in the control file */
	char format;		/* 'l' literal (default), 'f' text, 'o' PostScript */
	bool data_first;	/* data file before control file */
	unsigned number;	/* job number 0..999 */
	int connect_ms;		/* deadline of the connection */
	int reply_ms;		/* deadline of each acknowledgement and of stalls */
};

/*
 * Where the bytes come from and who listens.  next() gives the next piece:
 * 1 with *p, *n borrowed; 0 at the end; negative REL_E_* when the file is
 * damaged: the transfer is then broken off so that the device prints nothing.
 */
struct rel_lpr_source {
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
	void (*progress)(void *ctx, enum rel_lpr_stage stage, uint64_t bytes);
	void *ctx;
};

struct rel_lpr_result {
	enum rel_lpr_outcome outcome;
	enum rel_lpr_stage stage;	/* where it ended */
	char reason[240];		/* plain words for people; "" when sent */
	uint64_t bytes;			/* data bytes sent */
};

/* Send one job; blocks; always fills res. */
void rel_lpr_send(const struct rel_lpr_job *job,
    const struct rel_lpr_source *src, struct rel_lpr_result *res);

/*
 * The control file (RFC 1179 section 7) into out; returns its length, or
 * -REL_E_LIMIT when it does not fit.  For tests and the sender.
 */
int rel_lpr_control(const struct rel_lpr_job *job, char *out, size_t size);

#endif
