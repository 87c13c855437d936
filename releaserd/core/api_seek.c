/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Users, cards, devices, accounts and supplies whose texts hold some words: whole lists are read,
 * a slice at a time, so that no panel waits for somebody's search.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/fold.h"
#include "releaserd/core/api_money.h"
#include "releaserd/core/api_supply.h"
#include "releaserd/core/fleet.h"
#include "releaserd/core/station.h"

#define SLICE_ROWS 300

struct seek {
	struct core *c;
	struct asker a;
	enum api_seek_kind kind;
	char words[104];		/* folded */
	char after[96];			/* of the list: a key, an id, a name */
	json_t *rows;
	int limit;
	bool full;
	int64_t user;			/* cards: of this user; 0: all */
	enum caller_role role;		/* devices */
	struct account_filter list;	/* accounts */
	char group[64];			/* devices, supplies */
	char condition[16];		/* devices */
	char supply[41];		/* supplies: of this kind */
	int below;
	char station[4];		/* "yes", "no", "" */
	struct account_rows found;
};

static void
seek_free(struct seek *s)
{
	json_decref(s->rows);
	free(s);
}

static bool
has(const struct seek *s, const char *text)
{
	return rel_fold_has(text, strlen(text), s->words);
}

/* The row is one of those looked for; false ends the list: it is full. */
static bool
take(struct seek *s, bool found, json_t *(*json)(struct core *, const void *),
    const void *row)
{
	if (found)
		json_array_append_new(s->rows, json(s->c, row));
	s->full = json_array_size(s->rows) >= (size_t)s->limit;
	return !s->full;
}

static json_t *
a_user(struct core *c, const void *row)
{
	return user_json(c, row);
}

static bool
user_row(const struct user *u, void *ctx)
{
	struct seek *s = ctx;

	snprintf(s->after, sizeof s->after, "%s", u->key);
	return take(s, has(s, u->name) || has(s, u->display) ||
	    has(s, u->mail) || has(s, u->department), a_user, u);
}

static json_t *
a_card(struct core *c, const void *row)
{
	(void)c;
	return card_json(row);
}

static bool
card_row(const struct card *k, void *ctx)
{
	struct seek *s = ctx;

	snprintf(s->after, sizeof s->after, "%" PRId64, k->id);
	return take(s, has(s, k->tail) || has(s, k->user), a_card, k);
}

static json_t *
a_device(struct core *c, const void *row)
{
	return device_json(c, row);
}

static json_t *
a_choice(struct core *c, const void *row)
{
	return device_json_for(c, row, WHO_USER);
}

/* Nobody finds a device by what he is not shown. */
static bool
device_has(const struct seek *s, const struct device *d)
{
	return has(s, d->name) || has(s, d->location) || has(s, d->id) ||
	    (s->role >= WHO_HELPDESK && (has(s, d->model) ||
	    has(s, d->vendor) || has(s, d->serial) || has(s, d->lpr_host) ||
	    has(s, d->address)));
}

static bool
station_fits(const struct seek *s, const struct device *d)
{
	return s->station[0] == '\0' || device_is_station(d) ==
	    (strcmp(s->station, "yes") == 0);
}

/* Where a station is looked for, its own words count, too. */
static bool
station_has(const struct seek *s, const struct device *d)
{
	char text[ITEM_VALUE_MAX];

	return s->station[0] == 'y' && (
	    (fleet_item(s->c, d->id, "station.host", text, sizeof text) &&
	    has(s, text)) ||
	    (fleet_item(s->c, d->id, "station.address", text, sizeof text) &&
	    has(s, text)));
}

static bool
device_row(const struct device *d, void *ctx)
{
	struct seek *s = ctx;

	snprintf(s->after, sizeof s->after, "%s", d->name);
	return take(s, station_fits(s, d) && (device_has(s, d) ||
	    station_has(s, d)) && device_fits(s->c, d, s->group,
	    s->condition), s->role >= WHO_HELPDESK ? a_device : a_choice, d);
}

/* People and devices have names beside those of their accounts. */
static bool
account_has(const struct seek *s, const struct account *a)
{
	struct device d;
	struct user u;

	if (has(s, a->name) || has(s, a->key))
		return true;
	if (a->kind == ACCOUNT_USER)
		return store_user_get(s->c->st, a->key, &u) == 0 &&
		    has(s, u.display);
	return a->kind == ACCOUNT_DEVICE &&
	    store_device_get(s->c->st, a->key, &d) == 0 && has(s, d.name);
}

/* A row for each unit: the list is full at the one of another account. */
static bool
account_row(const struct account *a, void *ctx)
{
	struct seek *s = ctx;
	bool more = api_account_same(&s->found, a);
	bool found = more || account_has(s, a);

	s->full = found && !more &&
	    json_array_size(s->rows) >= (size_t)s->limit;
	if (s->full)
		return false;
	if (found)
		api_account_row(a, &s->found);
	s->list.after = *a;
	api_account_next(s->after, a);
	return true;
}

