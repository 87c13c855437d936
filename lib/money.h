/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_MONEY_H
#define REL_MONEY_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"

/*
 * Amounts of money: millionths of the unit of one currency, in 64 bits.  No
 * floating point, no locale.
 */
#define REL_MONEY_UNIT INT64_C(1000000)
#define REL_MONEY_MAX (INT64_C(1000000000000) * REL_MONEY_UNIT)

/*
 * "12.30", "-0.05", "7": digits, at most six of them behind a point; no blank,
 * no "+", no exponent, at most ±REL_MONEY_MAX.  Returns 0; -REL_E_FORMAT (no
 * amount) or -REL_E_LIMIT (too large, too many decimals) with plain words, and
 * *out is untouched.
 */
int rel_money_parse(int64_t *out, const char *text, struct rel_err *err);

/*
 * As rel_money_parse() reads it back, with at least two decimals and as many
 * as it takes: "12.30", "-0.005".  Every 64 bit number has a text.
 */
#define REL_MONEY_TEXT 32
void rel_money_text(char out[REL_MONEY_TEXT], int64_t amount);

/* The same with the currency behind it: "12.30 EUR"; "" leaves it out. */
void rel_money_text_in(char out[REL_MONEY_TEXT], int64_t amount,
    const char *currency);

/* Sums and products; false, and *out is untouched, when 64 bits are too few. */
bool rel_money_add(int64_t *out, int64_t a, int64_t b);
bool rel_money_sub(int64_t *out, int64_t a, int64_t b);
bool rel_money_mul(int64_t *out, int64_t a, int64_t times);

/* Is it a code as ISO 4217 has them: three capital letters, "EUR"? */
bool rel_currency_ok(const char *code);

#endif
