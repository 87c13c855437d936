/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include <stdlib.h>
#include <string.h>

#include "lib/rule_priv.h"
#include "lib/text.h"

const char *const rule_do_words[] = {
	[REL_RULE_DO_ALLOW] = "allow", [REL_RULE_DO_REFUSE] = "refuse",
	[REL_RULE_DO_FORCE] = "force", [REL_RULE_DO_APPROVE] = "approve",
	[REL_RULE_DO_ASK] = "ask", [REL_RULE_DO_SUGGEST] = "suggest",
	[REL_RULE_DO_CHARGE] = "charge", NULL
};

static int
which_action(const struct rule_parser *p)
{
	for (int i = 0; rule_do_words[i] != NULL; i++)
		if (rule_is(p, rule_do_words[i]))
			return i;
	return -1;
}

/* ---- parts of actions */

static bool
read_int(struct rule_parser *p, int64_t *out, int64_t max)
{
	if (p->type != RULE_T_WORD || !rel_int(out, p->tok, 1, max))
		return rule_fail(p, "here a number of 1 to %d is wanted",
		    (int)max);
	return rule_next(p);
}

/* A text for people, its {words} known. */
static bool
read_text(struct rule_parser *p, struct rule_action *a)
{
	char bad[64];

	if (p->type != RULE_T_STRING)
		return rule_fail(p, "behind %s stands a text in quotes",
		    rule_do_words[a->kind]);
	if (p->n == 0 || p->n >= REL_RULE_TEXT_MAX)
		return rule_fail(p, "a text has 1 to %u bytes",
		    REL_RULE_TEXT_MAX - 1);
	if (!rule_text_ok(p->tok, bad))
		return rule_fail_at(p, p->tok_line, bad, "a text holds words "
		    "for values in braces, such as {pages} or {cost}; write "
		    "{{ for a brace");
	a->text = rule_keep(p, p->tok, p->n);
	return a->text != NULL && rule_next(p);
}

/* The name of one group, device or account. */
static bool
read_one(struct rule_parser *p, struct rule_action *a, const char *kind,
    size_t size)
{
	if (p->type != RULE_T_STRING && (p->type != RULE_T_WORD ||
	    rule_is_reserved(p)))
		return rule_fail(p, "here the name of %s %s is wanted, in "
		    "quotes when it has blanks", kind[0] == 'a' ? "an" : "a",
		    kind);
	if (p->n == 0 || p->n >= size)
		return rule_fail(p, "this name has 1 to %zu bytes", size - 1);
	if (strpbrk(p->tok, "*?") != NULL)
		return rule_fail(p, "this must be one %s, not a pattern",
		    kind);
	if ((a->text = rule_keep(p, p->tok, p->n)) == NULL)
		return false;
	return rule_mention(p, kind, a->text, p->tok_line) && rule_next(p);
}

static bool
read_number_up(struct rule_parser *p, struct rel_rule_change *c)
{
	int64_t n;

	if (p->type != RULE_T_WORD || !rel_int(&n, p->tok, 2, 16) ||
	    (n != 2 && n != 4 && n != 6 && n != 9 && n != 16))
		return rule_fail(p, "number-up is 2, 4, 6, 9 or 16");
	c->number_up = (uint8_t)n;
	return rule_next(p);
}

static bool
read_copies(struct rule_parser *p, struct rel_rule_change *c)
{
	int64_t n;

	if (!rule_take(p, "max"))
		return rule_fail(p, "behind copies stands max and a number");
	if (!read_int(p, &n, 999))
		return false;
	c->copies_max = (uint16_t)n;
	return true;
}

static bool
read_change(struct rule_parser *p, struct rel_rule_change *c)
{
	if (rule_take(p, "mono")) {
		c->mono = true;
	} else if (rule_take(p, "duplex")) {
		c->edge = rule_is(p, "long") || rule_is(p, "short");
		c->sides = rule_is(p, "short") ? REL_DUPLEX_SHORT :
		    REL_DUPLEX_LONG;
		return !c->edge || rule_next(p);
	} else if (rule_take(p, "number-up")) {
		return read_number_up(p, c);
	} else if (rule_take(p, "copies")) {
		return read_copies(p, c);
	} else {
		return rule_fail(p, "a change is mono, duplex, duplex long, "
		    "duplex short, number-up 2 or copies max 5");
	}
	return !p->failed;
}

static bool
read_changes(struct rule_parser *p, struct rel_rule_change *c)
{
	do {
		if (!read_change(p, c))
			return false;
	} while (rule_take_comma(p));
	return !p->failed;
}

/* "10m" in seconds. */
static bool
read_time(struct rule_parser *p, uint32_t *out)
{
	static const char units[] = "smhd";
	static const uint32_t scale[] = { 1, 60, 3600, 86400 };
	const char *u = p->n > 1 ? strchr(units, p->tok[p->n - 1] | 0x20) :
	    NULL;
	char digits[8] = "";
	int64_t n = 0;

	if (p->type == RULE_T_WORD && u != NULL && *u != '\0' &&
	    p->n <= sizeof digits)
		memcpy(digits, p->tok, p->n - 1);
	if (digits[0] != '\0' && rel_int(&n, digits, 1, 999999))
		n *= scale[u - units];
	if (n < 10 || n > 30 * 86400)
		return rule_fail(p, "a timeout is a time of 10s to 30d, such "
		    "as 10m or 2h");
	*out = (uint32_t)n;
	return rule_next(p);
}

