/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Money moves here and nowhere else; see doc/money.md. */
#include "releaserd/core/ledger.h"

#include <stdio.h>
#include <string.h>

#include "lib/money.h"

#define LINES_MAX (4 * MONEY_UNITS)	/* entries of one transfer */

/* A transfer as it is put together. */
struct posting {
	struct transfer t;
	int n;
	struct line {
		struct account a;
		int64_t amount;
	} line[LINES_MAX];
};

static void
posting_init(struct posting *p, enum transfer_kind kind, int64_t job,
    int64_t now_ms)
{
	memset(p, 0, sizeof *p);
	p->t.kind = kind;
	p->t.job = job;
	p->t.at_ms = now_ms;
}

static int
too_much(struct rel_err *err)
{
	return rel_err_set(err, REL_E_LIMIT,
	    "the amount is larger than a ledger can hold");
}

/* An account gets amount, even if that is nothing. */
static int
posting_entry(struct posting *p, const struct account *a, int64_t amount,
    struct rel_err *err)
{
	int i = 0;

	while (i < p->n && p->line[i].a.id != a->id)
		i++;
	if (i == LINES_MAX)
		return too_much(err);
	if (i == p->n) {
		p->line[p->n++].a = *a;
		p->line[i].amount = 0;
	}
	return rel_money_add(&p->line[i].amount, p->line[i].amount, amount) ?
	    0 : too_much(err);
}

static int
posting_line(struct posting *p, const struct account *a, int64_t amount,
    struct rel_err *err)
{
	return amount == 0 ? 0 : posting_entry(p, a, amount, err);
}

static int
posting_line_id(struct store *st, struct posting *p, int64_t account,
    int64_t amount, struct rel_err *err)
{
	struct account a;
	int rc;

	if (amount == 0)
		return 0;
	if ((rc = store_account_by_id(st, account, &a)) < 0)
		return rc == -REL_E_NOTFOUND ? rel_err_set(err, REL_E_IO,
		    "account %lld is not there", (long long)account) : rc;
	return posting_line(p, &a, amount, err);
}

/* Sums to zero in each unit, and every balance stays one. */
static int
posting_check(struct posting *p, struct rel_err *err)
{
	int64_t sum[MONEY_UNITS + 1] = { 0 };

	for (int i = 0; i < p->n; i++) {
		struct line *l = &p->line[i];

		if (!rel_money_add(&sum[l->a.unit], sum[l->a.unit],
		    l->amount) || !rel_money_add(&l->a.balance, l->a.balance,
		    l->amount))
			return too_much(err);
	}
	for (int u = 1; u <= MONEY_UNITS; u++)
		if (sum[u] != 0)
			return rel_err_set(err, REL_E_IO, "a %s that does not "
			    "sum to zero", transfer_kind_name(p->t.kind));
	return 0;
}

static int
posting_write(struct store *st, struct posting *p)
{
	int rc = store_transfer_add(st, &p->t);

	for (int i = 0; i < p->n && rc == 0; i++) {
		struct account *a = &p->line[i].a;
		struct ledger_entry e = { .transfer = p->t.id,
		    .account = a->id, .amount = p->line[i].amount,
		    .prev = a->last };

		a->last = p->t.id;
		rc = store_entry_add(st, &e);
		if (rc == 0)
			rc = store_account_move(st, a);
	}
	/* No constraint may stop it half-way: that is no answer. */
	return rc == -REL_E_EXISTS ? -REL_E_IO : rc;
}

static int
posting_done(struct store *st, struct posting *p, struct rel_err *err)
{
	int rc = posting_check(p, err);

	return rc < 0 || p->n == 0 ? rc : posting_write(st, p);
}

static bool
amount_ok(int64_t amount)
{
	return amount >= 0 && amount <= LEDGER_MAX;
}

/* ---- accounts */

static int
account_open(struct store *st, enum account_kind kind, const char *key,
    enum money_unit unit, struct account *out)
{
	int rc;

