/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/fold.h"
#include "lib/media.h"
#include "lib/rule_run.h"
#include "lib/text.h"

#define NAME_BYTES 1023u	/* of a text that patterns are held against */

/* ---- the texts of a job, folded once for all rules */

/* Where the texts of one kind are; those of a device are two. */
static size_t
source(const struct rule_run *run, enum rule_text what,
    const char *const **list)
{
	const struct rel_case *c = run->c;

	switch (what) {
	case RULE_USER: *list = &c->user; return 1;
	case RULE_QUEUE: *list = &c->queue; return 1;
	case RULE_APPLICATION: *list = c->application; return 2;
	case RULE_TITLE: *list = &c->title; return 1;
	case RULE_FORMAT: *list = &c->format; return 1;
	case RULE_DEVICE: *list = run->device; return 2;
	case RULE_GROUP: *list = c->groups; return c->ngroups;
	case RULE_DEVICE_GROUP:
		*list = c->device_groups;
		return c->ndevice_groups;
	case RULE_MEDIA: *list = c->media; return c->nmedia;
	case RULE_TEXTS: break;
	}
	return 0;
}

static size_t
text_bytes(const char *s)
{
	return s == NULL ? 0 : rel_utf8_cut(s, NAME_BYTES);
}

/* Room for all of them; a size of paper may get a longer name. */
static bool
names_alloc(struct rule_run *run)
{
	size_t count = 0, bytes = 0;

	for (unsigned what = 0; what < RULE_TEXTS; what++) {
		const char *const *list = NULL;
		size_t n = source(run, (enum rule_text)what, &list);

		count += n;
		for (size_t i = 0; i < n; i++)
			bytes += text_bytes(list[i]) + 64;
	}
	run->names = calloc(count + 1, sizeof *run->names);
	run->bytes = malloc(bytes + 1);
	run->result = malloc(run->r->nnodes + 1);
	return run->names != NULL && run->bytes != NULL &&
	    run->result != NULL;
}

/* A text as it is compared: paper and formats by one name each. */
static void
name_fill(struct rule_name *name, enum rule_text what, const char *s,
    char *to)
{
	const char *word;

	name->shown = s;
	name->text = to;
	if (what == RULE_MEDIA &&
	    rel_media_size(s, &name->width, &name->height)) {
		rel_media_name(to, 64, name->width, name->height);
		name->n = (uint32_t)strlen(to);
	} else {
		word = what == RULE_FORMAT ? rule_format(s) : NULL;
		if (word == NULL)
			word = s;
		name->n = (uint32_t)text_bytes(word);
		memcpy(to, word, name->n);
		to[name->n] = '\0';
	}
	rel_fold(to, to, name->n);
	name->hash = rule_hash(to, name->n);
}

static void
names_fill(struct rule_run *run)
{
	char *to = run->bytes;
	size_t at = 0;

	for (unsigned what = 0; what < RULE_TEXTS; what++) {
		const char *const *list = NULL;
		size_t n = source(run, (enum rule_text)what, &list);

		run->first[what] = at;
		for (size_t i = 0; i < n; i++) {
			if (list[i] == NULL || list[i][0] == '\0')
				continue;
			name_fill(&run->names[at], (enum rule_text)what,
			    list[i], to);
			to += text_bytes(list[i]) + 64;
			at++;
		}
		run->count[what] = at - run->first[what];
		run->known[what] = run->count[what] > 0;
	}
	run->known[RULE_GROUP] = run->c->groups_known;
	run->known[RULE_DEVICE_GROUP] = run->known[RULE_DEVICE];
}

/* ---- conditions */

static struct rule_span
num_span(const struct rel_case *c, unsigned num)
{
	int64_t v = c->num[num];

	switch (c->sure[num]) {
	case REL_CASE_BOUND:
		return (struct rule_span){ v < 0 ? v : 0, v, true };
	case REL_CASE_EXACT:
		return (struct rule_span){ v, v, true };
	case REL_CASE_NO_LIMIT:
		return (struct rule_span){ INT64_MAX, INT64_MAX, true };
	default:
		return (struct rule_span){ 0, 0, false };
	}
}

