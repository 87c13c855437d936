/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Guests in the local API.  The help desk invites, and, where GuestHosts says
 * so, people do: each sees and ends their own guests.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/money.h"
#include "lib/period.h"
#include "releaserd/core/api_money.h"
#include "releaserd/core/guest.h"
#include "releaserd/core/quota.h"
#include "releaserd/when.h"

#define DAY_MS INT64_C(86400000)
#define NAME_TRIES 20

static const char *const states[] = {
	[GUEST_WAITING] = "waiting", [GUEST_OPEN] = "open",
	[GUEST_ENDED] = "ended"
};

static json_t *
guest_json(const struct guest *g)
{
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:o,s:o,s:o}", "name", g->name,
	    "display", g->display, "mail", g->mail, "host", g->host, "state",
	    states[g->state], "created_at", json_time(g->created_ms),
	    "valid_from", json_time(g->from_ms), "valid_until",
	    json_time(g->until_ms));
}

/* ---- who may */

int
api_is_host(struct core *c, const struct caller *who)
{
	char group[84];

	if (c->role->set.guest_hosts[0] == '\0' || who->key[0] == '\0' ||
	    store_guest_named(c->st, who->key) ||
	    !api_group_key(group, c->role->set.guest_hosts))
		return 0;
	return store_group_has(c->st, group, who->key);
}

/* 0: all guests, 1: one's own; -1 answered. */
static int
guest_need(struct core *c, struct asker *a, const struct caller *who)
{
	int rc = who->role >= WHO_HELPDESK ? 0 : api_is_host(c, who);

	if (rc == 1 || who->role >= WHO_HELPDESK)
		return rc;
	if (rc < 0)
		reply_broken(c, a, rc);
	else
		reply_problem(c, a, "forbidden", 0, "guests are invited by "
		    "the help desk here (setting GuestHosts)");
	return -1;
}

/* ---- times */

/*
 * From when, until when: what the request says, else what g has. 0, or
 * answered.
 */
static int
times_read(struct core *c, const struct request *rq, struct asker *a,
    struct guest *g)
{
	const char *from = req_str(rq, F_VALID_FROM), *until = req_str(rq,
	    F_VALID_UNTIL), *bad = NULL, *field = "valid_until";
	int64_t days = req_num(rq, F_DAYS, 0), now = rel_now_ms();
	int64_t most = c->role->set.guest_max_ms;
	char words[120];

	if (from != NULL && !when_parse(&g->from_ms, from, false)) {
		field = "valid_from";
		bad = "valid_from must be a day or a time (2026-11-30)";
	} else if (until != NULL && (days != 0 ||
	    !when_parse(&g->until_ms, until, true))) {
		bad = "valid_until must be a day or a time (2026-11-30), "
		    "without days beside it";
	} else if (days != 0) {
		g->until_ms = (g->from_ms > now ? g->from_ms : now) +
		    days * DAY_MS;
	}
	if (bad == NULL && (g->until_ms <= now || g->until_ms <= g->from_ms))
		bad = "valid_until must be to come, and behind valid_from";
	if (bad == NULL && g->until_ms - (g->from_ms > now ? g->from_ms :
	    now) > most) {
		snprintf(words, sizeof words, "a guest may be invited for %lld "
		    "hours at most (setting GuestTime)",
		    (long long)(most / 3600000));
		bad = words;
	}
	if (bad == NULL)
		return 0;
	reply_field(c, a, "bad-request", field, bad);
	return -1;
}

/* ---- one who is made or gets a new code: its hash is an agent's */

struct guest_change {
	struct asker a;
	struct caller who;
	struct guest g;
	struct user u;			/* of a new one */
	struct quota quota[MONEY_UNITS];
	size_t nquotas;
	bool is_new, own;
	char code[CODE_TEXT];
};

static void
change_free(struct guest_change *ch)
{
	rel_wipe(ch, sizeof *ch);
	free(ch);
}

/* In the open transaction. */
static int
change_store(struct core *c, struct guest_change *ch)
{
	struct user now;
	int rc;

	if (ch->is_new) {
		rc = store_user_add(c->st, &ch->u);
	} else if ((rc = store_user_by_id(c->st, ch->g.user_id, &now)) == 0) {
		memcpy(now.password, ch->u.password, sizeof now.password);
		rc = store_user_set(c->st, &now);
	}
	if (rc == 0)
		rc = store_guest_set(c->st, &ch->g);
	for (size_t i = 0; rc == 0 && i < ch->nquotas; i++)
		rc = store_quota_set(c->st, &ch->quota[i]);
	if (rc == 0)
		rc = guest_settle(c, &ch->g);
	return rc;
}

