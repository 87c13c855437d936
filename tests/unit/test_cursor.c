/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/unit/unit.h"

#include <string.h>

#include "lib/buf.h"
#include "lib/cursor.h"
#include "lib/err.h"

UNIT(reads_what_buf_wrote)
{
	struct rel_buf b;
	struct rel_cur c;
	char text[8];
	uint8_t key[4];
	size_t n;

	rel_buf_init(&b);
	rel_put_u8(&b, 200);
	rel_put_u16(&b, 60000);
	rel_put_u32(&b, 4000000000u);
	rel_put_u64(&b, UINT64_MAX - 1);
	rel_put_i64(&b, INT64_MIN);
	rel_put_str(&b, "gr\xc3\xbcn");
	rel_put_bytes(&b, "\1\2\3\4", 4);
	rel_put_bytes(&b, "xyz", 3);
	rel_put_raw(&b, "raw", 3);
	rel_cur_init(&c, b.data, b.len);
	assert_int_equal(b.len, rel_cur_left(&c));
	assert_int_equal(200, rel_get_u8(&c));
	assert_int_equal(60000, rel_get_u16(&c));
	assert_int_equal(4000000000u, rel_get_u32(&c));
	assert_true(rel_get_u64(&c) == UINT64_MAX - 1);
	assert_true(rel_get_i64(&c) == INT64_MIN);
	rel_get_str(&c, text, sizeof text);
	assert_string_equal("gr\xc3\xbcn", text);
	rel_get_fixed(&c, key, sizeof key);
	assert_memory_equal("\1\2\3\4", key, 4);
	assert_memory_equal("xyz", rel_get_bytes(&c, &n), 3);
	assert_int_equal(3, n);
	assert_memory_equal("raw", rel_get_raw(&c, 3), 3);
	assert_int_equal(0, rel_cur_left(&c));
	assert_int_equal(0, rel_cur_end(&c));
	rel_buf_fini(&b);
}

UNIT(the_first_error_sticks)
{
	static const uint8_t raw[] = { 1, 2, 3 };
	struct rel_cur c;
	char text[4] = "old";
	uint8_t key[2] = { 9, 9 };
	size_t n = 5;

	rel_cur_init(&c, raw, sizeof raw);
	assert_int_equal(0, rel_get_u32(&c));
	assert_int_equal(REL_E_FORMAT, c.bad);
	assert_int_equal(0, rel_get_u8(&c));	/* though a byte is there */
	assert_int_equal(0, rel_cur_left(&c));
	assert_null(rel_get_raw(&c, 0));
	assert_null(rel_get_bytes(&c, &n));
	assert_int_equal(0, n);
	rel_get_str(&c, text, sizeof text);
	assert_string_equal("", text);
	rel_get_fixed(&c, key, sizeof key);
	assert_memory_equal("\0\0", key, 2);
	assert_int_equal(-REL_E_FORMAT, rel_cur_end(&c));
}

UNIT(what_is_left_over_is_an_error)
{
	struct rel_cur c;

	rel_cur_init(&c, "ab", 2);
	rel_get_u8(&c);
	assert_int_equal(-REL_E_FORMAT, rel_cur_end(&c));
	rel_cur_init(&c, NULL, 0);
	assert_int_equal(0, rel_cur_end(&c));
	assert_int_equal(0, rel_get_u8(&c));
	assert_int_equal(-REL_E_FORMAT, rel_cur_end(&c));
}

UNIT(lengths_beyond_the_end_are_refused)
{
	static const char *const bad[] = {
		"\xff\xff\xff\xff" "abcd", "\x05\0\0\0" "abcd", "\x01\0\0",
		"\0\0\0\x80" "abcd",
	};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct rel_cur c;
		size_t n;

		rel_cur_init(&c, bad[i], i == 2 ? 3 : 8);
		assert_null(rel_get_bytes(&c, &n));
		assert_int_equal(0, n);
		assert_int_equal(-REL_E_FORMAT, rel_cur_end(&c));
	}
}

static int
str_of(const char *s, size_t n, char *out, size_t size)
{
	struct rel_buf b;
	struct rel_cur c;
	int rc;

	rel_buf_init(&b);
	rel_put_bytes(&b, s, n);
	rel_cur_init(&c, b.data, b.len);
	rel_get_str(&c, out, size);
	rc = rel_cur_end(&c);
	rel_buf_fini(&b);
	return rc;
}

UNIT(strings_must_fit_and_be_text)
{
	char out[5];

	assert_int_equal(0, str_of("", 0, out, sizeof out));
	assert_string_equal("", out);
	assert_int_equal(0, str_of("abcd", 4, out, sizeof out));
	assert_string_equal("abcd", out);
	assert_int_equal(-REL_E_LIMIT, str_of("abcde", 5, out, sizeof out));
	assert_string_equal("", out);
	assert_int_equal(-REL_E_FORMAT, str_of("a\0b", 3, out, sizeof out));
	assert_int_equal(-REL_E_FORMAT, str_of("\xff", 1, out, sizeof out));
	assert_int_equal(-REL_E_FORMAT, str_of("\xc3", 1, out, sizeof out));
	assert_string_equal("", out);
	assert_int_equal(0, str_of("a\nb", 3, out, sizeof out));
}

UNIT(fixed_bytes_have_exactly_their_length)
{
	static const char *const raw[] = { "\2\0\0\0ab", "\3\0\0\0abc" };

	for (size_t i = 0; i < 2; i++) {
		struct rel_cur c;
		uint8_t out[2] = { 7, 7 };

		rel_cur_init(&c, raw[i], 6 + i);
		rel_get_fixed(&c, out, sizeof out);
		assert_int_equal(i == 0 ? 0 : -REL_E_FORMAT, rel_cur_end(&c));
		assert_memory_equal(i == 0 ? "ab" : "\0\0", out, 2);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(reads_what_buf_wrote),
		UNIT_RUN(the_first_error_sticks),
		UNIT_RUN(what_is_left_over_is_an_error),
		UNIT_RUN(lengths_beyond_the_end_are_refused),
		UNIT_RUN(strings_must_fit_and_be_text),
		UNIT_RUN(fixed_bytes_have_exactly_their_length),
	};

	return cmocka_run_group_tests_name("cursor", tests, NULL, NULL);
}
