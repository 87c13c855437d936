/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Copies, scans and faxes in the local API: a list, and one with what it cost
 * and why. */
#include <string.h>

#include "releaserd/core/activity.h"
#include "releaserd/core/api_money.h"
#include "releaserd/core/api_priv.h"
#include "releaserd/core/charge.h"

static json_t *
device_word(struct core *c, const char *id)
{
	char name[65] = "";

	(void)store_device_name(c->st, id, name);
	return json_string(name[0] != '\0' ? name : id);
}

static json_t *
activity_json(struct core *c, const struct activity *a)
{
	struct ledger_job lj;
	char id[24];
	int u = UNIT_MONEY - 1;
	json_t *o;

	activity_text(id, a->id);
	o = json_pack("{s:s,s:o,s:s,s:s,s:s,s:o,s:s,s:I,s:I,s:I,s:I,s:s,s:s}",
	    "id", id, "at", json_time(a->ended_ms > 0 ? a->ended_ms :
	    a->at_ms), "function", a->function, "state",
	    activity_state_name(a->state), "user", a->user_key, "device",
	    device_word(c, a->device_id), "device_id", a->device_id, "sides",
	    (json_int_t)a->sides, "colour", (json_int_t)a->colour, "sheets",
	    (json_int_t)a->sheets, "granted", (json_int_t)a->granted,
	    "result", a->result, "cause", a->cause);
	if (ledger_job(c->st, ACTIVITY_JOB(a->id), &lj) < 0)
		memset(&lj, 0, sizeof lj);
	json_object_set_new(o, "micro", lj.settled ?
	    json_integer((json_int_t)lj.paid[u]) : lj.reserved ?
	    json_integer((json_int_t)lj.set_aside[u]) : json_null());
	json_object_set_new(o, "currency", json_string(prices_currency(c)));
	json_object_set_new(o, "account", json_string(a->key));
	json_object_set_new(o, "account_kind", json_string(
	    account_kind_name(a->kind)));
	return o;
}

/* ---- the list */

struct activity_rows {
	struct core *c;
	json_t *rows;
	int64_t last;
};

static bool
activity_row(const struct activity *a, void *ctx)
{
	struct activity_rows *w = ctx;

	json_array_append_new(w->rows, activity_json(w->c, a));
	w->last = a->id;
	return true;
}

int
api_activity_of(struct core *c, const char *user_key, int limit, json_t *rows)
{
	const struct activity_filter f = { .user_key = user_key,
	    .limit = limit };
	struct activity_rows w = { .c = c, .rows = rows };

	return store_activity_list(c->st, &f, activity_row, &w);
}

static void
activity_list(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	const char *after = req_str(rq, F_AFTER);
	struct activity_filter f = { .function = req_str(rq, F_FUNCTION),
	    .limit = (int)req_num(rq, F_LIMIT, API_LIMIT) };
	struct activity_rows w = { .c = c };
	char key[84], device[40], next[24];
	int rc = api_of_user(c, rq, a, who, who->role >= WHO_HELPDESK, key);

	if (rc > 0)
		f.user_key = key;
	if (rc < 0 || (rc = api_of_device(c, rq, a, device)) < 0 ||
	    api_span(c, rq, a, &f.from_ms, &f.to_ms) < 0)
		return;
	if (rc > 0)
		f.device_id = device;
	if (after != NULL && (f.before = activity_parse(after)) == 0) {
		reply_problem(c, a, "bad-request", 0,
		    "after is not what the page before said");
		return;
	}
	w.rows = json_array();
	if ((rc = store_activity_list(c->st, &f, activity_row, &w)) < 0) {
		json_decref(w.rows);
		reply_broken(c, a, rc);
		return;
	}
	activity_text(next, w.last);
	api_answer_list(c, a, "activity", w.rows, rc == f.limit ? next :
	    NULL);
}

void
api_activity_list(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, activity_list);
}

/* ---- one: what it cost, and how that came */

static bool
entry_row(const struct job_entry *e, void *ctx)
{
	json_t *o;

	if (e->kind == ACCOUNT_RESERVED)
		return true;
	o = json_pack("{s:o,s:s,s:s,s:s,s:o}", "at", json_time(e->t.at_ms),
	    "kind", transfer_kind_name(e->t.kind), "of",
	    account_kind_name(e->kind), "unit", money_unit_name(e->unit),
	    "amount", api_amount_json(e->unit, e->amount));
	if (e->t.source != SOURCE_NONE)
		json_object_set_new(o, "source", json_string(
		    settle_source_name(e->t.source)));
	json_array_append_new(ctx, o);
	return true;
}

/* "24 mono sides at 0.05 (line 3)" */
static json_t *
why_json(struct core *c, const struct activity *a, int64_t version)
{
	struct extent e = { a->sides, a->colour, a->sheets, a->media, NULL };
	int64_t amount[MONEY_UNITS];
	struct rel_cost cost;
	json_t *all = json_array();

	if (version == 0 || activity_cost(c, a, version, &e, &cost,
	    amount) < 0)
		return all;
	for (unsigned i = 0; i < cost.nitems; i++) {
		char text[160];

		rel_cost_text(&cost.items[i], text, sizeof text);
		json_array_append_new(all, json_string(text));
	}
	return all;
}

static void
activity_get(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	json_t *entries = json_array(), *o;
	struct ledger_job lj;
	struct activity act;
	int rc = store_activity_get(c->st, activity_parse(req_str(rq, F_ID)),
	    &act);

	if (rc == 0 && who->role < WHO_HELPDESK && (act.user_key[0] == '\0' ||
	    strcmp(act.user_key, who->key) != 0))
		rc = -REL_E_NOTFOUND;
	if (rc == 0)
		rc = store_job_entries(c->st, ACTIVITY_JOB(act.id),
		    entry_row, entries);
	if (rc >= 0)
		rc = ledger_job(c->st, ACTIVITY_JOB(act.id), &lj);
	if (rc == -REL_E_NOTFOUND) {
		json_decref(entries);
		reply_problem(c, a, "not-found", 0,
		    "there is no such activity");
		return;
	}
	if (rc < 0) {
		json_decref(entries);
		reply_broken(c, a, rc);
		return;
	}
	o = activity_json(c, &act);
	json_object_set_new(o, "price_version", json_integer(
	    (json_int_t)lj.price_version));
	json_object_set_new(o, "why", why_json(c, &act, lj.price_version));
	json_object_set_new(o, "entries", entries);
	reply_json(c, a, 200, o);
}

void
api_activity_get(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, activity_get);
}
