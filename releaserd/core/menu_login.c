/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The menus of a log-in: what a template asks next is what they offer. */
#include <stdio.h>
#include <string.h>

#include "releaserd/core/access.h"
#include "releaserd/core/directories.h"
#include "releaserd/core/login_step.h"
#include "releaserd/core/menu_priv.h"

/* ---- the menus of one block each */

static json_t *
reader(void)
{
	return json_pack("{s:s,s:s}", "type", "reader", "id", "card");
}

/* A secret is typed into one field, and a button sends it. */
static json_t *
menu_typed(const char *name, const char *locale, const struct notice *n,
    json_t *field, json_t *action)
{
	json_t *items = json_array();

	json_object_set(action, "field", json_object_get(field, "id"));
	json_array_append_new(items, field);
	json_array_append_new(items, menu_button("submit", word(locale,
	    "log-in"), "ok", action));
	return menu_form(name, locale, n, items, "login");
}

/* Would a password of that directory (0: one kept here) be what is asked? */
static bool
is_asked(const struct core *c, const struct login_ask *ask, int64_t directory)
{
	const struct template *t = template_of(c, ask->asked_by);
	struct proof p = { directory != 0 ? block_of_directory(c, directory) :
	    BLOCK_INTERNAL, directory };

	return t == NULL || template_takes(t, ask->asks, &p);
}

/* The domains of the directories that are asked; true: there are others. */
static bool
domains_asked(struct core *c, const struct login_ask *ask, json_t *values)
{
	const struct directory_row *r;
	const struct directory *d;
	bool others = false;

	for (size_t i = 0; (r = directories_at(c, i)) != NULL; i++) {
		if ((d = directories_settings(c, r->id)) == NULL ||
		    d->domain[0] == '\0')
			continue;
		if (is_asked(c, ask, r->id))
			json_array_append_new(values, menu_value(d->domain,
			    d->domain));
		else
			others = true;
	}
	return others;
}

/*
 * The domains of directories, and that of internal accounts; none: nothing.
 * A name without a domain may lead anywhere: only where all of them count.
 */
static void
put_domains(struct core *c, json_t *items, const struct login_ask *ask)
{
	const char *l = ask->locale;
	json_t *values = json_array();
	bool others = domains_asked(c, ask, values);

	if (json_array_size(values) == 0 && !others) {
		json_decref(values);
		return;
	}
	if (!is_asked(c, ask, 0))
		others = true;
	else
		json_array_append_new(values, menu_value(DIRECTORY_LOCAL,
		    word(l, "domain-local")));
	if (json_array_size(values) == 0) {
		json_decref(values);
		return;
	}
	if (!others)
		json_array_insert_new(values, 0, menu_value("", word(l,
		    "domain-by-name")));
	json_array_append_new(items, menu_choice("domain", word(l, "domain"),
	    json_string_value(json_object_get(json_array_get(values, 0),
	    "value")), values));
}

static json_t *
menu_password(struct core *c, const struct login_ask *ask,
    const struct notice *n)
{
	const char *l = ask->locale;
	json_t *items = json_array();

	if (!ask->known)
		json_array_append_new(items, menu_field("user", "text",
		    word(l, "user"), 1, 83));
	json_array_append_new(items, menu_field("password", "password",
	    word(l, "password"), 1, 128));
	if (!ask->known)
		put_domains(c, items, ask);
	json_array_append_new(items, menu_button("submit", word(l, "log-in"),
	    "ok", menu_action_login("password")));
	return menu_titled(menu_form("login-password", l, n, items, "login"),
	    word(l, ask->known ? "password-only-title" : "password-title"));
}

static json_t *
menu_code(struct core *c, const struct login_ask *ask,
    const struct notice *n)
{
	const char *l = ask->locale;
	struct notice hint = { "info", "" };

	(void)c;
	snprintf(hint.text, sizeof hint.text, "%s", word(l, "code-hint"));
	return menu_titled(menu_typed("login-code", l, n != NULL ? n : &hint,
	    menu_field("code", "text", word(l, "code"), 10, 16),
	    menu_action_login("qr")), word(l, "by-code"));
}

