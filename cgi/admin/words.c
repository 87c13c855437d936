/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Times and what devices say, in words. */
#include "cgi/admin/admin.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "lib/text.h"

#define ROWS_MAX 80u
#define DEPTH_MAX 5u

json_t *
admin_ago(const json_t *when)
{
	static const struct {
		double most, unit_s;
		const char *unit;
	} steps[] = {
		{ 90, 0, "now" }, { 5400, 60, "minutes" },
		{ 129600, 3600, "hours" }, { 1e12, 86400, "days" }
	};
	const char *text = json_string_value(when);
	struct tm tm = { 0 };
	double s;
	size_t i = 0;

	if (text == NULL || sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d",
	    &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &tm.tm_hour, &tm.tm_min,
	    &tm.tm_sec) != 6)
		return json_pack("{s:s}", "unit", "never");
	tm.tm_year -= 1900;
	tm.tm_mon--;
	s = difftime(time(NULL), timegm(&tm));
	while (i < 3 && s > steps[i].most)
		i++;
	return json_pack("{s:s,s:I}", "unit", steps[i].unit, "n",
	    (json_int_t)(i > 0 ? s / steps[i].unit_s : 0));
}

/* ---- what a device reports */

/* A plain value as text; false: it is none. */
static bool
plain(char out[120], const json_t *v)
{
	switch (json_typeof(v)) {
	case JSON_STRING:
		snprintf(out, 120, "%.100s", json_string_value(v));
		return true;
	case JSON_INTEGER:
		snprintf(out, 120, "%" PRId64, (int64_t)json_integer_value(v));
		return true;
	case JSON_REAL:
		snprintf(out, 120, "%g", json_real_value(v));
		return true;
	case JSON_TRUE:
	case JSON_FALSE:
		snprintf(out, 120, "%s", tr(json_is_true(v) ? "yes" : "no"));
		return true;
	default:
		return false;
	}
}

/* "marker_level" of a device reads as "marker level"; some words are known. */
static void
words(char out[80], const char *key)
{
	const char *known = tr(key);

	snprintf(out, 80, "%.60s", known);
	if (known == key)
		for (char *p = out; *p != '\0'; p++)
			if (*p == '_' || *p == '-')
				*p = ' ';
}

static void
put_row(json_t *rows, const char *name, const char *value)
{
	char clean_name[160], clean[400];

	if (json_array_size(rows) >= ROWS_MAX)
		return;
	rel_text_clean(clean_name, sizeof clean_name, name);
	rel_text_clean(clean, sizeof clean, value);
	json_array_append_new(rows, json_pack("{s:s,s:s}", "name", clean_name,
	    "value", clean));
}

/* All plain values of an object on one line: "level 12, colour cyan". */
static void
line_of(char out[400], const json_t *object)
{
	size_t n = 0;
	char word[80], text[120];
	const char *key;
	json_t *v;

	out[0] = '\0';
	json_object_foreach((json_t *)(uintptr_t)object, key, v) {
		if (strcmp(key, "name") == 0 || !plain(text, v) ||
		    n + sizeof word + sizeof text >= 400)
			continue;
		words(word, key);
		n += (size_t)snprintf(out + n, 400 - n, "%s%s %s",
		    n > 0 ? ", " : "", word, text);
	}
}

static void walk(json_t *rows, const char *name, const json_t *v,
    unsigned depth);

/* One of supplies, trays ...: its own name, or its number, tells it apart. */
static void
part(json_t *rows, const char *group, const json_t *v, size_t number,
    unsigned depth)
{
	const char *own = json_string_value(json_object_get(v, "name"));
	char name[160], line[400];

	if (own != NULL)
		snprintf(name, sizeof name, "%.60s: %.80s", group, own);
	else
		snprintf(name, sizeof name, "%.60s %zu", group, number);
	walk(rows, name, v, depth + 1);
	/* Nothing but its name was said. */
	line_of(line, v);
	if (own != NULL && line[0] == '\0')
		put_row(rows, group, own);
}

static void
walk_object(json_t *rows, const char *name, const json_t *v, unsigned depth)
{
	char line[400], word[80], next[160];
	const char *key;
	json_t *e;

	line_of(line, v);
	if (line[0] != '\0' && name[0] != '\0')
		put_row(rows, name, line);
	json_object_foreach((json_t *)(uintptr_t)v, key, e) {
		if (name[0] != '\0' && !json_is_object(e) && !json_is_array(e))
			continue;
		words(word, key);
		snprintf(next, sizeof next, "%.80s%s%.70s", name,
		    name[0] != '\0' ? " " : "", word);
		walk(rows, next, e, depth + 1);
	}
}

static void
walk(json_t *rows, const char *name, const json_t *v, unsigned depth)
{
	char text[120];
	json_t *e;
	size_t i;

	if (depth > DEPTH_MAX)
		return;
	if (json_is_object(v))
		walk_object(rows, name, v, depth);
	else if (json_is_array(v))
		json_array_foreach(v, i, e)
			part(rows, name, e, i + 1, depth);
	else if (plain(text, v))
		put_row(rows, name, text);
}

json_t *
admin_reported(const json_t *device)
{
	static const char *const known[] = { "state", "reasons", "session" };
	json_t *status = json_object_get(device, "status");
	json_t *rest = json_is_object(status) ? json_copy(status) :
	    json_object();
	json_t *rows = json_array();

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		json_object_del(rest, known[i]);
	walk(rows, "", rest, 0);
	json_decref(rest);
	return rows;
}
