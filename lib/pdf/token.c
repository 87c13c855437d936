/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/pdf/token.h"

#include <string.h>

enum { REGULAR, SPACE, DELIMITER };

static int
kind_of(uint8_t c)
{
	switch (c) {
	case 0: case '\t': case '\n': case '\f': case '\r': case ' ':
		return SPACE;
	case '(': case ')': case '<': case '>': case '[': case ']':
	case '{': case '}': case '/': case '%':
		return DELIMITER;
	default:
		return REGULAR;
	}
}

void
pdf_lexer_init(struct pdf_lexer *l, const void *data, size_t n)
{
	static const uint8_t nothing[1];

	l->p = n > 0 ? data : nothing;
	l->end = l->p + n;
	l->odd = false;
}

static void
skip_space(struct pdf_lexer *l)
{
	while (l->p < l->end) {
		if (*l->p == '%') {
			while (l->p < l->end && *l->p != '\n' && *l->p != '\r')
				l->p++;
		} else if (kind_of(*l->p) == SPACE) {
			l->p++;
		} else {
			return;
		}
	}
}

/* ( ... ) with pairs inside and backslashes. */
static void
take_string(struct pdf_lexer *l, struct pdf_token *t)
{
	size_t depth = 1;

	t->type = PDF_TOK_STRING;
	t->s = ++l->p;
	for (; l->p < l->end; l->p++) {
		uint8_t c = *l->p;

		if (c == '\\') {
			t->visible = true;
			if (++l->p == l->end)
				break;
		} else if (c == '(') {
			depth++;
			t->visible = true;
		} else if (c == ')') {
			if (--depth == 0) {
				t->n = (size_t)(l->p++ - t->s);
				return;
			}
		} else if (c > ' ') {
			t->visible = true;
		}
	}
	l->p = l->end;
	t->n = (size_t)(l->end - t->s);
	l->odd = true;
}

/* 0..15; -1 when it is none. */
static int
hex_digit(uint8_t c)
{
	static const char digits[16] = "0123456789abcdef";
	const char *p;

	if (c >= 'A' && c <= 'F')
		c = (uint8_t)(c | 0x20);
	p = memchr(digits, c, sizeof digits);
	return p != NULL ? (int)(p - digits) : -1;
}

static void
take_hex(struct pdf_lexer *l, struct pdf_token *t)
{
	int high = -1;

	t->type = PDF_TOK_STRING;
	t->hex = true;
	t->s = ++l->p;
	for (; l->p < l->end && *l->p != '>'; l->p++) {
		int d = hex_digit(*l->p);

		if (d < 0) {
			l->odd |= kind_of(*l->p) != SPACE;
			continue;
		}
		if (high < 0) {
			high = d;
			continue;
		}
		t->visible |= (high << 4 | d) != ' ';
		high = -1;
	}
	t->visible |= high >= 0;
	t->n = (size_t)(l->p - t->s);
	if (l->p < l->end)
		l->p++;
	else
		l->odd = true;
}

/* Digits, one point, signs in front; false when it is a word. */
static bool
number_of(const uint8_t *s, size_t n, double *out)
{
	double v = 0, scale = 1;
	bool minus = false, point = false, digit = false;
	size_t i = 0;

	for (; i < n && (s[i] == '+' || s[i] == '-'); i++)
		minus |= s[i] == '-';
	for (; i < n; i++) {
		if (s[i] >= '0' && s[i] <= '9') {
			digit = true;
			if (point)
				v += (s[i] - '0') * (scale /= 10);
			else
				v = v * 10 + (s[i] - '0');
		} else if (s[i] == '.' && !point) {
			point = true;
		} else if (s[i] == '-' && digit) {
			break;		/* "12-3": what readers make of it */
		} else {
			return false;
		}
	}
	if (!digit && !point)
		return false;
	if (v > 1e15)
		v = 1e15;
	*out = minus ? -v : v;
	return true;
}

static void
take_regular(struct pdf_lexer *l, struct pdf_token *t)
{
	const uint8_t *s = l->p;

	while (l->p < l->end && kind_of(*l->p) == REGULAR)
		l->p++;
	t->s = s;
	t->n = (size_t)(l->p - s);
	if (((*s >= '0' && *s <= '9') || *s == '.' || *s == '-' ||
	    *s == '+') && number_of(s, t->n, &t->number))
		t->type = PDF_TOK_NUMBER;
	else
		t->type = PDF_TOK_WORD;
}

