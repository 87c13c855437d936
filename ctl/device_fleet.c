/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* releasectl device status, supplies, items, events, ask: how devices are. */
#include <stdio.h>
#include <string.h>

#include "ctl/ctl.h"

#define ID_MAX 80

/* "stopped: paper jam", "away: it does not answer" as condition_words. */
static void
put_words(json_t *device)
{
	const char *is = ctl_str(device, "condition");
	const char *why = ctl_str(device, strcmp(is, "away") == 0 ?
	    "away_why" : "trouble");
	char words[300];

	snprintf(words, sizeof words, "%s%s%s", is, why[0] != '\0' ? ": " :
	    "", why);
	json_object_set_new(device, "condition_words", json_string(words));
}

static int
status_all(struct ctl *c)
{
	static const struct ctl_column columns[] = {
		{ "NAME", "name", COL_TEXT },
		{ "IS", "condition_words", COL_TEXT },
		{ "STATUS OF", "state_at", COL_TIME },
		{ "LAST SEEN", "last_seen_at", COL_TIME },
		{ "PROTOCOL", "protocol", COL_TEXT },
		{ "LOCATION", "location", COL_TEXT }, { NULL, NULL, COL_TEXT }
	};
	struct rel_buf q;
	json_t *answer, *row;
	size_t i;
	int rc;

	rel_buf_init(&q);
	rel_api_query(&q, "device_group", c->opt[OPT_DEVICE_GROUP]);
	rel_api_query(&q, "condition", c->opt[OPT_CONDITION]);
	rc = ctl_list_built(c, "/devices", &q, "devices", 0, &answer);
	if (rc < 0)
		return rc;
	json_array_foreach(json_object_get(answer, "devices"), i, row)
		put_words(row);
	ctl_print_list(c, answer, "devices", columns);
	return 0;
}

/* "card 09d8:0410, keypad (gone)" as readers. */
static void
put_readers(json_t *device)
{
	json_t *list = json_array(), *one;
	size_t i;

	json_array_foreach(json_object_get(json_object_get(device,
	    "station"), "readers"), i, one) {
		char words[120];

		snprintf(words, sizeof words, "%.16s %.60s%s", ctl_str(one,
		    "kind"), ctl_str(one, "usb")[0] != '\0' ? ctl_str(one,
		    "usb") : ctl_str(one, "name"), json_is_false(
		    json_object_get(one, "present")) ? " (gone)" : "");
		json_array_append_new(list, json_string(words));
	}
	ctl_put_joined(device, "readers", list, ", ");
	json_decref(list);
}

int
station_list(struct ctl *c)
{
	static const struct ctl_column columns[] = {
		{ "NAME", "name", COL_TEXT },
		{ "IS", "condition_words", COL_TEXT },
		{ "COMPUTER", "host", COL_TEXT },
		{ "ADDRESS", "from", COL_TEXT },
		{ "VERSION", "version", COL_TEXT },
		{ "READERS", "readers", COL_TEXT },
		{ "LPR HOST", "lpr_host", COL_TEXT },
		{ "LAST SEEN", "last_seen_at", COL_TIME },
		{ "CERTIFICATE ENDS", "certificate_ends_at", COL_TIME },
		{ NULL, NULL, COL_TEXT }
	};
	struct rel_buf q;
	json_t *answer, *row;
	size_t i;
	int rc;

	rel_buf_init(&q);
	rel_api_query(&q, "station", "yes");
	rel_api_query(&q, "condition", c->opt[OPT_CONDITION]);
	rc = ctl_list_built(c, "/devices", &q, "devices", 0, &answer);
	if (rc < 0)
		return rc;
	json_array_foreach(json_object_get(answer, "devices"), i, row) {
		json_t *told = json_object_get(row, "station");

		if (c->opt[OPT_JSON] != NULL)
			break;
		put_words(row);
		put_readers(row);
		json_object_set(row, "host", json_object_get(told, "host"));
		json_object_set(row, "from", json_object_get(told,
		    "address"));
		json_object_set(row, "version", json_object_get(told,
		    "version"));
	}
	ctl_print_list(c, answer, "devices", columns);
	return 0;
}

