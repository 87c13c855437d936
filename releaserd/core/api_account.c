/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Accounts in the local API: what there is, grants, statements, refunds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/fold.h"
#include "lib/money.h"
#include "releaserd/core/activity.h"
#include "releaserd/core/api_money.h"
#include "releaserd/core/prices.h"

bool
api_folded_key(char key[84], const char *name)
{
	size_t n = strlen(name);

	if (n == 0 || n >= 84)
		return false;
	rel_fold(key, name, n + 1);
	return true;
}

json_t *
api_amount_json(enum money_unit unit, int64_t amount)
{
	char text[REL_MONEY_TEXT];

	if (unit == UNIT_MONEY)
		rel_money_text(text, amount);
	else
		snprintf(text, sizeof text, "%lld", (long long)amount);
	return json_string(text);
}

int
api_amount_read(struct core *c, struct asker *a, const char *text,
    enum money_unit unit, int64_t *out)
{
	struct rel_err err = { .text = "must be a whole number of sides" };
	char words[300];
	bool ok;

	if (unit == UNIT_MONEY)
		ok = rel_money_parse(out, text, &err) == 0 &&
		    *out <= LEDGER_MAX && *out >= -LEDGER_MAX;
	else
		ok = rel_int(out, text, -LEDGER_MAX, LEDGER_MAX);
	if (ok)
		return 0;
	snprintf(words, sizeof words, "amount %s", err.text);
	reply_field(c, a, "bad-request", "amount", words);
	return -1;
}

int
api_unit_read(struct core *c, const struct request *rq, struct asker *a,
    enum money_unit *unit)
{
	const char *name = req_str(rq, F_UNIT);
	int u = name != NULL ? money_unit_of(name) : UNIT_MONEY;

	if (u != 0) {
		*unit = (enum money_unit)u;
		return 0;
	}
	reply_field(c, a, "bad-request", "unit",
	    "unit must be money, colour or mono");
	return -1;
}

void
api_ledger_answer(struct core *c, struct asker *a, int rc,
    const struct rel_err *err)
{
	const char *text = err->text[0] != '\0' ? err->text :
	    "that cannot be done";

	switch (-rc) {
	case REL_E_NOTFOUND:
		reply_problem(c, a, "not-found", 0, "%s", text);
		break;
	case REL_E_NOTHELD:
	case REL_E_EXISTS:
		reply_problem(c, a, "job-not-held", 0, "%s", text);
		break;
	case REL_E_DENIED:
		reply_problem(c, a, "account-closed", 0, "%s", text);
		break;
	case REL_E_LIMIT:
		reply_problem(c, a, "bad-request", 0, "%s", text);
		break;
	default:
		reply_broken(c, a, core_spoil(c, rc));
		break;
	}
}

/* ---- which account */

struct which {
	enum account_kind kind;
	char key[84];
};

/* Name in the path, kind beside it. 0, or answered. */
static int
which_read(struct core *c, const struct request *rq, struct asker *a,
    const char *name, struct which *w)
{
	const char *kind = req_str(rq, F_KIND);
	int k = kind != NULL ? account_kind_of(kind) : ACCOUNT_USER;

	if (k != ACCOUNT_USER && k != ACCOUNT_SHARED && k != ACCOUNT_CODE &&
	    k != ACCOUNT_DEVICE && k != ACCOUNT_UNASSIGNED) {
		reply_field(c, a, "bad-request", "kind", "kind must be user, "
		    "shared, code, device or unassigned");
		return -1;
	}
	w->kind = (enum account_kind)k;
	if (k == ACCOUNT_USER ? rel_user_key(w->key, sizeof w->key, name,
	    c->role->set.strip_realm != 0) : k == ACCOUNT_DEVICE ?
	    snprintf(w->key, sizeof w->key, "%s", name) > 0 :
	    api_folded_key(w->key, name))
		return 0;
	reply_problem(c, a, "bad-request", 0, "this is no usable name");
	return -1;
}

/* Of oneself, or by the help desk and above. 0, or answered. */
static int
which_of_path(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who, struct which *w)
{
	if (which_read(c, rq, a, req_str(rq, F_ID), w) < 0)
		return -1;
	if (w->kind == ACCOUNT_USER && who->key[0] != '\0' &&
	    strcmp(w->key, who->key) == 0)
		return 0;
	return api_need(c, a, who, WHO_HELPDESK);
}

