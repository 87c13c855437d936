/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * The settings of releaserd.conf: what is changed is shown first, then done,
 * and can be taken back.
 */
#include <stdio.h>
#include <string.h>

#include "cgi/admin/admin.h"

#define PREFIX "set-"

/* ---- the form */

/* The value typed for a setting, or NULL when its field was not sent. */
static const char *
typed(const struct cgi *c, const char *name)
{
	char field[80];

	snprintf(field, sizeof field, PREFIX "%s", name);
	return cgi_field(c, field);
}

/* {"Name": "value"} of what differs from what is in force; NULL: no answer. */
static json_t *
changes_read(struct cgi *c)
{
	json_t *answer = NULL, *changes = json_object(), *s;
	size_t i;

	if (cgi_get(c, &answer, "/settings") < 0) {
		json_decref(changes);
		return NULL;
	}
	json_array_foreach(json_object_get(answer, "settings"), i, s) {
		const char *name = json_string_value(json_object_get(s,
		    "name"));
		const char *now = json_string_value(json_object_get(s,
		    "value"));
		const char *to = name != NULL ? typed(c, name) : NULL;

		if (to != NULL && now != NULL && strcmp(to, now) != 0)
			json_object_set_new(changes, name, json_string(to));
	}
	json_decref(answer);
	return changes;
}

static int
changes_send(struct cgi *c, bool dry_run, json_t **answer)
{
	json_t *changes = changes_read(c);

	if (changes == NULL)
		return -c->err.code;
	if (json_object_size(changes) == 0) {
		json_decref(changes);
		return cgi_bad(c, "", "%s", tr("Nothing is different: change "
		    "a value first."));
	}
	return cgi_call(c, "POST", json_pack("{s:o,s:b}", "changes", changes,
	    "dry_run", dry_run), answer, "/settings");
}

/* ---- actions */

static int settings_get(struct cgi *c);

static int
settings_preview(struct cgi *c)
{
	json_t *answer = NULL;
	int rc = changes_send(c, true, &answer);

	if (rc < 0)
		return rc;
	json_object_set(c->view, "preview", json_object_get(answer,
	    "would_change"));
	json_decref(answer);
	if ((rc = settings_get(c)) == 0)
		answer_page(c);
	return rc;
}

static int
settings_apply(struct cgi *c)
{
	return changes_send(c, false, NULL);
}

static int
settings_undo(struct cgi *c)
{
	return cgi_call(c, "POST", NULL, NULL, "/settings/undo");
}

/* ---- the page */

/* What the template needs of one setting besides what releaserd tells. */
static void
setting_view(const struct cgi *c, json_t *s)
{
	const char *name = json_string_value(json_object_get(s, "name"));
	const char *help = json_string_value(json_object_get(s, "help"));
	const char *kind = json_string_value(json_object_get(s, "kind"));
	const char *to = name != NULL ? typed(c, name) : NULL;

	if (to != NULL)
		json_object_set_new(s, "shown", json_string(to));
	else
		json_object_set(s, "shown", json_object_get(s, "value"));
	if (help != NULL)
		json_object_set_new(s, "help", json_string(tr(help)));
	json_object_set_new(s, "bad", json_boolean(name != NULL &&
	    strcmp(name, c->bad_field) == 0));
	json_object_set_new(s, "list", json_boolean(kind != NULL &&
	    strcmp(kind, "choice") == 0));
	json_object_set_new(s, "yesno", json_boolean(kind != NULL &&
	    strcmp(kind, "yes-no") == 0));
}

static int
settings_get(struct cgi *c)
{
	json_t *answer = NULL, *s;
	size_t i;
	int rc = cgi_get(c, &answer, "/settings");

	if (rc < 0)
		return rc;
	json_array_foreach(json_object_get(answer, "settings"), i, s)
		setting_view(c, s);
	json_object_set(c->view, "settings", json_object_get(answer,
	    "settings"));
	json_object_set(c->view, "path", json_object_get(answer, "path"));
	json_object_set(c->view, "undo", json_object_get(answer, "undo"));
	json_decref(answer);
	return 0;
}

static const struct action settings_actions[] = {
	{ "preview", settings_preview, NULL },
	{ "apply", settings_apply, "The settings are changed." },
	{ "undo", settings_undo, "The settings are as they were before." },
	{ NULL, NULL, NULL }
};

const struct page admin_settings = {
	.path = "admin/settings.cgi",
	.title = "Settings",
	.need = FOR_ADMIN,
	.security = true,
	.menu = "Server",
	.get = settings_get,
	.actions = settings_actions
};
