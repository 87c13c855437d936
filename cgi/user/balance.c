/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* My balance: what I may spend, when it is refilled, and what moved it. */
#include "cgi/money.h"

static int
balance_get(struct cgi *c)
{
	return money_account(c, "user", json_string_value(json_object_get(
	    c->me, "name")));
}

const struct page user_balance = {
	.path = "balance.cgi",
	.title = "My balance",
	.menu = "Printing",
	.get = balance_get
};
