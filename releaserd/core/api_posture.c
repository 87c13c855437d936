/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* How safe devices are, in the local API. */
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/api_priv.h"
#include "releaserd/core/posture.h"
#include "releaserd/core/store_item.h"
#include "releaserd/core/store_posture.h"

#define WORST 20
#define PAGE 200

static json_t *
kind_json(enum posture_finding which)
{
	const struct posture_kind *k = &posture_kinds[which];

	return json_pack("{s:s,s:s,s:i,s:s,s:s,s:s}", "key", k->key,
	    "severity", k->severity, "points", k->points, "words", k->words,
	    "mend", k->mend, "rows", k->rows);
}

static json_t *
score_json(int64_t score)
{
	return score < 0 ? json_null() : json_integer((json_int_t)score);
}

static json_t *
keys_json(int64_t bits)
{
	json_t *all = json_array();

	for (int i = 0; i < POSTURE_FINDINGS; i++)
		if ((bits >> i & 1) != 0)
			json_array_append_new(all, json_string(
			    posture_kinds[i].key));
	return all;
}

/* ---- one device */

static json_t *
seen_json(const struct items *items)
{
	json_t *o = json_object();

	for (size_t i = 0; i < items->n; i++)
		if (strncmp(items->v[i].name, "posture.", 8) == 0 ||
		    strcmp(items->v[i].name, "network.filter") == 0 ||
		    strcmp(items->v[i].name, "network.8021x") == 0 ||
		    strcmp(items->v[i].name, "network.ipsec") == 0)
			json_object_set_new(o, items->v[i].name, json_string(
			    items->v[i].value));
	return o;
}

static json_t *
findings_json(const struct posture_found *found)
{
	json_t *all = json_array(), *o;

	for (int i = 0; i < POSTURE_FINDINGS; i++) {
		o = kind_json((enum posture_finding)i);
		json_object_set_new(o, "verdict", json_string(
		    posture_verdict_name(found[i].verdict)));
		json_object_set_new(o, "evidence", json_string(
		    found[i].evidence));
		json_array_append_new(all, o);
	}
	return all;
}

static void
device_answer(struct core *c, const struct asker *a, const struct device *d,
    int status)
{
	struct posture_found *found = calloc(POSTURE_FINDINGS,
	    sizeof *found);
	struct posture_row row = { .score = -1 };
	struct items items;
	json_t *o = NULL;

	items_init(&items);
	(void)store_posture_get(c->st, d->id, &row);
	if (found != NULL && posture_weigh_device(c, d, found, &items) == 0)
		o = json_pack("{s:s,s:s,s:o,s:o,s:o,s:s,s:b,s:o,s:o}",
		    "device", d->name, "device_id", d->id, "score",
		    score_json(posture_score(found)), "looked_at", json_time(
		    items_get_number(&items, "posture.at", 0)), "tried_at",
		    json_time(row.tried_ms), "problem", row.words, "waits",
		    posture_queued(c, d->id), "findings",
		    findings_json(found), "seen", seen_json(&items));
	items_fini(&items);
	free(found);
	if (o != NULL)
		reply_json(c, a, status, o);
	else
		reply_broken(c, a, -REL_E_IO);
}

static void
posture_get(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct device d;

	if (api_need(c, a, who, WHO_OPERATOR) == 0 &&
	    device_find(c, a, req_str(rq, F_ID), &d) == 0)
		device_answer(c, a, &d, 200);
}

void
api_device_posture(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, posture_get);
}

static void
posture_look(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct device d;
	int rc;

	if (api_need(c, a, who, WHO_OPERATOR) < 0 ||
	    device_find(c, a, req_str(rq, F_ID), &d) < 0)
		return;
	if ((rc = posture_soon(c, d.id)) < 0) {
		reply_problem(c, a, "rate-limited", 60,
		    "too many devices wait to be looked at");
		return;
	}
	if (rc == 1)
		api_audit(c, who, "posture-looked", d.name);
	device_answer(c, a, &d, 202);
}

void
api_device_posture_run(struct core *c, const struct request *rq,
    struct asker *a)
{
	api_who(c, rq, a, posture_look);
}

/* ---- the fleet */

struct fleet_sums {
	int64_t devices, looked, scored, points;
	int64_t bad[POSTURE_FINDINGS], unknown[POSTURE_FINDINGS];
	char last[65];
};

