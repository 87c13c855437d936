/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The menus of a panel as opdp.md describes them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/access.h"
#include "releaserd/core/addresses.h"
#include "releaserd/core/fleet.h"
#include "releaserd/core/menu_priv.h"
#include "releaserd/core/panel_lock.h"

#define TTL_LOGIN_S 300
#define TTL_JOBS_S 30

/* A short fingerprint of what is shown: the revision. */
static void
menu_rev(json_t *menu)
{
	char *text = json_dumps(menu, JSON_COMPACT | JSON_SORT_KEYS);
	uint8_t md[32];
	char hex[17];

	if (text == NULL)
		return;
	keys_sha256(md, text, strlen(text));
	rel_hex(hex, md, 4);
	json_object_set_new(menu, "rev", json_string(hex));
	free(text);
}

json_t *
menu_action_login(const char *method)
{
	return json_pack("{s:s,s:s}", "op", "login", "method", method);
}

json_t *
menu_action_menu(const char *menu)
{
	return json_pack("{s:s,s:s}", "op", "menu", "menu", menu);
}

json_t *
menu_button(const char *id, const char *label, const char *icon, json_t *action)
{
	return json_pack("{s:s,s:s,s:s,s:s,s:o}", "type", "button", "id", id,
	    "label", label, "icon", icon, "action", action);
}

json_t *
menu_field(const char *id, const char *kind, const char *label, int min, int max)
{
	bool secret = strcmp(kind, "password") == 0;

	return json_pack("{s:s,s:s,s:s,s:s,s:b,s:i,s:i}", "type", "field",
	    "id", id, "kind", kind, "label", label, "mask",
	    secret || strcmp(kind, "digits") == 0, "min", min, "max", max);
}

json_t *
menu_make(const char *name, const char *locale, const struct notice *n,
    json_t *items, json_t *keys)
{
	json_t *m = json_pack("{s:s,s:i,s:s,s:o,s:o}", "menu", name, "ttl_s",
	    strcmp(name, "jobs") == 0 ? TTL_JOBS_S : TTL_LOGIN_S, "locale",
	    word_locale(locale), "items", items, "keys", keys);

	if (m == NULL)
		return NULL;
	json_object_set_new(m, "message", n == NULL ? json_null() :
	    json_pack("{s:s,s:s}", "level", n->level, "text", n->text));
	json_object_set_new(m, "auto", json_null());
	return m;
}

json_t *
menu_titled(json_t *m, const char *title)
{
	if (m != NULL) {
		json_object_set_new(m, "title", json_string(title));
		menu_rev(m);
	}
	return m;
}

json_t *
menu_auto(json_t *m, const struct core *c)
{
	if (m != NULL)
		json_object_set_new(m, "auto", json_pack("{s:I,s:{s:s,s:s}}",
		    "after_s", (json_int_t)(c->role->set.panel_timeout_ms /
		    1000), "action", "op", "logout", "reason", "timeout"));
	return m;
}

/* A form: fields, one button that submits, and the way back. */
json_t *
menu_form(const char *name, const char *locale, const struct notice *n,
    json_t *items, const char *back)
{
	json_array_append_new(items, menu_button("back", word(locale, "back"),
	    "back", menu_action_menu(back)));
	return menu_make(name, locale, n, items, json_pack("{s:o,s:s}",
	    "back", menu_action_menu(back), "submit", "submit"));
}

json_t *
menu_value(const char *what, const char *label)
{
	return json_pack("{s:s,s:s}", "value", what, "label", label);
}

json_t *
menu_choice(const char *id, const char *label, const char *now,
    json_t *values)
{
	return json_pack("{s:s,s:s,s:s,s:s,s:o}", "type", "choice", "id", id,
	    "label", label, "value", now, "values", values);
}

json_t *
menu_pin(struct core *c, const struct session *s, const struct notice *n)
{
	struct notice hint = { "info", "" };
	json_t *items = json_array();

	snprintf(hint.text, sizeof hint.text, "%s",
	    word(s->locale, "pin-hint"));
	json_array_append_new(items, menu_field("pin", "digits",
	    word(s->locale, "pin"), 4, 4));
	json_array_append_new(items, menu_button("submit", word(s->locale, "ok"),
	    "ok", json_pack("{s:s,s:s}", "op", "unlock", "field", "pin")));
	return menu_titled(menu_auto(menu_form("pin", s->locale, n != NULL ? n :
	    &hint, items, "jobs"), c), word(s->locale, "pin-title"));
}

const struct notice *
menu_trouble(struct core *c, const char *device, const char *locale,
    const struct notice *n, struct notice *own)
{
	const struct device *d = n == NULL ? device_at(c, device) : NULL;
	char words[240];

	if (d == NULL || fleet_problem(c, d, words) == NULL)
		return n;
	fleet_words(c, device, locale, words, sizeof words);
	own->level = "warning";
	fill_word(own->text, sizeof own->text, word(locale, "device-is"),
	    words);
	return own;
}

/* ---- the jobs */

