/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef DISCOVERY_H
#define DISCOVERY_H

#include "releaserd/core/core.h"
#include "releaserd/core/store_discovery.h"

/*
 * Devices are looked for (doc/fleet.md): one search at a time, in sweeps of up
 * to DISCOVER_CHUNK addresses that driver processes make; each that answers is
 * asked by itself what it is.
 */
#define DISCOVERY_MOST 65536u		/* addresses of one search */
#define DISCOVERY_V6_MOST 1024u		/* of one part of it, in IPv6 */

int discovery_init(struct core *c);
void discovery_fini(struct core *c);
void discovery_tick(struct core *c);	/* each second */

/*
 * Begin; ranges as typed, "" those of DiscoveryAddresses.  0; -REL_E_EXISTS:
 * one is at work; -REL_E_FORMAT, -REL_E_LIMIT: err says why; or broken.
 */
int discovery_start(struct core *c, const char *ranges, const char *by,
    struct rel_err *err);

/* 0; -REL_E_NOTFOUND: none is at work; or broken, and it goes on. */
int discovery_cancel(struct core *c);

/* The one at work with its figures; NULL. */
const struct discovery_run *discovery_at_work(const struct core *c);

/* When one begins by the clock; 0: never. */
int64_t discovery_next_ms(const struct core *c);

/*
 * What is at this address or host name, at once: done comes with the answer,
 * f NULL when nobody answers; access is the set that was answered, NULL when
 * it was the usual one (snmp_access.h) or none.  0, or -REL_E_*: words in err.
 */
struct snmp_row;
typedef void (*discovery_seen)(struct core *c, const struct found *f,
    const struct snmp_row *access, void *ctx);
int discovery_look(struct core *c, const char *address, discovery_seen done,
    void *ctx);

/* ---- discovery_add.c: from what was found to devices */

/* What a new device gets besides what it said. */
struct discovery_wish {
	const char *name;		/* pattern, or NULL */
	const char *location, *groups, *driver;	/* or NULL */
	const char *by;
};
/*
 * The name a pattern gives: {hostname} {model} {vendor} {serial} {location}
 * {address} {mac} are filled in; blanks, and signs between what is empty, go.
 */
void discovery_name(char out[65], const char *pattern, const struct found *f);

/*
 * A device of it: filled in and written down.  -REL_E_EXISTS: it is there, and
 * d says which; -REL_E_DENIED: it is no printer.
 */
int discovery_adopt(struct core *c, const struct found_row *r,
    const struct discovery_wish *w, struct device *d);

/*
 * A device that is known answers here: its address is this one from now on.
 * 1; 0: it was already; or negative.
 */
int discovery_move(struct core *c, const struct found_row *r,
    const struct device *d, const char *by);

#endif
