/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "cgi/format.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cgi/cgi.h"
#include "lib/media.h"
#include "lib/money.h"

/* NARROW NO-BREAK SPACE, as the standards have it (ISO 31-0) */
#define THIN "\xe2\x80\xaf"

/* "Y-m-d H:M:S": the only letters that stand for something. */
static void
put_pattern(struct rel_buf *b, const struct tm *tm, const char *how)
{
	for (; *how != '\0'; how++) {
		switch (*how) {
		case 'Y': rel_put_fmt(b, "%04d", tm->tm_year + 1900); break;
		case 'm': rel_put_fmt(b, "%02d", tm->tm_mon + 1); break;
		case 'd': rel_put_fmt(b, "%02d", tm->tm_mday); break;
		case 'H': rel_put_fmt(b, "%02d", tm->tm_hour); break;
		case 'M': rel_put_fmt(b, "%02d", tm->tm_min); break;
		case 'S': rel_put_fmt(b, "%02d", tm->tm_sec); break;
		default: rel_put_u8(b, (uint8_t)*how);
		}
	}
}

static void
put_time(struct rel_buf *b, const char *text, const char *how)
{
	struct tm utc = { 0 }, local;
	time_t t;

	if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d", &utc.tm_year, &utc.tm_mon,
	    &utc.tm_mday, &utc.tm_hour, &utc.tm_min, &utc.tm_sec) < 3) {
		rel_put_raw(b, text, strlen(text));
		return;
	}
	utc.tm_year -= 1900;
	utc.tm_mon--;
	t = timegm(&utc);
	/* A day without an hour is that day, wherever one is. */
	if (strchr(text, 'T') == NULL)
		local = utc;
	else if (localtime_r(&t, &local) == NULL)
		return;
	put_pattern(b, &local, how);
}

static void
put_size(struct rel_buf *b, double bytes)
{
	static const char *const units[] = { "B", "kB", "MB", "GB", "TB" };
	char out[32], *point;
	size_t i = 0;

	while (bytes >= 999.5 && i < 4) {
		bytes /= 1000;
		i++;
	}
	snprintf(out, sizeof out, i > 0 && bytes < 9.95 ? "%.1f" : "%.0f",
	    bytes);
	/* "," where the language has it. */
	if ((point = strchr(out, '.')) != NULL)
		*point = tr("decimal point")[0] == ',' ? ',' : '.';
	rel_put_fmt(b, "%s %s", out, units[i]);
}

static void
put_int(struct rel_buf *b, json_int_t n)
{
	char digits[32];
	size_t len;

	snprintf(digits, sizeof digits, "%" PRId64, (int64_t)(n < 0 ? -n : n));
	len = strlen(digits);
	if (n < 0)
		rel_put_u8(b, '-');
	for (size_t i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			rel_put_raw(b, THIN, sizeof THIN - 1);
		rel_put_u8(b, (uint8_t)digits[i]);
	}
}

/* "A3" of "iso_a3_297x420mm". */
static void
put_paper(struct rel_buf *b, const char *name)
{
	char label[80];

	rel_media_label(label, sizeof label, name);
	rel_put_raw(b, label, strlen(label));
}

static void
put_plain(struct rel_buf *b, const json_t *v)
{
	switch (json_typeof(v)) {
	case JSON_STRING:
		rel_put_raw(b, json_string_value(v), json_string_length(v));
		break;
	case JSON_INTEGER:
		rel_put_fmt(b, "%" PRId64, (int64_t)json_integer_value(v));
		break;
	case JSON_REAL:
		rel_put_fmt(b, "%g", json_real_value(v));
		break;
	case JSON_TRUE:
		rel_put_fmt(b, "yes");
		break;
	case JSON_FALSE:
		rel_put_fmt(b, "no");
		break;
	default:
		break;
	}
}

/* "-1234.50", or millionths, with the point of the language and thousands
 * apart. */
static void
put_money(struct rel_buf *b, const json_t *v, bool sign)
{
	char text[REL_MONEY_TEXT];
	const char *s = json_string_value(v), *point;
	size_t len;

	if (s == NULL) {
		rel_money_text(text, (int64_t)json_integer_value(v));
		s = text;
	}
	if (s[strspn(s, "-0123456789.")] != '\0') {
		rel_put_raw(b, s, strlen(s));
		return;
	}
	if (*s == '-')
		rel_put_u8(b, (uint8_t)*s++);
	else if (sign && strspn(s, "0.") != strlen(s))
		rel_put_u8(b, '+');
	len = strcspn(s, ".");
	point = s + len;
	for (size_t i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			rel_put_raw(b, THIN, sizeof THIN - 1);
		rel_put_u8(b, (uint8_t)s[i]);
	}
	if (*point == '.') {
		rel_put_u8(b, tr("decimal point")[0] == ',' ? ',' : '.');
		rel_put_raw(b, point + 1, strlen(point + 1));
	}
}

/* The pattern of a kind of time; NULL: it is none. */
static const char *
time_pattern(const char *kind)
{
	static const struct {
		const char *kind, *pattern;
		bool translated;
	} known[] = {
		{ "time", "Y-m-d H:M", true },
		{ "date", "Y-m-d", true },
		{ "day", "m-d", true },
		{ "month", "Y-m", true },
		{ "hour", "H:M", false },
		{ "sort-time", "Y-m-d H:M:S", false },
		{ "sort-day", "Y-m-d", false }
	};

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (strcmp(kind, known[i].kind) == 0)
			return known[i].translated ? tr(known[i].pattern) :
			    known[i].pattern;
	return NULL;
}

void
format_value(struct rel_buf *b, const json_t *v, const char *kind)
{
	const char *s = json_string_value(v), *pattern = time_pattern(kind);

	if (v == NULL || json_is_null(v))
		return;
	if (strcmp(kind, "query") == 0 && s != NULL)
		rel_api_escape(b, s);
	else if (pattern != NULL && s != NULL)
		put_time(b, s, pattern);
	else if (strcmp(kind, "size") == 0 && json_is_number(v))
		put_size(b, json_number_value(v));
	else if (strcmp(kind, "int") == 0 && json_is_integer(v))
		put_int(b, json_integer_value(v));
	else if ((strcmp(kind, "money") == 0 || strcmp(kind, "signed") == 0) &&
	    (s != NULL || json_is_integer(v)))
		put_money(b, v, kind[0] == 's');
	else if (strcmp(kind, "paper") == 0 && s != NULL)
		put_paper(b, s);
	else if (strcmp(kind, "word") == 0 && s != NULL)
		rel_put_raw(b, tr(s), strlen(tr(s)));
	else
		put_plain(b, v);
}
