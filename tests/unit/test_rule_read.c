/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Files of rules: what is taken, what is refused, and which line and word. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/rule.h"
#include "tests/unit/place_fixture.h"

static struct rel_place at;

static struct rel_rules *
read_text(const char *text, size_t n)
{
	/* Exactly n bytes, so that one read too many is found. */
	char *copy = malloc(n + (n == 0));
	struct rel_rules *r;

	assert_non_null(copy);
	memcpy(copy, text, n);
	memset(&at, 0, sizeof at);
	r = rel_rules_read(copy, n, &at);
	free(copy);
	return r;
}

/* Rows that are refused where they stand between two other texts. */
static void
check_rows(const char *before, const struct bad_text *rows, const char *after)
{
	for (; rows->text != NULL; rows++) {
		struct bad_text all = *rows;
		char text[400];

		assert_true(strlen(before) + strlen(rows->text) +
		    strlen(after) < sizeof text);
		snprintf(text, sizeof text, "%s%s%s", before, rows->text,
		    after);
		all.text = text;
		bad_text_check(&all, read_text(text, strlen(text)) != NULL,
		    &at);
	}
}

UNIT(rules_and_words)
{
	static const struct bad_text rows[] = {
		{ "x", 1, "x", "a rule begins" },
		{ "\n# c\n\n  \"x\"", 4, "x", "a rule begins" },
		{ "rule", 1, "", "its name in quotes" },
		{ "rule a allow", 1, "a", "its name in quotes" },
		{ "rule \"\" allow", 1, "", "1 to 127 bytes" },
		{ "rule \"a\"", 1, "a", "does nothing" },
		{ "rule \"a\"\nrule \"b\" allow", 1, "a", "does nothing" },
		{ "rule \"a\"\n when pages > 1\n", 1, "a", "does nothing" },
		{ "rule \"a\" alow", 1, "alow", "is allow meant?" },
		{ "rule \"a\" print", 1, "print", "an action is wanted" },
		{ "rule \"a\" allow\n when pages > 1", 2, "when",
		    "in front of what it does" },
		{ "rule \"a\" allow rule \"b\" allow\nrule \"a\" allow", 2,
		    "a", "line 1 has this name" },
		{ "rule \"a\" allow refuse \"x\"", 1, "refuse",
		    "goes against" },
		{ "rule \"a\" ask \"x\" ask \"y\"", 1, "ask",
		    "is the same" },
		{ "rule \"a\" charge x on hold charge y", 1, "charge",
		    "is the same" },
		{ "rule \"a", 1, "a", "does not end in its line" },
		{ "rule \"a\nb\" allow", 1, "a", "does not end in its line" },
		{ "rule \"a\\n\" allow", 1, "a", "write \\\\" },
		{ "rule \"a\\", 1, "a", "write \\\\" },
		{ "rule \"a\" when ! allow", 1, "!", "write !=" },
		{ NULL, 0, NULL, NULL }
	};

	check_rows("", rows, "");
}

