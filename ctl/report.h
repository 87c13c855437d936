/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REPORT_H
#define REPORT_H

#include "ctl/ctl.h"
#include "lib/group_sets.h"
#include "lib/recorded.h"

/*
 * report_log.c: a line of page_log for a job that was printed, as cupsd writes
 * it at the end of a job (the page is "total", the copies are all sides), by a
 * PageLogFormat of cupsd.conf(5); NULL is what CUPS had as default.  What is
 * not known is "-".  Without the end of the line.
 */
void page_log_line(struct rel_buf *b, const char *format,
    const struct rel_recorded *job);

/* report_rows.c: figures of a report, as objects of numbers with a "key". */

/* The object of a key in rows; made with the numbers 0 when it is new. */
json_t *report_row(json_t *rows, const char *key, const char *const *numbers);

/* Add the numbers of one to those of another. */
void report_add(json_t *to, const json_t *from, const char *const *numbers);

/*
 * The rows of users as rows of their groups: who is in several counts in each,
 * who is in none under "-".
 */
json_t *report_by_group(const json_t *rows, const struct rel_group_sets *sets,
    const char *const *numbers);

/* Rows as CSV: a line of titles, then the rows. */
void report_csv(struct rel_buf *b, const json_t *rows,
    const struct ctl_column *columns);

#endif
