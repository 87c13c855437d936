/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/options.h"

#include <string.h>
#include <strings.h>

#include "lib/buf.h"
#include "lib/text.h"

bool
rel_option_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The end of a quoted part that begins at p: behind the closing quote. */
static const char *
skip_quoted(const char *p)
{
	char quote = *p++;

	for (; *p != '\0' && *p != quote; p++)
		if (*p == '\\' && p[1] != '\0')
			p++;
	return *p == '\0' ? p : p + 1;
}

/* The end of a value: the next blank outside quotes and braces. */
static const char *
skip_value(const char *p)
{
	unsigned depth = 0;

	while (*p != '\0' && (depth > 0 || !rel_option_blank(*p))) {
		if (*p == '\\' && p[1] != '\0') {
			p += 2;
			continue;
		}
		if (*p == '\'' || *p == '"') {
			p = skip_quoted(p);
			continue;
		}
		if (*p == '{')
			depth++;
		else if (*p == '}' && depth > 0)
			depth--;
		p++;
	}
	return p;
}

bool
rel_option_next(const char *p, struct rel_option *o)
{
	while (rel_option_blank(*p))
		p++;
	if (*p == '\0')
		return false;
	o->start = o->name = p;
	while (*p != '\0' && *p != '=' && !rel_option_blank(*p))
		p++;
	o->name_len = (size_t)(p - o->name);
	o->value = NULL;
	o->value_len = 0;
	if (*p == '=') {
		o->value = ++p;
		p = skip_value(p);
		o->value_len = (size_t)(p - o->value);
	}
	o->end = p;
	return true;
}

bool
rel_option_is(const struct rel_option *o, const char *name)
{
	return strlen(name) == o->name_len &&
	    strncasecmp(o->name, name, o->name_len) == 0;
}

size_t
rel_option_value(const struct rel_option *opt, char *out, size_t size)
{
	const char *raw = opt->value;
	size_t len = opt->value_len;
	size_t o = 0;
	char quote = '\0';

	if (len >= 2 && len % 2 == 0 && raw[0] == '<' && raw[len - 1] == '>' &&
	    len / 2 <= size && rel_unhex(out, (len - 2) / 2, raw + 1, len - 2)) {
		out[(len - 2) / 2] = '\0';
		return (len - 2) / 2;
	}
	for (size_t i = 0; i < len && o + 1 < size; i++) {
		if (raw[i] == '\\' && i + 1 < len) {
			out[o++] = raw[++i];
		} else if (quote == '\0' && (raw[i] == '\'' || raw[i] == '"')) {
			quote = raw[i];
		} else if (quote != '\0' && raw[i] == quote) {
			quote = '\0';
		} else {
			out[o++] = raw[i];
		}
	}
	out[o] = '\0';
	return o;
}

void
rel_option_cut(char *options, const struct rel_option *o)
{
	char *at = options + (o->start - options);
	const char *rest = o->end;
	size_t n;

	while (rel_option_blank(*rest))
		rest++;
	n = strlen(rest);
	memmove(at, rest, n);
	rel_wipe(at + n, (size_t)(rest - at));
}
