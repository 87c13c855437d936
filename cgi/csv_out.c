/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "cgi/csv_out.h"

#include <string.h>

#include "cgi/cgi.h"
#include "cgi/format.h"
#include "lib/csv.h"

void
csv_head(struct rel_buf *b, const struct csv_column *columns)
{
	rel_put_raw(b, "\xef\xbb\xbf", 3);
	for (const struct csv_column *k = columns; k->title != NULL; k++)
		rel_csv_put(b, tr(k->title), k == columns);
	rel_csv_end(b);
}

static const json_t *
member(const json_t *o, const char *path)
{
	size_t n;

	do {
		n = strcspn(path, ".");
		o = json_object_getn(o, path, n);
		path += n;
	} while (*path++ == '.');
	return o;
}

static const char *
kind_of(const struct csv_column *k)
{
	if (k->kind == NULL)
		return "";
	return strcmp(k->kind, "time") == 0 ? "sort-time" :
	    strcmp(k->kind, "day") == 0 ? "sort-day" : k->kind;
}

/* Numbers as they are: a spreadsheet adds them up. */
static void
field(struct rel_buf *b, const struct csv_column *k, const json_t *row,
    bool first)
{
	struct rel_buf text;

	rel_buf_init(&text);
	format_value(&text, member(row, k->path), kind_of(k));
	rel_put_u8(&text, 0);
	if (text.failed)
		b->failed = text.failed;
	else
		rel_csv_put(b, (char *)text.data, first);
	rel_buf_fini(&text);
}

void
csv_row(struct rel_buf *b, const struct csv_column *columns, const json_t *row)
{
	for (const struct csv_column *k = columns; k->title != NULL; k++)
		field(b, k, row, k == columns);
	rel_csv_end(b);
}

void
csv_rows(struct rel_buf *b, const struct csv_column *columns,
    const json_t *rows)
{
	size_t i;
	json_t *row;

	json_array_foreach(rows, i, row)
		csv_row(b, columns, row);
}
