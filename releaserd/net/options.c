/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/net/options.h"

#include <stdio.h>
#include <string.h>

#include "lib/text.h"

#define NAMES_MAX 8		/* finishings of one job */

enum kind { NUMBER, WORD, RANGES, NAME, NAMES };

static const struct option_kind {
	const char *name;
	enum kind kind;
	int64_t max;			/* of a number; bytes of a text */
	const char *words;		/* WORD: "|mono|color|" */
} kinds[] = {
	{ "copies", NUMBER, 999, NULL },
	{ "color", WORD, 8, "|mono|color|" },
	{ "sides", WORD, 24,
	    "|one-sided|two-sided-long-edge|two-sided-short-edge|" },
	{ "pages", RANGES, 255, NULL },
	{ "number_up", NUMBER, 16, NULL },
	{ "media", NAME, 63, NULL },
	{ "tray", NAME, 63, NULL },
	{ "finishings", NAMES, 63, NULL },
	{ "output_bin", NAME, 63, NULL },
	{ "quality", WORD, 8, "|draft|normal|high|" },
	{ "account", NAME, 83, NULL },
};

const char *
options_name(size_t i)
{
	return i < sizeof kinds / sizeof kinds[0] ? kinds[i].name : NULL;
}

static const struct option_kind *
kind_of(const char *name)
{
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}

/* One word that is safe between blanks. */
static bool
is_name(const char *s, size_t max)
{
	size_t n = strlen(s);

	for (const char *p = s; *p != '\0'; p++)
		if ((unsigned char)*p <= ' ' || *p == 0x7f ||
		    strchr("'\"\\=<>{}", *p) != NULL)
			return false;
	return n <= max;
}

static bool
is_word(const char *s, const char *words)
{
	char want[40];

	if (strlen(s) + 3 > sizeof want || strchr(s, '|') != NULL)
		return false;
	snprintf(want, sizeof want, "|%s|", s);
	return strstr(words, want) != NULL;
}

static bool
is_text(const struct option_kind *k, const char *s)
{
	switch (k->kind) {
	case WORD:
		return is_word(s, k->words);
	case RANGES:
		return strlen(s) <= (size_t)k->max &&
		    strspn(s, "0123456789,-") == strlen(s);
	default:
		return is_name(s, (size_t)k->max);
	}
}

/* ["staple","punch"] as "staple,punch". */
static bool
names_text(const struct option_kind *k, const json_t *v, char *out,
    size_t size)
{
	size_t len = 0;

	out[0] = '\0';
	if (!json_is_array(v) || json_array_size(v) > NAMES_MAX)
		return false;
	for (size_t i = 0; i < json_array_size(v); i++) {
		const char *s = json_string_value(json_array_get(v, i));

		if (s == NULL || *s == '\0' || strchr(s, ',') != NULL ||
		    !is_name(s, (size_t)k->max) ||
		    len + strlen(s) + 2 > size)
			return false;
		len += (size_t)snprintf(out + len, size - len, "%s%s",
		    len > 0 ? "," : "", s);
	}
	return true;
}

static bool
value_text(const struct option_kind *k, const json_t *v, char *out,
    size_t size)
{
	if (k->kind == NAMES)
		return names_text(k, v, out, size);
	if (k->kind == NUMBER) {
		json_int_t n = json_integer_value(v);

		snprintf(out, size, "%lld", (long long)n);
		return json_is_integer(v) && n >= 1 && n <= k->max;
	}
	if (!json_is_string(v) || strlen(json_string_value(v)) !=
	    json_string_length(v) || !is_text(k, json_string_value(v)))
		return false;
	snprintf(out, size, "%s", json_string_value(v));
	return true;
}

static int
wrong(const struct option_kind *k, struct rel_err *why)
{
	switch (k->kind) {
	case NUMBER:
		return rel_err_set(why, REL_E_LIMIT, "%s must be a whole "
		    "number, 1 to %lld", k->name, (long long)k->max);
	case WORD:
		return rel_err_set(why, REL_E_LIMIT, "%s must be one of %s",
		    k->name, k->words);
	case RANGES:
		return rel_err_set(why, REL_E_LIMIT, "%s must be pages such "
		    "as \"1-3,7\"", k->name);
	case NAMES:
		return rel_err_set(why, REL_E_LIMIT, "%s must be a list of at "
		    "most %d names", k->name, NAMES_MAX);
	default:
		return rel_err_set(why, REL_E_LIMIT, "%s must be a name of at "
		    "most %lld bytes without blanks", k->name,
		    (long long)k->max);
	}
}

int
options_read(struct req_options *o, const json_t *v, struct rel_err *why)
{
	const char *key;
	json_t *member;
	char text[300];
	size_t len = 0;

	if (!json_is_object(v))
		return rel_err_set(why, REL_E_FORMAT,
		    "options must be an object");
	json_object_foreach((json_t *)(uintptr_t)v, key, member) {
		const struct option_kind *k = kind_of(key);

		if (json_is_null(member))
			continue;
		if (k == NULL) {
			if (o->unsupported[0] == '\0')
				rel_text_clean(o->unsupported,
				    sizeof o->unsupported,
				    key[0] != '\0' ? key : "?");
			continue;
		}
		if (!value_text(k, member, text, sizeof text))
			return wrong(k, why);
		if (len + strlen(key) + strlen(text) + 3 >
		    sizeof o->changes)
			return rel_err_set(why, REL_E_LIMIT,
			    "too many options at once");
		len += (size_t)snprintf(o->changes + len,
		    sizeof o->changes - len, "%s%s=%s", len > 0 ? " " : "",
		    key, text);
	}
	return 0;
}

json_t *
options_of_text(const char *name, const char *text)
{
	const struct option_kind *k = kind_of(name);
	json_t *list;
	int64_t n;

	if (k == NULL)
		return NULL;
	if (k->kind == NUMBER)
		return rel_int(&n, text, 1, k->max) ? json_integer(n) : NULL;
	if (k->kind != NAMES)
		return json_string(text);
	list = json_array();
	while (*text != '\0') {
		size_t m = strcspn(text, ",");

		json_array_append_new(list, json_stringn(text, m));
		text += m + (text[m] == ',');
	}
	return list;
}
