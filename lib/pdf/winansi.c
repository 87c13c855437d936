/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/pdf/pdf_priv.h"

/* 0x80..0x9f of WinAnsiEncoding (ISO 32000-1 annex D.2). */
static const uint16_t upper[32] = {
	0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
	0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017d, 0,
	0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
	0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178
};

/* Helvetica, 0x20..0x7e, as Adobe's metrics of the standard fonts say. */
static const uint16_t widths[95] = {
	278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333,
	278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278,
	584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
	500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944,
	667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556,
	278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
	278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584
};

/* One character; how many bytes it had.  What is no UTF-8 is U+FFFD. */
static size_t
take_char(const unsigned char *s, uint32_t *out)
{
	unsigned more = *s >= 0xf0 ? 3 : *s >= 0xe0 ? 2 : *s >= 0xc0 ? 1 : 0;
	uint32_t v = *s;

	*out = 0xfffd;
	if (*s >= 0x80 && (*s < 0xc2 || *s > 0xf4))
		return 1;
	if (more > 0)
		v &= 0x3fu >> more;
	for (unsigned i = 1; i <= more; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return i;
		v = v << 6 | (s[i] & 0x3f);
	}
	*out = v;
	return more + 1;
}

static char
byte_of(uint32_t c)
{
	if (c < 0x20 || c == 0x7f)
		return ' ';
	if (c < 0x7f || (c >= 0xa0 && c <= 0xff))
		return (char)c;
	for (int i = 0; i < 32; i++)
		if (upper[i] != 0 && upper[i] == c)
			return (char)(0x80 + i);
	return '?';
}

size_t
pdf_winansi(char *out, size_t size, const char *utf8)
{
	const unsigned char *s = (const unsigned char *)utf8;
	size_t n = 0;

	while (*s != '\0' && n + 1 < size) {
		uint32_t c;

		s += take_char(s, &c);
		out[n++] = byte_of(c);
	}
	out[n] = '\0';
	return n;
}

unsigned
pdf_helvetica_width(const char *s, size_t n)
{
	unsigned sum = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		sum += c >= 0x20 && c <= 0x7e ? widths[c - 0x20] : 600;
	}
	return sum;
}
