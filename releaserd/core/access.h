/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef ACCESS_H
#define ACCESS_H

#include "releaserd/core/core.h"
#include "releaserd/functions.h"

/*
 * Function access controls (doc/identity.md, "Functions"): who may do what
 * where.  The table stays in memory.
 */
enum access_state { ACCESS_OPEN, ACCESS_TEMPLATE, ACCESS_HIDDEN };

/* What came out, and why. */
struct access {
	enum access_state state;
	int64_t template_id;		/* ACCESS_TEMPLATE: not satisfied yet */
	char why[240];			/* plain words; "" when open */
};

/*
 * May whoever has this session (NULL: nobody is logged in) do this at the
 * device?  A template that the session satisfies is open.  out may be NULL.
 */
enum access_state access_may(struct core *c, const struct device *d,
    const struct session *s, enum function f, struct access *out);

/* The template a log-in at this device must satisfy; 0: any log-in will do;
 * -1: nobody may log in there. */
int64_t access_panel_template(struct core *c, const struct device *d);

/* Where a template is used, plain words, an array of text: "panel at every
 * device". */
json_t *access_uses(struct core *c, int64_t template_id);

#endif
