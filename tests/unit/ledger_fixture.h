/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef LEDGER_FIXTURE_H
#define LEDGER_FIXTURE_H

#include "releaserd/core/ledger.h"
#include "tests/unit/store_fixture.h"

/* What an account has; 0 when it is not there. */
int64_t balance_of(enum account_kind kind, const char *key,
    enum money_unit unit);

/* A whole check: how much is wrong. told is good until the next. */
int64_t ledger_wrong(struct ledger_checked *told);

/* It must be right. */
void ledger_right(void);

/* A hold of anna's money and nothing else, by a price list 7. */
struct ledger_hold hold_of(int64_t job, const char *user, int64_t money);

/* What device d1 says of a job; colour and mono are sides. */
struct ledger_result result_of(int64_t job, int64_t money);

#endif