static json_t *
menu_device_password(struct core *c, const struct login_ask *ask,
    const struct notice *n)
{
	const char *l = ask->locale;

	(void)c;
	return menu_titled(menu_typed("login-device-password", l, n,
	    menu_field("secret", "password", word(l, "device-password"), 1,
	    128), menu_action_login("device-password")), word(l,
	    "by-device-password"));
}

static json_t *
menu_device_pin(struct core *c, const struct login_ask *ask,
    const struct notice *n)
{
	const char *l = ask->locale;

	(void)c;
	return menu_titled(menu_typed("login-device-pin", l, n,
	    menu_field("secret", "digits", word(l, "device-pin"), 4, 16),
	    menu_action_login("device-pin")), word(l, "by-device-pin"));
}

static json_t *
menu_backup(struct core *c, const struct login_ask *ask,
    const struct notice *n)
{
	const char *l = ask->locale;
	struct notice hint = { "warning", "" };

	(void)c;
	snprintf(hint.text, sizeof hint.text, "%s", word(l, "backup-hint"));
	return menu_titled(menu_typed("login-backup", l, n != NULL ? n : &hint,
	    menu_field("secret", "password", word(l, "backup-password"), 8,
	    128), menu_action_login("backup")), word(l, "by-backup"));
}

static json_t *
menu_card_pin(struct core *c, const struct login_ask *ask,
    const struct notice *n)
{
	const char *l = ask->locale;
	json_t *items = json_array();

	(void)c;
	json_array_append_new(items, reader());
	json_array_append_new(items, menu_field("pin", "digits",
	    word(l, "pin"), 4, 8));
	json_array_append_new(items, menu_button("submit", word(l, "ok"),
	    "ok", menu_action_login("card+pin")));
	return menu_titled(menu_form("login-card-pin", l, n, items, "login"),
	    word(l, "card-pin-title"));
}

/* ---- the first menu: what may be proven, each in its own way */

static void
put_number(json_t *items, const char *l)
{
	json_t *by_number = menu_action_login("id-number");

	json_object_set_new(by_number, "field", json_string("id_number"));
	json_array_append_new(items, menu_field("id_number", "digits",
	    word(l, "id-number"), 4, 8));
	json_array_append_new(items, menu_button("by-number", word(l, "ok"),
	    "ok", by_number));
}

/* The other ways have menus of their own. */
static const struct way {
	unsigned kinds;
	const char *id, *icon, *menu;
	json_t *(*draw)(struct core *c, const struct login_ask *ask,
	    const struct notice *n);
} ways[] = {
	{ BLOCK_PASSWORDS, "by-password", "user", "login-password", menu_password },
	{ BLOCK_CODES, "by-code", "code", "login-code", menu_code },
	{ BLOCK_BIT(BLOCK_DEVICE_PASSWORD), "by-device-password", "lock",
	    "login-device-password", menu_device_password },
	{ BLOCK_BIT(BLOCK_DEVICE_PIN), "by-device-pin", "lock", "login-device-pin",
	    menu_device_pin },
	{ BLOCK_BIT(BLOCK_BACKUP), "by-backup", "lock", "login-backup",
	    menu_backup },
	/* Without a button: a card that has a PIN leads there. */
	{ BLOCK_CARDS, NULL, NULL, "login-card-pin", menu_card_pin }
};
#define WAYS (sizeof ways / sizeof ways[0])

static json_t *
menu_first(const struct login_ask *ask, const struct notice *n)
{
	const char *l = ask->locale;
	struct notice hint = { "info", "" };
	json_t *items = json_array(), *keys = json_pack("{s:n}", "back");

	snprintf(hint.text, sizeof hint.text, "%s", word(l, ask->locked ?
	    "panel-locked" : ask->kinds == 0 ? "login-nobody" :
	    (ask->kinds & BLOCK_CARDS) != 0 ? "login-hint" : "login-choose"));
	if ((ask->kinds & BLOCK_CARDS) != 0)
		json_array_append_new(items, reader());
	if ((ask->kinds & BLOCK_BIT(BLOCK_ID_NUMBER)) != 0) {
		put_number(items, l);
		json_object_set_new(keys, "submit", json_string("by-number"));
	}
	for (size_t i = 0; i < WAYS; i++)
		if (ways[i].id != NULL && (ask->kinds & ways[i].kinds) != 0)
			json_array_append_new(items, menu_button(ways[i].id,
			    word(l, ways[i].id), ways[i].icon,
			    menu_action_menu(ways[i].menu)));
	return menu_titled(menu_make("login", l, n != NULL ? n : &hint, items,
	    keys), word(l, "login-title"));
}

