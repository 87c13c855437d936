/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Price lists, release-prices(5): from text to lines. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/media.h"
#include "lib/price_priv.h"
#include "lib/text.h"
#include "lib/ticket.h"

#define WORDS_MAX 8u

struct price_reader {
	struct rel_prices *p;
	struct rel_place *at;
	unsigned line;
	uint32_t section;
	char *word[WORDS_MAX + 1];	/* NULL behind the last one */
	unsigned n;
};

/* ---- words of a line */

/* A quoted word at s, unescaped in place; what is behind it, or NULL. */
static char *
quoted(char *s)
{
	char *out = s;

	for (s++; *s != '"' && *s != '\0'; s++) {
		if (s[0] == '\\' && (s[1] == '"' || s[1] == '\\'))
			s++;
		*out++ = *s;
	}
	*out = '\0';
	if (*s == '\0')
		return NULL;
	s++;
	return *s == '\0' || strchr(" \t", *s) != NULL ? s : NULL;
}

static int
split(struct price_reader *r, char *s)
{
	r->n = 0;
	while (*(s += strspn(s, " \t")) != '\0' && *s != '#') {
		char *word = s;

		if (r->n == WORDS_MAX)
			return rel_place_set(r->at, r->line, word,
			    "too many words in one line");
		if (*s == '"')
			s = quoted(word);
		else if (*(s += strcspn(s, " \t\"")) == '"')
			s = NULL;
		if (s == NULL)
			return rel_place_set(r->at, r->line, word, "a name "
			    "in quotes ends with a quote and a blank");
		if (*s != '\0')
			*s++ = '\0';
		r->word[r->n++] = word;
	}
	r->word[r->n] = NULL;
	return 0;
}

/* The i-th word; else what is missing behind the one before it. */
static const char *
need(struct price_reader *r, unsigned i, const char *what)
{
	if (i >= r->n)
		rel_place_set(r->at, r->line, r->word[r->n - 1],
		    "%s is missing behind it", what);
	return i < r->n ? r->word[i] : NULL;
}

static int
no_more(struct price_reader *r, unsigned i)
{
	return i >= r->n ? 0 : rel_place_set(r->at, r->line, r->word[i],
	    "nothing more belongs in this line");
}

/* ---- sections and the currency */

static int
read_default(struct price_reader *r, int kind)
{
	(void)kind;
	r->section = 0;
	return no_more(r, 1);
}

/* kind: is it that of a group? */
static int
read_section(struct price_reader *r, int kind)
{
	const char *name = need(r, 1, "a name");
	struct price_section *s;
	uint32_t was;
	int rc;

	if (name == NULL)
		return -REL_E_FORMAT;
	if (name[0] == '\0' || strlen(name) > REL_PRICE_NAME_MAX)
		return rel_place_set(r->at, r->line, name,
		    "a name has 1 to %u bytes", REL_PRICE_NAME_MAX);
	if ((rc = no_more(r, 2)) < 0)
		return rc;
	if ((was = price_section_of(r->p, name, kind != 0)) != 0)
		return rel_place_set(r->at, r->line, name,
		    "has prices already, from line %u on",
		    r->p->sections[was].line);
	r->section = r->p->nsections++;
	s = &r->p->sections[r->section];
	s->name = name;
	s->line = r->line;
	s->group = kind != 0;
	price_section_put(r->p);
	return 0;
}

static int
read_currency(struct price_reader *r, int kind)
{
	const char *code = need(r, 1, "a currency");

	(void)kind;
	if (code == NULL)
		return -REL_E_FORMAT;
	if (!rel_currency_ok(code))
		return rel_place_set(r->at, r->line, code,
		    "is no currency: three capital letters, such as EUR");
	if (r->p->currency[0] != '\0')
		return rel_place_set(r->at, r->line, code,
		    "the currency is said already");
	memcpy(r->p->currency, code, sizeof r->p->currency);
	return no_more(r, 2);
}

/* ---- prices */

static int
read_amount(struct price_reader *r, struct price_line *l, unsigned i)
{
	const char *text = need(r, i, "an amount");
	struct rel_err err;

	if (text == NULL)
		return -REL_E_FORMAT;
	if (rel_money_parse(&l->micro, text, &err) < 0)
		return rel_place_set(r->at, r->line, text, "%s", err.text);
	if (text[0] == '-')
		return rel_place_set(r->at, r->line, text, "%s",
		    l->kind == REL_COST_DUPLEX ?
		    "a discount is written without a minus" :
		    "a price is not less than 0");
	if (l->micro > REL_PRICE_MAX)
		return rel_place_set(r->at, r->line, text,
		    "a price of more than %lld cannot be meant",
		    (long long)(REL_PRICE_MAX / REL_MONEY_UNIT));
	return 0;
}

