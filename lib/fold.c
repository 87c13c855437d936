/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/fold.h"

#include <string.h>

#define LOOK_MAX 2000

/* Latin Extended-A comes in pairs, but not everywhere in the same order. */
static unsigned
fold_latin(unsigned u)
{
	if (u == 0x130 || u == 0x131 || u == 0x138 || u == 0x149 || u == 0x17f)
		return u;
	if (u == 0x178)
		return 0xff;		/* capital y with diaeresis */
	if ((u >= 0x139 && u <= 0x148) || (u >= 0x179 && u <= 0x17e))
		return u + (u & 1);
	return u | 1;
}

/* A character of two bytes, 0x80..0x7ff. */
static unsigned
fold_two(unsigned u)
{
	static const struct {
		unsigned from, to, add;
	} blocks[] = {
		{ 0xc0, 0xd6, 0x20 }, { 0xd8, 0xde, 0x20 },
		{ 0x386, 0x386, 0x26 }, { 0x388, 0x38a, 0x25 },
		{ 0x38c, 0x38c, 0x40 }, { 0x38e, 0x38f, 0x3f },
		{ 0x391, 0x3a1, 0x20 }, { 0x3a3, 0x3ab, 0x20 },
		{ 0x400, 0x40f, 0x50 }, { 0x410, 0x42f, 0x20 }
	};

	if (u >= 0x100 && u <= 0x17f)
		return fold_latin(u);
	if (u == 0x3c2)
		return 0x3c3;		/* sigma at the end of a word */
	for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++)
		if (u >= blocks[i].from && u <= blocks[i].to)
			return u + blocks[i].add;
	return u;
}

void
rel_fold(char *out, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c >= 'A' && c <= 'Z') {
			c = (unsigned char)(c + 0x20);
		} else if (c >= 0xc3 && c <= 0xd0 && i + 1 < n &&
		    ((unsigned char)s[i + 1] & 0xc0) == 0x80) {
			unsigned u = fold_two((c & 0x1fu) << 6 |
			    ((unsigned char)s[i + 1] & 0x3fu));

			out[i++] = (char)(0xc0 | u >> 6);
			c = (unsigned char)(0x80 | (u & 0x3f));
		}
		out[i] = (char)c;
	}
}

bool
rel_fold_has(const char *s, size_t n, const char *what)
{
	char folded[LOOK_MAX + 1];

	if (n > LOOK_MAX)
		n = LOOK_MAX;
	rel_fold(folded, s, n);
	folded[n] = '\0';
	return strstr(folded, what) != NULL;
}
