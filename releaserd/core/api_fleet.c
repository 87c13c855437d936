/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* How devices are, in the local API: condition, items, events, supplies. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/fold.h"
#include "lib/reason.h"
#include "releaserd/core/api_supply.h"
#include "releaserd/core/direct.h"
#include "releaserd/core/fleet.h"

#define EVENTS_MOST 50
#define SUPPLIES_MOST 24
#define SILENT_MS 300000

/* ---- in one word */

static bool
has_warning(const char *reasons)
{
	struct rel_reason r;
	char one[128];

	for (const char *p = reasons; *p != '\0';) {
		size_t n = strcspn(p, ",");

		snprintf(one, sizeof one, "%.*s", (int)n, p);
		if (rel_reason(&r, one) && r.level >= REL_REASON_WARNING)
			return true;
		p += n + (p[n] == ',');
	}
	return false;
}

struct device_since
device_since(const struct core *c)
{
	int64_t now = rel_now_ms(), asked = 12 * c->role->set.poll_ms;
	struct device_since since = { now - SILENT_MS, now - SILENT_MS };

	if (asked > SILENT_MS)
		since.asked_ms = now - asked;
	if (asked == 0)			/* nobody is asked */
		since.asked_ms = 0;
	return since;
}

/* Not heard of for too long, or it does not answer. */
static bool
is_away(struct core *c, const struct device *d, const struct fleet_now *f)
{
	const struct device *now = device_at(c, d->id);
	int64_t seen = now != NULL ? now->seen_ms : d->seen_ms;
	struct device_since since = device_since(c);
	bool calls = d->state == 1 && (d->protocol[0] == '\0' ||
	    strcmp(d->protocol, "opdp") == 0);

	return f->down_ms != 0 || (seen != 0 && seen < (calls ?
	    since.called_ms : since.asked_ms));
}

const char *
device_condition(struct core *c, const struct device *d)
{
	struct fleet_now f;

	fleet_now(c, d->id, &f);
	if (d->state != 1 && d->protocol[0] == '\0')
		return "unknown";
	if (is_away(c, d, &f))
		return "away";
	if (f.state[0] == '\0')
		return d->state == 1 ? "ok" : "unknown";
	if (f.trouble != NULL)
		return strcmp(f.trouble, "device-offline") == 0 ? "offline" :
		    "stopped";
	return has_warning(f.reasons) ? "warning" : "ok";
}

/* ---- supplies, in short */

/* The row of this number, in its place; NULL: there are too many. */
static json_t *
supply_at(json_t *rows, unsigned n)
{
	size_t at = json_array_size(rows);

	for (; at > 0; at--) {
		json_t *row = json_array_get(rows, at - 1);
		json_int_t is = json_integer_value(json_object_get(row, "n"));

		if (is == n)
			return row;
		if (is < n)
			break;
	}
	if (json_array_size(rows) >= SUPPLIES_MOST)
		return NULL;
	json_array_insert_new(rows, at, json_pack("{s:i}", "n", (int)n));
	return json_array_get(rows, at);
}

static bool
supply_row(const struct device_item *i, void *ctx)
{
	json_t *rows = ctx;
	unsigned n = 0;
	int used = 0;
	json_t *row;

	if (sscanf(i->name, "supply.%2u.%n", &n, &used) != 1 || used == 0)
		return true;
	if ((row = supply_at(rows, n)) == NULL)
		return true;
	json_object_set_new(row, i->name + used,
	    item_kind(i->name) != NULL && item_kind(i->name)->type ==
	    ITEM_NUMBER ? json_integer(strtoll(i->value, NULL, 10)) :
	    json_string(i->value));
	return true;
}

json_t *
device_supplies(struct core *c, const char *device)
{
	json_t *rows = json_array(), *row, *left;
	size_t i;

	if (store_item_group(c->st, device, "supply.", supply_row, rows) < 0)
		json_array_clear(rows);
	json_array_foreach(rows, i, row) {
		left = json_object_get(row, "percent");
		json_object_set_new(row, "low", json_boolean(left != NULL &&
		    supply_low(c, json_integer_value(left))));
	}
	return rows;
}

