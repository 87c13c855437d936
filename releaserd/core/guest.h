/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef GUEST_H
#define GUEST_H

#include "releaserd/core/core.h"
#include "releaserd/core/store_guest.h"

/*
 * Guests (doc/identity.md): an account named guest-7KQ4M that begins and ends
 * by itself.  Closed before and behind its time; when it ends, sessions and
 * log-ins end and held jobs expire; GuestKeepTime later it is erased.
 */

/* Each second: who begins, who ends, who is forgotten. */
void guests_tick(struct core *c);

/* Its time has changed: open, waiting or ended, at once.  In the open
 * transaction; 0 or the turn is spoilt. */
int guest_settle(struct core *c, struct guest *g);

#endif