json_t *
menu_register(struct core *c, const struct login_ask *ask,
    const struct notice *n)
{
	struct login_ask any = *ask;
	const char *l = ask->locale;
	struct notice hint = { "info", "" };
	json_t *items = json_array();

	any.asked_by = 0;
	snprintf(hint.text, sizeof hint.text, "%s", word(l, "register-hint"));
	json_array_append_new(items, reader());
	json_array_append_new(items, menu_field("user", "text",
	    word(l, "user"), 1, 83));
	json_array_append_new(items, menu_field("password", "password",
	    word(l, "password"), 1, 128));
	put_domains(c, items, &any);
	json_array_append_new(items, menu_button("submit", word(l,
	    "register"), "card", json_pack("{s:s}", "op", "register-card")));
	return menu_titled(menu_form("register-card", l, n != NULL ? n :
	    &hint, items, "login"), word(l, "register-title"));
}

/* ---- a step: its actions say which */

/* "login-code" is "prove-code" to who is logged in: the session goes on. */
static void
prove_menu(json_t *o, const struct login_ask *ask)
{
	const char *name = json_string_value(json_object_get(o, "menu"));
	char text[64];

	if (ask->template[0] == '\0' || name == NULL ||
	    strncmp(name, "login", 5) != 0)
		return;
	snprintf(text, sizeof text, "prove%s", name + 5);
	json_object_set_new(o, "menu", json_string(text));
}

static void
stamp(json_t *action, const struct login_ask *ask)
{
	const char *op = json_string_value(json_object_get(action, "op"));

	if (op == NULL)
		return;
	if (ask->template[0] != '\0') {
		json_object_set_new(action, "template", json_string(
		    ask->template));
		prove_menu(action, ask);
	} else {
		json_object_set_new(action, "step", json_string(ask->step));
	}
}

/* The way back from the first menu of a step is to give it up. */
static json_t *
give_up(const struct login_ask *ask)
{
	json_t *o;

	if (ask->template[0] != '\0')
		return menu_action_menu("jobs");
	o = json_pack("{s:s}", "op", "logout");
	stamp(o, ask);
	return o;
}

/* A card that is held means this step, too. */
static void
stamp_item(json_t *it, const struct login_ask *ask)
{
	const char *type = json_string_value(json_object_get(it, "type"));

	if (type != NULL && strcmp(type, "reader") == 0)
		json_object_set_new(it, "action", menu_action_login("card"));
	stamp(json_object_get(it, "action"), ask);
}

static bool
is_back(const json_t *it)
{
	const char *id = json_string_value(json_object_get(it, "id"));

	return id != NULL && strcmp(id, "back") == 0;
}

/* The only menu there is leads nowhere else. */
static json_t *
menu_without_back(json_t *m)
{
	json_t *items = json_object_get(m, "items"), *keys =
	    json_object_get(m, "keys");
	size_t n = json_array_size(items);

	if (n > 0 && is_back(json_array_get(items, n - 1)))
		json_array_remove(items, n - 1);
	json_object_set_new(keys, "back", json_null());
	return menu_titled(m, json_string_value(json_object_get(m,
	    "title")));
}

