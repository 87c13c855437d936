/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What is known of a device, as tables of its page. */
#include "cgi/admin/device_items.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cgi/admin/admin.h"
#include "cgi/format.h"
#include "cgi/supply_words.h"

/* What a row does not have, a template would take from around it. */
static void
fill(json_t *row)
{
	static const char *const keys[] = { "name", "kind", "color", "size",
	    "type", "status", "patterns", "port", "queue", "uri" };

	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if (json_object_get(row, keys[i]) == NULL)
			json_object_set_new(row, keys[i], json_string(""));
}

/* The row of this number, made when it is not there. */
static json_t *
row_of(json_t *rows, unsigned n)
{
	size_t at = json_array_size(rows);
	json_t *row;

	for (; at > 0; at--) {
		json_int_t is;

		row = json_array_get(rows, at - 1);
		is = json_integer_value(json_object_get(row, "n"));
		if (is == n)
			return row;
		if (is < n)
			break;
	}
	row = json_pack("{s:i}", "n", (int)n);
	fill(row);
	json_array_insert_new(rows, at, row);
	return row;
}

/* Items "input.2.level" as rows with members "level". */
static json_t *
rows_of(const json_t *items, const char *prefix)
{
	json_t *rows = json_array(), *item;
	size_t i, len = strlen(prefix);

	json_array_foreach(items, i, item) {
		const char *name = admin_str(item, "name");
		unsigned n;
		int used = 0;

		if (strncmp(name, prefix, len) == 0 && sscanf(name + len,
		    "%2u.%n", &n, &used) == 1 && used > 0)
			json_object_set(row_of(rows, n), name + len + used,
			    json_object_get(item, "value"));
	}
	return rows;
}

/* "220 of 500", "some": what is left, from texts of numbers. */
static json_t *
left(const json_t *row, const char *level_key)
{
	const char *level = admin_str(row, level_key);
	const char *capacity = admin_str(row, "capacity");
	char text[80];

	if (level[0] == '\0' || strcmp(level, "-2") == 0)
		return json_string(tr("unknown"));
	if (strcmp(level, "-3") == 0)
		return json_string(tr("some"));
	if (strcmp(level, "-1") == 0)
		return json_string(tr("no limit"));
	if (strtol(capacity, NULL, 10) <= 0)
		return json_string(level);
	snprintf(text, sizeof text, "%.30s / %.30s", level, capacity);
	return json_string(text);
}

static void
put_rows(struct cgi *c, const char *key, const json_t *items,
    const char *prefix, const char *level)
{
	json_t *rows = rows_of(items, prefix), *row;
	size_t i;

	json_array_foreach(rows, i, row)
		if (level != NULL)
			json_object_set_new(row, "left", left(row, level));
	cgi_put(c, key, rows);
}

/* Have they a place of their own on the page? */
static bool
shown_elsewhere(const char *name)
{
	static const char *const all[] = { "vendor", "model", "serial",
		"firmware", "object-id", "certificate-end" };

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (strcmp(name, all[i]) == 0)
			return true;
	return strncmp(name, "channel.", 8) == 0;
}

/* "a, b" of a list "a,b", which has no place to break a line. */
static json_t *
value_of(const json_t *item)
{
	const char *value = admin_str(item, "value");
	char text[2048];
	size_t n = 0;

	if (strcmp(admin_str(item, "type"), "list") != 0)
		return json_string(value);
	for (const char *p = value; *p != '\0' && n + 3 < sizeof text; p++) {
		text[n++] = *p;
		if (*p == ',' && p[1] != ' ')
			text[n++] = ' ';
	}
	text[n] = '\0';
	return json_string(text);
}

/* The items of a group, with their words, as "name: value". */
static void
put_group(struct cgi *c, const char *key, const json_t *items,
    const char *group)
{
	json_t *rows = json_array(), *item;
	size_t i;

	json_array_foreach(items, i, item)
		if (strcmp(admin_str(item, "group"), group) == 0 &&
		    !shown_elsewhere(admin_str(item, "name")))
			json_array_append_new(rows, json_pack("{s:s,s:o}",
			    "words", admin_str(item, "words"), "value",
			    value_of(item)));
	cgi_put(c, key, rows);
}

/* What an event was, in words; "back" tells how long it was away. */
static void
event_words(json_t *e)
{
	static const struct {
		const char *kind, *words;
	} all[] = {
		{ "stopped", N_("cannot print") },
		{ "offline", N_("offline") },
		{ "ready", N_("ready again") },
		{ "down", N_("does not answer") },
		{ "back", N_("answers again") }
	};
	const char *kind = admin_str(e, "kind");

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (strcmp(kind, all[i].kind) == 0)
			json_object_set_new(e, "words",
			    json_string(tr(all[i].words)));
	if (strcmp(kind, "back") == 0)
		json_object_set_new(e, "text", json_string(""));
}

/* A moment in the server's local time. */
static void
moment(json_t *item)
{
	struct rel_buf b;

	rel_buf_init(&b);
	format_value(&b, json_object_get(item, "value"), "time");
	if (!b.failed)
		json_object_set_new(item, "value", json_stringn(
		    (const char *)b.data, b.len));
	rel_buf_fini(&b);
}

int
device_items_view(struct cgi *c, const char *id)
{
	json_t *items, *event, *item;
	size_t i;
	int rc = cgi_view(c, "items", "items", "/devices/*/items", id);

	if (rc == 0)
		rc = cgi_view(c, "events", "events",
		    "/devices/*/events?limit=20", id);
	if (rc < 0)
		return rc;
	items = json_object_get(c->view, "items");
	json_array_foreach(items, i, item) {
		json_object_set_new(item, "words", json_string(
		    tr(admin_str(item, "words"))));
		if (strcmp(admin_str(item, "type"), "time") == 0)
			moment(item);
		if (strcmp(admin_str(item, "type"), "yes-no") == 0)
			json_object_set_new(item, "value", json_string(
			    admin_str(item, "value")[0] == '1' ? tr("yes") :
			    tr("no")));
	}
	put_rows(c, "trays", items, "input.", "level");
	put_rows(c, "bins", items, "output.", "remaining");
	put_rows(c, "finishers", items, "finisher.", NULL);
	put_rows(c, "channels", items, "channel.", NULL);
	put_group(c, "counters", items, "counter");
	put_group(c, "abilities", items, "ability");
	put_group(c, "says", items, "identity");
	put_group(c, "network", items, "network");
	json_array_foreach(json_object_get(c->view, "events"), i, event)
		event_words(event);
	return 0;
}

void
device_supplies_view(json_t *device)
{
	json_t *supply;
	size_t i;

	json_array_foreach(json_object_get(device, "supplies"), i, supply) {
		supply_words(supply);
		fill(supply);
	}
}

void
device_groups_view(json_t *device)
{
	json_t *list = json_array();

	for (const char *p = admin_str(device, "groups"); *p != '\0';) {
		size_t n = strcspn(p, ",");

		json_array_append_new(list, json_pack("{s:s%}", "group", p,
		    n));
		p += n + (p[n] == ',');
	}
	json_object_set_new(device, "in", list);
}
