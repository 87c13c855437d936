/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include <string.h>

#include "lib/media.h"
#include "lib/rule_priv.h"

uint32_t
rule_hash(const char *s, size_t n)
{
	uint32_t h = 2166136261u;	/* FNV-1a */

	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)s[i]) * 16777619u;
	return h;
}

size_t
rule_wild_bytes(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += *s != '*';
	return n;
}

/*
 * All ways to read a pattern at once, each a bit of a word: bit j says that
 * its first j bytes fit what was read so far.  A star lets its bit stay, a
 * question mark lets it stay while the bytes of its character last.  One step
 * for each byte of the text, so there is nothing to go back to.
 */
struct wild {
	uint64_t byte[256];		/* bit j: this byte can be the j-th */
	uint64_t stars, marks;
	unsigned n;
};

static void
wild_init(struct wild *w, const char *pattern)
{
	uint64_t any = 0;

	memset(w, 0, sizeof *w);
	for (; *pattern != '\0'; pattern++) {
		if (*pattern == '*') {
			w->stars |= UINT64_C(1) << w->n;
			continue;
		}
		if (w->n == RULE_WILD_MAX)
			break;
		w->n++;
		if (*pattern == '?')
			any |= UINT64_C(1) << w->n;
		else
			w->byte[(unsigned char)*pattern] |=
			    UINT64_C(1) << w->n;
	}
	w->marks = any;
	/* A question mark begins at any byte but one inside a character. */
	for (unsigned i = 0; any != 0 && i < 256; i++)
		if ((i & 0xc0) != 0x80)
			w->byte[i] |= any;
}

/* What stands in front of the first star or mark decides most of them. */
static bool
wild_match(const struct rule_pattern *p, const struct rule_name *name)
{
	const char *pattern = p->text + p->plain, *s = name->text + p->plain;
	size_t n = name->n - p->plain;
	struct wild w;
	uint64_t now = 1;

	if (name->n < p->plain || memcmp(p->text, name->text, p->plain) != 0)
		return false;
	if (pattern[0] == '*' && pattern[1] == '\0')
		return true;
	wild_init(&w, pattern);
	for (size_t i = 0; i < n && now != 0; i++) {
		unsigned char c = (unsigned char)s[i];

		now = (now << 1 & w.byte[c]) | (now & w.stars) |
		    ((c & 0xc0) == 0x80 ? now & w.marks : 0);
	}
	return (now >> w.n & 1) != 0;
}

bool
rule_match(const struct rule_pattern *p, const struct rule_name *name)
{
	if (p->wild)
		return wild_match(p, name);
	if (p->width > 0 && name->width > 0)
		return rel_media_same(p->width, p->height, name->width,
		    name->height);
	return p->hash == name->hash && p->n == name->n &&
	    memcmp(p->text, name->text, p->n) == 0;
}

static enum rule_tri
tri(bool yes, bool no)
{
	return yes ? RULE_YES : no ? RULE_NO : RULE_MAYBE;
}

enum rule_tri
rule_compare(enum rule_cmp cmp, struct rule_span a, struct rule_span b)
{
	bool one = a.low == a.high && b.low == b.high && a.low == b.low;
	bool apart = a.high < b.low || a.low > b.high;

	if (!a.known || !b.known)
		return RULE_MAYBE;
	switch (cmp) {
	case RULE_LT: return tri(a.high < b.low, a.low >= b.high);
	case RULE_LE: return tri(a.high <= b.low, a.low > b.high);
	case RULE_GT: return tri(a.low > b.high, a.high <= b.low);
	case RULE_GE: return tri(a.low >= b.high, a.high < b.low);
	case RULE_EQ: return tri(one, apart);
	case RULE_NE: return tri(apart, one);
	}
	return RULE_MAYBE;
}
