/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/opsim/web_priv.h"

#include <string.h>

static bool
is_type(const json_t *item, const char *type)
{
	return strcmp(json_str_at(item, "type", ""), type) == 0;
}

static void
put_attr(struct rel_buf *b, const char *name, const char *value)
{
	rel_put_fmt(b, " %s=\"", name);
	web_esc(b, value);
	rel_put_fmt(b, "\"");
}

static void
put_message(struct rel_buf *b, const char *level, const char *text)
{
	bool bad = strcmp(level, "error") == 0 || strcmp(level, "warning") ==
	    0;

	if (text[0] == '\0')
		return;
	rel_put_fmt(b, "<p class=\"msg%s\" role=\"%s\">", bad ? " bad" : "",
	    bad ? "alert" : "status");
	web_icon(b, bad ? "warn" : "info");
	rel_put_fmt(b, "<span>");
	web_esc(b, text);
	rel_put_fmt(b, "</span></p>\n");
}

static const char *
icon_of(const json_t *item)
{
	const char *icon = json_str_at(item, "icon", NULL);
	const char *op = json_str_at(item, "action.op", "");

	if (icon != NULL)
		return icon;
	if (is_type(item, "native"))
		return json_str_at(item, "function", "copy");
	if (strcmp(op, "release") == 0)
		return "print";
	return strcmp(op, "menu") == 0 || strcmp(op, "") == 0 ? "more" : op;
}

/* A button of the menu; what is built into the machine is shown, not run. */
static void
put_tile(struct rel_buf *b, const json_t *item, bool main)
{
	bool native = is_type(item, "native");

	rel_put_fmt(b, "<button class=\"tile%s\" name=\"press\"",
	    main ? " main" : "");
	put_attr(b, "value", json_str_at(item, "id", ""));
	rel_put_fmt(b, "%s>", native ? " disabled title=\"built into a real "
	    "machine\"" : "");
	web_icon(b, icon_of(item));
	rel_put_fmt(b, "<span>");
	web_esc(b, json_str_at(item, "label", json_str_at(item, "id", "")));
	rel_put_fmt(b, "</span></button>\n");
}

/* The keys 1 to 9, clear, 0 and OK for a field of digits. */
static void
put_pad(const struct menu *m, struct rel_buf *b, const char *id)
{
	const char *submit = json_str_at(m->doc, "keys.submit", "");

	rel_put_fmt(b, "<div class=\"pad\"><input type=\"hidden\" "
	    "name=\"pad\"");
	put_attr(b, "value", id);
	rel_put_fmt(b, ">");
	for (int i = 1; i <= 9; i++)
		rel_put_fmt(b, "<button name=\"key\" value=\"%d\">%d</button>",
		    i, i);
	rel_put_fmt(b, "<button class=\"soft\" name=\"key\" value=\"del\" "
	    "aria-label=\"clear\">C</button>"
	    "<button name=\"key\" value=\"0\">0</button>");
	rel_put_fmt(b, "<button class=\"go\" name=\"press\"");
	put_attr(b, "value", submit);
	rel_put_fmt(b, "%s aria-label=\"OK\">", submit[0] == '\0' ?
	    " disabled" : "");
	web_icon(b, "ok");
	rel_put_fmt(b, "</button></div>\n");
}

static void
put_field(const struct menu *m, struct rel_buf *b, const json_t *item)
{
	const char *id = json_str_at(item, "id", "");
	const char *kind = json_str_at(item, "kind", "text");
	bool mask = json_is_true(json_object_get(item, "mask")) ||
	    strcmp(kind, "password") == 0;
	bool digits = strcmp(kind, "digits") == 0;
	const char *typed = menu_typed(m, id);

	rel_put_fmt(b, "<label class=\"field\"><span>");
	web_esc(b, json_str_at(item, "label", id));
	rel_put_fmt(b, "</span><input type=\"%s\" autocomplete=\"off\"",
	    mask ? "password" : "text");
	if (digits || strcmp(kind, "number") == 0)
		rel_put_fmt(b, " inputmode=\"numeric\"");
	rel_put_fmt(b, " name=\"f.");
	web_esc(b, id);
	rel_put_fmt(b, "\"");
	if (!mask) {
		put_attr(b, "value", typed);
	} else if (typed[0] != '\0') {	/* what was typed stays in the device */
		rel_put_fmt(b, " placeholder=\"");
		for (size_t i = 0; typed[i] != '\0'; i++)
			rel_put_fmt(b, "&#9679;");
		rel_put_fmt(b, "\"");
	}
	rel_put_fmt(b, "></label>\n");
	if (digits)
		put_pad(m, b, id);
}

