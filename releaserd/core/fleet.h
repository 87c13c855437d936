/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef FLEET_H
#define FLEET_H

#include "releaserd/core/core.h"
#include "releaserd/driver_wire.h"

/*
 * core's side of the fleet: whom to ask, when, and what is done with the
 * answer.  Drivers themselves run in the role `driver`.
 */

/*
 * Fill q->at from the device and its credentials, and ask a driver process.
 * q is borrowed.  done comes once, in a later turn, with s borrowed; s is
 * NULL when core ends.  A driver that died over it, or did not answer in time,
 * is said as -REL_E_TIMEOUT.  Returns 0, or -REL_E_FULL: too many are asked.
 */
typedef void (*fleet_done)(struct core *c, const struct driver_said *s,
    void *ctx);
int fleet_ask(struct core *c, const struct device *d, struct driver_ask *q,
    fleet_done done, void *ctx);

/* Left alone for so long, as drivers died over it (fleet_ask() says
 * -REL_E_TIMEOUT without asking); 0: it is not. */
int64_t fleet_alone_ms(const char *device);
void fleet_shun(const char *device);	/* drivers died over it */
/* So long after the first, second ... time: a minute up to an hour. */
int64_t fleet_alone_after(unsigned times);

/* The drivers there are, as the first driver process says; none before. */
struct fleet_driver {
	char name[24], words[100];
	uint32_t can;			/* DRIVER_CAN_* */
};
const struct fleet_driver *fleet_drivers(unsigned *n);
const struct fleet_driver *fleet_driver(const char *name);	/* NULL */
json_t *fleet_drivers_json(const struct core *c);	/* of GET /status */
void fleet_drivers_take(const struct rel_frame *fr);
void fleet_ask_fini(void);

/* What can this device's driver do? DRIVER_CAN_* bits. */
uint32_t fleet_can(const struct device *d);

/*
 * The items of a device as last heard (store_item.c): take what a driver or
 * the device itself said, with its source ("snmp", "opdp", "ipp") and time.
 */
int fleet_take(struct core *c, const char *device, const char *source,
    const struct items *l);
/* One item's value into out; false when it is not known. */
bool fleet_item(struct core *c, const char *device, const char *name,
    char *out, size_t size);

/*
 * May a document go to this device now?  NULL, or the problem code
 * "device-stopped", "device-offline" with words for the person.
 */
const char *fleet_problem(struct core *c, const struct device *d,
    char words[240]);
/* Why, in the language of a panel: "paper jam"; "" when nothing is wrong or
 * what was heard is old. */
void fleet_words(struct core *c, const char *device, const char *locale,
    char *out, size_t size);

/* The same of reasons that were kept ("media-jam,door-open"); and those of a
 * device as they are now. */
void fleet_reason_words(const char *reasons, const char *locale, char *out,
    size_t size);
void fleet_reasons(struct core *c, const char *device, char *out,
    size_t size);

/* Something about this device is to be brought to it soon: FLEET_PUSH_*. */
#define FLEET_PUSH_RESTRICTIONS (1u << 0)
#define FLEET_PUSH_CONFIG (1u << 1)
#define FLEET_PULL_USAGE (1u << 2)
#define FLEET_PULL_INFO (1u << 3)
void fleet_push(struct core *c, const char *device, uint32_t what);

/*
 * Who brings such a thing: begin it for this device (0; fleet_brought() comes
 * then), or -REL_E_NOTFOUND: there is nothing to bring; other: try later.
 */
typedef int (*fleet_bring)(struct core *c, const struct device *d);
void fleet_bringer(struct core *c, uint32_t what, fleet_bring fn);
void fleet_brought(struct core *c, const char *device, uint32_t what,
    bool ok);

/* What an OPDP device said of itself in a heartbeat (JSON, or NULL). */
void fleet_heartbeat(struct core *c, const char *device, const char *status);

/* A device was changed, added, removed (device.c); a turn was undone. */
void fleet_changed(struct core *c, const char *device);
void fleet_undone(struct core *c);

/* How a device is, for people: the members are "" or 0 when nobody knows. */
struct fleet_now {
	bool polled;
	const char *state, *reasons;	/* borrowed */
	int64_t state_ms;		/* said at */
	int64_t info_ms;
	int64_t down_ms;		/* since then it does not answer */
	const char *why;		/* it did not answer the last time */
	const char *problem;		/* as fleet_problem(), now */
	const char *trouble;		/* the same, however old it is */
};
void fleet_now(struct core *c, const char *device, struct fleet_now *out);
/* When this item was heard last; 0: before releaserd began. */
int64_t fleet_heard_ms(struct core *c, const char *device,
    const char *source, const char *name);

int fleet_init(struct core *c);
void fleet_fini(struct core *c);
void fleet_tick(struct core *c);	/* each second */
void fleet_flush(struct core *c);	/* what is only in memory yet */

#endif
