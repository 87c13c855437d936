/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef CORE_SNMP_ACCESS_H
#define CORE_SNMP_ACCESS_H

#include "releaserd/core/core.h"
#include "releaserd/core/store_snmp.h"
#include "releaserd/driver_wire.h"

/*
 * With which SNMP credentials a device is asked (doc/fleet.md).  Sets stay in
 * memory, sealed; they are opened for a question and wiped by who asked.
 */
#define SNMP_SETS_MAX 64u

/* What is sealed of a set: the community of v1 and v2c, or v3's passwords. */
struct snmp_secret {
	char community[65], auth[129], priv[129];
};

int snmp_sets_init(struct core *c, struct rel_err *err);
void snmp_sets_fini(struct core *c);

/* What is stored has changed: it holds when this turn is on disk. */
void snmp_sets_changed(struct core *c);

/* The i-th in order, by name (without case), by id; NULL; borrowed until the
 * turn ends. */
const struct snmp_row *snmp_set_at(const struct core *c, size_t i);
const struct snmp_row *snmp_set_named(const struct core *c, const char *name);
const struct snmp_row *snmp_set_by_id(const struct core *c, int64_t id);

/*
 * Which sets of kind read are for this address or host name: bit i for the
 * i-th.  Sets of a version that is switched off (SnmpV1V2c, SnmpV3) are not.
 */
uint64_t snmp_sets_for(const struct core *c, const char *address);

/*
 * These sets, in their order, the first SNMP_ACCESS_MAX of them, opened into
 * out; ids, when not NULL, says which each is (0: the one that every device
 * has from its maker: community "public", tried while there is no set at all).
 * Returns how many; the caller wipes out.
 */
uint8_t snmp_sets_open(const struct core *c, uint64_t which,
    struct snmp_access out[SNMP_ACCESS_MAX], int64_t ids[SNMP_ACCESS_MAX]);

/* The same for an address; the set with the id `first` (0: none) is tried
 * before the others. */
void snmp_access_for(const struct core *c, const char *address, int64_t first,
    struct snmp_access out[SNMP_ACCESS_MAX], uint8_t *n);

/* Into r, sealed, and back; 0 or negative. */
int snmp_secret_seal(const struct core *c, const struct snmp_secret *s,
    struct snmp_row *r);
int snmp_secret_open(const struct core *c, const struct snmp_row *r,
    struct snmp_secret *s);

#endif
