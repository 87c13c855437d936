/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef CGI_ADMIN_H
#define CGI_ADMIN_H

#include "cgi/cgi.h"

/* What pages of administrators have in common. */

/*
 * The values of a form into the view as `form`: of now (may be NULL), or
 * what was typed when this form failed. names ends with NULL.
 */
void admin_form(struct cgi *c, const json_t *now, const char *const names[]);

/* `may_change` in the view: may the visitor do more than look? */
void admin_may_change(struct cgi *c, enum role_need role);

/* A text member; "" when there is none. */
const char *admin_str(const json_t *o, const char *key);

/* The conditions of devices to choose from, the chosen one marked. */
void admin_conditions(struct cgi *c);

/* How long ago a time of the API was, for the template "ago". */
json_t *admin_ago(const json_t *when);

/* One page of a list of the API that can be searched: see list_view(). */
int admin_list(struct cgi *c, const char *path, const char *key);

/* What the address says, whatever a form says; "" when nothing. */
const char *admin_query(const struct cgi *c, const char *name);

/* "page.cgi?name=value" is where a done action leads. */
void admin_go(struct cgi *c, const char *page, const char *name,
    const char *value);

/* A field of the form into body, when it is there; empty, too. */
void admin_take(const struct cgi *c, json_t *body, const char *name);

/* What was chosen in a list, all fields of this name, as one text with this
 * behind each; NULL: nothing was. */
json_t *admin_chosen(const struct cgi *c, const char *name,
    const char *behind);

/* Is this row, by its id, one of the fields `device`? */
bool admin_is_chosen(const struct cgi *c, const json_t *device);

/* A text of lines as typed, but they end as in files. NULL: no memory. */
json_t *admin_lines(const struct cgi *c, const char *name);

/*
 * What a device said of itself besides its state and why, whatever
 * it is, as [{name, value}] for people; at most 80 rows.
 */
json_t *admin_reported(const json_t *device);

/* The name was typed to confirm that it goes away for good. */
int admin_confirmed(struct cgi *c, const char *name);

#endif