static enum rule_tri
eval_num(const struct rule_run *run, const struct rule_node *node)
{
	struct rule_span b = { node->number, node->number, true };

	if (node->to_value)
		b = num_span(run->c, node->other);
	return rule_compare((enum rule_cmp)node->cmp,
	    num_span(run->c, node->what), b);
}

bool
rule_run_find(const struct rule_run *run, const struct rule_node *node,
    const struct rule_name **name, const struct rule_pattern **pattern)
{
	for (uint32_t i = 0; i < node->npatterns; i++)
		for (size_t j = 0; j < run->count[node->what]; j++) {
			*pattern = &run->r->patterns[node->pattern + i];
			*name = &run->names[run->first[node->what] + j];
			if (rule_match(*pattern, *name))
				return true;
		}
	return false;
}

static enum rule_tri
yes_no(bool yes)
{
	return yes ? RULE_YES : RULE_NO;
}

static enum rule_tri
eval_text(const struct rule_run *run, const struct rule_node *node)
{
	const struct rule_pattern *pattern;
	const struct rule_name *name;

	if (rule_run_find(run, node, &name, &pattern))
		return yes_no(!node->invert);
	return run->known[node->what] ? yes_no(node->invert) : RULE_MAYBE;
}

static enum rule_tri
eval_sides(const struct rule_run *run, const struct rule_node *node)
{
	if (run->c->sides == REL_DUPLEX_UNSAID ||
	    run->c->sides > REL_DUPLEX_MIXED)
		return RULE_MAYBE;
	return yes_no((node->number >> run->c->sides & 1) != node->invert);
}

/* A window over midnight belongs to the day on which it begins. */
static enum rule_tri
eval_time(const struct rule_run *run, const struct rule_node *node)
{
	const struct tm *now = &run->c->now;
	int minute = now->tm_hour * 60 + now->tm_min;
	unsigned day = (unsigned)now->tm_wday % 7;
	bool today = (node->days >> day & 1) != 0;
	bool yesterday = (node->days >> (day + 6) % 7 & 1) != 0;
	bool in;

	if (!run->c->now_known)
		return RULE_MAYBE;
	if (node->from < node->to)
		in = today && minute >= node->from && minute < node->to;
	else
		in = (today && minute >= node->from) ||
		    (yesterday && minute < node->to);
	return yes_no(in != node->invert);
}

static enum rule_tri
eval_known(const struct rule_run *run, const struct rule_node *node)
{
	bool known = node->kind == RULE_SIDES ?
	    run->c->sides != REL_DUPLEX_UNSAID : node->kind == RULE_TEXT ?
	    run->known[node->what] :
	    run->c->sure[node->what] >= REL_CASE_EXACT;

	return yes_no(known != node->invert);
}

static enum rule_tri eval(struct rule_run *run, uint32_t at);

/* All of them (and) or one of them (or); the unknown in between. */
static enum rule_tri
eval_chain(struct rule_run *run, const struct rule_node *node)
{
	enum rule_tri end = node->op == RULE_AND ? RULE_NO : RULE_YES;
	enum rule_tri all = node->op == RULE_AND ? RULE_YES : RULE_NO;

	for (uint32_t at = node->child; at != 0;
	    at = run->r->nodes[at].next) {
		enum rule_tri one = eval(run, at);

		if (one == end)
			return end;
		if (one == RULE_MAYBE)
			all = RULE_MAYBE;
	}
	return all;
}

static enum rule_tri
eval_not(struct rule_run *run, const struct rule_node *node)
{
	enum rule_tri one = eval(run, node->child);

	return one == RULE_MAYBE ? one : yes_no(one == RULE_NO);
}

