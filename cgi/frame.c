/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * CUPS's own header and trailer around our pages, from its templates in the
 * visitor's language.  What they have that a strict Content-Security-Policy
 * forbids (script and style in the page) is left out; landmarks and the
 * language, which a screen reader needs, are put in.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cgi/cgi.h"

#define FILE_MAX (64u << 10)
#define NESTED_MAX 8u

/* cupsd lets no such header of ours through (doc/web.md); its own forbids
 * frames. */
static const char head_first[] = "<head>\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\""
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'\">\n"
    "<meta name=\"referrer\" content=\"same-origin\">\n";
static const char head_more[] =
    "<link rel=\"stylesheet\" href=\"/release/static/release.css\">\n"
    "<link rel=\"stylesheet\" href=\"/release/static/plot.css\">\n"
    "<script src=\"/release/static/release.js\" defer></script>\n";

/* What stands for itself when a CUPS is built without web interface. */
static const char plain_header[] = "<!DOCTYPE HTML><html><head>"
    "<meta charset=\"utf-8\"><meta name=\"viewport\" "
    "content=\"width=device-width\"><title>{title}</title></head><body>"
    "<div class=\"cups-body\"><h1>{title}</h1>";
static const char plain_trailer[] = "</div></body></html>";

static char *
template_file(const char *name)
{
	const char *data = getenv("CUPS_DATADIR");
	char path[600], *text = calloc(1, FILE_MAX);
	FILE *f = NULL;

	if (data == NULL)
		data = "/usr/share/cups";
	if (strcmp(catalog_lang(), "en") != 0) {
		snprintf(path, sizeof path, "%.400s/templates/%s/%s", data,
		    catalog_lang(), name);
		f = fopen(path, "re");
	}
	if (f == NULL) {
		snprintf(path, sizeof path, "%.400s/templates/%s", data, name);
		f = fopen(path, "re");
	}
	if (f == NULL || text == NULL || fread(text, 1, FILE_MAX - 1, f) == 0) {
		free(text);
		text = NULL;
	}
	if (f != NULL)
		fclose(f);
	return text;
}

/* ---- the words of CUPS's templates: {name} {name?yes:no} {name=x?yes:no} */

static const char *
variable(const char *name, size_t n, const char *title)
{
	if (n == 5 && strncmp(name, "title", n) == 0)
		return title;
	if (n == 7 && strncmp(name, "SECTION", n) == 0)
		return "release";
	return "";
}

/* The ':' or '}' that belongs to this level; NULL when there is none. */
static const char *
level_end(const char *p, const char *end, char want)
{
	unsigned depth = 0;

	for (; p < end; p++) {
		if (*p == '\\' && p + 1 < end)
			p++;
		else if (*p == '{')
			depth++;
		else if (*p == want && depth == 0)
			return p;
		else if (*p == '}' && depth-- == 0)
			return NULL;
	}
	return NULL;
}

static void words(struct rel_buf *out, const char *p, const char *end,
    const char *title, unsigned depth);

/* What is between two braces. */
static void
brace(struct rel_buf *out, const char *p, const char *end, const char *title,
    unsigned depth)
{
	size_t n = 0;
	const char *value, *question, *colon;
	bool yes;

	while (p + n < end && strchr("?=!<>~", p[n]) == NULL)
		n++;
	value = variable(p, n, title);
	question = memchr(p + n, '?', (size_t)(end - p) - n);
	if (question == NULL) {
		template_escape(out, value);
		return;
	}
	yes = p[n] == '?' ? value[0] != '\0' : p[n] == '=' &&
	    strlen(value) == (size_t)(question - p) - n - 1 &&
	    strncmp(value, p + n + 1, strlen(value)) == 0;
	colon = level_end(question + 1, end, ':');
	if (colon == NULL)
		colon = end;
	if (yes)
		words(out, question + 1, colon, title, depth + 1);
	else if (colon < end)
		words(out, colon + 1, end, title, depth + 1);
}

static void
words(struct rel_buf *out, const char *p, const char *end, const char *title,
    unsigned depth)
{
	while (p < end) {
		const char *close = NULL;

		if (*p == '{' && depth < NESTED_MAX)
			close = level_end(p + 1, end, '}');
		if (close != NULL) {
			brace(out, p + 1, close, title, depth);
			p = close + 1;
		} else {
			rel_put_u8(out, (uint8_t)*p++);
		}
	}
}

/* ---- what we leave out and put in */

/* Cut every stretch from `from` up to and with `to`. */
static void
cut(char *text, const char *from, const char *to)
{
	char *p, *q;

	while ((p = strcasestr(text, from)) != NULL) {
		if ((q = strcasestr(p + strlen(from), to)) == NULL)
			q = p + strlen(from);
		else
			q += strlen(to);
		memmove(p, q, strlen(q) + 1);
	}
}

static void
tidy(struct rel_buf *out, char *text)
{
	static const struct {
		const char *mark, *before, *after;
	} more[] = {
		{ "<html>", NULL, NULL },
		{ "<head>", head_first, "" },
		{ "</head>", head_more, "</head>" },
		{ "<div class=\"cups-header\">", "",
		    "<div class=\"cups-header\" role=\"banner\">" },
		{ "<div class=\"cups-body\">", "",
		    "<div class=\"cups-body\" role=\"main\">" },
		{ "<div class=\"cups-footer\">", "",
		    "<div class=\"cups-footer\" role=\"contentinfo\">" }
	};
	char *at = text;

	cut(text, "<style", "</style>");
	cut(text, "<script", "</script>");
	cut(text, " onload=\"", "\"");
	for (size_t i = 0; i < sizeof more / sizeof more[0]; i++) {
		char *p = strstr(at, more[i].mark);

		if (p == NULL)
			continue;
		rel_put_raw(out, at, (size_t)(p - at));
		if (more[i].before == NULL)
			rel_put_fmt(out, "<html lang=\"%s\">",
			    catalog_lang());
		else
			rel_put_fmt(out, "%s%s", more[i].before,
			    more[i].after);
		at = p + strlen(more[i].mark);
	}
	rel_put_raw(out, at, strlen(at));
}

static int
part(struct rel_buf *out, const char *file, const char *plain,
    const char *title, struct rel_err *err)
{
	char *text = template_file(file);
	const char *from = text != NULL ? text : plain;
	struct rel_buf b;

	rel_buf_init(&b);
	words(&b, from, from + strlen(from), title, 0);
	rel_put_u8(&b, 0);
	if (!b.failed)
		tidy(out, (char *)b.data);
	free(text);
	rel_buf_fini(&b);
	return b.failed || out->failed ?
	    rel_err_set(err, REL_E_NOMEM, "no memory") : 0;
}

int
frame_header(struct rel_buf *out, const char *title, struct rel_err *err)
{
	return part(out, "header.tmpl", plain_header, title, err);
}

int
frame_trailer(struct rel_buf *out, struct rel_err *err)
{
	return part(out, "trailer.tmpl", plain_trailer, "", err);
}
