/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef ADDRESSES_H
#define ADDRESSES_H

#include "releaserd/core/core.h"

/* The address book of the directories, for pages and panels. */
#define ADDRESSES_TYPED_MAX 100u	/* bytes */

/*
 * What was found: {"entries", "more", "late", "away", "directories"}, as the
 * local API has it; takes it, and answers.
 */
typedef void (*addresses_say)(struct core *c, struct asker *a,
    const char *asked, const char *locale, json_t *found);

/*
 * Look up what somebody typed; say comes once, perhaps before this returns.
 * -REL_E_FORMAT too short or too long, -REL_E_FULL too many are looking,
 * -REL_E_NOMEM: say does not come.
 */
int addresses_find(struct core *c, const struct asker *a, const char *asked,
    const char *locale, addresses_say say);

/* Has any directory an address book? */
bool addresses_any(const struct core *c);

/* The directories have changed: what was found is good no more. */
void addresses_forget(void);
void addresses_fini(struct core *c);

#endif
