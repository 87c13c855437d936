/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* releasectl directory ...: where accounts come from, directory.conf(5). */
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "ctl/ctl.h"
#include "lib/directory_like.h"

#define PEM_MAX 262144u
#define TEXT_MAX 16384u
#define KEYTAB_MAX 16384u

static const struct ctl_column list_columns[] = {
	{ "NAME", "name", COL_TEXT }, { "DOMAIN", "domain", COL_TEXT },
	{ "POSITION", "position", COL_INT },
	{ "SERVERS", "server_words", COL_TEXT },
	{ "CHANGED", "changed_at", COL_TIME },
	{ "BY", "changed_by", COL_TEXT }, { NULL, NULL, COL_TEXT }
};

static const struct ctl_column test_columns[] = {
	{ "OUTCOME", "outcome", COL_TEXT }, { "TLS", "tls", COL_TEXT },
	{ "WHY", "words", COL_TEXT }, { "MS", "took_ms", COL_INT },
	{ NULL, NULL, COL_TEXT }
};

static const struct ctl_column person_columns[] = {
	{ "NAME", "login", COL_TEXT }, { "DISPLAY", "display", COL_TEXT },
	{ "MAIL", "mail", COL_TEXT },
	{ "DEPARTMENT", "department", COL_TEXT },
	{ "HOME", "home", COL_TEXT }, { "DN", "dn", COL_TEXT },
	{ "CARD", "has_card", COL_YESNO },
	{ "ID NUMBER", "has_id_number", COL_YESNO },
	{ "GROUPS", "group_words", COL_TEXT }, { NULL, NULL, COL_TEXT }
};

/* "ldap1.example.com:389, ldap2.example.com:389 (silent for 12 s)" */
static void
server_words(json_t *row)
{
	const json_t *one;
	struct rel_buf b;
	size_t i;

	rel_buf_init(&b);
	json_array_foreach(json_object_get(row, "servers"), i, one) {
		json_int_t dead = json_integer_value(json_object_get(one,
		    "dead_s"));

		rel_put_fmt(&b, "%s%s%s:%d", i > 0 ? ", " : "",
		    json_is_true(json_object_get(one, "kdc")) ? "KDC " : "",
		    json_string_value(json_object_get(one, "host")),
		    (int)json_integer_value(json_object_get(one, "port")));
		if (dead > 0)
			rel_put_fmt(&b, " (silent, asked last for %d s)",
			    (int)dead);
	}
	rel_put_u8(&b, 0);
	if (!b.failed)
		json_object_set_new(row, "server_words", json_string(
		    (char *)b.data));
	rel_buf_fini(&b);
}

static int
directory_list(struct ctl *c)
{
	json_t *all, *row;
	size_t i;
	int rc = ctl_call(c, "GET", "/directories", NULL, NULL, &all);

	if (rc < 0)
		return rc;
	json_array_foreach(json_object_get(all, "directories"), i, row)
		server_words(row);
	ctl_print_list(c, all, "directories", list_columns);
	return 0;
}

/* Its settings as they stand. */
static int
directory_show(struct ctl *c)
{
	json_t *all, *row, *found = NULL;
	size_t i;
	int rc = ctl_call(c, "GET", "/directories", NULL, NULL, &all);

	if (rc < 0)
		return rc;
	json_array_foreach(json_object_get(all, "directories"), i, row)
		if (strcasecmp(json_string_value(json_object_get(row,
		    "name")), c->arg[0]) == 0)
			found = row;
	if (found == NULL)
		rc = rel_err_set(&c->err, REL_E_NOTFOUND,
		    "there is no directory \"%.80s\"", c->arg[0]);
	else if (c->opt[OPT_JSON] != NULL)
		ctl_print_json(found);
	else
		ctl_say(c, "%s", json_string_value(json_object_get(found,
		    "text")));
	json_decref(all);
	return rc;
}

/* ---- changes */

