/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef CORE_SYNC_H
#define CORE_SYNC_H

#include "releaserd/core/core.h"
#include "releaserd/core/store_sync.h"
#include "releaserd/directory.h"

/*
 * Accounts and groups of a directory brought up to date without anybody
 * logging in (doc/identity.md): by SyncAt and SyncEvery, or when somebody wants
 * it; one directory at a time.
 */
enum sync_kind {			/* stored: never renumber */
	SYNC_CLASH = 0, SYNC_DELETED = 1, SYNC_DISABLED = 2, SYNC_CHANGED = 3,
	SYNC_ADDED = 4, SYNC_KINDS = 5
};
const char *sync_kind_name(unsigned kind);	/* "clash" */
int sync_kind_of(const char *name);		/* -1: there is none */

int syncs_init(struct core *c);
void syncs_fini(struct core *c);
void syncs_tick(struct core *c);	/* each second */

struct sync_order {
	int64_t directory;
	bool dry, forced;
	char by[84];			/* "" by the clock */
};
/* Now, or when the one at work is done. -REL_E_EXISTS: that directory is at
 * work or waits already; -REL_E_NOTFOUND; -REL_E_FULL. */
int sync_start(struct core *c, const struct sync_order *o);

/* False: there is none at work and none that waits. */
bool sync_cancel(struct core *c, int64_t directory);

/* The one at work with what it has come to; NULL: it is not this one's. */
const struct sync_run *sync_at_work(const struct core *c, int64_t directory);
bool sync_waits(const struct core *c, int64_t directory);

/* When it is to be done next by the clock; 0: never. */
int64_t sync_next_ms(struct core *c, int64_t directory);

/* The moment behind from_ms at which SyncAt or SyncEvery want it; 0: never. */
int64_t sync_due_ms(const struct directory *d, int64_t from_ms);
/* The same of "HH:MM" or "sunday HH:MM" alone; "": never. */
int64_t sync_at_ms(const char *text, int64_t from_ms);

#endif
