/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include <string.h>
#include <strings.h>

#include "lib/fold.h"
#include "lib/media.h"
#include "lib/rule_priv.h"
#include "lib/text.h"

/* The first word for a thing is the one that is shown. */
const struct rule_value rule_values[] = {
	{ "pages", RULE_NUM, REL_CASE_PAGES, RULE_COUNT },
	{ "colour-pages", RULE_NUM, REL_CASE_COLOUR_PAGES, RULE_COUNT },
	{ "color-pages", RULE_NUM, REL_CASE_COLOUR_PAGES, RULE_COUNT },
	{ "impressions", RULE_NUM, REL_CASE_SIDES_COUNT, RULE_COUNT },
	{ "colour-impressions", RULE_NUM, REL_CASE_COLOUR_COUNT, RULE_COUNT },
	{ "color-impressions", RULE_NUM, REL_CASE_COLOUR_COUNT, RULE_COUNT },
	{ "sheets", RULE_NUM, REL_CASE_SHEETS, RULE_COUNT },
	{ "copies", RULE_NUM, REL_CASE_COPIES, RULE_COUNT },
	{ "document-size", RULE_NUM, REL_CASE_BYTES, RULE_BYTES },
	{ "cost", RULE_NUM, REL_CASE_COST, RULE_MONEY },
	{ "money-left", RULE_NUM, REL_CASE_MONEY_LEFT, RULE_MONEY },
	{ "colour-left", RULE_NUM, REL_CASE_COLOUR_LEFT, RULE_COUNT },
	{ "color-left", RULE_NUM, REL_CASE_COLOUR_LEFT, RULE_COUNT },
	{ "mono-left", RULE_NUM, REL_CASE_MONO_LEFT, RULE_COUNT },
	{ "user", RULE_TEXT, RULE_USER, 0 },
	{ "group", RULE_TEXT, RULE_GROUP, 0 },
	{ "queue", RULE_TEXT, RULE_QUEUE, 0 },
	{ "device", RULE_TEXT, RULE_DEVICE, 0 },
	{ "device-group", RULE_TEXT, RULE_DEVICE_GROUP, 0 },
	{ "application", RULE_TEXT, RULE_APPLICATION, 0 },
	{ "title", RULE_TEXT, RULE_TITLE, 0 },
	{ "format", RULE_TEXT, RULE_FORMAT, 0 },
	{ "media", RULE_TEXT, RULE_MEDIA, 0 },
	{ "sides", RULE_SIDES, 0, 0 },
	{ "time", RULE_TIME, 0, 0 },
	{ "day", RULE_TIME, 1, 0 },
	{ "confidential", RULE_CONFIDENTIAL, 0, 0 },
	{ NULL, 0, 0, 0 }
};
#define VALUES (sizeof rule_values / sizeof rule_values[0])

const struct rule_value *
rule_value_find(const char *word, size_t n)
{
	for (const struct rule_value *v = rule_values; v->word != NULL; v++)
		if (strlen(v->word) == n && strncasecmp(v->word, word, n) == 0)
			return v;
	return NULL;
}

const char *
rule_value_word(enum rule_op op, unsigned what)
{
	const struct rule_value *v = rule_values;

	while (v->word != NULL && (v->op != op || v->what != what))
		v++;
	return v->word != NULL ? v->word : "";
}

static uint32_t
new_node(struct rule_parser *p, enum rule_op op)
{
	struct rel_rules *r = p->r;
	struct rule_node *more = rule_grow(p, r->nodes, &r->nodes_cap,
	    r->nnodes, sizeof *more);

	if (more == NULL)
		return 0;
	r->nodes = more;
	memset(&r->nodes[r->nnodes], 0, sizeof *more);
	r->nodes[r->nnodes].op = (uint8_t)op;
	return (uint32_t)r->nnodes++;
}

/* ---- numbers */

