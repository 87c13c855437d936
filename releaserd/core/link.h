/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef LINK_H
#define LINK_H

#include "releaserd/core/fleet.h"
#include "releaserd/driver_wire.h"

/*
 * The way from the server to an OPDP device (doc/opdp.md, "Level 2"), and
 * what core knows of its other end.  All of it lives in memory: after a start
 * a device says with its next heartbeat what it has, and gets what it lacks.
 */

/* ---- ca_client.c: what we show to a device that we call */
struct ca_client {
	char cert[4096], key[512];	/* PEM */
	char id[37];			/* of its certificate */
	char pin[64];			/* "sha256/BASE64" of the key */
	int64_t renew_after_ms;
};
/* Made, or made anew, when it is due. NULL: logged why not. */
const struct ca_client *ca_client(struct core *c);
void ca_client_fini(struct core *c);
/* The token we show to a device that takes no certificates. */
void device_server_token(const struct core *c, const struct device *d,
    char out[65]);
/* What this device wants to see of us. Borrowed. */
void link_show(struct core *c, struct driver_at *at, const struct device *d);

/* ---- link.c */

enum document { DOC_RESTRICTIONS, DOC_CONFIG, DOCS };

struct link {
	char id[40];			/* of the device */
	char boot[64];			/* it runs since; "" unknown */
	int64_t rev[DOCS];		/* it has; -1 unknown */
	/* push.c: the session there */
	char want[37], have[37];	/* that shall be open, that is; "" none */
	json_t *sent;			/* what `have` was last told; owned */
	int64_t sent_ms;		/* monotonic */
	bool busy, takeover;
	unsigned fails;
	int64_t again_ms, give_up_ms;	/* monotonic */
	const char *trouble;		/* why the last did not open (words.c) */
	int64_t trouble_ms;		/* monotonic; 0 none */
	struct polled *calls;		/* poll.c: in order; owned */
	struct poll_wait *waits;	/* the device waits for them; owned */
	bool look;			/* what it has may be old */
	int64_t clock_ms;		/* told to set its clock; monotonic */
	unsigned number;
	struct link *next;
};

/* NULL: there is none (yet), or no memory. */
struct link *link_of(struct core *c, const char *device_id, bool make);
void link_forget(struct core *c, const char *device_id);
void links_fini(struct core *c);
void links_tick(struct core *c);	/* each second */
/* What this device (NULL: any) should have may be different from now on. */
void links_look(struct core *c, const char *device_id);

/* How many devices have a session that was pushed to them. */
unsigned links_open(const struct core *c);

/* Has this device said where it can be called?  Also one that was removed;
 * and may it be, is it of level 2, and is there a driver that can do this? */
bool link_is_known(const struct device *d);
bool link_is_open(const struct device *d);
bool link_can(const struct device *d, uint32_t can);

/* "https://10.0.0.5/opdp/v1", "sha256/BASE64"; into d. -REL_E_FORMAT. */
int link_address(struct device *d, const char *url, const char *pin,
    struct rel_err *err);

/* One that says so cannot be called, but fetches what is asked of it. */
void link_polled(struct device *d, const char *features);

/* What a heartbeat says: what it has, since when it runs, its session. */
void link_heard(struct core *c, const struct device *d,
    const struct request *rq);

/* ---- device.c: {.., "rev"}, as the device should have it */
json_t *device_document(struct core *c, const struct device *d,
    enum document what);

/* ---- push.c: sessions at devices whose session_mode is "push" */
bool push_is_for(const struct device *d);
/* Somebody has logged in: open it there, as soon as this turn is on disk. */
void push_open(struct core *c, const struct session *s);
/* It is over here (before it is freed): close it there. */
void push_closed(struct core *c, const struct session *s);
/* The device has this session ("" none), whatever we know. */
void push_seen(struct core *c, struct link *l, const char *session);
/* Nothing is open there. */
void push_forget(struct link *l);
void push_tick(struct core *c, struct link *l);
/* Why the last log-in there came to nothing, a key of words.c; NULL. */
const char *push_trouble(struct core *c, const char *device_id);

/* ---- poll.c: devices that cannot be called */
#define LINK_POLLED "poll:"		/* instead of an api_url */
void poll_call(struct core *c, const struct peer *driver,
    const struct rel_frame *fr);
void poll_tick(struct core *c, struct link *l);
void poll_fini(struct link *l);
/* Does something wait for this device to fetch it? */
bool poll_pending(struct core *c, const char *device_id);

/* ---- api_command.c: body is a command of doc/opdp.md */
int command_send(struct core *c, const struct device *d, const json_t *body,
    fleet_done done, void *ctx);

/* ---- bring.c: restrictions and configuration */
void bring_init(struct core *c);
/* What has it, and what should it have?  Bring it (fleet_push()). */
void bring_look(struct core *c, struct link *l);

#endif
