/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The menus about one or several chosen jobs: options, and "really?". */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/menu_priv.h"
#include "releaserd/core/store_direct.h"

json_t *
menu_chosen(const struct req_job *jobs, size_t n)
{
	json_t *all = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(all, json_pack("{s:s}", "id",
		    jobs[i].id));
	return all;
}

static json_t *
choice_colour(const char *locale, const struct rel_ticket *t)
{
	json_t *v = json_array();

	json_array_append_new(v, menu_value("color", word(locale, "color")));
	json_array_append_new(v, menu_value("mono", word(locale, "mono")));
	return menu_choice("color", word(locale, "colour-label"),
	    t->colour == REL_COLOUR_MONO ? "mono" : "color", v);
}

static json_t *
choice_sides(const char *locale, const struct rel_ticket *t)
{
	static const char *const keys[] = { "one-sided",
		"two-sided-long-edge", "two-sided-short-edge" };
	json_t *v = json_array();
	size_t now = t->sides == REL_DUPLEX_LONG ? 1 :
	    t->sides == REL_DUPLEX_SHORT ? 2 : 0;

	for (size_t i = 0; i < 3; i++)
		json_array_append_new(v, menu_value(keys[i],
		    word(locale, keys[i])));
	return menu_choice("sides", word(locale, "sides-label"), keys[now], v);
}

static json_t *
choice_number_up(const char *locale, const struct rel_ticket *t)
{
	static const int ups[] = { 1, 2, 4, 6, 9, 16 };
	char now[8], one[8];
	json_t *v = json_array();

	for (size_t i = 0; i < sizeof ups / sizeof ups[0]; i++) {
		snprintf(one, sizeof one, "%d", ups[i]);
		json_array_append_new(v, menu_value(one, one));
	}
	snprintf(now, sizeof now, "%d", t->number_up);
	return menu_choice("number_up", word(locale, "number-up-label"), now, v);
}

static json_t *
field_text(const char *id, const char *kind, const char *label,
    const char *now, int max)
{
	return json_pack("{s:s,s:s,s:s,s:s,s:b,s:i,s:i,s:s}", "type", "field",
	    "id", id, "kind", kind, "label", label, "mask", 0, "min", 0,
	    "max", max, "value", now);
}

/* What can be changed of this job, with what it is now. */
static json_t *
option_items(const char *locale, const struct job *j, json_t *items)
{
	json_t *fields = json_array();
	struct rel_ticket t;
	char copies[16];

	pages_ticket(j, &t);
	snprintf(copies, sizeof copies, "%u", t.copies);
	json_array_append_new(items, field_text("copies", "number",
	    word(locale, "copies-field"), copies, 3));
	json_array_append_new(fields, json_string("copies"));
	if (!pages_can_change(j))
		return fields;
	json_array_append_new(items, choice_colour(locale, &t));
	json_array_append_new(items, choice_sides(locale, &t));
	json_array_append_new(items, choice_number_up(locale, &t));
	json_array_append_new(items, field_text("pages", "text",
	    word(locale, "pages-label"), t.pages, 64));
	json_array_append_new(fields, json_string("color"));
	json_array_append_new(fields, json_string("sides"));
	json_array_append_new(fields, json_string("number_up"));
	json_array_append_new(fields, json_string("pages"));
	return fields;
}

json_t *
menu_options(struct core *c, const struct session *s, const struct job *j,
    const struct req_job *jobs, size_t njobs)
{
	json_t *items = json_array(), *action, *fields;
	struct notice n = { "info", "" };
	char title[65];

	snprintf(n.text, sizeof n.text, "%s", word(s->locale, direct_is(j) ?
	    "options-direct" : "options-hint"));
	if (!direct_is(j)) {
		fields = option_items(s->locale, j, items);
		action = json_pack("{s:s,s:o,s:o}", "op", "set-options",
		    "jobs", menu_chosen(jobs, njobs), "fields", fields);
		json_array_append_new(items, menu_button("submit",
		    word(s->locale, "change"), "ok", action));
	}
	snprintf(title, sizeof title, "%.*s", (int)rel_utf8_cut(j->title,
	    sizeof title - 1), j->title);
	return menu_titled(menu_auto(menu_form("options", s->locale, &n, items,
	    "jobs"), c), title[0] != '\0' ? title : word(s->locale, "untitled"));
}

json_t *
menu_confirm(struct core *c, const struct session *s,
    const struct req_job *jobs, size_t njobs)
{
	json_t *items = json_array();
	struct notice n = { "warning", "" };

	snprintf(n.text, sizeof n.text, "%s", word(s->locale,
	    "confirm-unknown"));
	json_array_append_new(items, menu_button("submit",
	    word(s->locale, "print-anyway"), "print",
	    json_pack("{s:s,s:o,s:b}", "op", "release", "jobs",
	    menu_chosen(jobs, njobs), "confirm", 1)));
	return menu_titled(menu_auto(menu_form("confirm", s->locale, &n, items,
	    "jobs"), c), word(s->locale, "confirm-title"));
}
