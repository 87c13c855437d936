/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef STORE_SNMP_H
#define STORE_SNMP_H

#include "releaserd/core/store.h"

/* A set of SNMP credentials as it is kept (doc/fleet.md). */
#define SNMP_RANGES_MAX 2048u
#define SNMP_SEALED_MAX 512u

struct snmp_row {
	int64_t id;
	char key[84], name[84];		/* key: folded */
	int64_t pos;			/* the lowest is tried first */
	int64_t kind;			/* enum snmp_kind */
	int64_t version, auth, priv;	/* as in driver_wire.h */
	char user[65], context[65];	/* of v3 */
	char ranges[SNMP_RANGES_MAX];	/* as typed; "" every address */
	uint8_t secret[SNMP_SEALED_MAX];/* rel_seal(), place: id */
	size_t secret_len;
	int64_t changed_ms;
	char by[84];
};

enum snmp_kind {			/* stored: never renumber */
	SNMP_READ = 0, SNMP_READ_WRITE = 1
};

/* New or changed, by id. 0; -REL_E_EXISTS: another has this name. */
int store_snmp_set(struct store *st, const struct snmp_row *r);
int store_snmp_del(struct store *st, int64_t id);
/* In their order; row borrows. */
typedef bool (*store_snmp_row)(const struct snmp_row *r, void *ctx);
int store_snmp_list(struct store *st, store_snmp_row row, void *ctx);

#endif
