/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/net/html.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/net/form.h"

#define ITEMS_MAX 64
#define ROWS_MAX 200

/* ---- words of ours; those of a menu come translated */

enum word { W_CARD, W_CARD_OK, W_MORE, W_BACK, W_LOGOUT, W_PANEL, W_COUNT };

static const char *const words[2][W_COUNT] = {
	{ "Hold your card to the reader", "Go on", "More", "Back", "Log out",
	  "Back to the panel" },
	{ "Karte an den Leser halten", "Weiter", "Mehr", "Zurück", "Abmelden",
	  "Zurück zur Anzeige" }
};

static const struct problem_text {
	const char *code, *text[2];
} problem_texts[] = {
	{ "not-registered", {
	    "This device is not registered with the print server.",
	    "Dieses Gerät ist beim Druckserver nicht angemeldet." } },
	{ "forbidden", {
	    "This page was open for too long. Please start again.",
	    "Diese Seite war zu lange offen. Bitte beginnen Sie neu." } },
	{ "session-unknown", {
	    "You are no longer logged in.", "Sie sind nicht mehr angemeldet."
	    } },
	{ "session-expired", {
	    "You are no longer logged in.", "Sie sind nicht mehr angemeldet."
	    } },
	{ "backend-unavailable", {
	    "The print server cannot answer right now. Your jobs are safe.",
	    "Der Druckserver kann gerade nicht antworten. Ihre Aufträge sind "
	    "sicher." } },
	{ "rate-limited", {
	    "Too many attempts. Please wait a little.",
	    "Zu viele Versuche. Bitte warten Sie einen Moment." } },
	{ "", {
	    "That did not work. Please try again.",
	    "Das hat nicht geklappt. Bitte versuchen Sie es noch einmal." } }
};

static int
language(const char *locale)
{
	return locale != NULL && strncmp(locale, "de", 2) == 0;
}

/* ---- small pieces */

void
html_escape(struct rel_buf *out, const char *s)
{
	for (; s != NULL && *s != '\0'; s++) {
		switch (*s) {
		case '&': rel_put_raw(out, "&amp;", 5); break;
		case '<': rel_put_raw(out, "&lt;", 4); break;
		case '>': rel_put_raw(out, "&gt;", 4); break;
		case '"': rel_put_raw(out, "&quot;", 6); break;
		case '\'': rel_put_raw(out, "&#39;", 5); break;
		default:
			if ((unsigned char)*s < 0x20 || *s == 0x7f)
				rel_put_u8(out, ' ');
			else
				rel_put_u8(out, (uint8_t)*s);
		}
	}
}

/* Raw markup of ours, "%s" replaced by the escaped texts in turn. */
static void
put(struct rel_buf *out, const char *markup, const char *a, const char *b)
{
	const char *hole;

	while ((hole = strstr(markup, "%s")) != NULL) {
		rel_put_raw(out, markup, (size_t)(hole - markup));
		html_escape(out, a);
		a = b;
		markup = hole + 2;
	}
	rel_put_raw(out, markup, strlen(markup));
}

static const char *
text_of(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s != NULL ? s : "";
}

static bool
is_text(const json_t *o, const char *key, const char *want)
{
	return strcmp(text_of(o, key), want) == 0;
}

static void
put_page_head(struct rel_buf *out, const char *locale, const char *title)
{
	put(out, "<!DOCTYPE html>\n<html lang=\"%s\"><head>"
	    "<meta charset=\"utf-8\">", language(locale) ? "de" : "en", NULL);
	put(out, "<meta name=\"viewport\" content=\"width=device-width, "
	    "initial-scale=1\"><meta name=\"color-scheme\" "
	    "content=\"light dark\"><title>%s</title>"
	    "<link rel=\"stylesheet\" href=\"" HTML_CSS_PATH "\"></head>\n"
	    "<body><main><h1>%s</h1>\n", title, title);
}

static void
put_page_end(struct rel_buf *out)
{
	put(out, "</main></body></html>\n", NULL, NULL);
}

static void
put_message(struct rel_buf *out, const char *level, const char *text)
{
	bool loud = strcmp(level, "error") == 0 ||
	    strcmp(level, "warning") == 0;

	if (text[0] == '\0')
		return;
	put(out, "<p class=\"message %s\" role=\"", strcmp(level, "error") ==
	    0 ? "error" : loud ? "warning" : "info", NULL);
	put(out, loud ? "alert\">%s</p>\n" : "status\">%s</p>\n", text, NULL);
}

