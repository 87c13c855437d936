/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * What a device says of itself as OPDP has it (doc/opdp.md, "Level 2"), as
 * items.  Whatever has another type than it should is not there.
 */
#include "releaserd/driver/opdp_priv.h"

#include <stdio.h>
#include <string.h>

#include "releaserd/when.h"

#define SKEW_STEP_MS 1000
#define ROWS_MAX 32u		/* feeders, finishers, alerts, supplies */

static const json_t *
member(const json_t *v, const char *path)
{
	char name[32];

	while (v != NULL) {
		size_t n = strcspn(path, ".");

		snprintf(name, sizeof name, "%.*s", (int)n, path);
		v = json_object_get(v, name);
		if (path[n] == '\0')
			return v;
		path += n + 1;
	}
	return NULL;
}

static void
put_list(struct items *l, const char *item, unsigned n, const json_t *list)
{
	char text[ITEM_VALUE_MAX];
	size_t at = 0;

	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *s = json_string_value(json_array_get(list, i));
		size_t len = s != NULL ? strlen(s) : 0;

		/* a comma would make two of one */
		if (len == 0 || strchr(s, ',') != NULL || at + len + 2 >
		    sizeof text)
			continue;
		at += (size_t)snprintf(text + at, sizeof text - at, "%s%s",
		    at > 0 ? "," : "", s);
	}
	items_text(l, item, n, text, at);
}

static void
put_value(struct items *l, const char *item, unsigned n, const json_t *v)
{
	int64_t ms;

	if (item_kind(item) != NULL && item_kind(item)->type == ITEM_TIME) {
		if (json_is_string(v) && when_parse(&ms,
		    json_string_value(v), false))
			items_number(l, item, n, ms);
	} else if (json_is_string(v)) {
		items_text(l, item, n, json_string_value(v),
		    json_string_length(v));
	} else if (json_is_integer(v)) {
		items_number(l, item, n, json_integer_value(v));
	} else if (json_is_boolean(v)) {
		items_number(l, item, n, json_is_true(v));
	} else if (json_is_array(v)) {
		put_list(l, item, n, v);
	}
}

/* Where a member goes: "type.color" to the item "color". */
struct way {
	const char *path, *item;
};

static void
put_ways(struct items *l, const json_t *v, const struct way *ways,
    unsigned n)
{
	for (; ways->path != NULL; ways++)
		put_value(l, ways->item, n, member(v, ways->path));
}

static void
put_rows(struct items *l, const json_t *rows, const struct way *ways)
{
	for (size_t i = 0; i < json_array_size(rows) && i < ROWS_MAX; i++)
		put_ways(l, json_array_get(rows, i), ways, (unsigned)i + 1);
}

/* ---- GET /info */

static const struct way info_ways[] = {
	{ "vendor", "vendor" }, { "model", "model" }, { "serial", "serial" },
	{ "firmware", "firmware" }, { "mac", "mac" },
	{ "location", "location" }, { "opdp", "opdp-version" },
	{ "activation.state", "activation" },
	{ "activation.key_tail", "activation-key-tail" },
	{ "activation.since", "activated-at" },
	{ "type.marking", "marking" }, { "type.color", "color" },
	{ "duplex", "duplex" }, { "formats", "formats" },
	{ "functions", "functions" }, { "limits.usage_log", "usage-log" },
	{ "network.ipv4", "network.ipv4" },
	{ "network.netmask", "network.netmask" },
	{ "network.gateway", "network.gateway" },
	{ "network.hostname", "network.hostname" },
	{ "network.filter", "network.filter" },
	{ "network.ieee_802_1x", "network.8021x" },
	{ "network.ipsec", "network.ipsec" }, { NULL, NULL }
};

static const struct way feeder_ways[] = {
	{ "name", "input.N.name" }, { "id", "input.N.id" },
	{ "kind", "input.N.kind" }, { "loaded.size", "input.N.size" },
	{ "loaded.type", "input.N.type" }, { "capacity", "input.N.capacity" },
	{ "level", "input.N.level" }, { "sizes", "input.N.sizes" },
	{ "types", "input.N.types" }, { NULL, NULL }
};

static const struct way finisher_ways[] = {
	{ "kind", "finisher.N.kind" }, { "positions", "finisher.N.patterns" },
	{ "patterns", "finisher.N.patterns" }, { NULL, NULL }
};

