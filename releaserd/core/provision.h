/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef PROVISION_H
#define PROVISION_H

#include "releaserd/core/core.h"
#include "releaserd/core/store_directory.h"
#include "releaserd/directory_wire.h"

/*
 * Accounts and groups here, after what a directory says of a person: at a
 * log-in and in a sync.  What is the same already writes nothing.
 */

/*
 * The account of who: 0 and out; -REL_E_DENIED: an internal account has this
 * name; or the turn is spoilt.
 */
int provision_account(struct core *c, const struct directory_row *d,
    const struct dir_person *who, struct user *out);

/* What the directory says of a person, as an account has it. */
void provision_fill(struct user *u, const struct dir_person *who,
    int64_t directory);

/*
 * The account goes, with its rights, cards and sessions; its jobs, records and
 * money stay under the name.  0, or the turn is spoilt.
 */
int provision_remove(struct core *c, const struct user *u);

/* The groups said has, when they are known, become u's of this directory. */
int provision_groups(struct core *c, const struct directory_row *d,
    const struct dir_said *said, const struct user *u);

#endif
