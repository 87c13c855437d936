/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * One device: what it is and reports, its values, its activation key, its
 * label.  Without an id: a new one.
 */
#include <stdio.h>
#include <string.h>

#include "cgi/admin/admin.h"
#include "cgi/admin/device_items.h"
#include "cgi/admin/label.h"
#include "cgi/device_words.h"
#include "cgi/qr.h"
#include "lib/text.h"

static const char *const values[] = { "name", "location", "lpr_host",
    "lpr_port", "lpr_queue", "lpr_order", "driver", "protocol", "address",
    "snmp_port", "transport", "ipp_uri", "ipp_pin", "session_mode",
    "groups", "serial", NULL };

/* ---- values */

static int
take_port(struct cgi *c, json_t *body, const char *field)
{
	const char *port = cgi_text(c, field);
	int64_t n;

	if (port[0] == '\0')
		return 0;
	if (!rel_int(&n, port, 1, 65535))
		return cgi_bad(c, field, "%s",
		    tr("A port is a number from 1 to 65535."));
	json_object_set_new(body, field, json_integer(n));
	return 0;
}

/* *out holds the values; 0, or the field is named and *out is NULL. */
static int
take_values(struct cgi *c, json_t **out)
{
	static const char *const texts[] = { "location", "driver",
	    "protocol", "address", "ipp_uri", "ipp_pin", "groups" };
	static const char *const filled[] = { "name", "lpr_host", "lpr_queue",
	    "lpr_order", "transport", "session_mode" };
	json_t *body = json_object();
	int rc = take_port(c, body, "lpr_port");

	if (rc == 0)
		rc = take_port(c, body, "snmp_port");
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		admin_take(c, body, texts[i]);
	for (size_t i = 0; i < sizeof filled / sizeof filled[0]; i++)
		if (cgi_text(c, filled[i])[0] != '\0')
			admin_take(c, body, filled[i]);
	if (rc == 0 && cgi_text(c, "name")[0] == '\0')
		rc = cgi_bad(c, "name", "%s", tr("The device needs a name."));
	if (rc == 0 && cgi_text(c, "lpr_host")[0] == '\0' &&
	    strcmp(cgi_text(c, "protocol"), "queue") != 0)
		rc = cgi_bad(c, "lpr_host", "%s", tr("Where does the device "
		    "take print jobs? Give its host name or address."));
	if (rc < 0) {
		json_decref(body);
		body = NULL;
	}
	*out = body;
	return rc;
}

/* Which field of the form releaserd's words are about. */
static int
blame(struct cgi *c, int rc)
{
	if (rc == 0 || c->bad_field[0] != '\0')
		return rc;
	if (strcmp(c->problem, "device-name-in-use") == 0)
		snprintf(c->bad_field, sizeof c->bad_field, "name");
	for (size_t i = 1; values[i] != NULL && c->bad_field[0] == '\0'; i++)
		if (strstr(c->err.text, values[i]) != NULL)
			snprintf(c->bad_field, sizeof c->bad_field, "%s",
			    values[i]);
	return rc;
}

static int
device_change(struct cgi *c)
{
	json_t *body;
	int rc = take_values(c, &body);

	return rc < 0 ? rc : blame(c, cgi_call(c, "PATCH", body, NULL,
	    "/devices/*", cgi_text(c, "id")));
}

/* ---- the activation key: shown in this one answer */

static int device_show(struct cgi *c, const char *id);

static int
key_show(struct cgi *c, const char *id, const json_t *answer)
{
	const char *key = json_string_value(json_object_get(answer,
	    "activation_key"));
	struct rel_buf svg;
	int rc;

	if (key == NULL)
		return 0;		/* shown once already: only the device */
	cgi_put_text(c, "key", key);
	json_object_set(c->view, "key_expires", json_object_get(answer,
	    "activation_expires_at"));
	rel_buf_init(&svg);
	if (qr_svg(&svg, key, tr("QR code of the activation key"),
	    &c->err) == 0)
		cgi_put_svg(c, "key_qr", &svg);
	else
		rel_buf_fini(&svg);
	rc = device_show(c, id);
	if (rc == 0)
		answer_page(c);
	return rc;
}