/* ---- into DEVICE */

void
device_fleet_json(struct core *c, const struct device *d, json_t *o)
{
	const struct device *now = device_at(c, d->id);
	struct fleet_now f;
	char words[240] = "";

	fleet_now(c, d->id, &f);
	fleet_reason_words(f.reasons, "en", words, sizeof words);
	json_object_update_new(o, json_pack("{s:s,s:s,s:I,s:s,s:s,s:s?,s:s,"
	    "s:o,s:o,s:o,s:s,s:o}", "protocol", d->protocol, "address",
	    d->address, "snmp_port", (json_int_t)(d->snmp_port > 0 ?
	    d->snmp_port : 161), "api_url", d->api_url, "condition",
	    device_condition(c, d), "problem", f.problem, "trouble", words,
	    "state_at", json_time(f.state_ms), "info_at", json_time(f.info_ms),
	    "away_since", json_time(f.down_ms), "away_why", f.why,
	    "supplies", device_supplies(c, d->id)));
	if (now != NULL && now->seen_ms > d->seen_ms)
		json_object_set_new(o, "last_seen_at",
		    json_time(now->seen_ms));
}

/* What a request says of how a device is asked; NULL, or what is wrong. */
const char *
device_fleet_fill(const struct request *rq, struct device *d)
{
	const char *protocol = req_str(rq, F_PROTOCOL);
	const char *address = req_str(rq, F_ADDRESS);
	unsigned n;

	(void)fleet_drivers(&n);
	if (protocol != NULL && protocol[0] != '\0' &&
	    strcmp(protocol, DIRECT_PROTOCOL) != 0) {
		for (const char *p = protocol; *p != '\0'; p++)
			if (!islower((unsigned char)*p) && *p != '-' &&
			    !isdigit((unsigned char)*p))
				return "protocol is the name of a driver, "
				    "such as snmp-lpr, ipp or opdp";
		if (n > 0 && fleet_driver(protocol) == NULL)
			return "there is no driver of this name for protocol: "
			    "snmp-lpr, ipp and opdp are there, and queue "
			    "for a direct queue";
	}
	if (protocol != NULL)
		snprintf(d->protocol, sizeof d->protocol, "%s", protocol);
	/* That of a queue is the name of a device. */
	for (const char *p = address; p != NULL && *p != '\0'; p++)
		if ((*p <= ' ' || *p > '~') && strcmp(d->protocol,
		    DIRECT_PROTOCOL) != 0)
			return "address is a host name or an address";
	if (strcmp(d->transport, "driver") == 0 &&
	    (fleet_can(d) & DRIVER_CAN_SEND) == 0)
		return "transport is driver, but what this device's protocol "
		    "names sends no documents: lpr, ipp and ipps always do";
	if (address != NULL)
		snprintf(d->address, sizeof d->address, "%s", address);
	d->snmp_port = req_num(rq, F_SNMP_PORT, d->snmp_port > 0 ?
	    d->snmp_port : 161);
	return NULL;
}

/* ---- which are looked for */

bool
device_in_group(const char *groups, const char *name)
{
	char a[128], b[128];
	size_t len = strlen(name);

	rel_fold(b, name, len < sizeof b ? len : sizeof b);
	for (const char *p = groups; *p != '\0';) {
		size_t n = strcspn(p, ",");

		if (n == len && n < sizeof a) {
			rel_fold(a, p, n);
			if (memcmp(a, b, n) == 0)
				return true;
		}
		p += n + (p[n] == ',');
	}
	return false;
}

