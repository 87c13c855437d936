/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* When periods begin, in places that change their clocks. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/period.h"
#include "lib/text.h"

/* No zone files are needed for these. */
#define BERLIN "CET-1CEST,M3.5.0,M10.5.0/3"
#define NEW_YORK "EST5EDT,M3.2.0,M11.1.0"
#define LORD_HOWE "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0"

static void
in_zone(const char *zone)
{
	setenv("TZ", zone, 1);
	tzset();
}

/* "2026-03-29T01:00" UTC. */
static int64_t
utc(const char *text)
{
	struct tm tm = { 0 };

	assert_int_equal(5, sscanf(text, "%d-%d-%dT%d:%d", &tm.tm_year,
	    &tm.tm_mon, &tm.tm_mday, &tm.tm_hour, &tm.tm_min));
	tm.tm_year -= 1900;
	tm.tm_mon--;
	return (int64_t)timegm(&tm) * 1000;
}

static const char *
text(int64_t ms)
{
	static char out[2][32];
	static int i;

	i = !i;
	rel_time_text(out[i], ms);
	out[i][16] = '\0';
	return out[i];
}

UNIT(periods_begin_when_they_should)
{
	static const struct {
		const char *zone, *now;
		enum rel_period period;
		const char *at, *start, *next;
	} t[] = {
		/* an ordinary day, before and after its hour */
		{ BERLIN, "2026-11-20T05:00", REL_PERIOD_DAY, "06:30",
		    "2026-11-19T05:30", "2026-11-20T05:30" },
		{ BERLIN, "2026-11-20T05:30", REL_PERIOD_DAY, "06:30",
		    "2026-11-20T05:30", "2026-11-21T05:30" },
		/* 02:30 is not there on the 29th of March: 03:00 CEST */
		{ BERLIN, "2026-03-29T00:59", REL_PERIOD_DAY, "02:30",
		    "2026-03-28T01:30", "2026-03-29T01:00" },
		{ BERLIN, "2026-03-29T01:00", REL_PERIOD_DAY, "02:30",
		    "2026-03-29T01:00", "2026-03-30T00:30" },
		{ BERLIN, "2026-03-29T01:00", REL_PERIOD_DAY, "03:00",
		    "2026-03-29T01:00", "2026-03-30T01:00" },
		/* and comes twice on the 25th of October: the first */
		{ BERLIN, "2026-10-25T00:29", REL_PERIOD_DAY, "02:30",
		    "2026-10-24T00:30", "2026-10-25T00:30" },
		{ BERLIN, "2026-10-25T01:30", REL_PERIOD_DAY, "02:30",
		    "2026-10-25T00:30", "2026-10-26T01:30" },
		{ BERLIN, "2026-10-25T02:30", REL_PERIOD_DAY, "03:00",
		    "2026-10-25T02:00", "2026-10-26T02:00" },
		{ NEW_YORK, "2026-03-08T07:30", REL_PERIOD_DAY, "02:30",
		    "2026-03-08T07:00", "2026-03-09T06:30" },
		{ NEW_YORK, "2026-11-01T06:10", REL_PERIOD_DAY, "01:30",
		    "2026-11-01T05:30", "2026-11-02T06:30" },
		{ NEW_YORK, "2026-11-01T05:29", REL_PERIOD_DAY, "01:30",
		    "2026-10-31T05:30", "2026-11-01T05:30" },
		/* half an hour, the other way round */
		{ LORD_HOWE, "2026-10-03T15:45", REL_PERIOD_DAY, "02:15",
		    "2026-10-03T15:30", "2026-10-04T15:15" },
		{ LORD_HOWE, "2026-04-04T15:10", REL_PERIOD_DAY, "01:45",
		    "2026-04-04T14:45", "2026-04-05T15:15" },
		/* weeks begin on Monday; one over the change */
		{ BERLIN, "2026-03-29T12:00", REL_PERIOD_WEEK, "00:00",
		    "2026-03-22T23:00", "2026-03-29T22:00" },
		{ BERLIN, "2026-03-29T22:00", REL_PERIOD_WEEK, "00:00",
		    "2026-03-29T22:00", "2026-04-05T22:00" },
		{ BERLIN, "2026-11-16T04:00", REL_PERIOD_WEEK, "06:00",
		    "2026-11-09T05:00", "2026-11-16T05:00" },
		/* months of 28, 29, 30 and 31 days */
		{ BERLIN, "2026-02-28T22:59", REL_PERIOD_MONTH, "00:00",
		    "2026-01-31T23:00", "2026-02-28T23:00" },
		{ BERLIN, "2024-02-29T12:00", REL_PERIOD_MONTH, "00:00",
		    "2024-01-31T23:00", "2024-02-29T23:00" },
		{ BERLIN, "2026-03-31T21:59", REL_PERIOD_MONTH, "00:00",
		    "2026-02-28T23:00", "2026-03-31T22:00" },
		{ NEW_YORK, "2026-11-01T04:30", REL_PERIOD_MONTH, "01:30",
		    "2026-10-01T05:30", "2026-11-01T05:30" },
		{ NEW_YORK, "2026-11-01T06:30", REL_PERIOD_MONTH, "01:30",
		    "2026-11-01T05:30", "2026-12-01T06:30" },
		/* years, one that is longer */
		{ BERLIN, "2026-12-31T23:30", REL_PERIOD_YEAR, "00:00",
		    "2026-12-31T23:00", "2027-12-31T23:00" },
		{ BERLIN, "2025-01-01T04:29", REL_PERIOD_YEAR, "05:30",
		    "2024-01-01T04:30", "2025-01-01T04:30" },
		{ "UTC0", "1970-01-01T00:00", REL_PERIOD_DAY, "23:59",
		    "1969-12-31T23:59", "1970-01-01T23:59" },
		{ "UTC0", "2400-02-29T12:00", REL_PERIOD_MONTH, "12:00",
		    "2400-02-01T12:00", "2400-03-01T12:00" }
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		int64_t now = utc(t[i].now);
		int at;

		in_zone(t[i].zone);
		assert_true(rel_period_at_parse(&at, t[i].at));
		if (rel_period_start(now, t[i].period, at) != utc(t[i].start)
		    || rel_period_next(now, t[i].period, at) !=
		    utc(t[i].next))
			fail_msg("%s %s %s %s: %s to %s", t[i].zone,
			    t[i].now, rel_period_name(t[i].period), t[i].at,
			    text(rel_period_start(now, t[i].period, at)),
			    text(rel_period_next(now, t[i].period, at)));
	}
}

