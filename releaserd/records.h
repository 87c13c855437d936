/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef RECORDS_H
#define RECORDS_H

#include <jansson.h>

#include "lib/err.h"
#include "releaserd/request.h"

/*
 * One usage record of OPDP into r.  Nothing of it makes the request wrong:
 * what cannot be taken gets a code in r, and its number when it has one.
 */
void record_read(struct req_record *r, const json_t *v);

/* A list of at most max of them; free(*out). -REL_E_FORMAT, or no memory. */
int records_read(struct req_record **out, size_t *count, const json_t *v,
    size_t max, struct rel_err *why);

/*
 * What GET /usage of a device says (doc/opdp.md), from a driver to core.
 */
struct usage_page {
	char epoch[64];			/* of the device's log */
	int64_t next;			/* all it has up to there is in here */
	int64_t oldest;			/* it has none before */
	bool more;
	struct req_record *records;	/* owned */
	size_t n;
};
/* -REL_E_FORMAT. */
int usage_page_read(struct usage_page *p, const json_t *v,
    struct rel_err *why);
void usage_page_put(struct rel_buf *b, const struct usage_page *p);
int usage_page_get(struct usage_page *p, const void *bytes, size_t n);
void usage_page_fini(struct usage_page *p);

#endif
