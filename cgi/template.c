/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Templates (doc/web.md): one pass over the text, JSON beside it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cgi/cgi.h"
#include "cgi/format.h"

#define DEPTH_MAX 32u
#define TAG_MAX 400u
#define TEMPLATE_MAX (256u << 10)

/* What names mean here: the element of an each, else what is around it. */
struct scope {
	const json_t *value;
	const struct scope *up;
};

struct expansion {
	struct rel_buf *out;
	const char *folder;		/* of templates to include; or NULL */
	const char *name;		/* for messages */
	const char *text, *at, *end;
	unsigned depth;
	struct rel_err *err;
};

/* How a stretch of template ended. */
enum stop { STOP_EOF, STOP_END, STOP_ELSE, STOP_ELIF, STOP_BAD };

static enum stop expand(struct expansion *x, const struct scope *s, bool emit,
    char tag[TAG_MAX]);

static enum stop
bad(struct expansion *x, const char *why, const char *what)
{
	unsigned line = 1;

	for (const char *p = x->text; p < x->at && p < x->end; p++)
		line += *p == '\n';
	rel_err_set(x->err, REL_E_FORMAT, "template %.60s, line %u: %s "
	    "\"%.80s\"", x->name, line, why, what);
	return STOP_BAD;
}

/* ---- names */

static const json_t *
look_up(const struct scope *s, const char *path)
{
	size_t n = strcspn(path, ".");
	const json_t *v = NULL;
	char key[64];

	if (strcmp(path, ".") == 0)
		return s->value;
	if (n >= sizeof key)
		return NULL;
	memcpy(key, path, n);
	key[n] = '\0';
	for (; s != NULL && v == NULL; s = s->up)
		v = json_object_get(s->value, key);
	while (v != NULL && path[n] == '.') {
		path += n + 1;
		n = strcspn(path, ".");
		if (n >= sizeof key)
			return NULL;
		memcpy(key, path, n);
		key[n] = '\0';
		v = json_object_get(v, key);
	}
	return v;
}

static bool
is_true(const json_t *v)
{
	switch (v != NULL ? json_typeof(v) : JSON_NULL) {
	case JSON_NULL:
	case JSON_FALSE:
		return false;
	case JSON_STRING:
		return json_string_length(v) > 0;
	case JSON_INTEGER:
		return json_integer_value(v) != 0;
	case JSON_ARRAY:
		return json_array_size(v) > 0;
	default:
		return true;
	}
}

/* "name:kind" as people read it, not escaped. */
static void
value_text(struct rel_buf *b, const struct scope *s, const char *spec)
{
	char path[TAG_MAX];
	const char *colon = strchr(spec, ':');

	snprintf(path, sizeof path, "%.*s", colon != NULL ?
	    (int)(colon - spec) : (int)strlen(spec), spec);
	format_value(b, look_up(s, path), colon != NULL ? colon + 1 : "");
}

static void
escape_buf(struct rel_buf *out, struct rel_buf *b)
{
	rel_put_u8(b, 0);
	if (b->failed)
		out->failed = b->failed;
	else
		template_escape(out, (const char *)b->data);
	rel_buf_fini(b);
}

void
template_escape(struct rel_buf *out, const char *s)
{
	for (; *s != '\0'; s++) {
		const char *e = *s == '&' ? "&amp;" : *s == '<' ? "&lt;" :
		    *s == '>' ? "&gt;" : *s == '"' ? "&quot;" :
		    *s == '\'' ? "&#39;" : NULL;

		if (e != NULL)
			rel_put_raw(out, e, strlen(e));
		else
			rel_put_u8(out, (uint8_t)*s);
	}
}

/* ---- single tags */

static void
put_value(struct expansion *x, const struct scope *s, const char *spec)
{
	struct rel_buf b;

	rel_buf_init(&b);
	value_text(&b, s, spec);
	escape_buf(x->out, &b);
}

/* {_Words with %1|path}: translated, then the values put in. */
static void
put_words(struct expansion *x, const struct scope *s, char *tag)
{
	char *arg[10] = { NULL }, *p = tag;
	size_t n = 0;
	const char *words;
	struct rel_buf b;

	while ((p = strchr(p, '|')) != NULL && n < 9) {
		*p++ = '\0';
		arg[++n] = p;
	}
	rel_buf_init(&b);
	for (words = tr(tag); *words != '\0'; words++) {
		if (*words == '%' && words[1] >= '1' && words[1] <= '9') {
			words++;
			if (arg[*words - '0'] != NULL)
				value_text(&b, s, arg[*words - '0']);
		} else {
			rel_put_u8(&b, (uint8_t)*words);
		}
	}
	escape_buf(x->out, &b);
}

