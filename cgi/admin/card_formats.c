/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* How card numbers are made, and what each format makes of a card. */
#include <stdio.h>
#include <string.h>

#include "cgi/admin/admin.h"

static const char *const fields[] = {
	"device", "device_group", "kind", "reverse", "start", "length", "usb",
	NULL
};

/* "wiegand-26 start=4 length=5" of the fields; "" when none is chosen. */
static void
format_words(const struct cgi *c, char out[120])
{
	static const char *const parts[] = { "reverse", "start", "length" };
	size_t n = (size_t)snprintf(out, 120, "%.30s", cgi_text(c, "kind"));

	for (size_t i = 0; out[0] != '\0' && i < 3; i++)
		if (cgi_text(c, parts[i])[0] != '\0' && n < 100)
			n += (size_t)snprintf(out + n, 120 - n, " %s=%.12s",
			    parts[i], cgi_text(c, parts[i]));
}

/* Which field of the form a failure is about. */
static int
failed(struct cgi *c, int rc)
{
	if (rc == 0)
		return 0;
	snprintf(c->bad_field, sizeof c->bad_field, "%s",
	    strcmp(c->problem, "confirmation-needed") == 0 ? "confirm" :
	    strcmp(c->problem, "device-unknown") == 0 ? "device" :
	    strstr(c->err.text, "VID:PID") != NULL ? "usb" : "kind");
	return rc;
}

static int
format_set(struct cgi *c)
{
	char words[120];
	json_t *body;

	format_words(c, words);
	body = json_pack("{s:s,s:b}", "usb", cgi_text(c, "usb"), "confirm",
	    cgi_on(c, "confirm"));
	if (words[0] != '\0')
		json_object_set_new(body, "format", json_string(words));
	if (cgi_text(c, "device")[0] != '\0')
		admin_take(c, body, "device");
	if (cgi_text(c, "device_group")[0] != '\0')
		admin_take(c, body, "device_group");
	return failed(c, cgi_call(c, "PATCH", body, NULL, "/card-formats"));
}

/* Of the row whose button it is. */
static int
row_change(struct cgi *c, json_t *body)
{
	const char *of = cgi_text(c, "of");

	if (strcmp(of, "server") != 0)
		json_object_set_new(body, strcmp(of, "device") == 0 ?
		    "device" : "device_group", json_string(cgi_text(c,
		    "name")));
	return failed(c, cgi_call(c, "PATCH", body, NULL, "/card-formats"));
}

static int
format_forget(struct cgi *c)
{
	return row_change(c, json_pack("{s:b}", "forget_former", 1));
}

static int
format_remove(struct cgi *c)
{
	return row_change(c, json_pack("{s:s}", "format", ""));
}

static int formats_get(struct cgi *c);

static int
format_try(struct cgi *c)
{
	json_t *all = NULL, *body;
	int rc;

	if (cgi_text(c, "card")[0] == '\0')
		return cgi_bad(c, "card", "%s", tr("Give the number of the "
		    "card as the reader sends it."));
	body = json_pack("{s:s,s:s}", "value", cgi_text(c, "card"),
	    "encoding", strcmp(cgi_text(c, "encoding"), "ascii") == 0 ?
	    "ascii" : "hex");
	rc = cgi_call(c, "POST", body, &all, "/card-formats/test");
	if (rc < 0)
		return rc;
	cgi_put(c, "tried", all);
	if ((rc = formats_get(c)) == 0)
		answer_page(c);
	return rc;
}

static int
formats_get(struct cgi *c)
{
	json_t *row;
	size_t i;
	int rc = cgi_view(c, "cards", NULL, "/card-formats");

	if (rc < 0)
		return rc;
	json_array_foreach(json_object_get(json_object_get(c->view, "cards"),
	    "rules"), i, row)
		json_object_set_new(row, json_string_value(json_object_get(row,
		    "of")), json_true());
	/* What was chosen stays chosen when this form failed. */
	json_array_foreach(json_object_get(json_object_get(c->view, "cards"),
	    "formats"), i, row)
		json_object_set_new(row, "chosen", json_boolean(strcmp(
		    cgi_text(c, "kind"), json_string_value(json_object_get(
		    row, "format"))) == 0));
	admin_may_change(c, FOR_ADMIN);
	admin_form(c, NULL, fields);
	return 0;
}

static const struct action formats_actions[] = {
	{ "set", format_set, "Changed. Devices learn it within a minute." },
	{ "forget", format_forget, "The former format is forgotten." },
	{ "remove", format_remove, "The setting is taken away." },
	{ "try", format_try, NULL },
	{ NULL, NULL, NULL }
};

const struct page admin_card_formats = {
	.path = "admin/card-formats.cgi",
	.title = "Card numbers",
	.need = FOR_OPERATOR,
	.menu = "People",
	.get = formats_get,
	.actions = formats_actions
};
