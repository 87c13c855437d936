/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

#include "lib/err.h"
#include "releaserd/keytab.h"

/* host/h@R, number 2 in one byte and 259 behind; a hole; anna@R, number 3. */
static const uint8_t good[] =
    "\x05\x02"
    "\x00\x00\x00\x23" "\x00\x02" "\x00\x01R" "\x00\x04host" "\x00\x01h"
    "\x00\x00\x00\x01" "\x00\x00\x00\x00" "\x02" "\x00\x12"
    "\x00\x04" "abcd" "\x00\x00\x01\x03"
    "\xff\xff\xff\xfc" "xxxx"
    "\x00\x00\x00\x1d" "\x00\x01" "\x00\x01R" "\x00\x04" "anna"
    "\x00\x00\x00\x01" "\x00\x00\x00\x00" "\x03" "\x00\x11"
    "\x00\x05" "efghi";
#define GOOD_LEN (sizeof good - 1)

UNIT(its_entries_are_read)
{
	struct keytab_entry e;
	struct rel_cur c;
	char name[64];

	assert_int_equal(0, keytab_begin(&c, good, GOOD_LEN));
	assert_int_equal(1, keytab_next(&c, &e));
	keytab_name(&e, name, sizeof name);
	assert_string_equal("host/h@R", name);
	assert_int_equal(259, e.kvno);
	assert_int_equal(18, e.enctype);
	assert_int_equal(4, e.key.n);
	assert_memory_equal("abcd", e.key.p, 4);
	assert_int_equal(1, keytab_next(&c, &e));
	keytab_name(&e, name, sizeof name);
	assert_string_equal("anna@R", name);
	assert_int_equal(3, e.kvno);
	assert_int_equal(17, e.enctype);
	assert_int_equal(0, keytab_next(&c, &e));
	assert_int_equal(2, keytab_count(good, GOOD_LEN));
}

UNIT(a_name_that_is_long_is_cut)
{
	struct keytab_entry e;
	struct rel_cur c;
	char name[5];

	assert_int_equal(0, keytab_begin(&c, good, GOOD_LEN));
	assert_int_equal(1, keytab_next(&c, &e));
	keytab_name(&e, name, sizeof name);
	assert_string_equal("host", name);
}

UNIT(what_is_none_is_refused)
{
	uint8_t bad[GOOD_LEN];

	assert_int_equal(-REL_E_FORMAT, keytab_count("", 0));
	assert_int_equal(-REL_E_FORMAT, keytab_count("\x05\x01", 2));
	assert_int_equal(-REL_E_FORMAT, keytab_count("\x05\x02", 2));
	/* No name, a name of too many parts, no key, no realm. */
	memcpy(bad, good, GOOD_LEN);
	bad[7] = 0;
	assert_int_equal(-REL_E_FORMAT, keytab_count(bad, GOOD_LEN));
	bad[7] = KEYTAB_PARTS_MAX + 1;
	assert_int_equal(-REL_E_FORMAT, keytab_count(bad, GOOD_LEN));
	memcpy(bad, good, GOOD_LEN);
	bad[9] = 0;
	assert_int_equal(-REL_E_FORMAT, keytab_count(bad, GOOD_LEN));
	/* A hole as large as can be written. */
	memcpy(bad, good, GOOD_LEN);
	memcpy(bad + 2, "\x80\x00\x00\x00", 4);
	assert_int_equal(-REL_E_FORMAT, keytab_count(bad, GOOD_LEN));
}

/* Every byte changed, every end: nothing is read that is not there. */
UNIT(nothing_is_read_beyond_its_end)
{
	for (size_t n = 0; n <= GOOD_LEN; n++) {
		uint8_t *part = malloc(n > 0 ? n : 1);

		assert_non_null(part);
		memcpy(part, good, n);
		assert_true(keytab_count(part, n) <= 2);
		for (size_t at = 2; at < n; at++) {
			part[at] ^= 0xff;
			assert_true(keytab_count(part, n) <= 2);
			part[at] ^= 0xff;
		}
		free(part);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(its_entries_are_read),
		UNIT_RUN(a_name_that_is_long_is_cut),
		UNIT_RUN(what_is_none_is_refused),
		UNIT_RUN(nothing_is_read_beyond_its_end),
	};

	return cmocka_run_group_tests_name("keytab", tests, NULL, NULL);
}
