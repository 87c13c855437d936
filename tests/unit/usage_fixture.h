/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef USAGE_FIXTURE_H
#define USAGE_FIXTURE_H

#include "releaserd/core/prices.h"
#include "releaserd/core/record.h"
#include "tests/unit/core_whole.h"

/* A whole core with a device of OPDP level 3, and what it is sent. */
#define EUR REL_MONEY_UNIT
#define CENT (EUR / 100)

extern struct device dev;
extern int net;
extern json_t *got;			/* the last answer */

/* A mono side is 10 cents, one in colour 15; at the end the ledger is right. */
int usage_begin(void **state);
int usage_end(void **state);
#define RECORDED(name) \
	cmocka_unit_test_setup_teardown(name, usage_begin, usage_end)

/* The ledger is right. */
void usage_ledger_right(void);

/* A request of this device; its status. */
int ask_as(const struct device *d, struct request *rq);

/* Records of this device; list is taken. */
int push_as(const struct device *d, const char *epoch, json_t *list);
/* It has none before oldest. */
int push_from(const struct device *d, const char *epoch, int64_t oldest,
    json_t *list);

#endif
