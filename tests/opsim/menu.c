/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/opsim/menu.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/card_format.h"
#include "tests/opsim/state.h"

void
menu_init(struct menu *m)
{
	*m = (struct menu){ .typed = json_object(), .picked = json_object() };
}

/* Wipe what was typed before its memory goes. */
static void
forget_typed(struct menu *m)
{
	const char *id;
	json_t *v;

	json_object_foreach(m->typed, id, v)
		rel_wipe((char *)json_string_value(v), json_string_length(v));
	json_object_clear(m->typed);
	json_object_clear(m->picked);
}

void
menu_fini(struct menu *m)
{
	forget_typed(m);
	json_decref(m->doc);
	json_decref(m->typed);
	json_decref(m->picked);
	rel_wipe(m->card, sizeof m->card);
	*m = (struct menu){ .doc = NULL };
}

const json_t *
menu_rows(const struct menu *m)
{
	return json_object_get(menu_item(m, "list", NULL), "rows");
}

void
menu_set(struct menu *m, json_t *doc)
{
	const json_t *row;
	size_t i;

	forget_typed(m);
	json_incref(doc);
	json_decref(m->doc);
	m->doc = doc;
	json_array_foreach((json_t *)menu_rows(m), i, row)
		if (json_is_true(json_object_get(row, "selected")))
			json_object_set_new(m->picked,
			    json_str_at(row, "id", "?"), json_true());
}

void
menu_refresh(struct menu *m, json_t *doc)
{
	json_t *typed = json_deep_copy(m->typed);
	json_t *old = json_incref(m->doc), *picked = json_copy(m->picked);
	bool same = strcmp(menu_name(m), json_str_at(doc, "menu", "")) == 0;
	struct menu was = { .doc = old };
	const json_t *row;
	size_t i;

	menu_set(m, doc);
	if (same) {
		json_object_update(m->typed, typed);
		json_array_foreach((json_t *)menu_rows(m), i, row) {
			const char *id = json_str_at(row, "id", "?");

			if (menu_row(&was, id) == NULL)
				continue;
			if (json_object_get(picked, id) != NULL)
				json_object_set_new(m->picked, id,
				    json_true());
			else
				json_object_del(m->picked, id);
		}
	}
	json_decref(typed);
	json_decref(picked);
	json_decref(old);
}

const char *
menu_name(const struct menu *m)
{
	return json_str_at(m->doc, "menu", "");
}

const char *
menu_rev(const struct menu *m)
{
	return json_str_at(m->doc, "rev", "");
}

const json_t *
menu_item(const struct menu *m, const char *type, const char *name)
{
	const json_t *items = json_object_get(m->doc, "items"), *item;

	for (int by_label = 0; by_label < 2; by_label++) {
		size_t i;

		json_array_foreach(items, i, item) {
			const char *mine = json_str_at(item,
			    by_label ? "label" : "id", "");

			if (type != NULL && strcmp(type,
			    json_str_at(item, "type", "")) != 0)
				continue;
			if (name == NULL || (by_label ?
			    strcasecmp(mine, name) : strcmp(mine, name)) == 0)
				return item;
		}
	}
	return NULL;
}

/* What pressing an item does. */
static const json_t *
item_action(const json_t *item, json_t **made)
{
	const json_t *action = json_object_get(item, "action");
	const char *to = json_str_at(item, "menu", NULL);

	if (json_is_object(action))
		return action;
	if (to == NULL)
		return NULL;
	*made = json_pack("{s:s, s:s}", "op", "menu", "menu", to);
	return *made;
}

const json_t *
menu_press(const struct menu *m, const char *name, json_t **made)
{
	const json_t *item = menu_item(m, NULL, name), *key;

	*made = NULL;
	if (item != NULL)
		return item_action(item, made);
	key = json_object_get(json_object_get(m->doc, "keys"), name);
	if (json_is_object(key))
		return key;
	if (json_is_string(key))
		return item_action(menu_item(m, NULL,
		    json_string_value(key)), made);
	return NULL;
}

const json_t *
menu_row(const struct menu *m, const char *name)
{
	const json_t *rows = menu_rows(m), *row;
	size_t i;

	if (name[0] == '#')
		return json_array_get(rows,
		    (size_t)strtoul(name + 1, NULL, 10) - 1);
	json_array_foreach(rows, i, row)
		if (strcmp(json_str_at(row, "id", ""), name) == 0)
			return row;
	json_array_foreach(rows, i, row)
		if (strcmp(json_str_at(row, "label", ""), name) == 0)
			return row;
	return NULL;
}

bool
menu_is_picked(const struct menu *m, const char *row_id)
{
	return json_object_get(m->picked, row_id) != NULL;
}

static void
pick_row(struct menu *m, const json_t *row, bool on)
{
	const char *id = json_str_at(row, "id", "?");

	if (on)
		json_object_set_new(m->picked, id, json_true());
	else
		json_object_del(m->picked, id);
}