static void
put_choice(const struct menu *m, struct rel_buf *b, const json_t *item)
{
	const char *id = json_str_at(item, "id", "");
	const json_t *v;
	size_t i;

	rel_put_fmt(b, "<label class=\"field\"><span>");
	web_esc(b, json_str_at(item, "label", id));
	rel_put_fmt(b, "</span><select name=\"f.");
	web_esc(b, id);
	rel_put_fmt(b, "\">");
	json_array_foreach(json_object_get(item, "values"), i, v) {
		const char *s = json_is_string(v) ? json_string_value(v) :
		    json_str_at(v, "value", json_str_at(v, "id", ""));

		rel_put_fmt(b, "<option");
		put_attr(b, "value", s);
		rel_put_fmt(b, "%s>", strcmp(s, menu_typed(m, id)) == 0 ?
		    " selected" : "");
		web_esc(b, json_is_string(v) ? s : json_str_at(v, "label",
		    s));
		rel_put_fmt(b, "</option>");
	}
	rel_put_fmt(b, "</select></label>\n");
}

static void
put_row(const struct menu *m, struct rel_buf *b, const json_t *row, bool one)
{
	const char *id = json_str_at(row, "id", "");
	const json_t *badge;
	size_t i;

	rel_put_fmt(b, "<li><label class=\"row\"><input name=\"row\" "
	    "type=\"%s\"", one ? "radio" : "checkbox");
	put_attr(b, "value", id);
	rel_put_fmt(b, "%s><span class=\"what\"><b>",
	    menu_is_picked(m, id) ? " checked" : "");
	web_esc(b, json_str_at(row, "label", ""));
	rel_put_fmt(b, "</b><small>");
	web_esc(b, json_str_at(row, "sub", ""));
	rel_put_fmt(b, "</small></span>");
	json_array_foreach(json_object_get(row, "badges"), i, badge)
		if (json_is_string(badge)) {
			rel_put_fmt(b, "<i>");
			web_esc(b, json_string_value(badge));
			rel_put_fmt(b, "</i>");
		}
	if (json_str_at(row, "cost", "")[0] != '\0') {
		rel_put_fmt(b, "<em>");
		web_esc(b, json_str_at(row, "cost", ""));
		rel_put_fmt(b, "</em>");
	}
	rel_put_fmt(b, "</label></li>\n");
}

static void
put_list(const struct menu *m, struct rel_buf *b, const json_t *item)
{
	const json_t *rows = json_object_get(item, "rows"), *row;
	bool one = strcmp(json_str_at(item, "select", "many"), "one") == 0;
	bool more = json_is_string(json_object_get(item, "next")) &&
	    menu_item(m, "button", "next") == NULL;
	size_t i;

	rel_put_fmt(b, "<input type=\"hidden\" name=\"list\" value=\"1\">\n");
	if (!one && json_array_size(rows) > 1)
		rel_put_fmt(b, "<div class=\"ticks\"><button name=\"tick\" "
		    "value=\"all\">All</button><button name=\"tick\" "
		    "value=\"none\">None</button></div>\n");
	rel_put_fmt(b, "<ul class=\"rows\">\n");
	json_array_foreach((json_t *)rows, i, row)
		put_row(m, b, row, one);
	rel_put_fmt(b, "</ul>\n");
	if (more) {
		rel_put_fmt(b, "<button class=\"tile wide\" name=\"more\" "
		    "value=\"1\">");
		web_icon(b, "more");
		rel_put_fmt(b, "<span>&hellip;</span></button>\n");
	}
}

static bool
is_input(const json_t *item)
{
	return is_type(item, "field") || is_type(item, "choice") ||
	    is_type(item, "toggle");
}

/* What belongs on the wide side: lists, fields, messages, the reader. */
static void
put_main_item(const struct menu *m, struct rel_buf *b, const json_t *item)
{
	if (is_type(item, "list"))
		put_list(m, b, item);
	else if (is_type(item, "field"))
		put_field(m, b, item);
	else if (is_type(item, "choice") || is_type(item, "toggle"))
		put_choice(m, b, item);
	else if (is_type(item, "message"))
		put_message(b, json_str_at(item, "level", "info"),
		    json_str_at(item, "text", ""));
	else if (is_type(item, "reader")) {
		rel_put_fmt(b, "<div class=\"hold\">");
		web_icon(b, "card");
		rel_put_fmt(b, "</div>\n");
	}
}

/* A button for the narrow side; what the bar has as a key is left out. */
static bool
is_tile(const struct menu *m, const json_t *item)
{
	const json_t *keys = json_object_get(m->doc, "keys");
	const char *id = json_str_at(item, "id", "");

	if (json_is_object(json_object_get(keys, id)))
		return false;
	return is_type(item, "button") || is_type(item, "link") ||
	    is_type(item, "native");
}

