/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_PRICE_H
#define REL_PRICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/money.h"
#include "lib/papers.h"
#include "lib/place.h"

/*
 * Price lists, release-prices(5): reading one, and what a job costs by it.
 *
 * Which line counts is found for each thing by itself (base, sheet, mono,
 * colour, duplex discount, each finishing):
 *   1. the section of the device (by id, then by name), then those of its
 *      groups in the order of the file, then the default section: the first
 *      one that has a line that fits decides;
 *   2. in it, a line for the function ("for copy"), then one for none; that is
 *      for what puts toner on paper, not for scans and faxes;
 *   3. of these, a line for the size of the media, then that with the largest
 *      "larger-than" below it, then one without a size;
 *   4. of finishings equal in that, the longest name: "staple-dual-left",
 *      then "staple-dual", "staple", "any".
 * What no line fits costs nothing.
 */
#define REL_PRICE_FILE_MAX (1u << 20)	/* bytes */
#define REL_PRICE_LINES_MAX 10000u
#define REL_PRICE_NAME_MAX 128u		/* bytes of a name of a device, group */
#define REL_PRICE_MAX (1000000 * REL_MONEY_UNIT)	/* of one line */
#define REL_PRICE_GROUPS_MAX 32u	/* of one device */

/* What is done; a line says it with "for". */
enum rel_price_for { REL_PRICE_PRINT, REL_PRICE_COPY, REL_PRICE_SCAN,
	REL_PRICE_FAX, REL_PRICE_FORS };

struct rel_prices;

/*
 * Read a list of n bytes.  NULL when anything is wrong with it: at says what
 * and where (line 0: the file as a whole, or no memory).  Free with
 * rel_prices_free().
 */
struct rel_prices *rel_prices_read(const char *text, size_t n,
    struct rel_place *at);
void rel_prices_free(struct rel_prices **pp);

/* "EUR", or "" when the list does not say. */
const char *rel_prices_currency(const struct rel_prices *p);

/* How many prices are in it. */
size_t rel_prices_count(const struct rel_prices *p);

/*
 * The i-th section (0..) of a device or group in the order of the file, so
 * that the caller can tell which of them there are.  NULL behind the last one.
 */
const char *rel_prices_section(const struct rel_prices *p, size_t i,
    bool *is_group, unsigned *line);

/*
 * What is printed.  Texts are borrowed for the call; none may be NULL.  Of
 * facts (lib/facts.h) two_sided is sides - sheets, which is 0 when every
 * sheet has one side; media is rel_media_name() of the most used size.
 */
struct rel_print {
	enum rel_price_for what_for;
	const char *device_id;		/* "" unknown */
	const char *device;		/* its name; "" unknown */
	const char *const *groups;	/* the device's; any order */
	size_t ngroups;			/* 0..REL_PRICE_GROUPS_MAX */
	const char *media;		/* as for rel_media_size(); "" unknown */
	/* Of one copy: */
	uint32_t sides, colour_sides;	/* all of them; those in colour */
	uint32_t sheets, two_sided;	/* all; those with both sides printed */
	/* The same by size of paper, which add up to it, when there are
	 * several; media is that of the first then.  NULL or n < 2: one. */
	const struct rel_papers *papers;
	uint32_t copies;		/* 0: nothing is printed */
	const char *finishings;		/* "staple,punch"; "" none */
};

enum rel_cost_kind { REL_COST_BASE, REL_COST_SHEET, REL_COST_MONO,
	REL_COST_COLOUR, REL_COST_DUPLEX /* discount: below zero */,
	REL_COST_FINISHING, REL_COST_FLOOR /* what discounts took too much */
};

/* A part of the cost: count times each makes micro. */
struct rel_cost_item {
	uint8_t kind;			/* enum rel_cost_kind */
	bool per_sheet;			/* finishing: sheets, else copies */
	unsigned line;			/* of the list; 0: FLOOR */
	uint64_t count;
	int64_t each, micro;
	/* The paper, short side first, hundredths of a mm, when there are
	 * several sizes; else 0. */
	uint32_t width, height;
	char finishing[32];		/* as it was asked for */
};
#define REL_COST_ITEMS 72

struct rel_cost {
	int64_t micro;			/* 0..REL_MONEY_MAX */
	uint64_t mono_sides, colour_sides;	/* of all copies */
	unsigned nitems;		/* they add up to micro */
	struct rel_cost_item items[REL_COST_ITEMS];
};

/*
 * What a job costs.  Nothing printed (no copies, or neither sides nor sheets)
 * costs nothing; else the base is paid once, the rest for every copy.  Colour
 * sides beyond the sides, and two-sided sheets beyond the sheets, do not count.
 * On several sizes of paper each is paid by its own; the base, and finishings
 * of a copy, by the one most sides have.
 * Returns 0; -REL_E_LIMIT when it is more than REL_MONEY_MAX, or groups,
 * finishings or parts are too many: out is then all 0.
 */
int rel_prices_cost(const struct rel_prices *p, const struct rel_print *what,
    struct rel_cost *out);

/*
 * An item in English: "24 colour sides on A3 at 0.10 (line 12)"; the paper
 * only when there are several.  size >= 160.
 */
void rel_cost_text(const struct rel_cost_item *item, char *out, size_t size);

#endif