bool
menu_pick(struct menu *m, const char *name, bool on)
{
	const json_t *list = menu_item(m, "list", NULL), *row;
	size_t i;

	if (strcmp(name, "all") == 0 || strcmp(name, "none") == 0) {
		json_array_foreach((json_t *)menu_rows(m), i, row)
			pick_row(m, row, (strcmp(name, "all") == 0) == on);
		return list != NULL;
	}
	if ((row = menu_row(m, name)) == NULL)
		return false;
	if (on && strcmp(json_str_at(list, "select", "many"), "one") == 0)
		json_object_clear(m->picked);
	pick_row(m, row, on);
	return true;
}

/* Fields, choices and toggles can be typed into. */
static bool
is_input(const json_t *item)
{
	const char *type = json_str_at(item, "type", "");

	return strcmp(type, "field") == 0 || strcmp(type, "choice") == 0 ||
	    strcmp(type, "toggle") == 0;
}

bool
menu_type(struct menu *m, const char *field, const char *text)
{
	const json_t *item = field == NULL ? menu_item(m, "field", NULL) :
	    menu_item(m, NULL, field);

	if (item == NULL || !is_input(item))
		return false;
	return json_object_set_new(m->typed, json_str_at(item, "id", "?"),
	    json_string(text)) == 0;
}

const char *
menu_typed(const struct menu *m, const char *field)
{
	const char *s = json_string_value(json_object_get(m->typed, field));

	if (s != NULL)
		return s;
	return json_str_at(menu_item(m, NULL, field), "value", "");
}

/* What the reader reads: bytes, or characters. */
static void
card_read(struct menu *m, const char *value)
{
	size_t n;

	if (strncmp(value, "ascii:", 6) == 0) {
		snprintf(m->card, sizeof m->card, "%s", value + 6);
		snprintf(m->card_enc, sizeof m->card_enc, "ascii");
		return;
	}
	snprintf(m->card, sizeof m->card, "%s", value);
	n = strlen(m->card);
	snprintf(m->card_enc, sizeof m->card_enc, "%s", n > 0 && n % 2 == 0 &&
	    strspn(m->card, "0123456789abcdefABCDEF") == n ? "hex" : "ascii");
}

void
menu_swipe(struct menu *m, const char *value, const json_t *config)
{
	static const struct rel_card_format as_read;
	struct rel_card_format f;
	char text[REL_CARD_FORMAT_TEXT], number[REL_CARD_NUMBER];
	struct rel_err err;

	card_read(m, value);
	snprintf(text, sizeof text, "%s reverse=%s start=%d length=%d",
	    json_str_at(config, "format", "hex"),
	    json_str_at(config, "reverse", "none"),
	    (int)json_integer_value(json_object_get(config, "start")),
	    (int)json_integer_value(json_object_get(config, "length")));
	if (rel_card_format_read(&f, text, &err) < 0 ||
	    rel_card_format_same(&f, &as_read) ||
	    rel_card_number(number, &f, m->card, strcmp(m->card_enc,
	    "ascii") == 0, &err) < 0)
		return;
	snprintf(m->card, sizeof m->card, "%s", number);
	snprintf(m->card_enc, sizeof m->card_enc, "number");
}

/* What was typed into the first field of a kind. */
static const char *
typed_by_kind(const struct menu *m, const char *id, const char *kind)
{
	const json_t *items = json_object_get(m->doc, "items"), *item;
	const char *s = menu_typed(m, id);
	size_t i;

	if (s[0] != '\0' || kind == NULL)
		return s;
	json_array_foreach(items, i, item)
		if (strcmp(json_str_at(item, "type", ""), "field") == 0 &&
		    strcmp(json_str_at(item, "kind", "text"), kind) == 0)
			return menu_typed(m, json_str_at(item, "id", ""));
	return s;
}

/* What was typed into the action's field, else into the only one. */
static const char *
typed_for(const struct menu *m, const json_t *action)
{
	const char *field = json_str_at(action, "field", NULL);

	if (field == NULL)
		field = json_str_at(menu_item(m, "field", NULL), "id", "");
	return menu_typed(m, field);
}

json_t *
menu_card(const struct menu *m)
{
	return json_pack("{s:s, s:s, s:s, s:s}", "method", "card",
	    "value", m->card, "encoding", m->card_enc,
	    "reader", "09d8:0410");
}

json_t *
menu_card_action(const struct menu *m)
{
	json_t *own = json_object_get(menu_item(m, "reader", NULL), "action");

	return json_is_object(own) ? json_deep_copy(own) :
	    json_pack("{s:s, s:s}", "op", "login", "method", "card");
}

bool
menu_asks_card(const struct menu *m)
{
	return json_is_object(json_object_get(menu_item(m, "reader", NULL),
	    "action"));
}

static json_t *
password_credential(const struct menu *m)
{
	const char *domain = menu_typed(m, "domain");
	json_t *v = json_pack("{s:s, s:s, s:s}", "method", "password",
	    "user", typed_by_kind(m, "user", "text"),
	    "password", typed_by_kind(m, "password", "password"));

	if (domain[0] != '\0')
		json_object_set_new(v, "domain", json_string(domain));
	return v;
}