/* Conditions that are wrong; each stands in line 2. */
UNIT(conditions)
{
	static const struct bad_text rows[] = {
		{ "", 3, "refuse", "no condition of this name" },
		{ "pagse > 1", 2, "pagse", "is pages meant?" },
		{ "colours > 1", 2, "colours", "release-rules(5)" },
		{ "\"pages\" > 1", 2, "pages", "a condition is wanted" },
		{ "> 1", 2, ">", "a condition is wanted" },
		{ "pages", 3, "refuse", "behind pages stands <" },
		{ "pages 10", 2, "10", "behind pages stands <" },
		{ "pages >", 3, "refuse", "a whole number" },
		{ "pages > \"10\"", 2, "10", "a number is wanted" },
		{ "pages > ten", 2, "ten", "a whole number" },
		{ "pages > -1", 2, "-1", "a whole number" },
		{ "pages > 1.5", 2, "1.5", "a whole number" },
		{ "pages > 99999999999999999999", 2, "99999999999999999999",
		    "a whole number" },
		{ "pages > cost", 2, "cost", "cannot be compared" },
		{ "pages > user", 2, "user", "cannot be compared" },
		{ "pages >= = 1", 2, "=", "a number is wanted" },
		{ "cost > 1,50", 2, ",", "an action is wanted" },
		{ "cost > 1.5.0", 2, "1.5.0", "" },
		{ "cost > 1.0000001", 2, "1.0000001", "" },
		{ "cost > 99999999999999999", 2, "99999999999999999", "" },
		{ "document-size > 1t", 2, "1t", "a size is" },
		{ "document-size > k", 2, "k", "a size is" },
		{ "document-size > 99999999m", 2, "99999999m", "a size is" },
		{ "user", 3, "refuse", "a name is wanted" },
		{ "user > anna", 2, ">", "= or !=" },
		{ "user anna,", 3, "refuse", "a name is wanted" },
		{ "user and", 2, "and", "a name is wanted" },
		{ "user \"\"", 2, "", "a name is wanted" },
		{ "group (a)", 2, "(", "a name is wanted" },
		{ "media A9x", 2, "A9x", "no such size of paper" },
		{ "format application/x-thing", 2, "application/x-thing",
		    "no job is of this type" },
		{ "sides > 3", 2, ">", "write impressions" },
		{ "sides = both", 2, "both", "sides is one-sided" },
		{ "sides", 3, "refuse", "sides is one-sided" },
		{ "time 8:00-17:00", 2, "8:00-17:00", "08:00-17:00" },
		{ "time 08:00", 2, "08:00", "08:00-17:00" },
		{ "time 08:00-25:00", 2, "08:00-25:00", "08:00-17:00" },
		{ "time 08:60-09:00", 2, "08:60-09:00", "08:00-17:00" },
		{ "time 24:00-08:00", 2, "24:00-08:00", "08:00-17:00" },
		{ "time 08:00-24:01", 2, "08:00-24:01", "08:00-17:00" },
		{ "time 08:00-17:00x", 2, "08:00-17:00x", "08:00-17:00" },
		{ "time 08:00-08:00", 2, "08:00-08:00", "is empty" },
		{ "time > 08:00-09:00", 2, ">", "= or !=" },
		{ "time 08:00-09:00 mon,", 3, "refuse", "days are" },
		{ "day", 3, "refuse", "days are" },
		{ "day monday", 2, "monday", "days are" },
		{ "day mon-xyz", 2, "mon-xyz", "days are" },
		{ "confidential = yes", 2, "=", "an action is wanted" },
		{ "pages known known", 2, "known", "an action is wanted" },
		{ "time known", 2, "known", "08:00-17:00" },
		{ "not", 3, "refuse", "no condition of this name" },
		{ "pages > 1 and", 3, "refuse", "no condition of this name" },
		{ "pages > 1 or or", 2, "or", "no condition of this name" },
		{ "(pages > 1", 3, "refuse", "closing parenthesis" },
		{ "pages > 1)", 2, ")", "an action is wanted" },
		{ "()", 2, ")", "a condition is wanted" },
		{ "pages > 1 copies > 1", 2, "copies", "an action is" },
		{ NULL, 0, NULL, NULL }
	};

	check_rows("rule \"a\" when\n", rows, "\nrefuse \"x\"");
}

UNIT(actions)
{
	static const struct bad_text rows[] = {
		{ "refuse", 2, "", "a text in quotes" },
		{ "refuse no", 1, "no", "a text in quotes" },
		{ "refuse \"\"", 1, "", "1 to 499 bytes" },
		{ "refuse \"{pags}\"", 1, "{pags}", "in braces" },
		{ "refuse \"a {group}\"", 1, "{group}", "in braces" },
		{ "refuse \"a {\"", 1, "{", "in braces" },
		{ "refuse \"a {}\"", 1, "{}", "in braces" },
		{ "force", 2, "", "a change is" },
		{ "force color", 1, "color", "a change is" },
		{ "force mono,", 2, "", "a change is" },
		{ "force number-up", 2, "", "2, 4, 6, 9 or 16" },
		{ "force number-up 3", 1, "3", "2, 4, 6, 9 or 16" },
		{ "force copies 3", 1, "3", "stands max" },
		{ "force copies max 0", 1, "0", "1 to 999" },
		{ "force copies max 1000", 1, "1000", "1 to 999" },
		{ "force copies max \"3\"", 1, "3", "1 to 999" },
		{ "approve", 2, "", "by and a group" },
		{ "approve Teachers", 1, "Teachers", "by and a group" },
		{ "approve by", 2, "", "the name of a group" },
		{ "approve by \"\"", 1, "", "1 to 127 bytes" },
		{ "approve by T*", 1, "T*", "not a pattern" },
		{ "approve by rule", 1, "rule", "the name of a group" },
		{ "ask", 2, "", "a text in quotes" },
		{ "ask \"x\" instead", 2, "", "a change is" },
		{ "ask \"x\" instead timeout 5m cancel", 1, "timeout",
		    "a change is" },
		{ "ask \"x\" timeout", 2, "", "a timeout is" },
		{ "ask \"x\" timeout 5", 1, "5", "a timeout is" },
		{ "ask \"x\" timeout 5s cancel", 1, "5s", "a timeout is" },
		{ "ask \"x\" timeout 31d cancel", 1, "31d", "a timeout is" },
		{ "ask \"x\" timeout 9999999999m cancel", 1, "9999999999m",
		    "a timeout is" },
		{ "ask \"x\" timeout 5m", 2, "", "what happens then" },
		{ "ask \"x\" timeout 5m print", 1, "print",
		    "what happens then" },
		{ "ask \"x\" timeout 5m changed", 1, "changed",
		    "nothing to change" },
		{ "suggest", 2, "", "the name of a device" },
		{ "suggest Hall on hold", 1, "hold", "on release only" },
		{ "charge", 2, "", "the name of an account" },
		{ "charge \"a*\"", 1, "a*", "not a pattern" },
		{ "allow on", 2, "", "hold or release" },
		{ "allow on monday", 1, "monday", "hold or release" },
		{ NULL, 0, NULL, NULL }
	};

	check_rows("rule \"a\" ", rows, "\n");
}

