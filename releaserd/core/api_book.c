/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Price lists and rules in the local API: texts with versions. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/rule_json.h"
#include "releaserd/core/api_priv.h"
#include "releaserd/core/policy.h"

#define VERSIONS_SHOWN 50

static struct book *
book_of(struct core *c, const struct request *rq)
{
	return rq->route == API_PRICES || rq->route == API_PRICES_SET ?
	    prices_book(c) : policy_book(c);
}

/* ---- looking */

static json_t *
version_json(const struct policy_text *p)
{
	return json_pack("{s:I,s:o,s:s}", "version", (json_int_t)p->version,
	    "at", json_time(p->at_ms), "by", p->by);
}

static bool
version_row(const struct policy_text *p, void *ctx)
{
	json_array_append_new(ctx, version_json(p));
	return true;
}

static void
book_get(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	const struct book *b = book_of(c, rq);
	struct policy_text p = { .text = NULL };
	json_t *o, *versions;
	int rc;

	if (api_need(c, a, who, WHO_HELPDESK) < 0)
		return;
	rc = store_policy_get(c->st, b->kind, req_num(rq, F_VERSION, 0), &p);
	if (rc == -REL_E_NOTFOUND && req_num(rq, F_VERSION, 0) != 0) {
		reply_problem(c, a, "not-found", 0, "there is no version %lld "
		    "of the %s", (long long)req_num(rq, F_VERSION, 0),
		    b->what);
		return;
	}
	versions = json_array();
	if (rc == 0 || rc == -REL_E_NOTFOUND)
		rc = store_policy_list(c->st, b->kind, 0, VERSIONS_SHOWN,
		    version_row, versions);
	if (rc < 0) {
		json_decref(versions);
		free(p.text);
		reply_broken(c, a, rc);
		return;
	}
	o = version_json(&p);
	json_object_set_new(o, "text", json_string(p.text != NULL ? p.text :
	    ""));
	json_object_set_new(o, "currency", json_string(prices_currency(c)));
	json_object_set_new(o, "versions", versions);
	free(p.text);
	reply_json(c, a, 200, o);
}

void
api_book_get(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, book_get);
}

/* ---- another one */

static void
wrong(struct core *c, struct asker *a, const struct rel_place *at)
{
	char text[320];

	rel_place_text(at, text, sizeof text);
	reply_field(c, a, "text-invalid", "text", text);
}

/* A list in another currency would make nonsense of what is in accounts. */
static bool
currency_fits(struct core *c, const struct book *b, void *now,
    struct rel_place *at)
{
	const char *said = b->kind == POLICY_PRICES ?
	    rel_prices_currency(now) : "";

	if (said[0] == '\0' || strcmp(said, c->role->set.currency) == 0)
		return true;
	rel_place_set(at, 0, said, "the currency of this server is %s "
	    "(setting Currency)", c->role->set.currency);
	return false;
}

/* Would the text do? */
static bool
book_check(struct core *c, const struct book *b, const char *text,
    struct rel_place *at)
{
	void *now = b->read(text, strlen(text), at);
	bool fits = now != NULL && currency_fits(c, b, now, at);

	if (now != NULL)
		b->free(now);
	return fits;
}

static void
book_put(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct book *b = book_of(c, rq);
	struct book_text t = { .text = req_str(rq, F_TEXT), .by = who->name };
	struct rel_place at;
	struct rel_err err;
	int64_t version = 0;
	char detail[40];

	if (api_admin(c, a, who) < 0)
		return;
	t.n = strlen(t.text);
	if (!book_check(c, b, t.text, &at)) {
		wrong(c, a, &at);
		return;
	}
	if (req_num(rq, F_DRY_RUN, 0) != 0) {
		reply_json(c, a, 200, json_pack("{s:n,s:b}", "version",
		    "dry_run", 1));
		return;
	}
	if (core_write(c, &err) < 0 ||
	    book_set(c, b, &t, &version, &at) < 0) {
		reply_broken(c, a, -REL_E_PEER);
		return;
	}
	snprintf(detail, sizeof detail, "version %lld", (long long)version);
	api_audit(c, who, b->kind == POLICY_PRICES ? "prices-set" :
	    "rules-set", detail);
	reply_json(c, a, 201, json_pack("{s:I,s:b}", "version",
	    (json_int_t)version, "dry_run", 0));
}