static int
device_add(struct cgi *c)
{
	const char *serial = cgi_text(c, "serial");
	json_t *body, *answer = NULL;
	char id[80];
	int rc = take_values(c, &body);

	if (rc < 0)
		return rc;
	json_object_set_new(body, "serial", json_string(serial[0] != '\0' ?
	    serial : "any"));
	rc = blame(c, cgi_call(c, "POST", body, &answer, "/devices"));
	if (rc == 0) {
		const char *s = json_string_value(json_object_get(answer,
		    "id"));

		snprintf(id, sizeof id, "%s", s != NULL ? s : "");
		admin_go(c, "admin/device.cgi", "id", id);
		rc = key_show(c, id, answer);
	}
	json_decref(answer);
	return rc;
}

static int
device_key(struct cgi *c)
{
	json_t *answer = NULL;
	int rc = cgi_call(c, "POST", NULL, &answer, "/devices/*/key",
	    cgi_text(c, "id"));

	if (rc == 0)
		rc = key_show(c, cgi_text(c, "id"), answer);
	json_decref(answer);
	return rc;
}

static int
device_del(struct cgi *c)
{
	const char *id = cgi_text(c, "id");
	json_t *device = NULL;
	int rc = cgi_get(c, &device, "/devices/*", id);

	if (rc < 0)
		return rc;
	rc = admin_confirmed(c, json_string_value(json_object_get(device,
	    "name")));
	json_decref(device);
	if (rc == 0)
		rc = cgi_call(c, "DELETE", NULL, NULL, "/devices/*", id);
	if (rc == 0)
		snprintf(c->go, sizeof c->go, "admin/devices.cgi");
	return rc;
}

static int
device_ask(struct cgi *c)
{
	return cgi_call(c, "POST", NULL, NULL, "/devices/*/ask",
	    cgi_text(c, "id"));
}

/* ---- its panel */

static int
device_lock(struct cgi *c)
{
	return cgi_call(c, "POST", NULL, NULL, "/devices/*/lock",
	    cgi_text(c, "id"));
}

static int
device_unlock(struct cgi *c)
{
	return cgi_call(c, "POST", NULL, NULL, "/devices/*/unlock",
	    cgi_text(c, "id"));
}

/* ---- what a device of OPDP level 2 is told to do */

static int
command(struct cgi *c, const char *name, const char *text)
{
	return cgi_call(c, "POST", json_pack("{s:s,s:s*}", "command", name,
	    "text", text), NULL, "/devices/*/command", cgi_text(c, "id"));
}

static int
device_identify(struct cgi *c)
{
	return command(c, "identify", NULL);
}

static int
device_refresh(struct cgi *c)
{
	return command(c, "refresh-panel", NULL);
}

static int
device_time(struct cgi *c)
{
	return command(c, "sync-time", NULL);
}

static int
device_end(struct cgi *c)
{
	return command(c, "reboot-session", NULL);
}

static int
device_message(struct cgi *c)
{
	const char *text = cgi_text(c, "text");

	return text[0] == '\0' ? cgi_bad(c, "text", "%s",
	    tr("Type what the panel is to show.")) : command(c, "message",
	    text);
}

/* ---- the page */

static int
label_show(struct cgi *c, const json_t *device)
{
	char url[LABEL_URL_MAX];
	struct rel_buf svg;
	int rc = label_url(c, device, url);

	if (rc < 0)
		return rc;
	rel_buf_init(&svg);
	if ((rc = qr_svg(&svg, url, tr("QR code that opens the jobs here"),
	    &c->err)) == 0)
		cgi_put_svg(c, "label", &svg);
	else
		rel_buf_fini(&svg);
	cgi_put_text(c, "label_url", url);
	return rc;
}

