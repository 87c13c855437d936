/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/core/charge.h"

#include <stdio.h>
#include <string.h>

#include "lib/fold.h"
#include "releaserd/core/activity.h"
#include "releaserd/core/fleet.h"
#include "releaserd/core/release_priv.h"

#define DUE_AT_ONCE 100

enum { MONEY = UNIT_MONEY - 1, COLOUR = UNIT_COLOUR - 1, MONO = UNIT_MONO - 1 };

/* ---- what it would cost, and who would pay */

static int
payer(struct core *c, const struct job *j, struct charge *ch)
{
	static const enum account_kind kinds[] = { ACCOUNT_SHARED,
	    ACCOUNT_CODE };
	struct rel_ticket t;
	struct account a;
	int rc = -REL_E_NOTFOUND;

	pages_ticket(j, &t);
	if (t.account[0] == '\0') {
		ch->kind = ACCOUNT_USER;
		memcpy(ch->key, j->user_key, sizeof ch->key);
		snprintf(ch->name, sizeof ch->name, "%s", j->user_key);
		return 0;
	}
	snprintf(ch->name, sizeof ch->name, "%s", t.account);
	rel_fold(ch->key, t.account, strlen(t.account) + 1);
	for (size_t i = 0; rc == -REL_E_NOTFOUND && i < 2; i++) {
		ch->kind = kinds[i];
		rc = store_account_get(c->st, kinds[i], ch->key, UNIT_MONEY,
		    &a);
	}
	if (rc == 0)
		memcpy(ch->members, a.members, sizeof ch->members);
	return rc == 0 && a.closed ? -REL_E_DENIED : rc;
}

int
charge_may(struct core *c, const char *members, const char *user_key)
{
	return members[0] == '\0' ? 1 : store_group_has(c->st, members,
	    user_key);
}

const char *
charge_account(struct core *c, const char *name, const char *user_key,
    struct account *a)
{
	char key[sizeof a->key];
	int rc;

	if (strlen(name) >= sizeof key)
		return "account-info-needed";
	rel_fold(key, name, strlen(name) + 1);
	rc = store_account_get(c->st, ACCOUNT_SHARED, key, UNIT_MONEY, a);
	if (rc == -REL_E_NOTFOUND)
		rc = store_account_get(c->st, ACCOUNT_CODE, key, UNIT_MONEY,
		    a);
	if (rc == -REL_E_NOTFOUND)
		return "account-info-needed";
	if (rc == 0 && !a->closed && (rc = charge_may(c, a->members,
	    user_key)) == 0)
		return "account-denied";
	return rc < 0 ? "backend-unavailable" : a->closed ? "account-closed" :
	    NULL;
}

/* Amounts of what n says, by a version of the list; unknown pages: none. */
static int
amounts(struct core *c, const struct priced *what, struct rel_cost *cost,
    int64_t amount[MONEY_UNITS])
{
	int rc = prices_cost(c, what, cost);

	amount[MONEY] = rc == 0 ? cost->micro : 0;
	amount[COLOUR] = what->count->colour * what->copies;
	amount[MONO] = (what->count->sides - what->count->colour) *
	    what->copies;
	return rc;
}

static int
room(struct core *c, struct charge *ch, int unit)
{
	struct quota_room *r = &ch->room[unit];
	int rc = quota_room(c->st, ch->kind, ch->key, (enum money_unit)(unit +
	    1), rel_now_ms(), r);

	ch->counts[unit] = rc == 0 && (r->limited || (unit == MONEY &&
	    prices_version(c) > 0));
	return rc;
}

int
charge_estimate(struct core *c, const struct job *j, const struct device *d,
    struct charge *ch)
{
	struct priced what = { .job = j, .count = &j->count, .copies =
	    j->copies, .device = d };
	int rc;

	memset(ch, 0, sizeof *ch);
	rc = amounts(c, &what, &ch->cost, ch->amount);
	ch->priced = rc == 0;
	if (rc < 0 && rc != -REL_E_NOTFOUND && rc != -REL_E_FORMAT)
		return rc == -REL_E_NOTHELD ? -REL_E_IO : rc;
	rc = payer(c, j, ch);
	for (int u = 0; rc == 0 && u < MONEY_UNITS; u++)
		rc = room(c, ch, u);
	return rc;
}

