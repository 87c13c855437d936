/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef STORE_DISCOVERY_H
#define STORE_DISCOVERY_H

#include "releaserd/core/store.h"
#include "releaserd/discovery_wire.h"

/* What searches for devices came to (doc/fleet.md). */
#define DISCOVERY_TEXT_MAX 4096u

enum discovery_state {			/* stored: never renumber */
	DISCOVERY_RUNNING = 1, DISCOVERY_DONE = 2, DISCOVERY_CANCELLED = 3,
	DISCOVERY_FAILED = 4
};
const char *discovery_state_name(enum discovery_state state);

struct discovery_run {
	int64_t id, began_ms, ended_ms;
	enum discovery_state state;
	char by[84];			/* "" by the clock */
	char ranges[DISCOVERY_TEXT_MAX];/* as typed */
	int64_t total, done;		/* addresses */
	int64_t printers, others, denied;	/* of those that answered */
	int64_t known, moved;		/* of the printers */
	char unknown[512];		/* names that have no address: "a, b" */
};
int store_discovery_set(struct store *st, const struct discovery_run *r);
typedef bool (*store_discovery_row)(const struct discovery_run *r, void *ctx);
int store_discovery_runs(struct store *st, int limit,
    store_discovery_row row, void *ctx);		/* newest first */

/* One that answered; access in f is nothing, access_id the set. */
struct found_row {
	struct found f;
	int64_t access_id, first_ms, last_ms;
};
int store_found_set(struct store *st, const struct found_row *r);
int store_found_del(struct store *st, const char *address);
int store_found_get(struct store *st, const char *address,
    struct found_row *out);
typedef bool (*store_found_row)(const struct found_row *r, void *ctx);
int store_found_list(struct store *st, const char *after, int limit,
    store_found_row row, void *ctx);			/* by address */

/*
 * Does a serial number or a MAC tell one device from others?  Not what many
 * leave the factory with: "0", "XXXXXXXXXX", "123456789", "00:00:00:00:00:00".
 */
bool identity_tells(const char *s);

/*
 * The device that is this one: same vendor and serial number, or same MAC, as
 * far as these tell and only one device has them, else same address.  sure:
 * serial number and MAC are the same.  0, -REL_E_NOTFOUND.
 */
int store_found_device(struct store *st, const struct found *f,
    struct device *out, bool *sure);

#endif
