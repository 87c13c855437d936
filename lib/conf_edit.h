/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_CONF_EDIT_H
#define REL_CONF_EDIT_H

#include "lib/buf.h"
#include "lib/conf.h"

/*
 * Changes settings in the text of a file and leaves everything else as its
 * administrator wrote it: comments, blank lines, order, indentation, ends of
 * lines.  A setting that stood nowhere comes behind its own example line
 * ("#Name ...") where there is one, else at the end.
 */
struct rel_conf_change {
	size_t item;			/* index in the table */
	const char *value;		/* NULL: its line goes, so the default */
};

/*
 * text, len  a file that rel_conf_parse() takes
 * ch, n      at most one for each item
 * bad        on failure the item at fault, or SIZE_MAX
 */
struct rel_conf_edit {
	const struct rel_conf_table *t;
	const char *text;
	size_t len;
	const struct rel_conf_change *ch;
	size_t n;
	size_t bad;
};

/*
 * Put the new text into out (initialised by the caller).
 *
 * Returns 0; -REL_E_FORMAT with words when a value is bad or the file is not
 * what rel_conf_parse() takes; -REL_E_LIMIT, -REL_E_NOMEM.  The new text has
 * been read again: it says what was wanted and nothing else has changed.
 */
int rel_conf_edit(struct rel_conf_edit *e, struct rel_buf *out,
    struct rel_err *err);

#endif
