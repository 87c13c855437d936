/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/replay_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/facts.h"

#define TRACED 1000			/* jobs whose unknowns are told */

/* What a job is now, after rules changed it: one copy. */
struct figures {
	int64_t sides, colour, sheets, copies;
	int duplex, number_up;
};

/* What a rule does to the job at hand. */
struct rel_replay_did {
	size_t rule;
	enum rel_rule_do what;
	struct rel_rule_change change;	/* of force */
};

int
rel_replay_init(struct rel_replay *r)
{
	r->users = calloc(REL_REPLAY_TABLE, sizeof *r->users);
	r->groups = calloc(REL_REPLAY_TABLE, sizeof *r->groups);
	r->by_rule = calloc(rel_rules_count(r->rules) + 1,
	    sizeof *r->by_rule);
	return r->users != NULL && r->groups != NULL && r->by_rule != NULL ?
	    0 : -REL_E_NOMEM;
}

void
rel_replay_fini(struct rel_replay *r)
{
	replay_table_free(r->users);
	replay_table_free(r->groups);
	free(r->by_rule);
	free(r->did);
	r->users = r->groups = NULL;
	r->by_rule = NULL;
	r->did = NULL;
	r->ndid = r->did_cap = 0;
}

/* The groups of somebody who is new here: asked for once. */
static int
join_groups(struct rel_replay *r, struct rel_replay_row *user)
{
	const char *names[REL_REPLAY_GROUPS_MAX];
	size_t n = r->groups_of != NULL ? r->groups_of(r->ctx, user->name,
	    names) : 0;
	bool is_new;

	if (n == 0)
		return 0;
	user->groups = calloc(n, sizeof *user->groups);
	user->names = calloc(n, sizeof *user->names);
	if (user->groups == NULL || user->names == NULL)
		return -REL_E_NOMEM;
	for (; user->ngroups < n; user->ngroups++) {
		struct rel_replay_row *g = replay_row_get(r->groups,
		    names[user->ngroups], &is_new);

		if (g == NULL)
			return -REL_E_NOMEM;
		r->ngroups += is_new;
		user->groups[user->ngroups] = g;
		user->names[user->ngroups] = names[user->ngroups];
	}
	return 0;
}

static struct rel_replay_row *
user_get(struct rel_replay *r, const char *name)
{
	bool is_new;
	struct rel_replay_row *user = replay_row_get(r->users, name, &is_new);

	if (user == NULL || !is_new)
		return user;
	r->nusers++;
	return join_groups(r, user) == 0 ? user : NULL;
}

/* ---- a job as the rules see it */

static void
number(struct rel_case *c, enum rel_case_num num, int64_t value, int sure)
{
	c->num[num] = value;
	c->sure[num] = sure == REL_SURE_EXACT ? REL_CASE_EXACT :
	    sure == REL_SURE_BOUND ? REL_CASE_BOUND : REL_CASE_UNKNOWN;
}

static void
set_numbers(struct rel_case *c, const struct rel_replay_job *j,
    const struct figures *f)
{
	number(c, REL_CASE_PAGES, j->pages, j->pages_sure);
	number(c, REL_CASE_COLOUR_PAGES, f->colour, j->colour_sure);
	number(c, REL_CASE_SIDES_COUNT, f->sides * f->copies, j->pages_sure);
	number(c, REL_CASE_COLOUR_COUNT, f->colour * f->copies,
	    j->colour_sure);
	number(c, REL_CASE_SHEETS, f->sheets * f->copies, j->pages_sure);
	number(c, REL_CASE_COPIES, f->copies, REL_SURE_EXACT);
	number(c, REL_CASE_BYTES, j->bytes, REL_SURE_EXACT);
	c->sides = (uint8_t)f->duplex;
}

static void
set_moment(struct rel_case *c, int64_t ms)
{
	time_t t = (time_t)(ms / 1000);

	c->now_known = localtime_r(&t, &c->now) != NULL;
}

static uint32_t
whole(int64_t n)
{
	return n < 0 ? 0 : n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
}

/* What it costs as it is now; at its device, or where nobody chose one. */
static bool
cost_of(const struct rel_replay *r, const struct rel_replay_job *j,
    const struct figures *f, bool device, int64_t *micro)
{
	struct rel_print p = { .device_id = device ? j->device_id : "",
	    .device = device ? j->device : "", .groups = j->device_groups,
	    .ngroups = device ? j->ndevice_groups : 0, .media = j->media,
	    .sides = whole(f->sides), .colour_sides = whole(f->colour),
	    .sheets = whole(f->sheets),
	    .two_sided = whole(f->sides - f->sheets),
	    .copies = whole(f->copies), .finishings = j->finishings };
	struct rel_papers papers;
	struct rel_cost cost;

	/* More pages on a side: all of it is on one size. */
	if (j->papers[0] != '\0' && f->number_up <= j->number_up &&
	    rel_papers_read(&papers, j->papers))
		p.papers = &papers;
	*micro = 0;
	if (r->prices == NULL || f->sides == 0 ||
	    rel_prices_cost(r->prices, &p, &cost) < 0)
		return false;
	*micro = cost.micro;
	return true;
}