/* As deep as the file's parentheses: REL_RULE_DEPTH_MAX. */
static enum rule_tri
eval(struct rule_run *run, uint32_t at)
{
	const struct rule_node *node = &run->r->nodes[at];
	enum rule_tri t = RULE_MAYBE;

	switch ((enum rule_op)node->op) {
	case RULE_AND:
	case RULE_OR: t = eval_chain(run, node); break;
	case RULE_NOT: t = eval_not(run, node); break;
	case RULE_NUM: t = eval_num(run, node); break;
	case RULE_TEXT: t = eval_text(run, node); break;
	case RULE_SIDES: t = eval_sides(run, node); break;
	case RULE_TIME: t = eval_time(run, node); break;
	case RULE_CONFIDENTIAL: t = yes_no(run->c->confidential); break;
	case RULE_KNOWN: t = eval_known(run, node); break;
	}
	run->result[at] = (uint8_t)t;
	return t;
}

/* ---- what a rule that matches does */

static bool
set_ref(struct rel_rule_ref *ref, const struct rule *rule,
    const struct rule_action *a)
{
	if (ref->name != NULL)
		return false;
	ref->name = rule->name;
	ref->line = a->line;
	return true;
}

/* Both say the same in the end, whichever of them came first. */
static void
add_change(struct rel_rule_change *to, const struct rel_rule_change *c)
{
	to->mono |= c->mono;
	if (c->sides != 0 && !to->edge) {
		to->sides = c->sides;
		to->edge = c->edge;
	}
	if (c->number_up > to->number_up)
		to->number_up = c->number_up;
	if (c->copies_max > 0 && (to->copies_max == 0 ||
	    c->copies_max < to->copies_max))
		to->copies_max = c->copies_max;
}

static void
do_force(struct rule_run *run, const struct rule *rule,
    const struct rule_action *a)
{
	char text[80];

	set_ref(&run->out->forced, rule, a);
	add_change(&run->out->force, &a->change);
	rel_rule_change_text(&a->change, text, sizeof text);
	rule_line_add(&run->did, " %s", text);
}

static bool
is_done(const struct rel_case *c, const char *rule)
{
	for (size_t i = 0; i < c->ndone; i++)
		if (strcmp(c->done[i], rule) == 0)
			return true;
	return false;
}

/* Is an action that waits for somebody, or that only one can have, in vain? */
static bool
passed_over(struct rule_run *run, const struct rule *rule,
    const struct rule_action *a)
{
	struct rel_rule_ref *ref = a->kind == REL_RULE_DO_ASK ? &run->out->asks :
	    a->kind == REL_RULE_DO_APPROVE ? &run->out->approves :
	    a->kind == REL_RULE_DO_SUGGEST ? &run->out->suggests :
	    &run->out->charges;

	if ((a->kind == REL_RULE_DO_ASK || a->kind == REL_RULE_DO_APPROVE) &&
	    is_done(run->c, rule->name)) {
		rule_line_add(&run->did, " (was answered before)");
		return true;
	}
	if (set_ref(ref, rule, a))
		return false;
	rule_line_add(&run->did, " (an earlier rule did)");
	return true;
}

/* An action that counts. */
static void
say_act(const struct rule_run *run, const struct rule *rule,
    const struct rule_action *a)
{
	if (run->watch->act != NULL)
		run->watch->act(run->watch->arg, &(struct rel_rule_act){
		    .rule = (size_t)(rule - run->r->rules),
		    .what = (enum rel_rule_do)a->kind,
		    .change = &a->change });
}

static void
do_one(struct rule_run *run, const struct rule *rule,
    const struct rule_action *a)
{
	struct rel_verdict *v = run->out;

	if (passed_over(run, rule, a))
		return;
	say_act(run, rule, a);
	if (a->kind == REL_RULE_DO_ASK) {
		rule_text_fill(v->ask, a->text, run->c);
		v->instead = a->change;
		v->ask_timeout_s = a->timeout_s;
		v->ask_late = a->late;
		return;
	}
	rule_line_add(&run->did, " %s", a->text[0] != '\0' ? a->text :
	    "cheaper");
	if (a->kind == REL_RULE_DO_APPROVE)
		snprintf(v->approve, sizeof v->approve, "%s", a->text);
	else if (a->kind == REL_RULE_DO_SUGGEST)
		snprintf(v->suggest, sizeof v->suggest, "%s", a->text);
	else
		snprintf(v->charge, sizeof v->charge, "%s", a->text);
}