static bool
read_timeout(struct rule_parser *p, struct rule_action *a)
{
	static const char *const late[] = { [REL_RULE_CANCEL] = "cancel",
	    [REL_RULE_CHANGED] = "changed", [REL_RULE_AS_IS] = "as-is" };

	if (!read_time(p, &a->timeout_s))
		return false;
	for (uint8_t i = 0; i < 3; i++) {
		if (!rule_is(p, late[i]))
			continue;
		a->late = i;
		if (i == REL_RULE_CHANGED && !a->change.mono &&
		    a->change.sides == 0 && a->change.number_up == 0 &&
		    a->change.copies_max == 0)
			return rule_fail(p, "there is nothing to change: "
			    "write instead and what before timeout");
		return rule_next(p);
	}
	return rule_fail(p, "behind the time stands what happens then: "
	    "cancel, changed or as-is");
}

/* ---- actions */

static bool
do_approve(struct rule_parser *p, struct rule_action *a)
{
	unsigned line;

	if (!rule_take(p, "by"))
		return rule_fail(p, "behind approve stands by and a group");
	line = p->tok_line;
	return read_one(p, a, "group", REL_RULE_NAME_MAX) &&
	    rule_mention(p, "approver", a->text, line);
}

static bool
do_ask(struct rule_parser *p, struct rule_action *a)
{
	if (!read_text(p, a))
		return false;
	if (rule_take(p, "instead") && !read_changes(p, &a->change))
		return false;
	if (rule_take(p, "timeout") && !read_timeout(p, a))
		return false;
	return !p->failed;
}

static bool
do_suggest(struct rule_parser *p, struct rule_action *a)
{
	a->text = "";
	if (rule_take(p, "cheaper"))
		return true;
	return read_one(p, a, "device", REL_RULE_NAME_MAX);
}

/* "on hold", "on release" behind an action. */
static bool
read_moment(struct rule_parser *p, struct rule_action *a)
{
	a->moments = a->kind == REL_RULE_DO_SUGGEST ? REL_RULE_RELEASE :
	    REL_RULE_HOLD | REL_RULE_RELEASE;
	if (!rule_take(p, "on"))
		return !p->failed;
	if (rule_is(p, "hold") && a->kind == REL_RULE_DO_SUGGEST)
		return rule_fail(p, "a device is suggested on release only");
	if (!rule_is(p, "hold") && !rule_is(p, "release"))
		return rule_fail(p, "behind on stands hold or release");
	a->moments = rule_is(p, "hold") ? REL_RULE_HOLD : REL_RULE_RELEASE;
	return rule_next(p);
}

static bool
read_action(struct rule_parser *p, struct rule_action *a)
{
	bool ok = true;

	a->line = p->tok_line;
	if (!rule_next(p))
		return false;
	switch (a->kind) {
	case REL_RULE_DO_ALLOW: break;
	case REL_RULE_DO_REFUSE: ok = read_text(p, a); break;
	case REL_RULE_DO_FORCE: ok = read_changes(p, &a->change); break;
	case REL_RULE_DO_APPROVE: ok = do_approve(p, a); break;
	case REL_RULE_DO_ASK: ok = do_ask(p, a); break;
	case REL_RULE_DO_SUGGEST: ok = do_suggest(p, a); break;
	case REL_RULE_DO_CHARGE:
		ok = read_one(p, a, "account", REL_RULE_ACCOUNT_MAX);
		break;
	}
	return ok && read_moment(p, a);
}

/* Two that cannot both be done at one moment: the same, or allow and refuse. */
static bool
clash(const struct rule_action *a, const struct rule_action *b)
{
	bool ends = a->kind <= REL_RULE_DO_REFUSE && b->kind <= REL_RULE_DO_REFUSE;

	return (a->moments & b->moments) != 0 && a->kind != REL_RULE_DO_FORCE &&
	    (ends || a->kind == b->kind);
}

static bool
add_action(struct rule_parser *p, struct rule *rule,
    const struct rule_action *a)
{
	struct rel_rules *r = p->r;
	struct rule_action *more;
	const char *word = rule_do_words[a->kind];

	for (uint32_t i = 0; i < rule->nactions; i++)
		if (clash(&r->actions[rule->action + i], a))
			return rule_fail_at(p, a->line, word, "this rule has "
			    "an action already that goes against this one or "
			    "is the same");
	if (rule->nactions == REL_RULE_ACTIONS_MAX)
		return rule_fail_at(p, a->line, word,
		    "there are too many actions in this rule");
	more = rule_grow(p, r->actions, &r->actions_cap, r->nactions,
	    sizeof *more);
	if (more == NULL)
		return false;
	r->actions = more;
	r->actions[r->nactions++] = *a;
	rule->nactions++;
	return true;
}

static bool
no_action(struct rule_parser *p, const struct rule *rule)
{
	const char *near = p->type == RULE_T_WORD ?
	    rule_nearest(p->tok, rule_do_words) : NULL;

	if (rule_is(p, "when"))
		return rule_fail(p, "a rule has one when, in front of what it "
		    "does; join conditions with and");
	if (near != NULL)
		return rule_fail(p, "there is no action of this name; is %s "
		    "meant?", near);
	if (p->type == RULE_T_END || rule_is(p, "rule"))
		return rule_fail_at(p, rule->line, rule->name, "this rule "
		    "does nothing: allow, refuse, force, approve, ask, "
		    "suggest or charge");
	return rule_fail(p, "here an action is wanted: allow, refuse, force, "
	    "approve, ask, suggest or charge");
}

bool
rule_read_actions(struct rule_parser *p, struct rule *rule)
{
	rule->action = (uint32_t)p->r->nactions;
	while (!p->failed && (rule->nactions == 0 || (!rule_is(p, "rule") &&
	    p->type != RULE_T_END))) {
		struct rule_action a = { 0 };
		int kind = which_action(p);

		if (kind < 0)
			return no_action(p, rule);
		a.kind = (uint8_t)kind;
		if (!read_action(p, &a) || !add_action(p, rule, &a))
			return false;
	}
	return !p->failed;
}