static bool
supply_row(const struct supply *p, void *ctx)
{
	struct seek *s = ctx;

	supply_next(s->after, p);
	return take(s, (has(s, p->device_name) || has(s, p->location) ||
	    has(s, p->name) || has(s, p->kind) || has(s, p->color)) &&
	    (s->group[0] == '\0' || device_in_group(p->groups, s->group)) &&
	    (s->supply[0] == '\0' || strcmp(p->kind, s->supply) == 0),
	    supply_json, p);
}

/* Rows read, at most SLICE_ROWS. */
static int
read_on(struct seek *s)
{
	struct store *st = s->c->st;
	struct supply_after from;
	int64_t after = 0;

	switch (s->kind) {
	case SEEK_USERS:
		return store_user_list(st, s->after, SLICE_ROWS, user_row, s);
	case SEEK_CARDS:
		if (s->after[0] != '\0' &&
		    !rel_int(&after, s->after, 0, INT64_MAX))
			after = 0;
		return store_card_list(st, s->user, after, SLICE_ROWS,
		    card_row, s);
	case SEEK_ACCOUNTS:
		return store_account_list(st, &s->list, account_row, s);
	case SEEK_SUPPLIES:
		if (!supply_after(&from, s->after))
			return -REL_E_FORMAT;
		return store_supply_list(st, &from, s->below, SLICE_ROWS,
		    supply_row, s);
	default:
		return store_device_list(st, s->after, SLICE_ROWS, device_row,
		    s);
	}
}

static bool
seek_slice(struct core *c, void *arg, bool go_on)
{
	static const char *const names[] = { "users", "cards", "devices",
		"accounts", "supplies" };
	struct seek *s = arg;
	int n = go_on ? read_on(s) : 0;

	if (go_on && n == SLICE_ROWS && !s->full)
		return true;
	if (n < 0)
		reply_broken(c, &s->a, n);
	else if (go_on)
		api_answer_list(c, &s->a, names[s->kind],
		    json_incref(s->rows), s->full ? s->after : NULL);
	seek_free(s);
	return false;
}

static void
words_take(struct seek *s, const char *q)
{
	size_t n;

	q += strspn(q, " ");
	snprintf(s->words, sizeof s->words, "%s", q);
	for (n = strlen(s->words); n > 0 && s->words[n - 1] == ' ';)
		s->words[--n] = '\0';
	rel_fold(s->words, s->words, n);
}

bool
api_seek(struct core *c, const struct request *rq, struct asker *a,
    enum api_seek_kind kind, int64_t of)
{
	const char *q = req_str(rq, F_Q), *after = req_str(rq, F_AFTER);
	const char *group = req_str(rq, F_DEVICE_GROUP);
	const char *condition = req_str(rq, F_CONDITION);
	const char *station = req_str(rq, F_STATION);
	const char *supply = kind == SEEK_SUPPLIES ? req_str(rq, F_KIND) :
	    NULL;
	struct account_filter list = { .kind = (enum account_kind)(kind ==
	    SEEK_ACCOUNTS ? of : 0), .limit = SLICE_ROWS };
	struct seek *s;

	if (q == NULL && group == NULL && condition == NULL &&
	    station == NULL && supply == NULL)
		return false;
	if (kind == SEEK_ACCOUNTS &&
	    api_account_after(c, rq, a, &list.after) < 0)
		return true;
	if ((s = calloc(1, sizeof *s)) == NULL ||
	    (s->rows = json_array()) == NULL) {
		free(s);
		reply_broken(c, a, -REL_E_NOMEM);
		return true;
	}
	s->c = c;
	s->a = *a;
	s->kind = kind;
	s->user = of;
	s->role = kind == SEEK_DEVICES ? (enum caller_role)of : WHO_USER;
	s->below = kind == SEEK_SUPPLIES ? (int)of : 0;
	snprintf(s->supply, sizeof s->supply, "%s", supply != NULL ? supply :
	    "");
	s->list = list;
	s->found.c = c;
	s->found.rows = s->rows;
	s->limit = (int)req_num(rq, F_LIMIT, API_LIMIT);
	snprintf(s->after, sizeof s->after, "%s", after != NULL ? after : "");
	snprintf(s->group, sizeof s->group, "%s", group != NULL ? group : "");
	snprintf(s->condition, sizeof s->condition, "%s", condition != NULL ?
	    condition : "");
	snprintf(s->station, sizeof s->station, "%s", station != NULL ?
	    station : "");
	words_take(s, q != NULL ? q : "");
	if (core_slices(c, seek_slice, s) < 0) {
		reply_problem(c, a, "rate-limited", 2,
		    "too many searches at once: try again in a moment");
		seek_free(s);
	}
	return true;
}