UNIT(bytes_that_are_no_text)
{
	static const struct {
		const char *text;
		size_t n;
		unsigned line;
	} rows[] = {
		{ "\n\xff", 2, 2 }, { "rule \"a\0\"", 9, 1 },
		{ "rule \"\xc3\" allow", 14, 1 }, { "# \x1b[31m", 7, 1 },
		{ "a\rb", 3, 1 }, { "rule \"\x7f\" allow", 14, 1 }
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_null(read_text(rows[i].text, rows[i].n));
		assert_int_equal(rows[i].line, at.line);
	}
}

static void
check_taken(const char *text, size_t n)
{
	struct rel_rules *r = read_text(text, strlen(text));

	good_text_check(text, r != NULL, &at);
	assert_int_equal(n, rel_rules_count(r));
	rel_rules_free(&r);
	assert_null(r);
}

UNIT(what_is_taken)
{
	check_taken("", 0);
	check_taken(" \t\r\n# only this", 0);
	check_taken("\xef\xbb\xbfrule \"a\" allow\r\n", 1);
	check_taken("RULE \"a\" WHEN Pages>1 AND(copies<2)REFUSE\"x\"", 1);
	check_taken("rule \"a\"allow#rule\nrule\"b\"allow", 2);
	check_taken("rule \"say \\\"no\\\" \\\\\" when user \"rule\" allow",
	    1);
	check_taken("rule \"a\" allow on hold refuse \"x\" on release", 1);
	check_taken("rule \"a\" when title \"\xe2\x82\xac*\" charge "
	    "\"\xc3\x84\"", 1);
	check_taken("rule \"a\" ask \"{{ {pages} }\" timeout 10s cancel", 1);
}

static void
check_repeat(const char *before, const char *text, size_t times,
    const char *after, const char *says)
{
	char *all = text_repeat(before, text, times, after);
	struct rel_rules *r = read_text(all, strlen(all));

	if (says == NULL && r == NULL)
		fail_msg("%s x %zu: %s", text, times, at.text);
	if (says != NULL && (r != NULL || strstr(at.text, says) == NULL))
		fail_msg("%s x %zu: %s, not %s", text, times,
		    r != NULL ? "taken" : at.text, says);
	rel_rules_free(&r);
	free(all);
}

UNIT(limits)
{
	static const char when[] = "rule \"a\" when ", end[] = " allow";

	check_repeat(when, "(", 33, "pages = 1", "more than 32 deep");
	check_repeat(when, "not ", 32, "pages = 1 allow", NULL);
	check_repeat(when, "not ", 33, "pages = 1 allow",
	    "more than 32 deep");
	check_repeat(when, "(not ", 400000 / 5, "pages = 1 allow",
	    "more than 32 deep");
	check_repeat(when, "pages = 1 or ", 70000, "pages = 2 allow", NULL);
	check_repeat("rule \"", "x", 127, "\" allow", NULL);
	check_repeat("rule \"", "x", 128, "\" allow", "1 to 127 bytes");
	check_repeat("rule \"a\" refuse \"", "x", 499, "\"", NULL);
	check_repeat("rule \"a\" refuse \"", "x", 500, "\"",
	    "1 to 499 bytes");
	check_repeat("rule \"", "x", 5000, "\"", "too long");
	check_repeat(when, "x", 5000, end, "too long");
	check_repeat("rule \"a\" when user ", "x", 255, end, NULL);
	check_repeat("rule \"a\" when user ", "x", 256, end,
	    "at most 255 bytes");
	check_repeat("rule \"a\" when user *", "x", 63, "* allow", NULL);
	check_repeat("rule \"a\" when user *", "x", 64, "* allow",
	    "at most 63 bytes");
	check_repeat("rule \"a\" ", "force mono ", 16, "", NULL);
	check_repeat("rule \"a\" ", "force mono ", 17, "", "too many");
	check_repeat("", " ", REL_RULE_FILE_MAX, "", NULL);
	check_repeat("", " ", REL_RULE_FILE_MAX, " ", "more than 1048576");
	check_repeat("rule \"a\" charge ", "x", 83, "", NULL);
	check_repeat("rule \"a\" charge ", "x", 84, "", "1 to 83 bytes");
	check_repeat("rule \"a\" approve by ", "x", 128, "",
	    "1 to 127 bytes");
	check_repeat("rule \"a\" when user ", "a,", 520000, "b allow", NULL);
}

