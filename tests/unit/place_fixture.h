/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef PLACE_FIXTURE_H
#define PLACE_FIXTURE_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/place.h"

/* A text that is refused: where, at which word, and part of what is said. */
struct bad_text {
	const char *text;
	unsigned line;
	const char *word, *says;
};

/* Fails unless it was not taken, for that reason. */
void bad_text_check(const struct bad_text *row, bool taken,
    const struct rel_place *at);

/* Fails with the reason unless the text was taken. */
void good_text_check(const char *text, bool taken,
    const struct rel_place *at);

/* text as often as that, between two others; the caller frees it. */
char *text_repeat(const char *before, const char *text, size_t times,
    const char *after);

#endif
