/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/money.h"
#include "lib/rule_priv.h"
#include "lib/text.h"

/* ---- words that mean a value, in a file and in rel_case_words_set() */

static bool
read_bytes(int64_t *out, const char *s)
{
	static const char units[] = "kmg";
	size_t n = strlen(s);
	const char *u = n > 1 ? strchr(units, s[n - 1] | 0x20) : NULL;
	char digits[24];

	if (u == NULL || *u == '\0')
		return rel_int(out, s, 0, INT64_C(1) << 50);
	if (n >= sizeof digits)
		return false;
	memcpy(digits, s, n - 1);
	digits[n - 1] = '\0';
	if (!rel_int(out, digits, 0, 1 << 20))
		return false;
	*out *= INT64_C(1024) << (10 * (u - units));
	return true;
}

bool
rule_number(int64_t *out, const char *text, enum rule_kind kind,
    struct rel_err *err)
{
	if (kind == RULE_MONEY)
		return rel_money_parse(out, text, err) == 0;
	if (kind == RULE_BYTES ? read_bytes(out, text) :
	    rel_int(out, text, 0, 999999999))
		return true;
	rel_err_set(err, REL_E_FORMAT, "%s", kind == RULE_BYTES ?
	    "a size is a number of bytes such as 500k, 20m or 1g" :
	    "this is a whole number of 0 to 999999999");
	return false;
}

static int
one_day(const char *s)
{
	static const char days[] = "sunmontuewedthufrisat";

	for (int i = 0; i < 7; i++)
		if (strncasecmp(s, days + 3 * i, 3) == 0)
			return i;
	return -1;
}

uint8_t
rule_days(const char *s)
{
	size_t n = strlen(s);
	int from = one_day(s), to;
	unsigned bits = 0;

	if (from < 0 || (n != 3 && (n != 7 || s[3] != '-')))
		return 0;
	if ((to = n == 3 ? from : one_day(s + 4)) < 0)
		return 0;
	for (int d = from; ; d = (d + 1) % 7) {
		bits |= 1u << d;
		if (d == to)
			return (uint8_t)bits;
	}
}

unsigned
rule_sides_bits(const char *s)
{
	static const struct {
		const char *word;
		unsigned bits;
	} words[] = {
		{ "one-sided", 1u << REL_DUPLEX_NONE },
		{ "two-sided", 1u << REL_DUPLEX_LONG |
		    1u << REL_DUPLEX_SHORT },
		{ "two-sided-long-edge", 1u << REL_DUPLEX_LONG },
		{ "two-sided-short-edge", 1u << REL_DUPLEX_SHORT },
		{ "mixed", 1u << REL_DUPLEX_MIXED }
	};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strcasecmp(s, words[i].word) == 0)
			return words[i].bits;
	return 0;
}

const char *
rule_format(const char *s)
{
	static const struct {
		const char *type, *word;
	} types[] = {
		{ "application/pdf", "pdf" },
		{ "application/postscript", "postscript" },
		{ "application/vnd.hp-pcl", "pcl" },
		{ "application/vnd.hp-pclxl", "pclxl" },
		{ "application/vnd.cups-raster", "cups-raster" },
		{ "image/pwg-raster", "pwg-raster" },
		{ "image/urf", "apple-raster" },
		{ "image/jpeg", "jpeg" }, { "image/tiff", "tiff" },
		{ "text/plain", "text" }
	};

	if (strchr(s, '/') == NULL)
		return s;
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (strcasecmp(s, types[i].type) == 0)
			return types[i].word;
	return NULL;
}

/* ---- the file */

static struct rule *
new_rule(struct rule_parser *p)
{
	struct rel_rules *r = p->r;
	struct rule *more;

	if (r->nrules == REL_RULE_RULES_MAX) {
		rule_fail(p, "there are more than %u rules",
		    REL_RULE_RULES_MAX);
		return NULL;
	}
	more = rule_grow(p, r->rules, &r->rules_cap, r->nrules, sizeof *more);
	if (more == NULL)
		return NULL;
	r->rules = more;
	memset(&r->rules[r->nrules], 0, sizeof *more);
	return &r->rules[r->nrules++];
}

/* The name behind "rule". */
static bool
read_name(struct rule_parser *p, struct rule *rule)
{
	if (p->type != RULE_T_STRING)
		return rule_fail(p, "behind the word rule stands its name in "
		    "quotes");
	if (p->n == 0 || p->n >= REL_RULE_NAME_MAX)
		return rule_fail(p, "the name of a rule has 1 to %u bytes",
		    REL_RULE_NAME_MAX - 1);
	rule->name = rule_keep(p, p->tok, p->n);
	return rule->name != NULL && rule_next(p);
}