static int
read_size(struct price_reader *r, struct price_line *l, unsigned i)
{
	const char *name = need(r, i + 1, "a size");

	if (name == NULL)
		return -REL_E_FORMAT;
	if (l->how != PRICE_ANY)
		return rel_place_set(r->at, r->line, r->word[i],
		    "a price has one size");
	if (!rel_media_size(name, &l->width, &l->height))
		return rel_place_set(r->at, r->line, name, "is no size of "
		    "media: a name such as iso_a4_210x297mm or A4");
	l->how = strcasecmp(r->word[i], "size") == 0 ? PRICE_SIZE :
	    PRICE_LARGER;
	l->area = (uint64_t)l->width * l->height;
	return 0;
}

/* "per sheet", "per copy"; *said: once is enough. */
static int
read_per(struct price_reader *r, struct price_line *l, unsigned i,
    bool *said)
{
	const char *what = need(r, i + 1, "\"sheet\" or \"copy\"");

	if (what == NULL)
		return -REL_E_FORMAT;
	if (l->kind != REL_COST_FINISHING || *said)
		return rel_place_set(r->at, r->line, r->word[i],
		    *said ? "is said twice" :
		    "only a finishing is paid per sheet or per copy");
	l->per_sheet = strcasecmp(what, "sheet") == 0;
	if (!l->per_sheet && strcasecmp(what, "copy") != 0)
		return rel_place_set(r->at, r->line, what,
		    "a finishing is paid per sheet or per copy");
	*said = true;
	return 0;
}

/* "for copy": one function, which is not one's own finishing. */
static int
read_for(struct price_reader *r, struct price_line *l, unsigned i)
{
	static const char *const words[REL_PRICE_FORS] = {
		[REL_PRICE_COPY] = "copy", [REL_PRICE_SCAN] = "scan",
		[REL_PRICE_FAX] = "fax" };
	const char *what = need(r, i + 1, "\"copy\", \"scan\" or \"fax\"");

	if (what == NULL)
		return -REL_E_FORMAT;
	if (l->kind == REL_COST_FINISHING || l->what_for != REL_PRICE_PRINT)
		return rel_place_set(r->at, r->line, r->word[i],
		    l->kind == REL_COST_FINISHING ?
		    "a finishing costs the same for whatever it is done to" :
		    "a price is for one function");
	for (unsigned f = REL_PRICE_COPY; f < REL_PRICE_FORS; f++)
		if (strcasecmp(what, words[f]) == 0)
			l->what_for = (uint8_t)f;
	return l->what_for != REL_PRICE_PRINT ? 0 : rel_place_set(r->at,
	    r->line, what, "a price is for copy, scan or fax; without "
	    "\"for\" it is for printing, and for copies that have none");
}

/* What stands behind the amount, from word i on. */
static int
read_behind(struct price_reader *r, struct price_line *l, unsigned i)
{
	bool per = false;
	int rc = 0;

	for (; i < r->n && rc == 0; i += 2)
		if (strcasecmp(r->word[i], "size") == 0 ||
		    strcasecmp(r->word[i], "larger-than") == 0)
			rc = read_size(r, l, i);
		else if (strcasecmp(r->word[i], "per") == 0)
			rc = read_per(r, l, i, &per);
		else if (strcasecmp(r->word[i], "for") == 0)
			rc = read_for(r, l, i);
		else
			rc = no_more(r, i);
	return rc;
}

static int
read_finishing(struct price_reader *r, struct price_line *l)
{
	const char *name = need(r, 1, "the name of a finishing");

	if (name == NULL)
		return -REL_E_FORMAT;
	if (strcmp(name, "any") == 0)
		name = "";
	else if (!rel_ticket_is_finishing(name))
		return rel_place_set(r->at, r->line, name, "is no finishing: "
		    "staple, punch, fold and so on, as IPP names them, or any");
	l->finishing = name;
	return 0;
}

static int
read_price(struct price_reader *r, int kind)
{
	struct price_line l = { .kind = (uint8_t)kind, .finishing = "",
		.section = r->section, .line = r->line };
	unsigned i = kind == REL_COST_FINISHING ? 2 : 1;
	int rc = 0;

	if (kind == REL_COST_FINISHING)
		rc = read_finishing(r, &l);
	if (rc == 0 && (rc = read_amount(r, &l, i)) == 0 &&
	    (rc = read_behind(r, &l, i + 1)) == 0)
		r->p->lines[r->p->nlines++] = l;
	return rc;
}

