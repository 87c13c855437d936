/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What was paid, by user, device, day ..., in the local API: the ledger's. */
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/api_priv.h"
#include "releaserd/core/prices.h"
#include "releaserd/core/store_report.h"
#include "releaserd/when.h"

#define SLICE_IDS 1000		/* transfers looked at in a slice */
#define KEYS_MAX 100000
#define LIMIT_PLAIN 2000
#define SLICE_PEOPLE 100		/* whose groups are looked up in a slice */
#define DAY_MS 86400000LL	/* so far may a clock have been set back */

enum cost_by { COST_ALL, COST_USER, COST_GROUP, COST_DEPARTMENT, COST_DEVICE,
	COST_QUEUE, COST_ACCOUNT, COST_DAY, COST_MONTH };
static const char *const by_names[] = { "all", "user", "group", "department",
	"device", "queue", "account", "day", "month" };
#define BYS (sizeof by_names / sizeof by_names[0])

struct sum {
	int64_t jobs, paid, refunded, estimated;
};

struct row {
	struct sum sum;
	struct row *next;
	char key[128];
};

/* What was paid by each user, or on each day ... */
struct sums {
	void *tree;			/* by key */
	struct row *rows;
	int n;
};

struct cost {
	struct core *c;
	struct asker a;
	enum cost_by by;
	int limit;
	int64_t from_ms, to_ms;
	int64_t after, last;		/* transfers */
	struct sums sums;
	struct sums people;		/* whose groups become sums at last */
	struct sum total;
	bool no_memory;
};

static int
by_key(const void *a, const void *b)
{
	return strcmp(((const struct row *)a)->key,
	    ((const struct row *)b)->key);
}

/* Days and months in their order, others by what they paid. */
static int
by_paid(const void *a, const void *b)
{
	const struct row *x = *(struct row *const *)a;
	const struct row *y = *(struct row *const *)b;

	if (x->sum.paid != y->sum.paid)
		return x->sum.paid < y->sum.paid ? 1 : -1;
	return strcmp(x->key, y->key);
}

static int
by_name(const void *a, const void *b)
{
	return by_key(*(struct row *const *)a, *(struct row *const *)b);
}

/* Take the first out; NULL when none is left. */
static struct row *
sums_take(struct sums *s)
{
	struct row *r = s->rows;

	if (r == NULL)
		return NULL;
	s->rows = r->next;
	s->n--;
	(void)tdelete(r, &s->tree, by_key);
	return r;
}

static void
cost_free(struct cost *k)
{
	struct row *r;

	if (k == NULL)
		return;
	while ((r = sums_take(&k->sums)) != NULL ||
	    (r = sums_take(&k->people)) != NULL)
		free(r);
	free(k);
}

static struct row *
row_of(struct sums *s, const char *key)
{
	struct row *r = calloc(1, sizeof *r), **found;

	if (r == NULL)
		return NULL;
	snprintf(r->key, sizeof r->key, "%s", key);
	found = tsearch(r, &s->tree, by_key);
	if (found == NULL || *found != r || s->n == KEYS_MAX) {
		struct row *other = found != NULL && *found != r ? *found :
		    NULL;

		if (other == NULL && found != NULL)
			(void)tdelete(r, &s->tree, by_key);
		free(r);
		return other;
	}
	r->next = s->rows;
	s->rows = r;
	s->n++;
	return r;
}

static void
sum_earned(struct sum *s, const struct earned *e)
{
	s->paid += e->amount;
	if (e->kind == TRANSFER_REFUND)
		s->refunded -= e->amount;
	if (e->kind == TRANSFER_SETTLE)
		s->jobs++;
	if (e->kind == TRANSFER_SETTLE && e->source == SOURCE_ESTIMATE)
		s->estimated++;
}

static const char *
key_of(const struct cost *k, const struct earned *e, char when[32])
{
	snprintf(when, 32, "%lld", k->by == COST_DAY || k->by == COST_MONTH ?
	    (long long)when_start(e->at_ms, k->by == COST_DAY ? WHEN_DAY :
	    WHEN_MONTH) : 0);
	switch (k->by) {
	case COST_USER:
	case COST_GROUP:
	case COST_DEPARTMENT: return e->user_key;
	case COST_DEVICE: return e->device_id;
	case COST_QUEUE: return e->queue;
	case COST_ACCOUNT: return e->account;
	case COST_DAY:
	case COST_MONTH: return when;
	case COST_ALL: break;
	}
	return "";
}

static void
cost_row(const struct earned *e, void *ctx)
{
	struct cost *k = ctx;
	char when[32];
	struct row *r;

	if (e->at_ms < k->from_ms || e->at_ms >= k->to_ms)
		return;
	sum_earned(&k->total, e);
	if ((r = row_of(k->by == COST_GROUP || k->by == COST_DEPARTMENT ?
	    &k->people : &k->sums, key_of(k, e, when))) == NULL)
		k->no_memory = true;
	else
		sum_earned(&r->sum, e);
}

/* ---- groups and departments of those who printed */

struct person {
	struct cost *k;
	const struct sum *sum;
	int groups;
};

static void
person_in(struct person *p, const char *name)
{
	struct row *r = row_of(&p->k->sums, name);

	if (r == NULL) {
		p->k->no_memory = true;
		return;
	}
	r->sum.jobs += p->sum->jobs;
	r->sum.paid += p->sum->paid;
	r->sum.refunded += p->sum->refunded;
	r->sum.estimated += p->sum->estimated;
}

static bool
person_group(const struct person_group *g, void *ctx)
{
	struct person *p = ctx;

	p->groups++;
	person_in(p, g->name);
	return true;
}