static int
put_text(struct ctl *c, json_t *body, const char *key, const char *path,
    size_t max)
{
	char *text;
	size_t n;

	if (path == NULL)
		return 0;
	if ((text = ctl_read_file(c, path, max, &n)) == NULL)
		return -c->err.code;
	json_object_set_new(body, key, json_stringn(text, n));
	free(text);
	return 0;
}

/* Bytes, so base64 (RFC 4648) of them. */
static int
put_keytab(struct ctl *c, json_t *body, const char *path)
{
	char *bytes, *text;
	size_t n;
	int len;

	if (path == NULL)
		return 0;
	if ((bytes = ctl_read_file(c, path, KEYTAB_MAX, &n)) == NULL)
		return -c->err.code;
	if ((text = malloc(n / 3 * 4 + 8)) != NULL) {
		len = EVP_EncodeBlock((unsigned char *)text,
		    (unsigned char *)bytes, (int)n);
		json_object_set_new(body, "keytab", json_stringn(text,
		    (size_t)len));
	}
	rel_wipe(bytes, n);
	free(bytes);
	ctl_free_text(text);
	return text != NULL ? 0 : rel_err_set(&c->err, REL_E_NOMEM,
	    "no memory");
}

/* What FILE does not say, as servers of that kind are set up. */
static int
put_like(struct ctl *c, json_t *body, const char *kind)
{
	const char *own = json_string_value(json_object_get(body, "text"));
	struct rel_buf b;
	int rc;

	if (kind == NULL || own == NULL)
		return 0;
	rel_buf_init(&b);
	rc = rel_directory_like(&b, kind, own);
	if (rc == 0)
		json_object_set_new(body, "text", json_string(
		    (char *)b.data));
	rel_buf_fini(&b);
	return rc == 0 ? 0 : rel_err_set(&c->err, -rc, "--like is openldap, "
	    "active-directory or freeipa");
}

static json_t *
change_body(struct ctl *c, int *rc)
{
	static const int64_t position[] = { 1, CTL_POSITION_MAX };
	json_t *body = json_object();

	*rc = put_text(c, body, "text", c->nargs > 1 ? c->arg[1] : NULL,
	    TEXT_MAX);
	if (*rc == 0)
		*rc = put_like(c, body, c->opt[OPT_LIKE]);
	if (*rc == 0)
		*rc = put_text(c, body, "ca", c->opt[OPT_CA], PEM_MAX);
	if (*rc == 0)
		*rc = put_text(c, body, "crl", c->opt[OPT_CRL], PEM_MAX);
	if (*rc == 0 && c->opt[OPT_PASSWORD_FILE] != NULL)
		*rc = ctl_put_file(c, body, "service_password",
		    c->opt[OPT_PASSWORD_FILE]);
	if (*rc == 0)
		*rc = put_keytab(c, body, c->opt[OPT_KEYTAB]);
	if (*rc == 0)
		*rc = ctl_put_number(c, body, "position", OPT_POSITION,
		    position);
	if (*rc == 0 && c->opt[OPT_DRY_RUN] != NULL)
		json_object_set_new(body, "dry_run", json_true());
	if (*rc == 0)
		return body;
	ctl_free_secret(body);
	return NULL;
}

static int
told(struct ctl *c, json_t *answer, const char *what)
{
	return json_is_true(json_object_get(answer, "dry_run")) ?
	    ctl_told(c, answer, "That is right; nothing was changed.\n") :
	    ctl_told(c, answer, "The directory %s is %s. Try it: releasectl "
	    "directory test %s\n", c->arg[0], what, c->arg[0]);
}

static int
directory_add(struct ctl *c)
{
	json_t *answer, *body;
	int rc;

	if ((body = change_body(c, &rc)) == NULL)
		return rc;
	json_object_set_new(body, "name", json_string(c->arg[0]));
	rc = ctl_send(c, "POST", "/directories", NULL, body, &answer);
	return rc < 0 ? rc : told(c, answer, "added");
}

