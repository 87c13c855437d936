/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef OPSIM_WALKUP_H
#define OPSIM_WALKUP_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"

/*
 * What a person does at the device itself: copies, scans, faxes.  A device of
 * OPDP level 3 asks the server before it begins and when its grant runs low,
 * stops where it must, and writes a usage record.  One at a time.
 */
struct opsim;
struct walkup;

struct walkup_order {
	const char *function;		/* "copy", "scan", "fax-send" ... */
	const char *to;			/* of a scan; NULL */
	int64_t sides;
	bool color, two_sided;
};

/* NULL: no memory. Nothing is done at first. */
struct walkup *walkup_new(struct opsim *sim);
void walkup_free(struct walkup **wp);

/* -REL_E_DENIED: it is not open here; -REL_E_EXISTS: it is busy. */
int walkup_start(struct walkup *w, const struct walkup_order *o,
    struct rel_err *err);
bool walkup_busy(const struct walkup *w);

/* A side takes so long from now on. */
void walkup_pace(struct walkup *w, int64_t ms);

/* "copy: 5 of 12, canceled, quota"; "" before the first. */
const char *walkup_told(const struct walkup *w);

#endif