static void
put_raw(struct expansion *x, const struct scope *s, const char *path)
{
	const char *text = json_string_value(look_up(s, path));

	if (text != NULL)
		rel_put_raw(x->out, text, strlen(text));
}

static void
put_form(struct expansion *x, const struct scope *s)
{
	rel_put_fmt(x->out, "<input type=\"hidden\" name=\"csrf\" value=\"");
	put_value(x, s, "me.csrf");
	rel_put_fmt(x->out, "\"><input type=\"hidden\" name=\"once\" value=\"");
	put_value(x, s, "once");
	rel_put_fmt(x->out, "\"><input type=\"hidden\" name=\"here\" value=\"");
	put_value(x, s, "here");
	rel_put_fmt(x->out, "\">");
}

/* ---- if */

static bool
texts_equal(const struct scope *s, const char *path, const json_t *other,
    const char *word)
{
	struct rel_buf a, b;
	bool same;

	rel_buf_init(&a);
	rel_buf_init(&b);
	format_value(&a, look_up(s, path), "");
	if (word != NULL)
		rel_put_raw(&b, word, strlen(word));
	else
		format_value(&b, other, "");
	same = a.len == b.len && (a.len == 0 ||
	    memcmp(a.data, b.data, a.len) == 0);
	rel_buf_fini(&a);
	rel_buf_fini(&b);
	return same;
}

/* name, !name, name=word, name!=word, name==path */
static bool
condition(const struct scope *s, const char *c)
{
	char path[TAG_MAX];
	size_t n = strcspn(c, "!=");
	bool negate = c[0] == '!';

	if (negate || c[n] == '\0')
		return is_true(look_up(s, c + negate)) != negate;
	snprintf(path, sizeof path, "%.*s", (int)n, c);
	c += n;
	if (c[0] == '!' && c[1] == '=')
		return !texts_equal(s, path, NULL, c + 2);
	if (c[0] == '=' && c[1] == '=')
		return texts_equal(s, path, look_up(s, c + 2), NULL);
	return texts_equal(s, path, NULL, c + 1);
}

static enum stop
do_if(struct expansion *x, const struct scope *s, bool emit, const char *cond)
{
	char tag[TAG_MAX];
	bool done = false, now = condition(s, cond);
	enum stop stop;

	for (;;) {
		stop = expand(x, s, emit && now && !done, tag);
		done |= now;
		if (stop == STOP_ELSE)
			now = true;
		else if (stop == STOP_ELIF)
			now = condition(s, tag);
		else
			break;
	}
	return stop == STOP_EOF ? bad(x, "no {end} for", cond) : stop;
}

/* ---- each */

/* The body is walked once an element; without any, once in silence. */
static enum stop
do_each(struct expansion *x, const struct scope *s, bool emit,
    const char *path)
{
	const json_t *list = look_up(s, path);
	size_t n = json_is_array(list) ? json_array_size(list) : 0;
	const char *from = x->at;
	char tag[TAG_MAX];
	enum stop stop = STOP_END;

	if (!emit)
		n = 0;
	for (size_t i = 0; i < (n > 0 ? n : 1); i++) {
		struct scope in = { n > 0 ? json_array_get(list, i) : NULL, s };

		x->at = from;
		stop = expand(x, &in, n > 0, tag);
		if (stop == STOP_BAD)
			return stop;
	}
	if (stop == STOP_ELSE)
		stop = expand(x, s, emit && n == 0, tag);
	return stop == STOP_END || stop == STOP_BAD ? stop :
	    bad(x, "no {end} for", path);
}

/* ---- include */

static int
file_read(const char *folder, const char *name, char **text, size_t *len)
{
	char path[512];
	FILE *f;
	int n = snprintf(path, sizeof path, "%s/%s/%s.tmpl", folder,
	    catalog_lang(), name);

	if (n < 0 || (size_t)n >= sizeof path)
		return -REL_E_LIMIT;
	if ((f = fopen(path, "re")) == NULL) {
		snprintf(path, sizeof path, "%s/%s.tmpl", folder, name);
		f = fopen(path, "re");
	}
	if (f == NULL)
		return -REL_E_NOTFOUND;
	*text = malloc(TEMPLATE_MAX);
	*len = *text != NULL ? fread(*text, 1, TEMPLATE_MAX, f) : 0;
	fclose(f);
	return *text == NULL ? -REL_E_NOMEM : 0;
}

