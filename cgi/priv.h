/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef CGI_PRIV_H
#define CGI_PRIV_H

#include "cgi/cgi.h"

/* Where the templates are: CUPS_RELEASE_TEMPLATES (cups-files.conf, SetEnv),
 * else where they were installed. */
const char *templates_folder(void);

/* ---- request.c, for tests */

/* Add the fields of a body of this Content-Type (a form's) to r. 0,
 * -REL_E_FORMAT, -REL_E_LIMIT (too many), -REL_E_NOMEM. */
int form_read(struct cgi_request *r, const char *type, const char *body,
    size_t n);
/* All names and values usable? Words name the field. */
int fields_check(const struct cgi_request *r, struct rel_err *err);

#endif
