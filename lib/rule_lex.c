/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/rule_priv.h"

bool
rule_fail_at(struct rule_parser *p, unsigned line, const char *word,
    const char *what)
{
	if (!p->failed)
		rel_place_set(p->at, line, word, "%s", what);
	p->failed = true;
	return false;
}

bool
rule_fail(struct rule_parser *p, const char *fmt, ...)
{
	char what[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof what, fmt, ap);
	va_end(ap);
	return rule_fail_at(p, p->tok_line, p->type == RULE_T_END ? "" :
	    p->tok, what);
}

/* ---- tokens */

/* What ends a bare word. */
static bool
is_mark(char c)
{
	return c == '\0' || strchr(" \t\r\n\"(),=<>!#", c) != NULL;
}

static void
skip_blank(struct rule_parser *p)
{
	while (p->p < p->end) {
		if (*p->p == '#')
			while (p->p < p->end && *p->p != '\n')
				p->p++;
		else if (*p->p == '\n')
			p->line++, p->p++;
		else if (*p->p == ' ' || *p->p == '\t' || *p->p == '\r')
			p->p++;
		else
			return;
	}
}

static bool
put_char(struct rule_parser *p, char c)
{
	if (p->n + 1 >= sizeof p->tok)
		return false;
	p->tok[p->n++] = c;
	p->tok[p->n] = '\0';
	return true;
}

static bool
lex_string(struct rule_parser *p)
{
	p->type = RULE_T_STRING;
	for (p->p++; p->p < p->end && *p->p != '\n'; p->p++) {
		char c = *p->p;

		if (c == '"') {
			p->p++;
			return true;
		}
		if (c == '\\') {
			c = p->p + 1 < p->end ? *++p->p : '\0';
			if (c != '"' && c != '\\')
				return rule_fail(p, "write \\\\ for a backslash "
				    "and \\\" for a quote in a text");
		}
		if (!put_char(p, c))
			return rule_fail(p, "this text is too long");
	}
	return rule_fail(p, "the quote that begins this text does not end in "
	    "its line");
}

static bool
lex_word(struct rule_parser *p)
{
	p->type = RULE_T_WORD;
	for (; p->p < p->end && !is_mark(*p->p); p->p++)
		if (!put_char(p, *p->p))
			return rule_fail(p, "this word is too long");
	return true;
}

/* "<", "<=", ">", ">=", "=", "!=". */
static bool
lex_cmp(struct rule_parser *p)
{
	char c = *p->p++;
	bool equal = c != '=' && p->p < p->end && *p->p == '=';

	p->type = RULE_T_CMP;
	put_char(p, c);
	if (equal)
		put_char(p, *p->p++);
	p->cmp = c == '=' ? RULE_EQ : c == '<' ? (equal ? RULE_LE : RULE_LT) :
	    c == '>' ? (equal ? RULE_GE : RULE_GT) : RULE_NE;
	if (c == '!' && !equal)
		return rule_fail(p, "write != for \"is not\", and not for "
		    "the contrary");
	return true;
}

bool
rule_next(struct rule_parser *p)
{
	char c;

	if (p->failed)
		return false;
	skip_blank(p);
	p->tok_line = p->line;
	p->n = 0;
	p->tok[0] = '\0';
	if (p->p == p->end) {
		p->type = RULE_T_END;
		return true;
	}
	c = *p->p;
	if (c == '"')
		return lex_string(p);
	if (strchr("<>=!", c) != NULL)
		return lex_cmp(p);
	if (strchr("(),", c) == NULL)
		return lex_word(p);
	p->type = c == ',' ? RULE_T_COMMA : c == '(' ? RULE_T_OPEN :
	    RULE_T_CLOSE;
	put_char(p, c);
	p->p++;
	return true;
}

bool
rule_is(const struct rule_parser *p, const char *word)
{
	return !p->failed && p->type == RULE_T_WORD &&
	    strcasecmp(p->tok, word) == 0;
}

bool
rule_take(struct rule_parser *p, const char *word)
{
	return rule_is(p, word) && rule_next(p);
}

bool
rule_take_comma(struct rule_parser *p)
{
	return !p->failed && p->type == RULE_T_COMMA && rule_next(p);
}

bool
rule_is_reserved(const struct rule_parser *p)
{
	static const char *const words[] = {
		"rule", "when", "and", "or", "not", "on", "known", "unknown",
		"instead", "timeout", NULL
	};

	for (size_t i = 0; words[i] != NULL; i++)
		if (rule_is(p, words[i]))
			return true;
	for (size_t i = 0; rule_do_words[i] != NULL; i++)
		if (rule_is(p, rule_do_words[i]))
			return true;
	return false;
}

/* ---- memory */

char *
rule_keep(struct rule_parser *p, const char *s, size_t n)
{
	char *to = p->r->pool + p->r->pool_used;

	if (n >= p->r->pool_size - p->r->pool_used) {
		rule_fail(p, "there is too much text in this file");
		return NULL;
	}
	memcpy(to, s, n);
	to[n] = '\0';
	p->r->pool_used += n + 1;
	return to;
}

void *
rule_grow(struct rule_parser *p, void *v, size_t *cap, size_t n, size_t each)
{
	size_t want = *cap == 0 ? 16 : *cap * 2;
	void *more;

	if (n < *cap)
		return v;
	if ((more = realloc(v, want * each)) == NULL) {
		rule_fail_at(p, 0, "", "there is no memory for these rules");
		return NULL;
	}
	*cap = want;
	return more;
}

bool
rule_mention(struct rule_parser *p, const char *kind, const char *name,
    unsigned line)
{
	struct rel_rules *r = p->r;
	struct rule_mention *more = rule_grow(p, r->mentions,
	    &r->mentions_cap, r->nmentions, sizeof *more);

	if (more == NULL)
		return false;
	r->mentions = more;
	r->mentions[r->nmentions++] =
	    (struct rule_mention){ kind, name, line };
	return true;
}

/* ---- what somebody may have meant */

#define NEAR_MAX 24

static unsigned
least(unsigned a, unsigned b, unsigned c)
{
	a = a < b ? a : b;
	return a < c ? a : c;
}

/* How many letters to change, add or leave out. */
static unsigned
distance(const char *a, const char *b)
{
	unsigned row[NEAR_MAX + 1], left, corner;
	size_t na = strlen(a), nb = strlen(b);

	if (na > NEAR_MAX || nb > NEAR_MAX)
		return NEAR_MAX;
	for (size_t j = 0; j <= nb; j++)
		row[j] = (unsigned)j;
	for (size_t i = 0; i < na; i++) {
		corner = row[0];
		left = row[0] = (unsigned)i + 1;
		for (size_t j = 0; j < nb; j++) {
			unsigned same = (a[i] | 0x20) == (b[j] | 0x20) ? 0 : 1;

			left = least(left + 1, row[j + 1] + 1, corner + same);
			corner = row[j + 1];
			row[j + 1] = left;
		}
	}
	return row[nb];
}

const char *
rule_nearest(const char *word, const char *const *list)
{
	const char *best = NULL;
	unsigned most = 3;

	for (; *list != NULL; list++) {
		unsigned d = distance(word, *list);

		if (d < most && d < strlen(*list) / 2 + 1) {
			most = d;
			best = *list;
		}
	}
	return best;
}
