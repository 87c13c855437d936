/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_LPR_H
#define REL_LPR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/send.h"

/*
 * The client side of RFC 1179 (LPR), section 5.2 and 6.  One call sends one
 * job over one connection and says exactly what became of it (lib/send.h).
 */
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

/* Send one job; blocks; always fills res. */
void rel_lpr_send(const struct rel_lpr_job *job,
    const struct rel_send_source *src, struct rel_send_result *res);

/*
 * The control file (RFC 1179 section 7) into out; returns its length, or
 * -REL_E_LIMIT when it does not fit.  For tests and the sender.
 */
int rel_lpr_control(const struct rel_lpr_job *job, char *out, size_t size);

#endif