static bool
sum_row(const struct posture_row *p, void *ctx)
{
	struct fleet_sums *s = ctx;

	s->devices++;
	s->looked += p->looked_ms != 0;
	s->scored += p->score >= 0;
	s->points += p->score >= 0 ? p->score : 0;
	for (int i = 0; i < POSTURE_FINDINGS; i++) {
		s->bad[i] += p->bad >> i & 1;
		s->unknown[i] += p->unknown >> i & 1;
	}
	memcpy(s->last, p->name, sizeof s->last);
	return true;
}

static json_t *
row_json(const struct posture_row *p)
{
	return json_pack("{s:s,s:s,s:o,s:o,s:o,s:s,s:o,s:o}", "device",
	    p->name, "device_id", p->device, "score", score_json(p->score),
	    "looked_at", json_time(p->looked_ms), "tried_at", json_time(
	    p->tried_ms), "problem", p->words, "bad", keys_json(p->bad),
	    "unknown", keys_json(p->unknown));
}

static bool
worst_row(const struct posture_row *p, void *ctx)
{
	if (p->bad != 0)
		json_array_append_new(ctx, row_json(p));
	return true;
}

static json_t *
sums_json(const struct fleet_sums *s)
{
	json_t *all = json_array(), *o;

	for (int i = 0; i < POSTURE_FINDINGS; i++) {
		o = kind_json((enum posture_finding)i);
		json_object_set_new(o, "devices", json_integer(
		    (json_int_t)s->bad[i]));
		json_object_set_new(o, "unknown", json_integer(
		    (json_int_t)s->unknown[i]));
		json_array_append_new(all, o);
	}
	return all;
}

/* All of them are a few thousand short rows. */
static int
sums_read(struct core *c, struct fleet_sums *s)
{
	int n;

	do
		n = store_posture_list(c->st, s->last, PAGE, sum_row, s);
	while (n == PAGE);
	return n;
}

static void
posture_fleet(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct fleet_sums *s = calloc(1, sizeof *s);
	json_t *worst = json_array();

	(void)rq;
	if (api_need(c, a, who, WHO_OPERATOR) < 0) {
		json_decref(worst);
	} else if (s == NULL || sums_read(c, s) < 0 || store_posture_worst(
	    c->st, WORST, worst_row, worst) < 0) {
		json_decref(worst);
		reply_broken(c, a, -REL_E_IO);
	} else {
		reply_json(c, a, 200, json_pack("{s:o,s:I,s:I,s:i,s:I,s:o,"
		    "s:o}", "score", s->scored == 0 ? json_null() :
		    json_integer((json_int_t)((s->points + s->scored / 2) /
		    s->scored)), "devices", (json_int_t)s->devices, "looked",
		    (json_int_t)s->looked, "waiting", (int)posture_waiting(c),
		    "every_s", (json_int_t)(c->role->set.posture_every_ms /
		    1000), "findings", sums_json(s), "worst", worst));
	}
	free(s);
}

void
api_posture(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, posture_fleet);
}

static bool
soon_row(const char *id, void *ctx)
{
	return posture_soon(ctx, id) >= 0;
}

static void
posture_all(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	(void)rq;
	if (api_need(c, a, who, WHO_OPERATOR) < 0)
		return;
	if (store_device_ids(c->st, soon_row, c) < 0) {
		reply_broken(c, a, -REL_E_IO);
		return;
	}
	api_audit(c, who, "posture-looked", "all devices");
	reply_json(c, a, 202, json_pack("{s:i}", "waiting",
	    (int)posture_waiting(c)));
}

void
api_posture_run(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, posture_all);
}

/* ---- all devices, by name */

struct posture_rows {
	json_t *rows;
	char last[65];
};

static bool
device_row(const struct posture_row *p, void *ctx)
{
	struct posture_rows *w = ctx;

	json_array_append_new(w->rows, row_json(p));
	memcpy(w->last, p->name, sizeof w->last);
	return true;
}

static void
posture_devices(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	int limit = (int)req_num(rq, F_LIMIT, API_LIMIT), n;
	const char *after = req_str(rq, F_AFTER);
	struct posture_rows w = { NULL, "" };

	if (api_need(c, a, who, WHO_OPERATOR) < 0)
		return;
	w.rows = json_array();
	n = store_posture_list(c->st, after != NULL ? after : "", limit,
	    device_row, &w);
	api_answer_page(c, a, "devices", w.rows, n,
	    n == limit ? w.last : NULL);
}

void
api_posture_devices(struct core *c, const struct request *rq,
    struct asker *a)
{
	api_who(c, rq, a, posture_devices);
}
