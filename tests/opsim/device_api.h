/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef OPSIM_DEVICE_API_H
#define OPSIM_DEVICE_API_H

#include <jansson.h>

#include "tests/opsim/opsim.h"

/*
 * What the server may ask of the device (doc/opdp.md, "Level 2"), however the
 * call came: over the device's HTTPS service (api.c), or fetched by the device
 * itself (poll.c).  Calls that came twice change nothing the second time.
 */
struct device_call {
	const char *method;		/* "GET", "PUT" ... */
	const char *path;		/* behind /opdp/v1: "/session/UUID" */
	const char *query;		/* "after=7&limit=2"; "" none */
	const char *if_match;		/* "" none */
	const char *key;		/* Idempotency-Key; "" none */
	json_t *body;			/* borrowed; NULL none */
};

struct device_answer {
	int status;
	const char *code;		/* of a problem: static */
	json_t *body;			/* owned; NULL none */
	char etag[24];			/* "" none */
	bool replayed;
};

void device_api_call(struct opsim *sim, const struct device_call *q,
    struct device_answer *a);

/* What was kept of calls that came. */
void device_api_forget(struct opsim *sim);

/* A number of the query, or dflt; its text, "" when there is none. */
json_int_t device_query(const struct device_call *q, const char *name,
    json_int_t dflt);
void device_query_text(const struct device_call *q, const char *name,
    char *out, size_t size);

/* The answer's body: that of a problem when it is one. The caller's. */
json_t *device_answer_body(const struct device_answer *a);

#endif
