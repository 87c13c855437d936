/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef PANEL_LOCK_H
#define PANEL_LOCK_H

#include "releaserd/core/login_priv.h"
#include "releaserd/core/panel_priv.h"

/*
 * A locked panel (doc/posture.md): what is released to its device waits, and
 * nobody gets in there but who may unlock it.
 */

/* Lock or unlock, in the turn's transaction; by: a person, or what. 0, or the
 * turn is spoilt.  d may be gone then. */
int panel_lock_set(struct core *c, const struct device *d, bool on,
    const char *by);

/*
 * The last gate of a release.  0; -REL_E_DENIED: the panel is locked, and the
 * job waits for it, unless it is confidential; or an error of the store.  Who
 * is logged in at that panel prints.
 */
int panel_lock_gate(struct core *c, const struct job *j,
    const struct release_order *o, struct released *out);

/* Each second: what waited for a panel that is open now goes out. */
void panel_lock_tick(struct core *c);

/* The device of this id when its panel is locked; NULL.  Borrowed. */
const struct device *panel_lock_of(struct core *c, const char *device);

/* The blocks (bits) that unlock it: secrets it has. */
unsigned panel_lock_kinds(struct core *c, const struct device *d);

/* A secret of the device is right: true, the panel was locked, now it is not,
 * and it has been answered. */
bool panel_lock_opens(struct core *c, const struct pending_login *p);

/* Somebody has logged in: true, go on; else he may not unlock this panel, the
 * session is over and it has been answered. */
bool panel_lock_lets(struct core *c, const struct pending_login *p,
    struct session *s);

/* The button that unlocks, and what it does: op "unlock-panel". */
void panel_lock_item(struct core *c, const struct session *s, json_t *items);
void panel_lock_op(struct touch *t, struct asker *a);

#endif
