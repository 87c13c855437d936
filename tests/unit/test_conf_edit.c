/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Settings changed in the text of a file: the rest stays as it was. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#include "lib/conf_edit.h"

struct values {
	int64_t num, flag, time;
	char text[REL_CONF_TEXT_MAX];
};

enum { NUM, FLAG, TIME, TEXT, ITEMS };
static const struct rel_conf_item items[ITEMS] = {
	{ "Num", REL_CONF_INT, offsetof(struct values, num), 0, 500, 0,
	    NULL, "1", "" },
	{ "Flag", REL_CONF_BOOL, offsetof(struct values, flag), 0, 0, 0,
	    NULL, "no", "" },
	{ "Time", REL_CONF_TIME, offsetof(struct values, time), 1000, 600000,
	    0, NULL, "10s", "" },
	{ "Text", REL_CONF_TEXT, offsetof(struct values, text), 0, 200, 0,
	    NULL, "", "" },
};
static const struct rel_conf_table table = { items, ITEMS };

static struct rel_err err;
static size_t bad;
static char got[4096];

/* Edit text; 0 and the new text in got, or the error. */
static int
edit(const char *text, const struct rel_conf_change *ch, size_t n)
{
	struct rel_conf_edit e = { &table, text, strlen(text), ch, n, 0 };
	struct rel_buf out;
	int rc;

	memset(&err, 0, sizeof err);
	rel_buf_init(&out);
	rc = rel_conf_edit(&e, &out, &err);
	bad = e.bad;
	assert_true(out.len < sizeof got);
	if (out.len > 0)
		memcpy(got, out.data, out.len);
	got[out.len] = '\0';
	rel_buf_fini(&out);
	if (rc == 0)
		assert_true(bad == SIZE_MAX);
	return rc;
}

static int
one(const char *text, size_t item, const char *value)
{
	const struct rel_conf_change ch = { item, value };

	return edit(text, &ch, 1);
}

UNIT(what_becomes_of_a_line)
{
	static const struct {
		const char *was, *value, *now;
	} all[] = {
		/* in its place, in its shape */
		{ "Num 5\n", "7", "Num 7\n" },
		{ "a", NULL, NULL },
		{ "# head\n\n  num\t 5  \r\n# end", "7",
		    "# head\n\n  num\t 7\r\n# end" },
		{ "Num 5", "7", "Num 7" },
		{ "Flag yes\nNum 5\nTime 5s", "7",
		    "Flag yes\nNum 7\nTime 5s" },
		/* behind its example, and only behind the first */
		{ "#Num 5\nFlag no\n#Num 9\n", "7",
		    "#Num 5\nNum 7\nFlag no\n#Num 9\n" },
		{ "#Num 5", "7", "#Num 5\nNum 7\n" },
		{ "#Num 5\r\nFlag no\r\n", "7",
		    "#Num 5\r\nNum 7\r\nFlag no\r\n" },
		{ "# Num 5\n", "7", "# Num 5\nNum 7\n" },
		{ "#Num 5\nNum 6\n", "7", "#Num 5\nNum 7\n" },
		{ "#Number 5\n", "7", "#Number 5\nNum 7\n" },
		/* at the end */
		{ "", "7", "Num 7\n" }, { "\n", "7", "\nNum 7\n" },
		{ "Flag yes", "7", "Flag yes\nNum 7\n" },
		/* away */
		{ "# a\nNum 5\n# b\n", NULL, "# a\n# b\n" },
		{ "Num 5", NULL, "" }, { "#Num 5\n", NULL, "#Num 5\n" },
		{ "", NULL, "" }
	};

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		int rc = one(all[i].was, NUM, all[i].value);

		if (all[i].now == NULL) {
			assert_int_equal(-REL_E_FORMAT, rc);
			continue;
		}
		assert_int_equal(0, rc);
		assert_string_equal(all[i].now, got);
	}
}

UNIT(several_at_once)
{
	const struct rel_conf_change ch[] = {
		{ TEXT, "a # b" }, { NUM, NULL }, { TIME, "1m" },
		{ FLAG, "on" }
	};

	assert_int_equal(0, edit("Num 5\n#Flag yes\nText x\n", ch, 4));
	assert_string_equal("#Flag yes\nFlag on\nText a # b\nTime 1m\n", got);
	assert_int_equal(0, edit("Num 5\n", ch, 0));
	assert_string_equal("Num 5\n", got);
}