static void
unknown(struct core *c, struct asker *a, const struct which *w)
{
	reply_problem(c, a, "not-found", 0, "there is no %s account \"%s\"",
	    account_kind_name(w->kind), w->key);
}

/* ---- accounts as JSON */

static json_t *
room_json(struct core *c, const struct account *a)
{
	struct quota_room r;
	json_t *o;

	if (quota_room(c->st, a->kind, a->key, a->unit, rel_now_ms(),
	    &r) < 0)
		memset(&r, 0, sizeof r);
	o = json_pack("{s:s,s:o,s:b}", "unit", money_unit_name(a->unit),
	    "balance", api_amount_json(a->unit, r.limited ? r.left :
	    a->balance), "limited", r.limited);
	if (o == NULL || !r.limited)
		return o;
	json_object_set_new(o, "quota", api_amount_json(a->unit, r.amount));
	json_object_set_new(o, "used", api_amount_json(a->unit, r.left <
	    r.amount ? r.amount - r.left : 0));
	json_object_set_new(o, "quota_of", json_string(
	    quota_owner_name(r.quota.owner)));
	json_object_set_new(o, "next_at", r.next_ms == INT64_MAX ?
	    json_null() : json_time(r.next_ms));
	return o;
}

/* {name, kind, closed, units:[...]}; the head is that of its first unit. */
static json_t *
account_json(struct core *c, const struct account *a)
{
	return json_pack("{s:s,s:s,s:b,s:s,s:s,s:[o]}", "name", a->name[0] !=
	    '\0' ? a->name : a->key, "kind", account_kind_name(a->kind),
	    "closed", a->closed, "members", a->members, "currency", prices_currency(c), "units",
	    room_json(c, a));
}

bool
api_account_same(const struct account_rows *w, const struct account *a)
{
	return json_array_size(w->rows) > 0 && w->last.kind == a->kind &&
	    strcmp(w->last.key, a->key) == 0;
}

bool
api_account_row(const struct account *a, void *ctx)
{
	struct account_rows *w = ctx;
	json_t *one = json_array_get(w->rows, json_array_size(w->rows) - 1);

	if (api_account_same(w, a))
		json_array_append_new(json_object_get(one, "units"),
		    room_json(w->c, a));
	else
		json_array_append_new(w->rows, account_json(w->c, a));
	w->last = *a;
	return true;
}

void
api_account_next(char out[96], const struct account *last)
{
	snprintf(out, 96, "%d-%d-%s", (int)last->kind, (int)last->unit,
	    last->key);
}

int
api_account_after(struct core *c, const struct request *rq, struct asker *a,
    struct account *after)
{
	const char *text = req_str(rq, F_AFTER);
	char digit[2] = { 0 };
	int64_t kind, unit;

	if (text == NULL || text[0] == '\0')
		return 0;
	if (strlen(text) >= 4 && text[1] == '-' && text[3] == '-') {
		digit[0] = text[0];
		if (rel_int(&kind, digit, 1, 9)) {
			digit[0] = text[2];
			if (rel_int(&unit, digit, 1, MONEY_UNITS)) {
				after->kind = (enum account_kind)kind;
				after->unit = (enum money_unit)unit;
				snprintf(after->key, sizeof after->key, "%s",
				    text + 4);
				return 0;
			}
		}
	}
	reply_problem(c, a, "bad-request", 0,
	    "after is not what the page before said");
	return -1;
}

static void
account_list(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	const char *kind = req_str(rq, F_KIND);
	struct account_filter f = { .limit = (int)req_num(rq, F_LIMIT,
	    API_LIMIT) };
	struct account_rows w = { .c = c };
	char next[96];
	int k = 0, n;

	if (api_need(c, a, who, WHO_HELPDESK) < 0 ||
	    api_account_after(c, rq, a, &f.after) < 0)
		return;
	if (kind != NULL && (k = account_kind_of(kind)) == 0) {
		reply_field(c, a, "bad-request", "kind", "kind must be user, "
		    "shared, code, device, reserved, bank or unassigned");
		return;
	}
	f.kind = (enum account_kind)k;
	if (api_seek(c, rq, a, SEEK_ACCOUNTS, k))
		return;
	w.rows = json_array();
	if ((n = store_account_list(c->st, &f, api_account_row, &w)) < 0) {
		json_decref(w.rows);
		reply_broken(c, a, n);
		return;
	}
	api_account_next(next, &w.last);
	api_answer_list(c, a, "accounts", w.rows, n == f.limit ? next : NULL);
}