bool
device_fits(struct core *c, const struct device *d, const char *group,
    const char *condition)
{
	const char *is;

	if (group[0] != '\0' && !device_in_group(d->groups, group))
		return false;
	if (condition[0] == '\0')
		return true;
	is = device_condition(c, d);
	return strcmp(condition, "trouble") == 0 ? strcmp(is, "ok") != 0 &&
	    strcmp(is, "unknown") != 0 : strcmp(condition, is) == 0;
}

/* ---- all of one */

struct item_rows {
	struct core *c;
	const char *device;
	int group;			/* -1: all */
	json_t *rows;
};

/* As it is kept; a moment as moments are told everywhere. */
static json_t *
item_value(const struct device_item *i, const struct item_kind *kind)
{
	int64_t ms;

	return kind->type == ITEM_TIME && rel_int(&ms, i->value, 0,
	    INT64_MAX) ? json_time(ms) : json_string(i->value);
}

static bool
item_row(const struct device_item *i, void *ctx)
{
	static const char *const types[] = {
		"text", "number", "yes-no", "list", "time"
	};
	struct item_rows *w = ctx;
	const struct item_kind *kind = item_kind(i->name);
	int64_t heard = fleet_heard_ms(w->c, w->device, i->source, i->name);

	if (kind == NULL || (w->group >= 0 && (int)kind->group != w->group))
		return true;
	json_array_append_new(w->rows, json_pack("{s:s,s:o,s:s,s:s,s:s,s:s,"
	    "s:o,s:o}", "name", i->name, "value", item_value(i, kind), "type",
	    types[kind->type], "group", item_group_name(kind->group), "words",
	    kind->words, "source", i->source, "since", json_time(i->at_ms),
	    "heard_at", json_time(heard > i->at_ms ? heard : i->at_ms)));
	return true;
}

static void
device_items(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	const char *group = req_str(rq, F_GROUP);
	struct device d;
	struct item_rows w = { c, d.id, -1, NULL };
	int n;

	if (api_need(c, a, who, WHO_HELPDESK) < 0)
		return;
	if (group != NULL && (w.group = item_group_of(group)) < 0) {
		reply_field(c, a, "bad-request", "group", "there is no such "
		    "group of items");
		return;
	}
	if (device_find(c, a, req_str(rq, F_ID), &d) < 0)
		return;
	w.rows = json_array();
	if ((n = store_item_list(c->st, d.id, item_row, &w)) < 0) {
		json_decref(w.rows);
		reply_broken(c, a, n);
		return;
	}
	reply_json(c, a, 200, json_pack("{s:s,s:s,s:o}", "id", d.id, "name",
	    d.name, "items", w.rows));
}

void
api_device_items(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, device_items);
}

static bool
event_row(const struct device_event *e, void *ctx)
{
	json_array_append_new(ctx, json_pack("{s:o,s:s,s:s}", "at",
	    json_time(e->at_ms), "kind", e->kind, "text", e->text));
	return true;
}

static void
device_events(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct device d;
	json_t *rows;
	int n;

	if (api_need(c, a, who, WHO_HELPDESK) < 0 ||
	    device_find(c, a, req_str(rq, F_ID), &d) < 0)
		return;
	rows = json_array();
	n = store_device_event_list(c->st, d.id, (int)req_num(rq, F_LIMIT,
	    EVENTS_MOST), event_row, rows);
	if (n < 0) {
		json_decref(rows);
		reply_broken(c, a, n);
		return;
	}
	api_answer_list(c, a, "events", rows, NULL);
}

void
api_device_events(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, device_events);
}

static void
device_ask(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct device d;

	if (api_need(c, a, who, WHO_HELPDESK) < 0 ||
	    device_find(c, a, req_str(rq, F_ID), &d) < 0)
		return;
	if (d.protocol[0] == '\0') {
		reply_problem(c, a, "bad-request", 0, "%s has no protocol: "
		    "nobody knows how to ask it", d.name);
		return;
	}
	fleet_push(c, d.id, FLEET_PULL_INFO);
	reply_json(c, a, 202, device_json(c, &d));
}

void
api_device_ask(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, device_ask);
}
