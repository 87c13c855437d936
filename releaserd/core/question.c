/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What waits on a job: questions to its owner, approvals, and their answers. */
#include <stdio.h>
#include <string.h>

#include "releaserd/core/policy.h"

#define DUE_AT_ONCE 50

/* ---- changes, as they are kept */

void
question_change_put(const struct rel_rule_change *c, char out[120])
{
	snprintf(out, 120, "mono=%d edge=%d sides=%d number-up=%d copies=%d",
	    c->mono, c->edge, c->sides, c->number_up, c->copies_max);
}

void
question_change_get(struct rel_rule_change *c, const char *text)
{
	int mono = 0, edge = 0, sides = 0, up = 0, copies = 0;

	/* Our own text: what is not there is 0, which changes nothing. */
	(void)sscanf(text, "mono=%d edge=%d sides=%d number-up=%d copies=%d",
	    &mono, &edge, &sides, &up, &copies);
	*c = (struct rel_rule_change){ .mono = mono != 0, .edge = edge != 0,
	    .sides = (uint8_t)sides, .number_up = (uint8_t)up,
	    .copies_max = (uint16_t)copies };
}

bool
question_offers_change(const struct wait *w)
{
	static const struct rel_rule_change none;
	struct rel_rule_change c;

	question_change_get(&c, w->change);
	return c.mono != none.mono || c.sides != none.sides ||
	    c.number_up != none.number_up || c.copies_max != none.copies_max;
}

/* ---- what waits */

struct open {
	enum wait_kind kind;
	struct wait *out;
	bool found;
};

static bool
open_row(const struct wait *w, void *ctx)
{
	struct open *o = ctx;

	if (w->kind != o->kind || w->state != WAIT_OPEN)
		return true;
	*o->out = *w;
	o->found = true;
	return false;
}

int
question_open(struct core *c, int64_t job, enum wait_kind kind,
    struct wait *out)
{
	struct open o = { kind, out, false };
	int rc = store_wait_list(c->st, job, open_row, &o);

	return rc < 0 ? rc : o.found ? 0 : -REL_E_NOTFOUND;
}

static json_t *
wait_json(const struct wait *w)
{
	static const char *const late[] = { "cancel", "changed", "as-is" };
	struct rel_rule_change change;
	char words[80] = "";

	question_change_get(&change, w->change);
	rel_rule_change_text(&change, words, sizeof words);
	return json_pack("{s:s,s:s,s:s,s:o,s:s,s:o,s:s}", "rule", w->rule,
	    "text", w->text, "group", w->group, "asked_at",
	    json_time(w->asked_ms), "change", words, "until",
	    json_time(w->due_ms), "late", w->late >= 0 && w->late < 3 ?
	    late[w->late] : "cancel");
}

json_t *
question_json(struct core *c, const struct job *j)
{
	struct wait w;
	json_t *o = json_object();

	if (question_open(c, j->id, WAIT_QUESTION, &w) == 0)
		json_object_set_new(o, "question", wait_json(&w));
	if (question_open(c, j->id, WAIT_APPROVAL, &w) == 0)
		json_object_set_new(o, "approval", wait_json(&w));
	if (json_object_size(o) == 0) {
		json_decref(o);
		return json_null();
	}
	return o;
}

/* ---- answers */

/* It will not be printed: an end with its reason. */
static int
answered_no(struct core *c, const struct job *j, const struct wait *w)
{
	char why[240];
	int rc;

	if (w->kind == WAIT_QUESTION)
		snprintf(why, sizeof why, "cancelled at the question of rule "
		    "\"%.120s\"", w->rule);
	else
		snprintf(why, sizeof why, "not approved by %.83s%s%.120s",
		    w->by, w->said[0] != '\0' ? ": " : "", w->said);
	job_event(c, j->id, "refused", "%s", why);
	rc = store_job_end(c->st, j->id, w->kind == WAIT_QUESTION ?
	    JOB_DELETED : JOB_REFUSED, why, rel_now_ms());
	if (rc == 0)
		job_wipe_later(c, j->id);
	return rc;
}

static int
answered_changed(struct core *c, const struct job *was, const struct wait *w,
    struct rel_err *err)
{
	struct rel_rule_change change;
	struct job j = *was;
	int rc;

	question_change_get(&change, w->change);
	rc = policy_change(c, &j, &change);
	if (rc <= 0)
		return rc == 0 ? 0 : rel_err_set(err, REL_E_LIMIT,
		    "the job cannot be changed so");
	return pages_save(c, was, &j, w->by);
}

int
question_answer(struct core *c, const struct wait *w, struct rel_err *err)
{
	struct job j;
	int rc = store_job_get(c->st, w->job, &j);

	if (rc < 0 || j.state != JOB_HELD)
		return rc < 0 && rc != -REL_E_NOTFOUND ? rc : -REL_E_NOTHELD;
	if (w->state == WAIT_CHANGED && !question_offers_change(w))
		return rel_err_set(err, REL_E_LIMIT,
		    "this question offers no change");
	if ((rc = store_wait_answer(c->st, w)) < 0)
		return rc == -REL_E_NOTHELD ? rc : core_spoil(c, rc);
	job_event(c, j.id, "answered", "%.83s: %s%s%.200s", w->by,
	    w->kind == WAIT_APPROVAL ? w->state == WAIT_NO ? "not approved" :
	    "approved" : w->state == WAIT_NO ? "not printed" : w->state ==
	    WAIT_CHANGED ? "printed changed" : "printed as it is",
	    w->said[0] != '\0' ? ": " : "", w->said);
	lists_forget(c, j.user_key);
	if (w->state == WAIT_NO)
		rc = answered_no(c, &j, w);
	else if (w->state == WAIT_CHANGED)
		rc = answered_changed(c, &j, w, err);
	return rc < 0 && rc != -REL_E_LIMIT ? core_spoil(c, rc) : rc;
}

/* ---- by the clock */

struct due {
	struct wait w[DUE_AT_ONCE];
	int n;
};

static bool
due_row(const struct wait *w, void *ctx)
{
	struct due *d = ctx;

	d->w[d->n++] = *w;
	return d->n < DUE_AT_ONCE;
}

void
questions_tick(struct core *c)
{
	static const enum wait_state states[] = {
		[REL_RULE_CANCEL] = WAIT_NO, [REL_RULE_CHANGED] = WAIT_CHANGED,
		[REL_RULE_AS_IS] = WAIT_YES
	};
	static struct due d;		/* large; one core, one thread */
	struct rel_err err;
	int rc;

	d.n = 0;
	if (store_wait_due(c->st, rel_now_ms(), DUE_AT_ONCE, due_row, &d) <= 0
	    || core_write(c, &err) < 0)
		return;
	for (int i = 0; i < d.n; i++) {
		struct wait *w = &d.w[i];

		w->state = w->late >= 0 && w->late <= REL_RULE_AS_IS ?
		    states[w->late] : WAIT_NO;
		snprintf(w->by, sizeof w->by, "%s", "nobody in time");
		rc = question_answer(c, w, &err);
		/* The job is gone, or cannot be changed: no more of it. */
		if (rc == -REL_E_NOTHELD || rc == -REL_E_LIMIT)
			(void)store_wait_answer(c->st, w);
	}
}
