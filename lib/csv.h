/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_CSV_H
#define REL_CSV_H

#include <stddef.h>

#include "lib/buf.h"
#include "lib/err.h"

/*
 * Tables as text (RFC 4180): rows end with CRLF or LF, fields may stand in
 * quotes, a quote inside is doubled.  Empty lines count for nothing.
 */
#define REL_CSV_FIELDS 64u

struct rel_csv {
	char *at, *end;			/* what is still to be read */
	char sep;			/* ',' or ';' */
	unsigned line;			/* of `at`, from 1 */
};

struct rel_csv_row {
	char *field[REL_CSV_FIELDS];	/* terminated; point into the text */
	size_t n;
	unsigned line;			/* where it begins */
};

/*
 * Read text (len bytes and one more, which is written to); it is changed in
 * place and must live as long as the rows.  A byte order mark is passed over.
 * The separator is ';' when the first line has one and no ',' (as spreadsheets
 * write in many countries), else ','.
 */
void rel_csv_init(struct rel_csv *c, char *text, size_t len);

/*
 * The next row.  Returns 1, 0 at the end, or -REL_E_FORMAT (quotes that do
 * not close, text behind them, a NUL, more than REL_CSV_FIELDS fields); row->line says where,
 * and nothing can be read any more.
 */
int rel_csv_next(struct rel_csv *c, struct rel_csv_row *row,
    struct rel_err *err);

/*
 * Append a field to b, with a separator before it unless it is the first one
 * of its row, in quotes when it must.  What a spreadsheet would take for a
 * formula (=, +, -, @ or a tab in front) gets a ' before it; a negative number
 * is none.
 */
void rel_csv_put(struct rel_buf *b, const char *field, int first);
void rel_csv_end(struct rel_buf *b);		/* the row's CRLF */

/* A field as it was before rel_csv_put() put a ' in front of it. */
char *rel_csv_plain(char *field);

#endif
