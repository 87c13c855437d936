/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * The price list and the rules: texts that are checked, saved as a new version
 * and tried: on recorded jobs; rules on one job, too.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cgi/admin/admin.h"
#include "cgi/admin/simulate.h"
#include "cgi/money.h"

#define AROUND 2u		/* lines shown before and behind a wrong one */
#define VALUE "v-"

static const char *
path_of(const struct cgi *c)
{
	return strcmp(c->page->path, "admin/rules.cgi") == 0 ? "/rules" :
	    "/prices";
}

/* ---- the text of the form */

static size_t
line_len(const char *s)
{
	return strcspn(s, "\n");
}

/* One line, the wrong word of it apart. */
static json_t *
line_json(const char *s, unsigned n, bool bad, const char *word)
{
	size_t len = line_len(s), before = len;
	char *line = strndup(s, len);
	char *at = line != NULL && bad && word[0] != '\0' ?
	    strstr(line, word) : NULL;
	json_t *o;

	if (at != NULL)
		before = (size_t)(at - line);
	else
		word = "";
	o = json_pack("{s:i,s:b,s:s%,s:s,s:s}", "n", (int)n, "bad", bad,
	    "before", s, before, "word", word, "after", at != NULL ?
	    at + strlen(word) : "");
	free(line);
	return o;
}

/* The wrong line of the text and those around it, into the view. */
static void
excerpt(struct cgi *c, const char *text, unsigned bad, const char *word)
{
	json_t *lines = json_array();
	unsigned n = 1;

	for (const char *s = text; n <= bad + AROUND; n++) {
		if (n + AROUND >= bad)
			json_array_append_new(lines, line_json(s, n, n == bad,
			    word));
		s += line_len(s);
		if (*s == '\0')
			break;
		s++;
	}
	cgi_put(c, "excerpt", lines);
}

/* 'line 3, "pagez": this is no condition' of releaserd. */
static void
blame(struct cgi *c)
{
	const char *s = strstr(c->err.text, "line ");
	char word[80] = "";
	unsigned line = 0;
	json_t *text;

	if (strcmp(c->problem, "text-invalid") != 0)
		return;
	snprintf(c->bad_field, sizeof c->bad_field, "text");
	if (s == NULL || sscanf(s, "line %u, \"%79[^\"]\"", &line, word) < 1)
		return;
	if ((text = admin_lines(c, "text")) != NULL)
		excerpt(c, json_string_value(text), line, word);
	json_decref(text);
}

/* ---- actions */

static int
send_text(struct cgi *c, bool dry_run)
{
	json_t *text = admin_lines(c, "text");
	int rc;

	if (text == NULL)
		return rel_err_set(&c->err, REL_E_NOMEM, "no memory");
	rc = cgi_call(c, "POST", json_pack("{s:o,s:b}", "text", text,
	    "dry_run", dry_run), NULL, path_of(c));
	if (rc < 0)
		blame(c);
	return rc;
}

static int book_get(struct cgi *c);

/* The page again, with what was typed, and what came of it. */
static int
again(struct cgi *c)
{
	int rc = book_get(c);

	if (rc == 0)
		answer_page(c);
	return rc;
}

static int
book_check(struct cgi *c)
{
	int rc = send_text(c, true);

	if (rc < 0)
		return rc;
	cgi_put(c, "checked", json_true());
	return again(c);
}

/* On recorded jobs. */
static int
book_simulate(struct cgi *c)
{
	json_t *text = admin_lines(c, "text");
	int rc;

	if (text == NULL)
		return rel_err_set(&c->err, REL_E_NOMEM, "no memory");
	rc = simulate_text(c, json_string_value(text),
	    strcmp(path_of(c), "/rules") == 0);
	json_decref(text);
	if (rc < 0) {
		blame(c);
		return rc;
	}
	return again(c);
}

static int
book_save(struct cgi *c)
{
	int rc = send_text(c, false);

	snprintf(c->go, sizeof c->go, "%s", c->page->path);
	return rc;
}

/* ---- rules: what they say of a job */

/* {"pages": "30"} of the fields of the form. */
static json_t *
values_typed(const struct cgi *c)
{
	json_t *values = json_object();

	for (size_t i = c->rq.nquery; i < c->rq.nfields; i++) {
		const struct field *f = &c->rq.field[i];

		if (strncmp(f->name, VALUE, strlen(VALUE)) == 0 &&
		    f->value[0] != '\0')
			json_object_set_new(values, f->name + strlen(VALUE),
			    strcmp(f->name, VALUE "cost") == 0 ||
			    strcmp(f->name, VALUE "money-left") == 0 ?
			    money_typed(f->value) : json_string(f->value));
	}
	return values;
}

/* Changes in words, and whether anything is said at all. */
static void
moment_words(json_t *moment)
{
	static const char *const changes[] = { "force", "instead" };
	json_t *verdict = json_object_get(moment, "verdict");
	struct rel_buf b;

	for (size_t i = 0; i < 2; i++) {
		const char *s = json_string_value(json_object_get(verdict,
		    changes[i]));

		rel_buf_init(&b);
		if (s != NULL)
			money_change_words(&b, s);
		rel_put_u8(&b, 0);
		if (!b.failed)
			json_object_set_new(verdict, changes[i],
			    json_string((char *)b.data));
		rel_buf_fini(&b);
	}
}

