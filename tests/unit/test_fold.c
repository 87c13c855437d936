/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Upper and lower case when people search. */
#include "tests/unit/unit.h"

#include <string.h>

#include "lib/fold.h"
#include "lib/text.h"

static const char *
folded(const char *s)
{
	static char out[200];

	memset(out, 0, sizeof out);
	rel_fold(out, s, strlen(s));
	return out;
}

UNIT(letters_become_lower_case)
{
	static const struct {
		const char *from, *to;
	} t[] = {
		{ "Report 7.PDF", "report 7.pdf" }, { "", "" },
		{ "PRÜFUNG ÄÖÜ ß", "prüfung äöü ß" }, { "×÷", "×÷" },
		{ "ŽIŽKA ŁÓDŹ ŞŸ", "žižka łódź şÿ" }, { "İıĸ", "İıĸ" },
		{ "ΆΈΌΏ ΣΊΣΥΦΟΣ", "άέόώ σίσυφοσ" },
		{ "ДОГОВОР ЁЖ", "договор ёж" },
		{ "日本語 😀", "日本語 😀" }
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		assert_string_equal(t[i].to, folded(t[i].from));
		assert_string_equal(t[i].to, folded(t[i].to));
	}
}

/* Every character of two bytes: as long as it was, still UTF-8, and stable. */
UNIT(nothing_breaks)
{
	for (unsigned u = 0x80; u < 0x800; u++) {
		char s[3] = { (char)(0xc0 | u >> 6),
		    (char)(0x80 | (u & 0x3f)), '\0' };
		char once[3], twice[3];

		rel_fold(once, s, 3);
		assert_int_equal(2, strlen(once));
		assert_true(rel_utf8_ok(once, 2));
		rel_fold(twice, once, 3);
		assert_string_equal(once, twice);
	}
	assert_string_equal("a\xff\xc3", folded("A\xff\xc3"));
	assert_string_equal("\xc3z", folded("\xc3Z"));
}

static bool
has(const char *s, const char *what)
{
	return rel_fold_has(s, strlen(s), what);
}

UNIT(words_are_found_anywhere)
{
	char many[5001];

	assert_true(has("Die PRÜFUNG.docx", "prüf"));
	assert_true(has("x", ""));
	assert_true(has("", ""));
	assert_true(rel_fold_has(NULL, 0, ""));
	assert_false(has("", "x"));
	assert_false(has("Prufung", "prüf"));
	assert_false(rel_fold_has("abcd", 3, "cd"));	/* ends before */
	memset(many, 'A', 5000);
	memcpy(many + 4990, "end", 4);
	assert_true(has(many, "aaaa"));
	assert_false(has(many, "end"));		/* too far behind */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(letters_become_lower_case),
		UNIT_RUN(nothing_breaks),
		UNIT_RUN(words_are_found_anywhere),
	};

	return cmocka_run_group_tests_name("fold", tests, NULL, NULL);
}