/* What one paid goes to all groups around, or to the department. */
static int
person_add(struct cost *k, const struct row *r)
{
	struct person p = { .k = k, .sum = &r->sum };
	struct user u = { .department = "" };
	int rc;

	if (k->by == COST_GROUP) {
		rc = store_groups_of(k->c->st, r->key, person_group, &p);
		if (rc >= 0 && p.groups == 0)
			person_in(&p, "");
		return rc;
	}
	rc = store_user_get(k->c->st, r->key, &u);
	if (rc == 0 || rc == -REL_E_NOTFOUND) {
		person_in(&p, rc == 0 ? u.department : "");
		rc = 0;
	}
	rel_wipe(&u, sizeof u);
	return rc;
}

/* A few of them; 0 or negative. */
static int
people_slice(struct cost *k)
{
	struct row *r;
	int rc = 0;

	for (int i = 0; i < SLICE_PEOPLE && rc >= 0 &&
	    (r = sums_take(&k->people)) != NULL; i++) {
		rc = person_add(k, r);
		free(r);
	}
	return rc;
}

static json_t *
sum_json(const struct sum *s)
{
	return json_pack("{s:I,s:I,s:I,s:I}", "jobs", (json_int_t)s->jobs,
	    "paid", (json_int_t)s->paid, "refunded", (json_int_t)s->refunded,
	    "estimated", (json_int_t)s->estimated);
}

static json_t *
row_json(struct cost *k, const struct row *r)
{
	json_t *o = sum_json(&r->sum);
	char name[65] = "";

	if (k->by == COST_DAY || k->by == COST_MONTH) {
		json_object_set_new(o, "at", json_time(strtoll(r->key, NULL,
		    10)));
	} else if (k->by == COST_DEVICE) {
		if (store_device_name(k->c->st, r->key, name) < 0)
			snprintf(name, sizeof name, "%.36s", r->key);
		json_object_set_new(o, "device", json_string(name));
	} else if (k->by != COST_ALL) {
		json_object_set_new(o, by_names[k->by], json_string(r->key));
	}
	return o;
}

static void
cost_answer(struct cost *k)
{
	struct row **all = calloc((size_t)k->sums.n + 1, sizeof *all);
	json_t *rows = json_array();
	int n = 0;

	if (all == NULL || k->no_memory) {
		free(all);
		json_decref(rows);
		reply_broken(k->c, &k->a, -REL_E_NOMEM);
		return;
	}
	for (struct row *r = k->sums.rows; r != NULL; r = r->next)
		all[n++] = r;
	qsort(all, (size_t)n, sizeof *all, k->by == COST_DAY ||
	    k->by == COST_MONTH ? by_name : by_paid);
	for (int i = 0; i < n && i < k->limit; i++)
		json_array_append_new(rows, row_json(k, all[i]));
	free(all);
	reply_json(k->c, &k->a, 200, json_pack(
	    "{s:s,s:s,s:o,s:o,s:o,s:o,s:i}", "by", by_names[k->by],
	    "currency", prices_currency(k->c), "from", json_time(k->from_ms),
	    "to", json_time(k->to_ms), "rows", rows, "totals",
	    sum_json(&k->total), "left_out", n > k->limit ? n - k->limit :
	    0));
}

static bool
cost_slice(struct core *c, void *arg, bool go_on)
{
	struct cost *k = arg;
	int64_t to = k->after + SLICE_IDS < k->last ? k->after + SLICE_IDS :
	    k->last;
	int rc = 0;

	if (go_on && (k->after < k->last || k->people.n > 0)) {
		rc = k->after < k->last ? store_earned(c->st, k->after, to,
		    cost_row, k) : people_slice(k);
		k->after = to;
		if (rc >= 0)
			return true;
		reply_broken(c, &k->a, rc);
	} else if (go_on) {
		cost_answer(k);
	}
	cost_free(k);
	return false;
}

/* 0, or it has been answered. */
static int
cost_read(struct cost *k, const struct request *rq)
{
	const char *by = req_str(rq, F_BY);
	int64_t from = -1, none, last;
	int rc;

	while (by != NULL && k->by < BYS && strcmp(by, by_names[k->by]) != 0)
		k->by++;
	if (k->by == BYS) {
		reply_field(k->c, &k->a, "bad-request", "by", "by must be "
		    "all, user, group, department, device, queue, "
		    "account, day or month");
		return -1;
	}
	k->limit = (int)req_num(rq, F_LIMIT, LIMIT_PLAIN);
	k->to_ms = rel_now_ms();
	if (api_span(k->c, rq, &k->a, &from, &k->to_ms) < 0)
		return -1;
	k->from_ms = from >= 0 ? from : k->by == COST_MONTH ?
	    when_step(k->to_ms - 1, WHEN_MONTH, -11) :
	    when_step(k->to_ms - 1, WHEN_DAY, -29);
	rc = store_transfer_since(k->c->st, k->from_ms - DAY_MS, &k->after,
	    &last);
	if (rc == 0)
		rc = store_transfer_since(k->c->st, k->to_ms + DAY_MS,
		    &k->last, &none);
	if (rc < 0)
		reply_broken(k->c, &k->a, rc);
	return rc;
}

static void
cost_get(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct cost *k;

	if (api_need(c, a, who, WHO_OPERATOR) < 0)
		return;
	if ((k = calloc(1, sizeof *k)) == NULL) {
		reply_broken(c, a, -REL_E_NOMEM);
		return;
	}
	k->c = c;
	k->a = *a;
	if (cost_read(k, rq) < 0) {
		cost_free(k);
	} else if (core_slices(c, cost_slice, k) < 0) {
		reply_problem(c, a, "rate-limited", 2,
		    "too many reports at once: try again in a moment");
		cost_free(k);
	}
}

void
api_cost(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, cost_get);
}