static int
rules_try(struct cgi *c)
{
	const char *job = cgi_text(c, "job");
	json_t *text = admin_lines(c, "text"), *answer = NULL, *body, *m;
	size_t i;
	int rc;

	if (text == NULL)
		return rel_err_set(&c->err, REL_E_NOMEM, "no memory");
	body = json_pack("{s:o}", "text", text);
	if (job[0] != '\0')
		json_object_set_new(body, "job", json_string(job));
	else
		json_object_set_new(body, "values", values_typed(c));
	if ((rc = cgi_call(c, "POST", body, &answer, "/rules/try")) < 0) {
		blame(c);
		return rc;
	}
	json_array_foreach(json_object_get(answer, "moments"), i, m)
		moment_words(m);
	json_object_set(c->view, "moments", json_object_get(answer,
	    "moments"));
	json_decref(answer);
	return again(c);
}

/* The fields of a made-up job. */
static json_t *
try_fields(const struct cgi *c)
{
	static const struct {
		const char *name, *label, *like;
	} fields[] = {
		{ "user", N_("User"), "anna" },
		{ "group", N_("Groups"), "Staff, Design" },
		{ "queue", N_("Queue"), "" },
		{ "device", N_("Device"), "" },
		{ "title", N_("Title"), "" },
		{ "format", N_("Format"), "pdf" },
		{ "pages", N_("Pages"), "30" },
		{ "colour-pages", N_("Pages in colour"), "4" },
		{ "copies", N_("Copies"), "1" },
		{ "sheets", N_("Sheets"), "15" },
		{ "cost", N_("Price"), "2.50" },
		{ "money-left", N_("Money that is left"), "10.00" },
		{ "time", N_("Time of day"), "22:15" },
		{ "day", N_("Day of the week"), "fri" }
	};
	json_t *list = json_array();

	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
		char name[40];

		snprintf(name, sizeof name, VALUE "%s", fields[i].name);
		json_array_append_new(list, json_pack("{s:s,s:s,s:s,s:s}",
		    "field", name, "label", tr(fields[i].label), "like",
		    fields[i].like, "value", cgi_text(c, name)));
	}
	return list;
}

/* ---- the page */

/* What is in the text area: typed, or the version that is shown. */
static void
shown(struct cgi *c, const json_t *book)
{
	json_t *text = c->rq.post && cgi_field(c, "text") != NULL ?
	    admin_lines(c, "text") : json_incref(json_object_get(book, "text"));

	cgi_put(c, "text", text != NULL ? text : json_string(""));
}

static int
rules_view(struct cgi *c)
{
	json_t *job;
	size_t i;
	int rc;

	cgi_put(c, "rules", json_true());
	cgi_put(c, "fields", try_fields(c));
	if (c->role < FOR_OPERATOR)
		return 0;
	rc = cgi_view(c, "jobs", "jobs",
	    "/jobs?job_state=held&order=newest&limit=50");
	json_array_foreach(json_object_get(c->view, "jobs"), i, job) {
		const char *id = json_string_value(json_object_get(job, "id"));

		json_object_set_new(job, "chosen", json_boolean(id != NULL &&
		    strcmp(id, cgi_text(c, "job")) == 0));
	}
	return rc;
}

static int
book_get(struct cgi *c)
{
	const char *version = admin_query(c, "version");
	json_t *book = NULL, *now = NULL;
	char path[40];
	int rc = cgi_get(c, &now, path_of(c));

	if (rc < 0)
		return rc;
	snprintf(path, sizeof path, "%s?version=*", path_of(c));
	if (version[0] != '\0' && (rc = cgi_get(c, &book, path,
	    version)) < 0) {
		json_decref(now);
		return rc;
	}
	json_object_set(c->view, "holds", now);
	json_object_set(c->view, "book", book != NULL ? book : now);
	cgi_put(c, "old", json_boolean(book != NULL && !json_equal(
	    json_object_get(book, "version"), json_object_get(now,
	    "version"))));
	shown(c, book != NULL ? book : now);
	json_decref(book);
	json_decref(now);
	admin_may_change(c, FOR_ADMIN);
	rc = simulate_form(c);
	return rc == 0 && strcmp(path_of(c), "/rules") == 0 ? rules_view(c) :
	    rc;
}

static const struct action prices_actions[] = {
	{ "check", book_check, NULL },
	{ "simulate", book_simulate, NULL },
	{ "save", book_save, "Saved: these prices hold from now on." },
	{ NULL, NULL, NULL }
};

const struct page admin_prices = {
	.path = "admin/prices.cgi",
	.title = "Prices",
	.need = FOR_HELPDESK,
	.menu = "Money",
	.get = book_get,
	.actions = prices_actions
};

static const struct action rules_actions[] = {
	{ "check", book_check, NULL },
	{ "simulate", book_simulate, NULL },
	{ "try", rules_try, NULL },
	{ "save", book_save, "Saved: these rules hold from now on." },
	{ NULL, NULL, NULL }
};

const struct page admin_rules = {
	.path = "admin/rules.cgi",
	.title = "Rules",
	.need = FOR_HELPDESK,
	.menu = "Money",
	.get = book_get,
	.actions = rules_actions
};
