/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* releasectl simulate: what other rules and prices would have done. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/recorded.h"
#include "lib/money.h"
#include "lib/place.h"

#define TOP 20

static const char *const notes[] = {
	"Jobs are taken as they were printed: what rules changed then is not "
	    "undone, and what was never printed nor refused is left out.",
	"Unknown to the rules here: what was left of quotas, the application, "
	    "whether a job was confidential. A rule that hangs on them does "
	    "not match.",
	"Groups of users and devices are those of today.",
	"A question counts as answered with \"as it is\", an approval as given.",
	"Times are those of this computer's time zone.",
	"n-up is counted from the sides that were printed; of those that "
	    "become fewer, as many stay in colour as can."
};
#define NOTES (sizeof notes / sizeof notes[0])

struct books {
	struct rel_rules *rules;
	struct rel_prices *prices;
	char currency[8];
};

/* ---- rules and prices: of a file, else those of releaserd */

/* The text that holds; NULL when there is none, or with c->err. */
static char *
text_of_daemon(struct ctl *c, const char *path, struct books *b, size_t *n)
{
	const char *text, *currency;
	json_t *book;
	char *copy = NULL;

	if (ctl_call(c, "GET", path, NULL, NULL, &book) < 0)
		return NULL;
	text = json_string_value(json_object_get(book, "text"));
	currency = json_string_value(json_object_get(book, "currency"));
	snprintf(b->currency, sizeof b->currency, "%s", currency != NULL ?
	    currency : "");
	if (text != NULL && text[0] != '\0' && (copy = strdup(text)) == NULL)
		rel_err_set(&c->err, REL_E_NOMEM, "no memory");
	*n = copy != NULL ? strlen(copy) : 0;
	json_decref(book);
	return copy;
}

static char *
text_get(struct ctl *c, enum ctl_opt opt, struct books *b, size_t *n)
{
	if (c->opt[opt] != NULL)
		return ctl_read_file(c, c->opt[opt], REL_RULE_FILE_MAX, n);
	return text_of_daemon(c, opt == OPT_RULES ? "/rules" : "/prices", b,
	    n);
}

static int
rules_get(struct ctl *c, struct books *b)
{
	struct rel_place at;
	size_t n = 0;
	char *text = text_get(c, OPT_RULES, b, &n);

	if (text == NULL)
		return -c->err.code;
	b->rules = rel_rules_read(text, n, &at);
	free(text);
	return b->rules != NULL ? 0 : ctl_wrong_file(c, c->opt[OPT_RULES] !=
	    NULL ? c->opt[OPT_RULES] : "the rules that hold", &at);
}

static int
prices_get(struct ctl *c, struct books *b)
{
	struct rel_place at;
	size_t n = 0;
	char *text = text_get(c, OPT_PRICES, b, &n);

	if (text == NULL)
		return -c->err.code;
	b->prices = rel_prices_read(text, n, &at);
	free(text);
	if (b->prices == NULL)
		return ctl_wrong_file(c, c->opt[OPT_PRICES] != NULL ?
		    c->opt[OPT_PRICES] : "the prices that hold", &at);
	if (rel_prices_currency(b->prices)[0] != '\0')
		snprintf(b->currency, sizeof b->currency, "%.7s",
		    rel_prices_currency(b->prices));
	return 0;
}

/* ---- what came out, as JSON and as tables */

static json_t *
side_json(const struct replay_side *s)
{
	return json_pack("{s:I,s:I,s:I,s:I,s:I}", "jobs",
	    (json_int_t)s->jobs, "sides", (json_int_t)s->sides, "colour",
	    (json_int_t)s->colour, "sheets", (json_int_t)s->sheets, "micro",
	    (json_int_t)s->micro);
}

