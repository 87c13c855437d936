/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef JSON_IN_H
#define JSON_IN_H

#include <jansson.h>

#include "lib/err.h"

/*
 * JSON from outside, within the bounds of doc/opdp.md, "Transport": what is
 * beyond them, or has a member twice, is refused.
 */
#define JSON_IN_DEPTH_MAX 12
#define JSON_IN_TEXT_MAX 4096u
#define JSON_IN_LIST_MAX 200u

/* Give jansson its fixed seed and memory that is wiped when it is freed. */
void json_in_init(void);
/* What json_dumps() made, after that. */
void json_in_free(void *p);

/*
 * Read a text, which must be an object.  On failure NULL, and why has the
 * words, without anything of the text.  The caller owns the object.
 */
json_t *json_in(const char *text, size_t len, struct rel_err *why);
/* The same with texts of up to max bytes. */
json_t *json_in_max(const char *text, size_t len, size_t max,
    struct rel_err *why);

#endif
