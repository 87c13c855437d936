/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What the browser sent: RFC 3875 (CGI), forms of HTML, RFC 7578. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cgi/cgi.h"
#include "cgi/priv.h"
#include "lib/text.h"

#define QUERY_MAX 8192u
#define TYPE_FORM "application/x-www-form-urlencoded"
#define TYPE_MULTIPART "multipart/form-data"

static int
field_add(struct cgi_request *r, char *name, char *value, size_t len)
{
	struct field *f;

	if (name == NULL || value == NULL) {
		free(name);
		free(value);
		return -REL_E_NOMEM;
	}
	if (r->nfields == CGI_FIELDS_MAX) {
		free(name);
		free(value);
		return -REL_E_LIMIT;
	}
	f = &r->field[r->nfields++];
	f->name = name;
	f->value = value;
	f->len = len;
	f->file = false;
	return 0;
}

/* ---- name=value&... */

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decoded copy of n bytes; NULL: no memory. A bad %XX stays as it is. */
static char *
url_decode(const char *p, size_t n, size_t *len)
{
	char *out = malloc(n + 1);
	size_t at = 0;

	if (out == NULL)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		if (p[i] == '%' && i + 2 < n && hex_digit(p[i + 1]) >= 0 &&
		    hex_digit(p[i + 2]) >= 0) {
			out[at++] = (char)(hex_digit(p[i + 1]) << 4 |
			    hex_digit(p[i + 2]));
			i += 2;
		} else {
			out[at++] = p[i] == '+' ? ' ' : p[i];
		}
	}
	out[at] = '\0';
	*len = at;
	return out;
}

static int
pairs_read(struct cgi_request *r, const char *p, size_t n)
{
	const char *end = p + n;

	while (p < end) {
		const char *amp = memchr(p, '&', (size_t)(end - p));
		const char *stop = amp != NULL ? amp : end;
		const char *eq = memchr(p, '=', (size_t)(stop - p));
		size_t name_len, value_len = 0;
		char *name, *value;
		int rc;

		name = url_decode(p, (size_t)((eq != NULL ? eq : stop) - p),
		    &name_len);
		value = eq != NULL ? url_decode(eq + 1,
		    (size_t)(stop - eq - 1), &value_len) : strdup("");
		if (stop > p)
			rc = field_add(r, name, value, value_len);
		else {
			free(name);
			free(value);
			rc = 0;
		}
		if (rc < 0)
			return rc;
		p = stop + 1;
	}
	return 0;
}

/* ---- multipart/form-data (RFC 7578) */

/* The value of a parameter, 'name="value"' or 'name=value', from a header. */
static char *
parameter(const char *head, size_t n, const char *want)
{
	size_t w = strlen(want);

	for (size_t i = 0; i + w + 1 < n; i++) {
		const char *p = head + i + w + 1, *end = head + n, *stop;

		if ((i > 0 && head[i - 1] != ' ' && head[i - 1] != ';') ||
		    strncasecmp(head + i, want, w) != 0 ||
		    head[i + w] != '=')
			continue;
		if (p < end && *p == '"') {
			p++;
			stop = memchr(p, '"', (size_t)(end - p));
			return stop != NULL ? strndup(p, (size_t)(stop - p)) :
			    NULL;
		}
		for (stop = p; stop < end && strchr("; \r\n", *stop) == NULL;)
			stop++;
		return strndup(p, (size_t)(stop - p));
	}
	return NULL;
}

/* One part: headers, an empty line, the value. */
static int
part_read(struct cgi_request *r, const char *p, size_t n)
{
	const char *body = memmem(p, n, "\r\n\r\n", 4);
	size_t head = body != NULL ? (size_t)(body - p) : 0, len;
	char *name = parameter(p, head, "name"), *value;
	char *file = parameter(p, head, "filename");
	bool is_file = file != NULL;
	int rc;

	free(file);
	if (body == NULL || name == NULL) {
		free(name);
		return -REL_E_FORMAT;
	}
	len = n - head - 4;
	if ((value = malloc(len + 1)) != NULL) {
		memcpy(value, body + 4, len);
		value[len] = '\0';
	}
	rc = field_add(r, name, value, len);
	if (rc == 0)
		r->field[r->nfields - 1].file = is_file;
	return rc;
}

