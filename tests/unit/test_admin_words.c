/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* cgi/admin/words.c: how long ago, and whatever a device may report. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cgi/admin/admin.h"
#include "tests/unit/unit.h"

/* "unit n" of a time so many seconds ago. */
static const char *
ago(double seconds, char out[40])
{
	time_t t = time(NULL) - (time_t)seconds;
	struct tm tm;
	char text[40];
	json_t *v, *o;

	gmtime_r(&t, &tm);
	strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S.000Z", &tm);
	v = json_string(text);
	o = admin_ago(v);
	snprintf(out, 40, "%s %d", json_string_value(json_object_get(o,
	    "unit")), (int)json_integer_value(json_object_get(o, "n")));
	json_decref(o);
	json_decref(v);
	return out;
}

static void
test_ago(void **state)
{
	static const char *const none[] = { "", "yesterday", "2026-11-21" };
	char out[40];

	(void)state;
	assert_string_equal("now 0", ago(2, out));
	assert_string_equal("now 0", ago(-500, out));	/* clocks differ */
	assert_string_equal("minutes 2", ago(130, out));
	assert_string_equal("minutes 89", ago(5395, out));
	assert_string_equal("hours 2", ago(7300, out));
	assert_string_equal("days 2", ago(2 * 86400 + 9, out));
	for (size_t i = 0; i < 3; i++) {
		json_t *v = json_string(none[i]), *o = admin_ago(v);

		assert_string_equal("never", json_string_value(
		    json_object_get(o, "unit")));
		json_decref(o);
		json_decref(v);
	}
}

/* The rows of a status as "name=value|...". */
static const char *
rows(const char *status, char out[4000])
{
	json_t *d = json_pack("{s:o}", "status", json_loads(status,
	    JSON_DECODE_ANY, NULL));
	json_t *all = admin_reported(d), *r;
	size_t i, n = 0;

	out[0] = '\0';
	json_array_foreach(all, i, r)
		n += (size_t)snprintf(out + n, 4000 - n, "%s=%s|",
		    json_string_value(json_object_get(r, "name")),
		    json_string_value(json_object_get(r, "value")));
	json_decref(all);
	json_decref(d);
	return out;
}

static void
test_reported(void **state)
{
	static const struct {
		const char *status, *want;
	} table[] = {
		{ "null", "" },
		{ "[]", "" },
		{ "\"idle\"", "" },
		{ "{}", "" },
		/* said elsewhere */
		{ "{\"state\":\"idle\",\"reasons\":[\"x\"],\"session\":\"s\"}",
		    "" },
		{ "{\"supplies\":[{\"name\":\"Black\",\"level\":12,"
		    "\"low_at\":10},{\"level\":3}]}",
		    "supplies: Black=level 12, low at 10|"
		    "supplies 2=level 3|" },
		{ "{\"trays\":[{\"name\":\"Tray 1\"}]}", "trays=Tray 1|" },
		{ "{\"trays\":[\"one\",\"two\"]}", "trays 1=one|trays 2=two|" },
		{ "{\"life\":{\"impressions\":5,\"color\":0}}",
		    "life=impressions 5, color 0|" },
		{ "{\"a\":{\"b\":{\"c\":true},\"d\":1.5}}",
		    "a=d 1.5|a b=c yes|" },
	};
	char out[4000];

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		assert_string_equal(table[i].want, rows(table[i].status, out));
	/* Control characters are blanks. */
	assert_string_equal("t =x |", rows("{\"t\\u0001\":\"x\\u007f\"}", out));
}

/* However deep, however much: an end, and a bounded one. */
static void
test_bounds(void **state)
{
	json_t *d = json_object(), *status = json_object(), *all, *deep, *r;
	char name[400];
	size_t i;

	(void)state;
	for (int k = 0; k < 500; k++) {
		snprintf(name, sizeof name, "%0300d", k);
		json_object_set_new(status, name, json_string(name));
	}
	deep = json_integer(1);
	for (int k = 0; k < 100; k++)
		deep = json_pack("{s:[o]}", "in", deep);
	json_object_set_new(status, "deep", deep);
	json_object_set_new(d, "status", status);
	all = admin_reported(d);
	assert_int_equal(80, json_array_size(all));
	json_array_foreach(all, i, r) {
		assert_true(json_string_length(json_object_get(r, "name")) <
		    160);
		assert_true(json_string_length(json_object_get(r, "value")) <
		    400);
	}
	json_decref(all);
	json_decref(d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ago),
		cmocka_unit_test(test_reported),
		cmocka_unit_test(test_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
