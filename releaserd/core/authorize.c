/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * A device asks before it copies, scans or sends a fax, and again while it is
 * at it: how many sides may it do?  What these cost is set aside.
 */
#include <stdio.h>
#include <string.h>

#include "lib/fault.h"
#include "releaserd/core/access.h"
#include "releaserd/core/activity.h"
#include "releaserd/core/panel_priv.h"
#include "releaserd/core/quota.h"

#define LOW_WATER 5		/* so many are left: ask for more */

struct asking {
	struct core *c;
	const struct request *rq;
	struct device d;
	struct session *s;
	const struct walk_up *w;
	struct activity a;
	bool fresh;			/* this is its first request */
	bool same_payer;		/* as that of the request before it */
	bool two_sided;
	int64_t used, want, given;
	struct ledger_job has;		/* what is set aside for it */
	struct quota_room room[MONEY_UNITS];
	struct rel_cost cost;
	struct released why;		/* of a refusal */
};

/* ---- may this person do this here? */

static const char *
may(struct asking *k)
{
	struct access got;

	if (!k->w->grants)
		return "not-allowed-here";
	if (access_may(k->c, &k->d, k->s, k->w->allow, &got) != ACCESS_OPEN)
		return got.state == ACCESS_TEMPLATE ? "template-needed" :
		    "not-allowed-here";
	if (k->a.color && access_may(k->c, &k->d, k->s, k->w->color,
	    NULL) != ACCESS_OPEN)
		return "color-not-allowed";
	/* What a session's rule force_duplex says. */
	if (strcmp(k->w->name, "copy") != 0 && k->w->paper && !k->two_sided &&
	    k->want > 1 && access_may(k->c, &k->d, k->s, FN_PRINT_ONE_SIDED,
	    NULL) != ACCESS_OPEN)
		return "conflicting-options";
	return NULL;
}

/* ---- how much? */

static int
cost_of(struct asking *k, int64_t sides, int64_t amount[MONEY_UNITS])
{
	const char *media = req_str(k->rq, F_MEDIA);
	struct extent e = { sides, k->a.color ? sides : 0, k->two_sided ?
	    (sides + 1) / 2 : sides, media != NULL ? media : "", NULL };

	return activity_cost(k->c, &k->a, k->has.reserved ?
	    k->has.price_version : 0, &e, &k->cost, amount);
}

/* Is there enough for so many more?  What is set aside for it counts. */
static bool
fits(struct asking *k, int64_t more)
{
	int64_t amount[MONEY_UNITS];

	if (cost_of(k, k->used + more, amount) < 0)
		return false;
	for (int u = 0; u < MONEY_UNITS; u++) {
		struct quota_room r = k->room[u];

		r.left += k->has.set_aside[u];
		if (quota_fits(&r, amount[u]))
			continue;
		k->why.unit = u + 1;
		k->why.need = amount[u];
		k->why.left = r.left;
		return false;
	}
	return true;
}

static int
room(struct asking *k)
{
	int rc = k->fresh ? 0 : ledger_job(k->c->st, ACTIVITY_JOB(k->a.id),
	    &k->has);

	if (!k->has.reserved || !k->same_payer)
		memset(k->has.set_aside, 0, sizeof k->has.set_aside);
	for (int u = 0; rc == 0 && u < MONEY_UNITS; u++)
		rc = quota_room(k->c->st, k->a.kind, k->a.key,
		    (enum money_unit)(u + 1), rel_now_ms(), &k->room[u]);
	return rc;
}

/* The most that fits. */
static void
measure(struct asking *k)
{
	int64_t low = 0, high = k->want;

	if (fits(k, high)) {
		k->given = high;
		return;
	}
	while (high - low > 1) {
		int64_t mid = low + (high - low) / 2;

		if (fits(k, mid))
			low = mid;
		else
			high = mid;
	}
	k->given = low;
}

/* ---- the grant */

static const char *
whose(struct asking *k)
{
	const struct activity was = k->a;
	const char *account = req_str(k->rq, F_ACCOUNT_ID);
	const char *code = activity_payer(k->c, &k->a, account != NULL ?
	    account : k->s->account);

	k->same_payer = was.kind == k->a.kind &&
	    strcmp(was.key, k->a.key) == 0;
	snprintf(k->why.name, sizeof k->why.name, "%s", code != NULL &&
	    account != NULL ? account : k->a.key);
	k->why.own = k->a.kind == ACCOUNT_USER;
	return code;
}