/* first: there is no other menu of this step to go back to. */
static json_t *
menu_stamped(struct core *c, json_t *m, const struct login_ask *ask,
    bool first)
{
	json_t *items = json_object_get(m, "items"), *keys =
	    json_object_get(m, "keys"), *it;
	bool has_back = false;
	size_t i;

	if (m == NULL)
		return NULL;
	if (ask->step[0] == '\0' && ask->template[0] == '\0')
		return first ? menu_without_back(m) : m;
	json_array_foreach(items, i, it) {
		has_back = has_back || is_back(it);
		if (first && is_back(it))
			json_object_set_new(it, "action", give_up(ask));
		else
			stamp_item(it, ask);
	}
	if (first && !has_back)
		json_array_append_new(items, menu_button("back",
		    word(ask->locale, "back"), "back", give_up(ask)));
	if (first)
		json_object_set_new(keys, "back", give_up(ask));
	stamp(json_object_get(keys, "back"), ask);
	prove_menu(m, ask);
	menu_auto(m, c);
	stamp(json_object_get(json_object_get(m, "auto"), "action"), ask);
	return menu_titled(m, json_string_value(json_object_get(m,
	    "title")));
}

/* The only way there is, or NULL when there are several. */
static const struct way *
only_way(unsigned kinds)
{
	const struct way *found = NULL;

	if (kinds == BLOCK_BIT(BLOCK_CARD_PIN))
		return &ways[WAYS - 1];
	for (size_t i = 0; i + 1 < WAYS; i++)
		if ((kinds & ~ways[i].kinds) == 0)
			found = &ways[i];
	return found;
}

json_t *
menu_asked(struct core *c, const struct login_ask *ask, const char *name,
    const struct notice *n)
{
	const struct way *only = ask->kinds != 0 ? only_way(ask->kinds) :
	    NULL;

	if (strncmp(name, "prove", 5) == 0)
		name += 5;
	else if (strncmp(name, "login", 5) == 0)
		name += 5;
	if (only == NULL)
		for (size_t i = 0; i < WAYS; i++)
			if (strcmp(ways[i].menu + 5, name) == 0 &&
			    (ways[i].kinds & ask->kinds) != 0)
				return menu_stamped(c, ways[i].draw(c, ask,
				    n), ask, false);
	return menu_stamped(c, only != NULL ? only->draw(c, ask, n) :
	    menu_first(ask, n), ask, true);
}

json_t *
menu_login(struct core *c, const struct device *d, const char *locale,
    const struct notice *n)
{
	struct login_place at = { .template = access_panel_template(c, d),
	    .locked = d->locked_ms != 0 ? d : NULL };
	struct login_ask ask;
	struct notice own;

	login_asked(c, &at, locale, &ask);
	return menu_asked(c, &ask, "login", menu_trouble(c, d->id, locale, n,
	    &own));
}

json_t *
menu_login_named(struct core *c, const struct request *rq,
    const struct device *d, const char *name, const struct notice *n)
{
	struct login_place at = login_place(c, rq, d);
	struct login_ask ask;
	struct notice own;

	login_asked(c, &at, rq->locale, &ask);
	if (strcmp(name, "login") == 0)
		n = menu_trouble(c, d->id, rq->locale, n, &own);
	return strcmp(name, "register-card") == 0 &&
	    access_registers(c, d->id) ? menu_register(c, &ask, n) :
	    menu_asked(c, &ask, name, n);
}

json_t *
menu_prove(struct core *c, const struct request *rq, const struct device *d,
    const struct session *s, const char *name)
{
	const char *wanted = req_str(rq, F_TEMPLATE);
	const struct template *t = wanted != NULL ? template_named(c,
	    wanted) : NULL;
	enum template_answer got = t != NULL ? template_answer(c, t->id, s,
	    NULL) : TEMPLATE_UNKNOWN;
	struct notice n = { "warning", "" };

	if (got == TEMPLATE_MORE)
		return menu_login_named(c, rq, d, name, NULL);
	snprintf(n.text, sizeof n.text, "%s", word(s->locale,
	    "not-for-you"));
	return menu_jobs(c, s, 0, got == TEMPLATE_OPEN ? NULL : &n);
}

json_t *
menu_action_prove(const struct template *t)
{
	return json_pack("{s:s,s:s,s:s}", "op", "menu", "menu", "prove",
	    "template", t->name);
}
