/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Days, weeks and months of the server's time zone. */
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/text.h"
#include "releaserd/when.h"

static int
in_berlin(void **state)
{
	(void)state;
	/* No zone file is needed for this. */
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	return 0;
}

static void
in_zone(const char *zone)
{
	setenv("TZ", zone, 1);
	tzset();
}

static const char *
parsed(const char *text, bool end)
{
	static char out[32];
	int64_t ms;

	if (!when_parse(&ms, text, end))
		return "no";
	rel_time_text(out, ms);
	return out;
}

static const char *
at(const char *text, enum when_by by, int n)
{
	static char out[32];
	int64_t ms;

	assert_true(when_parse(&ms, text, false));
	rel_time_text(out, when_step(ms, by, n));
	return out;
}

UNIT(times_are_read)
{
	static const struct {
		const char *text, *begin, *end;
	} t[] = {
		{ "2026-11-20T09:15:00Z", "2026-11-20T09:15:00.000Z", NULL },
		{ "2026-11-20T09:15:00.1234Z", "2026-11-20T09:15:00.123Z",
		    NULL },
		{ "2026-11-20t09:15:00+01:30", "2026-11-20T07:45:00.000Z",
		    NULL },
		{ "2026-11-20 09:15:00-01:00", "2026-11-20T10:15:00.000Z",
		    NULL },
		{ "2026-11-20", "2026-11-19T23:00:00.000Z",
		    "2026-11-20T23:00:00.000Z" },
		{ "2026-03-29", "2026-03-28T23:00:00.000Z",
		    "2026-03-29T22:00:00.000Z" },
		{ "2024-02-29", "2024-02-28T23:00:00.000Z",
		    "2024-02-29T23:00:00.000Z" },
		{ "2026-12-31", "2026-12-30T23:00:00.000Z",
		    "2026-12-31T23:00:00.000Z" },
		{ "1970-01-01", "1970-01-01T00:00:00.000Z",
		    "1970-01-01T23:00:00.000Z" },
		{ "1970-01-01T00:00:00+23:59", "1970-01-01T00:00:00.000Z",
		    NULL }
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		assert_string_equal(t[i].begin, parsed(t[i].text, false));
		assert_string_equal(t[i].end != NULL ? t[i].end : t[i].begin,
		    parsed(t[i].text, true));
	}
}

UNIT(what_is_no_time_is_refused)
{
	static const char *const t[] = {
		"", "2026", "2026-11", "2026-1-1", "2026-13-01", "2026-11-31",
		"2025-02-29", "1969-12-31", "2200-01-01", "20261120",
		"2026-11-20T", "2026-11-20T09:15Z", "2026-11-20T24:00:00Z",
		"2026-11-20T09:60:00Z", "2026-11-20T09:15:00",
		"2026-11-20T09:15:00.Z", "2026-11-20T09:15:00+1:00",
		"2026-11-20T09:15:00+24:00", "2026-11-20T09:15:00Zx",
		"2026-11-20x", " 2026-11-20", "+026-11-20", "2026-11-2\xc3\xa4",
		"yesterday"
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		assert_string_equal("no", parsed(t[i], false));
		assert_string_equal("no", parsed(t[i], true));
	}
}

UNIT(spans_begin_where_the_calendar_says)
{
	const char *t = "2026-11-20T23:30:00Z";	/* 00:30 on Saturday */

	assert_string_equal("2026-11-20T23:00:00.000Z", at(t, WHEN_HOUR, 0));
	assert_string_equal("2026-11-21T00:00:00.000Z", at(t, WHEN_HOUR, 1));
	assert_string_equal("2026-11-20T23:00:00.000Z", at(t, WHEN_DAY, 0));
	assert_string_equal("2026-11-21T23:00:00.000Z", at(t, WHEN_DAY, 1));
	assert_string_equal("2026-11-15T23:00:00.000Z", at(t, WHEN_WEEK, 0));
	assert_string_equal("2026-11-08T23:00:00.000Z", at(t, WHEN_WEEK, -1));
	assert_string_equal("2026-10-31T23:00:00.000Z", at(t, WHEN_MONTH, 0));
	assert_string_equal("2026-11-30T23:00:00.000Z", at(t, WHEN_MONTH, 1));
	assert_string_equal("2025-11-30T23:00:00.000Z",
	    at(t, WHEN_MONTH, -11));
}

