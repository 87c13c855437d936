/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_NAMES_H
#define REL_NAMES_H

#include <jansson.h>

#include <stddef.h>

#include "lib/err.h"

/* Names in one text, parted by commas: "2nd floor,colour". */

/*
 * Take a list apart, in place: blanks around a name are taken off, empty ones
 * left out.  names borrow text.  Returns how many there are, max at most; what
 * is behind them is lost.
 */
size_t rel_names_split(char *text, const char **names, size_t max);

/*
 * A list as somebody wrote it, tidied: no blanks around the commas, no empty
 * names, none twice.  Returns 0; -REL_E_LIMIT and err says so when there are
 * more than max, or one has each bytes or more, or all of it size or more.
 */
struct rel_names_max {
	size_t max, each;
};
int rel_names_tidy(char *out, size_t size, const char *text,
    const struct rel_names_max *lim, struct rel_err *err);

/* "staple,punch" or "Staff, Lab" as an array of text; the caller's own. */
json_t *rel_names_list(const char *text);

#endif
