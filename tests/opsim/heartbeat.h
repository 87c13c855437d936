/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef OPSIM_HEARTBEAT_H
#define OPSIM_HEARTBEAT_H

#include "lib/err.h"
#include "tests/opsim/opsim.h"

/*
 * POST /device/heartbeat at the start and each config.heartbeat_s while the
 * device is on; a new configuration is fetched when the answer says so.
 */
struct heartbeat;

/* every_s 0: as config says. */
int heartbeat_new(struct heartbeat **out, struct opsim *sim, int every_s,
    struct rel_err *err);
void heartbeat_free(struct heartbeat **hp);

/* Seconds since the server last answered one; -1 never. */
int64_t heartbeat_age_s(const struct heartbeat *h);

/* One now, before it is due. */
void heartbeat_now(struct heartbeat *h);

#endif