static bool
read_number(struct rule_parser *p, struct rule_node *node)
{
	const struct rule_value *v = rule_value_find(p->tok, p->n);
	struct rel_err err = { 0 };

	if (p->type != RULE_T_WORD)
		return rule_fail(p, "here a number is wanted");
	if (v != NULL && v->op == RULE_NUM && v->kind == node->kind) {
		node->to_value = true;
		node->other = v->what;
		return rule_next(p);
	}
	if (v != NULL)
		return rule_fail(p, "this cannot be compared with %s",
		    rule_value_word(RULE_NUM, node->what));
	if (!rule_number(&node->number, p->tok, node->kind, &err))
		return rule_fail(p, "%s", err.text);
	return rule_next(p);
}

static bool
cond_number(struct rule_parser *p, struct rule_node *node)
{
	if (p->type != RULE_T_CMP)
		return rule_fail(p, "behind %s stands <, <=, =, !=, >= or > "
		    "and a number, or known or unknown",
		    rule_value_word(RULE_NUM, node->what));
	node->cmp = p->cmp;
	return rule_next(p) && read_number(p, node);
}

/* ---- texts */

/* An optional = or !=; any other comparison is none for texts. */
static bool
take_is(struct rule_parser *p, struct rule_node *node)
{
	if (p->type != RULE_T_CMP)
		return true;
	if (p->cmp != RULE_EQ && p->cmp != RULE_NE)
		return rule_fail(p, "only numbers are more or less; this is "
		    "= or !=");
	node->invert = p->cmp == RULE_NE;
	return rule_next(p);
}

static bool
pattern_name_ok(struct rule_parser *p)
{
	if (p->type == RULE_T_STRING ? p->n > 0 : p->type == RULE_T_WORD &&
	    !rule_is_reserved(p))
		return true;
	return rule_fail(p, "here a name is wanted, in quotes when it has "
	    "blanks or is a word of the rules");
}

/* A size of paper is measured, a format is known by one word. */
static bool
pattern_special(struct rule_parser *p, unsigned what,
    struct rule_pattern *pat)
{
	const char *word;

	if (what == RULE_MEDIA &&
	    !rel_media_size(pat->text, &pat->width, &pat->height))
		return rule_fail(p, "there is no such size of paper: A4, "
		    "Letter or a name such as iso_a4_210x297mm");
	if (what != RULE_FORMAT)
		return true;
	if ((word = rule_format(pat->text)) == NULL)
		return rule_fail(p, "no job is of this type: write pdf, "
		    "postscript, pcl ... (release-rules(5))");
	pat->text = word;
	pat->n = (uint32_t)strlen(word);
	return true;
}

/* The kinds rel_rules_name() tells of. */
static const char *
mention_kind(unsigned what)
{
	return what == RULE_GROUP || what == RULE_QUEUE ||
	    what == RULE_DEVICE || what == RULE_DEVICE_GROUP ?
	    rule_value_word(RULE_TEXT, what) : NULL;
}

static bool
fill_pattern(struct rule_parser *p, unsigned what, struct rule_pattern *pat)
{
	char *folded = rule_keep(p, p->tok, p->n);

	pat->shown = rule_keep(p, p->tok, p->n);
	if (folded == NULL || pat->shown == NULL)
		return false;
	rel_fold(folded, p->tok, p->n);
	pat->text = folded;
	pat->n = (uint32_t)p->n;
	pat->plain = (uint32_t)strcspn(folded, "*?");
	pat->wild = pat->plain < pat->n;
	if (pat->wild && rule_wild_bytes(folded) > RULE_WILD_MAX)
		return rule_fail(p, "a pattern has at most %u bytes beside "
		    "its stars", RULE_WILD_MAX);
	if (p->n >= 256)
		return rule_fail(p, "a name has at most 255 bytes");
	if (!pat->wild && !pattern_special(p, what, pat))
		return false;
	pat->hash = rule_hash(pat->text, pat->n);
	return pat->wild || mention_kind(what) == NULL ||
	    rule_mention(p, mention_kind(what), pat->shown, p->tok_line);
}