static void
put_form_start(struct rel_buf *out, const struct html_page *pg)
{
	put(out, "<form method=\"post\" action=\"/panel/action\" "
	    "autocomplete=\"off\"><input type=\"hidden\" name=\"" FORM_CSRF
	    "\" value=\"%s\"><input type=\"hidden\" name=\"" FORM_REQUEST
	    "\" value=\"%s\">\n", pg->csrf, pg->request_id);
}

/* What the button `id` does, for the day it is pressed. */
static void
put_action(struct rel_buf *out, const char *id, const json_t *action)
{
	char *s = json_dumps(action, JSON_COMPACT);

	put(out, "<input type=\"hidden\" name=\"" FORM_ACTION "%s\" "
	    "value=\"%s\">", id, s);
	if (s != NULL) {
		json_malloc_t get;
		json_free_t drop;

		json_get_alloc_funcs(&get, &drop);
		drop(s);
	}
}

static void
put_button(struct rel_buf *out, const char *id, const char *label,
    const json_t *action)
{
	put_action(out, id, action);
	put(out, "<button name=\"" FORM_PRESSED "\" value=\"%s\"", id, NULL);
	/* What does not read the fields does not mind what is in them. */
	put(out, json_object_get(action, "field") == NULL ?
	    " formnovalidate>%s</button>\n" : ">%s</button>\n", label, NULL);
}

/* ---- items */

/*
 * Does the action of any item have this member (with this text, or NULL for
 * any)?
 */
static bool
items_do(const json_t *menu, const char *member, const char *text)
{
	const json_t *items = json_object_get(menu, "items");

	for (size_t i = 0; i < json_array_size(items); i++) {
		const json_t *action = json_object_get(
		    json_array_get(items, i), "action");

		if (text == NULL ? json_object_get(action, member) != NULL :
		    is_text(action, member, text))
			return true;
	}
	return false;
}

/* Does an item do the very same? */
static bool
items_have(const json_t *menu, const json_t *action)
{
	const json_t *items = json_object_get(menu, "items");

	for (size_t i = 0; i < json_array_size(items); i++)
		if (json_equal(action, json_object_get(
		    json_array_get(items, i), "action")))
			return true;
	return false;
}

/*
 * A device keeps the card that was held last.  Menus that ask for it again,
 * with a PIN or to tie it to its owner, have it in their form.
 */
static bool
wants_held_card(const json_t *menu)
{
	return items_do(menu, "op", "register-card") ||
	    items_do(menu, "method", "card+pin");
}

static void
put_card_field(struct rel_buf *out, const json_t *it, const char *locale)
{
	const char *const *w = words[language(locale)];

	put(out, "<label class=\"field\"><span>%s</span><input "
	    "name=\"" FORM_CARD "\" type=\"password\" maxlength=\"116\" "
	    "autocomplete=\"off\" autofocus></label>",
	    text_of(it, "label")[0] != '\0' ? text_of(it, "label") :
	    w[W_CARD], NULL);
}

/* The reader, a form of its own: who types there is a keyboard reader. */
static void
item_reader(struct rel_buf *out, const json_t *it, const struct html_page *pg)
{
	const char *const *w = words[language(pg->locale)];
	json_t *action = json_object_get(it, "action");

	if (json_is_object(action))
		json_incref(action);
	else
		action = json_pack("{s:s,s:s}", "op", "login", "method",
		    "card");
	put_form_start(out, pg);
	put_card_field(out, it, pg->locale);
	put_button(out, "reader", w[W_CARD_OK], action);
	put(out, "</form>\n", NULL, NULL);
	json_decref(action);
}

static void
put_length(struct rel_buf *out, const json_t *it, const char *key,
    const char *attribute)
{
	const json_t *v = json_object_get(it, key);

	if (json_is_integer(v) && json_integer_value(v) >= 0 &&
	    json_integer_value(v) <= 4096)
		rel_put_fmt(out, " %s=\"%d\"", attribute,
		    (int)json_integer_value(v));
}

static void
item_field(struct rel_buf *out, const json_t *it)
{
	bool digits = is_text(it, "kind", "digits") ||
	    is_text(it, "kind", "number");
	bool hidden = is_text(it, "kind", "password") ||
	    json_is_true(json_object_get(it, "mask"));
	const json_t *value = json_object_get(it, "value");

	put(out, "<label class=\"field\"><span>%s</span>"
	    "<input name=\"%s\"", text_of(it, "label"),
	    text_of(it, "id"));
	put(out, hidden ? " type=\"password\"" : " type=\"text\"", NULL, NULL);
	if (digits)
		put(out, " inputmode=\"numeric\" pattern=\"[0-9]*\"", NULL,
		    NULL);
	put_length(out, it, "min", "minlength");
	put_length(out, it, "max", "maxlength");
	if (json_is_string(value))
		put(out, " value=\"%s\"", json_string_value(value), NULL);
	else if (json_is_integer(value))
		rel_put_fmt(out, " value=\"%lld\"",
		    (long long)json_integer_value(value));
	put(out, " autocomplete=\"off\"></label>\n", NULL, NULL);
}