static void
do_action(struct rule_run *run, const struct rule *rule,
    const struct rule_action *a)
{
	struct rel_verdict *v = run->out;

	rule_line_add(&run->did, "%s%s", run->did.len > 0 ? "; " : "",
	    rule_do_words[a->kind]);
	switch (a->kind) {
	case REL_RULE_DO_ALLOW:
		v->say = REL_RULE_SAY_ALLOW;
		set_ref(&v->end, rule, a);
		break;
	case REL_RULE_DO_REFUSE:
		v->say = REL_RULE_SAY_REFUSE;
		set_ref(&v->end, rule, a);
		rule_text_fill(v->refuse, a->text, run->c);
		break;
	case REL_RULE_DO_FORCE:
		do_force(run, rule, a);
		break;
	default:
		do_one(run, rule, a);
		return;
	}
	say_act(run, rule, a);
}

static void
do_rule(struct rule_run *run, const struct rule *rule)
{
	for (uint32_t i = 0; i < rule->nactions; i++) {
		const struct rule_action *a =
		    &run->r->actions[rule->action + i];

		if ((a->moments & run->moment) != 0)
			do_action(run, rule, a);
	}
	if (run->did.len == 0)
		rule_line_add(&run->did, "nothing at %s",
		    run->moment == REL_RULE_HOLD ? "hold" : "release");
}

/* ---- all rules */

static void
look(struct rule_run *run, const struct rule *rule)
{
	char why[REL_RULE_WHY_MAX], did[REL_RULE_WHY_MAX];
	enum rule_tri t = rule->cond == 0 ? RULE_YES : eval(run, rule->cond);

	rule_line_init(&run->did, did, sizeof did);
	if (t == RULE_YES)
		do_rule(run, rule);
	if (run->watch->look == NULL)
		return;
	rule_line_end(&run->did);
	rule_run_why(run, rule->cond, why);
	run->watch->look(run->watch->arg, &(struct rel_rule_look){ .name = rule->name,
	    .line = rule->line, .matched = t == RULE_YES,
	    .unknown = t == RULE_MAYBE, .why = why, .did = did });
}

/* A refusal leaves nothing but itself. */
static void
only_refusal(struct rel_verdict *v)
{
	char text[REL_RULE_TEXT_MAX];
	struct rel_rule_ref end = v->end;

	memcpy(text, v->refuse, sizeof text);
	memset(v, 0, sizeof *v);
	v->say = REL_RULE_SAY_REFUSE;
	v->end = end;
	memcpy(v->refuse, text, sizeof text);
}

int
rel_rules_watch(const struct rel_rules *r, const struct rel_case *c,
    enum rel_rule_moment moment, struct rel_verdict *out,
    const struct rel_rule_watch *watch)
{
	struct rule_run run = { .r = r, .c = c, .moment = moment, .out = out,
	    .watch = watch, .device = { c->device, c->device_id } };
	int rc = -REL_E_NOMEM;

	memset(out, 0, sizeof *out);
	if (names_alloc(&run)) {
		names_fill(&run);
		for (size_t i = 0; i < r->nrules &&
		    out->say == REL_RULE_SAY_NOTHING; i++)
			look(&run, &r->rules[i]);
		if (out->say == REL_RULE_SAY_REFUSE)
			only_refusal(out);
		rc = 0;
	}
	free(run.names);
	free(run.bytes);
	free(run.result);
	return rc;
}

int
rel_rules_run(const struct rel_rules *r, const struct rel_case *c,
    enum rel_rule_moment moment, struct rel_verdict *out,
    rel_rule_trace trace, void *arg)
{
	struct rel_rule_watch watch = { .look = trace, .arg = arg };

	return rel_rules_watch(r, c, moment, out, &watch);
}