int
device_status(struct ctl *c)
{
	static const struct ctl_column columns[] = {
		{ "Name", "name", COL_TEXT }, { "Is", "condition_words",
		    COL_TEXT },
		{ "Status of", "state_at", COL_TIME },
		{ "Away since", "away_since", COL_TIME },
		{ "Last seen", "last_seen_at", COL_TIME },
		{ "All of it asked", "info_at", COL_TIME },
		{ "Protocol", "protocol", COL_TEXT },
		{ "Address", "address", COL_TEXT }, { NULL, NULL, COL_TEXT }
	};
	char id[ID_MAX];
	json_t *device;
	int rc;

	if (c->nargs == 0)
		return status_all(c);
	if ((rc = ctl_device_find(c, c->arg[0], id, sizeof id)) < 0 ||
	    (rc = ctl_call(c, "GET", "/devices/*", id, NULL, &device)) < 0)
		return rc;
	put_words(device);
	ctl_print_one(c, device, columns);
	return 0;
}

/* ---- supplies */

/* "7 %", "some", "?" as left. */
static void
supply_words(json_t *supply)
{
	json_t *percent = json_object_get(supply, "percent");
	json_int_t n = json_integer_value(percent);
	char left[24] = "?";

	if (json_is_integer(percent) && n >= 0)
		snprintf(left, sizeof left, "%lld %%", (long long)n);
	else if (ctl_int(supply, "level") == -3)
		snprintf(left, sizeof left, "some");
	json_object_set_new(supply, "left", json_string(left));
}

/* Those of one device; with below > 0 only those that have less. */
static int
supplies_of(struct ctl *c, int64_t below, json_t **answer)
{
	json_t *rows = json_array(), *device = NULL, *s;
	char id[ID_MAX];
	size_t i;
	int rc = ctl_device_find(c, c->arg[0], id, sizeof id);

	if (rc == 0)
		rc = ctl_call(c, "GET", "/devices/*", id, NULL, &device);
	json_array_foreach(json_object_get(device, "supplies"), i, s) {
		json_t *p = json_object_get(s, "percent");

		json_object_set(s, "device", json_object_get(device, "name"));
		if (below == 0 || (json_is_integer(p) &&
		    json_integer_value(p) >= 0 &&
		    json_integer_value(p) < below))
			json_array_append(rows, s);
	}
	json_decref(device);
	*answer = json_pack("{s:o}", "supplies", rows);
	return rc;
}

/* Those of all, as the server sorts them: what runs out first. */
static int
supplies_all(struct ctl *c, json_t **answer)
{
	struct rel_buf q;

	rel_buf_init(&q);
	rel_api_query(&q, "below", c->opt[OPT_BELOW]);
	rel_api_query(&q, "device_group", c->opt[OPT_DEVICE_GROUP]);
	rel_api_query(&q, "kind", c->opt[OPT_KIND]);
	return ctl_list_built(c, "/supplies", &q, "supplies", 0, answer);
}

int
device_supplies(struct ctl *c)
{
	static const struct ctl_column columns[] = {
		{ "DEVICE", "device", COL_TEXT },
		{ "SUPPLY", "name", COL_TEXT }, { "KIND", "kind", COL_TEXT },
		{ "COLOUR", "color", COL_TEXT }, { "LEFT", "left", COL_TEXT },
		{ "LOCATION", "location", COL_TEXT }, { NULL, NULL, COL_TEXT }
	};
	static const struct ctl_column csv[] = {
		{ "device", "device", COL_TEXT },
		{ "location", "location", COL_TEXT },
		{ "groups", "groups", COL_TEXT },
		{ "supply", "name", COL_TEXT }, { "kind", "kind", COL_TEXT },
		{ "colour", "color", COL_TEXT }, { "left", "left", COL_TEXT },
		{ "since", "since", COL_TEXT },
		{ "heard", "heard_at", COL_TEXT }, { NULL, NULL, COL_TEXT }
	};
	json_t *answer = NULL, *s;
	int64_t below = 0;
	size_t i;
	int rc;

	if ((rc = ctl_number(c, OPT_BELOW, 1, 100, &below)) < 0)
		return rc;
	rc = c->nargs > 0 ? supplies_of(c, below, &answer) :
	    supplies_all(c, &answer);
	if (rc < 0) {
		json_decref(answer);
		return rc;
	}
	json_array_foreach(json_object_get(answer, "supplies"), i, s)
		supply_words(s);
	if (c->opt[OPT_CSV] == NULL) {
		ctl_print_list(c, answer, "supplies", columns);
		return 0;
	}
	ctl_table_csv(json_object_get(answer, "supplies"), csv);
	json_decref(answer);
	return 0;
}