/* Printing all of them, or those that are ticked. */
static void
print_actions(struct core *c, const struct session *s, json_t *items,
    const struct list_rows *r)
{
	if (r->total > r->may_have_printed && (!menu_may(c, s, FN_PRINT) ||
	    menu_may(c, s, FN_PRINT_ALL)))
		menu_put(c, s, FN_PRINT, items, menu_button("all",
		    word(s->locale, "print-all"), "print",
		    json_pack("{s:s,s:s}", "op", "release", "jobs", "all")));
	if (r->locked > 0)
		menu_put(c, s, FN_PRINT_CONFIDENTIAL, items,
		    json_pack("{s:s,s:s,s:s,s:s,s:o}", "type", "link", "id",
		    "pin", "label", word(s->locale, "confidential"), "icon",
		    "lock", "action", menu_action_menu("pin")));
	if (r->total > 0)
		menu_put(c, s, FN_PRINT, items, menu_button("selected",
		    word(s->locale, "print-selected"), "print",
		    json_pack("{s:s,s:s}", "op", "release", "jobs",
		    "selected")));
}

static void
jobs_actions(struct core *c, const struct session *s, json_t *items,
    const struct list_rows *r)
{
	const char *locale = s->locale;
	json_t *copies;

	print_actions(c, s, items, r);
	if (r->total == 0)
		return;
	menu_put(c, s, FN_JOB_DELETE, items, menu_button("delete",
	    word(locale, "delete-selected"), "delete",
	    json_pack("{s:s,s:s}", "op", "delete", "jobs", "selected")));
	menu_put(c, s, FN_JOB_OPTIONS, items, menu_button("options",
	    word(locale, "options"), "options", json_pack("{s:s,s:s,s:s}",
	    "op", "menu", "menu", "options", "jobs", "selected")));
	if (menu_may(c, s, FN_JOB_COPIES))
		json_array_append_new(items, menu_field("copies", "number",
		    word(locale, "copies-label"), 1, 3));
	copies = json_pack("{s:s,s:s,s:s}", "op", "set-options", "jobs",
	    "selected", "field", "copies");
	menu_put(c, s, FN_JOB_COPIES, items, menu_button("set-copies",
	    word(locale, "set-copies"), "copies", copies));
}

static void
jobs_list(json_t *items, const char *locale, struct list_rows *r)
{
	char next[24] = "";
	json_t *more;

	if (r->next != 0)
		ids_job_text(next, r->next);
	if (r->total == 0)
		json_array_append_new(items, json_pack("{s:s,s:s,s:s}", "type",
		    "message", "level", "info", "text",
		    word(locale, "no-jobs")));
	json_array_append_new(items, json_pack("{s:s,s:s,s:s,s:s?,s:O}",
	    "type", "list", "id", "jobs", "select", "many", "next",
	    r->next != 0 ? next : NULL, "rows", r->rows));
	if (r->next == 0)
		return;
	more = menu_action_menu("jobs");
	json_object_set_new(more, "cursor", json_string(next));
	json_array_append_new(items, menu_button("next", word(locale, "next"),
	    "next", more));
}

/* Of a session that a secret of the device opened: nobody's jobs. */
static json_t *
menu_nobody(struct core *c, const struct session *s, const struct notice *n)
{
	struct notice hint = { "info", "" };
	json_t *items = json_array(), *m;

	snprintf(hint.text, sizeof hint.text, "%s", word(s->locale,
	    "nobodys-jobs"));
	menu_natives(c, s, items);
	json_array_append_new(items, menu_button("logout", word(s->locale,
	    "log-out"), "logout", json_pack("{s:s}", "op", "logout")));
	m = menu_make("jobs", s->locale, n != NULL ? n : &hint, items,
	    json_pack("{s:n,s:{s:s}}", "back", "logout", "op", "logout"));
	json_object_set_new(m, "session", access_session(c, s));
	return menu_titled(menu_auto(m, c), word(s->locale, "this-device"));
}

json_t *
menu_jobs(struct core *c, const struct session *s, int64_t after,
    const struct notice *n)
{
	struct list_rows r;
	struct notice own;
	json_t *items = json_array(), *m;

	n = menu_trouble(c, s->device_id, s->locale, n, &own);
	if (session_is_backup(s)) {
		json_decref(items);
		return menu_security(c, s, n);
	}
	if (s->user.id == 0) {
		json_decref(items);
		return menu_nobody(c, s, n);
	}
	if (items == NULL || list_rows(c, s, after, &r) < 0) {
		json_decref(items);
		return NULL;
	}
	jobs_actions(c, s, items, &r);
	if (r.total > 0 && panel_has_accounts(c, s))
		menu_put(c, s, FN_JOB_ACCOUNT, items,
		    json_pack("{s:s,s:s,s:s,s:s,s:o}", "type", "link", "id",
		    "accounts", "label", word(s->locale, "accounts"), "icon",
		    "user", "action", menu_action_menu("accounts")));
	if (addresses_any(c))
		menu_put(c, s, FN_BOOK, items, json_pack(
		    "{s:s,s:s,s:s,s:s,s:o}", "type", "link", "id",
		    "address-book", "label", word(s->locale, "addresses"),
		    "icon", "user", "action",
		    menu_action_menu("address-book")));
	panel_lock_item(c, s, items);
	jobs_list(items, s->locale, &r);
	json_decref(r.rows);
	menu_natives(c, s, items);
	json_array_append_new(items, menu_button("logout",
	    word(s->locale, "log-out"), "logout",
	    json_pack("{s:s}", "op", "logout")));
	m = menu_make("jobs", s->locale, n, items, json_pack("{s:n,s:{s:s}}",
	    "back", "logout", "op", "logout"));
	json_object_set_new(m, "session", access_session(c, s));
	return menu_titled(menu_auto(m, c), s->user.display[0] != '\0' ? s->user.display :
	    s->user.name);
}
