/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include <stdlib.h>
#include <string.h>

#include "lib/names.h"
#include "tests/unit/unit.h"

UNIT(test_split)
{
	char text[] = " 2nd floor ,colour,, \t,A3";
	char empty[] = "", commas[] = ",,,";
	const char *names[4];

	assert_int_equal(3, rel_names_split(text, names, 4));
	assert_string_equal("2nd floor", names[0]);
	assert_string_equal("colour", names[1]);
	assert_string_equal("A3", names[2]);
	assert_int_equal(0, rel_names_split(empty, names, 4));
	assert_int_equal(0, rel_names_split(commas, names, 4));
}

UNIT(test_split_stops)
{
	char text[] = "a,b,c";
	const char *names[2];

	assert_int_equal(2, rel_names_split(text, names, 2));
	assert_string_equal("b", names[1]);
}

UNIT(test_tidy)
{
	static const struct {
		const char *in, *out;
	} t[] = {
		{ "", "" }, { " , ,", "" }, { "a", "a" },
		{ " a , b c ,a,b c", "a,b c" }, { "ab,a,b", "ab,a,b" },
	};
	static const struct rel_names_max lim = { 3, 5 };
	char out[16];
	struct rel_err err;

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		assert_int_equal(0, rel_names_tidy(out, sizeof out, t[i].in,
		    &lim, &err));
		assert_string_equal(t[i].out, out);
	}
}

UNIT(test_tidy_bounds)
{
	static const struct rel_names_max lim = { 3, 5 };
	struct rel_err err;
	char out[16];

	assert_int_equal(0, rel_names_tidy(out, sizeof out, "abcd,b,c", &lim,
	    &err));
	assert_int_equal(-REL_E_LIMIT, rel_names_tidy(out, sizeof out,
	    "abcde", &lim, &err));
	assert_string_equal("a name is at most 4 bytes", err.text);
	assert_int_equal(-REL_E_LIMIT, rel_names_tidy(out, sizeof out,
	    "a,b,c,d", &lim, &err));
	assert_int_equal(-REL_E_LIMIT, rel_names_tidy(out, 6, "abcd,e", &lim,
	    &err));
	assert_int_equal(0, rel_names_tidy(out, 7, "abcd,e", &lim, &err));
}

UNIT(test_list)
{
	static const struct {
		const char *in, *out;
	} t[] = {
		{ "", "[]" }, { " , ,", "[]" }, { "a", "[\"a\"]" },
		{ " 2nd floor ,colour,, A3 ", "[\"2nd floor\",\"colour\",\"A3\"]" }
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		json_t *all = rel_names_list(t[i].in);
		char *text = json_dumps(all, JSON_COMPACT);

		assert_non_null(text);
		assert_string_equal(t[i].out, text);
		free(text);
		json_decref(all);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(test_split),
		UNIT_RUN(test_split_stops),
		UNIT_RUN(test_tidy),
		UNIT_RUN(test_tidy_bounds),
		UNIT_RUN(test_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