static json_t *
credential(const struct menu *m, const json_t *action, const char *method,
    struct rel_err *err)
{
	json_t *v;

	if (strcmp(method, "password") == 0)
		return password_credential(m);
	if (strncmp(method, "card", 4) == 0) {
		if (m->card[0] == '\0') {
			rel_err_set(err, REL_E_NOTFOUND,
			    "no card was held to the reader");
			return NULL;
		}
		v = menu_card(m);
		json_object_set_new(v, "method", json_string(method));
		if (strcmp(method, "card+pin") == 0)
			json_object_set_new(v, "pin",
			    json_string(typed_for(m, action)));
		return v;
	}
	return json_pack("{s:s, s:s}", "method", method, "value",
	    typed_for(m, action));
}

/* How the person proves who they are in this action; NULL: needs none. */
static const char *
action_method(const json_t *action)
{
	const char *op = json_str_at(action, "op", "");
	const char *method = json_str_at(action, "method",
	    json_str_at(action, "credential.method", NULL));

	if (method != NULL)
		return method;
	if (strcmp(op, "unlock") == 0)
		return "pin";
	if (strcmp(op, "register-card") == 0)
		return "password";
	return NULL;
}

/* [{"id":..}, ...] of the ticked rows, in the order of the list. */
static json_t *
picked_jobs(const struct menu *m)
{
	json_t *jobs = json_array();
	const json_t *row;
	size_t i;

	json_array_foreach((json_t *)menu_rows(m), i, row) {
		const char *id = json_str_at(row, "id", "");

		if (menu_is_picked(m, id))
			json_array_append_new(jobs, json_pack("{s:s}", "id",
			    id));
	}
	return jobs;
}

/* One field or choice of the menu as an option: numbers are numbers. */
static void
typed_option(const struct menu *m, const char *name, json_t *v)
{
	const char *text = menu_typed(m, name);

	if (strcmp(name, "copies") == 0 || strcmp(name, "number_up") == 0) {
		if (text[0] != '\0')
			json_object_set_new(v, name,
			    json_integer(strtol(text, NULL, 10)));
	} else if (text[0] != '\0' || strcmp(name, "pages") == 0) {
		json_object_set_new(v, name, json_string(text));
	}
}

/* The options of the action, and those the menu has a field for. */
static json_t *
typed_options(const struct menu *m, const json_t *action)
{
	json_t *v = json_deep_copy(json_object_get(action, "options"));
	const json_t *fields = json_object_get(action, "fields");

	if (v == NULL)
		v = json_object();
	if (fields == NULL)
		typed_option(m, "copies", v);
	for (size_t i = 0; i < json_array_size(fields); i++)
		typed_option(m, json_string_value(json_array_get(fields, i)),
		    v);
	return v;
}

/* "selected" becomes the ticked rows; set-options gives each its options. */
static int
request_jobs(const struct menu *m, const json_t *action, json_t *rq,
    struct rel_err *err)
{
	bool set = strcmp(json_str_at(action, "op", ""), "set-options") == 0;
	json_t *jobs = json_object_get(rq, "jobs"), *job;
	size_t i;

	if (json_is_string(jobs) &&
	    strcmp(json_string_value(jobs), "selected") == 0) {
		json_object_set_new(rq, "jobs", picked_jobs(m));
		jobs = json_object_get(rq, "jobs");
		if (json_array_size(jobs) == 0)
			return rel_err_set(err, REL_E_NOTFOUND,
			    "nothing is selected");
	}
	if (!set || !json_is_array(jobs))
		return 0;
	json_object_del(rq, "options");
	json_array_foreach(jobs, i, job)
		if (json_is_object(job))
			json_object_set_new(job, "options",
			    typed_options(m, action));
	return 0;
}

json_t *
menu_request(const struct menu *m, const json_t *action, struct rel_err *err)
{
	const char *method = action_method(action);
	json_t *rq = json_deep_copy(action), *cred;

	json_object_del(rq, "method");
	json_object_del(rq, "field");
	json_object_del(rq, "fields");
	if (method != NULL) {
		if ((cred = credential(m, action, method, err)) == NULL)
			goto fail;
		json_object_set_new(rq, "credential", cred);
	}
	if (strcmp(json_str_at(action, "op", ""), "register-card") == 0) {
		if (m->card[0] == '\0') {
			rel_err_set(err, REL_E_NOTFOUND,
			    "no card was held to the reader");
			goto fail;
		}
		json_object_set_new(rq, "card", json_pack("{s:s, s:s}",
		    "value", m->card, "encoding", m->card_enc));
	}
	if (request_jobs(m, action, rq, err) < 0)
		goto fail;
	if (json_object_get(rq, "menu") == NULL && m->doc != NULL)
		json_object_set_new(rq, "menu", json_string(menu_name(m)));
	if (m->doc != NULL && menu_rev(m)[0] != '\0')
		json_object_set_new(rq, "rev", json_string(menu_rev(m)));
	return rq;
fail:
	json_decref(rq);
	return NULL;
}
