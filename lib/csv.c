/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/csv.h"

#include <string.h>

/* "-0.31": what was given back is to be added up. */
static int
is_negative(const char *s)
{
	size_t n;

	if (*s++ != '-' || (n = strspn(s, "0123456789")) == 0)
		return 0;
	s += n;
	if (*s == '.' && (n = strspn(s + 1, "0123456789")) > 0)
		s += 1 + n;
	return *s == '\0';
}

/* What makes a spreadsheet compute instead of showing; blanks in front of it
 * do not help, and some take the wide signs (U+FF0B ...) for these, too. */
static int
is_formula(const char *s)
{
	static const char *const wide[] = { "\xef\xbc\x8b", "\xef\xbc\x8d",
	    "\xef\xbc\x9d", "\xef\xbc\xa0" };

	if (is_negative(s))
		return 0;
	s += strspn(s, " ");
	for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++)
		if (strncmp(s, wide[i], 3) == 0)
			return 1;
	return s[0] != '\0' && strchr("=+-@\t\r\n", s[0]) != NULL;
}

void
rel_csv_init(struct rel_csv *c, char *text, size_t len)
{
	const char *comma, *semi, *nl;

	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		len -= 3;
	}
	c->at = text;
	c->end = text + len;
	*c->end = '\0';
	c->line = 1;
	nl = memchr(text, '\n', len);
	if (nl != NULL)
		len = (size_t)(nl - text);
	comma = memchr(text, ',', len);
	semi = memchr(text, ';', len);
	c->sep = comma == NULL && semi != NULL ? ';' : ',';
}

/* The length of a row's end at s, 0 when it is none. */
static size_t
row_end(const struct rel_csv *c, const char *s)
{
	if (s == c->end)
		return 0;
	if (*s == '\n')
		return 1;
	return *s == '\r' && s + 1 < c->end && s[1] == '\n' ? 2 : 0;
}

static int
csv_fail(struct rel_csv *c, struct rel_err *err, const char *what)
{
	c->at = c->end;
	return rel_err_set(err, REL_E_FORMAT, "%s", what);
}

/* A field in quotes, moved to where it began; at is behind its last quote. */
static int
quoted(struct rel_csv *c, char **field, struct rel_err *err)
{
	char *from = c->at + 1, *to = c->at;

	*field = to;
	for (;; from++) {
		if (from >= c->end)
			return csv_fail(c, err,
			    "a quote is opened and not closed");
		if (*from == '"') {
			if (from[1] != '"')
				break;
			from++;
		}
		if (*from == '\0')
			return csv_fail(c, err, "there is a NUL byte");
		c->line += *from == '\n';
		*to++ = *from;
	}
	c->at = from + 1;
	if (c->at < c->end && *c->at != c->sep && row_end(c, c->at) == 0)
		return csv_fail(c, err, "there is text behind a closing quote");
	/* What follows is looked at before this is written over it. */
	*to = '\0';
	return 0;
}

static int
bare(struct rel_csv *c, char **field, struct rel_err *err)
{
	*field = c->at;
	while (c->at < c->end && *c->at != c->sep &&
	    row_end(c, c->at) == 0) {
		if (*c->at == '"' || *c->at == '\0')
			return csv_fail(c, err, *c->at == '"' ? "a quote "
			    "stands in a field that does not begin with one" :
			    "there is a NUL byte");
		c->at++;
	}
	return 0;
}

/* One field and what ends it; 1 when another one follows in this row. */
static int
field_next(struct rel_csv *c, struct rel_csv_row *row, struct rel_err *err)
{
	char **field = &row->field[row->n], *stop;
	size_t n;
	int rc;

	if (row->n == REL_CSV_FIELDS)
		return csv_fail(c, err, "a row has too many fields");
	rc = *c->at == '"' && c->at < c->end ? quoted(c, field, err) :
	    bare(c, field, err);
	if (rc < 0)
		return rc;
	row->n++;
	stop = c->at;
	if (stop == c->end)
		return 0;
	if (*stop == c->sep) {
		c->at++;
		*stop = '\0';
		return 1;
	}
	n = row_end(c, stop);
	c->at += n;
	c->line++;
	*stop = '\0';
	return 0;
}

int
rel_csv_next(struct rel_csv *c, struct rel_csv_row *row, struct rel_err *err)
{
	size_t n;
	int rc;

	while ((n = row_end(c, c->at)) > 0) {
		c->at += n;
		c->line++;
	}
	row->n = 0;
	row->line = c->line;
	if (c->at == c->end)
		return 0;
	while ((rc = field_next(c, row, err)) > 0)
		;
	return rc < 0 ? rc : 1;
}

/* ---- writing */

static int
needs_quotes(const char *s)
{
	size_t n = strlen(s);

	/* A first byte that could begin a byte order mark is one to read. */
	return strpbrk(s, ",;\"\r\n") != NULL || s[0] == '\xef' ||
	    (n > 0 && (s[0] == ' ' || s[n - 1] == ' '));
}

void
rel_csv_put(struct rel_buf *b, const char *field, int first)
{
	int quotes = needs_quotes(field);

	if (!first)
		rel_put_raw(b, ",", 1);
	if (quotes)
		rel_put_raw(b, "\"", 1);
	if (is_formula(field + strspn(field, "'")))
		rel_put_raw(b, "'", 1);
	for (; *field != '\0'; field++) {
		rel_put_raw(b, field, 1);
		if (*field == '"')
			rel_put_raw(b, "\"", 1);
	}
	if (quotes)
		rel_put_raw(b, "\"", 1);
}

void
rel_csv_end(struct rel_buf *b)
{
	rel_put_raw(b, "\r\n", 2);
}

char *
rel_csv_plain(char *field)
{
	size_t n = strspn(field, "'");

	return n > 0 && is_formula(field + n) ? field + 1 : field;
}
