/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_LPR_PRIV_H
#define REL_LPR_PRIV_H

#include <stdbool.h>

#include "lib/lpr.h"

/* What lib/lpr.c and lib/lpr_control.c share, and tests look into. */

#define REL_LPR_HOST_MAX 15	/* more in a file name makes LPRng drop the job */
#define REL_LPR_CONTROL_MAX 65536

/*
 * This machine's name without its domain, letters, digits and '-' only, at
 * most 15 of them: the end of every control and data file's name.
 */
void rel_lpr_short_host(char out[REL_LPR_HOST_MAX + 1]);

/* 1..255 visible ASCII bytes, so that it cannot end the command it is in. */
bool rel_lpr_queue_ok(const char *queue);

/*
 * rel_lpr_send() over a stream socket that is connected already, non-blocking;
 * it is closed at the end.  For the fuzz target.
 */
void rel_lpr_send_on(int sock, const struct rel_lpr_job *job,
    const struct rel_send_source *src, struct rel_send_result *res);

#endif
