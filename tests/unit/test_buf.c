/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/err.h"

UNIT(integers_are_little_endian)
{
	static const uint8_t want[] = {
		0x12, 0x34, 0x12, 0x78, 0x56, 0x34, 0x12,
		0xf0, 0xde, 0xbc, 0x9a, 0x78, 0x56, 0x34, 0x12,
		0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff
	};
	struct rel_buf b;

	rel_buf_init(&b);
	rel_put_u8(&b, 0x12);
	rel_put_u16(&b, 0x1234);
	rel_put_u32(&b, 0x12345678);
	rel_put_u64(&b, 0x123456789abcdef0);
	rel_put_i64(&b, -2);
	assert_int_equal(0, b.failed);
	assert_int_equal(sizeof want, b.len);
	assert_memory_equal(want, b.data, b.len);
	rel_buf_fini(&b);
	assert_null(b.data);
	assert_int_equal(0, b.len);
	rel_buf_fini(&b);		/* twice is fine */
}

UNIT(strings_carry_their_length)
{
	static const uint8_t want[] = "\x03\0\0\0abc\0\0\0\0\0\0\0\0";
	struct rel_buf b;

	rel_buf_init(&b);
	rel_put_str(&b, "abc");
	rel_put_str(&b, "");
	rel_put_str(&b, NULL);
	assert_int_equal(15, b.len);
	assert_memory_equal(want, b.data, 15);
	rel_buf_fini(&b);
}

UNIT(grows_and_keeps_what_is_there)
{
	struct rel_buf b;

	rel_buf_init(&b);
	for (uint32_t i = 0; i < 100000; i++)
		rel_put_u32(&b, i);
	assert_int_equal(0, b.failed);
	assert_int_equal(400000, b.len);
	for (uint32_t i = 0; i < 100000; i += 997) {
		assert_int_equal(i & 255, b.data[i * 4]);
		assert_int_equal(i >> 8 & 255, b.data[i * 4 + 1]);
	}
	rel_buf_fini_secret(&b);
	assert_null(b.data);
}

UNIT(nothing_put_is_nothing_owned)
{
	struct rel_buf b;

	rel_buf_init(&b);
	rel_put_raw(&b, NULL, 0);
	assert_null(b.data);
	assert_int_equal(0, b.failed);
	rel_buf_fini_secret(&b);
}

UNIT(a_failure_sticks)
{
	struct rel_buf b;

	rel_buf_init(&b);
	rel_put_str(&b, "ok");
	rel_put_raw(&b, "x", SIZE_MAX / 2);	/* refused before it is read */
	assert_int_equal(REL_E_LIMIT, b.failed);
	rel_put_u8(&b, 1);
	rel_put_fmt(&b, "%d", 1);
	assert_int_equal(6, b.len);
	assert_int_equal(REL_E_LIMIT, b.failed);
	rel_buf_reset(&b);
	rel_put_u8(&b, 1);
	assert_int_equal(0, b.failed);
	assert_int_equal(1, b.len);
	rel_buf_fini(&b);
}

UNIT(a_blob_longer_than_its_length_field_fails)
{
	struct rel_buf b;

	rel_buf_init(&b);
	rel_put_bytes(&b, "", (size_t)UINT32_MAX + 1);
	assert_int_equal(REL_E_LIMIT, b.failed);
	assert_int_equal(0, b.len);
	rel_buf_fini(&b);
}

UNIT(formatted_text_has_no_length_and_no_end)
{
	struct rel_buf b;
	char big[2000];

	memset(big, 'x', sizeof big - 1);
	big[sizeof big - 1] = '\0';
	rel_buf_init(&b);
	rel_put_fmt(&b, "%s-%d", "a", 12);
	rel_put_fmt(&b, "%s", "");
	rel_put_fmt(&b, "%s", big);
	assert_int_equal(4 + sizeof big - 1, b.len);
	assert_memory_equal("a-12xxxx", b.data, 8);
	rel_buf_fini(&b);
}

UNIT(wiped_memory_is_zero)
{
	char secret[8] = "1234567";

	rel_wipe(secret, sizeof secret);
	for (size_t i = 0; i < sizeof secret; i++)
		assert_int_equal(0, secret[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(integers_are_little_endian),
		UNIT_RUN(strings_carry_their_length),
		UNIT_RUN(grows_and_keeps_what_is_there),
		UNIT_RUN(nothing_put_is_nothing_owned),
		UNIT_RUN(a_failure_sticks),
		UNIT_RUN(a_blob_longer_than_its_length_field_fails),
		UNIT_RUN(formatted_text_has_no_length_and_no_end),
		UNIT_RUN(wiped_memory_is_zero),
	};

	return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
