/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * All pages under /release/ (doc/web.md): cupsd starts this program by the
 * name of a page.  main() is the table of steps.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cgi/cgi.h"
#include "cgi/priv.h"

/* ---- the visitor's certificate (doc/web.md, "Who the visitor is") */

/* 32 digits from the file; false: it is not there, or not written yet. */
static bool
certificate_take(char cert[33], const char *path)
{
	FILE *f = fopen(path, "re");
	size_t n = 0;

	if (f != NULL) {
		n = fread(cert, 1, 32, f);
		fclose(f);
	}
	cert[n] = '\0';
	return n == 32;
}

/*
 * What cupsd keeps for this very process while it runs.  It writes that after
 * the start, so that a process can be faster: then wait a little.
 */
static int
certificate_read(char cert[33], struct rel_err *err)
{
	static const struct timespec moment = { 0, 2000000 };
	const char *state = getenv("CUPS_STATEDIR");
	const char *user = getenv("REMOTE_USER");
	char path[300];

	snprintf(path, sizeof path, "%.200s/certs/%ld",
	    state != NULL ? state : "/run/cups", (long)getpid());
	for (int i = 0; i < 500; i++) {
		if (certificate_take(cert, path))
			return 0;
		if (user == NULL || user[0] == '\0')
			break;
		nanosleep(&moment, NULL);
	}
	return rel_err_set(err, REL_E_DENIED,
	    "cupsd does not say who you are: log in");
}

static const char *
api_socket(void)
{
	const char *s = getenv("CUPS_RELEASE_API");

	return s != NULL && s[0] == '/' ? s : REL_RUNDIR "/api.sock";
}

/* ---- steps */

static int
step_language(struct cgi *c)
{
	(void)c;
	catalog_load(templates_folder(), getenv("LANG"));
	return 0;
}

static int
step_request(struct cgi *c)
{
	int rc = request_read(&c->rq, &c->err);

	for (size_t i = 0; pages[i] != NULL && c->rq.script != NULL; i++)
		if (strcmp(pages[i]->path, c->rq.script) == 0)
			c->page = pages[i];
	if (rc == 0 && c->page == NULL)
		rc = rel_err_set(&c->err, REL_E_NOTFOUND,
		    "there is no such page");
	return rc;
}

static int
step_visitor(struct cgi *c)
{
	char cert[33];
	int rc = certificate_read(cert, &c->err);

	if (rc == 0)
		rc = rel_api_new(&c->api, api_socket(), &c->err);
	if (rc == 0)
		rel_api_visitor(c->api, cert);
	rel_wipe(cert, sizeof cert);
	return rc == 0 ? cgi_get(c, &c->me, "/me?csrf=*",
	    c->rq.post ? cgi_text(c, "csrf") : "") : rc;
}

static int
step_role(struct cgi *c)
{
	static const char *const names[] = { "user", "helpdesk", "operator",
	    "administrator" };
	const char *role = json_string_value(json_object_get(c->me, "role"));

	for (int i = 0; i < 4 && role != NULL; i++)
		if (strcmp(role, names[i]) == 0)
			c->role = (enum role_need)i;
	if (!cgi_closed(c, c->page) || (c->page->security &&
	    cgi_backup_open(c)))
		return 0;
	return rel_err_set(&c->err, REL_E_DENIED, "%s", c->role >=
	    c->page->need ? "this page is not open to you" :
	    "your role does not open this page");
}

/* ---- a form */

/* What was typed, for the form that is shown again; no secrets. */
static void
keep_typed(struct cgi *c)
{
	json_t *typed = json_object();

	for (size_t i = c->rq.nquery; i < c->rq.nfields; i++) {
		const struct field *f = &c->rq.field[i];

		if (!f->file && strstr(f->name, "password") == NULL &&
		    strstr(f->name, "pin") == NULL &&
		    strcmp(f->name, "csrf") != 0 &&
		    strcmp(f->name, "once") != 0 &&
		    strcmp(f->name, "here") != 0)
			json_object_set_new(typed, f->name,
			    json_string(f->value));
	}
	cgi_put(c, "typed", typed);
}

