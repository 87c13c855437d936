/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef SUPPLY_WORDS_H
#define SUPPLY_WORDS_H

#include <jansson.h>

/*
 * A supply of the API in words, into it: `known` where a percentage is,
 * `kind_words`, `color_words`, `left` ("12 %", "some", "unknown"); `name`
 * when it has none of its own.
 */
void supply_words(json_t *supply);

/* The kinds to choose from, [{value, words, chosen}]; now: the chosen one. */
json_t *supply_kinds(const char *now);

#endif
