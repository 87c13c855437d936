/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* releasectl user import, export, data, erase, unlock */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"

#define TABLE_MAX (4u << 20)

static const struct ctl_column preview_columns[] = {
	{ "LINE", "line", COL_INT }, { "NAME", "name", COL_TEXT },
	{ "WHAT", "what", COL_TEXT }, { "FIELDS", "changes", COL_TEXT },
	{ NULL, NULL, COL_TEXT }
};

static const struct ctl_column problem_columns[] = {
	{ "LINE", "line", COL_INT }, { "FIELD", "field", COL_TEXT },
	{ "PROBLEM", "text", COL_TEXT }, { NULL, NULL, COL_TEXT }
};

/* "display, card": the fields of each row, for the table. */
static void
name_changes(json_t *rows)
{
	json_t *row, *field;
	size_t i, k;

	json_array_foreach(rows, i, row) {
		char text[200] = "";
		size_t at = 0;

		json_array_foreach(json_object_get(row, "fields"), k, field) {
			int n = snprintf(text + at, sizeof text - at, "%s%s",
			    k > 0 ? ", " : "", json_string_value(
			    json_object_get(field, "field")));

			if (n < 0 || (size_t)n >= sizeof text - at)
				break;
			at += (size_t)n;
		}
		json_object_set_new(row, "changes", json_string(text));
	}
}

/* What an import or an undo did; fails when there were problems. */
static int
print_report(struct ctl *c, json_t *o)
{
	json_t *problems = json_object_get(o, "problems");
	json_t *preview = json_object_get(o, "preview");
	size_t bad = json_array_size(problems);
	json_int_t fresh = 0, changed = 0, unchanged = 0, deleted = 0;

	json_unpack(o, "{s:I,s:I,s:I,s:I}", "new", &fresh, "changed",
	    &changed, "unchanged", &unchanged, "deleted", &deleted);
	if (c->opt[OPT_JSON] != NULL) {
		ctl_print_json(o);
	} else if (bad > 0) {
		ctl_table(problems, problem_columns);
	} else {
		name_changes(preview);
		if (c->opt[OPT_DRY_RUN] != NULL &&
		    json_array_size(preview) > 0)
			ctl_table(preview, preview_columns);
		printf("%s%lld new, %lld changed, %lld unchanged, %lld "
		    "deleted.\n", c->opt[OPT_DRY_RUN] != NULL ?
		    "It would be: " : "", (long long)fresh,
		    (long long)changed, (long long)unchanged,
		    (long long)deleted);
	}
	json_decref(o);
	return bad == 0 ? 0 : rel_err_set(&c->err, REL_E_DENIED,
	    "nothing was changed: see the problems above");
}

int
user_import(struct ctl *c)
{
	size_t len;
	const char *path = c->nargs > 0 ? c->arg[0] :
	    c->opt[OPT_STDIN] != NULL ? "-" : NULL;
	char *text;
	json_t *body, *o;
	int rc;

	if (path == NULL)
		return ctl_misuse(c, "which file?");
	if ((text = ctl_read_file(c, path, TABLE_MAX, &len)) == NULL)
		return -c->err.code;
	body = json_pack("{s:s%,s:b,s:b}", "csv", text, len, "dry_run",
	    c->opt[OPT_DRY_RUN] != NULL, "delete_missing",
	    c->opt[OPT_DELETE_MISSING] != NULL);
	rel_wipe(text, len);
	free(text);
	if (body == NULL)
		return rel_err_set(&c->err, REL_E_FORMAT,
		    "%.100s is no UTF-8 text", path);
	rc = ctl_call(c, "POST", "/users/import", "", body, &o);
	ctl_free_secret(body);
	return rc < 0 ? rc : print_report(c, o);
}

int
user_import_undo(struct ctl *c)
{
	json_t *o;
	int rc = ctl_call(c, "POST", "/users/import/undo", "", NULL, &o);

	return rc < 0 ? rc : print_report(c, o);
}

