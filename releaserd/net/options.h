/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <jansson.h>

#include "lib/err.h"
#include "releaserd/request.h"

/*
 * An options object of OPDP into o: each value checked for its type and
 * bounds.  An option nobody knows is remembered and no error here (core says
 * option-not-supported for that job).  -REL_E_FORMAT or -REL_E_LIMIT with
 * plain words.
 */
int options_read(struct req_options *o, const json_t *v, struct rel_err *why);

/*
 * The value of an option as a form has it, as JSON of its type: a number for
 * copies and number_up, a list for finishings. NULL when text cannot be one.
 */
json_t *options_of_text(const char *name, const char *text);

/* The names there are, in order; NULL at the end. */
const char *options_name(size_t i);

#endif
