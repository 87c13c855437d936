/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/core/policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/media.h"
#include "lib/names.h"
#include "lib/rule_json.h"
#include "releaserd/core/direct.h"
#include "releaserd/core/mail.h"
#include "releaserd/core/release_priv.h"

#define GROUPS_MAX 128
#define DONE_MAX 64
#define TRACED_MAX 40			/* rules told in the events of a job */

struct policy {
	struct book book;
};

static void *
rules_read(const char *text, size_t n, struct rel_place *at)
{
	return rel_rules_read(text, n, at);
}

static void
rules_free(void *now)
{
	struct rel_rules *r = now;

	rel_rules_free(&r);
}

int
policy_init(struct core *c, struct rel_err *err)
{
	static const struct book book = { .kind = POLICY_RULES,
	    .what = "set of rules", .read = rules_read, .free = rules_free };

	if ((c->policy = calloc(1, sizeof *c->policy)) == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	c->policy->book = book;
	return book_open(c, &c->policy->book, err);
}

void
policy_fini(struct core *c)
{
	if (c->policy == NULL)
		return;
	book_close(&c->policy->book);
	free(c->policy);
	c->policy = NULL;
}

struct book *
policy_book(struct core *c)
{
	return &c->policy->book;
}

/* ---- a job as the rules see it */

struct facts {
	struct core *c;
	struct job *j;
	const struct device *d;
	struct rel_case k;
	struct charge charge;
	char groups[GROUPS_MAX][84];
	const char *group[GROUPS_MAX];
	char device_groups[512];
	const char *device_group[REL_PRICE_GROUPS_MAX];
	char rules[DONE_MAX][128];
	const char *done[DONE_MAX];
	char papers[REL_PAPERS][64];
	const char *media[REL_PAPERS];
	int traced;
};

static bool
group_row(const struct person_group *g, void *ctx)
{
	struct facts *f = ctx;
	size_t n = f->k.ngroups;

	if (n == GROUPS_MAX)
		return false;
	snprintf(f->groups[n], sizeof f->groups[n], "%s", g->name);
	f->group[n] = f->groups[n];
	f->k.ngroups++;
	return true;
}

static bool
done_row(const struct wait *w, void *ctx)
{
	struct facts *f = ctx;
	size_t n = f->k.ndone;

	if (n == DONE_MAX)
		return false;
	snprintf(f->rules[n], sizeof f->rules[n], "%s", w->rule);
	f->done[n] = f->rules[n];
	f->k.ndone++;
	return true;
}

static void
number(struct facts *f, enum rel_case_num num, int64_t value, int sure)
{
	f->k.num[num] = value;
	f->k.sure[num] = sure == REL_SURE_EXACT ? REL_CASE_EXACT :
	    sure == REL_SURE_BOUND ? REL_CASE_BOUND : REL_CASE_UNKNOWN;
}

static void
numbers(struct facts *f)
{
	const struct job_count *n = &f->j->count;
	int64_t copies = f->j->copies;

	number(f, REL_CASE_PAGES, n->pages, n->pages_sure);
	number(f, REL_CASE_COLOUR_PAGES, n->colour, n->colour_sure);
	number(f, REL_CASE_SIDES_COUNT, n->sides * copies, n->pages_sure);
	number(f, REL_CASE_COLOUR_COUNT, n->colour * copies, n->colour_sure);
	number(f, REL_CASE_SHEETS, n->sheets * copies, n->pages_sure);
	number(f, REL_CASE_COPIES, copies, REL_SURE_EXACT);
	number(f, REL_CASE_BYTES, f->j->bytes, REL_SURE_EXACT);
}

/* What it costs, and what its payer has left. */
static void
money(struct facts *f)
{
	static const enum rel_case_num left[MONEY_UNITS] = {
		REL_CASE_MONEY_LEFT, REL_CASE_COLOUR_LEFT, REL_CASE_MONO_LEFT
	};

	if (charge_estimate(f->c, f->j, f->d, &f->charge) < 0)
		return;			/* unknown to the rules */
	if (f->charge.priced)
		number(f, REL_CASE_COST, f->charge.cost.micro,
		    f->j->count.pages_sure);
	for (int u = 0; u < MONEY_UNITS; u++) {
		const struct quota_room *r = &f->charge.room[u];

		number(f, left[u], r->left, REL_SURE_EXACT);
		if (!r->limited)
			f->k.sure[left[u]] = REL_CASE_NO_LIMIT;
	}
}

/* Every size of paper it is printed on. */
static void
media(struct facts *f)
{
	const struct job_count *n = &f->j->count;

	f->k.media = f->media;
	f->media[0] = n->media;
	f->k.nmedia = n->media[0] != '\0';
	for (unsigned i = 1; i < n->papers.n; i++) {
		rel_media_name(f->papers[i], sizeof f->papers[i],
		    n->papers.of[i].width, n->papers.of[i].height);
		f->media[f->k.nmedia++] = f->papers[i];
	}
}

static int
facts_of(struct facts *f)
{
	struct job *j = f->j;
	time_t now = (time_t)(rel_now_ms() / 1000);
	int rc;

	f->k.user = j->user_key;
	f->k.queue = j->queue;
	f->k.title = j->title;
	f->k.application[0] = j->app.name;
	f->k.application[1] = j->app.producer;
	f->k.format = j->count.language;
	f->k.groups = f->group;
	f->k.device_groups = f->device_group;
	f->k.done = f->done;
	f->k.confidential = j->pin_scheme[0] != '\0';
	f->k.sides = (uint8_t)j->count.duplex;
	f->k.now_known = localtime_r(&now, &f->k.now) != NULL;
	media(f);
	if (f->d != NULL) {
		f->k.device = f->d->name;
		f->k.device_id = f->d->id;
		memcpy(f->device_groups, f->d->groups,
		    sizeof f->device_groups);
		f->k.ndevice_groups = rel_names_split(f->device_groups,
		    f->device_group, REL_PRICE_GROUPS_MAX);
	}
	numbers(f);
	money(f);
	rc = store_groups_of(f->c->st, j->user_key, group_row, f);
	f->k.groups_known = rc >= 0 && f->k.ngroups < GROUPS_MAX;
	if (rc >= 0)
		rc = store_wait_list(f->c->st, j->id, done_row, f);
	return rc < 0 ? rc : 0;
}

/* Each rule that did something, or could not tell, stands in the events. */
static void
looked(void *arg, const struct rel_rule_look *look)
{
	struct facts *f = arg;

	if ((!look->matched && !look->unknown) || f->traced++ >= TRACED_MAX)
		return;
	if (look->matched)
		job_event(f->c, f->j->id, "rule", "\"%.80s\" (line %u of "
		    "version %lld): %.150s, as %.200s", look->name,
		    look->line, (long long)f->c->policy->book.version,
		    look->did, look->why);
	else
		job_event(f->c, f->j->id, "rule", "\"%.80s\" (line %u) was "
		    "left out, as it hangs on what nobody knows: %.200s",
		    look->name, look->line, look->why);
}

/* ---- what they say */

int
policy_change(struct core *c, struct job *j,
    const struct rel_rule_change *what)
{
	struct rel_facts facts;
	struct rel_ticket t;

	pages_ticket(j, &t);
	if (direct_is(j) || !rel_rule_change_ticket(what, &t))
		return 0;		/* or its data is elsewhere */
	j->copies = t.copies;
	if (pages_can_change(j) &&
	    rel_ticket_text(&t, j->changes, sizeof j->changes) < 0)
		return -REL_E_LIMIT;
	if (store_job_facts(c->st, j->id, &facts) == 0)
		pages_count(j, &facts, true);
	return 1;
}

/* Changed by the rules: as rows and events say it. */
static int
changed(struct core *c, const struct job *was, struct job *j)
{
	int rc = pages_save(c, was, j, "the rules");

	return rc == -REL_E_NOTHELD ? 0 : rc;
}

static int
wait_for(struct core *c, const struct job *j, struct wait *w,
    const struct rel_rule_ref *by)
{
	int rc;

	w->job = j->id;
	w->asked_ms = rel_now_ms();
	w->line = by->line;
	snprintf(w->rule, sizeof w->rule, "%s", by->name);
	if ((rc = store_wait_add(c->st, w)) < 0)
		return rc == -REL_E_EXISTS ? 0 : rc;
	if ((rc = mail_later(c, j->id)) < 0)
		return rc;
	if (w->kind == WAIT_QUESTION)
		job_event(c, j->id, "asked", "its owner is asked: %.240s",
		    w->text);
	else
		job_event(c, j->id, "approval", "it waits for approval by %s",
		    w->group);
	return 0;
}

static int
ask(struct core *c, const struct job *j, const struct rel_verdict *v)
{
	struct wait q = { .kind = WAIT_QUESTION, .late = v->ask_late };
	struct wait a = { .kind = WAIT_APPROVAL };
	int rc = 0;

	if (v->asks.name != NULL) {
		snprintf(q.text, sizeof q.text, "%s", v->ask);
		question_change_put(&v->instead, q.change);
		if (v->ask_timeout_s > 0)
			q.due_ms = rel_now_ms() +
			    (int64_t)v->ask_timeout_s * 1000;
		rc = wait_for(c, j, &q, &v->asks);
	}
	if (rc == 0 && v->approves.name != NULL) {
		snprintf(a.group, sizeof a.group, "%.83s", v->approve);
		rc = wait_for(c, j, &a, &v->approves);
	}
	return rc;
}

/* The rules at a moment; 0 and j is changed as they force it. */
static int
run(struct core *c, struct job *j, const struct device *d,
    enum rel_rule_moment moment, struct rel_verdict *v)
{
	struct facts *f = calloc(1, sizeof *f);
	int rc;

	if (f == NULL)
		return -REL_E_NOMEM;
	f->c = c;
	f->j = j;
	f->d = d;
	rc = facts_of(f);
	if (rc == 0)
		rc = rel_rules_run(c->policy->book.now, &f->k, moment, v,
		    looked, f);
	free(f);
	if (rc == 0 && v->say != REL_RULE_SAY_REFUSE)
		rc = policy_change(c, j, &v->force);
	if (rc >= 0 && v->charges.name != NULL)
		rc |= pages_charge(j, v->charge) == 1;
	return rc;
}

json_t *
policy_try(struct core *c, const struct rel_rules *rules, struct job *j,
    enum rel_rule_moment moment)
{
	struct facts *f = calloc(1, sizeof *f);
	json_t *o = NULL;

	if (f == NULL)
		return NULL;
	f->c = c;
	f->j = j;
	if (facts_of(f) == 0)
		o = rel_rules_try(rules, &f->k, moment);
	free(f);
	return o;
}

int
policy_hold(struct core *c, struct job *j, struct released *out)
{
	struct rel_verdict v = { .say = REL_RULE_SAY_NOTHING };
	struct job was = *j;
	int rc;

	if (c->policy->book.now == NULL)
		return 0;
	rc = run(c, j, NULL, REL_RULE_HOLD, &v);
	if (rc < 0)
		return rc;
	if (v.say == REL_RULE_SAY_REFUSE)
		return gate_stop(out, "refused-by-rule", "%.239s", v.refuse);
	if (rc > 0 && (rc = changed(c, &was, j)) < 0)
		return rc;
	return ask(c, j, &v);
}

/* ---- at release */

static int
waits(struct core *c, const struct job *j, const struct release_order *o,
    struct released *out)
{
	struct wait w;

	if (!o->operator && question_open(c, j->id, WAIT_QUESTION, &w) == 0)
		return gate_stop(out, "question-waits", "%.239s", w.text);
	if (question_open(c, j->id, WAIT_APPROVAL, &w) != 0)
		return 0;
	snprintf(out->name, sizeof out->name, "%s", w.group);
	return gate_stop(out, "approval-needed", "the job waits for approval "
	    "by %s", w.group);
}

int
policy_gate(struct core *c, struct job *j, const struct release_order *o,
    bool *ruled, struct released *out)
{
	struct rel_verdict v = { .say = REL_RULE_SAY_NOTHING };
	struct job was = *j;
	int rc = waits(c, j, o, out);

	if (rc < 0 || c->policy->book.now == NULL)
		return rc;
	rc = run(c, j, o->device, REL_RULE_RELEASE, &v);
	if (rc < 0)
		return rc;
	if (v.say == REL_RULE_SAY_REFUSE)
		return gate_stop(out, "refused-by-rule", "%.239s", v.refuse);
	if (rc > 0 && (rc = changed(c, &was, j)) < 0)
		return rc;
	if ((rc = ask(c, j, &v)) < 0)
		return rc;
	*ruled = v.charges.name != NULL;
	if (v.suggests.name != NULL)
		snprintf(out->suggest, sizeof out->suggest, "%s", v.suggest);
	return waits(c, j, o, out);
}
