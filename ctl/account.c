/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* releasectl account ..., ledger check */
#include <string.h>

#include "ctl/ctl.h"

static const struct ctl_column account_columns[] = {
	{ "NAME", "name", COL_TEXT }, { "KIND", "kind", COL_TEXT },
	{ "UNIT", "unit", COL_TEXT }, { "BALANCE", "balance", COL_TEXT },
	{ "QUOTA", "quota", COL_TEXT }, { "NEXT REFILL", "next_at", COL_TIME },
	{ "CLOSED", "closed", COL_YESNO }, { NULL, NULL, COL_TEXT }
};

static const struct ctl_column statement_columns[] = {
	{ "WHEN", "at", COL_TIME }, { "KIND", "kind", COL_TEXT },
	{ "AMOUNT", "amount", COL_TEXT }, { "JOB", "job", COL_TEXT },
	{ "SOURCE", "source", COL_TEXT }, { "BY", "by", COL_TEXT },
	{ "TEXT", "text", COL_TEXT }, { NULL, NULL, COL_TEXT }
};

/* The kind of account --kind says, or that which holds when it is unsaid. */
static int
kind_of(struct ctl *c, const char *unsaid, const char **kind)
{
	static const char *const kinds[] = { "user", "shared", "code",
	    "device", "unassigned" };

	*kind = c->opt[OPT_KIND] != NULL ? c->opt[OPT_KIND] : unsaid;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (strcmp(kinds[i], *kind) == 0)
			return 0;
	return ctl_misuse(c, "there is no kind of account \"%.40s\": user, "
	    "shared, code, device or unassigned", *kind);
}

/* A row for each unit of an account. */
static void
add_units(json_t *rows, const json_t *account)
{
	json_t *unit;
	size_t i;

	json_array_foreach(json_object_get(account, "units"), i, unit) {
		json_t *row = json_copy(unit);

		json_object_set(row, "name", json_object_get(account, "name"));
		json_object_set(row, "kind", json_object_get(account, "kind"));
		json_object_set(row, "closed", json_object_get(account,
		    "closed"));
		json_array_append_new(rows, row);
	}
}

/* One account or a list; frees answer. */
static void
print_accounts(struct ctl *c, json_t *answer)
{
	const json_t *list = json_object_get(answer, "accounts");
	json_t *rows = json_array(), *one;
	size_t i;

	if (c->opt[OPT_JSON] != NULL) {
		ctl_print_json(answer);
	} else {
		if (list == NULL)
			add_units(rows, answer);
		json_array_foreach(list, i, one)
			add_units(rows, one);
		ctl_table(rows, account_columns);
	}
	json_decref(rows);
	json_decref(answer);
}

static int
account_list(struct ctl *c)
{
	struct rel_buf query;
	json_t *answer;
	int rc;

	rel_buf_init(&query);
	rel_api_query(&query, "kind", c->opt[OPT_KIND]);
	rel_api_query(&query, "q", c->opt[OPT_SEARCH]);
	rc = ctl_list_built(c, "/accounts", &query, "accounts", 0, &answer);
	if (rc == 0)
		print_accounts(c, answer);
	return rc;
}

/* A call about one account: its kind and unit stand in the query. */
static int
account_get(struct ctl *c, const char *suffix, const char *more,
    json_t **answer)
{
	const char *kind;
	struct rel_buf path;
	int rc = kind_of(c, "user", &kind);

	if (rc < 0)
		return rc;
	rel_buf_init(&path);
	rel_put_fmt(&path, "/accounts/*%s?", suffix);
	rel_api_query(&path, "kind", kind);
	rel_api_query(&path, "unit", c->opt[OPT_UNIT]);
	rel_put_fmt(&path, "%s", more);
	return ctl_call_built(c, "GET", &path, c->arg[0], answer);
}

static int
account_show(struct ctl *c)
{
	json_t *answer;
	int rc = account_get(c, "", "", &answer);

	if (rc == 0)
		print_accounts(c, answer);
	return rc;
}

static int
account_statement(struct ctl *c)
{
	int64_t limit = 50;
	json_t *answer, *row;
	char more[32];
	size_t i;
	int rc;

	if ((rc = ctl_number(c, OPT_LIMIT, 1, 200, &limit)) < 0)
		return rc;
	snprintf(more, sizeof more, "limit=%d", (int)limit);
	if ((rc = account_get(c, "/statement", more, &answer)) == 0 &&
	    c->opt[OPT_JSON] == NULL)
		json_array_foreach(json_object_get(answer, "entries"), i, row)
			if (json_object_get(row, "activity") != NULL)
				json_object_set(row, "job", json_object_get(
				    row, "activity"));
	if (rc == 0)
		ctl_print_list(c, answer, "entries", statement_columns);
	return rc;
}

/* A call that changes an account, and how it is then. */
static int
change(struct ctl *c, const char *method, const char *path, json_t *body)
{
	json_t *answer;
	int rc = ctl_send(c, method, path, c->arg[0], body, &answer);

	if (rc == 0)
		print_accounts(c, answer);
	return rc;
}

static int
account_add(struct ctl *c)
{
	const char *kind;
	int rc = kind_of(c, "shared", &kind);

	return rc < 0 ? rc : change(c, "POST", "/accounts", json_pack(
	    "{s:s,s:s}", "name", c->arg[0], "kind", kind));
}

/* Takes value. */
static int
account_set(struct ctl *c, const char *member, json_t *value)
{
	const char *kind;
	int rc = kind_of(c, "shared", &kind);

	if (rc < 0) {
		json_decref(value);
		return rc;
	}
	return change(c, "PATCH", "/accounts/*", json_pack("{s:s,s:o}",
	    "kind", kind, member, value));
}

