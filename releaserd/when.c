/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/when.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "lib/text.h"

static const char *const by_names[] = {
	[WHEN_HOUR] = "hour", [WHEN_DAY] = "day", [WHEN_WEEK] = "week",
	[WHEN_MONTH] = "month", [WHEN_ALL] = "all"
};

bool
when_by_parse(enum when_by *by, const char *word)
{
	for (size_t i = 0; i < sizeof by_names / sizeof by_names[0]; i++)
		if (strcmp(by_names[i], word) == 0) {
			*by = (enum when_by)i;
			return true;
		}
	return false;
}

const char *
when_by_name(enum when_by by)
{
	return by_names[by];
}

/* A number of exactly n digits, and the sign behind it; moves on. */
static bool
part(int *out, const char **s, size_t n, int min, int max)
{
	char digits[5];
	int64_t v;

	if (strspn(*s, "0123456789") < n)
		return false;
	memcpy(digits, *s, n);
	digits[n] = '\0';
	*s += n;
	if (!rel_int(&v, digits, min, max))
		return false;
	*out = (int)v;
	return true;
}

static bool
sign(const char **s, const char *any)
{
	return **s != '\0' && strchr(any, *(*s)++) != NULL;
}

static bool
part_day(struct tm *tm, const char **s)
{
	struct tm same;

	memset(tm, 0, sizeof *tm);
	if (!part(&tm->tm_year, s, 4, 1970, 2199) || !sign(s, "-") ||
	    !part(&tm->tm_mon, s, 2, 1, 12) || !sign(s, "-") ||
	    !part(&tm->tm_mday, s, 2, 1, 31))
		return false;
	tm->tm_year -= 1900;
	tm->tm_mon--;
	same = *tm;
	(void)timegm(&same);
	return same.tm_mday == tm->tm_mday;	/* no 31st of November */
}

/* "Z" or "+01:00", in minutes. */
static bool
part_zone(int *minutes, const char **s)
{
	int sign_of = **s == '-' ? -1 : 1, h, m;

	*minutes = 0;
	if (**s == 'Z' || **s == 'z') {
		(*s)++;
		return true;
	}
	if (!sign(s, "+-") || !part(&h, s, 2, 0, 23) || !sign(s, ":") ||
	    !part(&m, s, 2, 0, 59))
		return false;
	*minutes = sign_of * (h * 60 + m);
	return true;
}

/* ".120": milliseconds; further digits are left out. */
static int
part_fraction(const char **s)
{
	int ms = 0, unit = 100;

	if (**s != '.' || (*s)[1] < '0' || (*s)[1] > '9')
		return 0;
	for ((*s)++; **s >= '0' && **s <= '9'; (*s)++, unit /= 10)
		ms += unit * (**s - '0');
	return ms;
}

/* The first moment of a local day: not every midnight exists. */
static int64_t
day_ms(struct tm tm)
{
	struct tm there;
	int want;
	time_t t;

	tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
	tm.tm_isdst = -1;
	there = tm;
	(void)timegm(&there);		/* the 32nd is the 1st */
	want = there.tm_mday;
	t = mktime(&tm);
	if (localtime_r(&t, &there) != NULL && there.tm_mday != want)
		t += 3600;
	return (int64_t)t * 1000;
}

static int64_t
since_1970(int64_t ms)
{
	return ms > 0 ? ms : 0;
}

bool
when_parse(int64_t *ms, const char *text, bool end)
{
	const char *s = text;
	int fraction, zone;
	struct tm tm;

	if (!part_day(&tm, &s))
		return false;
	if (*s == '\0') {
		tm.tm_mday += end;
		*ms = since_1970(day_ms(tm));
		return true;
	}
	if (!sign(&s, "Tt ") || !part(&tm.tm_hour, &s, 2, 0, 23) ||
	    !sign(&s, ":") || !part(&tm.tm_min, &s, 2, 0, 59) ||
	    !sign(&s, ":") || !part(&tm.tm_sec, &s, 2, 0, 60))
		return false;
	fraction = part_fraction(&s);
	if (!part_zone(&zone, &s) || *s != '\0')
		return false;
	*ms = since_1970(((int64_t)timegm(&tm) - zone * 60) * 1000 + fraction);
	return true;
}

static int64_t
start_of(struct tm tm, enum when_by by, int n)
{
	switch (by) {
	case WHEN_WEEK:
		tm.tm_mday -= (tm.tm_wday + 6) % 7;
		tm.tm_mday += 7 * n;
		break;
	case WHEN_MONTH:
		tm.tm_mday = 1;
		tm.tm_mon += n;
		break;
	default:
		tm.tm_mday += n;
		break;
	}
	return day_ms(tm);
}

int64_t
when_step(int64_t ms, enum when_by by, int n)
{
	time_t t = (time_t)(ms / 1000);
	struct tm tm;

	if (by == WHEN_ALL || localtime_r(&t, &tm) == NULL)
		return 0;
	if (by == WHEN_HOUR)
		return ((int64_t)t - tm.tm_min * 60 - tm.tm_sec +
		    (int64_t)n * 3600) * 1000;
	return start_of(tm, by, n);
}

int64_t
when_start(int64_t ms, enum when_by by)
{
	return when_step(ms, by, 0);
}
