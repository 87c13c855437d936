/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/unit/unit.h"

#include <string.h>

#include "lib/text.h"

UNIT(utf8_as_rfc_3629_has_it)
{
	static const struct {
		const char *s;
		bool ok;
	} t[] = {
		{ "", true }, { "plain", true }, { "\xc3\xbc", true },
		{ "\xe2\x82\xac", true }, { "\xf0\x9f\x96\xa8", true },
		{ "\xf4\x8f\xbf\xbf", true },		/* U+10FFFF */
		{ "\xf4\x90\x80\x80", false },		/* beyond */
		{ "\xf5\x80\x80\x80", false },
		{ "\xc0\xaf", false }, { "\xc1\xbf", false },	/* too long */
		{ "\xe0\x80\xaf", false }, { "\xe0\x9f\xbf", false },
		{ "\xf0\x80\x80\xaf", false }, { "\xf0\x8f\xbf\xbf", false },
		{ "\xed\xa0\x80", false }, { "\xed\xbf\xbf", false },
		{ "\xed\x9f\xbf", true }, { "\xee\x80\x80", true },
		{ "\x80", false }, { "\xbf", false }, { "\xfe", false },
		{ "\xff", false }, { "a\xc3", false }, { "\xc3" "a", false },
		{ "\xe2\x82", false }, { "\xe2\x82x", false },
		{ "\xf0\x9f\x96", false },
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
		if (rel_utf8_ok(t[i].s, strlen(t[i].s)) != t[i].ok)
			fail_msg("case %zu", i);
	assert_true(rel_utf8_ok("\0", 1));
	/* Only as far as it is told: the rest is another's memory. */
	assert_false(rel_utf8_ok("\xe2\x82\xac", 2));
	assert_true(rel_utf8_ok("a\xff", 1));
}

UNIT(cut_keeps_characters_whole)
{
	static const struct {
		const char *s;
		size_t max, want;
	} t[] = {
		{ "abc", 10, 3 }, { "abc", 2, 2 }, { "abc", 0, 0 },
		{ "\xc3\xbc\xc3\xbc", 4, 4 }, { "\xc3\xbc\xc3\xbc", 3, 2 },
		{ "\xc3\xbc", 1, 0 }, { "a\xf0\x9f\x96\xa8", 4, 1 },
		{ "a\xf0\x9f\x96\xa8", 5, 5 }, { "\xff\xff\xff", 2, 2 },
		{ "", 5, 0 },
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
		assert_int_equal(t[i].want, rel_utf8_cut(t[i].s, t[i].max));
}

UNIT(clean_text_is_safe_for_people_and_devices)
{
	static const struct {
		const char *in, *out;
	} t[] = {
		{ "Report.pdf", "Report.pdf" },
		{ "a\nb\tc\x7f", "a b c " },
		{ "\x1b]0;x\x07", " ]0;x " },
		{ "gr\xc3\xbcn", "gr\xc3\xbcn" },
		{ "gr\xfcn", "gr?n" },
		{ "\xc2\x9bm", " m" },			/* C1: CSI */
		{ "\xc2\xa0x", "\xc2\xa0x" },
		{ "", "" },
	};
	char out[32];

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		rel_text_clean(out, sizeof out, t[i].in);
		assert_string_equal(t[i].out, out);
	}
}

UNIT(clean_text_always_fits_and_ends)
{
	static const char in[] = "ab\xc3\xbc\xe2\x82\xac\xf0\x9f\x96\xa8z\xff";
	char out[20];

	for (size_t size = 1; size <= sizeof out; size++) {
		memset(out, 'X', sizeof out);
		rel_text_clean(out, size, in);
		assert_true(strlen(out) < size);
		assert_true(rel_utf8_ok(out, strlen(out)));
		for (size_t i = size; i < sizeof out; i++)
			assert_int_equal('X', out[i]);
	}
	assert_string_equal("ab\xc3\xbc\xe2\x82\xac\xf0\x9f\x96\xa8z?", out);
	out[0] = 'X';
	rel_text_clean(out, 0, in);
	assert_int_equal('X', out[0]);
}

UNIT(users_are_compared_by_key)
{
	static const struct {
		const char *in, *key;
		bool strip;
	} t[] = {
		{ "Anna", "anna", true },
		{ "EXAMPLE\\Anna", "anna", true },
		{ "EXAMPLE\\Anna", "anna", false },
		{ "A\\B\\anna", "anna", true },
		{ "anna@EXAMPLE.ORG", "anna", true },
		{ "anna@EXAMPLE.ORG", "anna@example.org", false },
		{ "EX\\anna@EXAMPLE.ORG", "anna", true },
		{ "@anna", "@anna", true },
		{ "\xc3\x9cnal", "\xc3\x9cnal", true },
		{ "o'hara; rm -rf", "o'hara; rm -rf", true },
	};
	char out[64];

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		assert_true(rel_user_key(out, sizeof out, t[i].in, t[i].strip));
		assert_string_equal(t[i].key, out);
	}
}