	memset(out, 0, sizeof *out);
	out->kind = kind;
	out->unit = unit;
	snprintf(out->key, sizeof out->key, "%s", key);
	rc = store_account_add(st, out);
	return rc == -REL_E_EXISTS ? -REL_E_IO : rc;
}

int
ledger_account(struct store *st, enum account_kind kind, const char *key,
    enum money_unit unit, struct account *out)
{
	struct account head = { .id = 0 };
	int rc = store_account_get(st, kind, key, unit, out);

	if (rc != -REL_E_NOTFOUND)
		return rc;
	/* One that was set up has money at least. */
	if ((kind == ACCOUNT_SHARED || kind == ACCOUNT_CODE) &&
	    (rc = store_account_get(st, kind, key, UNIT_MONEY, &head)) < 0)
		return rc;
	if (kind != ACCOUNT_USER && kind != ACCOUNT_DEVICE &&
	    kind != ACCOUNT_UNASSIGNED && head.id == 0)
		return -REL_E_NOTFOUND;
	if (strlen(key) >= sizeof out->key)
		return -REL_E_LIMIT;
	if ((rc = account_open(st, kind, key, unit, out)) < 0 || head.id == 0)
		return rc;
	memcpy(out->name, head.name, sizeof out->name);
	out->closed = head.closed;
	return store_account_set(st, out);
}

static int
account_missing(enum account_kind kind, const char *key, int rc,
    struct rel_err *err)
{
	const char *what = kind == ACCOUNT_CODE ? "billing code" :
	    kind == ACCOUNT_SHARED ? "shared account" : "account";

	return rc == -REL_E_NOTFOUND ? rel_err_set(err, REL_E_NOTFOUND,
	    "there is no %s \"%.83s\"", what, key) : rc;
}

/* The account that pays a part of a job. */
static int
part_account(struct store *st, const struct ledger_part *part,
    enum money_unit unit, struct account *out, struct rel_err *err)
{
	int rc;

	if (part->kind != ACCOUNT_USER && part->kind != ACCOUNT_SHARED &&
	    part->kind != ACCOUNT_CODE && part->kind != ACCOUNT_UNASSIGNED)
		return rel_err_set(err, REL_E_DENIED,
		    "such an account pays for no job");
	rc = ledger_account(st, part->kind, part->key, unit, out);
	if (rc < 0)
		return account_missing(part->kind, part->key, rc, err);
	if (out->closed)
		return rel_err_set(err, REL_E_DENIED, "the account \"%.83s\" "
		    "is closed", out->name[0] != '\0' ? out->name : out->key);
	return 0;
}

/* ---- a job: reserve, settle, cancel */

static int
reserve_part(struct store *st, const struct ledger_part *part, int u,
    struct reservation *r, struct posting *p, struct rel_err *err)
{
	struct account a;
	int rc;

	if (!amount_ok(part->amount))
		return too_much(err);
	if ((rc = part_account(st, part, (enum money_unit)(u + 1), &a,
	    err)) < 0)
		return rc;
	r->account[u] = a.id;
	r->amount[u] = part->amount;
	if ((rc = posting_line(p, &a, -part->amount, err)) < 0)
		return rc;
	return posting_line_id(st, p, RESERVED_ID(u + 1), part->amount, err);
}

int
ledger_reserve(struct store *st, const struct ledger_hold *h,
    struct rel_err *err)
{
	struct reservation r = { .job = h->job, .at_ms = h->now_ms,
	    .due_ms = h->due_ms, .price_version = h->price_version };
	struct posting p;
	int rc = store_reservation_get(st, h->job, &r);