/* The narrow side: buttons, and beside a list also the fields. */
static void
put_side(const struct menu *m, struct rel_buf *b, bool inputs)
{
	const json_t *items = json_object_get(m->doc, "items"), *item;
	const char *submit = json_str_at(m->doc, "keys.submit", "");
	bool first = true;
	size_t i;

	json_array_foreach((json_t *)items, i, item) {
		if (inputs && is_input(item))
			put_main_item(m, b, item);
		if (!is_tile(m, item))
			continue;
		put_tile(b, item, submit[0] != '\0' ? strcmp(submit,
		    json_str_at(item, "id", "")) == 0 : first);
		first = false;
	}
}

static void
put_items(const struct menu *m, struct rel_buf *b)
{
	const json_t *items = json_object_get(m->doc, "items"), *item;
	bool list = menu_item(m, "list", NULL) != NULL;
	size_t i;

	rel_put_fmt(b, "<div class=\"cols\"><div class=\"wide\">\n");
	json_array_foreach((json_t *)items, i, item)
		if (!list || !is_input(item))
			put_main_item(m, b, item);
	rel_put_fmt(b, "</div><div class=\"tiles\">\n");
	put_side(m, b, list);
	rel_put_fmt(b, "</div></div>\n");
}

static void
put_key(const struct menu *m, struct rel_buf *b, const char *key,
    const char *label)
{
	const json_t *v = json_object_get(json_object_get(m->doc, "keys"),
	    key);

	if (!json_is_object(v) && !json_is_string(v))
		return;
	rel_put_fmt(b, "<button class=\"key\" name=\"press\" value=\"%s\" "
	    "aria-label=\"%s\">", key, label);
	web_icon(b, key);
	rel_put_fmt(b, "<span>%s</span></button>\n", label);
}

/* The bar at the top: title, who, the keys of the panel. */
static void
put_bar(const struct panel *p, struct rel_buf *b)
{
	const struct menu *m = &p->menu;
	bool de = strncmp(json_str_at(m->doc, "locale", "en"), "de", 2) == 0;

	rel_put_fmt(b, "<header class=\"bar\">");
	put_key(m, b, "back", de ? "Zur\xc3\xbc" "ck" : "Back");
	rel_put_fmt(b, "<h2>");
	web_esc(b, json_str_at(m->doc, "title", ""));
	rel_put_fmt(b, "</h2>");
	put_key(m, b, "logout", de ? "Abmelden" : "Log out");
	rel_put_fmt(b, "</header>\n");
}

/* No answer from the server: what happened, and a way on. */
static void
put_trouble(const struct panel *p, struct rel_buf *b)
{
	rel_put_fmt(b, "<div class=\"trouble\">");
	web_icon(b, "warn");
	rel_put_fmt(b, "<h2>No answer from the print server</h2><p>");
	web_esc(b, p->answers[0].trouble);
	rel_put_fmt(b, "</p><button class=\"tile main\" name=\"again\" "
	    "value=\"1\">");
	web_icon(b, "ok");
	rel_put_fmt(b, "<span>Try again</span></button></div>\n");
}

/* A refusal that brought no menu with words of its own. */
static void
put_refusal(const struct web *w, struct rel_buf *b)
{
	const struct panel *p = w->sim->panel;
	const char *code = json_str_at(p->answers[0].body, "code", "");

	put_message(b, "warning", w->notice);
	if (p->nanswers > 0 && p->answers[0].status >= 400)
		put_message(b, "warning", json_str_at(p->answers[0].body,
		    "detail", code));
}

void
web_screen(const struct web *w, struct rel_buf *b)
{
	const struct panel *p = w->sim->panel;
	const char *submit = json_str_at(p->menu.doc, "keys.submit", "");

	if (w->sim->dev.off) {
		rel_put_fmt(b, "<div class=\"screen dark\"></div>\n");
		return;
	}
	rel_put_fmt(b, "<div class=\"screen\"><form method=\"post\" "
	    "action=\"/do\" autocomplete=\"off\">\n");
	rel_put_fmt(b, "<button class=\"enter\" tabindex=\"-1\" "
	    "aria-hidden=\"true\" name=\"press\"");
	put_attr(b, "value", submit);
	rel_put_fmt(b, "%s></button>\n", submit[0] == '\0' ? " disabled" :
	    "");
	if (p->nanswers > 0 && p->answers[0].status == 0) {
		put_trouble(p, b);
	} else {
		put_bar(p, b);
		put_refusal(w, b);
		put_message(b, json_str_at(p->menu.doc, "message.level",
		    "info"), json_str_at(p->menu.doc, "message.text", ""));
		put_items(&p->menu, b);
	}
	rel_put_fmt(b, "</form></div>\n");
}
