/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef API_MONEY_H
#define API_MONEY_H

#include "releaserd/core/api_priv.h"
#include "releaserd/core/ledger.h"
#include "releaserd/core/quota.h"

/* What api_account.c, api_quota.c and api_group.c have in common. */

/* The key of a shared account or a billing code; of a group; false: no name. */
bool api_folded_key(char key[84], const char *name);
bool api_group_key(char key[84], const char *name);

/* "12.30" of money, "24" of sides. */
json_t *api_amount_json(enum money_unit unit, int64_t amount);

/* The other way; -1 when answered. */
int api_amount_read(struct core *c, struct asker *a, const char *text,
    enum money_unit unit, int64_t *out);

/* unit of the request (money when it is not said); -1 when answered. */
int api_unit_read(struct core *c, const struct request *rq, struct asker *a,
    enum money_unit *unit);

/* Accounts as JSON, the units of one together: they come one after the
 * other.  For store_account_list(). */
struct account_rows {
	struct core *c;
	json_t *rows;
	struct account last;
};
bool api_account_row(const struct account *a, void *ctx);
bool api_account_same(const struct account_rows *w, const struct account *a);

/* "2-1-chess": where a page of them ends; after: -1 when answered. */
void api_account_next(char out[96], const struct account *last);
int api_account_after(struct core *c, const struct request *rq,
    struct asker *a, struct account *after);

/* The answer of a call of ledger.h that was not 0. */
void api_ledger_answer(struct core *c, struct asker *a, int rc,
    const struct rel_err *err);

#endif