UNIT(names_that_are_none)
{
	static const char *const bad[] = {
		"", "EXAMPLE\\", "\xff", "a\nb", "a\x7f", "a\xc3"
	};
	char out[8];

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(rel_user_key(out, sizeof out, bad[i], true));
	assert_true(rel_user_key(out, sizeof out, "1234567", true));
	assert_false(rel_user_key(out, sizeof out, "12345678", true));
	assert_true(rel_user_key(out, sizeof out, "1234567@abcdef", true));
}

UNIT(hex_there_and_back)
{
	static const uint8_t raw[] = { 0x00, 0x0f, 0xf0, 0xa5, 0xff };
	uint8_t back[5];
	char hex[11];

	rel_hex(hex, raw, sizeof raw);
	assert_string_equal("000ff0a5ff", hex);
	assert_true(rel_unhex(back, 5, hex, 10));
	assert_memory_equal(raw, back, 5);
	assert_true(rel_unhex(back, 5, "000FF0A5fF", 10));
	assert_memory_equal(raw, back, 5);
	assert_false(rel_unhex(back, 5, "000ff0a5f", 9));
	assert_false(rel_unhex(back, 5, "000ff0a5ff0", 11));
	assert_false(rel_unhex(back, 1, "0g", 2));
	assert_false(rel_unhex(back, 1, "g0", 2));
	assert_false(rel_unhex(back, 1, " 0", 2));
	assert_true(rel_unhex(back, 0, "", 0));
	rel_hex(hex, raw, 0);
	assert_string_equal("", hex);
}

UNIT(base32_there_and_back)
{
	char out[14];
	uint64_t v;

	rel_b32(out, 0, 1);
	assert_string_equal("0", out);
	rel_b32(out, 31, 3);
	assert_string_equal("00Z", out);
	rel_b32(out, UINT64_MAX, 13);
	assert_string_equal("FZZZZZZZZZZZZ", out);
	assert_true(rel_unb32(&v, out, 13));
	assert_true(v == UINT64_MAX);
	for (uint64_t x = 1; x < UINT64_MAX / 37; x *= 37) {
		rel_b32(out, x, 13);
		assert_true(rel_unb32(&v, out, 13));
		assert_true(v == x);
	}
	assert_true(rel_unb32(&v, "iLo", 3));	/* as people read 1 1 0 */
	assert_int_equal(1 << 10 | 1 << 5, v);
	assert_false(rel_unb32(&v, "U", 1));
	assert_false(rel_unb32(&v, "", 0));
	assert_false(rel_unb32(&v, "00000000000000", 14));
	assert_false(rel_unb32(&v, "GZZZZZZZZZZZZ", 13));	/* 65 bits */
	assert_false(rel_unb32(&v, "1\0", 2));
	assert_false(rel_unb32(&v, "1-2", 3));
}

UNIT(whole_numbers_only)
{
	static const char *const bad[] = {
		"", " 1", "1 ", "+1", "0x10", "1.0", "-", "--1", "one", "1e3",
		"9223372036854775808", "-9223372036854775809", "\t1"
	};
	int64_t v = 42;

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(rel_int(&v, bad[i], INT64_MIN, INT64_MAX));
	assert_int_equal(42, v);
	assert_true(rel_int(&v, "-9223372036854775808", INT64_MIN, 0));
	assert_true(v == INT64_MIN);
	assert_true(rel_int(&v, "007", 1, 7));
	assert_int_equal(7, v);
	assert_false(rel_int(&v, "8", 1, 7));
	assert_false(rel_int(&v, "0", 1, 7));
}

UNIT(times_as_rfc_3339)
{
	char out[32];

	rel_time_text(out, 0);
	assert_string_equal("1970-01-01T00:00:00.000Z", out);
	rel_time_text(out, 1795166100120);
	assert_string_equal("2026-11-20T09:15:00.120Z", out);
	rel_time_text(out, -1);
	assert_string_equal("1969-12-31T23:59:59.999Z", out);
	rel_time_text(out, INT64_MAX);		/* no such year: still text */
	assert_true(strlen(out) < sizeof out);
	rel_time_text(out, INT64_MIN);
	assert_true(strlen(out) < sizeof out);
	assert_true(rel_now_ms() > 1600000000000);
	assert_true(rel_mono_ms() <= rel_mono_ms());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(utf8_as_rfc_3629_has_it),
		UNIT_RUN(cut_keeps_characters_whole),
		UNIT_RUN(clean_text_is_safe_for_people_and_devices),
		UNIT_RUN(clean_text_always_fits_and_ends),
		UNIT_RUN(users_are_compared_by_key),
		UNIT_RUN(names_that_are_none),
		UNIT_RUN(hex_there_and_back),
		UNIT_RUN(base32_there_and_back),
		UNIT_RUN(whole_numbers_only),
		UNIT_RUN(times_as_rfc_3339),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
