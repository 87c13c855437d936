/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_PRICE_PRIV_H
#define REL_PRICE_PRIV_H

#include "lib/price.h"

/* What lib/price*.c share. */

/* The most special last: what is compared. */
enum price_how { PRICE_ANY, PRICE_LARGER, PRICE_SIZE };

struct price_line {
	int64_t micro;
	const char *finishing;		/* FINISHING: its name, "" any */
	uint64_t area;			/* of width and height */
	uint32_t width, height;		/* hundredths of a mm, short first */
	uint32_t section;
	unsigned line;
	uint8_t kind, how;		/* enum rel_cost_kind, price_how */
	uint8_t what_for;		/* enum rel_price_for; PRINT: for none */
	bool per_sheet;
};

/*
 * Lines for one thing: [from, larger) without a size, at most one; [larger,
 * size) by rising area; [size, to) by rising width and height.
 */
struct price_range {
	uint32_t from, larger, size, to;
};

struct price_finishing {
	const char *name;
	size_t len;
	struct price_range range;
};

struct price_section {
	const char *name;
	unsigned line;
	bool group;
	struct price_range range[REL_PRICE_FORS][REL_COST_FINISHING];
	uint32_t finishings, finishings_end;
};

/* Names point into text.  Section 0 is the default one. */
struct rel_prices {
	char currency[4];
	char *text;
	struct price_line *lines;
	struct price_section *sections;
	struct price_finishing *finishings;
	uint32_t *slots;		/* hash of sections; 0: free */
	uint32_t nlines, nsections, nfinishings, nslots;
};

/* Sort the lines and find each section's; 0 or -REL_E_* when something is
 * said twice. */
int price_index(struct rel_prices *p, struct rel_place *at);

/* The section of a device or group; 0 when it has none. */
uint32_t price_section_of(const struct rel_prices *p, const char *name,
    bool group);

/* Enter the last section under its name. */
void price_section_put(struct rel_prices *p);

#endif
