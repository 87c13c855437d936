/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The address book at a panel: for the device's own scans, and to look at. */
#include <stdio.h>

#include "releaserd/core/addresses.h"
#include "releaserd/core/menu_priv.h"

static json_t *
row_new(const json_t *entry)
{
	const json_t *mail = json_object_get(entry, "mail");
	const char *text = json_string_value(mail);

	return json_pack("{s:O,s:O,s:O,s:[],s:n,s:b}", "id", mail, "label",
	    json_object_get(entry, "name"), "sub", text != NULL &&
	    text[0] != '\0' ? mail : json_object_get(entry, "fax"), "badges", "cost",
	    "selected", 0);
}

static json_t *
rows_of(const json_t *found)
{
	json_t *rows = json_array(), *entry;
	size_t i;

	json_array_foreach(json_object_get(found, "entries"), i, entry)
		json_array_append_new(rows, row_new(entry));
	return rows;
}

json_t *
menu_addresses(struct core *c, const char *locale, const json_t *found,
    const struct notice *n)
{
	struct notice hint = { "info", "" };
	json_t *items = json_array();

	snprintf(hint.text, sizeof hint.text, "%s",
	    word(locale, "addresses-hint"));
	json_array_append_new(items, menu_field("filter", "text",
	    word(locale, "addresses-typed"), 2, ADDRESSES_TYPED_MAX));
	json_array_append_new(items, menu_button("submit",
	    word(locale, "addresses-find"), "ok", json_pack("{s:s,s:s}", "op",
	    "addresses", "field", "filter")));
	if (found != NULL)
		json_array_append_new(items, json_pack(
		    "{s:s,s:s,s:s,s:n,s:o}", "type", "list", "id",
		    "addresses", "select", "one", "next", "rows",
		    rows_of(found)));
	return menu_titled(menu_auto(menu_form("address-book", locale,
	    n != NULL ? n : &hint, items, "jobs"), c),
	    word(locale, "addresses"));
}

/* What the person ought to know of what came. */
static const char *
remark(const json_t *found)
{
	if (json_is_true(json_object_get(found, "late")))
		return "addresses-late";
	if (json_is_true(json_object_get(found, "more")))
		return "addresses-more";
	return json_array_size(json_object_get(found, "entries")) == 0 ?
	    "addresses-none" : NULL;
}

static void
say(struct core *c, struct asker *a, const char *asked, const char *locale,
    json_t *found)
{
	const char *what = remark(found);
	struct notice n = { "info", "" };

	(void)asked;
	if (what != NULL)
		snprintf(n.text, sizeof n.text, "%s", word(locale, what));
	reply_json(c, a, 200, json_pack("{s:s,s:O,s:O,s:O,s:o}", "result",
	    "ok", "addresses", json_object_get(found, "entries"), "more",
	    json_object_get(found, "more"), "late", json_object_get(found,
	    "late"), "menu", menu_addresses(c, locale, found, what != NULL ?
	    &n : NULL)));
	json_decref(found);
}

void
panel_addresses(struct touch *t, struct asker *a)
{
	const char *typed = req_str(t->rq, F_FILTER);
	struct notice n = { "warning", "" };
	int rc;

	a->keep = false;
	rc = addresses_find(t->c, a, typed != NULL ? typed : "",
	    t->s->locale, say);
	if (rc == 0)
		return;
	if (rc == -REL_E_NOMEM) {
		reply_broken(t->c, a, rc);
		return;
	}
	snprintf(n.text, sizeof n.text, "%s", word(t->s->locale,
	    rc == -REL_E_FULL ? "addresses-full" : "addresses-short"));
	reply_json(t->c, a, 200, json_pack("{s:s,s:s,s:o}", "result",
	    "denied", "reason", rc == -REL_E_FULL ? "rate-limited" :
	    "bad-filter", "menu", menu_addresses(t->c, t->s->locale, NULL,
	    &n)));
}
