/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Cards in the local API, and how their numbers are made. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "releaserd/core/api_priv.h"
#include "releaserd/core/card.h"
#include "releaserd/when.h"

#define CLASHES_MAX 200

/* ---- cards */

json_t *
card_json(const struct card *k)
{
	char id[24];

	snprintf(id, sizeof id, "%" PRId64, k->id);
	return json_pack("{s:s,s:s,s:s,s:o,s:o,s:o}", "id", id, "user",
	    k->user, "tail", k->tail, "created_at", json_time(k->created_ms),
	    "valid_from", json_time(k->valid_from_ms), "valid_until",
	    json_time(k->valid_until_ms));
}

struct card_rows {
	json_t *rows;
	int64_t last;
};

static bool
card_row(const struct card *k, void *ctx)
{
	struct card_rows *w = ctx;

	json_array_append_new(w->rows, card_json(k));
	w->last = k->id;
	return true;
}

static void
card_list(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	const char *name = req_str(rq, F_OF_USER), *text = req_str(rq,
	    F_AFTER);
	int limit = (int)req_num(rq, F_LIMIT, API_LIMIT), n;
	struct card_rows w = { NULL, 0 };
	struct user u = { .id = 0 };
	int64_t after = 0;
	char key[84], next[24];

	if (name == NULL && who->role < WHO_HELPDESK)
		name = who->key;
	if (name != NULL && (!rel_user_key(key, sizeof key, name, false) ||
	    (who->role < WHO_HELPDESK && strcmp(key, who->key) != 0) ||
	    store_user_get(c->st, key, &u) < 0)) {
		reply_problem(c, a, "user-unknown", 0,
		    "there is no user \"%s\"", name);
		return;
	}
	if (api_seek(c, rq, a, SEEK_CARDS, u.id))
		return;
	if (text != NULL && !rel_int(&after, text, 0, INT64_MAX))
		after = 0;
	w.rows = json_array();
	n = store_card_list(c->st, u.id, after, limit, card_row, &w);
	if (n < 0) {
		json_decref(w.rows);
		reply_broken(c, a, n);
		return;
	}
	snprintf(next, sizeof next, "%" PRId64, w.last);
	api_answer_list(c, a, "cards", w.rows, n == limit ? next : NULL);
}

void
api_card_list(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, card_list);
}

int
api_card_number(struct core *c, const struct request *rq, struct asker *a,
    struct card *k, bool own)
{
	const struct card_rule *rule = card_rule_of(c, NULL);
	struct card_read read = { req_str(rq, F_CARD),
	    req_str(rq, F_CARD_ENC), false };
	struct card_known known;
	struct rel_err err = { 0 };
	int rc;

	/* Typed by people: the digits on the card, and not what is read. */
	if (read.encoding != NULL && strcmp(read.encoding, "ascii") == 0 &&
	    rule->format.kind != REL_CARD_ASCII &&
	    !rel_card_is_hex(&rule->format))
		read.encoding = NULL;
	rc = card_know(c, rule, &read, &known, &err);
	if (rc < 0) {
		reply_field(c, a, "bad-request", "value", err.text);
	} else if (own && !card_may_register(c, &known)) {
		reply_problem(c, a, "forbidden", 0, "cards of this kind are "
		    "registered by the help desk (setting CardRanges)");
		rc = -REL_E_DENIED;
	} else {
		memcpy(k->mac, known.mac, sizeof k->mac);
		memcpy(k->tail, known.tail, sizeof k->tail);
	}
	rel_wipe(&known, sizeof known);
	return rc;
}

/* A time of the request, when it has one; 0, or answered. */
static int
card_time(struct core *c, const struct request *rq, struct asker *a,
    enum req_field f, int64_t *ms)
{
	const char *text = req_str(rq, f);
	bool end = f == F_VALID_UNTIL;

	if (text == NULL || (when_parse(ms, text, end) &&
	    (!end || *ms > rel_now_ms())))
		return 0;
	reply_field(c, a, "bad-request", end ? "valid_until" : "valid_from",
	    end ? "valid_until must be a day or a time to come (2026-11-30)" :
	    "valid_from must be a day or a time (2026-11-30)");
	return -1;
}

/* The user named by the request, who may have one more card. 0 or answered. */
static int
card_taker(struct core *c, const struct request *rq, struct asker *a,
    struct user *u)
{
	const char *name = req_str(rq, F_OF_USER);
	char key[84];

	if (!rel_user_key(key, sizeof key, name, false) ||
	    store_user_get(c->st, key, u) < 0) {
		reply_problem(c, a, "user-unknown", 0,
		    "there is no user \"%s\"", name);
		return -1;
	}
	if (u->cards < c->role->set.card_limit)
		return 0;
	reply_problem(c, a, "card-limit", 0, "\"%s\" has %lld cards already, "
	    "CardsPerUser allows %lld", name, (long long)u->cards,
	    (long long)c->role->set.card_limit);
	return -1;
}

/* Operators are told whose it is. */
static void
card_is_used(struct core *c, struct asker *a, const struct card *k)
{
	struct user owner;

	if (store_user_by_card(c->st, k->mac, &owner) < 0)
		owner.name[0] = '\0';
	reply_problem(c, a, "card-in-use", 0, "this card is registered "
	    "already: it is \"%s\"'s", owner.name);
}

