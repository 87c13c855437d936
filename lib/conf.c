/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/conf.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/text.h"

#define CONF_FILE_MAX (1u << 20)
#define CONF_ITEMS_MAX 256u
#define CONF_WHY 200u	/* bytes for what is wrong with a line */

/* A number with a unit out of units ("smhdw"), scaled; false if malformed. */
static int
conf_scaled(int64_t *out, const char *s, const char *units,
    const int64_t *scales)
{
	char *end;
	long long v;
	const char *u;
	size_t at;

	if (s[0] < '0' || s[0] > '9')
		return 0;
	errno = 0;
	v = strtoll(s, &end, 10);
	if (errno != 0)
		return 0;
	u = strchr(units, *end >= 'A' && *end <= 'Z' ? *end + 32 : *end);
	if (u == NULL || (*end != '\0' && end[1] != '\0'))
		return 0;
	at = (size_t)(u - units);	/* the NUL's scale is that of no unit */
	if (v > INT64_MAX / scales[at])
		return 0;
	*out = v * scales[at];
	return 1;
}

/* UTF-8 without control characters, and it fits. */
static int
conf_text_ok(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] < 0x20 || s[i] == 0x7f)
			return 0;
	return n < REL_CONF_TEXT_MAX && rel_utf8_ok(s, n);
}

static int
conf_bool(int64_t *out, const char *s)
{
	static const char *const words[] = {
		"no", "yes", "off", "on", "false", "true"
	};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strcasecmp(s, words[i]) == 0) {
			*out = (int64_t)(i & 1);
			return 1;
		}
	return 0;
}

static int
conf_choice(int64_t *out, const char *s, const char *choices)
{
	size_t n = strlen(s);
	int64_t at = 0;

	for (const char *c = choices; *c != '\0'; at++) {
		size_t len = strcspn(c, "|");

		if (len == n && strncasecmp(c, s, n) == 0) {
			*out = at;
			return 1;
		}
		c += len + (c[len] == '|');
	}
	return 0;
}

/* Words parted by blanks, each one of the choices. */
static int
conf_words_ok(const char *s, const char *choices)
{
	char word[32];
	int64_t at;

	while (*(s += strspn(s, " ")) != '\0') {
		size_t n = strcspn(s, " ");

		if (n >= sizeof word)
			return 0;
		snprintf(word, sizeof word, "%.*s", (int)n, s);
		if (!conf_choice(&at, word, choices))
			return 0;
		s += n;
	}
	return 1;
}

/* The number or choice of a value as it stands in the file; 0 if malformed. */
static int
conf_value(const struct rel_conf_item *it, const char *value, int64_t *v)
{
	static const int64_t time_scale[] = {
		1000, 60000, 3600000, 86400000, 604800000, 1000
	};
	static const int64_t size_scale[] = {
		1024, 1048576, 1073741824, 1099511627776, 1
	};

	switch (it->type) {
	case REL_CONF_INT:
		return rel_int(v, value, INT64_MIN, INT64_MAX);
	case REL_CONF_BOOL:
		return conf_bool(v, value);
	case REL_CONF_TIME:
		return conf_scaled(v, value, "smhdw", time_scale);
	case REL_CONF_SIZE:
		return conf_scaled(v, value, "kmgt", size_scale);
	case REL_CONF_CHOICE:
		return conf_choice(v, value, it->choices);
	case REL_CONF_TEXT:
		break;
	}
	*v = (int64_t)strlen(value);
	return conf_text_ok(value, (size_t)*v) && (it->choices == NULL ||
	    conf_words_ok(value, it->choices));
}

static int
conf_in_range(const struct rel_conf_item *it, int64_t v)
{
	if (it->type == REL_CONF_BOOL || it->type == REL_CONF_CHOICE)
		return 1;
	return (v >= it->min && v <= it->max) || (it->zero_off && v == 0);
}

/* A number as it would stand in the file: 1h, 64m, 7. */
static void
conf_bound(char out[32], enum rel_conf_type type, int64_t v)
{
	static const struct {
		int64_t scale;
		char unit;
	} times[] = {
		{ 604800000, 'w' }, { 86400000, 'd' }, { 3600000, 'h' },
		{ 60000, 'm' }, { 1000, 's' }
	}, sizes[] = {
		{ 1099511627776, 't' }, { 1073741824, 'g' }, { 1048576, 'm' },
		{ 1024, 'k' }
	};
	size_t n = type == REL_CONF_TIME ? 5 : type == REL_CONF_SIZE ? 4 : 0;

	for (size_t i = 0; i < n; i++) {
		int64_t scale = n == 5 ? times[i].scale : sizes[i].scale;

		if (v < scale || v % scale != 0)
			continue;
		snprintf(out, 32, "%lld%c", (long long)(v / scale),
		    n == 5 ? times[i].unit : sizes[i].unit);
		return;
	}
	/* A time that is no whole second cannot come from a file. */
	snprintf(out, 32, "%lld", (long long)(n == 5 ? v / 1000 : v));
}

