/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef CGI_MONEY_H
#define CGI_MONEY_H

#include "cgi/list.h"

/* Accounts and what moved them; changes of rules in words. */

/*
 * One account (path with a star for name, ending with a query: "?kind=user")
 * into the view: account, its units as account.money, .colour and .mono, tabs
 * of them, and the statement of the unit that the address names (entries,
 * next, unit).
 */
int money_account(struct cgi *c, const char *kind, const char *name);

/* The units of an account of the API as its members money, colour, mono. */
void money_units(json_t *account);

/* An amount as people type it, "1,20" too, for the API. */
json_t *money_typed(const char *text);

/* Append "duplex, number-up 2" of the API in the visitor's language. */
void money_change_words(struct rel_buf *b, const char *change);

#endif