/* Every part of a list behind path, until there is none; part is freed. */
static int
each_part(struct ctl *c, const char *path, const char *arg,
    int (*take)(json_t *part, void *ctx), void *ctx)
{
	char next[300] = "", url[400];
	json_t *o;
	int rc;

	do {
		const char *after;
		struct rel_buf b;

		rel_buf_init(&b);
		rel_api_escape(&b, next);
		rel_put_u8(&b, 0);
		snprintf(url, sizeof url, "%s%s%s", path, next[0] != '\0' ?
		    "?after=" : "", next[0] != '\0' && !b.failed ?
		    (const char *)b.data : "");
		rel_buf_fini(&b);
		if ((rc = ctl_call(c, "GET", url, arg, NULL, &o)) < 0)
			return rc;
		after = json_string_value(json_object_get(o, "next"));
		snprintf(next, sizeof next, "%s", after != NULL ? after : "");
		rc = take(o, ctx);
		json_decref(o);
	} while (rc == 0 && next[0] != '\0');
	return rc;
}

static int
write_part(json_t *part, void *ctx)
{
	const char *s = json_string_value(json_object_get(part, "csv"));

	return s != NULL && fputs(s, ctx) >= 0 ? 0 : -REL_E_IO;
}

int
user_export(struct ctl *c)
{
	const char *path = c->opt[OPT_OUTPUT];
	FILE *f = path != NULL ? fopen(path, "we") : stdout;
	int rc;

	if (f == NULL)
		return rel_err_sys(&c->err, REL_E_IO, "cannot write %.100s",
		    path);
	rc = each_part(c, "/users/export", "", write_part, f);
	if (rc == -REL_E_IO || fflush(f) != 0)
		rc = rel_err_sys(&c->err, REL_E_IO, "cannot write %.100s",
		    path != NULL ? path : "the table");
	if (path != NULL)
		fclose(f);
	return rc;
}

static int
data_part(json_t *part, void *ctx)
{
	json_t **all = ctx;

	if (*all == NULL) {
		*all = json_incref(part);
		return 0;
	}
	return json_array_extend(json_object_get(*all, "jobs"),
	    json_object_get(part, "jobs")) < 0 ? -REL_E_NOMEM : 0;
}

int
user_data(struct ctl *c)
{
	json_t *all = NULL;
	int rc = each_part(c, "/users/*/data", c->arg[0], data_part, &all);

	if (rc == 0) {
		json_object_set_new(all, "next", json_null());
		ctl_print_json(all);
	}
	json_decref(all);
	return rc;
}

int
user_erase(struct ctl *c)
{
	json_int_t jobs = 0, held = 0;
	const char *as = "";
	json_t *o;
	int rc = ctl_call(c, "POST", "/users/*/erase", c->arg[0], NULL, &o);

	if (rc < 0)
		return rc;
	json_unpack(o, "{s:s,s:I,s:I}", "pseudonym", &as, "jobs", &jobs,
	    "deleted_jobs", &held);
	return ctl_told(c, o, "%s is erased. Records of %lld jobs stay under "
	    "the name %s; %lld held jobs were deleted.\n", c->arg[0],
	    (long long)jobs, as, (long long)held);
}

int
user_locked(struct ctl *c)
{
	static const struct ctl_column columns[] = {
		{ "KIND", "kind", COL_TEXT }, { "WHO", "name", COL_TEXT },
		{ "UNTIL", "until", COL_TIME }, { 0 }
	};
	json_t *o;
	int rc = ctl_call(c, "GET", "/lockouts", NULL, NULL, &o);

	if (rc < 0)
		return rc;
	if (c->opt[OPT_JSON] != NULL)
		ctl_print_json(o);
	else
		ctl_table(json_object_get(o, "lockouts"), columns);
	json_decref(o);
	return 0;
}

int
user_unlock(struct ctl *c)
{
	json_t *o;
	int rc = 0;

	for (int i = 0; i < c->nargs && rc == 0; i++) {
		rc = ctl_call(c, "POST", "/users/*/unlock", c->arg[i], NULL,
		    &o);
		if (rc < 0)
			break;
		ctl_told(c, o, "%s may log in again.\n", c->arg[i]);
	}
	return rc;
}
