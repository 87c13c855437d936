/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/names.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* A name from p on: its start and length; the place behind its comma. */
static const char *
name_next(const char *p, const char **start, size_t *n)
{
	size_t len = strcspn(p, ",");
	const char *next = p[len] == ',' ? p + len + 1 : p + len;

	while (len > 0 && (*p == ' ' || *p == '\t')) {
		p++;
		len--;
	}
	while (len > 0 && (p[len - 1] == ' ' || p[len - 1] == '\t'))
		len--;
	*start = p;
	*n = len;
	return next;
}

size_t
rel_names_split(char *text, const char **names, size_t max)
{
	char *end = text + strlen(text);
	const char *p = text, *start;
	size_t n = 0, len;

	while (p < end && n < max) {
		const char *next = name_next(p, &start, &len);

		if (len > 0) {
			names[n++] = start;
			text[start - text + (ptrdiff_t)len] = '\0';
		}
		p = next;
	}
	return n;
}

/* Is the name one of those in a tidy list? */
static bool
names_has(const char *list, const char *name, size_t len)
{
	const char *p = list, *start;
	size_t n;

	while (*p != '\0') {
		p = name_next(p, &start, &n);
		if (n == len && memcmp(start, name, len) == 0)
			return true;
	}
	return false;
}

int
rel_names_tidy(char *out, size_t size, const char *text,
    const struct rel_names_max *lim, struct rel_err *err)
{
	size_t used = 0, count = 0, n;
	const char *p = text, *start;

	out[0] = '\0';
	while (*p != '\0') {
		p = name_next(p, &start, &n);
		if (n == 0 || names_has(out, start, n))
			continue;
		if (n >= lim->each)
			return rel_err_set(err, REL_E_LIMIT,
			    "a name is at most %zu bytes", lim->each - 1);
		if (++count > lim->max || used + n + 2 > size)
			return rel_err_set(err, REL_E_LIMIT,
			    "that are too many names: at most %zu", lim->max);
		if (used > 0)
			out[used++] = ',';
		memcpy(out + used, start, n);
		used += n;
		out[used] = '\0';
	}
	return 0;
}

json_t *
rel_names_list(const char *text)
{
	json_t *all = json_array();

	while (*text != '\0') {
		const char *name;
		size_t n;

		text = name_next(text, &name, &n);
		if (n > 0)
			json_array_append_new(all, json_stringn(name, n));
	}
	return all;
}