void
api_account_list(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, account_list);
}

/* All units of one; a user's is there though it was never used. */
static void
account_show(struct core *c, struct asker *a, const struct which *w,
    int status)
{
	struct account acc, head = { .kind = w->kind, .unit = UNIT_MONEY };
	json_t *o = NULL;

	memcpy(head.key, w->key, sizeof head.key);
	for (int u = UNIT_MONEY; u <= MONEY_UNITS; u++) {
		enum money_unit unit = (enum money_unit)u;
		int rc = store_account_get(c->st, w->kind, w->key, unit,
		    &acc);

		if (rc < 0 && rc != -REL_E_NOTFOUND) {
			json_decref(o);
			reply_broken(c, a, rc);
			return;
		}
		if (rc < 0 && w->kind != ACCOUNT_USER)
			continue;
		head.unit = unit;
		if (o == NULL)
			o = account_json(c, rc == 0 ? &acc : &head);
		else
			json_array_append_new(json_object_get(o, "units"),
			    room_json(c, rc == 0 ? &acc : &head));
	}
	if (o == NULL)
		unknown(c, a, w);
	else
		reply_json(c, a, status, o);
}

static void
account_get(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct which w;

	if (which_of_path(c, rq, a, who, &w) == 0)
		account_show(c, a, &w, 200);
}

void
api_account_get(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, account_get);
}

/* ---- shared accounts and billing codes */

/* 0 in an open transaction, or answered. */
static int
change_begin(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who, struct which *w)
{
	bool is_new = rq->route == API_ACCOUNT_ADD;
	struct rel_err err;

	if (api_need(c, a, who, WHO_OPERATOR) < 0 || which_read(c, rq, a,
	    req_str(rq, is_new ? F_NAME : F_ID), w) < 0)
		return -1;
	if (w->kind != ACCOUNT_SHARED && w->kind != ACCOUNT_CODE) {
		reply_field(c, a, "bad-request", "kind",
		    "kind must be shared or code: the accounts of users and "
		    "devices come by themselves");
		return -1;
	}
	if (core_write(c, &err) == 0)
		return 0;
	reply_broken(c, a, -REL_E_PEER);
	return -1;
}

static void
account_add(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct account acc = { .unit = UNIT_MONEY,
	    .created_ms = rel_now_ms() };
	struct which w;
	int rc;

	if (change_begin(c, rq, a, who, &w) < 0)
		return;
	acc.kind = w.kind;
	memcpy(acc.key, w.key, sizeof acc.key);
	snprintf(acc.name, sizeof acc.name, "%s", req_str(rq, F_NAME));
	rc = store_account_add(c->st, &acc);
	if (rc == -REL_E_EXISTS) {
		reply_field(c, a, "bad-request", "name",
		    "there is an account of that name");
		return;
	}
	if (rc < 0) {
		reply_broken(c, a, core_spoil(c, rc));
		return;
	}
	api_audit(c, who, "account-added", acc.name);
	account_show(c, a, &w, 201);
}

void
api_account_add(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, account_add);
}

/* The group whose members alone may charge it; 0, or answered. */
static int
members_read(struct core *c, const struct request *rq, struct asker *a,
    struct account *acc)
{
	const char *name = req_str(rq, F_MEMBERS);
	struct person_group g;
	int rc;

	if (name == NULL)
		return 0;
	if (name[0] == '\0') {
		acc->members[0] = '\0';
		return 0;
	}
	rc = api_group_key(acc->members, name) ? store_group_get(c->st,
	    acc->members, &g) : -REL_E_NOTFOUND;
	if (rc == -REL_E_NOTFOUND)
		reply_field(c, a, "bad-request", "members",
		    "there is no group of that name");
	else if (rc < 0)
		reply_broken(c, a, rc);
	return rc;
}

