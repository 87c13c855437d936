/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef OFFLINE_H
#define OFFLINE_H

#include "releaserd/core/login_priv.h"
#include "releaserd/core/store_directory.h"
#include "releaserd/directory.h"

/*
 * What holds while a directory is away (its settings Offline, OfflineDays,
 * OfflineCards; doc/identity.md).
 */
int offline_init(struct core *c);
void offline_fini(struct core *c);

/* The directory called this right: kept, when its policy is cached. */
void offline_right(struct core *c, int64_t directory, const char *name,
    const char *password, int64_t user_id);

/*
 * ... or wrong: what was kept is good no more when it is this very password,
 * so that a stranger's guess takes nothing from anybody.  NULL: the account is
 * closed or gone there, or must change it, whatever was typed.
 */
void offline_wrong(struct core *c, int64_t directory, const char *name,
    const char *password);

/* No server answers: takes p and answers, or says no reason was found. */
void offline_login(struct core *c, int64_t directory, const char *name,
    const char *password, struct pending_login *p);

/* May this person come in by card, number or code now? */
bool offline_card_ok(struct core *c, const struct user *u);

/*
 * Of which directory a person's password is: its name, "" when it is gone, or
 * NULL for one that is ours.  writable: may an operator set one here?
 */
const char *offline_directory(struct core *c, const struct user *u,
    bool *writable);

/* After a directory was changed: what is kept fits its policy. */
int offline_policy(struct core *c, int64_t directory,
    const struct directory *d);

/*
 * Set the policy of a directory, by its word, in its text.  0; -REL_E_FORMAT
 * no such word; or the turn is spoilt.
 */
int offline_choose(struct core *c, const struct directory_row *r,
    const char *policy, const char *by);

/* Once an hour: what is too old goes. */
void offline_tick(struct core *c);

#endif
