/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * The table of functions at a panel: what a menu shows of an item, what an op
 * is answered that is not open, and the device's own functions.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/access.h"
#include "releaserd/core/login_step.h"
#include "releaserd/core/menu_priv.h"

/* ---- items */

/* What needs a template leads to the proof, under the same words. */
static json_t *
item_prove(json_t *item, const struct template *t)
{
	json_t *link = t == NULL ? NULL : json_pack("{s:s,s:O,s:O,s:s,s:o}",
	    "type", "link", "id", json_object_get(item, "id"), "label",
	    json_object_get(item, "label"), "icon", "lock", "action",
	    menu_action_prove(t));

	json_decref(item);
	return link;
}

void
menu_put(struct core *c, const struct session *s, enum function f,
    json_t *items, json_t *item)
{
	const struct device *d = device_at(c, s->device_id);
	struct access got = { .state = ACCESS_HIDDEN };

	if (d != NULL)
		(void)access_may(c, d, s, f, &got);
	if (got.state == ACCESS_TEMPLATE)
		item = item_prove(item, template_of(c, got.template_id));
	if (got.state == ACCESS_HIDDEN)
		json_decref(item);
	else if (item != NULL)
		json_array_append_new(items, item);
}

bool
menu_may(struct core *c, const struct session *s, enum function f)
{
	const struct device *d = device_at(c, s->device_id);

	return d != NULL && access_may(c, d, s, f, NULL) == ACCESS_OPEN;
}

/* Of several functions behind one item the one that is most open. */
static enum function
most_open(struct core *c, const struct device *d, const struct session *s,
    const char *list)
{
	enum access_state best = ACCESS_HIDDEN, now;
	enum function found = FN_SET_GENERAL;
	size_t n = strlen(list);

	for (int f = 0; f < FN_COUNT; f++) {
		if (strncmp(functions_table[f].drives, list, n) != 0)
			continue;
		now = access_may(c, d, s, (enum function)f, NULL);
		if (now < best) {
			best = now;
			found = (enum function)f;
		}
	}
	return found;
}

void
menu_natives(struct core *c, const struct session *s, json_t *items)
{
	static const struct {
		const char *feature, *label, *list;
		enum function f;
	} all[] = {
		{ "copy", "native-copy", NULL, FN_COPY },
		{ "scan", "native-scan", NULL, FN_SCAN },
		{ "fax", "native-fax", NULL, FN_FAX },
		{ "usb", "native-usb", "usb.", FN_USB_PRINT },
		{ "storage", "native-storage", "storage.", FN_STORAGE },
		{ "settings", "native-settings", "settings.", FN_SET_GENERAL }
	};
	const struct device *d = device_at(c, s->device_id);

	for (size_t i = 0; d != NULL && i < sizeof all / sizeof all[0]; i++)
		if (access_device_does(d, all[i].feature))
			menu_put(c, s, all[i].list != NULL ? most_open(c, d, s,
			    all[i].list) : all[i].f, items,
			    json_pack("{s:s,s:s,s:s,s:s}", "type", "native",
			    "id", all[i].feature, "label", word(s->locale,
			    all[i].label), "function", all[i].feature));
}

/* ---- ops */

/* The menu that asks for what the template lacks. */
static json_t *
prove_more(struct touch *t, int64_t template_id, const struct notice *n)
{
	struct login_place at = { .s = t->s, .template = template_id,
	    .up = true };
	struct login_ask ask;

	login_asked(t->c, &at, t->s->locale, &ask);
	return menu_asked(t->c, &ask, "prove", n);
}

bool
touch_refused(struct touch *t, struct asker *a, enum function f)
{
	struct notice n = { "warning", "" };
	const char *reason;
	struct access got;

	if (access_may(t->c, t->d, t->s, f, &got) == ACCESS_OPEN)
		return false;
	reason = got.state == ACCESS_TEMPLATE ? "template-needed" :
	    "not-allowed-here";
	snprintf(n.text, sizeof n.text, "%s", word(t->s->locale,
	    got.state == ACCESS_TEMPLATE ? reason : "not-open"));
	a->keep = false;
	reply_json(t->c, a, 200, json_pack("{s:s,s:s,s:o}", "result", "denied",
	    "reason", reason, "menu", got.state == ACCESS_TEMPLATE ?
	    prove_more(t, got.template_id, &n) : menu_jobs(t->c, t->s, 0,
	    &n)));
	return true;
}

/* "copies=2" is one function, everything else another; black and white is
 * what colour is refused for. */
static enum function
function_of_changes(const char *changes)
{
	return strncmp(changes, "copies=", 7) == 0 &&
	    strchr(changes, ' ') == NULL ? FN_JOB_COPIES : FN_JOB_OPTIONS;
}

const char *
touch_may_change(struct touch *t, const char *changes)
{
	enum access_state state;

	if (strcmp(changes, "color=mono") == 0)
		return NULL;
	state = access_may(t->c, t->d, t->s, function_of_changes(changes),
	    NULL);
	return state == ACCESS_OPEN ? NULL : state == ACCESS_TEMPLATE ?
	    "template-needed" : "not-allowed-here";
}

/* The jobs that failed with this code. */
static json_t *
failed_with(const struct touch *t, const char *code)
{
	json_t *all = json_array(), *o;
	size_t i;

	json_array_foreach(t->jobs, i, o) {
		const char *why = json_string_value(json_object_get(o,
		    "code"));

		if (why != NULL && strcmp(why, code) == 0)
			json_array_append_new(all, json_pack(
			    "{s:O,s:{s:s}}", "id", json_object_get(o, "id"),
			    "options", "color", "mono"));
	}
	return all;
}

json_t *
menu_not_open(struct touch *t)
{
	struct notice n = { "warning", "" };
	json_t *jobs = failed_with(t, "color-not-allowed"), *items;

	if (t->template_id != 0) {
		json_decref(jobs);
		snprintf(n.text, sizeof n.text, "%s", word(t->s->locale,
		    "template-needed"));
		return prove_more(t, t->template_id, &n);
	}
	if (json_array_size(jobs) == 0) {
		json_decref(jobs);
		return NULL;
	}
	snprintf(n.text, sizeof n.text, "%s", word(t->s->locale,
	    "color-not-allowed"));
	items = json_array();
	json_array_append_new(items, menu_button("submit", word(t->s->locale,
	    "print-mono"), "print", json_pack("{s:s,s:o}", "op", "release",
	    "jobs", jobs)));
	return menu_titled(menu_auto(menu_form("mono", t->s->locale, &n, items,
	    "jobs"), t->c), word(t->s->locale, "mono-title"));
}

/* ---- the panel itself */

bool
panel_shut(struct touch *t, struct asker *a)
{
	struct notice n = { "warning", "" };
	char locale[sizeof t->s->locale];

	if (access_panel_of(t->c, t->s) != -1)
		return false;
	memcpy(locale, t->s->locale, sizeof locale);
	snprintf(n.text, sizeof n.text, "%s", word(locale, "not-open"));
	session_close(t->c, t->s);
	t->s = NULL;
	a->keep = false;
	reply_json(t->c, a, 200, json_pack("{s:s,s:s,s:o}", "result", "denied",
	    "reason", "not-allowed-here", "menu", menu_login(t->c, t->d,
	    locale, &n)));
	return true;
}
