/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef CORE_CARD_H
#define CORE_CARD_H

#include "lib/card_format.h"
#include "releaserd/core/core.h"
#include "releaserd/core/store_card.h"

/*
 * Cards: which number a card has at which device, and what is kept of it (a
 * keyed hash of the number, so that none can be told from the database).
 * Rules are few and are kept in memory; card.c owns them.
 */

/* The rule of this device; else of its first group that has one; else the
 * server's.  d may be NULL.  Never NULL; borrowed until the next change. */
const struct card_rule *card_rule_of(struct core *c, const struct device *d);
/* The i-th rule, for lists; NULL: no more. */
const struct card_rule *card_rule_at(struct core *c, size_t i);
/* "server", "group:2ND FLOOR" (folded), "device:UUID". */
void card_rule_key(char out[CARD_RULE_OF], const struct device *d,
    const char *group);
int cards_init(struct core *c, struct rel_err *err);
void cards_fini(struct core *c);
/* Rules were changed: read them again before the next use. */
void cards_changed(struct core *c);

/* What was read, as a device or a person gives it. */
struct card_read {
	const char *value;
	/* "hex", "ascii": as a reader reads it.  "number": as the format makes
	 * it, NULL or "" likewise, where the format is not hex as read. */
	const char *encoding;
	bool typed;			/* by a reader that is a keyboard */
};

/* The number of a card by this rule, and what is kept of it. */
struct card_known {
	char number[REL_CARD_NUMBER];	/* wiped by the caller */
	uint8_t mac[32];
	char tail[8];
};

/* 0, or -REL_E_FORMAT with words: no number comes out of it. */
int card_know(const struct core *c, const struct card_rule *rule,
    const struct card_read *read, struct card_known *out, struct rel_err *err);

/*
 * Whose card it is.  One that is known under the number of the rule's former
 * format becomes known under that of the new one.  0, -REL_E_NOTFOUND,
 * -REL_E_EXISTS: in the new format two people's cards have one number; broken.
 */
int card_owner(struct core *c, const struct card_rule *rule,
    const struct card_read *read, const struct card_known *k, struct user *u);

/* May people register this number themselves (CardRanges)? */
bool card_may_register(const struct core *c, const struct card_known *k);

/* u tried to register k, which is somebody else's: for the help desk, in the
 * open transaction. */
void card_clash(struct core *c, const struct card *k, const struct user *u,
    const char *from);

/* config.card of a device. */
json_t *card_config(struct core *c, const struct device *d);

#endif
