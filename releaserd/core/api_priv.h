/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef API_PRIV_H
#define API_PRIV_H

#include "releaserd/core/core.h"

/* What the api_*.c have in common. */
#define API_LIMIT 50

/* 0 when the caller is an administrator; else 403 has been answered. */
int api_admin(struct core *c, struct asker *a, const struct caller *who);

/* Audit and commit with the turn; spoils the turn on failure. */
void api_audit(struct core *c, const struct caller *who, const char *what,
    const char *detail);

/* {"NAME":rows,"next":next}; takes rows; next may be NULL. */
void api_answer_list(struct core *c, struct asker *a, const char *name,
    json_t *rows, const char *next);

#endif