/* Periods lie side by side: no moment is in none or in two of them. */
static void
whole_year(const char *zone, int year)
{
	static const int ats[] = { 0, 105, 150, 180, 390, 1439 };
	char day[24];
	int64_t from, to;

	in_zone(zone);
	snprintf(day, sizeof day, "%d-01-01T00:00", year);
	from = utc(day);
	to = from + INT64_C(366) * 86400000;
	for (int p = REL_PERIOD_DAY; p <= REL_PERIOD_YEAR; p++)
	for (size_t a = 0; a < sizeof ats / sizeof ats[0]; a++)
		for (int64_t t = from; t < to; t += 30867123) {
			enum rel_period period = (enum rel_period)p;
			int64_t start = rel_period_start(t, period, ats[a]);
			int64_t next = rel_period_next(t, period, ats[a]);

			if (start > t || next <= t ||
			    rel_period_start(start, period, ats[a]) != start
			    || rel_period_next(start, period, ats[a]) != next
			    || rel_period_start(next - 1, period, ats[a]) !=
			    start || rel_period_start(next, period, ats[a])
			    != next || rel_period_next(start - 1, period,
			    ats[a]) != start)
				fail_msg("%s %s at %d: %s to %s", zone,
				    text(t), ats[a], text(start), text(next));
		}
}

UNIT(periods_lie_side_by_side)
{
	whole_year(BERLIN, 2026);
	whole_year(NEW_YORK, 2024);
	whole_year(LORD_HOWE, 2026);
}

