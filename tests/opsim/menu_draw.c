/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/opsim/menu.h"

#include <stdio.h>
#include <string.h>

#include "tests/opsim/state.h"

static void
draw_field(const struct menu *m, const json_t *item, struct rel_buf *out)
{
	const char *id = json_str_at(item, "id", "?");
	const char *typed = menu_typed(m, id);
	bool mask = json_is_true(json_object_get(item, "mask")) ||
	    strcmp(json_str_at(item, "kind", ""), "password") == 0;

	rel_put_fmt(out, "  %s (%s): ", json_str_at(item, "label", id), id);
	if (!mask)
		rel_put_fmt(out, "%s", typed);
	else
		for (size_t i = 0; typed[i] != '\0'; i++)
			rel_put_fmt(out, "*");
	rel_put_fmt(out, "\n");
}

static void
draw_row(const struct menu *m, const json_t *row, struct rel_buf *out)
{
	const char *id = json_str_at(row, "id", "?");
	const json_t *badge;
	size_t i;

	rel_put_fmt(out, "    %s %s  %s", menu_is_picked(m, id) ? "[x]" :
	    "[ ]", id, json_str_at(row, "label", ""));
	if (json_str_at(row, "sub", "")[0] != '\0')
		rel_put_fmt(out, "  %s", json_str_at(row, "sub", ""));
	json_array_foreach(json_object_get(row, "badges"), i, badge)
		if (json_is_string(badge))
			rel_put_fmt(out, "  <%s>", json_string_value(badge));
	if (json_str_at(row, "cost", "")[0] != '\0')
		rel_put_fmt(out, "  %s", json_str_at(row, "cost", ""));
	rel_put_fmt(out, "\n");
}

static void
draw_list(const struct menu *m, const json_t *item, struct rel_buf *out)
{
	const json_t *rows = json_object_get(item, "rows"), *row;
	size_t i;

	rel_put_fmt(out, "  %s, %u rows%s\n", json_str_at(item, "id", "list"),
	    (unsigned)json_array_size(rows),
	    json_is_string(json_object_get(item, "next")) ?
	    ", more follow" : "");
	json_array_foreach((json_t *)rows, i, row)
		draw_row(m, row, out);
}

static void
draw_choice(const struct menu *m, const json_t *item, struct rel_buf *out)
{
	const json_t *values = json_object_get(item, "values"), *v;
	const char *id = json_str_at(item, "id", "?");
	size_t i;

	rel_put_fmt(out, "  %s (%s): %s of", json_str_at(item, "label", id),
	    id, menu_typed(m, id));
	json_array_foreach((json_t *)values, i, v)
		rel_put_fmt(out, " %s", json_is_string(v) ?
		    json_string_value(v) : json_str_at(v, "label", "?"));
	rel_put_fmt(out, "\n");
}

static void
draw_item(const struct menu *m, const json_t *item, struct rel_buf *out)
{
	const char *type = json_str_at(item, "type", "");
	const char *id = json_str_at(item, "id", "?");

	if (strcmp(type, "message") == 0)
		rel_put_fmt(out, "  ! %s\n", json_str_at(item, "text", ""));
	else if (strcmp(type, "reader") == 0)
		rel_put_fmt(out, "  (card reader on)\n");
	else if (strcmp(type, "field") == 0)
		draw_field(m, item, out);
	else if (strcmp(type, "choice") == 0 || strcmp(type, "toggle") == 0)
		draw_choice(m, item, out);
	else if (strcmp(type, "list") == 0)
		draw_list(m, item, out);
	else if (strcmp(type, "spacer") != 0)
		rel_put_fmt(out, "  [%s] %s\n", id,
		    json_str_at(item, "label", ""));
}

void
menu_draw(const struct menu *m, struct rel_buf *out)
{
	const json_t *item;
	const char *text = json_str_at(m->doc, "message.text", "");
	size_t i;

	if (m->doc == NULL) {
		rel_put_fmt(out, "(no menu)\n");
		return;
	}
	rel_put_fmt(out, "== %s (%s)\n", json_str_at(m->doc, "title", ""),
	    menu_name(m));
	if (text[0] != '\0')
		rel_put_fmt(out, "  ! %s\n", text);
	json_array_foreach(json_object_get(m->doc, "items"), i, item)
		draw_item(m, item, out);
}