UNIT(an_empty_text)
{
	assert_int_equal(0, one("Text abc\n", TEXT, ""));
	assert_string_equal("Text\n", got);
	assert_int_equal(0, one(got, TEXT, "x y"));
	assert_string_equal("Text x y\n", got);
	assert_int_equal(0, one("", TEXT, ""));
	assert_string_equal("Text\n", got);
}

UNIT(hostile_values_are_refused)
{
	char big[300];
	static const char *const all[] = {
		"a\nNum 9", "a\rb", "\na", "a\n", "a\tb", " a", "a ",
		"\x7f", "\x01", "\xff\xfe", "\xc3", "\xed\xa0\x80"
	};

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		assert_int_equal(-REL_E_FORMAT, one("Num 5\n", TEXT, all[i]));
		assert_int_equal(TEXT, bad);
		assert_int_equal(0, strncmp(err.text, "Text", 4));
	}
	memset(big, 'x', sizeof big);
	big[sizeof big - 1] = '\0';
	assert_int_equal(-REL_E_FORMAT, one("", TEXT, big));
	big[201] = '\0';
	assert_int_equal(-REL_E_FORMAT, one("", TEXT, big));
	big[200] = '\0';
	assert_int_equal(0, one("", TEXT, big));
	/* What looks like a comment or a directive is but a text. */
	assert_int_equal(0, one("", TEXT, "#Num 5"));
	assert_int_equal(0, one("", TEXT, "\\n \"' $(x)"));
	assert_string_equal("Text \\n \"' $(x)\n", got);
}

UNIT(bad_values_name_their_setting)
{
	assert_int_equal(-REL_E_FORMAT, one("", NUM, "many"));
	assert_int_equal(NUM, bad);
	assert_int_equal(-REL_E_FORMAT, one("", NUM, "501"));
	assert_int_equal(-REL_E_FORMAT, one("", NUM, ""));
	assert_int_equal(-REL_E_FORMAT, one("", TIME, "0s"));
	assert_int_equal(TIME, bad);
	assert_string_equal("Time must be 1s to 10m, not \"0s\"", err.text);
	assert_int_equal(-REL_E_FORMAT, one("", FLAG, "perhaps"));
	assert_int_equal(FLAG, bad);
}

UNIT(what_is_no_change)
{
	const struct rel_conf_change twice[] = { { NUM, "1" }, { NUM, "2" } };

	assert_int_equal(-REL_E_FORMAT, one("", ITEMS, "1"));
	assert_true(bad == SIZE_MAX);
	assert_int_equal(-REL_E_FORMAT, edit("", twice, 2));
	assert_int_equal(NUM, bad);
}

UNIT(a_file_that_is_wrong_stays)
{
	assert_int_equal(-REL_E_FORMAT, one("Nonsense 1\n", NUM, "1"));
	assert_int_equal(-REL_E_FORMAT, one("Num x\n", NUM, "1"));
	assert_int_equal(-REL_E_FORMAT, one("Num 1\nNum 2\n", NUM, "1"));
	assert_non_null(strstr(err.text, "2"));
	assert_true(bad == SIZE_MAX);
}

/* Whatever the order of lines and comments, only what was asked changes. */
UNIT(everything_else_stays)
{
	static const char *const lines[] = {
		"# a comment\n", "\n", "Num 5\n", "  Flag on\r\n",
		"#Time 1m\n", "Text some words\n"
	};
	enum { N = sizeof lines / sizeof lines[0] };
	char text[512], want[512];

	for (unsigned first = 0; first < N; first++) {
		text[0] = want[0] = '\0';
		for (unsigned i = 0; i < N; i++) {
			const char *l = lines[(first + i) % N];
			size_t n = strlen(text), m = strlen(want);

			snprintf(text + n, sizeof text - n, "%s", l);
			snprintf(want + m, sizeof want - m, "%s",
			    strcmp(l, "Num 5\n") == 0 ? "Num 77\n" : l);
		}
		assert_int_equal(0, one(text, NUM, "77"));
		assert_string_equal(want, got);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(what_becomes_of_a_line),
		UNIT_RUN(several_at_once),
		UNIT_RUN(an_empty_text),
		UNIT_RUN(hostile_values_are_refused),
		UNIT_RUN(bad_values_name_their_setting),
		UNIT_RUN(what_is_no_change),
		UNIT_RUN(a_file_that_is_wrong_stays),
		UNIT_RUN(everything_else_stays),
	};

	return cmocka_run_group_tests_name("conf_edit", tests, NULL, NULL);
}
