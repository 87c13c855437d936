/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "cgi/money.h"

#include <stdio.h>
#include <string.h>

#include "cgi/admin/admin.h"

/* ---- changes */

static const struct {
	const char *begins, *words;
} changes[] = {
	{ "mono", N_("in black and white") },
	{ "duplex", N_("on both sides") },
	{ "number-up ", N_("with %s pages on a side") },
	{ "copies max ", N_("with %s copies at most") }
};

/* One change, n bytes of it. */
static void
one_change(struct rel_buf *b, const char *s, size_t n)
{
	for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
		size_t len = strlen(changes[i].begins);
		const char *words = tr(changes[i].words), *hole;

		if (n < len || strncmp(s, changes[i].begins, len) != 0)
			continue;
		if ((hole = strstr(words, "%s")) == NULL) {
			rel_put_raw(b, words, strlen(words));
			return;
		}
		rel_put_raw(b, words, (size_t)(hole - words));
		rel_put_raw(b, s + len, n - len);
		rel_put_raw(b, hole + 2, strlen(hole + 2));
		return;
	}
	rel_put_raw(b, s, n);
}

void
money_change_words(struct rel_buf *b, const char *change)
{
	for (const char *s = change; *s != '\0';) {
		size_t n = strcspn(s, ",");

		if (s != change)
			rel_put_raw(b, ", ", 2);
		one_change(b, s, n);
		s += n;
		s += strspn(s, ", ");
	}
}

/* ---- accounts */

json_t *
money_typed(const char *text)
{
	bool point = strchr(text, '.') != NULL;
	char plain[40];
	size_t n = 0;

	/* Blanks between thousands, as the pages write them, are left out. */
	for (const char *s = text; *s != '\0'; s++) {
		if (n + 1 >= sizeof plain)
			return json_string(text);
		if (strncmp(s, "\xe2\x80\xaf", 3) == 0)
			s += 2;
		else if (*s != ' ')
			plain[n++] = *s == ',' && !point ? '.' : *s;
	}
	plain[n] = '\0';
	return json_string(plain);
}

void
money_units(json_t *account)
{
	json_t *units = json_object_get(account, "units"), *u;
	size_t i;

	json_array_foreach(units, i, u) {
		const char *name = json_string_value(json_object_get(u,
		    "unit"));
		const char *balance = json_string_value(json_object_get(u,
		    "balance"));

		if (name == NULL || balance == NULL)
			continue;
		/* Without a limit what is below zero was spent. */
		if (!json_is_true(json_object_get(u, "limited")) &&
		    (balance[0] == '-' || balance[strspn(balance,
		    "0.")] == '\0'))
			json_object_set_new(u, "spent", json_string(
			    balance[0] == '-' ? balance + 1 : balance));
		json_object_set_new(u, "owes", json_boolean(
		    balance[0] == '-'));
		json_object_set(account, name, u);
	}
}

/* Which unit the address asks for; the tabs for the others. */
static const char *
unit_of(struct cgi *c, const json_t *account)
{
	static const char *const names[] = { "money", "colour", "mono" };
	static const char *const words[] = { N_("Money"), N_("Colour sides"),
	    N_("Black and white sides") };
	json_t *tabs = json_array();
	const char *unit = names[0];

	for (size_t i = 0; i < 3; i++)
		if (strcmp(admin_query(c, "unit"), names[i]) == 0)
			unit = names[i];
	for (size_t i = 0; i < 3; i++)
		if (json_object_get(account, names[i]) != NULL)
			json_array_append_new(tabs, json_pack("{s:s,s:s,s:b}",
			    "unit", names[i], "words", tr(words[i]), "open",
			    unit == names[i]));
	cgi_put(c, "tabs", tabs);
	cgi_put_text(c, "unit", unit);
	return unit;
}

int
money_account(struct cgi *c, const char *kind, const char *name)
{
	char path[80];
	struct list l = { .path = path, .star = name, .key = "entries",
	    .limit = 25 };
	json_t *account;
	int rc = cgi_view(c, "account", NULL, "/accounts/*?kind=*", name,
	    kind);

	if (rc < 0)
		return rc;
	account = json_object_get(c->view, "account");
	money_units(account);
	snprintf(path, sizeof path, "/accounts/*/statement?kind=%.10s&unit=%s",
	    kind, unit_of(c, account));
	return list_view(c, &l);
}