/* Set one item from text; 0, or -1 with words about what is wanted. */
static int
conf_set(const struct rel_conf_item *it, void *out, const char *value,
    char why[CONF_WHY])
{
	static const char *const shape[] = {
		"a number", "yes or no", "a time such as 30s, 5m, 2h, 1d, 1w",
		"a size such as 10k, 5m, 1g", "text", "one of"
	};
	char low[32], high[32];
	int64_t v = 0;

	if (!conf_value(it, value, &v)) {
		snprintf(why, CONF_WHY, "%s takes %s%s%s, not \"%.60s\"",
		    it->name, it->type == REL_CONF_TEXT && it->choices ?
		    "words of" : shape[it->type], it->choices ? " " : "",
		    it->choices ? it->choices : "", value);
		return -1;
	}
	if (!conf_in_range(it, v)) {
		conf_bound(low, it->type, it->min);
		conf_bound(high, it->type, it->max);
		snprintf(why, CONF_WHY, "%s must be %s to %s%s%s, not \"%.60s\"",
		    it->name, low, high, it->type == REL_CONF_TEXT ? " bytes" :
		    "", it->zero_off ? ", or 0 for off" : "", value);
		return -1;
	}
	if (it->type == REL_CONF_TEXT)
		memcpy((char *)out + it->offset, value, (size_t)v + 1);
	else
		memcpy((char *)out + it->offset, &v, sizeof v);
	return 0;
}

int
rel_conf_set(const struct rel_conf_item *it, void *out, const char *value,
    struct rel_err *err)
{
	size_t n = strlen(value);
	char why[CONF_WHY];

	if (!conf_text_ok(value, n < REL_CONF_TEXT_MAX ? n :
	    REL_CONF_TEXT_MAX))
		return rel_err_set(err, REL_E_FORMAT, "%s takes at most %d "
		    "bytes of text in one line, without control characters",
		    it->name, REL_CONF_TEXT_MAX - 1);
	if (n > 0 && (value[0] == ' ' || value[n - 1] == ' '))
		return rel_err_set(err, REL_E_FORMAT,
		    "%s: the value must not begin or end with a blank",
		    it->name);
	return conf_set(it, out, value, why) == 0 ? 0 :
	    rel_err_set(err, REL_E_FORMAT, "%s", why);
}

void
rel_conf_bound(const struct rel_conf_item *it, int64_t v, char out[32])
{
	conf_bound(out, it->type, v);
}

static void
conf_choice_text(char out[REL_CONF_TEXT_MAX], const char *choices, int64_t v)
{
	for (; v > 0 && *choices != '\0'; v--) {
		choices += strcspn(choices, "|");
		choices += *choices == '|';
	}
	snprintf(out, REL_CONF_TEXT_MAX, "%.*s", (int)strcspn(choices, "|"),
	    choices);
}

void
rel_conf_text(const struct rel_conf_item *it, const void *values,
    char out[REL_CONF_TEXT_MAX])
{
	const char *at = (const char *)values + it->offset;
	char number[32];
	int64_t v;

	if (it->type == REL_CONF_TEXT) {
		snprintf(out, REL_CONF_TEXT_MAX, "%s", at);
		return;
	}
	memcpy(&v, at, sizeof v);
	if (it->type == REL_CONF_CHOICE) {
		conf_choice_text(out, it->choices, v);
		return;
	}
	conf_bound(number, it->type, v);
	snprintf(out, REL_CONF_TEXT_MAX, "%s", it->type != REL_CONF_BOOL ?
	    number : v != 0 ? "yes" : "no");
}

int
rel_conf_same(const struct rel_conf_item *it, const void *a, const void *b)
{
	const char *x = (const char *)a + it->offset;
	const char *y = (const char *)b + it->offset;

	return it->type == REL_CONF_TEXT ? strcmp(x, y) == 0 :
	    memcmp(x, y, sizeof(int64_t)) == 0;
}

void
rel_conf_defaults(const struct rel_conf_table *t, void *out)
{
	char why[CONF_WHY];

	for (size_t i = 0; i < t->n; i++)
		if (conf_set(&t->items[i], out, t->items[i].def, why) < 0) {
			fprintf(stderr, "bad default: %s\n", why);
			abort();
		}
}

