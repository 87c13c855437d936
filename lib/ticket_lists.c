/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Lists inside a ticket: page ranges and finishings. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/text.h"
#include "lib/ticket_priv.h"

#define SPANS_MAX 64u

/* One range at *pp, past which it moves; false when it is none. */
static bool
range(const char **pp, unsigned long *a, unsigned long *b)
{
	const char *p = *pp;
	char *end;

	*a = 1;
	*b = REL_FACTS_PAGES_MAX;
	if (isdigit((unsigned char)*p)) {
		*a = strtoul(p, &end, 10);
		p = end;
		if (*p != '-')
			*b = *a;
	} else if (*p != '-') {
		return false;
	}
	if (*p == '-') {
		p++;
		if (isdigit((unsigned char)*p)) {
			*b = strtoul(p, &end, 10);
			p = end;
		} else if (p - *pp == 1) {
			return false;		/* "-" alone */
		}
	}
	*pp = p;
	return *a >= 1 && *b >= *a && *b <= REL_FACTS_PAGES_MAX;
}

struct span {
	unsigned long a, b;
};

/* Where the others are: in order, and those that touch made one. */
static size_t
spans_join(struct span *all, size_t n)
{
	size_t out = 0;

	for (size_t i = 1; i < n; i++)
		for (size_t k = i; k > 0 && all[k].a < all[k - 1].a; k--) {
			struct span s = all[k];

			all[k] = all[k - 1];
			all[k - 1] = s;
		}
	for (size_t i = 0; i < n; i++)
		if (out > 0 && all[i].a <= all[out - 1].b + 1) {
			if (all[i].b > all[out - 1].b)
				all[out - 1].b = all[i].b;
		} else {
			all[out++] = all[i];
		}
	return out;
}

static size_t
span_text(const struct span *s, char *out, size_t size)
{
	int n = s->a == s->b ? snprintf(out, size, "%lu", s->a) :
	    s->b == REL_FACTS_PAGES_MAX ? snprintf(out, size, "%lu-", s->a) :
	    snprintf(out, size, "%lu-%lu", s->a, s->b);

	return (size_t)n;
}

/* Every page once, whatever order they were named in: CUPS does the same. */
bool
ticket_pages_ok(const char *text, char *out, size_t size)
{
	struct span all[SPANS_MAX];
	size_t n = 0, len = 0;
	const char *p = text;

	while (*(p += strspn(p, " ")) != '\0') {
		if (n == SPANS_MAX || !range(&p, &all[n].a, &all[n].b))
			return false;
		n++;
		p += strspn(p, " ");
		if (*p == ',' && p[1] != '\0')
			p++;
		else if (*p != '\0')
			return false;
	}
	memset(out, 0, size);
	n = spans_join(all, n);
	for (size_t i = 0; i < n; i++) {
		if (len + 24 > size)
			return false;
		if (i > 0)
			out[len++] = ',';
		len += span_text(&all[i], out + len, size - len);
	}
	return true;
}

/* Keywords of PWG 5100.1 with their enum numbers. */
static const struct ticket_word finishings[] = {
	{ "none", 3 }, { "staple", 4 }, { "punch", 5 }, { "cover", 6 },
	{ "bind", 7 }, { "saddle-stitch", 8 }, { "edge-stitch", 9 },
	{ "fold", 10 }, { "trim", 11 }, { "bale", 12 },
	{ "booklet-maker", 13 }, { "jog-offset", 14 }, { "coat", 15 },
	{ "laminate", 16 }, { "staple-top-left", 20 },
	{ "staple-bottom-left", 21 }, { "staple-top-right", 22 },
	{ "staple-bottom-right", 23 }, { "edge-stitch-left", 24 },
	{ "edge-stitch-top", 25 }, { "edge-stitch-right", 26 },
	{ "edge-stitch-bottom", 27 }, { "staple-dual-left", 28 },
	{ "staple-dual-top", 29 }, { "staple-dual-right", 30 },
	{ "staple-dual-bottom", 31 }, { "punch-top-left", 70 },
	{ "punch-bottom-left", 71 }, { "punch-top-right", 72 },
	{ "punch-bottom-right", 73 }, { "punch-dual-left", 74 },
	{ "punch-dual-top", 75 }, { "punch-dual-right", 76 },
	{ "punch-dual-bottom", 77 }, { "punch-triple-left", 78 },
	{ "punch-quad-left", 82 }, { "fold-accordion", 90 },
	{ "fold-double-gate", 91 }, { "fold-gate", 92 }, { "fold-half", 93 },
	{ "fold-half-z", 94 }, { "fold-left-gate", 95 },
	{ "fold-letter", 96 }, { "fold-parallel", 97 },
	{ "fold-poster", 98 }, { "fold-right-gate", 99 }, { "fold-z", 100 },
	{ NULL, 0 }
};

static const char *
finishing_of(const char *one)
{
	int n = ticket_word(finishings, one);

	if (n < 0 && isdigit((unsigned char)one[0]) && strlen(one) < 4)
		n = atoi(one);
	for (const struct ticket_word *f = finishings; f->text != NULL; f++)
		if (f->value == n)
			return f->text;
	return NULL;
}

bool
rel_ticket_is_finishing(const char *name)
{
	size_t n = strlen(name);

	for (const struct ticket_word *f = finishings + 1; f->text != NULL;
	    f++)
		if (n > 0 && strncmp(f->text, name, n) == 0 &&
		    (f->text[n] == '\0' || f->text[n] == '-'))
			return true;
	return false;
}

static bool
listed(const char *list, const char *one)
{
	size_t n = strlen(one);

	while (*list != '\0') {
		size_t m = strcspn(list, ",");

		if (m == n && strncmp(list, one, n) == 0)
			return true;
		list += m + (list[m] == ',');
	}
	return false;
}

bool
ticket_finishings(char *out, size_t size, const char *text)
{
	char all[256] = "", one[64];
	size_t len = 0;

	while (*text != '\0') {
		size_t n = strcspn(text, ",");
		const char *name;

		if (n >= sizeof one)
			return false;
		memcpy(one, text, n);
		one[n] = '\0';
		text += n + (text[n] == ',');
		if ((name = finishing_of(one)) == NULL)
			return false;
		if (strcmp(name, "none") == 0 || listed(all, name))
			continue;
		if (len + strlen(name) + 2 > sizeof all)
			return false;
		len += (size_t)snprintf(all + len, sizeof all - len, "%s%s",
		    len > 0 ? "," : "", name);
	}
	if (len >= size)
		return false;
	memset(out, 0, size);
	memcpy(out, all, len);
	return true;
}