static void
change_write(struct core *c, struct guest_change *ch)
{
	struct rel_err err;
	json_t *o;
	int rc = core_write(c, &err);

	if (rc == 0 && ((rc = change_store(c, ch)) < 0 ||
	    (ch->own && (rc = changes_count(c, ch->who.key)) < 0)))
		core_spoil(c, rc);
	if (rc < 0) {
		reply_broken(c, &ch->a, rc);
		return;
	}
	if (ch->nquotas > 0)
		quota_changed(c);
	api_audit(c, &ch->who, ch->is_new ? "guest-invited" :
	    "guest-code-made", ch->g.name);
	o = guest_json(&ch->g);
	json_object_set_new(o, "code", json_string(ch->code));
	reply_json(c, &ch->a, ch->is_new ? 201 : 200, o);
}

static void
on_hashed(struct core *c, struct rel_frame *fr, void *ctx)
{
	struct guest_change *ch = ctx;
	struct rel_cur cur;

	if (fr == NULL || fr->type != IPC_HASHED) {
		reply_problem(c, &ch->a, "backend-unavailable", 2,
		    "passwords cannot be hashed now");
	} else {
		rel_cur_init(&cur, fr->body, fr->len);
		rel_get_str(&cur, ch->u.password, sizeof ch->u.password);
		change_write(c, ch);
	}
	change_free(ch);
}

/* The code is also the password, with the name, where there is a keyboard. */
static void
change_begin(struct core *c, struct guest_change *ch)
{
	struct rel_buf b;
	int rc;

	code_new(c, ch->code, ch->g.code_mac);
	rel_buf_init(&b);
	rel_put_str(&b, ch->code);
	rc = agent_ask(c, IPC_HASH, &b, on_hashed, ch);
	rel_buf_fini_secret(&b);
	if (rc == 0)
		return;
	reply_problem(c, &ch->a, "rate-limited", 5,
	    "too many passwords are being hashed");
	change_free(ch);
}

/* ---- POST /guests */

/* "guest-7KQ4M", which nobody has. */
static int
name_new(struct core *c, struct user *u)
{
	struct user other;
	char hex[9], digits[6];
	int rc = 0;

	for (int i = 0; i < NAME_TRIES && rc == 0; i++) {
		ids_token(hex, 4);
		rel_b32(digits, strtoul(hex, NULL, 16), 5);
		snprintf(u->name, sizeof u->name, "guest-%s", digits);
		if (!rel_user_key(u->key, sizeof u->key, u->name, false))
			return -REL_E_FORMAT;
		rc = store_user_get(c->st, u->key, &other);
	}
	return rc == -REL_E_NOTFOUND ? 0 : rc < 0 ? rc : -REL_E_FULL;
}

static void
add_quota(struct guest_change *ch, enum money_unit unit, int64_t amount)
{
	struct quota *q = &ch->quota[ch->nquotas++];

	*q = (struct quota){ .owner = QUOTA_USER, .unit = unit,
	    .amount = amount, .period = REL_PERIOD_NEVER,
	    .set_ms = ch->u.created_ms };
	memcpy(q->key, ch->u.key, sizeof q->key);
	memcpy(q->by, ch->who.name, sizeof q->by);
}

/* What the guest may print, once for all of the time; 0, or answered. */
static int
quotas_read(struct core *c, const struct request *rq, struct asker *a,
    struct guest_change *ch)
{
	int64_t mono = req_num(rq, F_MONO, -1), colour = req_num(rq,
	    F_COLOUR, -1), amount;
	const char *money = req_str(rq, F_AMOUNT);

	if (ch->own && (money != NULL || mono >= 0 || colour >= 0)) {
		reply_problem(c, a, "forbidden", 0, "what guests may print is "
		    "said by the help desk");
		return -1;
	}
	if (mono >= 0 || colour >= 0) {
		add_quota(ch, UNIT_MONO, mono >= 0 ? mono : 0);
		add_quota(ch, UNIT_COLOUR, colour >= 0 ? colour : 0);
	}
	if (money == NULL)
		return 0;
	if (api_amount_read(c, a, money, UNIT_MONEY, &amount) < 0)
		return -1;
	if (amount < 0 || amount > 999999 * REL_MONEY_UNIT) {
		reply_field(c, a, "bad-request", "amount",
		    "amount must be 0 to 999999");
		return -1;
	}
	add_quota(ch, UNIT_MONEY, amount);
	return 0;
}

static void
take(char *to, size_t size, const char *s)
{
	snprintf(to, size, "%s", s != NULL ? s : "");
}

/* 0, or answered. */
static int
guest_fill(struct core *c, const struct request *rq, struct asker *a,
    struct guest_change *ch)
{
	struct user *u = &ch->u;
	struct guest *g = &ch->g;
	int rc;

	u->id = g->user_id = ids_next(c);
	u->created_ms = g->created_ms = g->from_ms = rel_now_ms();
	u->disabled = true;		/* guest_settle() opens it */
	g->until_ms = g->from_ms + DAY_MS;
	if ((rc = name_new(c, u)) < 0) {
		reply_broken(c, a, rc);
		return rc;
	}
	take(u->display, sizeof u->display, req_str(rq, F_DISPLAY));
	take(u->mail, sizeof u->mail, req_str(rq, F_MAIL));
	take(u->locale, sizeof u->locale, req_str(rq, F_LOCALE));
	take(g->host, sizeof g->host, ch->who.key[0] != '\0' ? ch->who.key :
	    ch->who.name);
	memcpy(g->key, u->key, sizeof g->key);
	memcpy(g->name, u->name, sizeof g->name);
	memcpy(g->display, u->display, sizeof g->display);
	memcpy(g->mail, u->mail, sizeof g->mail);
	if (times_read(c, rq, a, g) < 0)
		return -1;
	return quotas_read(c, rq, a, ch);
}