	if (rc == 0)
		return rel_err_set(err, REL_E_EXISTS,
		    "there is a reservation for this job");
	if (rc != -REL_E_NOTFOUND)
		return rc;
	posting_init(&p, TRANSFER_RESERVE, h->job, h->now_ms);
	p.t.price_version = h->price_version;
	for (int u = 0; u < MONEY_UNITS; u++) {
		if (h->part[u].key == NULL)
			continue;
		rc = reserve_part(st, &h->part[u], u, &r, &p, err);
		if (rc < 0)
			return rc;
	}
	if ((rc = posting_done(st, &p, err)) < 0)
		return rc;
	rc = store_reservation_add(st, &r);
	return rc == -REL_E_EXISTS ? -REL_E_IO : rc;
}

/* Take the reservation: who gets it is the one who ends it. */
static int
reservation_end(struct store *st, int64_t job, struct reservation *r,
    struct rel_err *err)
{
	int rc = store_reservation_get(st, job, r);

	return rc == -REL_E_NOTFOUND ? rel_err_set(err, REL_E_NOTHELD,
	    "nothing is set aside for this job: it was settled before") : rc;
}

/* The device gets what came out; what was set aside beyond it goes back. */
static int
settle_unit(struct store *st, const struct ledger_result *res,
    const struct reservation *r, int u, struct posting *p, struct rel_err *err)
{
	int64_t amount = res->amount[u], rest = r->amount[u];
	struct account device;
	int rc;

	if (!amount_ok(amount))
		return too_much(err);
	if (amount > 0 && r->account[u] == 0)
		return rel_err_set(err, REL_E_DENIED, "nobody was named who "
		    "pays the %s of this job", money_unit_name(
		    (enum money_unit)(u + 1)));
	if (amount > 0) {
		rc = ledger_account(st, ACCOUNT_DEVICE, res->device_id,
		    (enum money_unit)(u + 1), &device);
		if (rc < 0 || (rc = posting_line(p, &device, amount,
		    err)) < 0)
			return rc;
	}
	if ((rc = posting_line_id(st, p, RESERVED_ID(u + 1), -rest,
	    err)) < 0)
		return rc;
	return posting_line_id(st, p, r->account[u], rest - amount, err);
}

/*
 * Nothing moved, and yet it is to be kept that it was settled, by what and at
 * whose expense: entries of nothing.
 */
static int
posting_mark(struct store *st, struct posting *p, int64_t payer,
    const char *device_id, struct rel_err *err)
{
	struct account a, device;
	int rc;

	if (payer == 0)
		return 0;
	if ((rc = store_account_by_id(st, payer, &a)) < 0 ||
	    (rc = ledger_account(st, ACCOUNT_DEVICE, device_id, a.unit,
	    &device)) < 0)
		return rc == -REL_E_NOTFOUND ? -REL_E_IO : rc;
	if ((rc = posting_entry(p, &a, 0, err)) < 0)
		return rc;
	return posting_entry(p, &device, 0, err);
}

static void
posting_of_result(struct posting *p, enum transfer_kind kind,
    const struct ledger_result *r)
{
	posting_init(p, kind, r->job, r->now_ms);
	p->t.source = r->source;
	p->t.unconfirmed = r->unconfirmed;
	p->t.price_version = r->price_version;
}

static int
end_reservation(struct store *st, struct posting *p, int64_t job,
    struct rel_err *err)
{
	int rc = posting_check(p, err);

	if (rc < 0 || (rc = store_reservation_take(st, job)) < 0)
		return rc;
	return p->n > 0 ? posting_write(st, p) : 0;
}

int
ledger_settle(struct store *st, const struct ledger_result *res,
    struct rel_err *err)
{
	struct reservation r;
	struct posting p;
	int rc = reservation_end(st, res->job, &r, err);

	if (rc < 0)
		return rc;
	posting_of_result(&p, TRANSFER_SETTLE, res);
	if (p.t.price_version == 0)
		p.t.price_version = r.price_version;
	for (int u = 0; u < MONEY_UNITS && rc == 0; u++)
		rc = settle_unit(st, res, &r, u, &p, err);
	for (int u = 0; u < MONEY_UNITS && rc == 0 && p.n == 0; u++)
		rc = posting_mark(st, &p, r.account[u], res->device_id, err);
	return rc < 0 ? rc : end_reservation(st, &p, res->job, err);
}

