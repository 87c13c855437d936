/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef RELAY_H
#define RELAY_H

#include "releaserd/driver/drivers.h"

/*
 * The other way to an OPDP device: it fetches what is asked of it from core,
 * and gives the answer there (doc/opdp.md, "A device that cannot be called").
 * As driver_http() to its caller; only in a fiber.
 */
struct relay_call {
	const char *device;		/* its id */
	const char *method, *path;	/* behind /opdp/v1 */
	const char *if_match, *key;	/* NULL none */
	const char *text;		/* JSON; text_len 0: none */
	size_t text_len;
	int64_t until_ms;		/* rel_mono_ms() */
};
int driver_relay(const struct relay_call *call, struct driver_reply *r,
    struct rel_err *err);

/* ---- the role's own */
struct ipc_chan;
struct rel_frame;
void relay_begin(struct ipc_chan **core);
void relay_said(const struct rel_frame *fr);
void relay_lost(void);			/* core is away */

#endif