static bool
twice(const struct pdf_lexer *l)
{
	return l->end - l->p > 1 && l->p[1] == l->p[0];
}

/* A delimiter stands here; false when it means nothing. */
static bool
take_delimiter(struct pdf_lexer *l, struct pdf_token *t)
{
	switch (*l->p) {
	case '(':
		take_string(l, t);
		return true;
	case '/':
		l->p++;
		t->s = l->p;
		while (l->p < l->end && kind_of(*l->p) == REGULAR)
			l->p++;
		t->n = (size_t)(l->p - t->s);
		t->type = PDF_TOK_NAME;
		return true;
	case '<':
		if (!twice(l)) {
			take_hex(l, t);
			return true;
		}
		l->p += 2;
		t->type = PDF_TOK_DICT;
		return true;
	case '>':
		if (!twice(l))
			break;
		l->p += 2;
		t->type = PDF_TOK_DICT_END;
		return true;
	case '[':
	case ']':
		t->type = *l->p++ == '[' ? PDF_TOK_ARRAY : PDF_TOK_ARRAY_END;
		return true;
	}
	l->p++;
	l->odd = true;
	return false;
}

enum pdf_token_type
pdf_lexer_next(struct pdf_lexer *l, struct pdf_token *t)
{
	memset(t, 0, sizeof *t);
	for (;;) {
		skip_space(l);
		if (l->p == l->end)
			return t->type = PDF_TOK_END;
		if (kind_of(*l->p) == REGULAR) {
			take_regular(l, t);
			return t->type;
		}
		if (take_delimiter(l, t))
			return t->type;
	}
}

bool
pdf_name_text(char *out, size_t size, const struct pdf_token *t)
{
	size_t at = 0;

	if (size < 2)
		return false;
	out[at++] = '/';
	for (size_t i = 0; i < t->n; i++) {
		uint8_t c = t->s[i];

		if (c == '#' && i + 2 < t->n && hex_digit(t->s[i + 1]) >= 0 &&
		    hex_digit(t->s[i + 2]) >= 0) {
			c = (uint8_t)(hex_digit(t->s[i + 1]) << 4 |
			    hex_digit(t->s[i + 2]));
			i += 2;
		}
		if (c == 0 || at + 1 >= size)
			return false;
		out[at++] = (char)c;
	}
	out[at] = '\0';
	return true;
}

/* ---- inline images */

/* What follows an EI must read like content, not like pixels. */
static bool
reads_like_content(const uint8_t *p, const uint8_t *end)
{
	size_t n = (size_t)(end - p) < 24 ? (size_t)(end - p) : 24;

	for (size_t i = 0; i < n; i++)
		if (p[i] >= 0x7f || (p[i] < ' ' && kind_of(p[i]) != SPACE))
			return false;
	return true;
}

static bool
ends_here(const struct pdf_lexer *l, const uint8_t *p)
{
	return l->end - p >= 2 && p[0] == 'E' && p[1] == 'I' &&
	    (l->end - p == 2 || kind_of(p[2]) != REGULAR) &&
	    reads_like_content(p + 2, l->end);
}

bool
pdf_lexer_image(struct pdf_lexer *l, size_t known, const uint8_t **data,
    size_t *n)
{
	const uint8_t *p = l->p;

	if (p < l->end && kind_of(*p) == SPACE)
		p += *p == '\r' && l->end - p > 1 && p[1] == '\n' ? 2 : 1;
	*data = p;
	if (known > 0 && known <= (size_t)(l->end - p)) {
		const uint8_t *q = p + known;

		while (q < l->end && kind_of(*q) == SPACE)
			q++;
		if (l->end - q >= 2 && q[0] == 'E' && q[1] == 'I') {
			*n = known;
			l->p = q + 2;
			return true;
		}
	}
	for (; p < l->end; p++) {
		const uint8_t *e = memchr(p, 'E', (size_t)(l->end - p));

		if (e == NULL)
			break;
		p = e;
		if ((e == *data || kind_of(e[-1]) == SPACE ||
		    e[-1] == '>') && ends_here(l, e)) {
			*n = (size_t)(e - *data);
			l->p = e + 2;
			return true;
		}
	}
	*n = (size_t)(l->end - *data);
	l->p = l->end;
	l->odd = true;
	return false;
}