/* ---- may it go out? */

void
charge_amount_text(const struct core *c, enum money_unit unit, int64_t amount,
    char *out, size_t size)
{
	char text[REL_MONEY_TEXT];

	if (unit == UNIT_MONEY) {
		rel_money_text_in(text, amount, prices_currency(c));
		snprintf(out, size, "%s", text);
		return;
	}
	snprintf(out, size, "%lld %s %s", (long long)amount, unit ==
	    UNIT_COLOUR ? "colour" : "mono", amount == 1 ? "side" : "sides");
}

/* Nobody can tell what it costs or who pays: MoneyUnclear says what then. */
static int
unclear(struct core *c, const struct job *j, struct charge *ch,
    struct released *out)
{
	enum { HOLD, ALLOW, REFUSE } policy = (int)c->role->set.money_unclear;

	rel_log(REL_WARN, "the money of a job is unclear", "job=%s",
	    ids_text(j->id));
	out->name[0] = '\0';		/* it is no account that says no */
	if (policy == HOLD)
		return gate_stop(out, "backend-unavailable", "what this job "
		    "costs cannot be found out now: try again later");
	if (policy == REFUSE)
		return gate_stop(out, "account-denied", "what this job costs "
		    "cannot be found out, and it is not printed unpaid");
	memset(ch, 0, sizeof *ch);
	job_event(c, j->id, "unclear", "released though nobody can tell what "
	    "it costs; it is charged when that is known");
	return 0;
}

static int
too_much(struct core *c, const struct charge *ch, int unit,
    struct released *out)
{
	enum money_unit u = (enum money_unit)(unit + 1);
	const struct quota_room *r = &ch->room[unit];
	char cost[64], left[64], when[32] = "";

	out->unit = unit + 1;
	out->need = ch->amount[unit];
	out->left = r->left;
	out->own = ch->kind == ACCOUNT_USER;
	charge_amount_text(c, u, ch->amount[unit], cost, sizeof cost);
	charge_amount_text(c, u, r->left, left, sizeof left);
	if (r->next_ms != INT64_MAX)
		rel_time_text(when, r->next_ms);
	return gate_stop(out, "quota-exceeded", "this job needs %s, and %s has "
	    "%s left%s%.10s", cost, ch->kind == ACCOUNT_USER ? "its owner" :
	    ch->name, left, when[0] != '\0' ? " until " : "", when);
}

int
charge_gate(struct core *c, const struct job *j, const struct device *d,
    bool ruled, struct charge *ch, struct released *out)
{
	int rc = charge_estimate(c, j, d, ch);

	snprintf(out->name, sizeof out->name, "%s", ch->name);
	if (rc == -REL_E_NOTFOUND)
		return gate_stop(out, "account-info-needed", "there is no "
		    "account \"%s\": choose another one", ch->name);
	if (rc == -REL_E_DENIED)
		return gate_stop(out, "account-closed", "the account \"%s\" "
		    "is closed: choose another one", ch->name);
	if (rc == 0 && !ruled && (rc = charge_may(c, ch->members,
	    j->user_key)) == 0)
		return gate_stop(out, "account-denied", "only members of %s "
		    "may charge the account \"%s\": choose another one",
		    ch->members, ch->name);
	if (rc < 0)
		return unclear(c, j, ch, out);
	for (int u = 0; u < MONEY_UNITS; u++)
		if (ch->counts[u] && !quota_fits(&ch->room[u],
		    ch->amount[u]))
			return too_much(c, ch, u, out);
	return 0;
}

/* ---- taken: set aside */

/* "24 colour sides at 0.10 (line 12); ..." */
static void
cost_words(const struct rel_cost *cost, char *out, size_t size)
{
	size_t n = 0;

	out[0] = '\0';
	for (unsigned i = 0; i < cost->nitems && n + 1 < size; i++) {
		char item[160];
		int more;

		rel_cost_text(&cost->items[i], item, sizeof item);
		more = snprintf(out + n, size - n, "%s%s", i > 0 ? "; " : "",
		    item);
		n += more > 0 ? (size_t)more : 0;
	}
}

