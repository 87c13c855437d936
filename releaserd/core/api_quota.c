/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Quotas in the local API; and the check of the ledger. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/money.h"
#include "lib/period.h"
#include "releaserd/core/api_money.h"

#define QUOTA_MOST 999999		/* units of money, or sides */
#define CHECK_SLICE_MS 3
#define CHECK_CALL_MS 500		/* then the caller asks again */

static json_t *
quota_json(const struct quota *q)
{
	char at[6];

	rel_period_at_text(at, q->at_min);
	return json_pack("{s:s,s:s,s:s,s:o,s:s,s:s,s:b,s:s,s:s,s:o}", "owner",
	    quota_owner_name(q->owner), "name", q->key, "unit",
	    money_unit_name(q->unit), "amount", api_amount_json(q->unit,
	    q->amount), "period", rel_period_name(
	    (enum rel_period)q->period), "at", at, "carry", q->carry, "last",
	    q->exceed ? "exceed" : "refuse", "by", q->by, "set_at",
	    json_time(q->set_ms));
}

struct quota_rows {
	json_t *rows;
	struct quota last;
};

static bool
quota_row(const struct quota *q, void *ctx)
{
	struct quota_rows *w = ctx;

	json_array_append_new(w->rows, quota_json(q));
	w->last = *q;
	return true;
}

/* "1-2-anna": where a page ends. */
static bool
after_quota(struct quota *q, const char *text)
{
	if (strlen(text) < 4 || text[1] != '-' || text[3] != '-' ||
	    text[0] < '1' || text[0] > '9' || text[2] < '1' || text[2] > '9')
		return false;
	q->owner = (enum quota_owner)(text[0] - '0');
	q->unit = (enum money_unit)(text[2] - '0');
	snprintf(q->key, sizeof q->key, "%s", text + 4);
	return true;
}

static void
quota_list(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	int limit = (int)req_num(rq, F_LIMIT, API_LIMIT), n;
	const char *after = req_str(rq, F_AFTER);
	struct quota_rows w = { .rows = NULL };
	char next[96];

	if (api_need(c, a, who, WHO_HELPDESK) < 0)
		return;
	if (after != NULL && !after_quota(&w.last, after)) {
		reply_problem(c, a, "bad-request", 0,
		    "after is not what the page before said");
		return;
	}
	w.rows = json_array();
	n = store_quota_list(c->st, &w.last, limit, quota_row, &w);
	if (n < 0) {
		json_decref(w.rows);
		reply_broken(c, a, n);
		return;
	}
	snprintf(next, sizeof next, "%d-%d-%s", (int)w.last.owner,
	    (int)w.last.unit, w.last.key);
	api_answer_list(c, a, "quotas", w.rows, n == limit ? next : NULL);
}

void
api_quota_list(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, quota_list);
}

/* ---- changes */

/* Whose, and of what. 0, or answered. */
static int
owner_read(struct core *c, const struct request *rq, struct asker *a,
    const char *name, struct quota *q)
{
	int owner = quota_owner_of(req_str(rq, F_OWNER));
	bool ok;

	if (owner == 0) {
		reply_field(c, a, "bad-request", "owner",
		    "owner must be user, group, shared or everybody");
		return -1;
	}
	q->owner = (enum quota_owner)owner;
	if (q->owner == QUOTA_EVERYBODY)
		ok = name == NULL || name[0] == '\0' || strcmp(name, "-") == 0;
	else if (name == NULL || name[0] == '\0')
		ok = false;
	else if (q->owner == QUOTA_USER)
		ok = rel_user_key(q->key, sizeof q->key, name,
		    c->role->set.strip_realm != 0);
	else if (q->owner == QUOTA_GROUP)
		ok = api_group_key(q->key, name);
	else
		ok = api_folded_key(q->key, name);
	if (ok)
		return api_unit_read(c, rq, a, &q->unit);
	reply_field(c, a, "bad-request", "name", q->owner == QUOTA_EVERYBODY ?
	    "everybody has no name" : "this is no usable name");
	return -1;
}

