/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What number each format makes of real cards. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#include "lib/card_format.h"

/* The number of value, or "!" and why there is none. */
static const char *
number(const char *format, const char *value, bool ascii)
{
	static char out[REL_CARD_NUMBER + 1];
	struct rel_card_format f;
	struct rel_err err = { 0 };

	assert_int_equal(0, rel_card_format_read(&f, format, &err));
	if (rel_card_number(out, &f, value, ascii, &err) < 0) {
		assert_string_equal("", out);
		snprintf(out, sizeof out, "!%.200s", err.text);
	}
	return out;
}

struct example {
	const char *format, *read, *number;
};

/*
 * A 125 kHz card with "0013961168 213,02000" printed on it; proximity cards
 * of 26 bits printed 10482 and 6500; a MIFARE card of 4 bytes, one of 7.
 */
static const struct example cards[] = {
	{ "hex", "00d507d0", "00D507D0" },
	{ "decimal", "00D507D0", "13961168" },
	{ "wiegand-26", "D507D0", "21302000" },
	{ "wiegand-26", "0100D507D0", "21302000" },
	{ "wiegand-26 start=4 length=5", "D507D0", "02000" },
	{ "card-24", "00D507D0", "13961168" },
	{ "card-24", "FFD507D0", "13961168" },
	{ "wiegand-26", "000451E5", "00210482" },
	{ "wiegand-26 start=4", "000451E5", "10482" },
	{ "wiegand-26", "006232C8", "04906500" },
	{ "hex-reversed", "6ECBD718", "18D7CB6E" },
	{ "decimal", "6ECBD718", "1858852632" },
	{ "decimal-reversed", "6ECBD718", "416795502" },
	{ "uid", "6ECBD718", "1858852632" },
	{ "uid reverse=bytes", "6ECBD718", "0416795502" },
	{ "uid", "04A1B2C3D4E5F6", "01303689068602870" },
	{ "uid", "00000001", "0000000001" },
	{ "uid", "00000000000000000001", "0000000000000000000000001" },
	{ "hex-mirrored", "0180F0A5", "80010FA5" },
	{ "hex reverse=bits", "0180F0A5", "A50F0180" },
	{ "hex reverse=bytes", "01020304", "04030201" },
	{ "hex reverse=digits", "01020304", "40302010" },
	{ "hex-reversed reverse=bytes", "01020304", "01020304" },
	{ "hex start=3 length=4", "01020304", "0203" },
	{ "hex start=3 length=3", "01020304", "020" },
	{ "decimal reverse=digits start=2 length=3", "00D507D0", "611" },
	{ "decimal", "00", "0" },
	{ "decimal", "0000", "0" },
	{ "decimal", "FFFFFFFFFFFFFFFF", "18446744073709551615" },
	{ "decimal", "010000000000000000", "18446744073709551616" },
	{ "ascii", "34373131", "4711" },
};

static void
real_cards_have_the_number_printed_on_them(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cards / sizeof cards[0]; i++)
		assert_string_equal(cards[i].number, number(cards[i].format,
		    cards[i].read, false));
	/* A reader that types hex digits gives bytes as well. */
	assert_string_equal("13961168", number("decimal", "00D507D0", true));
}

static void
characters_and_tracks(void **state)
{
	char longest[REL_CARD_BYTES + 2];

	(void)state;
	assert_string_equal("4711", number("ascii", "4711", true));
	assert_string_equal("4711", number("ascii", " 4711\r\n", true));
	assert_string_equal("6035771234567890", number("ascii",
	    ";6035771234567890=99121010000000000?8", true));
	assert_string_equal("B12", number("ascii", "%B12?", true));
	assert_string_equal("A=B", number("ascii", "A=B", true));
	memset(longest, '7', REL_CARD_BYTES);
	longest[REL_CARD_BYTES] = '\0';
	assert_string_equal(longest, number("ascii", longest, true));
	longest[REL_CARD_BYTES] = '7';
	longest[REL_CARD_BYTES + 1] = '\0';
	assert_int_equal('!', number("ascii", longest, true)[0]);
	assert_int_equal('!', number("ascii", ";=?", true)[0]);
	assert_int_equal('!', number("ascii", "a\x01", true)[0]);
	assert_int_equal('!', number("ascii", "\xc3\xbc", true)[0]);
	assert_int_equal('!', number("ascii", "C3BC", false)[0]);
}

