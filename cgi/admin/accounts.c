/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Accounts: of users, shared ones, billing codes, what devices earned. */
#include <stdio.h>
#include <string.h>

#include "cgi/admin/admin.h"
#include "cgi/money.h"

static const struct {
	const char *kind, *words;
} kinds[] = {
	{ "user", N_("Users") }, { "shared", N_("Shared accounts") },
	{ "code", N_("Billing codes") }, { "device", N_("Devices") }
};
#define KINDS (sizeof kinds / sizeof kinds[0])

/* The kind the address asks for; user when it says none of these. */
static const char *
kind_of(const struct cgi *c)
{
	for (size_t i = 0; i < KINDS; i++)
		if (strcmp(kinds[i].kind, admin_query(c, "kind")) == 0)
			return kinds[i].kind;
	return kinds[0].kind;
}

/* ---- the list */

/* Devices are known by their names, their accounts by their ids. */
static void
device_names(struct cgi *c, json_t *accounts)
{
	json_t *answer = NULL, *a, *d;
	size_t i, j;

	if (cgi_get(c, &answer, "/devices?limit=200") < 0)
		return;
	json_array_foreach(accounts, i, a)
		json_array_foreach(json_object_get(answer, "devices"), j, d)
			if (json_equal(json_object_get(a, "name"),
			    json_object_get(d, "id")))
				json_object_set(a, "device",
				    json_object_get(d, "name"));
	json_decref(answer);
}

/* A person with this very name has an account, also before the first job. */
static int
unused_account(struct cgi *c, const char *name)
{
	json_t *accounts = json_object_get(c->view, "accounts"), *a;
	int rc = cgi_get(c, &a, "/users/*", name);

	if (rc == 0) {
		json_decref(a);
		rc = cgi_get(c, &a, "/accounts/*?kind=user", name);
	}
	if (rc == -REL_E_NOTFOUND || rc == -REL_E_FORMAT)
		return 0;
	if (rc < 0)
		return rc;
	money_units(a);
	return json_array_append_new(accounts, a) < 0 ? -REL_E_NOMEM : 0;
}

static int
accounts_list(struct cgi *c)
{
	static const char *const filters[] = { "kind", "q", NULL };
	const char *q = admin_query(c, "q");
	const struct list l = {
		.path = admin_query(c, "kind")[0] != '\0' || q[0] != '\0' ?
		    "/accounts" : "/accounts?kind=user",
		.key = "accounts", .filters = filters, .limit = 100,
		.each = money_units
	};
	json_t *tabs = json_array();
	const char *kind = kind_of(c);
	int rc;

	for (size_t i = 0; i < KINDS; i++)
		json_array_append_new(tabs, json_pack("{s:s,s:s,s:b}", "kind",
		    kinds[i].kind, "words", tr(kinds[i].words), "open",
		    kinds[i].kind == kind));
	cgi_put(c, "tabs", tabs);
	rc = list_view(c, &l);
	return rc == 0 && q[0] != '\0' && json_array_size(json_object_get(
	    c->view, "accounts")) == 0 ? unused_account(c, q) : rc;
}

static int
accounts_get(struct cgi *c)
{
	static const char *const values[] = { "name", "kind", NULL };
	int rc = accounts_list(c);

	admin_may_change(c, FOR_OPERATOR);
	admin_form(c, NULL, values);
	cgi_put_text(c, "kind", kind_of(c));
	device_names(c, json_object_get(c->view, "accounts"));
	return rc;
}

static int
account_add(struct cgi *c)
{
	const char *name = cgi_text(c, "name"), *kind = cgi_text(c, "kind");
	int rc;

	if (name[0] == '\0')
		return cgi_bad(c, "name", "%s", tr("The account needs a "
		    "name."));
	rc = cgi_call(c, "POST", json_pack("{s:s,s:s}", "name", name, "kind",
	    kind), NULL, "/accounts");
	admin_go(c, "admin/account.cgi", strcmp(kind, "code") == 0 ?
	    "kind=code&name" : "kind=shared&name", name);
	return rc;
}

static const struct action accounts_actions[] = {
	{ "add", account_add, "The account is there now." },
	{ NULL, NULL, NULL }
};

const struct page admin_accounts = {
	.path = "admin/accounts.cgi",
	.title = "Accounts",
	.need = FOR_HELPDESK,
	.menu = "Money",
	.get = accounts_get,
	.actions = accounts_actions
};

/* ---- one of them */

static int
move(struct cgi *c, bool give)
{
	const char *amount = cgi_text(c, "amount");
	json_t *body, *typed;
	char minus[40];

	if (amount[0] == '\0' || amount[0] == '-')
		return cgi_bad(c, "amount", "%s", tr("Say how much: a number "
		    "that is more than nothing."));
	typed = money_typed(amount);
	snprintf(minus, sizeof minus, "%s%s", give ? "" : "-",
	    json_string_value(typed));
	json_decref(typed);
	body = json_pack("{s:s,s:s,s:s}", "amount", minus, "kind", kind_of(c),
	    "unit", cgi_text(c, "unit"));
	if (cgi_text(c, "text")[0] != '\0')
		json_object_set_new(body, "text", json_string(cgi_text(c,
		    "text")));
	return cgi_call(c, "POST", body, NULL, "/accounts/*/grant",
	    admin_query(c, "name"));
}

static int
account_give(struct cgi *c)
{
	return move(c, true);
}

static int
account_take(struct cgi *c)
{
	return move(c, false);
}

/* Takes value. */
static int
account_set(struct cgi *c, const char *member, json_t *value)
{
	return cgi_call(c, "PATCH", json_pack("{s:s,s:o}", "kind", kind_of(c),
	    member, value), NULL, "/accounts/*", admin_query(c, "name"));
}

static int
account_close(struct cgi *c)
{
	return account_set(c, "closed", json_true());
}

static int
account_open(struct cgi *c)
{
	return account_set(c, "closed", json_false());
}

static int
account_members(struct cgi *c)
{
	return account_set(c, "members", json_string(cgi_text(c,
	    "members")));
}

static int
account_get(struct cgi *c)
{
	static const char *const values[] = { "amount", "unit", "text", NULL };
	const char *name = admin_query(c, "name"), *kind = kind_of(c);
	json_t *one = json_array(), *account;
	int rc = money_account(c, kind, name);

	if (rc != 0) {
		json_decref(one);
		return rc;
	}
	account = json_object_get(c->view, "account");
	json_array_append(one, account);
	if (strcmp(kind, "device") == 0)
		device_names(c, one);
	json_decref(one);
	admin_may_change(c, FOR_OPERATOR);
	admin_form(c, NULL, values);
	cgi_put_text(c, "kind", kind);
	cgi_put(c, "may_close", json_boolean(c->role >= FOR_OPERATOR &&
	    (strcmp(kind, "shared") == 0 || strcmp(kind, "code") == 0)));
	account = json_object_get(account, json_object_get(account,
	    "device") != NULL ? "device" : "name");
	cgi_put_text(c, "title", json_string_value(account));
	return 0;
}

static const struct action account_actions[] = {
	{ "give", account_give, "Given: it can be spent now." },
	{ "take", account_take, "Taken back." },
	{ "close", account_close, "Closed: nothing more is charged to it." },
	{ "open", account_open, "Open: jobs can be charged to it again." },
	{ "members", account_members, "Said who may charge it." },
	{ NULL, NULL, NULL }
};

const struct page admin_account = {
	.path = "admin/account.cgi",
	.title = "Account",
	.need = FOR_HELPDESK,
	.get = account_get,
	.actions = account_actions
};
