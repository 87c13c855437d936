/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* releasectl simulate: what other rules and prices would have done. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"
#include "lib/money.h"
#include "lib/simulate.h"

#define TOP 20

static const struct ctl_column side_columns[] = {
	{ "", "when", COL_TEXT }, { "JOBS", "jobs", COL_INT },
	{ "SIDES", "sides", COL_INT }, { "COLOUR", "colour", COL_INT },
	{ "SHEETS", "sheets", COL_INT }, { "COST", "cost", COL_TEXT },
	{ NULL, NULL, COL_TEXT }
};

static const struct ctl_column row_columns[] = {
	{ "NAME", "name", COL_TEXT }, { "JOBS", "jobs", COL_INT },
	{ "REFUSED", "refused", COL_INT }, { "ASKED", "asked", COL_INT },
	{ "APPROVAL", "approval", COL_INT }, { "MONO", "mono", COL_INT },
	{ "DUPLEX", "duplex", COL_INT }, { "N-UP", "number_up", COL_INT },
	{ "COPIES", "copies", COL_INT }, { "SIDES", "sides", COL_INT },
	{ "THEN", "sides_then", COL_INT }, { "COST", "cost", COL_TEXT },
	{ "THEN", "cost_then", COL_TEXT }, { NULL, NULL, COL_TEXT }
};

static void
put_cost(json_t *o, const char *key, const json_t *side, const char *currency)
{
	char text[REL_MONEY_TEXT];

	rel_money_text_in(text, json_integer_value(json_object_get(side,
	    "micro")), currency);
	json_object_set_new(o, key, json_string(text));
}

static void
print_sides(json_t *total, const char *currency)
{
	json_t *then = json_object_get(total, "before");
	json_t *now = json_object_get(total, "after");
	json_t *both = json_pack("[O,O]", then, now);

	json_object_set_new(then, "when", json_string("printed"));
	json_object_set_new(now, "when", json_string("simulated"));
	put_cost(then, "cost", then, currency);
	put_cost(now, "cost", now, currency);
	ctl_table(both, side_columns);
	json_decref(both);
}

static void
print_rows(json_t *rows, const char *what, long long all,
    const char *currency)
{
	json_t *row;
	size_t i;

	if (json_array_size(rows) == 0)
		return;
	json_array_foreach(rows, i, row) {
		json_t *before = json_object_get(row, "before");
		json_t *after = json_object_get(row, "after");

		json_object_update(row, json_object_get(row, "forced"));
		json_object_set(row, "sides_then", json_object_get(before,
		    "sides"));
		json_object_set(row, "sides", json_object_get(after,
		    "sides"));
		put_cost(row, "cost_then", before, currency);
		put_cost(row, "cost", after, currency);
	}
	printf("\n%s with most that changes (%zu of %lld):\n", what,
	    json_array_size(rows), all);
	ctl_table(rows, row_columns);
}

static const struct ctl_column rule_columns[] = {
	{ "LINE", "line", COL_INT }, { "RULE", "name", COL_TEXT },
	{ "REFUSED", "refused", COL_INT }, { "FORCED", "forced", COL_INT },
	{ "ASKED", "asked", COL_INT }, { "APPROVAL", "approval", COL_INT },
	{ NULL, NULL, COL_TEXT }
};

static void
print_rules(const json_t *rules)
{
	if (json_array_size(rules) == 0)
		return;
	printf("\nJobs that each rule had a part in:\n");
	ctl_table(rules, rule_columns);
}

static void
print_words(const struct rel_replay *r)
{
	const struct rel_replay_sums *t = &r->total;

	printf("\n%lld jobs: %lld refused, %lld asked about, %lld for "
	    "approval; forced: %lld mono, %lld duplex, %lld n-up, %lld fewer "
	    "copies.\n", (long long)t->jobs, (long long)t->refused,
	    (long long)t->asked, (long long)t->approval, (long long)t->mono,
	    (long long)t->duplex, (long long)t->number_up,
	    (long long)t->copies);
	if (t->let > 0)
		printf("%lld that were refused then would be held now.\n",
		    (long long)t->let);
	if (t->uncounted > 0)
		printf("Of %lld nobody knows the pages: they cost nothing "
		    "here.\n", (long long)t->uncounted);
	if (t->unpaid > 0)
		printf("Of %lld that were printed there is no record of "
		    "money.\n", (long long)t->unpaid);
	for (size_t i = 0; i < r->nunknown; i++)
		printf("Rule \"%s\" hung on what is not known here.\n",
		    r->unknown[i]);
	for (size_t i = 0; rel_simulate_notes[i] != NULL; i++)
		printf("%s%s\n", i == 0 ? "\n" : "", rel_simulate_notes[i]);
}

static void
print_result(struct ctl *c, const struct rel_simulate *s)
{
	json_t *o = rel_simulate_json(s, c->opt[OPT_ALL] != NULL ? SIZE_MAX :
	    TOP);

	if (c->opt[OPT_JSON] != NULL) {
		ctl_print_json(o);
	} else {
		print_sides(json_object_get(o, "total"), s->currency);
		print_rows(json_object_get(o, "users"), "Users",
		    (long long)s->replay.nusers, s->currency);
		print_rows(json_object_get(o, "groups"), "Groups",
		    (long long)s->replay.ngroups, s->currency);
		print_rules(json_object_get(o, "rules"));
		print_words(&s->replay);
	}
	json_decref(o);
}

/* ---- */

/* A text of a file. 0, also when there is none to be read. */
static int
file_get(struct ctl *c, enum ctl_opt opt, size_t max, char **text, size_t *n)
{
	if (c->opt[opt] == NULL)
		return 0;
	*text = ctl_read_file(c, c->opt[opt], max, n);
	return *text != NULL ? 0 : -c->err.code;
}

/* What is wrong with which text. */
static int
wrong_text(struct ctl *c, const struct rel_simulate *s)
{
	bool rules = strcmp(s->wrong, "rules") == 0;
	const char *file = c->opt[rules ? OPT_RULES : OPT_PRICES];

	return ctl_wrong_file(c, file != NULL ? file : rules ?
	    "the rules that hold" : "the prices that hold", &s->place);
}

static int
simulate(struct ctl *c)
{
	struct rel_simulate s = { .api = c->api, .from = c->opt[OPT_FROM],
	    .to = c->opt[OPT_TO] };
	char *rules = NULL, *prices = NULL;
	int rc;

	if ((rc = file_get(c, OPT_RULES, REL_RULE_FILE_MAX, &rules,
	    &s.rules_len)) == 0 && (rc = file_get(c, OPT_PRICES,
	    REL_PRICE_FILE_MAX, &prices, &s.prices_len)) == 0) {
		s.rules = rules;
		s.prices = prices;
		rc = rel_simulate_run(&s, &c->err);
	}
	if (s.wrong != NULL)
		rc = wrong_text(c, &s);
	if (rc == 0)
		print_result(c, &s);
	rel_simulate_fini(&s);
	free(rules);
	free(prices);
	return rc;
}

static const enum ctl_opt opts[] = {
	OPT_RULES, OPT_PRICES, OPT_FROM, OPT_TO, OPT_ALL, OPT_COUNT
};

const struct ctl_verb ctl_simulate_verbs[] = {
	{ "simulate", NULL, 0, 0, "", opts,
	    "Replay the recorded jobs with other rules and prices: who would "
	    "be refused or asked, what would be forced, what it would cost. "
	    "What is not given is what holds. Nothing is changed.",
	    simulate },
	{ 0 }
};