static void
item_choice(struct rel_buf *out, const json_t *it)
{
	const json_t *values = json_object_get(it, "values");
	const char *chosen = text_of(it, "value");

	put(out, "<label class=\"field\"><span>%s</span>"
	    "<select name=\"%s\">", text_of(it, "label"),
	    text_of(it, "id"));
	for (size_t i = 0; i < json_array_size(values) && i < ROWS_MAX; i++) {
		const json_t *v = json_array_get(values, i);
		const char *value = json_is_string(v) ? json_string_value(v) :
		    text_of(v, "value");
		const char *label = json_is_string(v) ? value :
		    text_of(v, "label");

		put(out, "<option value=\"%s\"", value, NULL);
		put(out, strcmp(value, chosen) == 0 ? " selected>%s</option>" :
		    ">%s</option>", label, NULL);
	}
	put(out, "</select></label>\n", NULL, NULL);
}

static void
item_toggle(struct rel_buf *out, const json_t *it)
{
	put(out, "<label class=\"row\"><input type=\"checkbox\" "
	    "name=\"%s\" value=\"true\"", text_of(it, "id"), NULL);
	put(out, json_is_true(json_object_get(it, "value")) ?
	    " checked><span>%s</span></label>\n" :
	    "><span>%s</span></label>\n", text_of(it, "label"), NULL);
}

static void
put_row(struct rel_buf *out, const json_t *row, bool many)
{
	const json_t *badges = json_object_get(row, "badges");

	put(out, "<li><label class=\"row\"><input name=\"" FORM_ROW "\" "
	    "value=\"%s\" type=\"", text_of(row, "id"), NULL);
	put(out, many ? "checkbox\"" : "radio\"", NULL, NULL);
	if (json_is_true(json_object_get(row, "selected")))
		put(out, " checked", NULL, NULL);
	put(out, "><span class=\"job\"><b>%s</b> <small>%s</small>",
	    text_of(row, "label"), text_of(row, "sub"));
	for (size_t i = 0; i < json_array_size(badges) && i < 8; i++)
		put(out, " <i>%s</i>",
		    json_string_value(json_array_get(badges, i)), NULL);
	if (text_of(row, "cost")[0] != '\0')
		put(out, " <em>%s</em>", text_of(row, "cost"), NULL);
	put(out, "</span></label>", NULL, NULL);
	if (json_is_object(json_object_get(row, "action")))
		put_button(out, text_of(row, "id"), text_of(row, "label"),
		    json_object_get(row, "action"));
	put(out, "</li>\n", NULL, NULL);
}

static void
item_list(struct rel_buf *out, const json_t *it, const json_t *menu,
    const struct html_page *pg)
{
	const json_t *rows = json_object_get(it, "rows");
	const char *next = text_of(it, "next");

	put(out, "<ul>\n", NULL, NULL);
	for (size_t i = 0; i < json_array_size(rows) && i < ROWS_MAX; i++)
		put_row(out, json_array_get(rows, i),
		    !is_text(it, "select", "one"));
	put(out, "</ul>\n", NULL, NULL);
	if (next[0] != '\0' && !items_do(menu, "cursor", NULL)) {
		json_t *action = json_pack("{s:s,s:s,s:s}", "op", "menu",
		    "menu", text_of(menu, "menu"), "cursor", next);

		put_button(out, "more",
		    words[language(pg->locale)][W_MORE], action);
		json_decref(action);
	}
}

static void
item_button(struct rel_buf *out, const json_t *it)
{
	json_t *action = json_object_get(it, "action");

	if (json_is_object(action))
		json_incref(action);
	else
		action = json_pack("{s:s,s:s}", "op", "menu", "menu",
		    text_of(it, "menu"));
	put_button(out, text_of(it, "id"), text_of(it, "label"), action);
	json_decref(action);
}

static void
put_held_card(struct rel_buf *out, const json_t *it,
    const struct html_page *pg)
{
	if (pg->card[0] == '\0')
		put_card_field(out, it, pg->locale);
	else
		put(out, "<input type=\"hidden\" name=\"" FORM_CARD "\" "
		    "value=\"%s\">\n", pg->card, NULL);
}