static int
set_aside(struct core *c, const struct job *j, const struct charge *ch,
    int64_t now_ms)
{
	struct ledger_hold h = { .job = j->id, .now_ms = now_ms, .due_ms =
	    now_ms + c->role->set.reserve_ms, .price_version = prices_version(c) };
	struct rel_err err = { 0 };
	bool any = false;
	int rc = 0;

	for (int u = 0; rc == 0 && u < MONEY_UNITS; u++) {
		if (!ch->counts[u])
			continue;
		any = true;
		rc = quota_refill(c->st, ch->kind, ch->key,
		    (enum money_unit)(u + 1), now_ms);
		h.part[u] = (struct ledger_part){ ch->kind, ch->key,
		    ch->amount[u] };
	}
	if (!any || rc < 0)
		return rc < 0 ? rc : 1;
	return ledger_reserve(c->st, &h, &err);
}

int
charge_take(struct core *c, const struct job *j, const struct charge *ch)
{
	int64_t now_ms = rel_now_ms();
	char words[600], cost[64];
	struct rel_err err = { 0 };
	int rc;

	/* It goes once more: what was set aside for the first time is free. */
	rc = ledger_cancel(c->st, j->id, now_ms, &err);
	if (rc == 0)
		job_event(c, j->id, "cancelled", "it is printed once more: what "
		    "was set aside the first time flowed back");
	else if (rc != -REL_E_NOTFOUND && rc != -REL_E_NOTHELD)
		return rc;
	if ((rc = set_aside(c, j, ch, now_ms)) != 0)
		return rc < 0 ? rc : 0;
	if (!ch->priced)
		return 0;
	charge_amount_text(c, UNIT_MONEY, ch->amount[MONEY], cost,
	    sizeof cost);
	cost_words(&ch->cost, words, sizeof words);
	job_event(c, j->id, "reserved", "%s set aside from %.83s by price "
	    "list %lld: %s", cost, ch->name,
	    (long long)prices_version(c), words);
	return 0;
}

/* ---- ended: paid, or back */

static int
cancelled(struct core *c, const struct job *j)
{
	struct rel_err err = { 0 };
	int rc = ledger_cancel(c->st, j->id, rel_now_ms(), &err);

	if (rc == 0)
		job_event(c, j->id, "cancelled", "what was set aside flowed "
		    "back: nothing was printed");
	return rc == -REL_E_NOTFOUND || rc == -REL_E_NOTHELD ? 0 : rc;
}

/* Does this device say what came out (OPDP level 3)? */
static bool
device_reports(struct core *c, const char *id)
{
	struct device d;

	return store_device_get(c->st, id, &d) == 0 && d.level >= 3;
}

static void
settled_event(struct core *c, const struct job *j, const struct charge *was,
    const struct ledger_result *r)
{
	char paid[64], back[64];
	int64_t rest = was->amount[MONEY] - r->amount[MONEY];

	charge_amount_text(c, UNIT_MONEY, r->amount[MONEY], paid,
	    sizeof paid);
	charge_amount_text(c, UNIT_MONEY, rest < 0 ? -rest : rest, back,
	    sizeof back);
	job_event(c, j->id, "settled", "%s paid, by %s%s%s%s%s", paid,
	    settle_source_name(r->source), r->unconfirmed ? " because nobody "
	    "said what came out" : "", rest != 0 ? "; " : "", rest != 0 ?
	    back : "", rest > 0 ? " flowed back" : rest < 0 ?
	    " more than was set aside" : "");
}

/* Released while its money was unclear: set it aside now, in any case. */
static int
late(struct core *c, const struct job *j, struct ledger_job *lj)
{
	struct device d;
	struct charge ch;
	int rc = store_device_get(c->st, j->device_id, &d);

	if (rc < 0 || charge_estimate(c, j, &d, &ch) < 0)
		return 0;		/* still unclear: said in its events */
	if ((rc = charge_take(c, j, &ch)) == 0)
		rc = ledger_job(c->st, j->id, lj);
	return rc;
}

