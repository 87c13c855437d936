/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef CGI_H
#define CGI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "lib/api.h"
#include "lib/buf.h"
#include "lib/err.h"

/*
 * The pages under /release/ of the CUPS web interface (doc/web.md): one
 * program, linked to one name a page, started by cupsd for each request.  It
 * is a thin client of the local API and proves who visits by cupsd's own
 * certificate of this process.  A page is one small file with a struct page
 * and one template; pages.def lists them.
 */

/* ---- request.c: what the browser sent, bounded and decoded */

#define CGI_BODY_MAX (4u << 20)
#define CGI_FIELDS_MAX 512

struct field {
	char *name, *value;		/* UTF-8, no NUL; owned */
	size_t len;			/* of value */
	bool file;			/* an uploaded file (multipart) */
};

struct cgi_request {
	bool post;
	char *script;			/* "jobs.cgi", "admin/users.cgi" */
	struct field *field;
	size_t nfields;
	size_t nquery;			/* the first so many: from the query */
};

/*
 * Read the environment (RFC 3875) and, for POST, standard input.  0, or a
 * negative REL_E_* with words for the visitor: -REL_E_LIMIT too large,
 * -REL_E_FORMAT not a form or not UTF-8, -REL_E_DENIED another method.
 */
int request_read(struct cgi_request *r, struct rel_err *err);
void request_fini(struct cgi_request *r);

/* ---- catalog.c: words in the visitor's language */

/*
 * Load templates/LANG/messages.po for the first of lang ("de_DE.UTF8", "de")
 * that there is; English needs none.  Bad files are as none.
 */
void catalog_load(const char *folder, const char *lang);
void catalog_free(void);
const char *catalog_lang(void);			/* "en", "de": for <html lang> */
/* The translation, or english itself.  Lives until catalog_free(). */
const char *tr(const char *english);
/* In a table: a msgid that tr() gets later. */
#define N_(english) english

/* ---- page.h: what a page is */

struct cgi;

/*
 * One thing a form can do.  run reads fields (cgi_field), calls the API and
 * returns 0, then the visitor is sent on to c->go, or, when empty, back to
 * this page with `said` shown above it.  A failure shows the page again with
 * the message, what was typed, and the field that c->bad_field names.
 */
struct action {
	const char *name;		/* of <button name="do" value="..."> */
	int (*run)(struct cgi *c);	/* 0 or negative REL_E_*, words in c->err */
	const char *said;		/* "The job is deleted.", English msgid */
};

/* From which role on a page is for somebody; roles are releaserd's. */
enum role_need { FOR_USER, FOR_HELPDESK, FOR_OPERATOR, FOR_ADMIN };

struct page {
	const char *path;		/* "jobs.cgi", "admin/users.cgi" */
	const char *title;		/* "My jobs", English msgid; also in the menu */
	enum role_need need;
	bool security;			/* the backup password opens it, too */
	const char *menu;		/* group in the menu, English msgid; NULL: not
					 * in the menu (reached from another page) */
	const char *menu_if;		/* there only when GET /me has this member
					 * true; NULL: always */
	/*
	 * Fill c->view for the template "jobs.tmpl" / "admin-users.tmpl".  May
	 * instead answer itself (cgi_send) and return CGI_ANSWERED.
	 */
	int (*get)(struct cgi *c);
	const struct action *actions;	/* ends with name NULL; NULL for none */
};
#define CGI_ANSWERED 1

/* Everything of one request. */
struct cgi {
	struct cgi_request rq;
	const struct page *page;
	struct rel_api *api;
	json_t *me;			/* GET /api/v1/me */
	enum role_need role;		/* of the visitor */
	json_t *view;			/* what the template sees; owned */
	struct rel_err err;
	char bad_field[64];		/* form field the error is about, or "" */
	char go[512];			/* where a done action leads, "jobs.cgi?x=1" */
	char problem[64];		/* problem code of the last failed call */
	unsigned calls;			/* changes asked for so far */
	bool answered;			/* cgi_send() was used */
	int status;			/* what it would be as HTTP status; 0: 200 */
};

extern const struct page *const pages[];	/* ends with NULL */

/* ---- cgi.c: for pages */

/* A field of form or query; NULL (get) or "" (text) when there is none. */
const char *cgi_field(const struct cgi *c, const char *name);
const char *cgi_text(const struct cgi *c, const char *name);
/* All fields of this name, one after the other: *at starts at 0. */
const char *cgi_next(const struct cgi *c, const char *name, size_t *at);
/* Is it there and one of 1 on yes true? (a check box) */
bool cgi_on(const struct cgi *c, const char *name);

/*
 * Call the API: path below /api/v1 in which each '*' stands for the next of
 * the strings that follow, percent-encoded (as many as there are stars).
 * out may be NULL.  Errors as rel_api_call(); words are in c->err, the
 * problem's code in c->problem.
 */
int cgi_get(struct cgi *c, json_t **out, const char *path, ...);
/* A change; body is taken (and wiped). Uses the form's "once" value as
 * Idempotency-Key, so that a form sent twice does one thing. */
int cgi_call(struct cgi *c, const char *method, json_t *body, json_t **out,
    const char *path, ...);
/* cgi_get() and put the answer (or its member key, when not NULL) into the
 * view under name. */
int cgi_view(struct cgi *c, const char *name, const char *key,
    const char *path, ...);

/* Put into the view (overwrites); text NULL removes. */
void cgi_put(struct cgi *c, const char *name, json_t *value);	/* takes */
void cgi_put_text(struct cgi *c, const char *name, const char *text);
/* SVG of plot.c or qr.c for {!name}: the only way past escaping. */
void cgi_put_svg(struct cgi *c, const char *name, struct rel_buf *svg);	/* frees */

/* Does neither the visitor's role nor the table of functions open it? */
bool cgi_closed(const struct cgi *c, const struct page *p);

/* Has the visitor opened the pages of security with the backup password? */
bool cgi_backup_open(const struct cgi *c);

/* The error is about this field of the form: returns -REL_E_FORMAT. */
int cgi_bad(struct cgi *c, const char *field, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Answer with something else than a page: an image, CSV, PDF.  Under which
 * name it is saved, the link says: <a download="jobs.csv">.  Returns
 * CGI_ANSWERED. */
int cgi_send(struct cgi *c, const char *type, const void *data, size_t len);

/* ---- answer.c: what goes back to cupsd */

/* The page of c->page (view filled), or c->err as a page of its own. */
void answer_page(struct cgi *c);
void answer_error(struct cgi *c);
/* 303 to a path below /release/. */
void answer_go(struct cgi *c, const char *where, const char *said);
/* The HTTP status that fits a negative REL_E_*. */
int answer_status(int rc);

/* ---- template.c: {name}, {if}, {each} over JSON; see doc/web.md */

/* Expand text over view into out. 0, or -REL_E_FORMAT with line in err. */
int template_expand(struct rel_buf *out, const char *folder,
    const char *name, const json_t *view, struct rel_err *err);
int template_text(struct rel_buf *out, const char *text, size_t len,
    const json_t *view, struct rel_err *err);
/* Append s with & < > " ' escaped. */
void template_escape(struct rel_buf *out, const char *s);

/* ---- frame.c: CUPS's own header and trailer around our pages */
int frame_header(struct rel_buf *out, const char *title, struct rel_err *err);
int frame_trailer(struct rel_buf *out, struct rel_err *err);

#endif
