/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef STORE_CARD_H
#define STORE_CARD_H

#include "lib/card_format.h"
#include "releaserd/core/store.h"

/* How card numbers are made: on the server, in a device group, at a device. */
#define CARD_RULE_OF 520u
struct card_rule {
	char of[CARD_RULE_OF];		/* see card_rule_key() */
	struct rel_card_format format;
	bool has_was;			/* cards may be known by that: */
	struct rel_card_format was;
	char usb[10];			/* reader, "09d8:0410"; "" any */
	int64_t changed_ms;
	char by[84];
};

int store_card_rule_set(struct store *st, const struct card_rule *r);
int store_card_rule_del(struct store *st, const char *of);
/* It is of another place from now on: see card_rule_key(). */
int store_card_rule_moved(struct store *st, const char *from, const char *to);
typedef bool (*store_card_rule_row)(const struct card_rule *r, void *ctx);
int store_card_rules(struct store *st, store_card_rule_row row, void *ctx);

int store_card_total(struct store *st, int64_t *n);
/* The card that was known by one number is known by another: 0,
 * -REL_E_NOTFOUND, -REL_E_EXISTS when there is one with that already. */
int store_card_renumber(struct store *st, const uint8_t was[32],
    const uint8_t mac[32], const char *tail);

/* ---- cards somebody tried to register that are somebody else's */

struct card_clash {
	struct card card;
	char wants[84];			/* who tried; where, when: */
	char from[64];
	int64_t at_ms;
};
/* user_id wanted the card with this mac. */
int store_card_clash_add(struct store *st, const uint8_t mac[32],
    int64_t user_id, const char *from, int64_t at_ms);
/* The newest first. */
typedef bool (*store_card_clash_row)(const struct card_clash *k, void *ctx);
int store_card_clashes(struct store *st, int limit, store_card_clash_row row,
    void *ctx);
int store_card_clash_del(struct store *st, int64_t card_id);
/* The card is this user's from now on, and nobody else's wish. */
int store_card_move(struct store *st, int64_t id, int64_t user_id);

#endif
