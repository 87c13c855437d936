/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* QR labels: choose devices, get a sheet to print and stick on them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cgi/admin/admin.h"
#include "cgi/admin/label.h"
#include "cgi/list.h"
#include "cgi/qr.h"

#define DEVICES_MAX 2000u

/* ---- what a code says */

int
label_url(struct cgi *c, const json_t *device, char url[LABEL_URL_MAX])
{
	const char *id = json_string_value(json_object_get(device, "id"));
	const char *base;
	int rc, n;

	if (json_object_get(c->view, "server") == NULL &&
	    (rc = cgi_view(c, "server", NULL, "/status")) < 0)
		return rc;
	base = json_string_value(json_object_get(json_object_get(c->view,
	    "server"), "pages_url"));
	n = snprintf(url, LABEL_URL_MAX, "%s/release/jobs.cgi?device=%s",
	    base != NULL ? base : "", id != NULL ? id : "");
	return n > 0 && n < LABEL_URL_MAX && base != NULL && id != NULL ? 0 :
	    rel_err_set(&c->err, REL_E_FORMAT,
	    "the address of the pages cannot be told: see PagesUrl");
}

/* ---- the devices */

/* Every device that is found, by name; *out is an array. */
static int
all_devices(struct cgi *c, json_t **out)
{
	const char *q = cgi_text(c, "q");
	char after[200] = "";
	json_t *all = json_array(), *answer;
	int rc = 0;

	do {
		const char *next;

		rc = q[0] != '\0' ? cgi_get(c, &answer,
		    "/devices?limit=200&after=*&q=*", after, q) :
		    cgi_get(c, &answer, "/devices?limit=200&after=*", after);
		if (rc < 0)
			break;
		json_array_extend(all, json_object_get(answer, "devices"));
		next = json_string_value(json_object_get(answer, "next"));
		snprintf(after, sizeof after, "%s", next != NULL ? next : "");
		json_decref(answer);
	} while (after[0] != '\0' && json_array_size(all) < DEVICES_MAX);
	*out = all;
	return rc;
}

/* ---- the sheet */

struct sheet {
	struct qr_label *label;
	char (*url)[LABEL_URL_MAX];
	size_t n;
};

static int
sheet_fill(struct cgi *c, struct sheet *s, const json_t *devices, bool all)
{
	json_t *d;
	size_t i;
	int rc;

	json_array_foreach(devices, i, d) {
		struct qr_label *l = &s->label[s->n];

		if (!all && !admin_is_chosen(c, d))
			continue;
		if ((rc = label_url(c, d, s->url[s->n])) < 0)
			return rc;
		l->url = s->url[s->n];
		l->name = json_string_value(json_object_get(d, "name"));
		l->location = json_string_value(json_object_get(d,
		    "location"));
		l->hint = tr("Scan, log in, print");
		s->n++;
	}
	return s->n > 0 ? 0 : cgi_bad(c, "device", "%s",
	    tr("Choose at least one device."));
}

static int
sheet_send(struct cgi *c, bool all)
{
	json_t *devices;
	struct sheet s = { NULL, NULL, 0 };
	struct rel_buf pdf;
	size_t room;
	int rc = all_devices(c, &devices);

	room = json_array_size(devices) + 1;
	s.label = calloc(room, sizeof *s.label);
	s.url = calloc(room, sizeof *s.url);
	rel_buf_init(&pdf);
	if (rc == 0 && (s.label == NULL || s.url == NULL))
		rc = rel_err_set(&c->err, REL_E_NOMEM, "no memory");
	if (rc == 0)
		rc = sheet_fill(c, &s, devices, all);
	if (rc == 0)
		rc = qr_sheet(&pdf, s.label, s.n, &c->err);
	if (rc == 0)
		(void)cgi_send(c, "application/pdf", pdf.data, pdf.len);
	rel_buf_fini(&pdf);
	free(s.label);
	free(s.url);
	json_decref(devices);
	return rc;
}

static int
labels_chosen(struct cgi *c)
{
	return sheet_send(c, false);
}

static int
labels_all(struct cgi *c)
{
	return sheet_send(c, true);
}

/* ---- the page */

static int
labels_get(struct cgi *c)
{
	static const char *const filters[] = { "q", NULL };
	const struct list l = { .path = "/devices", .key = "devices",
	    .filters = filters, .limit = 100 };
	json_t *d;
	size_t i;
	int rc;

	/* A link of a device's page: its one label. */
	if (!c->rq.post && cgi_on(c, "sheet")) {
		rc = sheet_send(c, false);
		return rc < 0 ? rc : CGI_ANSWERED;
	}
	if ((rc = list_view(c, &l)) != 0)
		return rc;
	json_array_foreach(json_object_get(c->view, "devices"), i, d)
		json_object_set_new(d, "chosen", json_boolean(
		    admin_is_chosen(c, d)));
	return cgi_view(c, "server", NULL, "/status");
}

static const struct action labels_actions[] = {
	{ "sheet", labels_chosen, NULL },
	{ "all", labels_all, NULL },
	{ NULL, NULL, NULL }
};

const struct page admin_labels = {
	.path = "admin/labels.cgi",
	.title = "QR labels",
	.need = FOR_OPERATOR,
	.menu = "Devices",
	.get = labels_get,
	.actions = labels_actions
};