static bool
read_pattern(struct rule_parser *p, struct rule_node *node)
{
	struct rel_rules *r = p->r;
	struct rule_pattern *more;

	if (!pattern_name_ok(p))
		return false;
	more = rule_grow(p, r->patterns, &r->patterns_cap, r->npatterns,
	    sizeof *more);
	if (more == NULL)
		return false;
	r->patterns = more;
	memset(&r->patterns[r->npatterns], 0, sizeof *more);
	if (!fill_pattern(p, node->what, &r->patterns[r->npatterns]))
		return false;
	r->npatterns++;
	node->npatterns++;
	return rule_next(p);
}

static bool
cond_text(struct rule_parser *p, struct rule_node *node)
{
	if (!take_is(p, node))
		return false;
	node->pattern = (uint32_t)p->r->npatterns;
	do {
		if (!read_pattern(p, node))
			return false;
	} while (rule_take_comma(p));
	return !p->failed;
}

/* ---- sides, time, days */

static bool
cond_sides(struct rule_parser *p, struct rule_node *node)
{
	if (p->type == RULE_T_CMP && p->cmp != RULE_EQ && p->cmp != RULE_NE)
		return rule_fail(p, "sides is one-sided or two-sided; to "
		    "count printed sides write impressions");
	if (!take_is(p, node))
		return false;
	do {
		unsigned bits = p->type == RULE_T_WORD ?
		    rule_sides_bits(p->tok) : 0;

		if (bits == 0)
			return rule_fail(p, "sides is one-sided, two-sided, "
			    "two-sided-long-edge, two-sided-short-edge or "
			    "mixed");
		node->number |= bits;
		if (!rule_next(p))
			return false;
	} while (rule_take_comma(p));
	return !p->failed;
}

static bool
read_window(struct rule_parser *p, struct rule_node *node)
{
	const char *s = p->type == RULE_T_WORD ?
	    rel_minutes(&node->from, p->tok) : NULL;

	if (s == NULL || *s != '-' ||
	    (s = rel_minutes(&node->to, s + 1)) == NULL || *s != '\0' ||
	    node->from == 24 * 60)
		return rule_fail(p, "a time is written 08:00-17:00, from "
		    "00:00 to 24:00");
	if (node->from == node->to)
		return rule_fail(p, "this time is empty; all day is "
		    "00:00-24:00");
	return true;
}

static bool
read_days(struct rule_parser *p, struct rule_node *node,
    struct rule_line *shown)
{
	do {
		uint8_t days = p->type == RULE_T_WORD ? rule_days(p->tok) : 0;

		if (days == 0)
			return rule_fail(p, "days are mon, tue, wed, thu, "
			    "fri, sat, sun or such as mon-fri");
		rule_line_add(shown, "%s%s", node->days == 0 ? "" : ",",
		    p->tok);
		node->days |= days;
		if (!rule_next(p))
			return false;
	} while (rule_take_comma(p));
	return !p->failed;
}

/* time WINDOW [DAYS], or day DAYS. */
static bool
cond_time(struct rule_parser *p, struct rule_node *node)
{
	char text[100];
	struct rule_line shown;
	bool days = node->what == 1;

	rule_line_init(&shown, text, sizeof text);
	if (!take_is(p, node))
		return false;
	node->to = 24 * 60;
	if (!days) {
		if (!read_window(p, node))
			return false;
		rule_line_add(&shown, "%s", p->tok);
		if (!rule_next(p))
			return false;
		days = p->type == RULE_T_WORD && rule_days(p->tok) != 0;
		if (days)
			rule_line_add(&shown, " ");
	}
	if (days && !read_days(p, node, &shown))
		return false;
	if (node->days == 0)
		node->days = 0x7f;
	rule_line_end(&shown);
	node->shown = rule_keep(p, text, strlen(text));
	return node->shown != NULL;
}

/* ---- all of them */

