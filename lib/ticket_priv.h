/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_TICKET_PRIV_H
#define REL_TICKET_PRIV_H

#include "lib/ticket.h"

/* What lib/ticket*.c share. */
struct ticket_word {
	const char *text;
	int value;
};

/* The value of a word, in either case; -1 when there is none. Ends with NULL. */
int ticket_word(const struct ticket_word *words, const char *text);

/*
 * "1-3,7,9-" into out: in rising order, without blanks, every page once.
 * False when it is not that or too long.
 */
bool ticket_pages_ok(const char *text, char *out, size_t size);

/* Names or IPP numbers, separated by commas, as names of PWG 5100.1. */
bool ticket_finishings(char *out, size_t size, const char *text);

#endif
