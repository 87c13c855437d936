/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef OPSIM_TRACE_H
#define OPSIM_TRACE_H

#include "lib/err.h"

struct https_answer;

/*
 * Every OPDP message as a JSON line {"at", "method", "path", "request",
 * "status", "replayed", "response"}, for the check against
 * doc/opdp.openapi.json.  The file holds PINs and passwords of tests: it is
 * made with mode 0600.
 */
struct trace;

/* path NULL: *out is NULL and nothing is written. */
int trace_open(struct trace **out, const char *path, struct rel_err *err);
void trace_close(struct trace **tp);

/* request: text of the body or NULL.  t may be NULL. */
void trace_put(struct trace *t, const char *method, const char *path,
    const char *request, const struct https_answer *a);

#endif
