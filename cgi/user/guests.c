/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Guests: of oneself, for members of GuestHosts, and all, for the help desk.
 * Who has just been invited is shown with the code, once, as a slip to print.
 */
#include <stdlib.h>
#include <string.h>

#include "cgi/cgi.h"
#include "cgi/list.h"
#include "cgi/qr.h"

static int guests_get(struct cgi *c);

/* The guest that was made, with its code, in this answer and no other. */
static int
slip(struct cgi *c, json_t *guest)
{
	const char *code = json_string_value(json_object_get(guest, "code"));
	struct rel_buf svg;
	int rc;

	rel_buf_init(&svg);
	if (code != NULL && qr_svg(&svg, code, tr("Code of the guest"),
	    &c->err) == 0)
		cgi_put_svg(c, "slip_qr", &svg);
	else
		rel_buf_fini(&svg);
	cgi_put(c, "slip", guest);
	if ((rc = guests_get(c)) == 0)
		answer_page(c);
	return rc;
}

static void
take(const struct cgi *c, json_t *body, const char *name)
{
	if (cgi_text(c, name)[0] != '\0')
		json_object_set_new(body, name, json_string(cgi_text(c,
		    name)));
}

/* Which field of the form a failure is about. */
static int
failed(struct cgi *c, int rc)
{
	static const char *const names[] = {
		"valid_from", "valid_until", "amount", "mail"
	};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strstr(c->err.text, names[i]) != NULL)
			snprintf(c->bad_field, sizeof c->bad_field, "%s",
			    names[i]);
	return rc;
}

static int
take_number(struct cgi *c, json_t *body, const char *name)
{
	const char *s = cgi_text(c, name);
	char *end;
	long v = strtol(s, &end, 10);

	if (s[0] == '\0')
		return 0;
	if (*end != '\0' || v < 0 || v > 999999)
		return cgi_bad(c, name, "%s",
		    tr("Enter a number, 0 to 999999."));
	json_object_set_new(body, name, json_integer(v));
	return 0;
}

static int
guest_add(struct cgi *c)
{
	json_t *body, *guest = NULL;
	int rc;

	if (cgi_text(c, "display")[0] == '\0')
		return cgi_bad(c, "display", "%s",
		    tr("Enter the name of the guest."));
	body = json_object();
	take(c, body, "display");
	take(c, body, "mail");
	take(c, body, "valid_from");
	take(c, body, "valid_until");
	take(c, body, "amount");
	if ((rc = take_number(c, body, "mono")) < 0 ||
	    (rc = take_number(c, body, "colour")) < 0) {
		json_decref(body);
		return rc;
	}
	rc = cgi_call(c, "POST", body, &guest, "/guests");
	return rc < 0 ? failed(c, rc) : slip(c, guest);
}

static int
guest_code(struct cgi *c)
{
	json_t *guest = NULL;
	int rc = cgi_call(c, "PATCH", json_pack("{s:b}", "new_code", 1),
	    &guest, "/guests/*", cgi_text(c, "name"));

	return rc < 0 ? rc : slip(c, guest);
}

static int
guest_until(struct cgi *c)
{
	return failed(c, cgi_call(c, "PATCH", json_pack("{s:s}",
	    "valid_until", cgi_text(c, "valid_until")), NULL, "/guests/*",
	    cgi_text(c, "name")));
}

static int
guest_end(struct cgi *c)
{
	return cgi_call(c, "DELETE", NULL, NULL, "/guests/*",
	    cgi_text(c, "name"));
}

/* {if ended} is easier to read than a comparison. */
static void
row_state(json_t *row)
{
	const char *state = json_string_value(json_object_get(row, "state"));

	json_object_set_new(row, state != NULL ? state : "ended",
	    json_true());
}

static int
guests_get(struct cgi *c)
{
	static const struct list list = { .path = "/guests", .key = "guests",
	    .limit = 50, .each = row_state };

	cgi_put_text(c, "guest_page", c->page->path);
	cgi_put(c, "staff", json_boolean(c->role >= FOR_HELPDESK));
	return list_view(c, &list);
}

static const struct action guests_actions[] = {
	{ "add", guest_add, NULL },
	{ "code", guest_code, NULL },
	{ "until", guest_until, "The guest's time is changed." },
	{ "end", guest_end, "The guest's time is over." },
	{ NULL, NULL, NULL }
};

const struct page user_guests = {
	.path = "guests.cgi",
	.title = "My guests",
	.menu = "Printing",
	.menu_if = "invites",
	.get = guests_get,
	.actions = guests_actions
};

const struct page admin_guests = {
	.path = "admin/guests.cgi",
	.title = "Guests",
	.need = FOR_HELPDESK,
	.menu = "People",
	.get = guests_get,
	.actions = guests_actions
};