static char *
many_rules(unsigned n)
{
	char *text = malloc((size_t)n * 32 + 1);
	size_t at_byte = 0;

	assert_non_null(text);
	for (unsigned i = 0; i < n; i++)
		at_byte += (size_t)snprintf(text + at_byte, 32,
		    "rule \"%u\" force mono\n", i);
	return text;
}

UNIT(so_many_rules)
{
	char *text = many_rules(REL_RULE_RULES_MAX);

	check_taken(text, REL_RULE_RULES_MAX);
	free(text);
	text = many_rules(REL_RULE_RULES_MAX + 1);
	assert_null(read_text(text, strlen(text)));
	assert_int_equal(REL_RULE_RULES_MAX + 1, at.line);
	assert_non_null(strstr(at.text, "more than 10000 rules"));
	free(text);
	assert_null(rel_rules_read("x", 1, NULL));
}

/* ---- made-up jobs */

UNIT(values_of_a_made_up_job)
{
	static const struct {
		const char *name, *value;
		int rc;
	} rows[] = {
		{ "pages", "10", 0 }, { "Pages", "<=10", 0 },
		{ "pages", "-1", -REL_E_FORMAT }, { "pages", "", -REL_E_FORMAT },
		{ "pages", "none", -REL_E_FORMAT },
		{ "cost", "1.50", 0 }, { "cost", "1,50", -REL_E_FORMAT },
		{ "money-left", "none", 0 }, { "sides", "two-sided", 0 },
		{ "sides", "both", -REL_E_FORMAT }, { "sides", "unknown", 0 },
		{ "time", "24:00", -REL_E_FORMAT }, { "time", "23:59", 0 },
		{ "time", "23:59x", -REL_E_FORMAT },
		{ "day", "mon-fri", -REL_E_FORMAT }, { "day", "sat", 0 },
		{ "confidential", "maybe", -REL_E_FORMAT },
		{ "user", "\xff", -REL_E_FORMAT }, { "group", " , a ,,b ", 0 },
		{ "tray", "1", -REL_E_NOTFOUND }, { "", "1", -REL_E_NOTFOUND },
		{ "device-id", "d1", 0 }, { "answered", "a", 0 },
	};
	static struct rel_case_words w;
	struct rel_err err;

	rel_case_words_init(&w);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		memset(&err, 0, sizeof err);
		if (rel_case_words_set(&w, rows[i].name, rows[i].value,
		    &err) != rows[i].rc)
			fail_msg("%s=%s: %s", rows[i].name, rows[i].value,
			    err.text);
		assert_int_equal(rows[i].rc == 0, err.text[0] == '\0');
	}
	assert_int_equal(2, w.c.ngroups);
	assert_string_equal("a", w.c.groups[0]);
	assert_string_equal("b", w.c.groups[1]);
	assert_int_equal(6, w.c.now.tm_wday);
	assert_int_equal(REL_DUPLEX_UNSAID, w.c.sides);
}

UNIT(a_made_up_job_that_is_too_large)
{
	static struct rel_case_words w;
	char many[100] = "", *long_text = text_repeat("", "x", 9000, "");
	struct rel_err err = { 0 };

	rel_case_words_init(&w);
	assert_int_equal(-REL_E_LIMIT, rel_case_words_set(&w, "user",
	    long_text, &err));
	for (int i = 0; i < 33; i++)
		memcpy(many + 2 * i, "a,", 3);
	assert_int_equal(-REL_E_LIMIT, rel_case_words_set(&w, "media", many,
	    &err));
	assert_int_equal(32, w.c.nmedia);
	free(long_text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(rules_and_words), UNIT_RUN(conditions),
		UNIT_RUN(actions), UNIT_RUN(bytes_that_are_no_text),
		UNIT_RUN(what_is_taken), UNIT_RUN(limits),
		UNIT_RUN(so_many_rules), UNIT_RUN(values_of_a_made_up_job),
		UNIT_RUN(a_made_up_job_that_is_too_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
