/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef OPSIM_POLL_H
#define OPSIM_POLL_H

#include "tests/opsim/opsim.h"

/*
 * A device that cannot be called (registered with the feature command-poll and
 * without an API of its own) fetches what the server asks of it, does each
 * call once, and says what came of it.
 */
struct poll;

/* *out is NULL when this device is no such one. */
int poll_new(struct poll **out, struct opsim *sim, struct rel_err *err);
void poll_free(struct poll **pp);

#endif