static bool
read_rule(struct rule_parser *p)
{
	struct rule *rule;

	if (!rule_is(p, "rule"))
		return rule_fail(p, "here a rule begins: rule \"its name\"");
	if ((rule = new_rule(p)) == NULL)
		return false;
	rule->line = p->tok_line;
	if (!rule_next(p) || !read_name(p, rule))
		return false;
	if (rule_take(p, "when") && (rule->cond = rule_read_cond(p)) == 0)
		return false;
	return !p->failed && rule_read_actions(p, rule);
}

static int
by_name(const void *a, const void *b)
{
	const struct rule *const *x = a, *const *y = b;
	int d = strcmp((*x)->name, (*y)->name);

	return d != 0 ? d : (*x)->line < (*y)->line ? -1 :
	    (*x)->line > (*y)->line;
}

/* A name stands for one rule: what is recorded must be found again. */
static bool
names_differ(struct rule_parser *p)
{
	const struct rel_rules *r = p->r;
	const struct rule **all;
	char what[120];

	if (r->nrules == 0)
		return true;
	if ((all = malloc(r->nrules * sizeof *all)) == NULL)
		return rule_fail_at(p, 0, "",
		    "there is no memory for these rules");
	for (size_t i = 0; i < r->nrules; i++)
		all[i] = &r->rules[i];
	qsort(all, r->nrules, sizeof *all, by_name);
	for (size_t i = 1; i < r->nrules; i++)
		if (strcmp(all[i - 1]->name, all[i]->name) == 0) {
			snprintf(what, sizeof what, "the rule in line %u has "
			    "this name already", all[i - 1]->line);
			rule_fail_at(p, all[i]->line, all[i]->name, what);
			break;
		}
	free(all);
	return !p->failed;
}

/* UTF-8 without control characters but tabs and ends of lines. */
static bool
text_ok(struct rule_parser *p)
{
	unsigned line = 1;

	for (const char *s = p->p; s < p->end; line++) {
		const char *nl = memchr(s, '\n', (size_t)(p->end - s));
		size_t n = (size_t)((nl != NULL ? nl : p->end) - s);

		if (!rel_utf8_ok(s, n))
			return rule_fail_at(p, line, "",
			    "this line is not UTF-8 text");
		for (size_t i = 0; i < n; i++)
			if (((unsigned char)s[i] < 0x20 && s[i] != '\t' &&
			    (s[i] != '\r' || i + 1 != n)) || s[i] == 0x7f)
				return rule_fail_at(p, line, "", "there is a "
				    "control character in this line");
		s += n + (nl != NULL);
	}
	return true;
}

static bool
read_all(struct rule_parser *p)
{
	size_t n = (size_t)(p->end - p->p);

	p->r->pool_size = 4 * n + 64;
	p->r->pool = malloc(p->r->pool_size);
	p->r->nodes = calloc(1, sizeof *p->r->nodes);
	if (p->r->pool == NULL || p->r->nodes == NULL)
		return rule_fail_at(p, 0, "",
		    "there is no memory for these rules");
	p->r->nnodes = p->r->nodes_cap = 1;
	if (!text_ok(p))
		return false;
	if (n >= 3 && memcmp(p->p, "\xef\xbb\xbf", 3) == 0)
		p->p += 3;
	if (!rule_next(p))
		return false;
	while (p->type != RULE_T_END)
		if (!read_rule(p))
			return false;
	return names_differ(p);
}

struct rel_rules *
rel_rules_read(const char *text, size_t n, struct rel_place *at)
{
	struct rule_parser p = { .p = text, .end = text + n, .line = 1,
	    .at = at };

	if (n > REL_RULE_FILE_MAX) {
		rel_place_set(at, 0, NULL, "the file has more than %u bytes",
		    REL_RULE_FILE_MAX);
		return NULL;
	}
	if ((p.r = calloc(1, sizeof *p.r)) == NULL) {
		rel_place_set(at, 0, NULL,
		    "there is no memory for these rules");
		return NULL;
	}
	if (!read_all(&p))
		rel_rules_free(&p.r);
	return p.r;
}

void
rel_rules_free(struct rel_rules **rp)
{
	struct rel_rules *r = *rp;

	if (r == NULL)
		return;
	free(r->rules);
	free(r->nodes);
	free(r->actions);
	free(r->patterns);
	free(r->mentions);
	free(r->pool);
	free(r);
	*rp = NULL;
}

size_t
rel_rules_count(const struct rel_rules *r)
{
	return r != NULL ? r->nrules : 0;
}

const char *
rel_rules_rule(const struct rel_rules *r, size_t i, unsigned *line)
{
	*line = r->rules[i].line;
	return r->rules[i].name;
}

const char *
rel_rules_name(const struct rel_rules *r, size_t i, const char **kind,
    unsigned *line)
{
	if (i >= r->nmentions)
		return NULL;
	*kind = r->mentions[i].kind;
	*line = r->mentions[i].line;
	return r->mentions[i].name;
}