static int
include(struct rel_buf *out, const char *folder, const char *name,
    const struct scope *s, struct expansion *from, struct rel_err *err)
{
	struct expansion x = { .out = out, .folder = folder, .name = name,
	    .depth = from != NULL ? from->depth + 1 : 0, .err = err };
	char tag[TAG_MAX], *text = NULL;
	enum stop stop;
	size_t len;
	int rc;

	if (x.depth > DEPTH_MAX)
		return rel_err_set(err, REL_E_FORMAT,
		    "template %.60s includes itself", name);
	if ((rc = file_read(folder, name, &text, &len)) < 0)
		return rel_err_set(err, -rc, "there is no template %.60s",
		    name);
	x.text = x.at = text;
	x.end = text + len;
	stop = expand(&x, s, true, tag);
	if (stop != STOP_EOF && stop != STOP_BAD)
		(void)bad(&x, "too much", tag);
	free(text);
	return stop == STOP_EOF ? 0 : -REL_E_FORMAT;
}

/* ---- the walk */

static bool
starts(const char *tag, const char *word, const char **rest)
{
	size_t n = strlen(word);

	if (strncmp(tag, word, n) != 0 || tag[n] != ' ')
		return false;
	*rest = tag + n + 1;
	return true;
}

/* A tag that inserts. */
static enum stop
insert(struct expansion *x, const struct scope *s, char *tag)
{
	const char *rest;

	if (tag[0] == '_')
		put_words(x, s, tag + 1);
	else if (tag[0] == '!')
		put_raw(x, s, tag + 1);
	else if (strcmp(tag, "form") == 0)
		put_form(x, s);
	else if (starts(tag, "include", &rest))
		return include(x->out, x->folder != NULL ? x->folder : "",
		    rest, s, x, x->err) < 0 ? STOP_BAD : STOP_END;
	else if (strpbrk(tag, " \t\n<>") != NULL)
		return bad(x, "not understood:", tag);
	else
		put_value(x, s, tag);
	return STOP_END;
}

/* The tag at x->at, without braces; false: it has no end. */
static bool
tag_take(struct expansion *x, char tag[TAG_MAX])
{
	const char *close = memchr(x->at, '}', (size_t)(x->end - x->at));
	size_t n;

	if (close == NULL || (n = (size_t)(close - x->at) - 1) >= TAG_MAX)
		return false;
	memcpy(tag, x->at + 1, n);
	tag[n] = '\0';
	x->at = close + 1;
	return true;
}

static enum stop
block(struct expansion *x, const struct scope *s, bool emit, char *tag)
{
	const char *rest;
	enum stop stop = STOP_END;

	if (++x->depth > DEPTH_MAX)
		return bad(x, "too deep:", tag);
	if (starts(tag, "if", &rest))
		stop = do_if(x, s, emit, rest);
	else if (starts(tag, "each", &rest))
		stop = do_each(x, s, emit, rest);
	else if (emit)
		stop = insert(x, s, tag);
	x->depth--;
	return stop;
}

static enum stop
expand(struct expansion *x, const struct scope *s, bool emit,
    char tag[TAG_MAX])
{
	const char *rest;

	while (x->at < x->end) {
		const char *open = memchr(x->at, '{',
		    (size_t)(x->end - x->at));
		const char *to = open != NULL ? open : x->end;

		if (emit)
			rel_put_raw(x->out, x->at, (size_t)(to - x->at));
		x->at = to;
		if (open == NULL)
			break;
		if (open + 1 < x->end && open[1] == '{') {
			if (emit)
				rel_put_u8(x->out, '{');
			x->at += 2;
			continue;
		}
		if (!tag_take(x, tag))
			return bad(x, "a tag has no end", "{");
		if (strcmp(tag, "end") == 0)
			return STOP_END;
		if (strcmp(tag, "else") == 0)
			return STOP_ELSE;
		if (starts(tag, "elif", &rest)) {
			memmove(tag, rest, strlen(rest) + 1);
			return STOP_ELIF;
		}
		if (block(x, s, emit, tag) == STOP_BAD)
			return STOP_BAD;
	}
	return STOP_EOF;
}

int
template_expand(struct rel_buf *out, const char *folder, const char *name,
    const json_t *view, struct rel_err *err)
{
	struct scope s = { view, NULL };

	return include(out, folder, name, &s, NULL, err);
}

int
template_text(struct rel_buf *out, const char *text, size_t len,
    const json_t *view, struct rel_err *err)
{
	struct scope s = { view, NULL };
	struct expansion x = { .out = out, .name = "(text)", .text = text,
	    .at = text, .end = text + len, .err = err };
	char tag[TAG_MAX];
	enum stop stop = expand(&x, &s, true, tag);

	if (stop != STOP_EOF && stop != STOP_BAD)
		(void)bad(&x, "too much", tag);
	return stop == STOP_EOF ? 0 : -REL_E_FORMAT;
}
