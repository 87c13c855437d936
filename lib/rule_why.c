/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/rule_run.h"

/* What the file says on the right of a comparison. */
static void
why_right(struct rule_line *l, const struct rule_run *run,
    const struct rule_node *node)
{
	if (!node->to_value) {
		rule_line_number(l, (enum rule_kind)node->kind, node->number);
		return;
	}
	rule_line_put(l, rule_value_word(RULE_NUM, node->other));
	rule_line_put(l, " ");
	rule_line_value(l, run->c, node->other);
}

static void
why_num(struct rule_line *l, const struct rule_run *run,
    const struct rule_node *node, enum rule_tri t)
{
	static const char *const signs[] = { [RULE_LT] = " < ",
	    [RULE_LE] = " <= ", [RULE_EQ] = " = ", [RULE_NE] = " != ",
	    [RULE_GE] = " >= ", [RULE_GT] = " > " };

	rule_line_put(l, rule_value_word(RULE_NUM, node->what));
	rule_line_put(l, " ");
	rule_line_value(l, run->c, node->what);
	if (t == RULE_MAYBE && run->c->sure[node->what] == REL_CASE_UNKNOWN)
		return;
	if (t == RULE_NO)
		rule_line_put(l, ", not");
	rule_line_put(l, signs[node->cmp]);
	why_right(l, run, node);
	if (t == RULE_MAYBE)
		rule_line_put(l, " cannot be told");
}

/* The texts of the job that a pattern was held against; titles are not told. */
static void
why_text(struct rule_line *l, const struct rule_run *run,
    const struct rule_node *node, enum rule_tri t)
{
	const char *word = rule_value_word(RULE_TEXT, node->what);
	const struct rule_pattern *pattern;
	const struct rule_name *name;
	bool many = node->what == RULE_GROUP ||
	    node->what == RULE_DEVICE_GROUP;
	/* Looked for again only where there is something to find. */
	bool found = t != RULE_MAYBE && (t == RULE_YES) != node->invert &&
	    rule_run_find(run, node, &name, &pattern);

	if (!found && !run->known[node->what]) {
		rule_line_put(l, word);
		rule_line_put(l, " unknown");
		return;
	}
	if (many)
		rule_line_put(l, found ? "in " : "not in ");
	rule_line_put(l, word);
	if (!many && node->what != RULE_TITLE) {
		rule_line_put(l, " ");
		rule_line_put(l, found ? name->shown :
		    run->names[run->first[node->what]].shown);
	}
	if (!many)
		rule_line_put(l, found ? " is" : " is not");
	for (uint32_t i = 0; i < node->npatterns; i++) {
		const struct rule_pattern *p =
		    &run->r->patterns[node->pattern + i];

		if (found && p != pattern)
			continue;
		rule_line_put(l, found || i == 0 ? " \"" : ", \"");
		rule_line_put(l, p->shown);
		rule_line_put(l, "\"");
	}
}

static void
why_sides(struct rule_line *l, const struct rule_run *run)
{
	rule_line_put(l, "sides ");
	rule_line_put(l, rule_sides_text(run->c->sides));
}

static void
why_time(struct rule_line *l, const struct rule_run *run,
    const struct rule_node *node, enum rule_tri t)
{
	static const char days[] = "sunmontuewedthufrisat";
	const struct tm *now = &run->c->now;

	if (t == RULE_MAYBE)
		rule_line_put(l, "time unknown");
	else
		rule_line_add(l, "%.3s %02u:%02u is%s in %s",
		    days + 3 * ((unsigned)now->tm_wday % 7),
		    (unsigned)now->tm_hour % 24, (unsigned)now->tm_min % 60,
		    (t == RULE_YES) == node->invert ? " not" : "",
		    node->shown);
}

static void
why_known(struct rule_line *l, const struct rule_node *node, enum rule_tri t)
{
	rule_line_put(l, rule_value_word((enum rule_op)node->kind,
	    node->what));
	rule_line_put(l, (t == RULE_YES) == node->invert ? " unknown" :
	    " known");
}

static void
why_leaf(struct rule_line *l, const struct rule_run *run,
    const struct rule_node *node, enum rule_tri t)
{
	if (l->len > 0)
		rule_line_put(l, "; ");
	switch (node->op) {
	case RULE_NUM: why_num(l, run, node, t); break;
	case RULE_TEXT: why_text(l, run, node, t); break;
	case RULE_SIDES: why_sides(l, run); break;
	case RULE_TIME: why_time(l, run, node, t); break;
	case RULE_KNOWN: why_known(l, node, t); break;
	default:
		rule_line_put(l, t == RULE_YES ? "confidential" :
		    "not confidential");
		break;
	}
}

/*
 * Of "and" that is false only what is false, the first of it; of "or" that is
 * true only what is true; else all of the same outcome.
 */
static void
why_node(struct rule_line *l, const struct rule_run *run, uint32_t at)
{
	const struct rule_node *node = &run->r->nodes[at];
	enum rule_tri t = (enum rule_tri)run->result[at];

	if (node->op == RULE_NOT) {
		why_node(l, run, node->child);
		return;
	}
	if (node->op != RULE_AND && node->op != RULE_OR) {
		why_leaf(l, run, node, t);
		return;
	}
	for (at = node->child; at != 0; at = run->r->nodes[at].next) {
		if (run->result[at] != t)
			continue;
		why_node(l, run, at);
		if (t == (node->op == RULE_AND ? RULE_NO : RULE_YES))
			return;
	}
}

void
rule_run_why(const struct rule_run *run, uint32_t cond,
    char out[REL_RULE_WHY_MAX])
{
	struct rule_line l;

	rule_line_init(&l, out, REL_RULE_WHY_MAX);
	if (cond == 0)
		rule_line_put(&l, "always");
	else
		why_node(&l, run, cond);
	rule_line_end(&l);
}