/* The group, or the shared account, must be there. 0, or answered. */
static int
owner_there(struct core *c, struct asker *a, const struct quota *q)
{
	struct person_group g;
	struct account acc;
	int rc = q->owner == QUOTA_GROUP ? store_group_get(c->st, q->key, &g) :
	    q->owner == QUOTA_SHARED ? store_account_get(c->st,
	    ACCOUNT_SHARED, q->key, UNIT_MONEY, &acc) : 0;

	if (rc == 0)
		return 0;
	if (rc == -REL_E_NOTFOUND)
		reply_problem(c, a, "not-found", 0, "there is no %s \"%s\"",
		    q->owner == QUOTA_GROUP ? "group" : "shared account",
		    q->key);
	else
		reply_broken(c, a, rc);
	return -1;
}

static int
amount_read(struct core *c, const struct request *rq, struct asker *a,
    struct quota *q)
{
	int64_t most = q->unit == UNIT_MONEY ? QUOTA_MOST * REL_MONEY_UNIT :
	    QUOTA_MOST;

	if (api_amount_read(c, a, req_str(rq, F_AMOUNT), q->unit,
	    &q->amount) < 0)
		return -1;
	if (q->amount >= 0 && q->amount <= most)
		return 0;
	reply_field(c, a, "bad-request", "amount",
	    "amount must be 0 to 999999");
	return -1;
}

static int
period_read(struct core *c, const struct request *rq, struct asker *a,
    struct quota *q)
{
	const char *period = req_str(rq, F_PERIOD), *at = req_str(rq, F_AT);
	const char *last = req_str(rq, F_LAST);
	enum rel_period p = REL_PERIOD_MONTH;

	if (period != NULL && !rel_period_parse(&p, period))
		reply_field(c, a, "bad-request", "period",
		    "period must be day, week, month, year or never");
	else if (at != NULL && !rel_period_at_parse(&q->at_min, at))
		reply_field(c, a, "bad-request", "at",
		    "at must be a time of day, such as 06:30");
	else if (last != NULL && strcmp(last, "refuse") != 0 &&
	    strcmp(last, "exceed") != 0)
		reply_field(c, a, "bad-request", "last",
		    "last must be refuse or exceed");
	else {
		q->period = (int)p;
		q->exceed = last != NULL && strcmp(last, "exceed") == 0;
		q->carry = req_num(rq, F_CARRY, 0) != 0;
		return 0;
	}
	return -1;
}

static void
quota_audit(struct core *c, const struct caller *who, const char *what,
    const struct quota *q)
{
	char detail[160];

	snprintf(detail, sizeof detail, "%s %.83s %s %lld %s",
	    quota_owner_name(q->owner), q->key, money_unit_name(q->unit),
	    (long long)q->amount, rel_period_name(
	    (enum rel_period)q->period));
	api_audit(c, who, what, detail);
	quota_changed(c);
}

static void
quota_set(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct quota q = { .set_ms = rel_now_ms() };
	struct rel_err err;
	int rc;

	if (api_need(c, a, who, WHO_OPERATOR) < 0 ||
	    owner_read(c, rq, a, req_str(rq, F_NAME), &q) < 0 ||
	    amount_read(c, rq, a, &q) < 0 || period_read(c, rq, a, &q) < 0 ||
	    owner_there(c, a, &q) < 0)
		return;
	snprintf(q.by, sizeof q.by, "%s", who->name);
	if (core_write(c, &err) < 0) {
		reply_broken(c, a, -REL_E_PEER);
		return;
	}
	if ((rc = store_quota_set(c->st, &q)) < 0) {
		reply_broken(c, a, core_spoil(c, rc));
		return;
	}
	quota_audit(c, who, "quota-set", &q);
	reply_json(c, a, 200, quota_json(&q));
}

void
api_quota_set(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, quota_set);
}

