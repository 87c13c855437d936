/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef ACCESS_PRIV_H
#define ACCESS_PRIV_H

#include "lib/price.h"
#include "releaserd/core/access.h"

/* What access*.c share. */

/* Of what something was made; when it differs, make it anew. */
struct access_stamp {
	uint64_t version, groups, devices;
};

/* What the table says of one session, or of nobody at one device. */
struct access_set {
	const struct access_entry *by[FN_COUNT];
	struct access_stamp stamp;
	bool filled;
};

struct access_control {
	struct access_table table;
	uint64_t loaded;		/* store_changes.access it was read at */
	uint64_t version;
	struct access_set scratch;
};

/* An asker with all that it borrows. */
struct access_whole {
	struct access_asker a;
	char device_groups[512];
	const char *device_group[REL_PRICE_GROUPS_MAX];
	char (*keys)[84];		/* of groups of people */
	const char **names;
	size_t n, room;
};
void access_asker_fill(struct core *c, const struct device *d,
    const struct session *s, struct access_whole *w);
void access_asker_free(struct access_whole *w);

const struct access_set *access_set_of(struct core *c,
    const struct device *d, const struct session *s);

/* A session as if this caller had one, at no device; or NULL. */
struct session *access_caller_session(struct core *c,
    const struct caller *who);
void access_session_free(struct session *s);

/* none: what holds when no entry decides (e NULL). */
enum access_state access_decide(struct core *c, const struct session *s,
    const struct access_entry *e, enum access_say none, struct access *out);

#endif
