/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What people read: tables and lists, times in their own zone. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ctl/ctl.h"
#include "lib/buf.h"
#include "lib/csv.h"
#include "lib/place.h"
#include "lib/text.h"

#define CELL_MAX 256
#define COLUMNS_MAX 16

int64_t
ctl_int(const json_t *o, const char *key)
{
	return json_integer_value(json_object_get(o, key));
}

const char *
ctl_str(const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);

	return json_is_string(v) ? json_string_value(v) : "";
}

/* RFC 3339 UTC to the reader's own zone; false when it is none. */
static bool
time_text(char *out, size_t size, const char *text)
{
	struct tm tm = { 0 };
	time_t t;

	if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d", &tm.tm_year, &tm.tm_mon,
	    &tm.tm_mday, &tm.tm_hour, &tm.tm_min, &tm.tm_sec) != 6)
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	t = timegm(&tm);
	return localtime_r(&t, &tm) != NULL &&
	    strftime(out, size, "%Y-%m-%d %H:%M:%S", &tm) > 0;
}

static void
size_text(char *out, size_t size, json_int_t bytes)
{
	static const char *const unit[] = { "B", "KB", "MB", "GB", "TB" };
	double v = (double)bytes;
	size_t u = 0;

	while (v >= 999.5 && u + 1 < sizeof unit / sizeof unit[0]) {
		v /= 1000;
		u++;
	}
	snprintf(out, size, v < 9.95 && u > 0 ? "%.1f %s" : "%.0f %s", v,
	    unit[u]);
}

void
ctl_text(char *out, size_t size, const json_t *value, enum ctl_kind kind)
{
	const char *s = json_string_value(value);

	snprintf(out, size, "-");
	if (kind == COL_YESNO && json_is_boolean(value))
		snprintf(out, size, json_is_true(value) ? "yes" : "no");
	else if (kind == COL_SIZE && json_is_integer(value))
		size_text(out, size, json_integer_value(value));
	else if (json_is_integer(value))
		snprintf(out, size, "%lld",
		    (long long)json_integer_value(value));
	else if (s != NULL && s[0] != '\0' &&
	    (kind != COL_TIME || !time_text(out, size, s)))
		rel_text_clean(out, size, s);
}

/* Characters of a UTF-8 text: what it takes on most screens. */
static int
width(const char *s)
{
	int n = 0;

	for (; *s != '\0'; s++)
		n += (*s & 0xc0) != 0x80;
	return n;
}

static void
print_cell(const char *text, int room, bool right, bool last)
{
	int pad = room - width(text);

	if (right)
		printf("%*s%s", pad, "", text);
	else
		printf("%s%*s", text, last ? 0 : pad, "");
	fputs(last ? "\n" : "  ", stdout);
}

void
ctl_table(const json_t *rows, const struct ctl_column *columns)
{
	int room[COLUMNS_MAX] = { 0 };
	char cell[CELL_MAX];
	size_t n = 0, i;
	json_t *row;

	for (; n < COLUMNS_MAX && columns[n].key != NULL; n++) {
		room[n] = width(columns[n].title);
		json_array_foreach(rows, i, row) {
			ctl_text(cell, sizeof cell,
			    json_object_get(row, columns[n].key),
			    columns[n].kind);
			if (width(cell) > room[n])
				room[n] = width(cell);
		}
	}
	for (size_t k = 0; k < n; k++)
		print_cell(columns[k].title, room[k],
		    columns[k].kind == COL_SIZE || columns[k].kind == COL_INT,
		    k + 1 == n);
	json_array_foreach(rows, i, row)
		for (size_t k = 0; k < n; k++) {
			ctl_text(cell, sizeof cell,
			    json_object_get(row, columns[k].key),
			    columns[k].kind);
			print_cell(cell, room[k],
			    columns[k].kind == COL_SIZE ||
			    columns[k].kind == COL_INT, k + 1 == n);
		}
}

void
ctl_show(const json_t *row, const struct ctl_column *columns)
{
	char cell[1024];
	int room = 0;

	for (const struct ctl_column *k = columns; k->key != NULL; k++)
		if (width(k->title) > room)
			room = width(k->title);
	for (const struct ctl_column *k = columns; k->key != NULL; k++) {
		ctl_text(cell, sizeof cell, json_object_get(row, k->key),
		    k->kind);
		printf("%s:%*s %s\n", k->title, room - width(k->title), "",
		    cell);
	}
}

void
ctl_print_json(const json_t *value)
{
	json_dumpf(value, stdout, JSON_INDENT(2));
	fputc('\n', stdout);
}

void
ctl_print_list(struct ctl *c, json_t *answer, const char *key,
    const struct ctl_column *columns)
{
	const json_t *rows = json_object_get(answer, key);

	if (c->opt[OPT_JSON] != NULL)
		ctl_print_json(answer);
	else if (json_array_size(rows) == 0)
		printf("no %s\n", key);
	else
		ctl_table(rows, columns);
	json_decref(answer);
}

void
ctl_print_one(struct ctl *c, json_t *answer, const struct ctl_column *columns)
{
	if (c->opt[OPT_JSON] != NULL)
		ctl_print_json(answer);
	else
		ctl_show(answer, columns);
	json_decref(answer);
}

void
ctl_say(struct ctl *c, const char *fmt, ...)
{
	va_list ap;

	if (c->opt[OPT_JSON] != NULL)
		return;
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
}

int
ctl_told(struct ctl *c, json_t *answer, const char *fmt, ...)
{
	va_list ap;

	if (c->opt[OPT_JSON] != NULL) {
		ctl_print_json(answer);
	} else {
		va_start(ap, fmt);
		vprintf(fmt, ap);
		va_end(ap);
	}
	json_decref(answer);
	return 0;
}

int
ctl_wrong_file(struct ctl *c, const char *path, const struct rel_place *at)
{
	char text[320];

	if (c->opt[OPT_JSON] != NULL) {
		json_t *o = json_pack("{s:i,s:s,s:s}", "line", (int)at->line,
		    "word", at->word, "text", at->text);

		ctl_print_json(o);
		json_decref(o);
	}
	rel_place_text(at, text, sizeof text);
	return rel_err_set(&c->err, REL_E_FORMAT, "%.100s: %s", path, text);
}

void
ctl_put_joined(json_t *row, const char *to, const json_t *list,
    const char *between)
{
	const json_t *one;
	struct rel_buf b;
	size_t i;

	rel_buf_init(&b);
	json_array_foreach(list, i, one)
		rel_put_fmt(&b, "%s%s", i > 0 ? between : "",
		    json_string_value(one));
	rel_put_u8(&b, 0);
	if (!b.failed)
		json_object_set_new(row, to, json_string((char *)b.data));
	rel_buf_fini(&b);
}

void
ctl_table_csv(const json_t *rows, const struct ctl_column *columns)
{
	const json_t *row;
	struct rel_buf b;
	size_t i;

	rel_buf_init(&b);
	for (const struct ctl_column *k = columns; k->key != NULL; k++)
		rel_csv_put(&b, k->key, k == columns);
	rel_csv_end(&b);
	json_array_foreach(rows, i, row) {
		for (const struct ctl_column *k = columns; k->key != NULL;
		    k++)
			rel_csv_put(&b, ctl_str(row, k->key), k == columns);
		rel_csv_end(&b);
	}
	if (!b.failed)
		(void)fwrite(b.data, 1, b.len, stdout);
	rel_buf_fini(&b);
}
