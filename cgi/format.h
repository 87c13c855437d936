/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef FORMAT_H
#define FORMAT_H

#include <jansson.h>

#include "lib/buf.h"

/*
 * Append a value as people read it, not escaped.  kind: "" plain, "time" and
 * "date" of an RFC 3339 text (the server's local time), short for plots "day",
 * "month" and "hour", for files "sort-time" and "sort-day" (the same in every
 * language), "size" of bytes, "int" with thousands apart, "money" an amount of
 * the API ("12.30" or millionths), "signed" the same with "+" before what is
 * more than nothing, "paper" a size by its
 * PWG name ("A3"), "query" percent-encoded, "word" a translated word such as
 * a state.  NULL and null give nothing.
 */
void format_value(struct rel_buf *b, const json_t *v, const char *kind);

#endif
