/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/money.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define DECIMALS 6
#define DIGITS "0123456789"

/* The digits before the point; false when they are beyond the bound. */
static bool
money_whole(int64_t *out, const char *s, size_t n)
{
	int64_t v = 0;

	for (size_t i = 0; i < n; i++) {
		v = v * 10 + (s[i] - '0');
		if (v > REL_MONEY_MAX / REL_MONEY_UNIT)
			return false;
	}
	*out = v * REL_MONEY_UNIT;
	return true;
}

static int64_t
money_decimals(const char *s, size_t n)
{
	int64_t v = 0;

	for (size_t i = 0; i < DECIMALS; i++)
		v = v * 10 + (i < n ? s[i] - '0' : 0);
	return v;
}

int
rel_money_parse(int64_t *out, const char *text, struct rel_err *err)
{
	bool minus = text[0] == '-';
	const char *whole = text + minus;
	size_t n = strspn(whole, DIGITS), dec = 0;
	const char *point = whole + n;
	int64_t v;

	if (*point == '.')
		dec = strspn(point + 1, DIGITS);
	if (n == 0 || (*point == '.' && (dec == 0 ||
	    point[1 + dec] != '\0')) || (*point != '.' && *point != '\0'))
		return rel_err_set(err, REL_E_FORMAT,
		    "is no amount: write digits and a point, such as 12.30");
	if (dec > DECIMALS)
		return rel_err_set(err, REL_E_LIMIT,
		    "has more than six decimals");
	if (!money_whole(&v, whole, n) ||
	    (v += money_decimals(point + 1, dec)) > REL_MONEY_MAX)
		return rel_err_set(err, REL_E_LIMIT,
		    "is more than %" PRId64, REL_MONEY_MAX / REL_MONEY_UNIT);
	*out = minus ? -v : v;
	return 0;
}

void
rel_money_text(char out[REL_MONEY_TEXT], int64_t amount)
{
	uint64_t v = amount < 0 ? 0 - (uint64_t)amount : (uint64_t)amount;
	size_t n;

	snprintf(out, REL_MONEY_TEXT, "%s%" PRIu64 ".%06" PRIu64,
	    amount < 0 ? "-" : "", v / (uint64_t)REL_MONEY_UNIT,
	    v % (uint64_t)REL_MONEY_UNIT);
	n = strlen(out);
	for (int i = DECIMALS; i > 2 && out[n - 1] == '0'; i--)
		out[--n] = '\0';
}

void
rel_money_text_in(char out[REL_MONEY_TEXT], int64_t amount,
    const char *currency)
{
	size_t n;

	rel_money_text(out, amount);
	n = strlen(out);
	if (currency[0] != '\0')
		snprintf(out + n, REL_MONEY_TEXT - n, " %.3s", currency);
}

bool
rel_money_add(int64_t *out, int64_t a, int64_t b)
{
	int64_t v;

	if (__builtin_add_overflow(a, b, &v))
		return false;
	*out = v;
	return true;
}

bool
rel_money_sub(int64_t *out, int64_t a, int64_t b)
{
	int64_t v;

	if (__builtin_sub_overflow(a, b, &v))
		return false;
	*out = v;
	return true;
}

bool
rel_money_mul(int64_t *out, int64_t a, int64_t times)
{
	int64_t v;

	if (__builtin_mul_overflow(a, times, &v))
		return false;
	*out = v;
	return true;
}

bool
rel_currency_ok(const char *code)
{
	size_t n = 0;

	while (n < 3 && code[n] >= 'A' && code[n] <= 'Z')
		n++;
	return n == 3 && code[3] == '\0';
}