void
api_book_set(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, book_put);
}

/* ---- what rules would say */

/* {"pages": "30", "user": "anna"} into a made-up job; false: answered. */
static bool
values_read(struct core *c, const struct request *rq, struct asker *a,
    struct rel_case_words *w)
{
	const char *text = req_str(rq, F_VALUES), *name;
	json_t *all = text != NULL ? json_loads(text, 0, NULL) :
	    json_object(), *v;
	time_t now = (time_t)(rel_now_ms() / 1000);
	struct rel_err err = { 0 };
	bool ok = json_is_object(all);

	rel_case_words_init(w);
	w->c.now_known = localtime_r(&now, &w->c.now) != NULL;
	if (!ok)
		reply_field(c, a, "bad-request", "values", "values is an "
		    "object of texts: {\"pages\": \"30\", \"user\": \"anna\"}");
	json_object_foreach(all, name, v) {
		const char *s = json_string_value(v);

		if (!ok || (s != NULL && rel_case_words_set(w, name, s,
		    &err) == 0))
			continue;
		reply_field(c, a, "bad-request", "values", s != NULL ?
		    err.text : "each of values is a text");
		ok = false;
	}
	json_decref(all);
	return ok;
}

/* The rules of the body, read; or those that hold. NULL: answered. */
static struct rel_rules *
rules_of(struct core *c, const struct request *rq, struct asker *a)
{
	const char *text = req_str(rq, F_TEXT);
	struct rel_place at;
	struct rel_rules *r;
	int64_t version = 0;
	int rc = 0;

	r = text != NULL ? rel_rules_read(text, strlen(text), &at) :
	    policy_book(c)->now == NULL ? rel_rules_read("", 0, &at) :
	    book_load(c, policy_book(c), &version, &at, &rc);
	if (r == NULL && rc != 0 && rc != -REL_E_FORMAT)
		reply_broken(c, a, rc);
	else if (r == NULL)
		wrong(c, a, &at);
	return r;
}

/* The held job of the body. 0, or answered. */
static int
try_job(struct core *c, const struct request *rq, struct asker *a,
    struct job *j)
{
	int64_t id;

	if (!ids_job_parse(&id, req_str(rq, F_JOB)) ||
	    store_job_get(c->st, id, j) < 0) {
		reply_problem(c, a, "job-unknown", 0, "there is no job "
		    "\"%s\"", req_str(rq, F_JOB));
		return -1;
	}
	if (j->state == JOB_HELD)
		return 0;
	reply_problem(c, a, "job-not-held", 0, "only a held job can be tried");
	return -1;
}

static void
rules_try(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	bool of_job = req_str(rq, F_JOB) != NULL;
	static struct rel_case_words w;
	struct rel_rules *r;
	json_t *moments;
	struct job j;

	if (api_need(c, a, who, of_job ? WHO_OPERATOR : WHO_HELPDESK) < 0 ||
	    (of_job ? try_job(c, rq, a, &j) < 0 :
	    !values_read(c, rq, a, &w)) || (r = rules_of(c, rq, a)) == NULL)
		return;
	moments = json_array();
	for (int m = REL_RULE_HOLD; m <= REL_RULE_RELEASE; m++)
		json_array_append_new(moments, of_job ? policy_try(c, r, &j,
		    (enum rel_rule_moment)m) : rel_rules_try(r, &w.c,
		    (enum rel_rule_moment)m));
	rel_rules_free(&r);
	if (json_array_size(moments) == 2) {
		reply_json(c, a, 200, json_pack("{s:o}", "moments", moments));
		return;
	}
	json_decref(moments);
	reply_broken(c, a, -REL_E_NOMEM);
}

void
api_rules_try(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, rules_try);
}
