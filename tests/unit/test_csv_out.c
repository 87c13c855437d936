/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* JSON as a table for spreadsheets: RFC 4180, and no formulas. */
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cgi/cgi.h"
#include "cgi/csv_out.h"
#include "lib/csv.h"

static const struct csv_column columns[] = {
	{ .title = "Title", .path = "title" },
	{ .title = "Pages", .path = "out.sides" },
	{ .title = "When", .path = "at", .kind = "time" },
	{ .title = NULL }
};

static char *
table(const char *json)
{
	json_t *rows = json_loads(json, 0, NULL);
	struct rel_buf b;

	assert_non_null(rows);
	rel_buf_init(&b);
	csv_head(&b, columns);
	csv_rows(&b, columns, rows);
	rel_put_u8(&b, 0);
	assert_int_equal(b.failed, 0);
	json_decref(rows);
	return (char *)b.data;
}

static void
same(const char *json, const char *want)
{
	char *text = table(json);

	assert_string_equal(text, want);
	free(text);
}

#define HEAD "\xef\xbb\xbfTitle,Pages,When\r\n"

static void
test_rows(void **state)
{
	(void)state;
	same("[]", HEAD);
	same("[{\"title\":\"a\",\"out\":{\"sides\":1200},"
	    "\"at\":\"2026-11-21T07:48:05.123Z\"}]",
	    HEAD "a,1200,2026-11-21 07:48:05\r\n");
	/* What is not there, is null, or is of another kind. */
	same("[{},{\"title\":null,\"out\":3,\"at\":7},{\"out\":{}},7]",
	    HEAD ",,\r\n,,7\r\n,,\r\n,,\r\n");
}

static void
test_quotes(void **state)
{
	(void)state;
	same("[{\"title\":\"a \\\"b\\\", c\\nd\"}]",
	    HEAD "\"a \"\"b\"\", c\nd\",,\r\n");
}

/* Titles come from strangers: none becomes a formula. */
static void
test_formulas(void **state)
{
	static const char *const begin[] = { "=", "+", "-", "@", "\\t" };
	char json[80];

	(void)state;
	for (size_t i = 0; i < sizeof begin / sizeof begin[0]; i++) {
		char *text;

		snprintf(json, sizeof json, "[{\"title\":\"%s1+1\"}]",
		    begin[i]);
		text = table(json);
		assert_int_equal(text[strlen(HEAD)], '\'');
		free(text);
	}
}

/* What was given back: a number that is added up, and only that. */
static void
test_negative_numbers(void **state)
{
	static const char *const none[] = { "-", "-.5", "-1.", "-1-1", "--1",
	    "-1.5.2", "-1,5", " -1", "-1 ", "-0x1", "-1e9", "+1" };
	char json[80], *text;

	(void)state;
	same("[{\"title\":\"-0.31\"},{\"title\":\"-7\"},"
	    "{\"out\":{\"sides\":-12}}]", HEAD "-0.31,,\r\n-7,,\r\n,-12,\r\n");
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
		snprintf(json, sizeof json, "[{\"title\":\"%s\"}]", none[i]);
		text = table(json);
		assert_non_null(strchr("'\"", text[strlen(HEAD)]));
		assert_non_null(strchr(text, '\''));
		free(text);
	}
}

/* The hour is that of the server, as in lists on pages. */
static void
test_local_time(void **state)
{
	(void)state;
	setenv("TZ", "Europe/Berlin", 1);
	tzset();
	same("[{\"at\":\"2026-07-01T22:30:00Z\"}]",
	    HEAD ",,2026-07-02 00:30:00\r\n");
	setenv("TZ", "UTC", 1);
	tzset();
}

/* What is written can be read again. */
static void
test_read_again(void **state)
{
	char *text = table("[{\"title\":\"=a;\\\"b\\\"\\r\\n,\"}]");
	struct rel_csv_row row;
	struct rel_err err;
	struct rel_csv csv;

	(void)state;
	rel_csv_init(&csv, text, strlen(text));
	assert_int_equal(rel_csv_next(&csv, &row, &err), 1);
	assert_int_equal(row.n, 3);
	assert_string_equal(row.field[0], "Title");
	assert_int_equal(rel_csv_next(&csv, &row, &err), 1);
	assert_string_equal(rel_csv_plain(row.field[0]), "=a;\"b\"\r\n,");
	assert_int_equal(rel_csv_next(&csv, &row, &err), 0);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_quotes),
		cmocka_unit_test(test_formulas),
		cmocka_unit_test(test_negative_numbers),
		cmocka_unit_test(test_local_time),
		cmocka_unit_test(test_read_again),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
