/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Addresses, ranges and subnets as administrators write them. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/ranges.h"

static struct rel_ranges r;
static struct rel_err err;

/* All of them, as "a b c". */
static const char *
all_of(char *out, size_t size)
{
	struct rel_ranges_at at = { 0 };
	char one[REL_HOST_NAME_MAX];
	size_t n = 0;

	out[0] = '\0';
	while (rel_ranges_next(&r, &at, one) && n + strlen(one) + 2 < size)
		n += (size_t)snprintf(out + n, size - n, "%s%s", n > 0 ? " " :
		    "", one);
	return out;
}

UNIT(a_list_is_taken_apart)
{
	static const struct {
		const char *text, *all;
	} t[] = {
		{ "", "" }, { " , \n", "" }, { "10.0.0.7", "10.0.0.7" },
		{ "10.0.0.254-10.0.1.1",
		    "10.0.0.254 10.0.0.255 10.0.1.0 10.0.1.1" },
		{ "10.0.0.1-3", "10.0.0.1 10.0.0.2 10.0.0.3" },
		{ "10.0.0.5/30", "10.0.0.4 10.0.0.5 10.0.0.6 10.0.0.7" },
		{ "10.0.0.2,10.0.0.1", "10.0.0.1 10.0.0.2" },
		{ "10.0.0.1-3 10.0.0.2-4", "10.0.0.1 10.0.0.2 10.0.0.3 "
		    "10.0.0.4" },
		{ "10.0.0.1 10.0.0.1", "10.0.0.1" },
		{ "255.255.255.255", "255.255.255.255" },
		{ "2001:db8::fffe-2001:db8::1:1", "2001:db8::fffe "
		    "2001:db8::ffff 2001:db8::1:0 2001:db8::1:1" },
		{ "2001:db8::/127", "2001:db8:: 2001:db8::1" },
		{ "b.example a-1.example 10.0.0.1 a-1.example",
		    "10.0.0.1 a-1.example b.example" },
		{ "printer7", "printer7" },
	};
	char got[400];

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		if (rel_ranges_read(&r, t[i].text, true, &err) < 0)
			fail_msg("%s: %s", t[i].text, err.text);
		assert_string_equal(t[i].all, all_of(got, sizeof got));
		rel_ranges_fini(&r);
	}
}

UNIT(what_is_none_is_refused)
{
	static const char *const t[] = {
		"10.0.0", "10.0.0.256", "10.0.0.1-", "-10.0.0.1", "10.0.0.0/",
		"10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/1x", "10.0.0.0/0024",
		"10.0.0.9-10.0.0.1", "10.0.0.1-256", "10.0.0.1-10.0.0.2-3",
		"10.0.0.1-2001:db8::1", "2001:db8::/129", "2001:db8::1-5",
		"fe80::1%eth0", "10.0.0.1:161", "a..b", ".a", "a.", "-a", "a-",
		"a_b/24", "$(reboot)", "a;b'", "10.0.0.1\x01", "\xff\xfe",
		"example.7", "*", "%s%n"
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		if (rel_ranges_read(&r, t[i], true, &err) != -REL_E_FORMAT)
			fail_msg("%s was taken", t[i]);
		assert_true(err.text[0] != '\0');
		assert_int_equal(0, r.n);
	}
	assert_int_equal(-REL_E_FORMAT, rel_ranges_read(&r, "printer7", false,
	    &err));
}

UNIT(long_ones_are_bounded)
{
	char *text = malloc(40000);
	size_t n = 0;

	for (int i = 0; i < 257; i++)
		n += (size_t)snprintf(text + n, 40000 - n, "10.%d.%d.1 ",
		    i / 200, i % 200);
	assert_int_equal(-REL_E_LIMIT, rel_ranges_read(&r, text, true, &err));
	memset(text, 'a', 39999);
	text[39999] = '\0';
	assert_int_equal(-REL_E_FORMAT, rel_ranges_read(&r, text, true, &err));
	for (size_t i = 63; i < 39999; i += 64)
		text[i] = '.';
	text[254] = '\0';
	assert_int_equal(-REL_E_FORMAT, rel_ranges_read(&r, text, true, &err));
	free(text);
}

UNIT(they_are_counted)
{
	static const struct {
		const char *text;
		uint64_t n;
	} t[] = {
		{ "", 0 }, { "10.0.0.0/24", 256 }, { "0.0.0.0/0", 1ull << 32 },
		{ "10.0.0.0/24 10.0.0.128-10.0.1.9 x", 267 },
		{ "2001:db8::/118", 1024 }, { "::/0", UINT64_MAX },
		{ "2001:db8::/64", UINT64_MAX },
		{ "2001:db8::/64 2001:db9::/64 10.0.0.1", UINT64_MAX },
		{ "2001:db8::/65", 1ull << 63 }
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		assert_int_equal(0, rel_ranges_read(&r, t[i].text, true,
		    &err));
		assert_true(rel_ranges_size(&r) == t[i].n);
		rel_ranges_fini(&r);
	}
}

UNIT(an_address_is_in_or_not)
{
	assert_int_equal(0, rel_ranges_read(&r, "10.0.0.0/24 2001:db8::/32 "
	    "192.0.2.5 name", true, &err));
	assert_true(rel_ranges_have(&r, "10.0.0.0"));
	assert_true(rel_ranges_have(&r, "10.0.0.255"));
	assert_true(rel_ranges_have(&r, "::ffff:10.0.0.9"));
	assert_true(rel_ranges_have(&r, "2001:db8:1::1"));
	assert_true(rel_ranges_have(&r, "192.0.2.5"));
	assert_false(rel_ranges_have(&r, "10.0.1.0"));
	assert_false(rel_ranges_have(&r, "9.255.255.255"));
	assert_false(rel_ranges_have(&r, "2001:db9::"));
	assert_true(rel_ranges_have(&r, "NAME"));
	assert_false(rel_ranges_have(&r, "nam"));
	assert_false(rel_ranges_have(&r, ""));
	rel_ranges_fini(&r);
}

/* The mapped addresses lie in ::/64: no IPv4 address is meant by that. */
UNIT(ipv4_is_not_in_ranges_of_ipv6)
{
	assert_int_equal(0, rel_ranges_read(&r, "::/0", true, &err));
	assert_true(rel_ranges_have(&r, "2001:db8::1"));
	assert_false(rel_ranges_have(&r, "10.0.0.1"));
	rel_ranges_fini(&r);
	assert_int_equal(0, rel_ranges_read(&r, "2001:db8::/32, ::/0 "
	    "10.0.0.0/24", true, &err));
	assert_int_equal(2, r.n);
	assert_true(rel_ranges_have(&r, "2001:db8::1"));
	assert_true(rel_ranges_have(&r, "10.0.0.1"));
	assert_false(rel_ranges_have(&r, "10.0.1.1"));
	rel_ranges_fini(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_is_taken_apart),
		cmocka_unit_test(what_is_none_is_refused),
		cmocka_unit_test(long_ones_are_bounded),
		cmocka_unit_test(they_are_counted),
		cmocka_unit_test(an_address_is_in_or_not),
		cmocka_unit_test(ipv4_is_not_in_ranges_of_ipv6),
	};

	return cmocka_run_group_tests_name("ranges", tests, NULL, NULL);
}