/* What may be done there by anybody: only a device with a panel can tell. */
static int
restrictions_show(struct cgi *c, const char *id, const json_t *device)
{
	static const struct {
		const char *key, *words;
	} all[] = {
		{ "print", N_("Print") }, { "copy", N_("Copy") },
		{ "scan", N_("Scan") }, { "fax", N_("Fax") },
		{ "usb_print_from", N_("Print from USB") },
		{ "usb_scan_to", N_("Scan to USB") },
		{ "storage", N_("Storage") }
	};
	json_t *answer = NULL, *list;
	const json_t *open, *has;
	int rc;

	if (json_is_null(json_object_get(device, "registered_at")))
		return 0;
	if ((rc = cgi_get(c, &answer, "/devices/*/restrictions", id)) < 0)
		return rc;
	list = json_array();
	open = json_object_get(json_object_get(answer, "restrictions"),
	    "unauthenticated");
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		const char *how = json_string_value(json_object_get(open,
		    all[i].key));

		if (how != NULL)
			json_array_append_new(list, json_pack("{s:s,s:s}",
			    "what", tr(all[i].words), "how",
			    strcmp(how, "allow") == 0 ? tr("allowed") :
			    strcmp(how, "hold") == 0 ? tr("waits") :
			    tr("not allowed")));
	}
	has = json_object_get(answer, "device_rev");
	cgi_put_text(c, "restrictions_heard", json_is_null(has) ? "" :
	    json_equal(has, json_object_get(json_object_get(answer,
	    "restrictions"), "rev")) ? "yes" : "no");
	cgi_put(c, "restrictions", list);
	json_decref(answer);
	return 0;
}

static int
device_show(struct cgi *c, const char *id)
{
	json_t *device;
	int rc = cgi_view(c, "device", NULL, "/devices/*", id);

	if (rc < 0)
		return rc;
	admin_may_change(c, FOR_OPERATOR);
	device = json_object_get(c->view, "device");
	device_words(device);
	device_maker(device);
	json_object_set_new(device, "ago", admin_ago(json_object_get(device,
	    "last_seen_at")));
	device_supplies_view(device);
	json_object_set_new(device, "state_ago", admin_ago(json_object_get(
	    device, "state_at")));
	cgi_put(c, "reported", admin_reported(device));
	cgi_put_text(c, "title", json_string_value(json_object_get(device,
	    "name")));
	admin_form(c, device, values);
	if ((rc = cgi_view(c, "server", NULL, "/status")) < 0 ||
	    (rc = device_items_view(c, id)) < 0 ||
	    (rc = restrictions_show(c, id, device)) < 0)
		return rc;
	return label_show(c, device);
}

static int
device_get(struct cgi *c)
{
	const char *id = cgi_text(c, "id");

	if (id[0] != '\0')
		return device_show(c, id);
	if (c->role < FOR_OPERATOR)
		return rel_err_set(&c->err, REL_E_DENIED, "%s",
		    "only operators and administrators may do this");
	cgi_put_text(c, "title", tr("New device"));
	admin_form(c, NULL, values);
	return 0;
}

static const struct action device_actions[] = {
	{ "add", device_add, "The device is entered." },
	{ "change", device_change, "The changes are saved." },
	{ "key", device_key, "There is a new activation key." },
	{ "ask", device_ask,
	    "It is asked now: look at this page again in a moment." },
	{ "lock", device_lock, "The panel is locked." },
	{ "unlock", device_unlock,
	    "The panel is unlocked; what waited is printed." },
	{ "identify", device_identify, "The device has shown itself." },
	{ "refresh", device_refresh, "The panel is drawn anew." },
	{ "time", device_time, "The clock is set." },
	{ "end", device_end, "The session there has ended." },
	{ "message", device_message, "The message is shown." },
	{ "delete", device_del, "The device is removed." },
	{ NULL, NULL, NULL }
};

const struct page admin_device = {
	.path = "admin/device.cgi",
	.title = "Device",
	.need = FOR_HELPDESK,
	.get = device_get,
	.actions = device_actions
};
