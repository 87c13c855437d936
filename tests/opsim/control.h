/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef OPSIM_CONTROL_H
#define OPSIM_CONTROL_H

#include "lib/err.h"
#include "tests/opsim/opsim.h"

/*
 * The control socket of a running opsim: a line is a panel command.  The
 * answer is any number of lines "| text" (what the command prints) and
 * "! text" (what went wrong), then one line "ok", "fail N" with the exit
 * code, or "more" when the command wants a further line.
 */
struct control;

int control_new(struct control **out, struct opsim *sim, const char *path,
    struct rel_err *err);
void control_free(struct control **cp);

#endif