static bool
cond_unknown_word(struct rule_parser *p)
{
	const char *words[VALUES], *near;

	for (size_t i = 0; i < VALUES; i++)
		words[i] = rule_values[i].word;
	near = rule_nearest(p->tok, words);
	if (p->type != RULE_T_WORD)
		return rule_fail(p, "here a condition is wanted, such as "
		    "pages > 10 or group \"Design\"");
	if (near != NULL)
		return rule_fail(p, "there is no condition of this name; is "
		    "%s meant?", near);
	return rule_fail(p, "there is no condition of this name; "
	    "release-rules(5) lists them");
}

/* "pages known": turns the node into that question. */
static bool
take_known(struct rule_parser *p, struct rule_node *node)
{
	bool unknown = rule_is(p, "unknown");

	if (!unknown && !rule_is(p, "known"))
		return false;
	node->kind = node->op;		/* of what is asked */
	node->op = RULE_KNOWN;
	node->invert = unknown;
	return rule_next(p);
}

/* One condition; node lies outside the array, which may move meanwhile. */
static bool
fill_leaf(struct rule_parser *p, struct rule_node *node)
{
	if (node->op == RULE_CONFIDENTIAL)
		return true;
	if (node->op != RULE_TIME && take_known(p, node))
		return true;
	switch (node->op) {
	case RULE_NUM: return cond_number(p, node);
	case RULE_TEXT: return cond_text(p, node);
	case RULE_SIDES: return cond_sides(p, node);
	default: return cond_time(p, node);
	}
}

static uint32_t
read_leaf(struct rule_parser *p)
{
	const struct rule_value *v = p->type == RULE_T_WORD ?
	    rule_value_find(p->tok, p->n) : NULL;
	struct rule_node node = { 0 };
	uint32_t at;

	if (v == NULL)
		cond_unknown_word(p);
	if (v == NULL || !rule_next(p))
		return 0;
	node.op = v->op;
	node.what = v->what;
	node.kind = v->kind;
	if (!fill_leaf(p, &node) || (at = new_node(p, v->op)) == 0)
		return 0;
	p->r->nodes[at] = node;
	return at;
}

static uint32_t read_chain(struct rule_parser *p, enum rule_op op);

/* not X, ( X ), or a condition. */
static uint32_t
read_part(struct rule_parser *p)
{
	bool no = rule_is(p, "not");
	uint32_t part, at;

	if (!no && p->type != RULE_T_OPEN)
		return read_leaf(p);
	if (p->depth == REL_RULE_DEPTH_MAX) {
		rule_fail(p, "parentheses and not are more than %u deep here",
		    REL_RULE_DEPTH_MAX);
		return 0;
	}
	if (!rule_next(p))
		return 0;
	p->depth++;
	part = no ? read_part(p) : read_chain(p, RULE_OR);
	p->depth--;
	if (part == 0)
		return 0;
	if (!no) {
		if (p->type != RULE_T_CLOSE) {
			rule_fail(p, "here and, or or a closing parenthesis "
			    "is wanted");
			return 0;
		}
		return rule_next(p) ? part : 0;
	}
	if ((at = new_node(p, RULE_NOT)) != 0)
		p->r->nodes[at].child = part;
	return at;
}

/* X and X ..., or those with or between them. */
static uint32_t
read_chain(struct rule_parser *p, enum rule_op op)
{
	const char *word = op == RULE_OR ? "or" : "and";
	uint32_t all = 0, last, part;

	for (last = 0; ; last = part) {
		part = op == RULE_OR ? read_chain(p, RULE_AND) : read_part(p);
		if (part == 0)
			return 0;
		if (last != 0)
			p->r->nodes[last].next = part;
		else if (!rule_is(p, word))
			return p->failed ? 0 : part;
		else if ((all = new_node(p, op)) == 0)
			return 0;
		else
			p->r->nodes[all].child = part;
		if (!rule_take(p, word))
			return p->failed ? 0 : all;
	}
}

uint32_t
rule_read_cond(struct rule_parser *p)
{
	p->depth = 0;
	return read_chain(p, RULE_OR);
}