/* ---- what rules make of it */

static int64_t
part(int64_t n, int64_t of)
{
	return (n + of - 1) / of;
}

/* Sides that become fewer keep as many in colour as there can be. */
static void
more_up(struct figures *f, int number_up)
{
	bool both = f->sheets < f->sides;

	f->sides = part(f->sides * f->number_up, number_up);
	f->number_up = number_up;
	if (f->colour > f->sides)
		f->colour = f->sides;
	f->sheets = both ? part(f->sides, 2) : f->sides;
}

static void
force(struct figures *f, const struct rel_rule_change *c,
    struct rel_replay_sums *did)
{
	if (c->mono && f->colour > 0) {
		f->colour = 0;
		did->mono = 1;
	}
	if (c->number_up > f->number_up) {
		more_up(f, c->number_up);
		did->number_up = 1;
	}
	if (c->sides != 0 && f->duplex != REL_DUPLEX_LONG &&
	    f->duplex != REL_DUPLEX_SHORT) {
		f->duplex = c->sides;
		if (f->sheets > part(f->sides, 2))
			f->sheets = part(f->sides, 2);
		did->duplex = 1;
	}
	if (c->copies_max > 0 && f->copies > c->copies_max) {
		f->copies = c->copies_max;
		did->copies = 1;
	}
}

/* What happened at one moment happened to the job. */
static void
merge(struct rel_replay_sums *did, const struct rel_replay_sums *now)
{
	did->refused |= now->refused;
	did->asked |= now->asked;
	did->approval |= now->approval;
	did->charged |= now->charged;
	did->suggested |= now->suggested;
	did->mono |= now->mono;
	did->duplex |= now->duplex;
	did->number_up |= now->number_up;
	did->copies |= now->copies;
}

static void
see_unknown(void *arg, const struct rel_rule_look *look)
{
	struct rel_replay *r = arg;

	if (!look->unknown || r->nunknown == REL_REPLAY_TOLD)
		return;
	for (size_t i = 0; i < r->nunknown; i++)
		if (strcmp(r->unknown[i], look->name) == 0)
			return;
	snprintf(r->unknown[r->nunknown++], sizeof r->unknown[0], "%s",
	    look->name);
}

/* ---- which rule had a part in it */

static void
see_act(void *arg, const struct rel_rule_act *act)
{
	struct rel_replay *r = arg;

	if (r->ndid == r->did_cap) {
		size_t cap = r->did_cap * 2 + 16;
		struct rel_replay_did *more = realloc(r->did,
		    cap * sizeof *more);

		if (more == NULL) {
			r->broken = true;
			return;
		}
		r->did = more;
		r->did_cap = cap;
	}
	r->did[r->ndid++] = (struct rel_replay_did){ act->rule, act->what,
	    *act->change };
}

/* Is something that it forces in what became different? */
static bool
had_part(const struct rel_rule_change *c, const struct rel_verdict *v,
    const struct rel_replay_sums *did)
{
	return (c->mono && did->mono) || (c->sides != 0 && did->duplex) ||
	    (did->number_up && c->number_up == v->force.number_up) ||
	    (did->copies && c->copies_max == v->force.copies_max);
}

/* At one moment; of a refused job only the refusal counts. */
static void
count_rules(struct rel_replay *r, const struct rel_verdict *v,
    const struct rel_replay_sums *did)
{
	bool refused = v->say == REL_RULE_SAY_REFUSE;

	for (size_t i = 0; i < r->ndid; i++) {
		const struct rel_replay_did *d = &r->did[i];

		struct rel_replay_rule *rule = &r->by_rule[d->rule];

		if (refused != (d->what == REL_RULE_DO_REFUSE) ||
		    (d->what == REL_RULE_DO_FORCE && !had_part(&d->change, v,
		    did)) || rule->seen[d->what] == r->total.jobs + 1)
			continue;
		rule->seen[d->what] = r->total.jobs + 1;
		rule->jobs[d->what]++;
	}
}

/* The rules at a moment: 1 refused, 0 not; no memory. */
static int
run_rules(struct rel_replay *r, const struct rel_case *c,
    enum rel_rule_moment moment, struct figures *f,
    struct rel_replay_sums *did)
{
	struct rel_rule_watch watch = { .act = see_act, .look =
	    r->total.jobs < TRACED ? see_unknown : NULL, .arg = r };
	struct rel_replay_sums now = { .jobs = 0 };
	static struct rel_verdict v;
	int rc;