/* ---- all that is known of one */

/* A moment as it is shown elsewhere. */
static void
shown_moments(json_t *items)
{
	char text[64];
	json_t *item;
	size_t i;

	json_array_foreach(items, i, item) {
		const char *type = json_string_value(json_object_get(item,
		    "type"));

		if (type == NULL || strcmp(type, "time") != 0)
			continue;
		ctl_text(text, sizeof text, json_object_get(item, "value"),
		    COL_TIME);
		json_object_set_new(item, "value", json_string(text));
	}
}

int
device_items(struct ctl *c)
{
	static const struct ctl_column columns[] = {
		{ "ITEM", "name", COL_TEXT }, { "VALUE", "value", COL_TEXT },
		{ "SOURCE", "source", COL_TEXT },
		{ "HEARD", "heard_at", COL_TIME },
		{ "SINCE", "since", COL_TIME }, { NULL, NULL, COL_TEXT }
	};
	char id[ID_MAX];
	json_t *answer;
	struct rel_buf path;
	int rc;

	if ((rc = ctl_device_find(c, c->arg[0], id, sizeof id)) < 0)
		return rc;
	rel_buf_init(&path);
	rel_put_fmt(&path, "/devices/*/items?");
	rel_api_query(&path, "group", c->nargs > 1 ? c->arg[1] : NULL);
	rc = ctl_call_built(c, "GET", &path, id, &answer);
	if (rc == 0 && c->opt[OPT_JSON] == NULL)
		shown_moments(json_object_get(answer, "items"));
	if (rc == 0)
		ctl_print_list(c, answer, "items", columns);
	return rc;
}

int
device_events(struct ctl *c)
{
	static const struct ctl_column columns[] = {
		{ "WHEN", "at", COL_TIME }, { "WHAT", "kind", COL_TEXT },
		{ "WHY", "text", COL_TEXT }, { NULL, NULL, COL_TEXT }
	};
	char id[ID_MAX];
	json_t *answer;
	int rc;

	if ((rc = ctl_device_find(c, c->arg[0], id, sizeof id)) == 0 &&
	    (rc = ctl_call(c, "GET", "/devices/*/events", id, NULL,
	    &answer)) == 0)
		ctl_print_list(c, answer, "events", columns);
	return rc;
}

/* "copy: deny" of one of what nobody needs to log in for. */
static void
print_unauthenticated(const json_t *o)
{
	const char *key;
	json_t *v;

	json_object_foreach((json_t *)(uintptr_t)o, key, v)
		printf("  %-16s %s\n", key, json_string_value(v));
}

/* What the device said when it was asked itself. */
static void
print_at_device(const json_t *at)
{
	const json_t *one;
	size_t i;

	printf("The device was asked: it has ");
	if (json_is_integer(json_object_get(at, "rev")))
		printf("revision %lld, ", (long long)ctl_int(at, "rev"));
	if (json_is_true(json_object_get(at, "same"))) {
		printf("what it should have.\n");
		return;
	}
	printf("not what it should have:\n");
	json_array_foreach(json_object_get(at, "differences"), i, one) {
		const char *is = ctl_str(one, "has");

		printf("  %s: %s instead of %s\n", ctl_str(one, "name"),
		    is[0] != '\0' ? is : "nothing", ctl_str(one, "should"));
	}
}

int
device_restrictions(struct ctl *c)
{
	char id[ID_MAX];
	json_t *answer;
	const json_t *r, *has, *at;
	int rc;

	if ((rc = ctl_device_find(c, c->arg[0], id, sizeof id)) < 0 ||
	    (rc = ctl_call(c, "GET", c->opt[OPT_AT_DEVICE] != NULL ?
	    "/devices/*/restrictions?at=device" : "/devices/*/restrictions",
	    id, NULL, &answer)) < 0)
		return rc;
	r = json_object_get(answer, "restrictions");
	has = json_object_get(answer, "device_rev");
	at = json_object_get(answer, "at_device");
	if (c->opt[OPT_JSON] != NULL) {
		ctl_print_json(answer);
	} else {
		printf("Panel locked: %s\nWhile nobody is logged in:\n",
		    json_is_true(json_object_get(r, "panel_lock")) ? "yes" :
		    "no");
		print_unauthenticated(json_object_get(r, "unauthenticated"));
		if (at != NULL)
			print_at_device(at);
		else
			printf("The device %s\n", json_is_null(has) ? "does not say "
		    "what it has." : json_equal(has, json_object_get(r,
		    "rev")) ? "has them." : "has others still.");
	}
	json_decref(answer);
	return 0;
}

