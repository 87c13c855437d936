/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* releasectl guest ... */
#include <stdio.h>

#include "ctl/ctl.h"

static const struct ctl_column columns[] = {
	{ "NAME", "name", COL_TEXT }, { "SHOWN AS", "display", COL_TEXT },
	{ "STATE", "state", COL_TEXT }, { "FROM", "valid_from", COL_TIME },
	{ "UNTIL", "valid_until", COL_TIME }, { "HOST", "host", COL_TEXT },
	{ NULL, NULL, COL_TEXT }
};

static int
guest_list(struct ctl *c)
{
	json_t *guests;
	int rc = ctl_list(c, "/guests", "", "guests", &guests);

	if (rc == 0)
		ctl_print_list(c, guests, "guests", columns);
	return rc;
}

/* The slip: what the guest needs to know. */
static int
told(struct ctl *c, json_t *guest)
{
	const char *code = json_string_value(json_object_get(guest, "code"));
	const char *name = json_string_value(json_object_get(guest, "name"));
	char from[64], until[64];

	ctl_text(from, sizeof from, json_object_get(guest, "valid_from"),
	    COL_TIME);
	ctl_text(until, sizeof until, json_object_get(guest, "valid_until"),
	    COL_TIME);
	if (code == NULL)
		return ctl_told(c, guest, "%s is good from %s until %s.\n",
		    name, from, until);
	ctl_qr(c, code);
	return ctl_told(c, guest, "Guest:  %s\nCode:   %s\nFrom:   %s\n"
	    "Until:  %s\nAt a device choose \"Code from my page\" and enter "
	    "the code, or hold the picture to its camera. On pages the code "
	    "is the password. It is not shown again.\n", name, code, from,
	    until);
}

static int
guest_send(struct ctl *c, const char *method, const char *path, json_t *body)
{
	static const int64_t range[] = { 0, 999999 };
	json_t *guest;
	int rc;

	if (body == NULL)
		return ctl_misuse(c, "that is no UTF-8 text");
	if ((rc = ctl_put_number(c, body, "days", OPT_DAYS, range)) < 0 ||
	    (rc = ctl_put_number(c, body, "mono", OPT_MONO, range)) < 0 ||
	    (rc = ctl_put_number(c, body, "colour", OPT_COLOUR, range)) < 0) {
		json_decref(body);
		return rc;
	}
	rc = ctl_send(c, method, path, c->nargs > 0 ? c->arg[0] : NULL, body,
	    &guest);
	return rc < 0 ? rc : told(c, guest);
}

static int
guest_add(struct ctl *c)
{
	return guest_send(c, "POST", "/guests", json_pack("{s:s*,s:s*,s:s*,"
	    "s:s*,s:s*,s:s*}", "display", c->opt[OPT_DISPLAY], "mail",
	    c->opt[OPT_MAIL], "locale", c->opt[OPT_LOCALE], "valid_from",
	    c->opt[OPT_VALID_FROM], "valid_until", c->opt[OPT_VALID_UNTIL],
	    "amount", c->opt[OPT_AMOUNT]));
}

static int
guest_set(struct ctl *c)
{
	json_t *body = json_pack("{s:s*}", "valid_until",
	    c->opt[OPT_VALID_UNTIL]);

	if (body != NULL && c->opt[OPT_NEW_CODE] != NULL)
		json_object_set_new(body, "new_code", json_true());
	return guest_send(c, "PATCH", "/guests/*", body);
}

static int
guest_end(struct ctl *c)
{
	int rc = 0;

	for (int i = 0; i < c->nargs && rc == 0; i++)
		if ((rc = ctl_call(c, "DELETE", "/guests/*", c->arg[i], NULL,
		    NULL)) == 0)
			ctl_say(c, "%s is no guest any more.\n", c->arg[i]);
	return rc;
}

static const enum ctl_opt none[] = { OPT_COUNT };
static const enum ctl_opt add_opts[] = {
	OPT_DISPLAY, OPT_MAIL, OPT_LOCALE, OPT_DAYS, OPT_VALID_FROM,
	OPT_VALID_UNTIL, OPT_AMOUNT, OPT_MONO, OPT_COLOUR, OPT_COUNT
};
static const enum ctl_opt set_opts[] = {
	OPT_DAYS, OPT_VALID_UNTIL, OPT_NEW_CODE, OPT_COUNT
};

const struct ctl_verb ctl_guest_verbs[] = {
	{ "guest", "list", 0, 0, "", none,
	    "Guests: all, for the help desk; else those you invited.",
	    guest_list },
	{ "guest", "add", 0, 0, "", add_opts,
	    "Invite a guest, for a day where nothing else is said. The name "
	    "and the code are shown, the code only now. --amount, --mono and "
	    "--colour say what the guest may print in all.", guest_add },
	{ "guest", "set", 1, 1, "NAME", set_opts,
	    "Until when a guest is good; a new code, which makes the old one "
	    "worthless.", guest_set },
	{ "guest", "end", 1, ARGS_MAX, "NAME ...", none,
	    "A guest's time ends now: what is held for it is deleted.",
	    guest_end },
	{ 0 }
};