static void
account_set(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct account acc;
	char detail[240];
	struct which w;
	int rc;

	if (change_begin(c, rq, a, who, &w) < 0)
		return;
	rc = store_account_get(c->st, w.kind, w.key, UNIT_MONEY, &acc);
	if (rc == -REL_E_NOTFOUND) {
		unknown(c, a, &w);
		return;
	}
	acc.closed = req_num(rq, F_CLOSED, acc.closed) != 0;
	if (rc == 0 && members_read(c, rq, a, &acc) < 0)
		return;
	if (rc == 0)
		rc = store_account_set(c->st, &acc);
	if (rc < 0) {
		reply_broken(c, a, core_spoil(c, rc));
		return;
	}
	snprintf(detail, sizeof detail, "%.83s %s%s%s", acc.name, acc.closed ?
	    "closed" : "open", acc.members[0] != '\0' ? ", only for " : "",
	    acc.members);
	api_audit(c, who, "account-changed", detail);
	account_show(c, a, &w, 200);
}

void
api_account_set(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, account_set);
}

/* ---- grants and refunds */

static void
account_grant(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	const char *text = req_str(rq, F_TEXT), *amount = req_str(rq,
	    F_AMOUNT);
	struct ledger_grant g = { .now_ms = rel_now_ms(), .by = who->name,
	    .text = text };
	struct rel_err err = { 0 };
	char detail[200];
	struct which w;
	int rc;

	if (api_need(c, a, who, WHO_OPERATOR) < 0 ||
	    which_read(c, rq, a, req_str(rq, F_ID), &w) < 0 ||
	    api_unit_read(c, rq, a, &g.unit) < 0 ||
	    api_amount_read(c, a, amount, g.unit, &g.amount) < 0)
		return;
	g.kind = w.kind;
	g.key = w.key;
	if (core_write(c, &err) < 0) {
		reply_broken(c, a, -REL_E_PEER);
		return;
	}
	/* First what is due: a grant stays beside it. */
	rc = quota_refill(c->st, g.kind, g.key, g.unit, g.now_ms);
	if (rc == 0)
		rc = ledger_grant(c->st, &g, &err);
	if (rc < 0) {
		api_ledger_answer(c, a, rc, &err);
		return;
	}
	snprintf(detail, sizeof detail, "%s %.83s %.40s %s",
	    account_kind_name(w.kind), w.key, amount,
	    money_unit_name(g.unit));
	api_audit(c, who, "granted", detail);
	account_show(c, a, &w, 200);
}

void
api_account_grant(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, account_grant);
}

static void
job_refund(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct ledger_refund r = { .now_ms = rel_now_ms(), .by = who->name,
	    .amount = { -1, -1, -1 }, .text = req_str(rq, F_TEXT) };
	const char *amount = req_str(rq, F_AMOUNT);
	struct rel_err err = { 0 };
	char detail[64];
	int rc;

	if (api_need(c, a, who, WHO_OPERATOR) < 0)
		return;
	if (!ids_job_parse(&r.job, req_str(rq, F_ID))) {
		reply_problem(c, a, "job-unknown", 0, "there is no such job");
		return;
	}
	if (amount != NULL) {
		r.amount[1] = r.amount[2] = 0;
		if (api_amount_read(c, a, amount, UNIT_MONEY,
		    &r.amount[0]) < 0)
			return;
		if (r.amount[0] <= 0) {
			reply_field(c, a, "bad-request", "amount",
			    "what flows back must be more than nothing");
			return;
		}
	}
	if (core_write(c, &err) < 0) {
		reply_broken(c, a, -REL_E_PEER);
		return;
	}
	if ((rc = ledger_refund(c->st, &r, &err)) < 0) {
		api_ledger_answer(c, a, rc, &err);
		return;
	}
	snprintf(detail, sizeof detail, "%s %.30s", ids_text(r.job),
	    amount != NULL ? amount : "all");
	api_audit(c, who, "refunded", detail);
	reply_text(c, a, 204, NULL, 0);
}

void
api_job_refund(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, job_refund);
}