static void
put_channels(struct items *l, const json_t *ports)
{
	const char *name;
	json_t *port;
	unsigned n = 0;

	json_object_foreach((json_t *)(uintptr_t)ports, name, port)
		if (json_is_integer(port) && n < ROWS_MAX) {
			n++;
			items_str(l, "channel.N.kind", n, name);
			items_number(l, "channel.N.port", n,
			    json_integer_value(port));
		}
}

/* An empty list is said, too: everybody is let in. */
static void
put_filter(struct items *l, const json_t *filter)
{
	if (json_is_array(filter) && json_array_size(filter) == 0)
		items_str(l, "network.filter", 0, "none");
}

static void
put_reader(struct items *l, const json_t *reader)
{
	const char *vid = json_string_value(json_object_get(reader, "vid"));
	const char *pid = json_string_value(json_object_get(reader, "pid"));
	char text[24];

	if (vid == NULL || pid == NULL)
		return;
	snprintf(text, sizeof text, "%.8s:%.8s", vid, pid);
	items_str(l, "reader", 0, text);
}

void
opdp_info_items(struct items *l, const json_t *info)
{
	put_ways(l, info, info_ways, 0);
	put_rows(l, json_object_get(info, "feeders"), feeder_ways);
	put_rows(l, json_object_get(info, "finishers"), finisher_ways);
	put_channels(l, member(info, "network.ports"));
	put_filter(l, member(info, "network.filter"));
	put_reader(l, json_object_get(info, "reader"));
	l->groups |= 1u << ITEMS_IDENTITY | 1u << ITEMS_ABILITY |
	    1u << ITEMS_NETWORK | 1u << ITEMS_INPUT | 1u << ITEMS_FINISHER;
}

/* ---- GET /status */

static const struct way status_ways[] = {
	{ "reasons", "reasons" }, { "session", "session" },
	{ "panel_lock", "panel-lock" },
	{ "restrictions_rev", "restrictions-rev" },
	{ "config_rev", "config-rev" },
	{ "life.impressions", "counter.impressions" },
	{ "life.sheets", "counter.sheets" }, { "life.color", "counter.color" },
	{ "life.mono", "counter.mono" }, { "life.copies", "counter.copies" },
	{ "life.scans", "counter.scans" }, { "life.faxes", "counter.faxes" },
	{ "usage.epoch", "usage.epoch" }, { "usage.last_seq", "usage.last" },
	{ "usage.oldest_seq", "usage.oldest" }, { NULL, NULL }
};

static const struct way alert_ways[] = {
	{ "severity", "alert.N.severity" }, { "code", "alert.N.code" },
	{ "group", "alert.N.group" }, { "reason", "alert.N.reason" },
	{ "text", "alert.N.text" }, { NULL, NULL }
};

/* Others than these count as unknown. */
static void
put_state(struct items *l, const json_t *state)
{
	static const char *const all[] = { "idle", "processing", "stopped",
	    "sleep", "warmup", "offline" };
	const char *s = json_string_value(state);

	for (size_t i = 0; s != NULL && i < sizeof all / sizeof all[0]; i++)
		if (strcmp(all[i], s) == 0) {
			items_str(l, "state", 0, s);
			return;
		}
	items_str(l, "state", 0, "unknown");
}

/* Its clock against ours in the middle of the call; Date has seconds only. */
static void
put_skew(struct items *l, const json_t *time, int64_t date_ms,
    int64_t began_ms)
{
	int64_t middle = began_ms + (rel_now_ms() - began_ms) / 2, ms;

	if (json_is_string(time) && when_parse(&ms, json_string_value(time),
	    false))
		ms -= middle;
	else if (date_ms > 0)
		ms = date_ms + 500 - middle;
	else
		return;
	/* In steps, so that it does not change with each answer. */
	items_number(l, "clock-skew", 0, ms / SKEW_STEP_MS * SKEW_STEP_MS);
}

void
opdp_status_items(struct items *l, const json_t *status,
    const struct opdp_answer *a, int64_t began_ms)
{
	put_state(l, json_object_get(status, "state"));
	put_ways(l, status, status_ways, 0);
	put_rows(l, json_object_get(status, "alerts"), alert_ways);
	put_skew(l, json_object_get(status, "time"), a->date_ms, began_ms);
	l->groups |= 1u << ITEMS_STATE | 1u << ITEMS_ALERT |
	    1u << ITEMS_COUNTER;
}