static int
directory_set(struct ctl *c)
{
	json_t *answer, *body;
	int rc;

	if ((body = change_body(c, &rc)) == NULL)
		return rc;
	rc = ctl_send(c, "PATCH", "/directories/*", c->arg[0], body, &answer);
	return rc < 0 ? rc : told(c, answer, "changed");
}

static int
directory_remove(struct ctl *c)
{
	json_t *answer;
	int rc = ctl_call(c, "DELETE", "/directories/*", c->arg[0], NULL,
	    &answer);

	return rc < 0 ? rc : ctl_told(c, answer, "The directory %s is "
	    "removed; accounts that came from it stay, and nobody can log in "
	    "to them with a password.\n", c->arg[0]);
}

static int
directory_test(struct ctl *c)
{
	json_t *answer, *person;
	const char *outcome;
	int rc = ctl_send(c, "POST", "/directories/*/test", c->arg[0],
	    c->nargs > 1 ? json_pack("{s:s}", "name", c->arg[1]) :
	    json_object(), &answer);

	if (rc < 0)
		return rc;
	outcome = json_string_value(json_object_get(answer, "outcome"));
	if (strcmp(outcome, "right") != 0)
		rc = rel_err_set(&c->err, REL_E_DENIED,
		    "the directory %.80s does not work as it is set", c->arg[0]);
	person = json_incref(json_object_get(answer, "person"));
	ctl_print_one(c, answer, test_columns);
	if (json_is_object(person) && c->opt[OPT_JSON] == NULL) {
		ctl_put_joined(person, "group_words",
		    json_object_get(person, "groups"), ", ");
		ctl_show(person, person_columns);
	}
	json_decref(person);
	return rc;
}

static const enum ctl_opt none[] = { OPT_COUNT };
static const enum ctl_opt change_opts[] = {
	OPT_CA, OPT_CRL, OPT_PASSWORD_FILE, OPT_KEYTAB, OPT_POSITION, OPT_DRY_RUN,
	OPT_COUNT
};

static const enum ctl_opt add_opts[] = {
	OPT_LIKE, OPT_CA, OPT_CRL, OPT_PASSWORD_FILE, OPT_KEYTAB, OPT_POSITION,
	OPT_DRY_RUN, OPT_COUNT
};
static const enum ctl_opt sync_opts[] = {
	OPT_DRY_RUN, OPT_FORCE, OPT_WAIT, OPT_COUNT
};
static const enum ctl_opt result_opts[] = {
	OPT_WHAT, OPT_LIMIT, OPT_CSV, OPT_COUNT
};

const struct ctl_verb ctl_directory_verbs[] = {
	{ "directory", "list", 0, 0, "", none,
	    "List the directories, and which servers are silent.",
	    directory_list },
	{ "directory", "show", 1, 1, "NAME", none,
	    "The settings of a directory, directory.conf(5).",
	    directory_show },
	{ "directory", "add", 2, 2, "NAME FILE", add_opts,
	    "Add a directory with these settings, directory.conf(5).",
	    directory_add },
	{ "directory", "set", 1, 2, "NAME [FILE]", change_opts,
	    "Change its settings, certificates, keytab or the service "
	    "account's password.", directory_set },
	{ "directory", "remove", 1, 1, "NAME", none,
	    "Remove a directory; accounts that came from it stay.",
	    directory_remove },
	{ "directory", "test", 1, 2, "NAME [USER]", none,
	    "Ask every server of it now; and say what it knows of a user.",
	    directory_test },
	{ "directory", "sync", 1, 1, "NAME", sync_opts,
	    "Bring the accounts and groups that come from it up to date.",
	    directory_sync },
	{ "directory", "sync-result", 1, 1, "NAME", result_opts,
	    "What the last syncs came to, and what differed in the last one: "
	    "clash, deleted, disabled, changed, added.",
	    directory_sync_result },
	{ "directory", "sync-cancel", 1, 1, "NAME", none,
	    "End the one at work; what was done stays.",
	    directory_sync_cancel },
	{ 0 }
};