UNIT(days_of_23_and_25_hours)
{
	const char *spring = "2026-03-29T12:00:00Z";
	const char *autumn = "2026-10-25T12:00:00Z";

	assert_string_equal("2026-03-28T23:00:00.000Z", at(spring, WHEN_DAY,
	    0));
	assert_string_equal("2026-03-29T22:00:00.000Z", at(spring, WHEN_DAY,
	    1));
	assert_string_equal("2026-10-24T22:00:00.000Z", at(autumn, WHEN_DAY,
	    0));
	assert_string_equal("2026-10-25T23:00:00.000Z", at(autumn, WHEN_DAY,
	    1));
}

UNIT(hours_of_zones_that_are_half_an_hour_off)
{
	in_zone("IST-5:30");
	assert_string_equal("2026-11-20T09:30:00.000Z",
	    at("2026-11-20T10:15:00Z", WHEN_HOUR, 0));
	assert_string_equal("2026-11-19T18:30:00.000Z",
	    at("2026-11-20T10:15:00Z", WHEN_DAY, 0));
}

/* Summer time that begins at midnight: the day begins at one o'clock. */
UNIT(a_day_without_midnight)
{
	in_zone("BRT3BRST,M11.1.0/0,M2.3.0/0");
	assert_string_equal("2026-11-01T03:00:00.000Z", parsed("2026-11-01",
	    false));
	assert_string_equal("2026-11-01T03:00:00.000Z",
	    at("2026-11-01T12:00:00Z", WHEN_DAY, 0));
	assert_string_equal("2026-11-02T02:00:00.000Z",
	    at("2026-11-01T12:00:00Z", WHEN_DAY, 1));
}

/* Whatever the year and zone: each span ends where the next begins. */
UNIT(spans_join)
{
	static const char *const zones[] = {
		"UTC0", "CET-1CEST,M3.5.0,M10.5.0/3", "IST-5:30", "NZST-12",
		"BRT3BRST,M11.1.0/0,M2.3.0/0", "HST10"
	};

	for (size_t z = 0; z < sizeof zones / sizeof zones[0]; z++) {
		in_zone(zones[z]);
		for (int by = WHEN_DAY; by <= WHEN_MONTH; by++) {
			int64_t t = when_start(1767225600000, by), next;

			for (int i = 0; i < 400; i++, t = next) {
				next = when_step(t, by, 1);
				assert_true(next > t);
				assert_int_equal(t, when_start(next - 1, by));
				assert_int_equal(next, when_start(next, by));
			}
		}
	}
}

UNIT(words_for_spans)
{
	enum when_by by = WHEN_HOUR;

	assert_true(when_by_parse(&by, "week"));
	assert_int_equal(WHEN_WEEK, by);
	assert_string_equal("week", when_by_name(by));
	assert_false(when_by_parse(&by, "year"));
	assert_int_equal(0, when_start(1767225600000, WHEN_ALL));
}

#define BERLIN(name) cmocka_unit_test_setup(name, in_berlin)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BERLIN(times_are_read),
		BERLIN(what_is_no_time_is_refused),
		BERLIN(spans_begin_where_the_calendar_says),
		BERLIN(days_of_23_and_25_hours),
		BERLIN(hours_of_zones_that_are_half_an_hour_off),
		BERLIN(a_day_without_midnight),
		BERLIN(spans_join),
		BERLIN(words_for_spans),
	};

	return cmocka_run_group_tests_name("when", tests, NULL, NULL);
}
