/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/period.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "lib/text.h"

#define HOUR_S 3600

static const char *const names[] = { NULL, "day", "week", "month", "year",
	"never" };
#define NAMES (sizeof names / sizeof names[0])

const char *
rel_period_name(enum rel_period period)
{
	size_t i = (size_t)period;

	return i > 0 && i < NAMES ? names[i] : "none";
}

bool
rel_period_parse(enum rel_period *out, const char *name)
{
	for (size_t i = 1; i < NAMES; i++)
		if (strcmp(names[i], name) == 0) {
			*out = (enum rel_period)i;
			return true;
		}
	return false;
}

bool
rel_period_at_parse(int *at_min, const char *text)
{
	uint16_t minutes;
	const char *end = rel_minutes(&minutes, text);

	if (end == NULL || *end != '\0' || minutes == 24 * 60)
		return false;
	*at_min = minutes;
	return true;
}

void
rel_period_at_text(char out[6], int at_min)
{
	unsigned min = (unsigned)at_min % 1440;

	snprintf(out, 6, "%02u:%02u", min / 60, min % 60);
}

/* ---- the clock of this place */

/* Local time as if it were UTC. */
static time_t
wall_of(time_t t)
{
	struct tm tm;

	return localtime_r(&t, &tm) != NULL ? timegm(&tm) : t;
}

static time_t
floor_s(int64_t ms)
{
	return (time_t)(ms / 1000 - (ms % 1000 < 0));
}

/* The moment between a and b at which clocks were changed from offset. */
static time_t
change_after(time_t a, time_t b, time_t offset)
{
	while (b - a > 1) {
		time_t mid = a + (b - a) / 2;

		if (wall_of(mid) - mid == offset)
			a = mid;
		else
			b = mid;
	}
	return b;
}

/*
 * When the clock shows wall: the first time that it does; or, when it never
 * does, when it is put forward over it.
 */
static time_t
moment_of(time_t wall)
{
	time_t early = wall - 26 * HOUR_S, late = wall + 26 * HOUR_S;
	time_t before = wall_of(early) - early, after = wall_of(late) - late;
	time_t first = wall - before, second = wall - after;

	if (wall_of(first) == wall && (first < second ||
	    wall_of(second) != wall))
		return first;
	if (wall_of(second) == wall)
		return second;
	return change_after(early, late, before);
}

/* ---- periods */

/* The first day of the period that a day is in, n periods on. */
static struct tm
first_day(struct tm day, enum rel_period period, int n)
{
	day.tm_hour = day.tm_min = day.tm_sec = 0;
	switch (period) {
	case REL_PERIOD_WEEK:
		day.tm_mday += 7 * n - (day.tm_wday + 6) % 7;
		break;
	case REL_PERIOD_MONTH:
		day.tm_mday = 1;
		day.tm_mon += n;
		break;
	case REL_PERIOD_YEAR:
		day.tm_mday = 1;
		day.tm_mon = 0;
		day.tm_year += n;
		break;
	default:
		day.tm_mday += n;
		break;
	}
	return day;
}

/* The start that belongs to the days around t, n periods on. */
static time_t
start_near(time_t t, enum rel_period period, int at_min, int n)
{
	time_t wall = wall_of(t);
	struct tm day;

	if (gmtime_r(&wall, &day) == NULL)
		return t;
	day = first_day(day, period, n);
	return moment_of(timegm(&day) + at_min * 60);
}

static time_t
start_of(time_t t, enum rel_period period, int at_min)
{
	time_t start = start_near(t, period, at_min, 1);

	/* That of the next days may be now, when clocks jump a whole day. */
	for (int n = 0; start > t && n > -3; n--)
		start = start_near(t, period, at_min, n);
	return start;
}

int64_t
rel_period_start(int64_t ms, enum rel_period period, int at_min)
{
	if (period == REL_PERIOD_NEVER)
		return REL_PERIOD_ONCE;
	return (int64_t)start_of(floor_s(ms), period, at_min) * 1000;
}

int64_t
rel_period_next(int64_t ms, enum rel_period period, int at_min)
{
	time_t t = floor_s(ms), next;

	if (period == REL_PERIOD_NEVER)
		return INT64_MAX;
	next = start_near(t, period, at_min, 0);
	for (int n = 1; next <= t && n < 4; n++)
		next = start_near(t, period, at_min, n);
	return (int64_t)next * 1000;
}

int
rel_period_count(int64_t after, int64_t ms, enum rel_period period,
    int at_min, int max)
{
	int n = 0;

	if (period == REL_PERIOD_NEVER)
		return after < REL_PERIOD_ONCE && ms >= REL_PERIOD_ONCE;
	for (int64_t at = rel_period_next(after, period, at_min);
	    at <= ms && n < max; at = rel_period_next(at, period, at_min))
		n++;
	return n;
}
