/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What goes back to cupsd: headers and a page, a file, or the way on. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/rand.h>

#include "cgi/cgi.h"
#include "cgi/priv.h"
#include "lib/text.h"

#ifndef REL_TEMPLATES
#define REL_TEMPLATES "/usr/share/cups-release/templates"
#endif

const char *
templates_folder(void)
{
	const char *s = getenv("CUPS_RELEASE_TEMPLATES");

	return s != NULL && s[0] == '/' ? s : REL_TEMPLATES;
}

int
answer_status(int rc)
{
	switch (-rc) {
	case 0: return 200;
	case REL_E_DENIED: return 403;
	case REL_E_NOTFOUND: return 404;
	case REL_E_NOTHELD:
	case REL_E_EXISTS: return 409;
	case REL_E_LIMIT: return 413;
	case REL_E_PEER:
	case REL_E_FULL:
	case REL_E_TIMEOUT: return 503;
	case REL_E_FORMAT: return 422;
	default: return 500;
	}
}

/*
 * Of all headers of a program cupsd takes one, the first it knows; and when
 * the status is not 200 it shows a page of its own instead (doc/web.md).  So
 * a page has its type and nothing else, and says itself what is wrong.
 */
static void
type(const char *name)
{
	printf("Content-Type: %s\n\n", name);
}

int
cgi_send(struct cgi *c, const char *name, const void *data, size_t len)
{
	type(name);
	if (len > 0)
		fwrite(data, 1, len, stdout);
	c->answered = true;
	return CGI_ANSWERED;
}

/* Our own paths are plain ASCII; whatever else came in stays out of headers. */
static void
put_plain(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s > ' ' && (unsigned char)*s < 127)
			putchar(*s);
}

void
answer_go(struct cgi *c, const char *where, const char *said)
{
	printf("Location: /release/");
	put_plain(where);
	if (said[0] != '\0') {
		printf("%csaid=", strchr(where, '?') != NULL ? '&' : '?');
		put_plain(said);
	}
	printf("\n\n");
	c->answered = true;
}

/* ---- the view's common part */

static json_t *
menu_item(const struct cgi *c, const struct page *p)
{
	return json_pack("{s:s,s:s,s:b}", "path", p->path, "title",
	    tr(p->title), "current", p == c->page);
}

/* [{group, items: [{path, title, current}]}] in the order of pages.def. */
static json_t *
menu(const struct cgi *c)
{
	json_t *groups = json_array(), *items = NULL;
	const char *last = "";

	for (size_t i = 0; pages[i] != NULL; i++) {
		const struct page *p = pages[i];

		if (p->menu == NULL || (cgi_closed(c, p) && !(p->security &&
		    cgi_backup_open(c))) || (p->menu_if != NULL &&
		    !json_is_true(json_object_get(c->me, p->menu_if))))
			continue;
		if (strcmp(p->menu, last) != 0) {
			items = json_array();
			json_array_append_new(groups, json_pack("{s:s,s:o}",
			    "group", tr(p->menu), "items", items));
			last = p->menu;
		}
		json_array_append_new(items, menu_item(c, p));
	}
	return groups;
}

/*
 * What releaserd says is English.  For its problem codes a catalogue may have
 * words ("!job-not-held"); releaserd's own, which say more, follow then.
 */
static void
view_error(struct cgi *c)
{
	char key[80], both[500];
	const char *words;

	if (c->err.text[0] == '\0')
		return;
	snprintf(key, sizeof key, "!%s", c->problem);
	words = tr(key);
	if (words == key || c->problem[0] == '\0')
		words = tr(c->err.text);
	else {
		snprintf(both, sizeof both, "%s (%s)", words, c->err.text);
		words = both;
	}
	cgi_put_text(c, "error", words);
}

static void
view_common(struct cgi *c)
{
	struct rel_buf here;
	uint8_t once[16];
	char hex[33];

	if (RAND_bytes(once, sizeof once) != 1)
		memset(once, 0, sizeof once);
	rel_hex(hex, once, sizeof once);
	cgi_put_text(c, "once", hex);
	rel_buf_init(&here);
	request_query(&c->rq, &here);
	rel_put_u8(&here, 0);
	if (!here.failed)
		cgi_put_text(c, "here", (const char *)here.data);
	rel_buf_fini(&here);
	cgi_put_text(c, "base", "/release/");
	cgi_put_text(c, "lang", catalog_lang());
	cgi_put_text(c, "page", c->page != NULL ? c->page->path : "");
	cgi_put_text(c, "bad_field", c->bad_field);
	if (c->me != NULL) {
		json_object_set(c->view, "me", c->me);
		cgi_put(c, "menu", menu(c));
	}
	view_error(c);
}

/* ---- the page */

/* "admin/users.cgi" has the template "admin-users". */
static void
template_name(char out[80], const char *path)
{
	size_t n = strcspn(path, ".");

	snprintf(out, 80, "%.*s", n < 70 ? (int)n : 70, path);
	for (char *p = out; *p != '\0'; p++)
		if (*p == '/')
			*p = '-';
}

static int
body(struct cgi *c, struct rel_buf *out, const char *template)
{
	const char *folder = templates_folder();
	int rc = template_expand(out, folder, "top", c->view, &c->err);

	if (rc == 0)
		rc = template_expand(out, folder, template, c->view, &c->err);
	if (rc == 0)
		rc = template_expand(out, folder, "bottom", c->view, &c->err);
	return rc;
}

/* Too broken for templates: still a page. */
static void
answer_plain(const struct cgi *c)
{
	struct rel_buf b;

	rel_buf_init(&b);
	template_escape(&b, c->err.text);
	type("text/html; charset=utf-8");
	printf("<!DOCTYPE HTML><html lang=\"en\"><head><title>Print Release"
	    "</title></head><body><h1>Print Release</h1><p>%.*s</p></body>"
	    "</html>\n", (int)b.len, b.data != NULL ? (char *)b.data : "");
	rel_buf_fini(&b);
}

static void
answer_with(struct cgi *c, const char *template, const char *title, int status)
{
	struct rel_buf out;
	int rc;

	view_common(c);
	cgi_put(c, "status", json_integer(status));
	rel_buf_init(&out);
	rc = frame_header(&out, title, &c->err);
	if (rc == 0)
		rc = body(c, &out, template);
	if (rc == 0)
		rc = frame_trailer(&out, &c->err);
	if (rc < 0 || out.failed) {
		answer_plain(c);
	} else {
		type("text/html; charset=utf-8");
		fwrite(out.data, 1, out.len, stdout);
	}
	rel_buf_fini(&out);
	c->answered = true;
}

void
answer_page(struct cgi *c)
{
	const char *own = json_string_value(json_object_get(c->view, "title"));
	char name[80];

	template_name(name, c->page->path);
	answer_with(c, name, own != NULL ? own : tr(c->page->title),
	    c->status != 0 ? c->status : 200);
}

void
answer_error(struct cgi *c)
{
	answer_with(c, "error", tr("Print Release"),
	    c->status != 0 ? c->status : answer_status(-c->err.code));
}