int
device_groups(struct ctl *c)
{
	static const struct ctl_column columns[] = {
		{ "GROUP", "name", COL_TEXT }, { "DEVICES", "devices", COL_INT },
		{ NULL, NULL, COL_TEXT }
	};
	json_t *answer;
	int rc = ctl_call(c, "GET", "/device-groups", "", NULL, &answer);

	if (rc == 0)
		ctl_print_list(c, answer, "groups", columns);
	return rc;
}

/* ---- one group */

/* "functions 2, card formats 0, price list line 3 ..." */
static void
put_lines(const json_t *o, const char *key, const char *words)
{
	json_t *line;
	size_t i;

	json_array_foreach(json_object_get(o, key), i, line)
		printf("%s, line %lld\n", words,
		    (long long)json_integer_value(line));
}

int
device_group(struct ctl *c)
{
	static const struct ctl_column columns[] = {
		{ "Group", "name", COL_TEXT }, { "Devices", "devices", COL_INT },
		{ "Functions for it", "functions", COL_INT },
		{ "Card formats for it", "card_formats", COL_INT },
		{ NULL, NULL, COL_TEXT }
	};
	json_t *answer;
	int rc = ctl_call(c, "GET", "/device-groups/*", c->arg[0], NULL,
	    &answer);

	if (rc < 0)
		return rc;
	if (c->opt[OPT_JSON] == NULL) {
		put_lines(answer, "prices", "Price list");
		put_lines(answer, "rules", "Rules");
	}
	ctl_print_one(c, answer, columns);
	return 0;
}

/* The devices behind the group's name, put in or taken out at once. */
static int
group_change(struct ctl *c, const char *op, const char *words)
{
	struct rel_buf all;
	json_t *body, *answer = NULL;
	int rc = 0;

	rel_buf_init(&all);
	for (int i = 1; i < c->nargs && rc == 0; i++) {
		rel_put_fmt(&all, "%s,", c->arg[i]);
		if (strchr(c->arg[i], ',') != NULL)
			rc = ctl_misuse(c, "a device with a comma in its name "
			    "is named by its id");
	}
	body = json_pack("{s:s,s:s%}", "op", op, "devices", (char *)all.data,
	    all.len);
	rel_buf_fini(&all);
	if (rc == 0 && body == NULL)
		rc = ctl_misuse(c, "a name is no UTF-8 text");
	if (rc == 0)
		rc = ctl_call(c, "POST", "/device-groups/*", c->arg[0], body,
		    &answer);
	json_decref(body);
	return rc < 0 ? rc : ctl_told(c, answer, "%s %s.\n", words,
	    c->arg[0]);
}

int
device_group_join(struct ctl *c)
{
	return group_change(c, "add", "They are in the group");
}

int
device_group_leave(struct ctl *c)
{
	return group_change(c, "remove", "They are no longer in the group");
}

int
device_group_rename(struct ctl *c)
{
	json_t *body = json_pack("{s:s}", "name", c->arg[1]), *answer, *left;
	int rc = body != NULL ? ctl_call(c, "PATCH", "/device-groups/*",
	    c->arg[0], body, &answer) : ctl_misuse(c, "the name is no UTF-8 "
	    "text");

	json_decref(body);
	if (rc < 0)
		return rc;
	left = json_object_get(answer, "left");
	if (c->opt[OPT_JSON] == NULL) {
		put_lines(left, "prices", "Still the former name: price list");
		put_lines(left, "rules", "Still the former name: rules");
	}
	return ctl_told(c, answer, "%s is the group %s now; its devices, "
	    "functions and card formats followed.\n", c->arg[0], c->arg[1]);
}

int
device_ask(struct ctl *c)
{
	char id[ID_MAX];
	json_t *answer;
	int rc;

	if ((rc = ctl_device_find(c, c->arg[0], id, sizeof id)) == 0 &&
	    (rc = ctl_call(c, "POST", "/devices/*/ask", id, NULL,
	    &answer)) == 0)
		rc = ctl_told(c, answer, "%s is asked now; `releasectl device "
		    "items` shows what it says in a moment.\n", c->arg[0]);
	return rc;
}