static void
quota_del(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct quota q = { .amount = 0 };
	struct rel_err err;
	int rc;

	if (api_need(c, a, who, WHO_OPERATOR) < 0 ||
	    owner_read(c, rq, a, req_str(rq, F_ID), &q) < 0)
		return;
	if (core_write(c, &err) < 0) {
		reply_broken(c, a, -REL_E_PEER);
		return;
	}
	rc = store_quota_del(c->st, q.owner, q.key, q.unit);
	if (rc == -REL_E_NOTFOUND) {
		reply_problem(c, a, "not-found", 0, "there is no such quota");
		return;
	}
	if (rc < 0) {
		reply_broken(c, a, core_spoil(c, rc));
		return;
	}
	quota_audit(c, who, "quota-removed", &q);
	reply_text(c, a, 204, NULL, 0);
}

void
api_quota_del(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, quota_del);
}

/* ---- is the ledger right? */

/* One check at a time: who asks while it runs waits for the same one. */
struct checking {
	struct ledger_check *lc;
	int64_t number;			/* which one it is */
	int64_t begun_ms;
};

struct check_call {
	struct asker a;
	int64_t until_ms;
};

static void
check_answer(struct core *c, const struct asker *a)
{
	const struct ledger_checked *t = ledger_check_told(c->checking->lc);
	json_t *findings = json_array();
	char next[24];

	for (int64_t i = 0; i < t->wrong && i < LEDGER_FINDINGS; i++)
		json_array_append_new(findings, json_string(t->text[i]));
	snprintf(next, sizeof next, "%lld", (long long)c->checking->number);
	reply_json(c, a, 200, json_pack("{s:b,s:b,s:I,s:I,s:I,s:I,s:I,s:o,"
	    "s:s?}", "done", t->done, "right", t->done && t->wrong == 0,
	    "transfers", (json_int_t)t->transfers, "entries",
	    (json_int_t)t->entries, "accounts", (json_int_t)t->accounts,
	    "reservations", (json_int_t)t->reservations, "wrong",
	    (json_int_t)t->wrong, "findings", findings, "next", t->done ?
	    NULL : next));
}

static bool
check_slice(struct core *c, void *arg, bool go_on)
{
	struct check_call *call = arg;
	int rc = 0;

	if (go_on) {
		rc = ledger_check_step(c->checking->lc, c->st,
		    CHECK_SLICE_MS);
		if (rc > 0 && rel_mono_ms() < call->until_ms)
			return true;
		if (rc < 0)
			reply_broken(c, &call->a, rc);
		else
			check_answer(c, &call->a);
	}
	free(call);
	return false;
}

/* The check that `after` names, or a new one. */
static bool
checking_get(struct core *c, const char *after)
{
	struct checking *k = c->checking;
	int64_t number;

	if (k == NULL && (k = c->checking = calloc(1, sizeof *k)) == NULL)
		return false;
	if (k->lc != NULL && (!ledger_check_told(k->lc)->done ||
	    (after != NULL && rel_int(&number, after, 1, INT64_MAX) &&
	    number == k->number)))
		return true;
	ledger_check_free(&k->lc);
	k->number++;
	k->begun_ms = rel_now_ms();
	k->lc = ledger_check_new();
	return k->lc != NULL;
}

static void
ledger_get(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct check_call *call;

	if (api_need(c, a, who, WHO_OPERATOR) < 0)
		return;
	if (!checking_get(c, req_str(rq, F_AFTER)) ||
	    (call = calloc(1, sizeof *call)) == NULL) {
		reply_broken(c, a, -REL_E_NOMEM);
		return;
	}
	call->a = *a;
	call->until_ms = rel_mono_ms() + CHECK_CALL_MS;
	if (core_slices(c, check_slice, call) < 0) {
		reply_problem(c, a, "rate-limited", 2,
		    "too many reports at once: try again in a moment");
		free(call);
	}
}

void
api_ledger_check(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, ledger_get);
}

void
api_ledger_fini(struct core *c)
{
	if (c->checking != NULL)
		ledger_check_free(&c->checking->lc);
	free(c->checking);
	c->checking = NULL;
}
