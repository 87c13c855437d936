/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * My ways to log in at a device: one-time code, cards, PIN, ID number,
 * password; the language; and where I am logged in over HTTPS.
 */
#include <stdio.h>
#include <string.h>

#include "cgi/cgi.h"
#include "cgi/qr.h"

static int me_get(struct cgi *c);

/* ---- what is shown once: in this answer, and then never again */

static int
show(struct cgi *c)
{
	int rc = me_get(c);

	if (rc == 0)
		answer_page(c);
	return rc;
}

static int
me_code(struct cgi *c)
{
	json_t *answer = NULL;
	struct rel_buf svg;
	const char *code;
	int rc = cgi_call(c, "POST", NULL, &answer, "/me/code");

	if (rc < 0)
		return rc;
	code = json_string_value(json_object_get(answer, "code"));
	cgi_put_text(c, "code", code);
	json_object_set(c->view, "code_expires", json_object_get(answer,
	    "expires_at"));
	json_object_set(c->view, "code_left", json_object_get(answer,
	    "expires_in_s"));
	rel_buf_init(&svg);
	if (code != NULL && qr_svg(&svg, code, tr("Your one-time code"),
	    &c->err) == 0)
		cgi_put_svg(c, "code_qr", &svg);
	else
		rel_buf_fini(&svg);
	json_decref(answer);
	return show(c);
}

static int
me_number_new(struct cgi *c)
{
	json_t *answer = NULL;
	int rc = cgi_call(c, "PATCH", json_pack("{s:s}", "id_number", "new"),
	    &answer, "/me");

	if (rc < 0)
		return rc;
	cgi_put_text(c, "number", json_string_value(json_object_get(answer,
	    "id_number")));
	json_decref(answer);
	return show(c);
}

/* ---- changes */

static int
me_patch(struct cgi *c, const char *key, const char *value)
{
	int rc = cgi_call(c, "PATCH", json_pack("{s:s}", key, value), NULL,
	    "/me");

	if (rc < 0)
		snprintf(c->bad_field, sizeof c->bad_field, "%s", key);
	return rc;
}

static int
me_number_remove(struct cgi *c)
{
	return me_patch(c, "id_number", "");
}

static int
me_pin(struct cgi *c)
{
	if (cgi_text(c, "card_pin")[0] == '\0')
		return cgi_bad(c, "card_pin", "%s",
		    tr("Enter 4 to 8 digits."));
	return me_patch(c, "card_pin", cgi_text(c, "card_pin"));
}

static int
me_pin_remove(struct cgi *c)
{
	return me_patch(c, "card_pin", "");
}

static int
me_language(struct cgi *c)
{
	return me_patch(c, "locale", cgi_text(c, "locale"));
}

static int
me_password(struct cgi *c)
{
	const char *new = cgi_text(c, "password");
	json_t *body;

	if (new[0] == '\0')
		return cgi_bad(c, "password", "%s",
		    tr("Enter the new password."));
	if (strcmp(new, cgi_text(c, "password_again")) != 0)
		return cgi_bad(c, "password_again", "%s",
		    tr("The two passwords differ."));
	body = json_pack("{s:s}", "password", new);
	if (cgi_text(c, "current_password")[0] != '\0')
		json_object_set_new(body, "current_password",
		    json_string(cgi_text(c, "current_password")));
	return cgi_call(c, "PATCH", body, NULL, "/me");
}

static int
me_card_add(struct cgi *c)
{
	int rc;

	if (cgi_text(c, "card")[0] == '\0')
		return cgi_bad(c, "card", "%s",
		    tr("Enter the number of the card, or hold it to a reader "
		    "that types it."));
	rc = cgi_call(c, "POST", json_pack("{s:s,s:s}", "value", cgi_text(c,
	    "card"), "encoding", cgi_on(c, "hex") ? "hex" : "ascii"), NULL,
	    "/me/cards");
	if (rc < 0)
		snprintf(c->bad_field, sizeof c->bad_field, "card");
	return rc;
}

static int
me_card_remove(struct cgi *c)
{
	return cgi_call(c, "DELETE", NULL, NULL, "/me/cards/*",
	    cgi_text(c, "id"));
}

static int
me_login_end(struct cgi *c)
{
	return cgi_call(c, "DELETE", NULL, NULL, "/me/sessions/*",
	    cgi_text(c, "id"));
}

static int
me_logins_end(struct cgi *c)
{
	return cgi_call(c, "DELETE", NULL, NULL, "/me/sessions");
}

/* ---- the page */

/* {"may": {"card": true, ...}} of the setting SelfService. */
static void
may_change(struct cgi *c)
{
	const json_t *list = json_object_get(c->me, "self_service");
	json_t *may = json_object(), *word;
	size_t i;

	json_array_foreach(list, i, word)
		if (json_is_string(word))
			json_object_set_new(may, json_string_value(word),
			    json_true());
	cgi_put(c, "may", may);
}

static int
me_get(struct cgi *c)
{
	int rc;

	may_change(c);
	/* The person as changed by now, not as at the beginning. */
	if ((rc = cgi_view(c, "person", NULL, "/me")) < 0)
		return rc;
	if ((rc = cgi_view(c, "cards", NULL, "/me/cards")) < 0)
		return rc;
	return cgi_view(c, "logins", NULL, "/me/sessions");
}

static const struct action me_actions[] = {
	{ "code", me_code, NULL },
	{ "number-new", me_number_new, NULL },
	{ "number-remove", me_number_remove, "The ID number is removed." },
	{ "pin", me_pin, "The PIN is changed." },
	{ "pin-remove", me_pin_remove, "The PIN is removed." },
	{ "language", me_language, "The language is changed." },
	{ "password", me_password, "The password is changed." },
	{ "card-add", me_card_add, "The card is yours now." },
	{ "card-remove", me_card_remove, "The card is removed." },
	{ "login-end", me_login_end, "That client is logged out." },
	{ "logins-end", me_logins_end, "All clients are logged out." },
	{ NULL, NULL, NULL }
};

const struct page user_me = {
	.path = "me.cgi",
	.title = "My cards and codes",
	.menu = "Printing",
	.get = me_get,
	.actions = me_actions
};