int
ledger_cancel(struct store *st, int64_t job, int64_t now_ms,
    struct rel_err *err)
{
	struct reservation r;
	struct posting p;
	int rc = reservation_end(st, job, &r, err);

	posting_init(&p, TRANSFER_CANCEL, job, now_ms);
	for (int u = 0; u < MONEY_UNITS && rc == 0; u++) {
		rc = posting_line_id(st, &p, RESERVED_ID(u + 1),
		    -r.amount[u], err);
		if (rc == 0)
			rc = posting_line_id(st, &p, r.account[u],
			    r.amount[u], err);
	}
	return rc < 0 ? rc : end_reservation(st, &p, job, err);
}

/* ---- a job that is settled */

struct job_story {
	struct ledger_job *job;
	int64_t held[MONEY_UNITS];	/* who paid in advance */
	struct transfer at;		/* that is read */
};

/* A job may be released again: each time somebody pays in advance anew. */
static void
story_next(struct job_story *s, const struct transfer *t)
{
	if (t->id == s->at.id)
		return;
	if (t->kind == TRANSFER_RESERVE || s->at.kind == TRANSFER_SETTLE ||
	    s->at.kind == TRANSFER_CANCEL)
		memset(s->held, 0, sizeof s->held);
	s->at = *t;
}

/* What a settlement took was somebody's who had paid in advance. */
static void
story_settled(struct job_story *s, const struct transfer *t)
{
	struct ledger_job *j = s->job;

	j->settled = true;
	j->source = t->source;
	j->unconfirmed = t->unconfirmed;
	j->price_version = t->price_version;
	for (int u = 0; u < MONEY_UNITS; u++)
		if (s->held[u] != 0 && t->kind == TRANSFER_SETTLE)
			j->payer[u] = s->held[u];
}

static void
story_payer(struct job_story *s, const struct job_entry *e, int u)
{
	if (e->t.kind == TRANSFER_RESERVE)
		s->held[u] = e->account;
	else if (e->t.kind != TRANSFER_CANCEL)
		s->job->payer[u] = e->account;
}

static bool
job_entry(const struct job_entry *e, void *ctx)
{
	struct job_story *s = ctx;
	struct ledger_job *j = s->job;
	int u = (int)e->unit - 1;

	if (u < 0 || u >= MONEY_UNITS)
		return true;
	story_next(s, &e->t);
	if (e->t.kind == TRANSFER_SETTLE || e->t.kind == TRANSFER_CORRECT)
		story_settled(s, &e->t);
	if (e->kind == ACCOUNT_RESERVED) {
		j->set_aside[u] += e->amount;
	} else if (e->kind != ACCOUNT_DEVICE) {
		story_payer(s, e, u);
	} else {
		j->device[u] = e->account;
		if (e->t.kind == TRANSFER_REFUND)
			j->refunded[u] -= e->amount;
		else
			j->paid[u] += e->amount;
	}
	return true;
}

int
ledger_job(struct store *st, int64_t job, struct ledger_job *out)
{
	struct job_story s = { .job = out };
	struct reservation r;
	int rc;

	memset(out, 0, sizeof *out);
	if ((rc = store_job_entries(st, job, job_entry, &s)) < 0)
		return rc;
	rc = store_reservation_get(st, job, &r);
	out->reserved = rc == 0;
	if (out->reserved)
		out->price_version = r.price_version;
	for (int u = 0; u < MONEY_UNITS && out->reserved; u++)
		if (r.account[u] != 0 || out->payer[u] == 0)
			out->payer[u] = r.account[u];
	return rc == -REL_E_NOTFOUND ? 0 : rc;
}

