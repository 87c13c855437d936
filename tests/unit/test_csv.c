/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Tables as text: what spreadsheets write, and what is none. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#include "lib/csv.h"

static char text[1000];
static struct rel_csv c;
static struct rel_csv_row row;
static struct rel_err err;

static void
begin(const char *s, size_t n)
{
	memcpy(text, s, n);
	rel_csv_init(&c, text, n);
}
#define BEGIN(s) begin(s, sizeof s - 1)

/* The next row is on this line and has these fields, with | between. */
static void
is_row(unsigned line, const char *want)
{
	char have[500] = "";
	size_t at = 0;

	assert_int_equal(1, rel_csv_next(&c, &row, &err));
	assert_int_equal(line, row.line);
	for (size_t i = 0; i < row.n; i++)
		at += (size_t)snprintf(have + at, sizeof have - at, "%s%s",
		    i > 0 ? "|" : "", row.field[i]);
	assert_string_equal(want, have);
}

static void
is_end(void)
{
	assert_int_equal(0, rel_csv_next(&c, &row, &err));
	assert_int_equal(0, rel_csv_next(&c, &row, &err));
}

UNIT(rows_and_fields)
{
	BEGIN("a,b,c\r\n1,,3\n,,\nlast,one");
	is_row(1, "a|b|c");
	is_row(2, "1||3");
	is_row(3, "||");
	is_row(4, "last|one");
	is_end();
	BEGIN("a,");
	is_row(1, "a|");
	is_end();
	BEGIN("");
	is_end();
	BEGIN("\xef\xbb\xbfname\r\n\r\n\n x \n\n");
	is_row(1, "name");
	is_row(4, " x ");
	is_end();
	BEGIN("a\rb,c\n");		/* a CR alone ends nothing */
	is_row(1, "a\rb|c");
}

UNIT(quotes)
{
	BEGIN("\"a,\"\"b\"\"\",\"\",\"two\r\nlines\"\r\nx,\"\"\"\"\n");
	is_row(1, "a,\"b\"||two\r\nlines");
	is_row(3, "x|\"");
	is_end();
	BEGIN("\"last\"");
	is_row(1, "last");
	is_end();
	BEGIN("\"\",\"\"");
	is_row(1, "|");
	is_end();
}

UNIT(semicolons)
{
	BEGIN("a;b\r\n1,5;\"x;y\"\n");
	is_row(1, "a|b");
	is_row(2, "1,5|x;y");
	BEGIN("a;b,c\nd;e,f\n");
	is_row(1, "a;b|c");
	is_row(2, "d;e|f");
}

/* The row is refused, with words, and there is nothing behind it. */
static void
is_bad(unsigned line)
{
	int rc;

	while ((rc = rel_csv_next(&c, &row, &err)) > 0)
		;
	assert_int_equal(-REL_E_FORMAT, rc);
	assert_int_equal(line, row.line);
	assert_true(err.text[0] != '\0');
	assert_int_equal(0, rel_csv_next(&c, &row, &err));
}

UNIT(what_is_no_table)
{
	char wide[REL_CSV_FIELDS + 1];

	BEGIN("a\n\"b\nc\n");
	is_bad(2);
	BEGIN("a\n\"b\"c\n");
	is_bad(2);
	BEGIN("a\nb\"c\"\n");
	is_bad(2);
	BEGIN("a\nb\0c\n");
	is_bad(2);
	BEGIN("\"a\0\"\n");
	is_bad(1);
	BEGIN("\"");
	is_bad(1);
	BEGIN("\"\"\"");
	is_bad(1);
	memset(wide, ',', sizeof wide);
	begin(wide, REL_CSV_FIELDS - 1);
	assert_int_equal(1, rel_csv_next(&c, &row, &err));
	assert_int_equal(REL_CSV_FIELDS, row.n);
	begin(wide, REL_CSV_FIELDS);
	is_bad(1);
}

UNIT(what_is_written_is_read_again)
{
	static const char *const fields[] = {
		"plain", "", "a,b", "semi;colon", "say \"x\"", "two\nlines",
		"a\r\nb", " blank ", "=1+1", "@x", "+49 30", "-", "'=x",
		"''+y", "it's", "'", "Ä", " =2+2", "\n=3", "' @z",
		"\xef\xbc\x9d" "4", "\xef\xbc\x8b" "5", "\xef\xbc\x8d" "6",
		"\xef\xbc\xa0" "7"
	};
	enum { N = sizeof fields / sizeof fields[0] };
	struct rel_buf b;

	rel_buf_init(&b);
	for (int i = 0; i < N; i++)
		rel_csv_put(&b, fields[i], i == 0);
	rel_csv_end(&b);
	rel_put_u8(&b, 0);
	assert_false(b.failed);
	/* Nothing a spreadsheet would compute. */
	assert_null(strstr((const char *)b.data, ",=1"));
	assert_null(strstr((const char *)b.data, ",@x"));
	assert_null(strstr((const char *)b.data, " =2+2,"));
	assert_non_null(strstr((const char *)b.data, "\"' =2+2\","));
	assert_non_null(strstr((const char *)b.data, "\"'\n=3\","));
	assert_null(strstr((const char *)b.data, ",\xef\xbc"));
	assert_null(strstr((const char *)b.data, ",\"\xef\xbc"));
	begin((const char *)b.data, b.len - 1);
	assert_int_equal(1, rel_csv_next(&c, &row, &err));
	assert_int_equal(N, row.n);
	for (int i = 0; i < N; i++)
		assert_string_equal(fields[i], rel_csv_plain(row.field[i]));
	is_end();
	rel_buf_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(rows_and_fields),
		UNIT_RUN(quotes),
		UNIT_RUN(semicolons),
		UNIT_RUN(what_is_no_table),
		UNIT_RUN(what_is_written_is_read_again),
	};

	return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