static json_t *
sums_json(const char *name, const struct replay_sums *s)
{
	return json_pack("{s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:{s:I,s:I,s:I,"
	    "s:I},s:I,s:o,s:o}", "name", name, "jobs", (json_int_t)s->jobs,
	    "uncounted", (json_int_t)s->uncounted, "without_record_of_money",
	    (json_int_t)s->unpaid, "refused", (json_int_t)s->refused, "asked",
	    (json_int_t)s->asked, "approval", (json_int_t)s->approval,
	    "suggested", (json_int_t)s->suggested, "charged_elsewhere",
	    (json_int_t)s->charged, "forced", "mono", (json_int_t)s->mono,
	    "duplex", (json_int_t)s->duplex, "number_up",
	    (json_int_t)s->number_up, "copies", (json_int_t)s->copies,
	    "refused_then_held_now", (json_int_t)s->let, "before",
	    side_json(&s->before), "after", side_json(&s->after));
}

static json_t *
rows_json(struct ctl *c, struct replay_row *const *table, size_t n)
{
	struct replay_row **all = replay_rows(table, n);
	json_t *rows = json_array();

	for (size_t i = 0; all != NULL && i < n && (i < TOP ||
	    c->opt[OPT_ALL] != NULL); i++)
		json_array_append_new(rows, sums_json(all[i]->name,
		    &all[i]->sums));
	free(all);
	return rows;
}

static json_t *
result_json(struct ctl *c, const struct replay *r, const char *currency)
{
	json_t *o = json_pack("{s:s,s:o,s:o,s:o,s:I,s:I,s:[],s:[]}",
	    "currency", currency, "total", sums_json("", &r->total), "users",
	    rows_json(c, r->users, r->nusers), "groups", rows_json(c,
	    r->groups, r->ngroups), "users_all", (json_int_t)r->nusers,
	    "groups_all", (json_int_t)r->ngroups, "unknown", "notes");

	for (size_t i = 0; i < r->nunknown; i++)
		json_array_append_new(json_object_get(o, "unknown"),
		    json_string(r->unknown[i]));
	for (size_t i = 0; i < NOTES; i++)
		json_array_append_new(json_object_get(o, "notes"),
		    json_string(notes[i]));
	return o;
}

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

static void
print_words(const struct replay *r)
{
	const struct replay_sums *t = &r->total;

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
	for (size_t i = 0; i < NOTES; i++)
		printf("%s%s\n", i == 0 ? "\n" : "", notes[i]);
}

static void
print_result(struct ctl *c, const struct replay *r, const char *currency)
{
	json_t *o = result_json(c, r, currency);

	if (c->opt[OPT_JSON] != NULL) {
		ctl_print_json(o);
	} else {
		print_sides(json_object_get(o, "total"), currency);
		print_rows(json_object_get(o, "users"), "Users",
		    (long long)r->nusers, currency);
		print_rows(json_object_get(o, "groups"), "Groups",
		    (long long)r->ngroups, currency);
		print_words(r);
	}
	json_decref(o);
}

/* ---- */

static size_t
groups_of(void *ctx, const char *user, const char **names)
{
	return group_sets_of(ctx, user, names, REPLAY_GROUPS_MAX);
}

static int
on_job(const struct recorded_job *job, void *ctx)
{
	return replay_job(ctx, &job->j);
}

static int
simulate(struct ctl *c)
{
	struct books b = { .rules = NULL };
	struct group_sets *sets = NULL;
	struct replay r = { .groups_of = groups_of };
	int rc;

	if ((rc = rules_get(c, &b)) < 0 || (rc = prices_get(c, &b)) < 0 ||
	    (rc = group_sets_get(c, &sets)) < 0)
		goto out;
	r.rules = b.rules;
	r.prices = b.prices;
	r.ctx = sets;
	if ((rc = replay_init(&r)) == 0)
		rc = recorded_all(c, on_job, &r);
	if (rc == -REL_E_NOMEM)
		rel_err_set(&c->err, REL_E_NOMEM, "no memory");
	if (rc == 0)
		print_result(c, &r, b.currency);
	replay_fini(&r);
out:
	rel_rules_free(&b.rules);
	rel_prices_free(&b.prices);
	group_sets_free(&sets);
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
