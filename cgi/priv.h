/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef CGI_PRIV_H
#define CGI_PRIV_H

#include "cgi/cgi.h"

/* Where the templates are: CUPS_RELEASE_TEMPLATES (cups-files.conf, SetEnv),
 * else where they were installed. */
const char *templates_folder(void);

/* ---- request.c */

/* Append what stood behind the "?" of this page, encoded, but for "said". */
void request_query(const struct cgi_request *r, struct rel_buf *b);

/* for tests: */

/* Add the fields of a body of this Content-Type (a form's) to r. 0,
 * -REL_E_FORMAT, -REL_E_LIMIT (too many), -REL_E_NOMEM. */
int form_read(struct cgi_request *r, const char *type, const char *body,
    size_t n);
/* What the form says in "here" about the query of its page becomes the first
 * fields; r->nquery is their number. Errors as above, words in err. */
int here_take(struct cgi_request *r, struct rel_err *err);
/* All names and values usable? Words name the field. */
int fields_check(const struct cgi_request *r, struct rel_err *err);

#endif
