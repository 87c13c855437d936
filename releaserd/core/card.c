/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/core/card.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/fold.h"

static const struct rel_card_format as_read;

/* ---- rules */

struct cards {
	struct card_rule server;	/* hex as read, until one is set */
	struct card_rule *rules;	/* of all, as the store has them */
	size_t n, room;
	bool stale;
};

static bool
rule_row(const struct card_rule *r, void *ctx)
{
	struct cards *all = ctx;
	struct card_rule *more;

	if (all->n == all->room) {
		all->room = all->room * 2 + 8;
		more = reallocarray(all->rules, all->room, sizeof *more);
		if (more == NULL)
			return false;
		all->rules = more;
	}
	all->rules[all->n++] = *r;
	if (strcmp(r->of, "server") == 0)
		all->server = *r;
	return true;
}

static int
rules_read(struct core *c)
{
	struct cards *all = c->cards;
	int rc;

	all->n = 0;
	memset(&all->server, 0, sizeof all->server);
	snprintf(all->server.of, sizeof all->server.of, "server");
	rc = store_card_rules(c->st, rule_row, all);
	all->stale = rc < 0;
	return rc < 0 ? rc : 0;
}

int
cards_init(struct core *c, struct rel_err *err)
{
	int rc;

	if ((c->cards = calloc(1, sizeof *c->cards)) == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	if ((rc = rules_read(c)) < 0)
		return rel_err_set(err, -rc, "cannot read how card numbers "
		    "are made");
	return 0;
}

void
cards_fini(struct core *c)
{
	if (c->cards == NULL)
		return;
	free(c->cards->rules);
	free(c->cards);
	c->cards = NULL;
}

void
cards_changed(struct core *c)
{
	c->cards->stale = true;
}

const struct card_rule *
card_rule_at(struct core *c, size_t i)
{
	if (c->cards->stale)
		(void)rules_read(c);
	return i < c->cards->n ? &c->cards->rules[i] : NULL;
}

static const struct card_rule *
rule_find(struct core *c, const char *of)
{
	const struct card_rule *r;

	for (size_t i = 0; (r = card_rule_at(c, i)) != NULL; i++)
		if (strcmp(r->of, of) == 0)
			return r;
	return NULL;
}

void
card_rule_key(char out[CARD_RULE_OF], const struct device *d,
    const char *group)
{
	char folded[512];
	size_t n;

	if (group != NULL) {
		n = strlen(group);
		n = n < sizeof folded ? n : sizeof folded - 1;
		rel_fold(folded, group, n);
		folded[n] = '\0';
		snprintf(out, CARD_RULE_OF, "group:%s", folded);
	} else if (d != NULL) {
		snprintf(out, CARD_RULE_OF, "device:%s", d->id);
	} else {
		snprintf(out, CARD_RULE_OF, "server");
	}
}

const struct card_rule *
card_rule_of(struct core *c, const struct device *d)
{
	const struct card_rule *r = NULL;
	char of[CARD_RULE_OF], groups[sizeof d->groups], *at, *name;

	if (card_rule_at(c, 0) == NULL || d == NULL)
		return &c->cards->server;
	card_rule_key(of, d, NULL);
	r = rule_find(c, of);
	memcpy(groups, d->groups, sizeof groups);
	for (at = groups; r == NULL && (name = strsep(&at, ",")) != NULL;) {
		name += strspn(name, " ");
		card_rule_key(of, NULL, name);
		r = rule_find(c, of);
	}
	return r != NULL ? r : &c->cards->server;
}

/* ---- numbers */

static void
tail_of(char tail[8], const char *number)
{
	size_t n = strlen(number);

	snprintf(tail, 8, "%.4s", n > 4 ? number + n - 4 : number);
}

/*
 * What is kept of a number: that of its bytes where the digits are hex, so
 * that it is the same however they are written; else that of its digits.
 */
static bool
number_mac(const struct core *c, const struct rel_card_format *f,
    struct card_known *k)
{
	bool bytes = rel_card_is_hex(f) && strlen(k->number) % 2 == 0;

	for (char *s = k->number; rel_card_is_hex(f) && *s != '\0'; s++)
		*s = (char)toupper((unsigned char)*s);
	tail_of(k->tail, k->number);
	return card_mac(c, k->mac, NULL, k->number, bytes ? "hex" : "ascii");
}

static int
know(const struct core *c, const struct rel_card_format *f,
    const struct card_read *read, struct card_known *out, struct rel_err *err)
{
	const char *how = read->encoding != NULL ? read->encoding : "";
	bool made = how[0] == '\0' || strcasecmp(how, "number") == 0;
	int rc = 0;

	memset(out, 0, sizeof *out);
	if (strcasecmp(how, "number") != 0 &&
	    rel_card_format_same(f, &as_read)) {
		if (!card_mac(c, out->mac, out->tail, read->value, how))
			return rel_err_set(err, REL_E_FORMAT, "this is no "
			    "card number (hex digits, or up to 116 ASCII "
			    "characters)");
		snprintf(out->number, sizeof out->number, "%s", read->value);
		return 0;
	}
	if (made)
		snprintf(out->number, sizeof out->number, "%s", read->value);
	else
		rc = rel_card_number(out->number, f, read->value,
		    read->typed || strcasecmp(how, "ascii") == 0, err);
	if (rc == 0 && !number_mac(c, f, out))
		rc = rel_err_set(err, REL_E_FORMAT, "this is no card number "
		    "of the format %s", rel_card_kind_name(f->kind));
	return rc;
}

int
card_know(const struct core *c, const struct card_rule *rule,
    const struct card_read *read, struct card_known *out, struct rel_err *err)
{
	return know(c, &rule->format, read, out, err);
}

/* ---- whose it is */

/*
 * A reader that types like a keyboard does not say whether its digits are hex
 * or text: it is the card that is known.
 */
static int
owner_typed(struct core *c, const struct card_read *read, struct user *u)
{
	uint8_t mac[32];

	if (!card_mac(c, mac, NULL, read->value, "ascii"))
		return -REL_E_NOTFOUND;
	return store_user_by_card(c->st, mac, u);
}

/* Known by the format that was: from now on by the one that is. */
static int
owner_before(struct core *c, const struct card_rule *rule,
    const struct card_read *read, const struct card_known *k, struct user *u)
{
	struct card_known old;
	struct rel_err err;
	int rc = know(c, &rule->was, read, &old, &err);

	if (rc < 0)
		return -REL_E_NOTFOUND;
	rc = store_user_by_card(c->st, old.mac, u);
	if (rc == 0 && (rc = core_write(c, &err)) == 0) {
		rc = store_card_renumber(c->st, old.mac, k->mac, k->tail);
		if (rc < 0 || store_audit(c->st, rel_now_ms(), u->name,
		    "card-renumbered", rule->of) < 0)
			core_spoil(c, rc);
	}
	rel_wipe(&old, sizeof old);
	return rc;
}

/*
 * Two cards may have the same number in a new format (its last digits): the
 * one that was known under another number before is somebody else's.
 */
static bool
is_another(struct core *c, const struct card_rule *rule,
    const struct card_read *read, const struct user *u)
{
	struct card_known old;
	struct rel_err err;
	struct user before;
	bool another = know(c, &rule->was, read, &old, &err) == 0 &&
	    store_user_by_card(c->st, old.mac, &before) == 0 &&
	    before.id != u->id;

	rel_wipe(&old, sizeof old);
	if (another)
		rel_log(REL_WARN, "two cards have one number", "rule=\"%s\" "
		    "user=%s other=%s", rule->of, u->key, before.key);
	return another;
}

int
card_owner(struct core *c, const struct card_rule *rule,
    const struct card_read *read, const struct card_known *k, struct user *u)
{
	int rc = store_user_by_card(c->st, k->mac, u);

	if (rc == 0 && rule->has_was && is_another(c, rule, read, u))
		return -REL_E_EXISTS;

	if (rc == -REL_E_NOTFOUND && read->typed &&
	    rel_card_format_same(&rule->format, &as_read))
		rc = owner_typed(c, read, u);
	if (rc == -REL_E_NOTFOUND && rule->has_was && read->encoding != NULL &&
	    strcasecmp(read->encoding, "number") != 0)
		rc = owner_before(c, rule, read, k, u);
	return rc;
}

bool
card_may_register(const struct core *c, const struct card_known *k)
{
	return rel_card_in_ranges(c->role->set.card_ranges, k->number);
}

void
card_clash(struct core *c, const struct card *k, const struct user *u,
    const char *from)
{
	int64_t now = rel_now_ms();

	if (store_card_clash_add(c->st, k->mac, u->id, from, now) < 0 ||
	    store_audit(c->st, now, u->name, "card-clash", k->tail) < 0)
		core_spoil(c, 0);
}

/* ---- what a device is told */

/* While cards are known by a former format, devices send what they read. */
json_t *
card_config(struct core *c, const struct device *d)
{
	static const char *const second_swipe[] = {
		"logout", "ignore", "switch"
	};
	const struct card_rule *r = card_rule_of(c, d);
	const struct rel_card_format *f = r->has_was ? &as_read : &r->format;
	bool usb = strlen(r->usb) == 9;

	return json_pack("{s:s%,s:s%,s:s,s:s,s:i,s:i,s:b,s:s}",
	    "usb_vid", usb ? r->usb : "0000", (size_t)4,
	    "usb_pid", usb ? r->usb + 5 : "0000", (size_t)4,
	    "format", rel_card_kind_name(f->kind),
	    "reverse", rel_card_reverse_name(f->reverse),
	    "start", f->start > 0 ? f->start : 1, "length", f->length,
	    "register_unknown", (int)c->role->set.register_unknown_cards,
	    "second_swipe", second_swipe[c->role->set.second_swipe]);
}
