/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef IMPORT_H
#define IMPORT_H

#include "lib/csv.h"
#include "releaserd/core/core.h"

/*
 * Users from a table (doc/local-api.md).  Everything happens behind a point
 * inside the turn's transaction: with a problem, or on trial, it is undone.
 */
#define IMPORT_ROWS_MAX 20000u
#define IMPORT_SHOWN_MAX 200u		/* problems, rows of the preview */

enum import_column {
	COL_NAME, COL_DISPLAY, COL_MAIL, COL_DEPARTMENT, COL_LOCALE,
	COL_DISABLED, COL_CARD, COL_NUMBER, COL_PIN, IMPORT_COLUMNS
};
extern const char *const import_columns[IMPORT_COLUMNS];

struct import {
	struct core *c;
	bool delete_missing;
	int at[IMPORT_COLUMNS];		/* field of a row, -1: not there */
	json_t *problems, *preview;
	unsigned rows, fresh, changed, unchanged, deleted;
	unsigned nproblems;
	struct import_seen {
		char key[84];
		unsigned line;
	} *seen;
	size_t nseen, seen_room;
	int64_t *ended;			/* users whose sessions end */
	size_t nended, ended_room;
	struct import_change *late;	/* wait for what others give up */
	int rc;				/* the store is broken, or no memory */
};

/* What a row makes of a user. */
struct import_change {
	unsigned line;
	bool is_new;
	bool secret;			/* a session must not go on */
	struct user was, u;
	struct card *cards;		/* as they shall be, owned */
	size_t ncards, first_new;	/* those from here on are added */
	bool drop_cards;		/* the old ones go */
	bool number_late;
	struct rel_buf before;		/* image; empty for a new one */
	json_t *fields;			/* for the preview */
	struct import_change *next;
};

/* ---- import_row.c */

/* The header line: which column stands where. False: a problem was named. */
bool import_header(struct import *im, const struct rel_csv_row *row);

/*
 * Read a row into ch, whose user is read already (u is a copy of was).
 * Returns the number of fields that differ, or -1 when a problem was named.
 */
int import_row(struct import *im, struct import_change *ch,
    const struct rel_csv_row *row);

/* The field of a column, without blanks around it; NULL: the table has no
 * such column. The row has so many fields. */
char *import_cell(const struct import *im, const struct rel_csv_row *row,
    enum import_column col);

/* ---- import.c */

int import_init(struct import *im);

void import_problem(struct import *im, unsigned line, const char *field,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/*
 * Import a table (terminated, changed in place). 0, also when there are
 * problems (then nothing has happened); -REL_E_* when the store is broken.
 * import_fini() in any case.
 */
int import_run(struct import *im, char *csv, size_t len, bool dry_run);
void import_fini(struct import *im);

/* The sessions of a user end when all is done. */
int import_sessions_end(struct import *im, int64_t user);

/* Keep what came since store_point() if rc is 0 and there is no problem. */
int import_settle(struct import *im, int rc, bool keep);

/* ---- import_undo.c: the last import is taken back; as import_run() */
int import_undo(struct import *im);

#endif
