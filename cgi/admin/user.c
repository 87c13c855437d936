/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* One user: values, cards, lock, personal data. Without a name: a new one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cgi/admin/admin.h"

#define DATA_PARTS 100u		/* of 1000 jobs */

static const char *const values[] = { "name", "display", "mail", "department",
    "locale", "disabled", NULL };

/* ---- values */

static void
user_values(struct cgi *c, json_t *body)
{
	for (size_t i = 1; strcmp(values[i], "disabled") != 0; i++)
		admin_take(c, body, values[i]);
}

/* A secret: empty leaves it as it is, its check box takes it away. */
static int
secret(struct cgi *c, json_t *body, const char *name, const char *remove)
{
	const char *v = cgi_text(c, name);

	if (v[0] != '\0' && cgi_on(c, remove))
		return cgi_bad(c, name, "%s", tr("Either a new one or none at "
		    "all: both were asked for. Nothing was changed."));
	if (v[0] != '\0')
		json_object_set_new(body, name, json_string(v));
	else if (cgi_on(c, remove))
		json_object_set_new(body, name, json_string(""));
	return 0;
}

/* The password is typed twice. */
static int
password(struct cgi *c, json_t *body)
{
	if (strcmp(cgi_text(c, "password"), cgi_text(c, "password2")) != 0)
		return cgi_bad(c, "password2", "%s", tr("The two passwords "
		    "differ. Nothing was changed."));
	return secret(c, body, "password", "no_password");
}

static int
secrets(struct cgi *c, json_t *body)
{
	int rc = password(c, body);

	if (rc == 0)
		rc = secret(c, body, "id_number", "no_id_number");
	if (rc == 0)
		rc = secret(c, body, "card_pin", "no_card_pin");
	return rc;
}

/* Which field of the form releaserd's words are about. */
static int
blame(struct cgi *c, int rc)
{
	static const char *const fields[] = { "card_pin", "id_number",
	    "password", "locale", "display", "mail", "department", NULL };

	if (rc == 0 || c->bad_field[0] != '\0')
		return rc;
	if (strcmp(c->problem, "id-number-in-use") == 0)
		snprintf(c->bad_field, sizeof c->bad_field, "id_number");
	else if (strcmp(c->problem, "user-exists") == 0)
		snprintf(c->bad_field, sizeof c->bad_field, "name");
	for (size_t i = 0; fields[i] != NULL && c->bad_field[0] == '\0'; i++)
		if (strstr(c->err.text, fields[i]) != NULL)
			snprintf(c->bad_field, sizeof c->bad_field, "%s",
			    fields[i]);
	return rc;
}

static int
user_add(struct cgi *c)
{
	const char *name = cgi_text(c, "name");
	json_t *body = json_object();
	int rc;

	if (name[0] == '\0') {
		json_decref(body);
		return cgi_bad(c, "name", "%s", tr("The user needs a name: "
		    "the one to log in with."));
	}
	admin_take(c, body, "name");
	user_values(c, body);
	if ((rc = secrets(c, body)) < 0) {
		json_decref(body);
		return rc;
	}
	admin_go(c, "admin/user.cgi", "name", name);
	return blame(c, cgi_call(c, "POST", body, NULL, "/users"));
}

static int
user_change(struct cgi *c)
{
	json_t *body = json_object();
	int rc;

	user_values(c, body);
	json_object_set_new(body, "disabled", json_boolean(cgi_on(c,
	    "disabled")));
	if ((rc = secrets(c, body)) < 0) {
		json_decref(body);
		return rc;
	}
	return blame(c, cgi_call(c, "PATCH", body, NULL, "/users/*",
	    cgi_text(c, "name")));
}

/* ---- what else can be done */

static int
user_unlock(struct cgi *c)
{
	return cgi_call(c, "POST", NULL, NULL, "/users/*/unlock",
	    cgi_text(c, "name"));
}

static int
logins_end(struct cgi *c)
{
	return cgi_call(c, "DELETE", NULL, NULL, "/users/*/sessions",
	    cgi_text(c, "name"));
}

static int
card_add(struct cgi *c)
{
	const char *value = cgi_text(c, "card");
	const char *until = cgi_text(c, "valid_until");
	json_t *body;
	int rc;

	if (value[0] == '\0')
		return cgi_bad(c, "card", "%s", tr("Give the number of the "
		    "card as the reader sends it."));
	body = json_pack("{s:s,s:s,s:s}", "user", cgi_text(c, "name"),
	    "value", value, "encoding",
	    strcmp(cgi_text(c, "encoding"), "ascii") == 0 ? "ascii" : "hex");
	if (cgi_text(c, "valid_from")[0] != '\0')
		admin_take(c, body, "valid_from");
	if (until[0] != '\0')
		json_object_set_new(body, "valid_until", json_string(until));
	rc = cgi_call(c, "POST", body, NULL, "/cards");
	if (rc < 0)
		snprintf(c->bad_field, sizeof c->bad_field, "%s",
		    strstr(c->err.text, "valid_from") != NULL ? "valid_from" :
		    strstr(c->err.text, "valid_until") != NULL ?
		    "valid_until" : "card");
	return rc;
}

