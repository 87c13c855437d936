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

/* A list of at most max of them.  -REL_E_FORMAT, or no memory. */
int records_read(struct request *rq, const json_t *v, size_t max,
    struct rel_err *why);

#endif