/* Split "Directive value" in place; NULL name for blank and comment lines. */
static void
conf_split(char *line, char **name, char **value)
{
	size_t n = strlen(line);

	while (n > 0 && strchr(" \t\r", line[n - 1]) != NULL)
		line[--n] = '\0';
	line += strspn(line, " \t");
	*name = *line == '\0' || *line == '#' ? NULL : line;
	*value = line + strcspn(line, " \t");
	if (**value != '\0') {
		*(*value)++ = '\0';
		*value += strspn(*value, " \t");
	}
}

static int
conf_line(const struct rel_conf_table *t, void *out, char *line,
    uint8_t *seen, char why[CONF_WHY])
{
	char *name, *value;

	conf_split(line, &name, &value);
	if (name == NULL)
		return 0;
	for (size_t i = 0; i < t->n; i++) {
		if (strcasecmp(t->items[i].name, name) != 0)
			continue;
		if (seen[i]++) {
			snprintf(why, CONF_WHY, "%s is given twice",
			    t->items[i].name);
			return -1;
		}
		return conf_set(&t->items[i], out, value, why);
	}
	snprintf(why, CONF_WHY, "unknown directive \"%.60s\"", name);
	return -1;
}

int
rel_conf_parse(const struct rel_conf_table *t, void *out, const char *text,
    size_t len, const char *name, struct rel_err *err)
{
	uint8_t seen[CONF_ITEMS_MAX] = { 0 };
	char line[1024], why[CONF_WHY];
	unsigned lineno = 0;

	if (t->n > CONF_ITEMS_MAX)
		return rel_err_set(err, REL_E_LIMIT, "settings table too long");
	for (size_t at = 0; at < len;) {
		const char *nl = memchr(text + at, '\n', len - at);
		size_t end = nl != NULL ? (size_t)(nl - text) : len;

		lineno++;
		if (end - at >= sizeof line ||
		    memchr(text + at, '\0', end - at) != NULL)
			return rel_err_set(err, REL_E_FORMAT,
			    "%s:%u: line too long or not text", name, lineno);
		memcpy(line, text + at, end - at);
		line[end - at] = '\0';
		if (conf_line(t, out, line, seen, why) < 0)
			return rel_err_set(err, REL_E_FORMAT, "%s:%u: %s",
			    name, lineno, why);
		at = end + 1;
	}
	return 0;
}

int
rel_conf_read(const struct rel_conf_table *t, void *out, const char *path,
    struct rel_err *err)
{
	FILE *f = fopen(path, "r");
	char *text;
	size_t len;
	int rc;

	if (f == NULL)
		return rel_err_sys(err, errno == ENOENT ? REL_E_NOTFOUND :
		    REL_E_IO, "cannot open %s", path);
	if ((text = malloc(CONF_FILE_MAX + 1)) == NULL) {
		fclose(f);
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	}
	len = fread(text, 1, CONF_FILE_MAX + 1, f);
	if (ferror(f))
		rc = rel_err_sys(err, REL_E_IO, "cannot read %s", path);
	else if (len > CONF_FILE_MAX)
		rc = rel_err_set(err, REL_E_LIMIT, "%s is larger than %u bytes",
		    path, CONF_FILE_MAX);
	else
		rc = rel_conf_parse(t, out, text, len, path, err);
	free(text);
	fclose(f);
	return rc;
}

void
rel_conf_manual(const struct rel_conf_table *t, FILE *out)
{
	fputs(".Bl -tag -width Ds\n", out);
	for (size_t i = 0; i < t->n; i++) {
		const struct rel_conf_item *it = &t->items[i];

		fprintf(out, ".It Ic %s Ar %s\n", it->name,
		    it->choices ? it->choices :
		    it->type == REL_CONF_BOOL ? "yes|no" :
		    it->type == REL_CONF_TIME ? "time" :
		    it->type == REL_CONF_SIZE ? "size" :
		    it->type == REL_CONF_TEXT ? "text" : "number");
		for (const char *p = it->help; *p != '\0'; p++) {
			fputc(*p, out);
			if (*p == '\\')
				fputc('e', out);
			if (p[0] == '.' && p[1] == ' ') {
				fputc('\n', out);
				p++;
			}
		}
		if (it->def[0] != '\0')
			fprintf(out, "\nDefault: %s.\n", it->def);
		else
			fputs("\nDefault: empty.\n", out);
	}
	fputs(".El\n", out);
}
