/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef OPSIM_LPDWIRE_H
#define OPSIM_LPDWIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The receiving side of RFC 1179: lines and control files, as bytes. */

enum lpd_command {
	LPD_BAD, LPD_START, LPD_RECEIVE, LPD_SHORT, LPD_LONG, LPD_REMOVE
};

/* Section 5: the first line of a connection, without its line feed. */
struct lpd_first {
	enum lpd_command command;
	char queue[256];
};

void lpd_first_parse(struct lpd_first *out, const char *line, size_t n);

enum lpd_sub { LPD_SUB_BAD, LPD_SUB_ABORT, LPD_SUB_CONTROL, LPD_SUB_DATA };

/* Section 6: a line of the receive job command. */
struct lpd_second {
	enum lpd_sub sub;
	uint64_t bytes;
	char name[256];		/* "cfA123host", "dfA123host" */
};

void lpd_second_parse(struct lpd_second *out, const char *line, size_t n);

/* Section 7: what a control file says. */
struct lpd_control {
	char host[256], user[256], name[512], file[256];
	char ref[16];		/* of "OP7K3QX9M2TA Title": "7K3QX9M2TA", or "" */
	char title[512];	/* the J line behind the reference */
	unsigned copies;	/* lines that print the first data file, least 1 */
	unsigned lines;		/* how many lines print at all */
};

/*
 * Read a control file.  False when it is malformed: a NUL byte, a line
 * without a line feed or longer than 510 bytes.  The last octet (the zero
 * that ends the file on the wire) is not part of the n bytes.
 */
bool lpd_control_parse(struct lpd_control *out, const char *p, size_t n);

#endif