/* This page with the query it came with. */
static void
here(const struct cgi *c, struct rel_buf *b)
{
	struct rel_buf query;

	rel_buf_init(&query);
	request_query(&c->rq, &query);
	rel_put_fmt(b, query.len > 0 ? "%s?" : "%s", c->page->path);
	rel_put_raw(b, query.data, query.len);
	rel_buf_fini(&query);
	rel_put_u8(b, 0);
}

static void
go_on(struct cgi *c, const struct action *a)
{
	struct rel_buf b;
	char said[160];

	rel_buf_init(&b);
	if (c->go[0] != '\0')
		rel_put_raw(&b, c->go, strlen(c->go) + 1);
	else
		here(c, &b);
	snprintf(said, sizeof said, "%s", a->said != NULL ? c->page->path :
	    "");
	if (a->said != NULL)
		snprintf(said, sizeof said, "%s:%s", c->page->path, a->name);
	answer_go(c, b.failed ? c->page->path : (char *)b.data, said);
	rel_buf_fini(&b);
}

static const struct action *
action_find(const struct page *p, const char *name)
{
	for (const struct action *a = p->actions;
	    a != NULL && a->name != NULL; a++)
		if (strcmp(a->name, name) == 0)
			return a;
	return NULL;
}

static int
form_check(struct cgi *c, const struct action *a)
{
	if (!json_is_true(json_object_get(c->me, "csrf_ok")))
		return rel_err_set(&c->err, REL_E_DENIED, "this form is too "
		    "old or not from here: nothing was changed, try again");
	if (a == NULL)
		return cgi_bad(c, "do", "%s", "the field \"do\" names nothing "
		    "that can be done here: nothing was changed");
	return 0;
}

static int
step_form(struct cgi *c)
{
	const struct action *a = action_find(c->page, cgi_text(c, "do"));
	int rc;

	if (!c->rq.post)
		return 0;
	rc = form_check(c, a);
	if (rc == 0)
		rc = a->run(c);
	if (rc == 0 && !c->answered)
		go_on(c, a);
	if (rc < 0) {
		keep_typed(c);
		c->status = answer_status(rc);
	}
	return 0;
}

/* ---- the page */

/* "jobs.cgi:delete" is what that page's action says when it is done. */
static void
say(struct cgi *c)
{
	const char *said = cgi_field(c, "said"), *colon;

	if (said == NULL || (colon = strchr(said, ':')) == NULL)
		return;
	for (size_t i = 0; pages[i] != NULL; i++) {
		size_t n = strlen(pages[i]->path);
		const struct action *a;

		if (n != (size_t)(colon - said) ||
		    strncmp(pages[i]->path, said, n) != 0 ||
		    (a = action_find(pages[i], colon + 1)) == NULL ||
		    a->said == NULL)
			continue;
		cgi_put_text(c, "said", tr(a->said));
	}
}

/* An earlier error (of the form) stays; a page that cannot be shown at all
 * has its own. */
static int
step_page(struct cgi *c)
{
	struct rel_err form = c->err;
	int rc;

	if (c->answered)
		return 0;
	c->err.text[0] = '\0';
	c->err.code = 0;
	if (c->status == 0)
		say(c);
	rc = c->page->get(c);
	if (rc == CGI_ANSWERED || c->answered)
		return 0;
	if (rc < 0) {
		c->status = 0;
		return rc;
	}
	c->err = form;
	answer_page(c);
	return 0;
}

static int (*const steps[])(struct cgi *) = {
	step_language, step_request, step_visitor, step_role, step_form,
	step_page
};

int
main(void)
{
	struct cgi c;
	int rc = 0;

	memset(&c, 0, sizeof c);
	c.view = json_object();
	for (size_t i = 0; i < sizeof steps / sizeof steps[0] && rc == 0; i++)
		rc = steps[i](&c);
	if (rc < 0)
		answer_error(&c);
	rc = fflush(stdout);
	rel_api_free(&c.api);
	json_decref(c.view);
	json_decref(c.me);
	request_fini(&c.rq);
	catalog_free();
	return rc == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
