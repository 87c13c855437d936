/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What pages use: fields, the API, the view. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "cgi/cgi.h"
#include "lib/text.h"

/* ---- fields */

const char *
cgi_next(const struct cgi *c, const char *name, size_t *at)
{
	while (*at < c->rq.nfields) {
		const struct field *f = &c->rq.field[(*at)++];

		if (strcmp(f->name, name) == 0)
			return f->value;
	}
	return NULL;
}

/* What the form says counts before the address. */
const char *
cgi_field(const struct cgi *c, const char *name)
{
	size_t at = c->rq.nquery;
	const char *v = cgi_next(c, name, &at);

	if (v != NULL)
		return v;
	at = 0;
	return cgi_next(c, name, &at);
}

const char *
cgi_text(const struct cgi *c, const char *name)
{
	const char *v = cgi_field(c, name);

	return v != NULL ? v : "";
}

bool
cgi_on(const struct cgi *c, const char *name)
{
	const char *v = cgi_text(c, name);

	return strcmp(v, "1") == 0 || strcmp(v, "on") == 0 ||
	    strcmp(v, "yes") == 0 || strcmp(v, "true") == 0;
}

/* ---- the API */

/* "/api/v1" and path, its stars filled in. */
static void
path_fill(struct rel_buf *b, const char *path, va_list ap)
{
	rel_put_fmt(b, "/api/v1");
	for (; *path != '\0'; path++) {
		if (*path == '*')
			rel_api_escape(b, va_arg(ap, const char *));
		else
			rel_put_u8(b, (uint8_t)*path);
	}
	rel_put_u8(b, 0);
}

/*
 * The key of a change: what the form says, so that sending it twice does one
 * thing, and what is changed how.  All forms of a page say the same, and one
 * may come back to it: another job, another value is another change.
 */
static void
once_key(char key[80], struct cgi *c, const char *method, const char *path,
    const json_t *body)
{
	char *text = body != NULL ? json_dumps(body, JSON_COMPACT) : NULL;
	uint8_t hash[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	struct rel_buf b;
	char hex[33];

	rel_buf_init(&b);
	rel_put_fmt(&b, "%s ", method);
	rel_put_raw(&b, path, strlen(path) + 1);
	rel_put_raw(&b, cgi_text(c, "once"), strlen(cgi_text(c, "once")) + 1);
	if (text != NULL)
		rel_put_raw(&b, text, strlen(text));
	key[0] = '\0';
	if (!b.failed && EVP_Digest(b.data, b.len, hash, &n, EVP_sha256(),
	    NULL) == 1) {
		rel_hex(hex, hash, 16);
		snprintf(key, 80, "%s-%u", hex, c->calls++);
	}
	rel_buf_fini_secret(&b);
	if (text != NULL)
		rel_wipe(text, strlen(text));
	free(text);
}

static int
call(struct cgi *c, const char *method, const json_t *body, json_t **out,
    struct rel_buf *path)
{
	const char *once = cgi_text(c, "once");
	char key[80];
	int rc;

	if (path->failed) {
		rel_buf_fini(path);
		return rel_err_set(&c->err, REL_E_NOMEM, "no memory");
	}
	if (strcmp(method, "GET") != 0 && once[0] != '\0' &&
	    strlen(once) < 64) {
		once_key(key, c, method, (char *)path->data, body);
		rel_api_once(c->api, key);
	}
	rc = rel_api_call(c->api, method, (char *)path->data, body, out,
	    &c->err);
	snprintf(c->problem, sizeof c->problem, "%s",
	    rel_api_problem(c->api));
	if (rc < 0 && rel_api_field(c->api)[0] != '\0')
		snprintf(c->bad_field, sizeof c->bad_field, "%s",
		    rel_api_field(c->api));
	rel_buf_fini(path);
	return rc;
}

int
cgi_get(struct cgi *c, json_t **out, const char *path, ...)
{
	struct rel_buf b;
	va_list ap;

	rel_buf_init(&b);
	va_start(ap, path);
	path_fill(&b, path, ap);
	va_end(ap);
	return call(c, "GET", NULL, out, &b);
}

/* Secrets may be in it. */
static void
body_free(json_t *body)
{
	const char *key;
	json_t *v;

	json_object_foreach(body, key, v)
		if (json_is_string(v))
			rel_wipe((char *)(uintptr_t)json_string_value(v),
			    json_string_length(v));
	json_decref(body);
}

int
cgi_call(struct cgi *c, const char *method, json_t *body, json_t **out,
    const char *path, ...)
{
	struct rel_buf b;
	va_list ap;
	int rc;

	rel_buf_init(&b);
	va_start(ap, path);
	path_fill(&b, path, ap);
	va_end(ap);
	rc = call(c, method, body, out, &b);
	body_free(body);
	return rc;
}

int
cgi_view(struct cgi *c, const char *name, const char *key, const char *path,
    ...)
{
	json_t *answer = NULL, *part;
	struct rel_buf b;
	va_list ap;
	int rc;

	rel_buf_init(&b);
	va_start(ap, path);
	path_fill(&b, path, ap);
	va_end(ap);
	if ((rc = call(c, "GET", NULL, &answer, &b)) < 0)
		return rc;
	part = key != NULL ? json_object_get(answer, key) : answer;
	json_object_set(c->view, name, part != NULL ? part : json_null());
	json_decref(answer);
	return 0;
}

/* ---- the view */

void
cgi_put(struct cgi *c, const char *name, json_t *value)
{
	json_object_set_new(c->view, name, value);
}

void
cgi_put_text(struct cgi *c, const char *name, const char *text)
{
	if (text != NULL)
		json_object_set_new(c->view, name, json_string(text));
	else
		json_object_del(c->view, name);
}

void
cgi_put_svg(struct cgi *c, const char *name, struct rel_buf *svg)
{
	if (!svg->failed)
		json_object_set_new(c->view, name, json_stringn(
		    (const char *)svg->data, svg->len));
	rel_buf_fini(svg);
}

int
cgi_bad(struct cgi *c, const char *field, const char *fmt, ...)
{
	char text[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	rel_text_clean(text, sizeof text, text);
	snprintf(c->bad_field, sizeof c->bad_field, "%s", field);
	return rel_err_set(&c->err, REL_E_FORMAT, "%s", text);
}

bool
cgi_closed(const struct cgi *c, const struct page *p)
{
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(c->me, "closed"), i, one)
		if (strcmp(json_string_value(one), p->path) == 0)
			return true;
	return c->role < p->need;
}

bool
cgi_backup_open(const struct cgi *c)
{
	return json_is_string(json_object_get(c->me, "backup_until"));
}
