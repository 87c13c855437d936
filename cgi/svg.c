/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "cgi/svg.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "lib/text.h"

/* How many bytes the character that begins with c has; 1 for none. */
static size_t
char_len(unsigned char c)
{
	if (c >= 0xf0 && c <= 0xf4)
		return 4;
	if (c >= 0xe0)
		return c < 0xf0 ? 3 : 1;
	return c >= 0xc2 ? 2 : 1;
}

uint32_t
svg_char(const char **s)
{
	const unsigned char *p = (const unsigned char *)*s;
	size_t len = char_len(*p);
	uint32_t c;

	if (*p == '\0')
		return 0;
	if (*p >= 0x80 && (len == 1 || strnlen(*s, len) < len ||
	    !rel_utf8_ok(*s, len))) {
		++*s;
		return '?';
	}
	*s += len;
	c = len == 1 ? *p : *p & (0x7fu >> len);
	for (size_t i = 1; i < len; i++)
		c = c << 6 | (p[i] & 0x3f);
	if (c < 0x20 || (c >= 0x7f && c < 0xa0))
		return ' ';
	return (c & 0xfffe) == 0xfffe ? '?' : c;
}

void
svg_one(struct rel_buf *b, const char **s)
{
	const char *from = *s;
	uint32_t c = svg_char(s);

	switch (c) {
	case '&':
		rel_put_raw(b, "&amp;", 5);
		break;
	case '<':
		rel_put_raw(b, "&lt;", 4);
		break;
	case '>':
		rel_put_raw(b, "&gt;", 4);
		break;
	case '"':
		rel_put_raw(b, "&quot;", 6);
		break;
	case '\'':
		rel_put_raw(b, "&#39;", 5);
		break;
	case '?':
	case ' ':
		rel_put_u8(b, (uint8_t)c);
		break;
	default:
		rel_put_raw(b, from, (size_t)(*s - from));
	}
}

void
svg_text(struct rel_buf *b, const char *s, size_t max)
{
	const char *rest;

	while (s != NULL && *s != '\0') {
		rest = s;
		svg_char(&rest);
		if (max == 0 || (max == 1 && *rest != '\0')) {
			rel_put_raw(b, "\xe2\x80\xa6", 3);
			return;
		}
		max--;
		svg_one(b, &s);
	}
}

size_t
svg_columns(const char *s)
{
	size_t n = 0;
	uint32_t c;

	if (s == NULL)
		return 0;
	while ((c = svg_char(&s)) != 0)
		n += (c >= 0x1100 && c < 0x1200) || (c >= 0x2e80 && c < 0xd800) ||
		    (c >= 0xf900 && c < 0xfb00) || (c >= 0xff00 && c < 0xff61) ||
		    c >= 0x1f000 ? 2 : 1;
	return n;
}

void
svg_num(struct rel_buf *b, double v, unsigned digits)
{
	int64_t scale = 1, whole, part;
	bool below = v < 0;

	for (unsigned i = 0; i < digits; i++)
		scale *= 10;
	v = below ? -v : v;
	whole = (int64_t)v;
	part = (int64_t)((v - (double)whole) * (double)scale + 0.5);
	if (part >= scale) {
		part -= scale;
		whole++;
	}
	if (below && (whole != 0 || part != 0))
		rel_put_u8(b, '-');
	rel_put_fmt(b, "%" PRId64, whole);
	if (part == 0)
		return;
	for (; part % 10 == 0; part /= 10)
		digits--;
	rel_put_fmt(b, ".%0*" PRId64, (int)digits, part);
}

uint32_t
svg_id(uint32_t h, const char *s)
{
	if (h == 0)
		h = 2166136261u;
	for (; s != NULL && *s != '\0'; s++)
		h = (h ^ (unsigned char)*s) * 16777619u;
	return h ^ 0x2c;
}
