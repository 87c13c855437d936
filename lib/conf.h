/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_CONF_H
#define REL_CONF_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "lib/err.h"

/*
 * Reads "Directive value" files by a table.  The same table makes the check,
 * the defaults and the manual page, so that they cannot disagree.
 */
enum rel_conf_type {
	REL_CONF_INT,		/* int64_t, a number in min..max */
	REL_CONF_BOOL,		/* int64_t 0 or 1; yes no on off true false */
	REL_CONF_TIME,		/* int64_t milliseconds; 10s 5m 1h 1d 1w */
	REL_CONF_SIZE,		/* int64_t bytes; 10k 5m 1g 1t (powers of 1024) */
	REL_CONF_TEXT,		/* char[REL_CONF_TEXT_MAX], UTF-8 without
				 * control characters, min..max bytes */
	REL_CONF_CHOICE		/* int64_t, index into choices "a|b|c" */
};

#define REL_CONF_TEXT_MAX 256

struct rel_conf_item {
	const char *name;	/* "JobExpiry"; compared without case */
	enum rel_conf_type type;
	size_t offset;		/* of the value in the caller's struct */
	int64_t min, max;
	int zero_off;		/* 0 is allowed too and means "off" */
	const char *choices;	/* REL_CONF_CHOICE; REL_CONF_TEXT with them:
				 * some of these words, parted by blanks */
	const char *def;	/* as it would stand in the file */
	const char *help;	/* one sentence for the manual */
};

struct rel_conf_table {
	const struct rel_conf_item *items;
	size_t n;			/* at most 256 */
};

/* Put the defaults of every item into out. Aborts on a bad default: our bug. */
void rel_conf_defaults(const struct rel_conf_table *t, void *out);

/*
 * Read a file over the values in out.  Returns 0; -REL_E_NOTFOUND when there
 * is no file; -REL_E_IO when it cannot be read; -REL_E_FORMAT with
 * "FILE:LINE: what is wrong" of the first bad line (unknown directive, bad
 * value, given twice); out is then undefined, so read into a copy.
 */
int rel_conf_read(const struct rel_conf_table *t, void *out, const char *path,
    struct rel_err *err);

/* The same from memory; name stands for the file in messages. */
int rel_conf_parse(const struct rel_conf_table *t, void *out,
    const char *text, size_t len, const char *name, struct rel_err *err);

/*
 * Set one item of out from a value as it would stand in the file.  0, or
 * -REL_E_FORMAT with words that begin with the item's name; out is untouched
 * then.  Stricter than a file: no blank at either end, no control character.
 */
int rel_conf_set(const struct rel_conf_item *it, void *out, const char *value,
    struct rel_err *err);

/* The value of an item as it would stand in the file: 1h, 64m, yes, full. */
void rel_conf_text(const struct rel_conf_item *it, const void *values,
    char out[REL_CONF_TEXT_MAX]);

/* A bound (min, max) of an item in the same way. */
void rel_conf_bound(const struct rel_conf_item *it, int64_t v, char out[32]);

/* Do two structs have the same value for this item? */
int rel_conf_same(const struct rel_conf_item *it, const void *a,
    const void *b);

/* The list of directives in mdoc, for a manual page. */
void rel_conf_manual(const struct rel_conf_table *t, FILE *out);

#endif