/* How a job stands, when there is something to give back or ask for. */
static int
settled_job(struct store *st, int64_t job, struct ledger_job *out,
    struct rel_err *err)
{
	int rc = ledger_job(st, job, out);

	if (rc < 0)
		return rc;
	if (out->reserved)
		return rel_err_set(err, REL_E_NOTHELD,
		    "this job is not settled yet");
	return out->settled ? 0 : rel_err_set(err, REL_E_NOTFOUND,
	    "nothing was paid for this job");
}

/* Who pays a unit nobody thought of: who pays the one nearest to it. */
static int
payer_of(struct store *st, struct ledger_job *j, int u)
{
	static const int near[MONEY_UNITS][2] = { { 2, 1 }, { 2, 0 },
	    { 1, 0 } };
	struct account its, a;
	int rc;

	for (int i = 0; i < 2 && j->payer[u] == 0; i++) {
		if (j->payer[near[u][i]] == 0)
			continue;
		if ((rc = store_account_by_id(st, j->payer[near[u][i]],
		    &its)) < 0 || (rc = ledger_account(st, its.kind, its.key,
		    (enum money_unit)(u + 1), &a)) < 0)
			return rc == -REL_E_NOTFOUND ? -REL_E_IO : rc;
		j->payer[u] = a.id;
	}
	return 0;
}

static int
correct_unit(struct store *st, const struct ledger_result *res,
    struct ledger_job *j, int u, struct posting *p, struct rel_err *err)
{
	int64_t want = res->amount[u] - j->refunded[u], more;
	struct account device;
	int rc;

	if (!amount_ok(res->amount[u]))
		return too_much(err);
	if (want < 0)
		want = 0;
	more = want - (j->paid[u] - j->refunded[u]);
	if (more == 0)
		return 0;
	if ((rc = payer_of(st, j, u)) < 0)
		return rc;
	if (j->payer[u] == 0)
		return rel_err_set(err, REL_E_DENIED, "nobody was named who "
		    "pays the %s of this job", money_unit_name(
		    (enum money_unit)(u + 1)));
	if (j->device[u] == 0) {
		rc = ledger_account(st, ACCOUNT_DEVICE, res->device_id,
		    (enum money_unit)(u + 1), &device);
		if (rc < 0)
			return rc;
		j->device[u] = device.id;
	}
	if ((rc = posting_line_id(st, p, j->device[u], more, err)) < 0)
		return rc;
	return posting_line_id(st, p, j->payer[u], -more, err);
}

int
ledger_correct(struct store *st, const struct ledger_result *res,
    struct rel_err *err)
{
	struct ledger_job j;
	struct posting p;
	int rc = settled_job(st, res->job, &j, err);

	if (rc < 0)
		return rc;
	posting_of_result(&p, TRANSFER_CORRECT, res);
	if (p.t.price_version == 0)
		p.t.price_version = j.price_version;
	for (int u = 0; u < MONEY_UNITS && rc == 0; u++)
		rc = correct_unit(st, res, &j, u, &p, err);
	/* The same amount, but now somebody has said so. */
	if (p.n == 0 && (j.unconfirmed != res->unconfirmed ||
	    j.source != res->source))
		for (int u = 0; u < MONEY_UNITS && rc == 0 && p.n == 0; u++)
			rc = posting_mark(st, &p, j.payer[u], res->device_id,
			    err);
	return rc < 0 ? rc : posting_done(st, &p, err);
}

static int
refund_unit(struct store *st, const struct ledger_refund *r,
    const struct ledger_job *j, int u, struct posting *p, struct rel_err *err)
{
	int64_t has = j->paid[u] - j->refunded[u], amount = r->amount[u];
	int rc;

	if (amount < 0)
		amount = has > 0 ? has : 0;
	if (amount > has)
		return rel_err_set(err, REL_E_LIMIT,
		    "that is more than was paid for this job");
	if ((rc = posting_line_id(st, p, j->device[u], -amount, err)) < 0)
		return rc;
	return posting_line_id(st, p, j->payer[u], amount, err);
}