/* The same by the files of the system, and a day that never was. */
UNIT(zone_files)
{
	if (access("/usr/share/zoneinfo/Europe/Berlin", R_OK) != 0 ||
	    access("/usr/share/zoneinfo/Pacific/Apia", R_OK) != 0) {
		print_message("no zone files here (tzdata)\n");
		skip();
	}
	whole_year("Europe/Berlin", 2026);
	whole_year("America/New_York", 2026);
	whole_year("Pacific/Apia", 2011);
}

/* Each day has one, in a year of 365 or 366, whatever the hour. */
UNIT(a_year_has_so_many_days)
{
	static const int ats[] = { 0, 150, 180, 1439 };

	for (size_t a = 0; a < sizeof ats / sizeof ats[0]; a++) {
		in_zone(BERLIN);
		assert_int_equal(365, rel_period_count(utc("2025-12-31T23:30"),
		    utc("2026-12-31T23:30"), REL_PERIOD_DAY, ats[a], 999));
		in_zone(NEW_YORK);
		assert_int_equal(366, rel_period_count(utc("2024-01-01T12:00"),
		    utc("2025-01-01T12:00"), REL_PERIOD_DAY, ats[a], 999));
	}
	assert_int_equal(12, rel_period_count(utc("2024-01-01T12:00"),
	    utc("2025-01-01T12:00"), REL_PERIOD_MONTH, 0, 999));
	assert_int_equal(5, rel_period_count(utc("2024-01-01T12:00"),
	    utc("2025-01-01T12:00"), REL_PERIOD_DAY, 0, 5));
	assert_int_equal(0, rel_period_count(utc("2024-01-01T12:00"),
	    utc("2024-01-01T12:00"), REL_PERIOD_DAY, 720, 5));
	assert_int_equal(0, rel_period_count(utc("2024-01-02T12:00"),
	    utc("2024-01-01T12:00"), REL_PERIOD_DAY, 720, 5));
}

UNIT(never_begins_once)
{
	assert_int_equal(REL_PERIOD_ONCE, rel_period_start(
	    utc("2026-11-20T00:00"), REL_PERIOD_NEVER, 0));
	assert_true(rel_period_next(utc("2026-11-20T00:00"),
	    REL_PERIOD_NEVER, 0) == INT64_MAX);
	assert_int_equal(1, rel_period_count(0, utc("2026-11-20T00:00"),
	    REL_PERIOD_NEVER, 0, 9));
	assert_int_equal(0, rel_period_count(REL_PERIOD_ONCE,
	    utc("2026-11-20T00:00"), REL_PERIOD_NEVER, 0, 9));
}

UNIT(words)
{
	static const char *const bad[] = { "", "6:30", "24:00", "12:60",
		"06:3", "06:300", "06-30", "+6:30", "06:+1", " 6:30", "0:030" };
	enum rel_period p;
	char out[6];
	int at = 7;

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (rel_period_at_parse(&at, bad[i]))
			fail_msg("\"%s\" was taken", bad[i]);
	assert_int_equal(7, at);
	assert_true(rel_period_at_parse(&at, "23:59"));
	assert_int_equal(1439, at);
	rel_period_at_text(out, 390);
	assert_string_equal("06:30", out);
	for (int i = REL_PERIOD_DAY; i <= REL_PERIOD_NEVER; i++) {
		assert_true(rel_period_parse(&p,
		    rel_period_name((enum rel_period)i)));
		assert_int_equal(i, p);
	}
	assert_false(rel_period_parse(&p, "decade"));
	assert_string_equal("none", rel_period_name((enum rel_period)0));
	assert_string_equal("none", rel_period_name((enum rel_period)77));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(periods_begin_when_they_should),
		cmocka_unit_test(periods_lie_side_by_side),
		cmocka_unit_test(zone_files),
		cmocka_unit_test(a_year_has_so_many_days),
		cmocka_unit_test(never_begins_once),
		cmocka_unit_test(words),
	};

	return cmocka_run_group_tests_name("period", tests, NULL, NULL);
}
