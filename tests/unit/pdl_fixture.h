/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef PDL_FIXTURE_H
#define PDL_FIXTURE_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/buf.h"
#include "lib/pdl/pdl.h"

/* What a document must be counted as; 0 and NULL fields are compared, too. */
struct expect {
	const char *language;
	enum rel_sure sure;
	uint32_t sides, sheets, copies, impressions;
	enum rel_duplex duplex;
	enum rel_sure colour_sure;
	const char *colour_pages;
};

struct sample {
	const char *name;
	const char *data;
	size_t n;
	struct expect want;
};
/* The data of a literal, which may hold zeroes. */
#define BYTES(s) (s), sizeof(s) - 1

/* Count it whole, in ones and in sevens: the same, and as wanted. */
void pdl_check(const char *name, const void *data, size_t n,
    const struct expect *want);
void pdl_check_all(const struct sample *all, size_t n);

/* The facts of it, which are the same in any pieces. */
void pdl_facts(const void *data, size_t n, struct rel_facts *f);

/*
 * However early the document breaks off: no crash, and a count that is exact
 * is not more than the whole one's.
 */
void pdl_check_cut(const void *data, size_t n);

#endif
