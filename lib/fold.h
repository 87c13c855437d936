/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_FOLD_H
#define REL_FOLD_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Upper and lower case do not differ when people search.  Folded are ASCII,
 * Latin-1, Latin Extended-A, Greek and Cyrillic letters; every folded
 * character is as long as it was.  No locale is asked.
 */

/* n bytes of UTF-8 (or what was meant to be) in lower case; out may be s. */
void rel_fold(char *out, const char *s, size_t n);

/*
 * Do the n bytes at s (UTF-8 without NUL, only the first 2000 are looked at)
 * contain what, which is folded already?  "" is in everything.
 */
bool rel_fold_has(const char *s, size_t n, const char *what);

#endif
