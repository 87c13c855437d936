/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* releasectl snmp ...: with which credentials devices are asked. */
#include <string.h>

#include "ctl/ctl.h"

static const struct ctl_column list_columns[] = {
	{ "NAME", "name", COL_TEXT }, { "POSITION", "position", COL_INT },
	{ "VERSION", "version", COL_TEXT }, { "FOR", "kind", COL_TEXT },
	{ "USER", "user", COL_TEXT }, { "AUTH", "auth", COL_TEXT },
	{ "PRIV", "priv", COL_TEXT }, { "ADDRESSES", "addresses", COL_TEXT },
	{ "CHANGED", "changed_at", COL_TIME },
	{ "BY", "changed_by", COL_TEXT }, { NULL, NULL, COL_TEXT }
};

static const struct ctl_column test_columns[] = {
	{ "OUTCOME", "outcome", COL_TEXT },
	{ "CREDENTIALS", "credentials", COL_TEXT },
	{ "ADDRESS", "address", COL_TEXT }, { "VENDOR", "vendor", COL_TEXT },
	{ "MODEL", "model", COL_TEXT }, { "SERIAL", "serial", COL_TEXT },
	{ "MAC", "mac", COL_TEXT }, { "NAME", "name", COL_TEXT },
	{ "LOCATION", "location", COL_TEXT },
	{ "LPR QUEUE", "lpr_queue", COL_TEXT },
	{ "DESCRIPTION", "description", COL_TEXT },
	{ "KIND", "object_id", COL_TEXT }, { NULL, NULL, COL_TEXT }
};

static int
snmp_list(struct ctl *c)
{
	json_t *all;
	int rc = ctl_call(c, "GET", "/snmp-credentials", NULL, NULL, &all);

	if (rc == 0)
		ctl_print_list(c, all, "credentials", list_columns);
	return rc;
}

/* One secret: from its file, or asked for when it must be there. */
static int
secret_put(struct ctl *c, json_t *body, const char *key, const char *file,
    const char *question)
{
	return file != NULL ? ctl_put_file(c, body, key, file) :
	    question != NULL ? ctl_put_secret(c, body, key, question, true) : 0;
}

static int
texts_put(struct ctl *c, json_t *body)
{
	static const struct ctl_member all[] = {
		{ OPT_SNMP, "version" }, { OPT_USER, "user" },
		{ OPT_AUTH, "auth" }, { OPT_PRIV, "priv" },
		{ OPT_CONTEXT, "context" }, { OPT_ADDRESSES, "addresses" },
		{ OPT_ACCESS, "kind" }
	};
	static const int64_t position[] = { 1, CTL_POSITION_MAX };
	int rc = ctl_put_texts(c, body, all, sizeof all / sizeof all[0]);

	return rc < 0 ? rc : ctl_put_number(c, body, "position", OPT_POSITION,
	    position);
}

static bool
none_said(const struct ctl *c, enum ctl_opt opt)
{
	return c->opt[opt] == NULL || strcmp(c->opt[opt], "none") == 0;
}

/* ask: secrets that are in no file are asked for. */
static int
secrets_put(struct ctl *c, json_t *body, bool ask)
{
	bool v3 = c->opt[OPT_SNMP] == NULL || strcmp(c->opt[OPT_SNMP],
	    "3") == 0;
	int rc = 0;

	if (!v3)
		return secret_put(c, body, "community",
		    c->opt[OPT_PASSWORD_FILE], ask ? "Community" : NULL);
	rc = secret_put(c, body, "auth_password", c->opt[OPT_PASSWORD_FILE],
	    ask && !none_said(c, OPT_AUTH) ? "Password of authentication" :
	    NULL);
	return rc < 0 ? rc : secret_put(c, body, "priv_password",
	    c->opt[OPT_PRIV_FILE], ask && !none_said(c, OPT_PRIV) ?
	    "Password of privacy" : NULL);
}

static json_t *
snmp_body(struct ctl *c, bool ask, int *rc)
{
	json_t *body = json_object();

	if ((*rc = texts_put(c, body)) == 0 &&
	    (*rc = secrets_put(c, body, ask)) == 0)
		return body;
	ctl_free_secret(body);
	return NULL;
}