	if (r->rules == NULL)
		return 0;
	r->ndid = 0;
	rc = rel_rules_watch(r->rules, c, moment, &v, &watch);
	if (rc < 0 || r->broken)
		return -REL_E_NOMEM;
	if (v.say == REL_RULE_SAY_REFUSE)
		now.refused = 1;
	else
		force(f, &v.force, &now);
	now.asked = v.asks.name != NULL;
	now.approval = v.approves.name != NULL;
	now.charged = v.charges.name != NULL;
	now.suggested = v.suggests.name != NULL;
	count_rules(r, &v, &now);
	merge(did, &now);
	return (int)now.refused;
}

static void
side_add(struct rel_replay_side *to, const struct rel_replay_side *s)
{
	to->jobs += s->jobs;
	to->sides += s->sides;
	to->colour += s->colour;
	to->sheets += s->sheets;
	to->micro += s->micro;
}

void
rel_replay_sums_add(struct rel_replay_sums *to,
    const struct rel_replay_sums *s)
{
	to->jobs += s->jobs;
	to->uncounted += s->uncounted;
	to->unpaid += s->unpaid;
	to->refused += s->refused;
	to->asked += s->asked;
	to->approval += s->approval;
	to->suggested += s->suggested;
	to->charged += s->charged;
	to->mono += s->mono;
	to->duplex += s->duplex;
	to->number_up += s->number_up;
	to->copies += s->copies;
	to->let += s->let;
	side_add(&to->before, &s->before);
	side_add(&to->after, &s->after);
}

static void
side_set(struct rel_replay_side *s, const struct figures *f)
{
	s->jobs = 1;
	s->sides = f->sides * f->copies;
	s->colour = f->colour * f->copies;
	s->sheets = f->sheets * f->copies;
}

static void
case_of(struct rel_case *c, const struct rel_replay_job *j,
    const struct rel_replay_row *user)
{
	memset(c, 0, sizeof *c);
	c->user = user->name;
	c->queue = j->queue;
	c->title = j->title;
	c->application[0] = j->application;
	c->application[1] = j->producer;
	c->format = j->format;
	c->groups = user->names;
	c->ngroups = user->ngroups;
	c->groups_known = true;
	c->media = &j->media;
	c->nmedia = j->media[0] != '\0';
}

/* At hold, then, when it was printed, at release: 1 refused. */
static int
both_moments(struct rel_replay *r, const struct rel_replay_job *j,
    struct rel_case *c, struct figures *f, struct rel_replay_sums *did)
{
	int64_t micro;
	int rc;

	set_numbers(c, j, f);
	set_moment(c, j->held_ms);
	if (cost_of(r, j, f, false, &micro))
		number(c, REL_CASE_COST, micro, j->pages_sure);
	rc = run_rules(r, c, REL_RULE_HOLD, f, did);
	if (rc != 0 || !j->printed)
		return rc;
	c->device = j->device;
	c->device_id = j->device_id;
	c->device_groups = j->device_groups;
	c->ndevice_groups = j->ndevice_groups;
	set_numbers(c, j, f);
	set_moment(c, j->ended_ms);
	if (cost_of(r, j, f, true, &micro))
		number(c, REL_CASE_COST, micro, j->pages_sure);
	return run_rules(r, c, REL_RULE_RELEASE, f, did);
}

int
rel_replay_job(struct rel_replay *r, const struct rel_replay_job *j)
{
	struct rel_replay_row *user = user_get(r, j->user);
	struct rel_replay_sums did = { .jobs = 1, .uncounted = j->sides == 0 };
	struct figures f = { j->sides, j->colour, j->sheets, j->copies,
	    j->duplex, j->number_up < 1 ? 1 : j->number_up };
	struct rel_case c;
	int rc;

	if (user == NULL)
		return -REL_E_NOMEM;
	if (j->printed) {
		side_set(&did.before, &f);
		did.before.micro = j->charged ? j->paid : 0;
		did.unpaid = !j->charged;
	}
	case_of(&c, j, user);
	if ((rc = both_moments(r, j, &c, &f, &did)) < 0)
		return rc;
	if (rc == 0 && j->printed) {
		side_set(&did.after, &f);
		(void)cost_of(r, j, &f, true, &did.after.micro);
	}
	did.let = rc == 0 && !j->printed;
	rel_replay_sums_add(&r->total, &did);
	rel_replay_sums_add(&user->sums, &did);
	for (size_t i = 0; i < user->ngroups; i++)
		rel_replay_sums_add(&user->groups[i]->sums, &did);
	return 0;
}
