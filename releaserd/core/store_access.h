/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef STORE_ACCESS_H
#define STORE_ACCESS_H

#include "releaserd/core/store.h"

/* An entry of the table of functions (doc/identity.md, "Functions"). */
enum access_place {		/* stored: never renumber */
	PLACE_ALL = 1, PLACE_DEVICE_GROUP = 2, PLACE_DEVICE = 3
};
enum access_who {		/* stored: never renumber */
	ACCESS_EVERYBODY = 1, ACCESS_GROUP = 2, ACCESS_USER = 3,
	ACCESS_NOBODY = 4	/* while nobody is logged in */
};
enum access_say {		/* stored: never renumber */
	SAY_OPEN = 1, SAY_TEMPLATE = 2, SAY_DISABLED = 3
};

struct access_row {
	int64_t id;
	char function[40];		/* "print-color", "@printing" */
	enum access_place place;
	char at[84];			/* id of a device, folded name of a
					 * group of devices; "" */
	enum access_who who;
	char person[84];		/* key of a user or a group; "" */
	enum access_say say;
	int64_t template_id;		/* SAY_TEMPLATE; else 0 */
	int64_t changed_ms;
	char by[84];
};

/* New, or in the place of one about the same; sets r->id. */
int store_access_set(struct store *st, struct access_row *r);
int store_access_del(struct store *st, int64_t id);
/* All that are about this device. */
int store_access_device_gone(struct store *st, const char *device_id);
/* What was for one group of devices is for the other (folded names). */
int store_access_group_moved(struct store *st, const char *from,
    const char *to);
/* By place, then by function; row borrows. */
typedef bool (*store_access_row)(const struct access_row *r, void *ctx);
int store_access_list(struct store *st, store_access_row row, void *ctx);

/* Counts up when entries, or who is in which group, may have changed. */
struct store_changes {
	uint64_t access, groups;
};
struct store_changes store_changes_of(const struct store *st);

#endif
