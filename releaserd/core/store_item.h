/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef STORE_ITEM_H
#define STORE_ITEM_H

#include "releaserd/core/store.h"

/* What is known of devices: items (releaserd/items.def), events, polling. */

#define ITEM_OF_SERVER "server"		/* source: noted here, not heard */
struct device_item {
	const char *name, *value, *source;	/* borrowed for the row */
	int64_t at_ms;			/* since when it has this value */
};
typedef bool (*store_item_row)(const struct device_item *i, void *ctx);
/* Those of one device, by name; n rows or negative. */
int store_item_list(struct store *st, const char *device, store_item_row row,
    void *ctx);
/* The same of those whose name begins so ("supply."). */
int store_item_group(struct store *st, const char *device,
    const char *prefix, store_item_row row, void *ctx);
/* -REL_E_NOTFOUND: it is not known. */
int store_item_get(struct store *st, const char *device, const char *name,
    char *out, size_t size);
int store_item_set(struct store *st, const char *device,
    const struct device_item *i);
int store_item_del(struct store *st, const char *device, const char *name);
/*
 * The supplies of all devices, those that run out first: by percent, and
 * those of which nobody knows it (STORE_SUPPLY_UNKNOWN) last.
 */
#define STORE_SUPPLY_UNKNOWN 1000
struct supply {
	/* borrowed for the row; what is not known is "" */
	const char *device, *device_name, *location, *groups;
	const char *name, *kind, *color, *unit, *level, *capacity, *source;
	unsigned n;			/* the N of its items */
	int percent;			/* 0..100, or -2 */
	int left;			/* that, or STORE_SUPPLY_UNKNOWN */
	int64_t at_ms;			/* since when so much is left */
};
typedef bool (*store_supply_row)(const struct supply *s, void *ctx);
struct supply_after {
	int left;			/* -1: from the first */
	unsigned n;
	char device[40];
};
/* Below so many percent, 0: all of them; n rows or negative. */
int store_supply_list(struct store *st, const struct supply_after *after,
    int below, int limit, store_supply_row row, void *ctx);
/* How many are below so many percent. */
int store_supply_low(struct store *st, int below, int64_t *n);

/* All of a device: items, events, polling. */
int store_item_device_gone(struct store *st, const char *device);

#define DEVICE_EVENTS_MAX 200		/* of one device; the oldest go */
struct device_event {
	const char *kind, *text;	/* borrowed for the row */
	int64_t at_ms;
};
typedef bool (*store_device_event_row)(const struct device_event *e,
    void *ctx);
int store_device_event_add(struct store *st, const char *device,
    const struct device_event *e);
/* The newest first. */
int store_device_event_list(struct store *st, const char *device, int limit,
    store_device_event_row row, void *ctx);

/* When its whole story was heard last, and what its driver remembers; nothing
 * (0 and "") when it never was. */
int store_poll_get(struct store *st, const char *device, int64_t *info_ms,
    char *kept, size_t size);
int store_poll_set(struct store *st, const char *device, int64_t info_ms,
    const char *kept);
/* The ids of all devices that were not removed. */
typedef bool (*store_device_id_row)(const char *id, void *ctx);
int store_device_ids(struct store *st, store_device_id_row row, void *ctx);

#endif