/* How much of each unit its payer pays for what came out. */
static int
result(struct core *c, const struct job *j, const struct ledger_job *lj,
    const struct priced *what, struct ledger_result *r)
{
	struct rel_cost cost;
	int rc = amounts(c, what, &cost, r->amount);

	r->job = j->id;
	r->now_ms = rel_now_ms();
	r->device_id = j->device_id;
	for (int u = 0; u < MONEY_UNITS; u++) {
		if (lj->payer[u] == 0)
			r->amount[u] = 0;
		else if (what->count->sides == 0 && r->source ==
		    SOURCE_ESTIMATE)	/* nobody knows; else: nothing */
			r->amount[u] = lj->set_aside[u];
	}
	return rc == -REL_E_NOTFOUND || rc == -REL_E_FORMAT ? 0 : rc;
}

static int
settle_by(struct core *c, const struct job *j, const struct job_count *n,
    int64_t copies, struct ledger_result *r)
{
	struct device d = { .id = "" };
	struct priced what = { .job = j, .count = n, .copies = copies,
	    .device = &d };
	struct ledger_job lj;
	struct charge was = { .priced = false };
	struct rel_err err = { 0 };
	int rc = ledger_job(c->st, j->id, &lj);

	if (rc == 0 && !lj.reserved && !lj.settled)
		rc = late(c, j, &lj);
	if (rc < 0 || (!lj.reserved && !lj.settled))
		return rc;
	if ((rc = store_device_get(c->st, j->device_id, &d)) < 0)
		what.device = NULL;
	what.version = lj.price_version;
	if ((rc = result(c, j, &lj, &what, r)) < 0)
		return rc;
	memcpy(was.amount, lj.reserved ? lj.set_aside : lj.paid,
	    sizeof was.amount);
	rc = lj.reserved ? ledger_settle(c->st, r, &err) :
	    ledger_correct(c->st, r, &err);
	if (rc == 0)
		settled_event(c, j, &was, r);
	return rc == -REL_E_NOTHELD ? 0 : rc;
}

int
charge_ended(struct core *c, const struct job *j, enum job_state to,
    const struct job_count *n, int64_t copies)
{
	struct ledger_result r = { .source = SOURCE_ESTIMATE };

	if (to == JOB_HELD)
		return cancelled(c, j);
	if (to == JOB_UNCONFIRMED)
		fleet_push(c, j->device_id, FLEET_PULL_USAGE);
	if (to != JOB_SENT || device_reports(c, j->device_id))
		return 0;		/* it will be known, within a day */
	return settle_by(c, j, n, copies, &r);
}

int
charge_record(struct core *c, const struct job *j, const struct job_count *n,
    enum settle_source source)
{
	struct ledger_result r = { .source = source };

	return settle_by(c, j, n, 1, &r);
}

/* ---- by the clock */

static int
due(struct core *c, int64_t job)
{
	struct ledger_result r = { .source = SOURCE_ESTIMATE,
	    .unconfirmed = true };
	struct job j;
	int rc;

	if (job < 0)
		return activity_due(c, ACTIVITY_ID(job));
	if ((rc = store_job_get(c->st, job, &j)) < 0)
		return rc;
	fleet_push(c, j.device_id, FLEET_PULL_USAGE);
	if (j.state == JOB_RELEASING)	/* still on its way: later */
		return store_reservation_later(c->st, job, rel_now_ms() +
		    c->role->set.reserve_ms);
	return settle_by(c, &j, j.out.sides > 0 ? &j.out : &j.count,
	    j.out.sides > 0 ? j.out_copies : j.copies, &r);
}

void
charge_tick(struct core *c)
{
	int64_t jobs[DUE_AT_ONCE];
	struct rel_err err;
	int rc = 0, n = store_reservation_due(c->st, rel_now_ms(), jobs,
	    DUE_AT_ONCE);

	if (n <= 0 || core_write(c, &err) < 0)
		return;
	for (int i = 0; rc == 0 && i < n; i++)
		rc = due(c, jobs[i]);
	if (rc < 0)
		core_spoil(c, rc);
}