static int
account_close(struct ctl *c)
{
	return account_set(c, "closed", json_true());
}

static int
account_open(struct ctl *c)
{
	return account_set(c, "closed", json_false());
}

static int
account_members(struct ctl *c)
{
	return account_set(c, "members", json_string(c->nargs > 1 ?
	    c->arg[1] : ""));
}

static int
account_grant(struct ctl *c)
{
	const char *kind;
	int rc = kind_of(c, "user", &kind);

	return rc < 0 ? rc : change(c, "POST", "/accounts/*/grant", json_pack(
	    "{s:s,s:s,s:s*,s:s*}", "kind", kind, "amount", c->arg[1], "unit",
	    c->opt[OPT_UNIT], "text", c->opt[OPT_TEXT]));
}

static int
account_refund(struct ctl *c)
{
	json_t *answer;
	int rc = ctl_send(c, "POST", "/jobs/*/refund", c->arg[0], json_pack(
	    "{s:s*,s:s*}", "amount", c->opt[OPT_AMOUNT], "text",
	    c->opt[OPT_TEXT]), &answer);

	return rc < 0 ? rc : ctl_told(c, answer, "%s of %s flows back.\n",
	    c->opt[OPT_AMOUNT] != NULL ? c->opt[OPT_AMOUNT] :
	    "All that was paid", c->arg[0]);
}

static const enum ctl_opt list_opts[] = { OPT_KIND, OPT_SEARCH, OPT_COUNT };
static const enum ctl_opt kind_opts[] = { OPT_KIND, OPT_COUNT };
static const enum ctl_opt statement_opts[] = {
	OPT_KIND, OPT_UNIT, OPT_LIMIT, OPT_COUNT
};
static const enum ctl_opt grant_opts[] = {
	OPT_KIND, OPT_UNIT, OPT_TEXT, OPT_COUNT
};
static const enum ctl_opt refund_opts[] = {
	OPT_AMOUNT, OPT_TEXT, OPT_COUNT
};

const struct ctl_verb ctl_account_verbs[] = {
	{ "account", "list", 0, 0, "", list_opts,
	    "List accounts and what they have; a row for each unit.",
	    account_list },
	{ "account", "show", 1, 1, "NAME", kind_opts,
	    "Show the account of a user, or of another kind.", account_show },
	{ "account", "statement", 1, 1, "NAME", statement_opts,
	    "List what happened to an account, newest first.",
	    account_statement },
	{ "account", "add", 1, 1, "NAME", kind_opts,
	    "Add a shared account, or with --kind code a billing code.",
	    account_add },
	{ "account", "close", 1, 1, "NAME", kind_opts,
	    "Let no further job be charged to a shared account or code.",
	    account_close },
	{ "account", "open", 1, 1, "NAME", kind_opts,
	    "Open a closed account again.", account_open },
	{ "account", "members", 1, 2, "NAME [GROUP]", kind_opts,
	    "Let only members of a group charge a shared account or code; "
	    "without GROUP everybody may.", account_members },
	{ "account", "grant", 2, 2, "NAME AMOUNT", grant_opts,
	    "Give an account money (12.30), or with --unit sides; a negative "
	    "amount takes back.", account_grant },
	{ "account", "refund", 1, 1, "JOB", refund_opts,
	    "Give back what was paid for a job, or --amount of it.",
	    account_refund },
	{ 0 }
};

/* ---- the ledger as a whole */

static const struct ctl_column check_columns[] = {
	{ "Transfers", "transfers", COL_INT },
	{ "Entries", "entries", COL_INT },
	{ "Accounts", "accounts", COL_INT },
	{ "Open reservations", "reservations", COL_INT },
	{ NULL, NULL, COL_TEXT }
};

/* A large one takes several calls. */
static int
check_all(struct ctl *c, json_t **answer)
{
	json_t *part = NULL;
	struct rel_buf path;
	const char *next;
	int rc;

	do {
		rel_buf_init(&path);
		rel_put_fmt(&path, "/ledger/check?");
		rel_api_query(&path, "after", json_string_value(
		    json_object_get(part, "next")));
		json_decref(part);
		part = NULL;
		rc = ctl_call_built(c, "GET", &path, NULL, &part);
		next = rc == 0 ? json_string_value(json_object_get(part,
		    "next")) : NULL;
	} while (next != NULL);
	*answer = part;
	return rc;
}

static int
ledger_check(struct ctl *c)
{
	json_t *answer, *text;
	bool right;
	size_t i;
	int rc = check_all(c, &answer);

	if (rc < 0)
		return rc;
	right = json_is_true(json_object_get(answer, "right"));
	if (c->opt[OPT_JSON] != NULL) {
		ctl_print_json(answer);
	} else {
		json_array_foreach(json_object_get(answer, "findings"), i,
		    text)
			ctl_say(c, "%s\n", json_string_value(text));
		ctl_show(answer, check_columns);
		if (right)
			ctl_say(c, "All entries sum to zero, and every balance "
			    "is the sum of its entries.\n");
	}
	rc = right ? 0 : rel_err_set(&c->err, REL_E_FORMAT,
	    "the ledger is not right: %lld findings", (long long)
	    json_integer_value(json_object_get(answer, "wrong")));
	json_decref(answer);
	return rc;
}

static const enum ctl_opt none[] = { OPT_COUNT };

const struct ctl_verb ctl_ledger_verbs[] = {
	{ "ledger", "check", 0, 0, "", none,
	    "Prove that all entries sum to zero and that every balance equals "
	    "its entries; exit status 1 when not.", ledger_check },
	{ 0 }
};