static void
guest_add(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	int own = guest_need(c, a, who);
	struct guest_change *ch;

	if (own < 0)
		return;
	if (own == 1 && changes_wait_s(c, who->key) > 0) {
		reply_problem(c, a, "too-many-changes",
		    (unsigned)changes_wait_s(c, who->key), "you have changed "
		    "too much in this hour; try again later");
		return;
	}
	if ((ch = calloc(1, sizeof *ch)) == NULL) {
		reply_problem(c, a, "internal", 0, "no memory");
		return;
	}
	ch->a = *a;
	ch->who = *who;
	ch->is_new = true;
	ch->own = own == 1;
	if (guest_fill(c, rq, a, ch) < 0)
		change_free(ch);
	else
		change_begin(c, ch);
}

void
api_guest_add(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, guest_add);
}

/* ---- reading */

struct guest_rows {
	json_t *rows;
	int64_t last;
};

static bool
guest_row(const struct guest *g, void *ctx)
{
	struct guest_rows *w = ctx;

	json_array_append_new(w->rows, guest_json(g));
	w->last = g->user_id;
	return true;
}

static void
guest_list(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	int limit = (int)req_num(rq, F_LIMIT, API_LIMIT), n;
	const char *text = req_str(rq, F_AFTER);
	int own = guest_need(c, a, who);
	struct guest_rows w = { NULL, 0 };
	int64_t after = 0;
	char next[24];

	if (own < 0)
		return;
	if (text != NULL && !rel_int(&after, text, 0, INT64_MAX))
		after = 0;
	w.rows = json_array();
	n = store_guest_list(c->st, own == 1 ? who->key : "", after, limit,
	    guest_row, &w);
	if (n < 0) {
		json_decref(w.rows);
		reply_broken(c, a, n);
		return;
	}
	snprintf(next, sizeof next, "%" PRId64, w.last);
	api_answer_list(c, a, "guests", w.rows, n == limit ? next : NULL);
}

void
api_guest_list(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, guest_list);
}

/* ---- one */

/* The guest of the path, when it is the caller's; 0, or answered. */
static int
guest_of_path(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who, struct guest *g)
{
	int own = guest_need(c, a, who), rc = -REL_E_NOTFOUND;
	char key[84];

	if (own < 0)
		return -1;
	if (rel_user_key(key, sizeof key, req_str(rq, F_ID), false))
		rc = store_guest_get(c->st, key, g);
	if (rc == 0 && own == 1 && strcmp(g->host, who->key) != 0)
		rc = -REL_E_NOTFOUND;
	if (rc == -REL_E_NOTFOUND)
		reply_problem(c, a, "user-unknown", 0, "there is no guest "
		    "\"%s\"", req_str(rq, F_ID));
	else if (rc < 0)
		reply_broken(c, a, rc);
	return rc;
}

/* Its new time; 0 or the turn is spoilt. */
static int
guest_write(struct core *c, struct guest *g)
{
	struct rel_err err;
	int rc = core_write(c, &err);

	if (rc < 0)
		return rc;
	if ((rc = store_guest_set(c->st, g)) < 0)
		return core_spoil(c, rc);
	return guest_settle(c, g);
}

static void
guest_set(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct guest_change *ch;
	struct guest g;
	int rc;

	if (guest_of_path(c, rq, a, who, &g) < 0 ||
	    times_read(c, rq, a, &g) < 0)
		return;
	if (req_num(rq, F_NEW_CODE, 0) == 0) {
		if ((rc = guest_write(c, &g)) < 0) {
			reply_broken(c, a, rc);
			return;
		}
		api_audit(c, who, "guest-changed", g.name);
		reply_json(c, a, 200, guest_json(&g));
		return;
	}
	if ((ch = calloc(1, sizeof *ch)) == NULL) {
		reply_problem(c, a, "internal", 0, "no memory");
		return;
	}
	ch->a = *a;
	ch->who = *who;
	ch->g = g;
	change_begin(c, ch);
}

void
api_guest_set(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, guest_set);
}

static void
guest_end(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct guest g;
	int rc;

	if (guest_of_path(c, rq, a, who, &g) < 0)
		return;
	g.until_ms = rel_now_ms();
	if (g.from_ms > g.until_ms)
		g.from_ms = g.until_ms;
	if ((rc = guest_write(c, &g)) < 0) {
		reply_broken(c, a, rc);
		return;
	}
	reply_text(c, a, 204, NULL, 0);
}

void
api_guest_end(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, guest_end);
}
