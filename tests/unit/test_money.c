/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Amounts as text and back, and sums that do not fit. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#include "lib/money.h"
#include "lib/place.h"

#define MAX_TEXT "1000000000000"

UNIT(amounts_are_read)
{
	static const struct {
		const char *text;
		int64_t want;
	} rows[] = {
		{ "12.30", 12300000 }, { "-0.05", -50000 }, { "7", 7000000 },
		{ "0", 0 }, { "-0", 0 }, { "0.000001", 1 },
		{ "-0.000001", -1 }, { "1.5", 1500000 },
		{ "007.10", 7100000 }, { "999999.999999", 999999999999 },
		{ MAX_TEXT, REL_MONEY_MAX }, { "-" MAX_TEXT, -REL_MONEY_MAX },
		{ MAX_TEXT ".000000", REL_MONEY_MAX },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct rel_err err = { 0 };
		int64_t v = 4711;

		assert_int_equal(0, rel_money_parse(&v, rows[i].text, &err));
		if (v != rows[i].want)
			fail_msg("%s is %lld", rows[i].text, (long long)v);
	}
}

UNIT(what_is_no_amount_is_refused)
{
	static const struct {
		const char *text;
		int code;
		const char *words;
	} rows[] = {
		{ "", REL_E_FORMAT, "no amount" },
		{ "-", REL_E_FORMAT, "no amount" },
		{ ".", REL_E_FORMAT, "no amount" },
		{ ".5", REL_E_FORMAT, "no amount" },
		{ "5.", REL_E_FORMAT, "no amount" },
		{ "+5", REL_E_FORMAT, "no amount" },
		{ "--5", REL_E_FORMAT, "no amount" },
		{ " 5", REL_E_FORMAT, "no amount" },
		{ "5 ", REL_E_FORMAT, "no amount" },
		{ "0,10", REL_E_FORMAT, "12.30" },
		{ "1e3", REL_E_FORMAT, "no amount" },
		{ "0x10", REL_E_FORMAT, "no amount" },
		{ "1.2.3", REL_E_FORMAT, "no amount" },
		{ "1.2x", REL_E_FORMAT, "no amount" },
		{ "1 000", REL_E_FORMAT, "no amount" },
		{ "nan", REL_E_FORMAT, "no amount" },
		{ "inf", REL_E_FORMAT, "no amount" },
		{ "\xd9\xa3", REL_E_FORMAT, "no amount" },	/* Arabic 3 */
		{ "0.1234567", REL_E_LIMIT, "six decimals" },
		{ "0.0000000", REL_E_LIMIT, "six decimals" },
		{ MAX_TEXT ".000001", REL_E_LIMIT, "more than " MAX_TEXT },
		{ "-" MAX_TEXT ".1", REL_E_LIMIT, "more than " MAX_TEXT },
		{ "1000000000001", REL_E_LIMIT, "more than" },
		{ "9223372036854775808", REL_E_LIMIT, "more than" },
		{ "99999999999999999999999999999999999999", REL_E_LIMIT,
		    "more than" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct rel_err err = { 0 };
		int64_t v = 4711;
		int rc = rel_money_parse(&v, rows[i].text, &err);

		if (rc != -rows[i].code || v != 4711 ||
		    strstr(err.text, rows[i].words) == NULL)
			fail_msg("%s: %d %lld %s", rows[i].text, rc,
			    (long long)v, err.text);
		assert_int_equal(rc, rel_money_parse(&v, rows[i].text, NULL));
	}
}

UNIT(amounts_are_written)
{
	static const struct {
		int64_t v;
		const char *want;
	} rows[] = {
		{ 0, "0.00" }, { 12300000, "12.30" }, { -50000, "-0.05" },
		{ -5000, "-0.005" }, { 1, "0.000001" }, { 100000, "0.10" },
		{ 1234560, "1.23456" }, { 10000000, "10.00" },
		{ REL_MONEY_MAX, MAX_TEXT ".00" },
		{ INT64_MAX, "9223372036854.775807" },
		{ INT64_MIN, "-9223372036854.775808" },
	};
	char out[REL_MONEY_TEXT];

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		rel_money_text(out, rows[i].v);
		assert_string_equal(rows[i].want, out);
	}
	rel_money_text_in(out, 12300000, "EUR");
	assert_string_equal("12.30 EUR", out);
	rel_money_text_in(out, 12300000, "");
	assert_string_equal("12.30", out);
	rel_money_text_in(out, INT64_MIN, "EUR");
	assert_string_equal("-9223372036854.775808 EUR", out);
}