/* ---- lines and the file */

static const struct {
	const char *word;
	int (*read)(struct price_reader *r, int kind);
	int kind;
} keywords[] = {
	{ "currency", read_currency, 0 },
	{ "default", read_default, 0 },
	{ "device", read_section, 0 },
	{ "group", read_section, 1 },
	{ "base", read_price, REL_COST_BASE },
	{ "sheet", read_price, REL_COST_SHEET },
	{ "mono", read_price, REL_COST_MONO },
	{ "colour", read_price, REL_COST_COLOUR },
	{ "color", read_price, REL_COST_COLOUR },
	{ "duplex-discount", read_price, REL_COST_DUPLEX },
	{ "finishing", read_price, REL_COST_FINISHING },
};

/* A line of text: UTF-8, and no control characters but tabs. */
static bool
is_text(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (((unsigned char)s[i] < 0x20 && s[i] != '\t') ||
		    s[i] == 0x7f)
			return false;
	return rel_utf8_ok(s, n);
}

static int
read_line(struct price_reader *r, char *s, size_t n)
{
	int rc;

	if (n > 0 && s[n - 1] == '\r')
		n--;
	s[n] = '\0';
	if (!is_text(s, n))
		return rel_place_set(r->at, r->line, NULL, "is no UTF-8 "
		    "text, or has control characters in it");
	if ((rc = split(r, s)) < 0 || r->n == 0)
		return rc;
	for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++)
		if (strcasecmp(keywords[i].word, r->word[0]) == 0)
			return keywords[i].read(r, keywords[i].kind);
	return rel_place_set(r->at, r->line, r->word[0], "no line begins so: "
	    "base, sheet, mono, colour, duplex-discount, finishing, device, "
	    "group, default or currency");
}

static int
read_lines(struct price_reader *r, char *s, size_t n)
{
	char *end = s + n, *nl;
	int rc = 0;

	for (; s < end && rc == 0; s = nl + 1) {
		nl = memchr(s, '\n', (size_t)(end - s));
		if (nl == NULL)
			nl = end;
		r->line++;
		rc = read_line(r, s, (size_t)(nl - s));
	}
	if (rc == 0 && r->p->nlines == 0)
		rc = rel_place_set(r->at, 0, NULL, "there is no price in it");
	return rc == 0 ? price_index(r->p, r->at) : rc;
}

/* Room for as many lines. */
static struct rel_prices *
prices_new(const char *text, size_t n, size_t lines)
{
	struct rel_prices *p = calloc(1, sizeof *p);

	if (p == NULL)
		return NULL;
	p->nslots = 8;
	while (p->nslots < 2 * lines)
		p->nslots *= 2;
	p->text = malloc(n + 1);
	p->lines = calloc(lines + 1, sizeof *p->lines);
	p->sections = calloc(lines + 1, sizeof *p->sections);
	p->finishings = calloc(lines + 1, sizeof *p->finishings);
	p->slots = calloc(p->nslots, sizeof *p->slots);
	if (p->text == NULL || p->lines == NULL || p->sections == NULL ||
	    p->finishings == NULL || p->slots == NULL) {
		rel_prices_free(&p);
		return NULL;
	}
	if (n > 0)
		memcpy(p->text, text, n);
	p->sections[0].name = "";
	p->nsections = 1;
	return p;
}

static size_t
count_lines(const char *text, size_t n)
{
	size_t lines = n > 0 && text[n - 1] != '\n';

	for (size_t i = 0; i < n; i++)
		lines += text[i] == '\n';
	return lines;
}

struct rel_prices *
rel_prices_read(const char *text, size_t n, struct rel_place *at)
{
	struct price_reader r = { .at = at };
	size_t lines;

	if (n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		n -= 3;
	}
	if (n > REL_PRICE_FILE_MAX ||
	    (lines = count_lines(text, n)) > REL_PRICE_LINES_MAX) {
		rel_place_set(at, 0, NULL, "a price list has at most %u "
		    "bytes and %u lines", REL_PRICE_FILE_MAX,
		    REL_PRICE_LINES_MAX);
		return NULL;
	}
	if ((r.p = prices_new(text, n, lines)) == NULL)
		rel_place_set(at, 0, NULL, "no memory");
	else if (read_lines(&r, r.p->text, n) < 0)
		rel_prices_free(&r.p);
	return r.p;
}

void
rel_prices_free(struct rel_prices **pp)
{
	struct rel_prices *p = *pp;

	if (p == NULL)
		return;
	free(p->text);
	free(p->lines);
	free(p->sections);
	free(p->finishings);
	free(p->slots);
	free(p);
	*pp = NULL;
}
