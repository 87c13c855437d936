/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_CARD_FORMAT_H
#define REL_CARD_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/err.h"

/*
 * What number a card has.  A reader gives bytes (or, when it types like a
 * keyboard, characters); which digits people and other systems know the card
 * by, is the format's business.  No state, no allocation; any bytes are fine.
 */
#define REL_CARD_BYTES 116u	/* a card's own data, doc/opdp.md */
#define REL_CARD_NUMBER (2 * REL_CARD_BYTES + 1)
#define REL_CARD_FORMAT_TEXT 64u

enum rel_card_kind {
	REL_CARD_HEX,			/* the bytes as read, in hex */
	REL_CARD_HEX_REVERSED,		/* last byte first */
	REL_CARD_HEX_MIRRORED,		/* the bits of each byte mirrored */
	REL_CARD_DECIMAL,		/* all bytes as one number */
	REL_CARD_DECIMAL_REVERSED,	/* the same, last byte first */
	REL_CARD_WIEGAND_26,		/* facility (3 digits), card (5) */
	REL_CARD_CARD_24,		/* last 24 bits, 8 digits */
	REL_CARD_UID,			/* ISO 14443: 4, 7, 10 bytes; 10, 17, 25 digits */
	REL_CARD_ASCII,			/* characters; track 2: what is before '=' */
	REL_CARD_KINDS
};

enum rel_card_reverse {
	REL_CARD_AS_READ,
	REL_CARD_BYTES_REVERSED,	/* before the number is made */
	REL_CARD_BITS_REVERSED,		/* of all: last bit first, before */
	REL_CARD_DIGITS_REVERSED,	/* after it is made, before the range */
	REL_CARD_REVERSES
};

/* All zero: the bytes as read. */
struct rel_card_format {
	enum rel_card_kind kind;
	enum rel_card_reverse reverse;
	int start;		/* first digit that counts, 1..; 0 as 1 */
	int length;		/* how many count; 0 to the end */
};

const char *rel_card_kind_name(enum rel_card_kind k);
/* One line for people: what the kind does. */
const char *rel_card_kind_help(enum rel_card_kind k);
const char *rel_card_reverse_name(enum rel_card_reverse r);

/*
 * "decimal", "wiegand-26 start=4 length=5", "hex reverse=bytes": a format as
 * text, words parted by blanks.  0, or -REL_E_FORMAT with what is wrong.
 */
int rel_card_format_read(struct rel_card_format *f, const char *text,
    struct rel_err *err);
void rel_card_format_text(char out[REL_CARD_FORMAT_TEXT],
    const struct rel_card_format *f);
bool rel_card_format_same(const struct rel_card_format *a,
    const struct rel_card_format *b);

/* Are the numbers hex digits, whose case does not matter? */
bool rel_card_is_hex(const struct rel_card_format *f);

/*
 * The number of a card.  value: what was read; hex digits of bytes, or
 * characters (ascii).  Characters that are hex digits are bytes for a format
 * that needs bytes.  Returns 0; -REL_E_FORMAT with plain words when this
 * format makes no number of it (wrong length, parity, a character).
 */
int rel_card_number(char out[REL_CARD_NUMBER], const struct rel_card_format *f,
    const char *value, bool ascii, struct rel_err *err);

/*
 * Ranges of numbers, "1000000-1999999 04A10000-04A1FFFF", ends included.
 * Leading zeros do not count; hex digits in either case.
 */
int rel_card_ranges_check(const char *ranges, struct rel_err *err);
/* Is the number in one of them?  None at all: every number is. */
bool rel_card_in_ranges(const char *ranges, const char *number);

#endif
