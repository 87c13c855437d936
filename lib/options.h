/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_OPTIONS_H
#define REL_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Options as CUPS writes them, "name=value name=value ...", values quoted as
 * cupsParseOptions() understands them.  Any bytes are taken.
 */

/* One option in the string: [start, end) with its name and raw value. */
struct rel_option {
	const char *start, *end;
	const char *name;
	size_t name_len;
	const char *value;		/* NULL for a boolean */
	size_t value_len;
};

/* The option at or behind p; false when there is none. */
bool rel_option_next(const char *p, struct rel_option *o);

/* Has it this name? Upper and lower case are the same. */
bool rel_option_is(const struct rel_option *o, const char *name);

/*
 * The bytes its value stands for: quotes and backslashes off, <hex> as bytes.
 * out gets at most size - 1 bytes and a NUL; returns how many.
 */
size_t rel_option_value(const struct rel_option *o, char *out, size_t size);

bool rel_option_blank(char c);

/* Take one option out of the string it lies in; what it was is overwritten. */
void rel_option_cut(char *options, const struct rel_option *o);

#endif
