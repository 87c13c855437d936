/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef API_SUPPLY_H
#define API_SUPPLY_H

#include "releaserd/core/api_priv.h"
#include "releaserd/core/store_item.h"

/* So much is left: less than SuppliesLow? */
bool supply_low(const struct core *c, int64_t percent);

/* A struct supply as the API tells it. */
json_t *supply_json(struct core *c, const void *row);

/* Where a page ended, as text; and back: false when it is no such text. */
void supply_next(char next[64], const struct supply *s);
bool supply_after(struct supply_after *after, const char *text);

#endif