static int
card_del(struct cgi *c)
{
	return cgi_call(c, "DELETE", NULL, NULL, "/cards/*",
	    cgi_text(c, "id"));
}

static int
user_del(struct cgi *c)
{
	int rc = admin_confirmed(c, cgi_text(c, "name"));

	if (rc == 0)
		rc = cgi_call(c, "DELETE", NULL, NULL, "/users/*",
		    cgi_text(c, "name"));
	if (rc == 0)
		snprintf(c->go, sizeof c->go, "admin/users.cgi");
	return rc;
}

static int
user_erase(struct cgi *c)
{
	const char *name = cgi_text(c, "name");
	int rc = admin_confirmed(c, name);

	if (rc == 0)
		rc = cgi_call(c, "POST", NULL, NULL, "/users/*/erase", name);
	if (rc == 0)
		snprintf(c->go, sizeof c->go, "admin/users.cgi");
	else if (c->bad_field[0] != '\0')
		snprintf(c->bad_field, sizeof c->bad_field, "confirm_erase");
	return rc;
}

/* ---- the page */

static int
user_show(struct cgi *c, const char *name)
{
	json_t *user;
	int rc = cgi_view(c, "user", NULL, "/users/*", name);

	if (rc < 0)
		return rc;
	user = json_object_get(c->view, "user");
	cgi_put_text(c, "title", json_string_value(json_object_get(user,
	    "name")));
	admin_form(c, user, values);
	cgi_put(c, "admin", json_boolean(c->role >= FOR_ADMIN));
	rc = cgi_view(c, "cards", "cards", "/cards?user=*&limit=200", name);
	return rc < 0 ? rc : cgi_view(c, "logins", "sessions",
	    "/users/*/sessions", name);
}

static int
user_get(struct cgi *c)
{
	const char *name = admin_query(c, "name");

	admin_may_change(c, FOR_OPERATOR);
	if (name[0] != '\0')
		return user_show(c, name);
	cgi_put_text(c, "title", tr("New user"));
	admin_form(c, NULL, values);
	return c->role >= FOR_OPERATOR ? 0 : rel_err_set(&c->err, REL_E_DENIED,
	    "%s", "only operators and administrators may do this");
}

static const struct action user_actions[] = {
	{ "add", user_add, "The user is entered." },
	{ "change", user_change, "The changes are saved." },
	{ "unlock", user_unlock, "Unlocked: the next log-in is tried again." },
	{ "logins-end", logins_end, "All clients are logged out." },
	{ "card", card_add, "The card is entered." },
	{ "card-delete", card_del, "The card is removed." },
	{ "delete", user_del, "The user and the cards are removed." },
	{ "erase", user_erase, "All personal data are erased." },
	{ NULL, NULL, NULL }
};

const struct page admin_user = {
	.path = "admin/user.cgi",
	.title = "User",
	.need = FOR_HELPDESK,
	.get = user_get,
	.actions = user_actions
};

/* ---- everything that is stored about one person, as a file */

/* The further jobs of somebody who printed very much. */
static int
data_rest(struct cgi *c, json_t *all)
{
	json_t *jobs = json_object_get(all, "jobs"), *part;
	int rc = 0;

	for (unsigned i = 0; rc == 0 && i < DATA_PARTS; i++) {
		const char *next = json_string_value(json_object_get(all,
		    "next"));

		if (next == NULL)
			break;
		if ((rc = cgi_get(c, &part, "/users/*/data?after=*",
		    cgi_text(c, "name"), next)) < 0)
			break;
		json_array_extend(jobs, json_object_get(part, "jobs"));
		json_object_set(all, "next", json_object_get(part, "next"));
		json_decref(part);
	}
	return rc;
}

static int
data_get(struct cgi *c)
{
	json_t *all = NULL;
	char *text = NULL;
	int rc = cgi_get(c, &all, "/users/*/data", cgi_text(c, "name"));

	if (rc == 0)
		rc = data_rest(c, all);
	if (rc == 0)
		text = json_dumps(all, JSON_INDENT(1));
	json_decref(all);
	if (rc < 0)
		return rc;
	rc = text != NULL ? cgi_send(c, "application/json", text,
	    strlen(text)) :
	    rel_err_set(&c->err, REL_E_NOMEM, "no memory");
	free(text);
	return rc;
}

const struct page admin_user_data = {
	.path = "admin/user-data.cgi",
	.title = "Personal data",
	.need = FOR_ADMIN,
	.get = data_get
};
