/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Users as CSV: in, with a preview and a way back, and out. */
#include <stdio.h>
#include <string.h>

#include "cgi/admin/admin.h"

/* The table: a file, or what was pasted; the byte order mark left out. */
static const char *
table(const struct cgi *c)
{
	const char *csv = "";

	for (size_t i = c->rq.nquery; i < c->rq.nfields; i++) {
		const struct field *f = &c->rq.field[i];

		if ((strcmp(f->name, "file") == 0 ||
		    strcmp(f->name, "csv") == 0) && f->len > 0)
			csv = f->value;
	}
	return strncmp(csv, "\xef\xbb\xbf", 3) == 0 ? csv + 3 : csv;
}

/* Ask, on trial or not; the answer into the view as `result`. */
static int
ask(struct cgi *c, bool dry_run)
{
	const char *csv = table(c);
	json_t *answer = NULL;
	int rc;

	if (csv[0] == '\0')
		return cgi_bad(c, "file", "%s", tr("Choose a file, or paste "
		    "the table. Nothing was changed."));
	rc = cgi_call(c, "POST", json_pack("{s:s,s:b,s:b}", "csv", csv,
	    "dry_run", dry_run, "delete_missing", cgi_on(c,
	    "delete_missing")), &answer, "/users/import");
	if (rc == 0)
		cgi_put(c, "result", answer);
	return rc;
}

static bool
has_problems(const struct cgi *c)
{
	return json_array_size(json_object_get(json_object_get(c->view,
	    "result"), "problems")) > 0;
}

/* What would change is shown in this very answer, with the table in it. */
static int
show(struct cgi *c, bool dry_run)
{
	if (dry_run) {
		cgi_put_text(c, "csv", table(c));
		cgi_put(c, "delete_missing", json_boolean(cgi_on(c,
		    "delete_missing")));
	}
	cgi_put(c, "dry_run", json_boolean(dry_run));
	cgi_put(c, "bad", json_boolean(has_problems(c)));
	answer_page(c);
	return 0;
}

static int
import_preview(struct cgi *c)
{
	int rc = ask(c, true);

	return rc < 0 ? rc : show(c, true);
}

static int
import_apply(struct cgi *c)
{
	int rc = ask(c, false);

	if (rc < 0)
		return rc;
	/* Somebody may have changed a user since the preview. */
	return show(c, has_problems(c));
}

static int
import_undo(struct cgi *c)
{
	json_t *answer = NULL;
	int rc = cgi_call(c, "POST", NULL, &answer, "/users/import/undo");

	if (rc < 0)
		return rc;
	cgi_put(c, "result", answer);
	cgi_put(c, "undone", json_true());
	return show(c, false);
}

static int
import_get(struct cgi *c)
{
	(void)c;
	return 0;
}

static const struct action import_actions[] = {
	{ "preview", import_preview, NULL },
	{ "apply", import_apply, NULL },
	{ "undo", import_undo, NULL },
	{ NULL, NULL, NULL }
};

const struct page admin_import = {
	.path = "admin/import.cgi",
	.title = "Import and export",
	.need = FOR_ADMIN,
	.menu = "People",
	.get = import_get,
	.actions = import_actions
};

/* ---- out */

#define PARTS_MAX 1000u		/* of 3 MB */

static int
export_get(struct cgi *c)
{
	struct rel_buf out;
	char after[200] = "";
	int rc = 0;

	rel_buf_init(&out);
	for (unsigned i = 0; i < PARTS_MAX && (i == 0 || after[0] != '\0');
	    i++) {
		json_t *answer = NULL;
		const json_t *csv;
		const char *next;

		if ((rc = cgi_get(c, &answer, "/users/export?after=*",
		    after)) < 0)
			break;
		csv = json_object_get(answer, "csv");
		if (csv != NULL)
			rel_put_raw(&out, json_string_value(csv),
			    json_string_length(csv));
		next = json_string_value(json_object_get(answer, "next"));
		snprintf(after, sizeof after, "%s", next != NULL ? next : "");
		json_decref(answer);
	}
	if (rc == 0 && out.failed)
		rc = rel_err_set(&c->err, REL_E_NOMEM, "no memory");
	if (rc == 0)
		rc = cgi_send(c, "text/csv; charset=utf-8", out.data,
		    out.len);
	rel_buf_fini(&out);
	return rc;
}

const struct page admin_export = {
	.path = "admin/export.cgi",
	.title = "Users as CSV",
	.need = FOR_ADMIN,
	.get = export_get
};
