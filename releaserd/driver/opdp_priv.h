/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef OPDP_PRIV_H
#define OPDP_PRIV_H

#include <jansson.h>

#include "releaserd/driver/drivers.h"

/*
 * The driver of devices that speak OPDP (doc/opdp.md, "Level 2"): one call of
 * the device's API, and what its answers say.
 */
struct opdp_call {
	const char *method, *path;	/* "PUT", "/session/UUID" */
	const char *text;		/* JSON; NULL or "" none */
	size_t text_len;
	const char *if_match;		/* of the header, or NULL */
	const char *key;		/* Idempotency-Key, or NULL */
};

struct opdp_answer {
	int status;
	char code[40];			/* of a problem; "" */
	char etag[40];
	int64_t date_ms;		/* of the header Date; 0 unknown */
	json_t *body;			/* owned: the object; NULL none */
};

void opdp_answer_init(struct opdp_answer *a);
void opdp_answer_fini(struct opdp_answer *a);
int64_t opdp_date_ms(const char *date);		/* 0: none that can be */

/*
 * Ask, until there is an answer or the question's time is over: what may come
 * twice (all but reading) is asked again when no answer came.  Returns 0 for
 * a 2xx, or -REL_E_* with the device's words: -REL_E_EXISTS another session is
 * open, -REL_E_NOTHELD another revision (both with a filled in),
 * -REL_E_NOTFOUND, -REL_E_DENIED, -REL_E_PEER (busy: later), -REL_E_FORMAT.
 */
int opdp_ask(const struct driver_ask *q, const struct opdp_call *call,
    struct opdp_answer *a, struct rel_err *err);

/* ---- opdp_usage.c: the usage log */
int opdp_usage_fetch(const struct driver_ask *q, struct driver_said *s,
    struct rel_err *err);
int opdp_usage_ack(const struct driver_ask *q, struct driver_said *s,
    struct rel_err *err);

/* ---- opdp_items.c: what answers say */
void opdp_info_items(struct items *l, const json_t *info);
/* began: when the question went out (rel_now_ms()). */
void opdp_status_items(struct items *l, const json_t *status,
    const struct opdp_answer *a, int64_t began_ms);

#endif