static void
what_is_no_number_says_why(void **state)
{
	(void)state;
	assert_non_null(strstr(number("wiegand-26", "000451E4", false),
	    "parity"));
	assert_non_null(strstr(number("wiegand-26", "800451E5", false),
	    "more than the 26 bits"));
	assert_non_null(strstr(number("wiegand-26", "0102", false),
	    "3, 4 or 5 bytes, and these are 2"));
	assert_non_null(strstr(number("card-24", "0102", false), "3 bytes"));
	assert_non_null(strstr(number("uid", "08D7CB6E", false),
	    "new number each time"));
	assert_non_null(strstr(number("uid", "0102030405", false),
	    "4, 7 or 10"));
	assert_non_null(strstr(number("hex start=3 length=4", "0102", false),
	    "the number has 4 digits, and 3 to 6 are wanted"));
	assert_int_equal('!', number("hex start=5", "0102", false)[0]);
	assert_int_equal('!', number("hex", "xyz", false)[0]);
	assert_int_equal('!', number("hex", "xyz", true)[0]);
	assert_int_equal('!', number("hex", "012", false)[0]);
	assert_int_equal('!', number("hex", "", false)[0]);
	assert_int_equal('!', number("ascii", "", true)[0]);
	assert_int_equal('!', number("decimal", "000102030405060708090A0B0C0D"
	    "0E0F101112131415161718191A1B1C1D1E1F20", false)[0]);
}

static void
formats_are_written_as_they_are_read(void **state)
{
	static const char *const good[][2] = {
		{ "hex", "hex" }, { " decimal  reverse=bytes ",
		    "decimal reverse=bytes" },
		{ "UID START=4 LENGTH=5", "uid start=4 length=5" },
		{ "hex start=1 length=0 reverse=none", "hex" },
		{ "decimal-reversed reverse=digits start=232 length=232",
		    "decimal-reversed reverse=digits start=232 length=232" },
	}, *const bad[] = { "", " ", "octal", "start=1", "hex hex",
	    "hex start=0", "hex start=233", "hex length=-1", "hex reverse=up",
	    "hex start=1x", "hex start=",
	    "hex start=00000000000000000000000000000000000001" };
	char text[REL_CARD_FORMAT_TEXT], again[REL_CARD_FORMAT_TEXT];
	struct rel_card_format f, g = { 0 };
	struct rel_err err;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		assert_int_equal(0, rel_card_format_read(&f, good[i][0],
		    &err));
		rel_card_format_text(text, &f);
		assert_string_equal(good[i][1], text);
		assert_int_equal(0, rel_card_format_read(&g, text, &err));
		assert_true(rel_card_format_same(&f, &g));
		rel_card_format_text(again, &g);
		assert_string_equal(text, again);
	}
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_equal(-REL_E_FORMAT, rel_card_format_read(&g,
		    bad[i], &err));
	assert_true(rel_card_format_same(&f, &g));	/* untouched */
	memset(&f, 0, sizeof f);
	rel_card_format_text(text, &f);
	assert_string_equal("hex", text);
	for (unsigned k = 0; k < REL_CARD_KINDS; k++) {
		assert_int_equal(0, rel_card_format_read(&f,
		    rel_card_kind_name((enum rel_card_kind)k), &err));
		assert_int_equal(k, f.kind);
		assert_true(strlen(rel_card_kind_help(f.kind)) > 10);
		assert_int_equal(k <= REL_CARD_HEX_MIRRORED,
		    rel_card_is_hex(&f));
	}
}

static void
ranges_let_through_what_is_in_them(void **state)
{
	struct rel_err err;

	(void)state;
	assert_true(rel_card_in_ranges("", "1"));
	assert_true(rel_card_in_ranges("1000000-1999999", "1000000"));
	assert_true(rel_card_in_ranges("1000000-1999999", "1999999"));
	assert_true(rel_card_in_ranges("1000000-1999999", "0001500000"));
	assert_false(rel_card_in_ranges("1000000-1999999", "999999"));
	assert_false(rel_card_in_ranges("1000000-1999999", "2000000"));
	assert_false(rel_card_in_ranges("1000000-1999999", "10000000"));
	assert_true(rel_card_in_ranges("1-2 04A10000-04a1ffff, 7",
	    "04A1BEEF"));
	assert_true(rel_card_in_ranges("1-2 04A10000-04a1ffff, 7", "7"));
	assert_false(rel_card_in_ranges("1-2 04A10000-04a1ffff, 7",
	    "04A2BEEF"));
	assert_true(rel_card_in_ranges("0-0", "000"));
	/* What cannot be read lets nobody in. */
	assert_false(rel_card_in_ranges("5-", "5"));
	assert_int_equal(0, rel_card_ranges_check("", &err));
	assert_int_equal(0, rel_card_ranges_check(" 1-2, 3-4 ", &err));
	assert_int_equal(-REL_E_FORMAT, rel_card_ranges_check("1-2 9-3",
	    &err));
	assert_non_null(strstr(err.text, "9-3"));
	assert_int_equal(-REL_E_FORMAT, rel_card_ranges_check("1-2x", &err));
	assert_int_equal(-REL_E_FORMAT, rel_card_ranges_check("-", &err));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(real_cards_have_the_number_printed_on_them),
		cmocka_unit_test(characters_and_tracks),
		cmocka_unit_test(what_is_no_number_says_why),
		cmocka_unit_test(formats_are_written_as_they_are_read),
		cmocka_unit_test(ranges_let_through_what_is_in_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