/* ---- statements */

struct statement_rows {
	json_t *rows;
	enum money_unit unit;
	int64_t next;
};

static bool
statement_row(const struct statement *s, void *ctx)
{
	struct statement_rows *w = ctx;
	json_t *o = json_pack("{s:o,s:s,s:o}", "at", json_time(s->t.at_ms),
	    "kind", transfer_kind_name(s->t.kind), "amount",
	    api_amount_json(w->unit, s->amount));
	char id[24];

	if (s->t.job < 0) {
		activity_text(id, ACTIVITY_ID(s->t.job));
		json_object_set_new(o, "activity", json_string(id));
	}
	if (s->t.job > 0)
		json_object_set_new(o, "job", json_string(
		    ids_text(s->t.job)));
	if (s->t.source != SOURCE_NONE)
		json_object_set_new(o, "source", json_string(
		    settle_source_name(s->t.source)));
	if (s->t.unconfirmed)
		json_object_set_new(o, "unconfirmed", json_true());
	if (s->t.price_version != 0)
		json_object_set_new(o, "price_version", json_integer(
		    (json_int_t)s->t.price_version));
	if (s->t.by[0] != '\0')
		json_object_set_new(o, "by", json_string(s->t.by));
	if (s->t.text[0] != '\0')
		json_object_set_new(o, "text", json_string(s->t.text));
	json_array_append_new(w->rows, o);
	w->next = s->prev;
	return true;
}

static bool
person_group(const struct person_group *g, void *ctx)
{
	json_array_append_new(ctx, json_string(g->name));
	return true;
}

int
api_person_money(struct core *c, const char *key, int entries, json_t *o)
{
	json_t *accounts = json_array(), *groups = json_array();
	int rc = store_groups_of(c->st, key, person_group, groups);

	json_object_set_new(o, "accounts", accounts);
	json_object_set_new(o, "groups", groups);
	for (int u = UNIT_MONEY; u <= MONEY_UNITS && rc >= 0; u++) {
		struct statement_rows w = { .unit = (enum money_unit)u };
		struct account a;

		rc = store_account_get(c->st, ACCOUNT_USER, key, w.unit, &a);
		if (rc == -REL_E_NOTFOUND)
			rc = 1;		/* never used */
		if (rc != 0)
			continue;
		w.rows = json_array();
		rc = store_statement(c->st, a.id, a.last, entries,
		    statement_row, &w);
		json_array_append_new(accounts, json_pack("{s:s,s:o,s:o}",
		    "unit", money_unit_name(w.unit), "balance",
		    api_amount_json(w.unit, a.balance), "entries", w.rows));
	}
	return rc < 0 ? rc : 0;
}

static void
account_statement(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct statement_rows w = { .unit = UNIT_MONEY };
	const char *after = req_str(rq, F_AFTER);
	int limit = (int)req_num(rq, F_LIMIT, API_LIMIT), rc;
	struct account acc;
	char next[24];
	struct which of;
	int64_t from;

	if (which_of_path(c, rq, a, who, &of) < 0 ||
	    api_unit_read(c, rq, a, &w.unit) < 0)
		return;
	rc = store_account_get(c->st, of.kind, of.key, w.unit, &acc);
	if (rc == -REL_E_NOTFOUND && of.kind != ACCOUNT_USER) {
		unknown(c, a, &of);
		return;
	}
	from = rc == 0 ? acc.last : 0;
	if (after != NULL && !rel_int(&from, after, 1, INT64_MAX)) {
		reply_problem(c, a, "bad-request", 0,
		    "after is not what the page before said");
		return;
	}
	w.rows = json_array();
	if (rc == 0)
		rc = store_statement(c->st, acc.id, from, limit,
		    statement_row, &w);
	if (rc < 0 && rc != -REL_E_NOTFOUND) {
		json_decref(w.rows);
		reply_broken(c, a, rc);
		return;
	}
	snprintf(next, sizeof next, "%lld", (long long)w.next);
	api_answer_list(c, a, "entries", w.rows, w.next != 0 ? next : NULL);
}

void
api_account_statement(struct core *c, const struct request *rq,
    struct asker *a)
{
	api_who(c, rq, a, account_statement);
}
