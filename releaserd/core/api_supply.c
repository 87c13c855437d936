/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The supplies of all devices in the local API, those that run out first. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/api_supply.h"
#include "releaserd/core/fleet.h"

bool
supply_low(const struct core *c, int64_t percent)
{
	return percent >= 0 && percent < c->role->set.supplies_low;
}

static void
put_text(json_t *o, const char *key, const char *value)
{
	if (value[0] != '\0')
		json_object_set_new(o, key, json_string(value));
}

static void
put_number(json_t *o, const char *key, const char *value)
{
	if (value[0] != '\0')
		json_object_set_new(o, key, json_integer(strtoll(value, NULL,
		    10)));
}

json_t *
supply_json(struct core *c, const void *row)
{
	const struct supply *s = row;
	int64_t heard = fleet_heard_ms(c, s->device, s->source,
	    "supply.1.percent");
	json_t *o = json_pack("{s:s,s:s,s:s,s:s,s:i,s:i,s:b,s:o,s:o}",
	    "device", s->device_name, "device_id", s->device, "location",
	    s->location, "groups", s->groups, "n", (int)s->n, "percent",
	    s->percent, "low", supply_low(c, s->percent), "since",
	    json_time(s->at_ms), "heard_at", json_time(heard > s->at_ms ?
	    heard : s->at_ms));

	put_text(o, "name", s->name);
	put_text(o, "kind", s->kind);
	put_text(o, "color", s->color);
	put_text(o, "unit", s->unit);
	put_number(o, "level", s->level);
	put_number(o, "capacity", s->capacity);
	return o;
}

/* ---- where a page ended: "7.2.DEVICE" */

void
supply_next(char next[64], const struct supply *s)
{
	snprintf(next, 64, "%d.%u.%.39s", s->left, s->n, s->device);
}

bool
supply_after(struct supply_after *after, const char *text)
{
	int used = 0;

	*after = (struct supply_after){ -1, 0, "" };
	if (text == NULL || text[0] == '\0')
		return true;
	if (sscanf(text, "%4d.%2u.%n", &after->left, &after->n, &used) != 2 ||
	    used == 0 || after->left < 0 ||
	    strlen(text + used) >= sizeof after->device)
		return false;
	memcpy(after->device, text + used, strlen(text + used) + 1);
	return true;
}

/* ---- the list */

struct supply_rows {
	struct core *c;
	json_t *rows;
	char last[64];
};

static bool
supply_row(const struct supply *s, void *ctx)
{
	struct supply_rows *w = ctx;

	json_array_append_new(w->rows, supply_json(w->c, s));
	supply_next(w->last, s);
	return true;
}

static void
supplies(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	int limit = (int)req_num(rq, F_LIMIT, API_LIMIT), n;
	struct supply_rows w = { c, NULL, "" };
	struct supply_after after;

	if (api_need(c, a, who, WHO_HELPDESK) < 0)
		return;
	if (!supply_after(&after, req_str(rq, F_AFTER))) {
		reply_field(c, a, "bad-request", "after", "after is the next "
		    "of the page before");
		return;
	}
	if (api_seek(c, rq, a, SEEK_SUPPLIES, req_num(rq, F_BELOW, 0)))
		return;
	w.rows = json_array();
	n = store_supply_list(c->st, &after, (int)req_num(rq, F_BELOW, 0),
	    limit, supply_row, &w);
	api_answer_page(c, a, "supplies", w.rows, n,
	    n == limit ? w.last : NULL);
}

void
api_supplies(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, supplies);
}