static int
multipart_read(struct cgi_request *r, const char *type, const char *p,
    size_t n)
{
	char *boundary = parameter(type, strlen(type), "boundary");
	char mark[80];
	const char *at, *next;
	size_t m;
	int rc = -REL_E_FORMAT;

	if (boundary == NULL || boundary[0] == '\0' || strlen(boundary) > 70) {
		free(boundary);
		return rc;
	}
	m = (size_t)snprintf(mark, sizeof mark, "--%s", boundary);
	free(boundary);
	at = memmem(p, n, mark, m);
	while (at != NULL) {
		const char *end = p + n;

		at += m;
		if (end - at >= 2 && memcmp(at, "--", 2) == 0)
			return 0;
		if (end - at < 2 || memcmp(at, "\r\n", 2) != 0)
			return -REL_E_FORMAT;
		at += 2;
		next = memmem(at, (size_t)(end - at), mark, m);
		if (next == NULL || next - at < 2)
			return -REL_E_FORMAT;
		if ((rc = part_read(r, at, (size_t)(next - at) - 2)) < 0)
			return rc;
		at = next;
	}
	return rc;
}

/* ---- the body */

static char *
body_read(size_t want, size_t *len)
{
	char *p = malloc(want + 1);
	ssize_t n = 0;

	*len = 0;
	while (p != NULL && *len < want &&
	    ((n = read(STDIN_FILENO, p + *len, want - *len)) > 0 ||
	    (n < 0 && errno == EINTR)))
		*len += n > 0 ? (size_t)n : 0;
	return p;
}

/* Too much: read it away, or cupsd waits with it and the visitor too. */
static void
body_drop(int64_t want)
{
	char waste[65536];
	ssize_t n;

	while (want > 0 && (n = read(STDIN_FILENO, waste, sizeof waste)) > 0)
		want -= n;
}

int
form_read(struct cgi_request *r, const char *type, const char *body, size_t n)
{
	return strncasecmp(type, TYPE_FORM, strlen(TYPE_FORM)) == 0 ?
	    pairs_read(r, body, n) : multipart_read(r, type, body, n);
}