static void
put_item(struct rel_buf *out, const json_t *it, const json_t *menu,
    const struct html_page *pg)
{
	if (is_text(it, "type", "field"))
		item_field(out, it);
	else if (is_text(it, "type", "list"))
		item_list(out, it, menu, pg);
	else if (is_text(it, "type", "choice"))
		item_choice(out, it);
	else if (is_text(it, "type", "toggle"))
		item_toggle(out, it);
	else if (is_text(it, "type", "message"))
		put_message(out, text_of(it, "level"), text_of(it, "text"));
	else if (is_text(it, "type", "reader") && wants_held_card(menu))
		put_held_card(out, it, pg);
	else if (is_text(it, "type", "spacer"))
		put(out, "<hr>\n", NULL, NULL);
	else if (is_text(it, "type", "link") ||
	    is_text(it, "type", "button"))
		item_button(out, it);
	/* native, and what is newer than we are: not in HTML */
}

/*
 * Enter in a field presses the first button of a form: the menu's `submit`,
 * or, where it has none, one that is disabled, so that Enter does nothing.
 */
static void
put_default_button(struct rel_buf *out, const json_t *menu)
{
	const char *id = text_of(json_object_get(menu, "keys"), "submit");

	put(out, "<button class=\"enter\" name=\"" FORM_PRESSED "\" "
	    "value=\"%s\" tabindex=\"-1\" aria-hidden=\"true\"", id, NULL);
	put(out, id[0] != '\0' ? "></button>\n" : " disabled></button>\n",
	    NULL, NULL);
}

static void
put_keys(struct rel_buf *out, const json_t *menu, const struct html_page *pg)
{
	const char *const *w = words[language(pg->locale)];
	const json_t *keys = json_object_get(menu, "keys");
	const json_t *back = json_object_get(keys, "back");
	const json_t *logout = json_object_get(keys, "logout");

	if (!json_is_object(back) || items_have(menu, back))
		back = NULL;
	if (!json_is_object(logout) || items_have(menu, logout))
		logout = NULL;
	if (back == NULL && logout == NULL)
		return;
	put_form_start(out, pg);
	put(out, "<nav>", NULL, NULL);
	if (back != NULL)
		put_button(out, "key-back", w[W_BACK], back);
	if (logout != NULL)
		put_button(out, "key-logout", w[W_LOGOUT], logout);
	put(out, "</nav></form>\n", NULL, NULL);
}

void
html_menu(struct rel_buf *out, const json_t *menu, const struct html_page *as)
{
	const json_t *items = json_object_get(menu, "items");
	const json_t *message = json_object_get(menu, "message");
	struct html_page page = *as, *pg = &page;
	size_t n = json_array_size(items);

	if (n > ITEMS_MAX)
		n = ITEMS_MAX;
	if (text_of(menu, "locale")[0] != '\0')
		page.locale = text_of(menu, "locale");
	put_page_head(out, pg->locale, text_of(menu, "title"));
	put_message(out, text_of(message, "level"), text_of(message, "text"));
	for (size_t i = 0; i < n && !wants_held_card(menu); i++)
		if (is_text(json_array_get(items, i), "type", "reader"))
			item_reader(out, json_array_get(items, i), pg);
	put_form_start(out, pg);
	put_default_button(out, menu);
	for (size_t i = 0; i < n; i++)
		put_item(out, json_array_get(items, i), menu, pg);
	put(out, "</form>\n", NULL, NULL);
	put_keys(out, menu, pg);
	put_page_end(out);
}

void
html_problem(struct rel_buf *out, const char *code, const char *locale)
{
	const struct problem_text *p = problem_texts;
	int lang = language(locale);

	while (p->code[0] != '\0' && strcmp(p->code, code) != 0)
		p++;
	put_page_head(out, locale, "cups-release");
	put_message(out, "error", p->text[lang]);
	put(out, "<p><a class=\"button\" href=\"/panel/\">%s</a></p>\n",
	    words[lang][W_PANEL], NULL);
	put_page_end(out);
}

unsigned
html_refresh_s(const json_t *menu)
{
	const json_t *after = json_object_get(json_object_get(menu, "auto"),
	    "after_s");
	json_int_t s = json_integer_value(after);

	/* Not older than its token: a log-in page stands all night. */
	if (s <= 0)
		s = json_integer_value(json_object_get(menu, "ttl_s"));
	return s > 0 && s <= 86400 ? (unsigned)s + 1 : 0;
}
