/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef CSV_OUT_H
#define CSV_OUT_H

#include <jansson.h>

#include "lib/buf.h"

/*
 * JSON objects as a table for spreadsheets and programs: RFC 4180 in UTF-8
 * with a byte order mark (spreadsheets take it for Latin-1 without), a header,
 * and nothing in it that a spreadsheet would take for a formula (lib/csv.h).
 */
#define CSV_TYPE "text/csv; charset=utf-8; header=present"

struct csv_column {
	const char *title;		/* English msgid; NULL ends the table */
	const char *path;		/* in the object: "pages.sheets" */
	/*
	 * NULL as it is; "time" an RFC 3339 text as local time, which sorts
	 * and which spreadsheets know in every language (2026-11-21
	 * 07:48:05); "day" only the day; "word" translated.
	 */
	const char *kind;
};

void csv_head(struct rel_buf *b, const struct csv_column *columns);

/* A row; what row does not have is an empty field. */
void csv_row(struct rel_buf *b, const struct csv_column *columns,
    const json_t *row);

/* csv_row() for each element of rows. */
void csv_rows(struct rel_buf *b, const struct csv_column *columns,
    const json_t *rows);

#endif