static int
post_read(struct cgi_request *r, struct rel_err *err)
{
	const char *type = getenv("CONTENT_TYPE");
	const char *length = getenv("CONTENT_LENGTH");
	int64_t want = 0;
	size_t len;
	char *body;
	int rc;

	if (length != NULL && !rel_int(&want, length, 0, INT64_MAX))
		return rel_err_set(err, REL_E_FORMAT,
		    "the length of what was sent is not a number");
	if (want > CGI_BODY_MAX) {
		body_drop(want < (64 << 20) ? want : (64 << 20));
		return rel_err_set(err, REL_E_LIMIT, "that is too much: a "
		    "form may have %u MiB", CGI_BODY_MAX >> 20);
	}
	if (type == NULL || ((strncasecmp(type, TYPE_FORM,
	    strlen(TYPE_FORM)) != 0) && strncasecmp(type, TYPE_MULTIPART,
	    strlen(TYPE_MULTIPART)) != 0)) {
		body_drop(want);
		return rel_err_set(err, REL_E_FORMAT,
		    "only forms can be sent here");
	}
	if ((body = body_read((size_t)want, &len)) == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	rc = len < (size_t)want ? -REL_E_FORMAT :
	    form_read(r, type, body, len);
	rel_wipe(body, len);
	free(body);
	return rc == 0 ? 0 : rel_err_set(err, -rc, rc == -REL_E_LIMIT ?
	    "the form has too many fields" : "the form cannot be read");
}

/*
 * cupsd tells a program no QUERY_STRING with a POST, so each form says in its
 * field "here" what stood behind the "?" of its page; that comes first then, as
 * with GET.
 */
int
here_take(struct cgi_request *r, struct rel_err *err)
{
	size_t sent = r->nfields, n;
	struct field *all;
	const char *here = NULL;
	int rc;

	for (size_t i = 0; i < sent; i++)
		if (strcmp(r->field[i].name, "here") == 0)
			here = r->field[i].value;
	if (here == NULL || r->nquery > 0)
		return 0;
	if (strlen(here) > QUERY_MAX)
		return rel_err_set(err, REL_E_LIMIT, "the address is too long");
	if ((rc = pairs_read(r, here, strlen(here))) < 0)
		return rel_err_set(err, -rc, "the address has too many parts");
	if ((all = calloc(CGI_FIELDS_MAX, sizeof *all)) == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	n = r->nfields - sent;
	memcpy(all, r->field + sent, n * sizeof *all);
	memcpy(all + n, r->field, sent * sizeof *all);
	free(r->field);
	r->field = all;
	r->nquery = n;
	return 0;
}

int
fields_check(const struct cgi_request *r, struct rel_err *err)
{
	for (size_t i = 0; i < r->nfields; i++) {
		const struct field *f = &r->field[i];

		if (!rel_utf8_ok(f->name, strlen(f->name)) ||
		    strlen(f->name) > 63)
			return rel_err_set(err, REL_E_FORMAT,
			    "a field of the form has no usable name");
		if (memchr(f->value, '\0', f->len) != NULL ||
		    !rel_utf8_ok(f->value, f->len))
			return rel_err_set(err, REL_E_FORMAT,
			    "the field \"%s\" is not text in UTF-8", f->name);
	}
	return 0;
}

/* "/release/admin/users.cgi" is "admin/users.cgi". */
static char *
script_name(void)
{
	const char *s = getenv("SCRIPT_NAME"), *base = "/release/";

	if (s == NULL)
		return strdup("");
	if (strncmp(s, base, strlen(base)) == 0)
		s += strlen(base);
	return strdup(s);
}

int
request_read(struct cgi_request *r, struct rel_err *err)
{
	const char *method = getenv("REQUEST_METHOD");
	const char *query = getenv("QUERY_STRING");
	int rc = 0;

	memset(r, 0, sizeof *r);
	r->field = calloc(CGI_FIELDS_MAX, sizeof *r->field);
	r->script = script_name();
	if (r->field == NULL || r->script == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	if (query != NULL && strlen(query) > QUERY_MAX)
		return rel_err_set(err, REL_E_LIMIT, "the address is too long");
	if (query != NULL)
		rc = pairs_read(r, query, strlen(query));
	r->nquery = r->nfields;
	if (rc < 0)
		return rel_err_set(err, -rc, "the address has too many parts");
	if (method != NULL && strcmp(method, "POST") == 0)
		r->post = true;
	else if (method == NULL || (strcmp(method, "GET") != 0 &&
	    strcmp(method, "HEAD") != 0))
		return rel_err_set(err, REL_E_DENIED,
		    "only GET and POST work here");
	if (r->post && ((rc = post_read(r, err)) < 0 ||
	    (rc = here_take(r, err)) < 0))
		return rc;
	return fields_check(r, err);
}

void
request_query(const struct cgi_request *r, struct rel_buf *b)
{
	const char *between = "";

	for (size_t i = 0; i < r->nquery; i++) {
		if (strcmp(r->field[i].name, "said") == 0)
			continue;
		rel_put_fmt(b, "%s", between);
		rel_api_escape(b, r->field[i].name);
		rel_put_u8(b, '=');
		rel_api_escape(b, r->field[i].value);
		between = "&";
	}
}

void
request_fini(struct cgi_request *r)
{
	for (size_t i = 0; i < r->nfields; i++) {
		rel_wipe(r->field[i].value, r->field[i].len);
		free(r->field[i].name);
		free(r->field[i].value);
	}
	free(r->field);
	free(r->script);
	memset(r, 0, sizeof *r);
}