static void
card_add(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct card k = { .id = ids_next(c), .created_ms = rel_now_ms() };
	struct rel_err err;
	struct user u;
	int rc;

	if (api_need(c, a, who, WHO_OPERATOR) < 0 ||
	    card_taker(c, rq, a, &u) < 0 ||
	    api_card_number(c, rq, a, &k, false) < 0 ||
	    card_time(c, rq, a, F_VALID_UNTIL, &k.valid_until_ms) < 0 ||
	    card_time(c, rq, a, F_VALID_FROM, &k.valid_from_ms) < 0)
		return;
	if (k.valid_until_ms > 0 && k.valid_from_ms >= k.valid_until_ms) {
		reply_field(c, a, "bad-request", "valid_from",
		    "valid_from must be before valid_until");
		return;
	}
	if (core_write(c, &err) < 0) {
		reply_broken(c, a, -REL_E_PEER);
		return;
	}
	k.user_id = u.id;
	snprintf(k.user, sizeof k.user, "%s", u.name);
	rc = store_card_add(c->st, &k);
	if (rc == -REL_E_EXISTS) {
		card_is_used(c, a, &k);
		return;
	}
	if (rc < 0)
		core_spoil(c, rc);
	api_audit(c, who, "card-added", u.name);
	reply_json(c, a, 201, card_json(&k));
}

void
api_card_add(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, card_add);
}

/* 0, or answered. */
static int
card_of_path(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who, struct card *k)
{
	int64_t id;

	if (api_need(c, a, who, WHO_OPERATOR) < 0)
		return -1;
	if (rel_int(&id, req_str(rq, F_ID), 1, INT64_MAX) &&
	    store_card_get(c->st, id, k) == 0)
		return 0;
	reply_problem(c, a, "card-unknown", 0, "there is no such card");
	return -1;
}

static void
card_del(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct rel_err err;
	struct card k;

	if (card_of_path(c, rq, a, who, &k) < 0)
		return;
	if (core_write(c, &err) < 0) {
		reply_broken(c, a, -REL_E_PEER);
		return;
	}
	if (store_card_del(c->st, k.id) < 0)
		core_spoil(c, 0);
	sessions_close_user(c, k.user_id);
	api_audit(c, who, "card-removed", k.user);
	reply_text(c, a, 204, NULL, 0);
}

void
api_card_del(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, card_del);
}

/* ---- whose it is to be */

static void
card_move(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	char detail[180];
	struct rel_err err;
	struct card k;
	struct user u;
	int rc;

	if (card_of_path(c, rq, a, who, &k) < 0 ||
	    card_taker(c, rq, a, &u) < 0)
		return;
	if (core_write(c, &err) < 0) {
		reply_broken(c, a, -REL_E_PEER);
		return;
	}
	if ((rc = store_card_move(c->st, k.id, u.id)) < 0) {
		core_spoil(c, rc);
		reply_broken(c, a, rc);
		return;
	}
	sessions_close_user(c, k.user_id);
	snprintf(detail, sizeof detail, "%s: was %s's", u.name, k.user);
	api_audit(c, who, "card-moved", detail);
	if ((rc = store_card_get(c->st, k.id, &k)) < 0)
		reply_broken(c, a, rc);
	else
		reply_json(c, a, 200, card_json(&k));
}

void
api_card_move(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, card_move);
}

static bool
clash_row(const struct card_clash *k, void *ctx)
{
	char id[24];

	snprintf(id, sizeof id, "%" PRId64, k->card.id);
	json_array_append_new(ctx, json_pack("{s:s,s:s,s:s,s:s,s:s,s:o}",
	    "card", id, "tail", k->card.tail, "owner", k->card.user, "wants",
	    k->wants, "from", k->from, "at", json_time(k->at_ms)));
	return true;
}

static void
card_clashes(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	json_t *rows;
	int rc;

	(void)rq;
	if (api_need(c, a, who, WHO_HELPDESK) < 0)
		return;
	rows = json_array();
	if ((rc = store_card_clashes(c->st, CLASHES_MAX, clash_row,
	    rows)) < 0) {
		json_decref(rows);
		reply_broken(c, a, rc);
		return;
	}
	api_answer_list(c, a, "clashes", rows, NULL);
}

void
api_card_clashes(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, card_clashes);
}

/* It stays where it is. */
static void
card_clash_del(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct rel_err err;
	struct card k;
	int rc;

	if (card_of_path(c, rq, a, who, &k) < 0)
		return;
	if (core_write(c, &err) < 0) {
		reply_broken(c, a, -REL_E_PEER);
	} else if ((rc = store_card_clash_del(c->st, k.id)) < 0) {
		if (rc != -REL_E_NOTFOUND)
			core_spoil(c, rc);
		reply_problem(c, a, "card-unknown", 0,
		    "nobody else wants this card");
	} else {
		api_audit(c, who, "card-clash-ended", k.user);
		reply_text(c, a, 204, NULL, 0);
	}
}

void
api_card_clash_del(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, card_clash_del);
}