/* The open grant of this job of the device, or a new one. */
static int
grant_of(struct asking *k)
{
	const char *job = req_str(k->rq, F_DEVICE_JOB_ID);
	int rc = -REL_E_NOTFOUND;

	if (job != NULL && job[0] != '\0')
		rc = store_activity_open(k->c->st, k->s->id, job, &k->a);
	if (rc == 0 && strcmp(k->a.function, k->w->name) != 0)
		rc = -REL_E_NOTFOUND;
	if (rc != -REL_E_NOTFOUND)
		return rc;
	k->fresh = true;
	memset(&k->a, 0, sizeof k->a);
	k->a.state = ACTIVITY_GRANTED;
	k->a.at_ms = rel_now_ms();
	memcpy(k->a.device_id, k->d.id, sizeof k->a.device_id);
	memcpy(k->a.session_id, k->s->id, sizeof k->s->id);
	memcpy(k->a.user_key, k->s->user.key, sizeof k->a.user_key);
	snprintf(k->a.function, sizeof k->a.function, "%s", k->w->name);
	snprintf(k->a.device_job, sizeof k->a.device_job, "%s", job != NULL ?
	    job : "");
	return 0;
}

/* Written down, and set aside in place of what was before. */
static int
grant_write(struct asking *k)
{
	struct activity *a = &k->a;
	int64_t amount[MONEY_UNITS];
	struct rel_err err = { 0 };
	int rc = cost_of(k, k->used + k->given, amount);

	a->granted = k->used + k->given;
	a->expires_ms = rel_now_ms() + k->c->role->set.grant_ms;
	if (rc == 0 && k->fresh) {
		a->id = ids_next(k->c);
		rc = store_activity_add(k->c->st, a);
	} else if (rc == 0) {
		rc = ledger_cancel(k->c->st, ACTIVITY_JOB(a->id),
		    rel_now_ms(), &err);
		if (rc == 0 || rc == -REL_E_NOTHELD)
			rc = store_activity_set(k->c->st, a);
	}
	rel_fault("core:grant-kept");
	return rc < 0 ? rc : activity_reserve(k->c, a, amount, a->expires_ms);
}

/* ---- answers */

static const char *
over_word(const struct asking *k)
{
	const char *word = "warn";

	for (int u = 0; u < MONEY_UNITS; u++)
		if (k->room[u].limited && !k->room[u].exceed)
			return "stop";
		else if (k->room[u].limited)
			word = "finish-job";
	return word;
}

static void
refuse(struct asking *k, struct asker *a, const char *code)
{
	char text[400];

	k->why.code = code;
	stopped_words(k->c, k->s->locale, code, &k->why, text, sizeof text);
	reply_json(k->c, a, 200, json_pack("{s:s,s:s,s:s}", "result",
	    "denied", "reason", code, "text", text));
}

static void
grant(struct asking *k, struct asker *a)
{
	int64_t low = k->given < k->want ? k->given / 2 : k->given / 5;
	char id[24];

	activity_grant_text(id, k->a.id);
	reply_json(k->c, a, 200, json_pack("{s:s,s:s,s:I,s:I,s:o,s:o,s:s}",
	    "result", "granted", "grant_id", id, "granted",
	    (json_int_t)k->given, "low_water", (json_int_t)(low < LOW_WATER ?
	    low : LOW_WATER), "expires_at", json_time(k->a.expires_ms),
	    "cost_micro_each", prices_version(k->c) == 0 ? json_null() :
	    json_integer((json_int_t)(k->cost.micro / (k->used + k->given))),
	    "over", over_word(k)));
}

/* All the writing. NULL, or why not. */
static const char *
decide(struct asking *k, int *rc)
{
	const char *code;

	if ((*rc = grant_of(k)) < 0)
		return NULL;
	k->a.color = k->a.color || strcmp(req_str(k->rq, F_COLOR) != NULL ?
	    req_str(k->rq, F_COLOR) : "", "color") == 0;
	if ((code = may(k)) != NULL || (code = whose(k)) != NULL)
		return code;
	if ((*rc = room(k)) < 0)
		return NULL;
	measure(k);
	if (k->given == 0)
		return "quota-exceeded";
	*rc = grant_write(k);
	return NULL;
}

void
authorize(struct core *c, const struct request *rq, struct asker *a)
{
	const struct device *known = device_of(c, rq, a);
	const char *sides = req_str(rq, F_SIDES), *code;
	struct asking k = { .c = c, .rq = rq };
	struct rel_err err;
	int rc = 0;

	if (known == NULL || reply_replay(c, a))
		return;
	k.d = *known;
	k.s = session_find(c, req_str(rq, F_SESSION_ID), k.d.id);
	if (k.s == NULL) {
		reply_problem(c, a, "session-unknown", 0, "nobody is logged "
		    "in with this session id: log in again");
		return;
	}
	session_touch(c, k.s);
	k.w = walk_up_of(req_str(rq, F_FUNCTION));
	k.two_sided = sides != NULL && strncmp(sides, "two", 3) == 0;
	k.want = req_num(rq, F_WANT, 1);
	k.used = req_num(rq, F_USED, 0);
	a->keep = a->idem_key[0] != '\0';
	if (core_write(c, &err) < 0) {
		reply_broken(c, a, -REL_E_PEER);
		return;
	}
	code = decide(&k, &rc);
	if (rc < 0) {
		core_spoil(c, rc);
		reply_broken(c, a, rc);
	} else if (code != NULL) {
		refuse(&k, a, code);
	} else {
		grant(&k, a);
	}
}
