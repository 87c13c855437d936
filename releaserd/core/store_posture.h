/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef STORE_POSTURE_H
#define STORE_POSTURE_H

#include "releaserd/core/store.h"

/* The sums of what was found at a device (posture.h). */
struct posture_row {
	char device[40], name[65];	/* name: of the device, when read */
	int64_t tried_ms, looked_ms;	/* 0 never */
	int64_t score;			/* -1 too little is known */
	int64_t bad, unknown;		/* bits of enum posture_finding */
	char words[240];		/* why the last look failed, or "" */
};
int store_posture_set(struct store *st, const struct posture_row *p);
/* -REL_E_NOTFOUND: it was never looked at. */
int store_posture_get(struct store *st, const char *device,
    struct posture_row *out);
int store_posture_gone(struct store *st, const char *device);
/* Of all devices by name, also those that were never looked at; or, worst:
 * those with the lowest score first.  n rows or negative. */
typedef bool (*store_posture_cb)(const struct posture_row *p, void *ctx);
int store_posture_list(struct store *st, const char *after_name, int limit,
    store_posture_cb row, void *ctx);
int store_posture_worst(struct store *st, int limit, store_posture_cb row,
    void *ctx);
/* The one whose look is the oldest and before that moment, its id.
 * -REL_E_NOTFOUND: there is none. */
int store_posture_due(struct store *st, int64_t before_ms, char device[40]);

#endif
