/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/unit/unit.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "lib/err.h"
#include "lib/text.h"

UNIT(set_fills_code_and_words)
{
	struct rel_err err;

	assert_int_equal(-REL_E_DENIED, rel_err_set(&err, REL_E_DENIED,
	    "user %s may not", "anna"));
	assert_int_equal(REL_E_DENIED, err.code);
	assert_string_equal("user anna may not", err.text);
}

UNIT(set_without_a_place_for_words)
{
	assert_int_equal(-REL_E_IO, rel_err_set(NULL, REL_E_IO, "x"));
	assert_int_equal(-REL_E_IO, rel_err_sys(NULL, REL_E_IO, "x"));
}

UNIT(sys_adds_the_reason_and_keeps_errno)
{
	struct rel_err err;

	errno = ENOSPC;
	assert_int_equal(-REL_E_FULL, rel_err_sys(&err, REL_E_FULL,
	    "cannot write %d", 7));
	assert_int_equal(ENOSPC, errno);
	assert_string_equal("cannot write 7: No space left on device",
	    err.text);
}

UNIT(long_words_are_cut_between_characters)
{
	struct rel_err err;
	char many[600];

	for (size_t i = 0; i + 3 <= sizeof many; i += 2)
		memcpy(many + i, "\xc3\xbc", 3);
	rel_err_set(&err, REL_E_FORMAT, "x%s", many);
	assert_true(strlen(err.text) >= sizeof err.text - 4);
	assert_true(rel_utf8_ok(err.text, strlen(err.text)));
	rel_err_set(&err, REL_E_FORMAT, "%s", many);
	assert_true(rel_utf8_ok(err.text, strlen(err.text)));
	errno = EIO;
	rel_err_sys(&err, REL_E_FORMAT, "xx%s", many);
	assert_true(rel_utf8_ok(err.text, strlen(err.text)));
}

UNIT(words_from_outside_are_made_harmless)
{
	struct rel_err err;

	rel_err_set(&err, REL_E_PEER, "it says \"%s\"", "no\r\nno\x1b[2J\xff");
	assert_string_equal("it says \"no  no [2J?\"", err.text);
}

UNIT(words_can_be_put_around_themselves)
{
	struct rel_err err;

	rel_err_set(&err, REL_E_PEER, "the device is away");
	rel_err_set(&err, err.code, "job 7: %s", err.text);
	assert_string_equal("job 7: the device is away", err.text);
}

UNIT(every_code_has_a_name)
{
	assert_string_equal("none", rel_err_name(0));
	assert_string_equal("not-held", rel_err_name(REL_E_NOTHELD));
	assert_string_equal("not-held", rel_err_name(-REL_E_NOTHELD));
	assert_string_equal("closed", rel_err_name(REL_E_CLOSED));
	assert_string_equal("unknown", rel_err_name(REL_E_CLOSED + 1));
	assert_string_equal("unknown", rel_err_name(INT_MIN));
	assert_string_equal("unknown", rel_err_name(INT_MAX));
	for (int i = 0; i <= REL_E_CLOSED; i++)
		for (int k = 0; k < i; k++)
			assert_string_not_equal(rel_err_name(i),
			    rel_err_name(k));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(set_fills_code_and_words),
		UNIT_RUN(set_without_a_place_for_words),
		UNIT_RUN(sys_adds_the_reason_and_keeps_errno),
		UNIT_RUN(long_words_are_cut_between_characters),
		UNIT_RUN(words_from_outside_are_made_harmless),
		UNIT_RUN(words_can_be_put_around_themselves),
		UNIT_RUN(every_code_has_a_name),
	};

	return cmocka_run_group_tests_name("err", tests, NULL, NULL);
}
