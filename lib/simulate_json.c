/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What came out of the simulator, as JSON. */
#include <stdlib.h>
#include <time.h>

#include "lib/simulate.h"

const char *const rel_simulate_notes[] = {
	"Jobs are taken as they were printed: what rules changed then is not "
	    "undone, and what was never printed nor refused is left out.",
	"Unknown to the rules here: what was left of quotas, and "
	    "whether a job was confidential. A rule that hangs on them does "
	    "not match.",
	"Groups of users and devices are those of today.",
	"A question counts as answered with \"as it is\", an approval as given.",
	"Times are those of this computer's time zone.",
	"n-up is counted from the sides that were printed; of those that "
	    "become fewer, as many stay in colour as can.",
	NULL
};

static json_t *
side_json(const struct rel_replay_side *s)
{
	return json_pack("{s:I,s:I,s:I,s:I,s:I}", "jobs",
	    (json_int_t)s->jobs, "sides", (json_int_t)s->sides, "colour",
	    (json_int_t)s->colour, "sheets", (json_int_t)s->sheets, "micro",
	    (json_int_t)s->micro);
}

static json_t *
sums_json(const char *name, const struct rel_replay_sums *s)
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

/* The first `top` of n as an array, the sums of the others as *rest. */
static json_t *
rows_json(struct rel_replay_row *const *table, size_t n, size_t top,
    json_t **rest)
{
	struct rel_replay_row **all = rel_replay_rows(table, n);
	struct rel_replay_sums others = { .jobs = 0 };
	json_t *rows = json_array();

	for (size_t i = 0; all != NULL && i < n; i++)
		if (i < top)
			json_array_append_new(rows, sums_json(all[i]->name,
			    &all[i]->sums));
		else
			rel_replay_sums_add(&others, &all[i]->sums);
	*rest = all != NULL && n > top ? sums_json("", &others) :
	    json_null();
	free(all);
	return rows;
}

/* Those that did something, in the order of the file. */
static json_t *
rules_json(const struct rel_replay *r)
{
	json_t *rules = json_array();

	for (size_t i = 0; i < rel_rules_count(r->rules); i++) {
		const int64_t *n = r->by_rule[i].jobs;
		int64_t any = 0;
		unsigned line;
		const char *name = rel_rules_rule(r->rules, i, &line);

		for (int k = 0; k < REL_RULE_DOS; k++)
			any += n[k];
		if (any == 0)
			continue;
		json_array_append_new(rules, json_pack("{s:s,s:i,s:I,s:I,s:I,"
		    "s:I,s:I,s:I,s:I}", "name", name, "line", (int)line,
		    "allowed", (json_int_t)n[REL_RULE_DO_ALLOW], "refused",
		    (json_int_t)n[REL_RULE_DO_REFUSE], "forced",
		    (json_int_t)n[REL_RULE_DO_FORCE], "asked",
		    (json_int_t)n[REL_RULE_DO_ASK], "approval",
		    (json_int_t)n[REL_RULE_DO_APPROVE], "suggested",
		    (json_int_t)n[REL_RULE_DO_SUGGEST], "charged_elsewhere",
		    (json_int_t)n[REL_RULE_DO_CHARGE]));
	}
	return rules;
}

static json_t *
unknown_json(const struct rel_replay *r)
{
	json_t *unknown = json_array();

	for (size_t i = 0; i < r->nunknown; i++)
		json_array_append_new(unknown, json_string(r->unknown[i]));
	return unknown;
}

static json_t *
notes_json(void)
{
	json_t *notes = json_array();

	for (const char *const *note = rel_simulate_notes; *note != NULL;
	    note++)
		json_array_append_new(notes, json_string(*note));
	return notes;
}

/* RFC 3339, UTC. */
static json_t *
time_json(int64_t ms)
{
	time_t t = (time_t)(ms / 1000);
	char text[40];
	struct tm tm;

	if (ms == 0 || gmtime_r(&t, &tm) == NULL ||
	    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		return json_null();
	return json_string(text);
}

json_t *
rel_simulate_json(const struct rel_simulate *s, size_t top)
{
	static const char *const ends[] = { NULL, "jobs", "time" };
	const struct rel_replay *r = &s->replay;
	json_t *users_rest, *groups_rest;
	json_t *users = rows_json(r->users, r->nusers, top, &users_rest);
	json_t *groups = rows_json(r->groups, r->ngroups, top, &groups_rest);

	return json_pack("{s:s,s:o,s:o,s:o,s:o,s:o,s:I,s:I,s:o,s:o,s:o,s:s?,"
	    "s:o}", "currency", s->currency, "total", sums_json("",
	    &r->total), "users", users, "users_rest", users_rest, "groups",
	    groups, "groups_rest", groups_rest, "users_all",
	    (json_int_t)r->nusers, "groups_all", (json_int_t)r->ngroups,
	    "rules", rules_json(r), "unknown", unknown_json(r), "notes",
	    notes_json(), "stopped", ends[s->end], "until",
	    time_json(s->last_ms));
}