int
ledger_refund(struct store *st, const struct ledger_refund *r,
    struct rel_err *err)
{
	struct ledger_job j;
	struct posting p;
	int rc = settled_job(st, r->job, &j, err);

	if (rc < 0)
		return rc;
	posting_init(&p, TRANSFER_REFUND, r->job, r->now_ms);
	snprintf(p.t.by, sizeof p.t.by, "%s", r->by != NULL ? r->by : "");
	snprintf(p.t.text, sizeof p.t.text, "%s", r->text != NULL ? r->text :
	    "");
	for (int u = 0; u < MONEY_UNITS && rc == 0; u++)
		rc = refund_unit(st, r, &j, u, &p, err);
	if (rc == 0 && p.n == 0)
		return rel_err_set(err, REL_E_NOTFOUND,
		    "there is nothing to give back for this job");
	return rc < 0 ? rc : posting_done(st, &p, err);
}

int
ledger_record(struct store *st, const struct usage_record *u,
    struct rel_err *err)
{
	int rc;

	if (u->seq < 0 || u->device_id[0] == '\0' || !amount_ok(u->sheets) ||
	    !amount_ok(u->mono) || !amount_ok(u->colour))
		return rel_err_set(err, REL_E_LIMIT,
		    "a usage record that cannot be");
	rc = store_record_add(st, u);
	return rc == -REL_E_EXISTS ? rel_err_set(err, REL_E_EXISTS,
	    "this usage record was here before") : rc;
}

/* ---- grants and refills */

int
ledger_grant(struct store *st, const struct ledger_grant *g,
    struct rel_err *err)
{
	struct account a;
	struct posting p;
	int rc;

	if (g->amount == 0 || g->amount > LEDGER_MAX ||
	    g->amount < -LEDGER_MAX)
		return g->amount == 0 ? rel_err_set(err, REL_E_LIMIT,
		    "there is nothing to grant") : too_much(err);
	if (g->kind != ACCOUNT_USER && g->kind != ACCOUNT_SHARED &&
	    g->kind != ACCOUNT_CODE)
		return rel_err_set(err, REL_E_DENIED,
		    "nothing is granted to such an account");
	rc = ledger_account(st, g->kind, g->key, g->unit, &a);
	if (rc < 0)
		return account_missing(g->kind, g->key, rc, err);
	posting_init(&p, TRANSFER_GRANT, 0, g->now_ms);
	snprintf(p.t.by, sizeof p.t.by, "%s", g->by != NULL ? g->by : "");
	snprintf(p.t.text, sizeof p.t.text, "%s", g->text != NULL ? g->text :
	    "");
	if ((rc = posting_line(&p, &a, g->amount, err)) < 0 ||
	    (rc = posting_line_id(st, &p, BANK_ID(g->unit), -g->amount,
	    err)) < 0)
		return rc;
	return posting_done(st, &p, err);
}

int
ledger_refill(struct store *st, int64_t account, int64_t amount,
    int64_t period_ms, int64_t now_ms)
{
	struct rel_err err = { 0 };
	struct account a;
	struct posting p;
	int rc = store_account_by_id(st, account, &a);

	if (rc < 0)
		return rc;
	if (a.refilled_ms >= period_ms)
		return -REL_E_NOTHELD;
	posting_init(&p, TRANSFER_REFILL, 0, now_ms);
	if ((rc = posting_line(&p, &a, amount, &err)) < 0 ||
	    (rc = posting_line_id(st, &p, BANK_ID(a.unit), -amount,
	    &err)) < 0 || (rc = posting_check(&p, &err)) < 0)
		return rc;
	if ((rc = store_account_refilled(st, account, period_ms)) < 0)
		return rc;
	return p.n > 0 ? posting_write(st, &p) : 0;
}
