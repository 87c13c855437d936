/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef ACCESS_RESOLVE_H
#define ACCESS_RESOLVE_H

#include "releaserd/core/store_access.h"
#include "releaserd/functions.h"

/*
 * Which entry of the table decides.  The one that is nearest to the place:
 * device, then group of devices, then everywhere.  Of these the one that is
 * nearest to the person: user, then group, then everybody.  Of these one about
 * the function itself before one about its group of functions.  Of several
 * that are as near, disabled before template before open; of two templates the
 * older entry.  None: open to whoever is logged in.
 */
struct access_entry {
	struct access_row row;
	struct function_ref ref;
};

/* In order of place, then of `at`. */
struct access_table {
	struct access_entry *all;	/* owned */
	size_t n;
	bool about_groups;		/* one names a group of people */
};

/* Who asks, and where.  All is borrowed. */
struct access_asker {
	const char *device_id;			/* NULL: at no device */
	const char *const *device_groups;	/* folded */
	size_t ndevice_groups;
	bool nobody;			/* nobody is logged in */
	const char *user;		/* key; NULL: somebody unknown */
	const char *const *groups;	/* keys of the groups of this user */
	size_t ngroups;
};

/* How near: larger is nearer; -1: it is about something else. */
int access_rank(const struct access_entry *e, const struct access_asker *a,
    enum function f);

/* Does e (of this rank) decide rather than other (NULL: none yet)? */
bool access_beats(const struct access_entry *e, int rank,
    const struct access_entry *other, int other_rank);

/* The entry that decides about each function, or NULL. */
void access_resolve(const struct access_table *t,
    const struct access_asker *a, const struct access_entry *out[FN_COUNT]);

/* What holds where no entry decides. */
enum access_say access_default(const struct access_asker *a, enum function f);

#endif
