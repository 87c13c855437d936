/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef ACCESS_H
#define ACCESS_H

#include "releaserd/core/access_resolve.h"
#include "releaserd/core/core.h"

/*
 * Function access controls (doc/identity.md, "Functions"): who may do what
 * where.  The table stays in memory; what it says of a session is kept with
 * the session until the table, a group or a device changes.
 */
#define ACCESS_ENTRIES_MAX 20000u

enum access_state { ACCESS_OPEN, ACCESS_TEMPLATE, ACCESS_HIDDEN };

/* What came out, and why. */
struct access {
	enum access_state state;
	int64_t template_id;		/* ACCESS_TEMPLATE: not satisfied yet */
	int64_t entry;			/* that decided, or 0 */
	char why[240];			/* plain words; "" when open */
};

int access_init(struct core *c, struct rel_err *err);
void access_fini(struct core *c);

/* The table as it is now; borrowed until the next change. */
const struct access_table *access_table(struct core *c);

/*
 * May whoever has this session (NULL: nobody is logged in) do this at the
 * device?  A template that the session satisfies is open.  out may be NULL.
 */
enum access_state access_may(struct core *c, const struct device *d,
    const struct session *s, enum function f, struct access *out);

/* The same of a person of the local API, at a device or (NULL) at none. Who
 * is root or of AdminGroup on this host may do everything. */
enum access_state access_may_caller(struct core *c, const struct device *d,
    const struct caller *who, enum function f, struct access *out);

/* May this caller make this call at all?  0, or answered. */
int access_call(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who);

/* The template a log-in at this device must satisfy; 0: any log-in will do;
 * -1: nobody may log in there. */
int64_t access_panel_template(struct core *c, const struct device *d);

/* Where a template is used, plain words, an array of text: "panel at every
 * device". */
json_t *access_uses(struct core *c, int64_t template_id);
/* The same of who has this session, by the table alone. */
int64_t access_panel_of(struct core *c, const struct session *s);

/* May cards that nobody has be registered at this device? */
bool access_registers(struct core *c, const char *device_id);

/* Does the device say that it has this function of its own ("copy")? */
bool access_device_does(const struct device *d, const char *feature);

/* What a session keeps (its `access`): free() it. */
struct access_set *access_set_new(void);

/* ---- access_json.c: what others are told */

/* Pages whose function is not open to this caller: ["admin/users.cgi"]. */
json_t *access_closed_pages(struct core *c, const struct caller *who);

/* {functions, rules} of an OPDP session (doc/opdp.md), as they are now. */
json_t *access_session(struct core *c, const struct session *s);

/* The restrictions of a device; and their revision, made of what they say. */
json_t *access_restrictions(struct core *c, const struct device *d,
    int64_t *rev);

/* What an entry is about: "copy at mfp-1 for the group staff". */
void access_words(struct core *c, const struct access_row *r, char *out,
    size_t size);

/* An entry as the local API shows it. */
json_t *access_entry_json(struct core *c, const struct access_entry *e);

/* Every entry that is about the function, which one decides, and why. */
json_t *access_explain(struct core *c, const struct device *d,
    const struct session *s, enum function f);

#endif