UNIT(what_is_written_is_read_back)
{
	uint64_t x = 1;
	char text[REL_MONEY_TEXT];

	for (unsigned i = 0; i < 20000; i++) {
		int64_t v, again = 4711;

		x = x * UINT64_C(6364136223846793005) + 1442695040888963407;
		v = (int64_t)(x >> (i % 60 + 1)) % REL_MONEY_MAX;
		if (i & 1)
			v = -v;
		rel_money_text(text, v);
		assert_int_equal(0, rel_money_parse(&again, text, NULL));
		assert_true(v == again);
	}
}

UNIT(sums_and_products_do_not_overflow)
{
	int64_t v = 4711;

	assert_true(rel_money_add(&v, 1, 2) && v == 3);
	assert_true(rel_money_add(&v, INT64_MAX, 0) && v == INT64_MAX);
	assert_true(rel_money_add(&v, INT64_MAX, INT64_MIN) && v == -1);
	assert_true(rel_money_sub(&v, 0, INT64_MAX) && v == -INT64_MAX);
	assert_true(rel_money_sub(&v, -1, INT64_MIN) && v == INT64_MAX);
	assert_true(rel_money_mul(&v, -3, 4) && v == -12);
	assert_true(rel_money_mul(&v, INT64_MIN, 1) && v == INT64_MIN);
	assert_true(rel_money_mul(&v, INT64_MAX, 0) && v == 0);
	v = 4711;
	assert_false(rel_money_add(&v, INT64_MAX, 1));
	assert_false(rel_money_add(&v, INT64_MIN, -1));
	assert_false(rel_money_sub(&v, INT64_MIN, 1));
	assert_false(rel_money_sub(&v, 0, INT64_MIN));
	assert_false(rel_money_mul(&v, INT64_MIN, -1));
	assert_false(rel_money_mul(&v, INT64_MAX / 2 + 1, 2));
	assert_false(rel_money_mul(&v, REL_MONEY_MAX, 10));
	assert_int_equal(4711, v);
}

UNIT(currencies)
{
	static const char *const bad[] = {
		"", "E", "EU", "EURO", "eur", "E1R", "EU ", "\xc3\x84U", "€"
	};

	assert_true(rel_currency_ok("EUR"));
	assert_true(rel_currency_ok("XTS"));
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(rel_currency_ok(bad[i]));
}

/* What is wrong in a file, as people read it. */
UNIT(places)
{
	struct rel_place at;
	char out[320];

	assert_int_equal(-REL_E_FORMAT, rel_place_set(NULL, 1, "x", "y"));
	assert_int_equal(-REL_E_FORMAT, rel_place_set(&at, 3, "a\033b\xff",
	    "is not %d", 7));
	assert_int_equal(3, at.line);
	assert_string_equal("a b?", at.word);
	rel_place_text(&at, out, sizeof out);
	assert_string_equal("line 3, \"a b?\": is not 7", out);
	rel_place_set(&at, 3, NULL, "is short");
	rel_place_text(&at, out, sizeof out);
	assert_string_equal("line 3: is short", out);
	rel_place_set(&at, 0, NULL, "no price");
	rel_place_text(&at, out, sizeof out);
	assert_string_equal("no price", out);
	rel_place_set(&at, 0, "Hall", "no device");
	rel_place_text(&at, out, sizeof out);
	assert_string_equal("\"Hall\": no device", out);
	rel_place_set(&at, 4000000000u, "0123456789012345678901234567890123456"
	    "789012345678901234567890123456789", "%0300d", 1);
	assert_int_equal(63, strlen(at.word));
	assert_int_equal(199, strlen(at.text));
	rel_place_text(&at, out, sizeof out);
	assert_true(strlen(out) > 270);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(amounts_are_read),
		UNIT_RUN(what_is_no_amount_is_refused),
		UNIT_RUN(amounts_are_written),
		UNIT_RUN(what_is_written_is_read_back),
		UNIT_RUN(sums_and_products_do_not_overflow),
		UNIT_RUN(currencies),
		UNIT_RUN(places),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