static int
snmp_add(struct ctl *c)
{
	json_t *answer, *body;
	int rc;

	if ((body = snmp_body(c, true, &rc)) == NULL)
		return rc;
	json_object_set_new(body, "name", json_string(c->arg[0]));
	rc = ctl_send(c, "POST", "/snmp-credentials", NULL, body, &answer);
	return rc < 0 ? rc : ctl_told(c, answer, "The credentials %s are "
	    "added. Try them: releasectl snmp test ADDRESS\n", c->arg[0]);
}

static int
snmp_set(struct ctl *c)
{
	json_t *answer, *body;
	int rc;

	if ((body = snmp_body(c, c->opt[OPT_PASSWORD] != NULL, &rc)) == NULL)
		return rc;
	rc = ctl_send(c, "PATCH", "/snmp-credentials/*", c->arg[0], body,
	    &answer);
	return rc < 0 ? rc : ctl_told(c, answer, "The credentials %s are "
	    "changed.\n", c->arg[0]);
}

static int
snmp_remove(struct ctl *c)
{
	json_t *answer;
	int rc = ctl_call(c, "DELETE", "/snmp-credentials/*", c->arg[0], NULL,
	    &answer);

	return rc < 0 ? rc : ctl_told(c, answer, "The credentials %s are "
	    "removed.\n", c->arg[0]);
}

static int
snmp_test(struct ctl *c)
{
	json_t *answer;
	const char *outcome;
	int rc = ctl_send(c, "POST", "/snmp-credentials/test", NULL,
	    json_pack("{s:s}", "address", c->arg[0]), &answer);

	if (rc < 0)
		return rc;
	outcome = ctl_str(answer, "outcome");
	if (strcmp(outcome, "silent") == 0)
		rc = rel_err_set(&c->err, REL_E_PEER, "%.80s does not answer "
		    "SNMP with any of the credentials that are for it",
		    c->arg[0]);
	else if (strcmp(outcome, "denied") == 0)
		rc = rel_err_set(&c->err, REL_E_DENIED, "%.80s answers SNMP "
		    "version 3, and takes none of the credentials",
		    c->arg[0]);
	if (rc == 0 || c->opt[OPT_JSON] != NULL)
		ctl_print_one(c, answer, test_columns);
	else
		json_decref(answer);
	return rc;
}

static const enum ctl_opt none[] = { OPT_COUNT };
static const enum ctl_opt add_opts[] = {
	OPT_SNMP, OPT_USER, OPT_AUTH, OPT_PRIV, OPT_CONTEXT, OPT_ADDRESSES,
	OPT_ACCESS, OPT_POSITION, OPT_PASSWORD_FILE, OPT_PRIV_FILE, OPT_STDIN,
	OPT_COUNT
};
static const enum ctl_opt set_opts[] = {
	OPT_SNMP, OPT_USER, OPT_AUTH, OPT_PRIV, OPT_CONTEXT, OPT_ADDRESSES,
	OPT_ACCESS, OPT_POSITION, OPT_PASSWORD, OPT_PASSWORD_FILE,
	OPT_PRIV_FILE, OPT_STDIN, OPT_COUNT
};

const struct ctl_verb ctl_snmp_verbs[] = {
	{ "snmp", "list", 0, 0, "", none,
	    "With which SNMP credentials devices are asked, in their order; "
	    "never the secrets.", snmp_list },
	{ "snmp", "add", 1, 1, "NAME", add_opts,
	    "Add SNMP credentials; the secrets are asked for, or read from "
	    "files.", snmp_add },
	{ "snmp", "set", 1, 1, "NAME", set_opts,
	    "Change SNMP credentials; with --password the secrets are asked "
	    "for.", snmp_set },
	{ "snmp", "remove", 1, 1, "NAME", none,
	    "Remove SNMP credentials.", snmp_remove },
	{ "snmp", "test", 1, 1, "ADDRESS", none,
	    "Ask a device now: which credentials it takes, and what it is.",
	    snmp_test },
	{ 0 }
};
