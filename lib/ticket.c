/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/ticket.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/options.h"
#include "lib/text.h"
#include "lib/ticket_priv.h"

#define COPIES_MAX 999

void
rel_ticket_init(struct rel_ticket *t)
{
	memset(t, 0, sizeof *t);
	t->copies = 1;
	t->number_up = 1;
	t->collate = true;
}

/* ---- words and what they mean */

int
ticket_word(const struct ticket_word *words, const char *text)
{
	for (; words->text != NULL; words++)
		if (strcasecmp(words->text, text) == 0)
			return words->value;
	return -1;
}

static const struct ticket_word sides_words[] = {
	{ "one-sided", REL_DUPLEX_NONE }, { "None", REL_DUPLEX_NONE },
	{ "two-sided-long-edge", REL_DUPLEX_LONG },
	{ "DuplexNoTumble", REL_DUPLEX_LONG },
	{ "two-sided-short-edge", REL_DUPLEX_SHORT },
	{ "DuplexTumble", REL_DUPLEX_SHORT }, { NULL, 0 }
};

static const struct ticket_word colour_words[] = {
	{ "monochrome", REL_COLOUR_MONO }, { "mono", REL_COLOUR_MONO },
	{ "process-monochrome", REL_COLOUR_MONO },
	{ "auto-monochrome", REL_COLOUR_MONO },
	{ "bi-level", REL_COLOUR_MONO },
	{ "process-bi-level", REL_COLOUR_MONO },
	{ "Gray", REL_COLOUR_MONO }, { "Grayscale", REL_COLOUR_MONO },
	{ "KGray", REL_COLOUR_MONO }, { "Black", REL_COLOUR_MONO },
	{ "Monochrome", REL_COLOUR_MONO },
	{ "color", REL_COLOUR_COLOUR }, { "highlight", REL_COLOUR_COLOUR },
	{ "RGB", REL_COLOUR_COLOUR }, { "CMYK", REL_COLOUR_COLOUR },
	{ "CMY", REL_COLOUR_COLOUR }, { "auto", REL_COLOUR_UNSAID },
	{ NULL, 0 }
};

static const struct ticket_word set_words[] = {
	{ "all", REL_PAGES_ALL }, { "odd", REL_PAGES_ODD },
	{ "even", REL_PAGES_EVEN }, { NULL, 0 }
};

static const struct ticket_word yes_words[] = {
	{ "true", 1 }, { "yes", 1 }, { "on", 1 },
	{ "false", 0 }, { "no", 0 }, { "off", 0 }, { NULL, 0 }
};

static const struct ticket_word order_words[] = {
	{ "reverse", 1 }, { "normal", 0 }, { NULL, 0 }
};

static const struct ticket_word collate_words[] = {
	{ "true", 1 }, { "yes", 1 }, { "on", 1 },
	{ "false", 0 }, { "no", 0 }, { "off", 0 },
	{ "separate-documents-collated-copies", 1 },
	{ "single-document", 1 }, { "single-document-new-sheet", 1 },
	{ "separate-documents-uncollated-copies", 0 }, { NULL, 0 }
};

static const struct ticket_word quality_words[] = {
	{ "3", 3 }, { "draft", 3 }, { "4", 4 }, { "normal", 4 },
	{ "5", 5 }, { "high", 5 }, { NULL, 0 }
};

/* ---- single values; each says whether the value makes sense */

static bool
set_copies(struct rel_ticket *t, const char *v)
{
	char *end;
	long n = strtol(v, &end, 10);

	if (*v < '0' || *v > '9' || *end != '\0' || n < 1 || n > COPIES_MAX)
		return false;
	t->copies = (uint32_t)n;
	return true;
}

static bool
set_byte(uint8_t *to, const struct ticket_word *words, const char *v)
{
	int n = ticket_word(words, v);

	if (n >= 0)
		*to = (uint8_t)n;
	return n >= 0;
}

static bool
set_bool(bool *to, const struct ticket_word *words, const char *v)
{
	int n = ticket_word(words, v);

	if (n >= 0)
		*to = n != 0;
	return n >= 0;
}

static bool
set_sides(struct rel_ticket *t, const char *v)
{
	return set_byte(&t->sides, sides_words, v);
}

static bool
set_colour(struct rel_ticket *t, const char *v)
{
	return set_byte(&t->colour, colour_words, v);
}

static bool
set_number_up(struct rel_ticket *t, const char *v)
{
	static const struct ticket_word ups[] = {
		{ "1", 1 }, { "2", 2 }, { "4", 4 }, { "6", 6 }, { "9", 9 },
		{ "16", 16 }, { NULL, 0 }
	};

	return set_byte(&t->number_up, ups, v);
}

static bool
set_layout(struct rel_ticket *t, const char *v)
{
	static const struct ticket_word all[] = {
		{ "lrtb", 0 }, { "lrbt", 0 }, { "rltb", 0 }, { "rlbt", 0 },
		{ "tblr", 0 }, { "tbrl", 0 }, { "btlr", 0 }, { "btrl", 0 },
		{ "", 0 }, { NULL, 0 }
	};

	if (ticket_word(all, v) < 0)
		return false;
	for (size_t i = 0; i < sizeof t->layout; i++) {
		t->layout[i] = (char)tolower((unsigned char)*v);
		v += *v != '\0';
	}
	return true;
}

static bool
set_pages(struct rel_ticket *t, const char *v)
{
	char clean[sizeof t->pages];

	if (!ticket_pages_ok(v, clean, sizeof clean))
		return false;
	memcpy(t->pages, clean, sizeof clean);
	return true;
}

static bool
set_page_set(struct rel_ticket *t, const char *v)
{
	return set_byte(&t->page_set, set_words, v);
}

static bool
set_booklet(struct rel_ticket *t, const char *v)
{
	return set_bool(&t->booklet, yes_words, v);
}

static bool
set_reverse(struct rel_ticket *t, const char *v)
{
	return set_bool(&t->reverse, order_words, v);
}

static bool
set_collate(struct rel_ticket *t, const char *v)
{
	return set_bool(&t->collate, collate_words, v);
}

/* A name of paper, tray or bin: letters, digits and a few signs. */
static bool
set_name(char *to, size_t size, const char *v)
{
	if (strlen(v) >= size)
		return false;
	for (const char *p = v; *p != '\0'; p++)
		if (*p <= ' ' || *p > '~' || strchr("'\"\\{}<>=", *p) != NULL)
			return false;
	memmove(to, v, strlen(v) + 1);
	return true;
}

static bool
set_media(struct rel_ticket *t, const char *v)
{
	return set_name(t->media, sizeof t->media, v);
}

static bool
set_tray(struct rel_ticket *t, const char *v)
{
	return set_name(t->tray, sizeof t->tray, strcasecmp(v, "auto") == 0 ?
	    "" : v);
}

static bool
set_bin(struct rel_ticket *t, const char *v)
{
	return set_name(t->output_bin, sizeof t->output_bin,
	    strcasecmp(v, "auto") == 0 || strcasecmp(v, "Default") == 0 ?
	    "" : v);
}

static bool
set_quality(struct rel_ticket *t, const char *v)
{
	static const char *const names[] = { "draft", "normal", "high" };
	int n = v[0] == '\0' ? 0 : ticket_word(quality_words, v);

	if (n < 0)
		return false;
	snprintf(t->quality, sizeof t->quality, "%s", n == 0 ? "" :
	    names[n - 3]);
	return true;
}

static bool
set_account(struct rel_ticket *t, const char *v)
{
	if (strlen(v) >= sizeof t->account || strcasecmp(v, "None") == 0)
		return false;
	rel_text_clean(t->account, sizeof t->account, v);
	return true;
}

static bool
set_finishings(struct rel_ticket *t, const char *v)
{
	return ticket_finishings(t->finishings, sizeof t->finishings, v);
}

/*
 * The PPD options of release.drv for finishing: StapleLocation=TopLeft is
 * staple-top-left.  None takes nothing away.
 */
static bool
add_finishing(struct rel_ticket *t, const char *kind, const char *v)
{
	char all[2 * sizeof t->finishings], name[48];
	size_t n = (size_t)snprintf(name, sizeof name, "%s", kind);

	if (v[0] == '\0' || strcasecmp(v, "None") == 0 ||
	    strcasecmp(v, "False") == 0)
		return false;
	for (; *v != '\0' && n + 3 < sizeof name; v++) {
		if (*v >= 'A' && *v <= 'Z')
			name[n++] = '-';
		name[n++] = (char)(*v >= 'A' && *v <= 'Z' ?
		    *v - 'A' + 'a' : *v);
	}
	name[n] = '\0';
	snprintf(all, sizeof all, "%s%s%s", t->finishings,
	    t->finishings[0] != '\0' ? "," : "", name);
	return ticket_finishings(t->finishings, sizeof t->finishings, all);
}

static bool
set_staple(struct rel_ticket *t, const char *v)
{
	return add_finishing(t, "staple", v);
}

static bool
set_punch(struct rel_ticket *t, const char *v)
{
	return add_finishing(t, "punch", v);
}

static bool
set_fold(struct rel_ticket *t, const char *v)
{
	return add_finishing(t, "fold", v);
}

/* ---- options by name */

static const struct {
	const char *name;
	bool (*set)(struct rel_ticket *t, const char *v);
} by_name[] = {
	{ "copies", set_copies },
	{ "sides", set_sides }, { "Duplex", set_sides },
	{ "print-color-mode", set_colour }, { "ColorModel", set_colour },
	{ "number-up", set_number_up },
	{ "number-up-layout", set_layout },
	{ "page-ranges", set_pages }, { "page-set", set_page_set },
	{ "booklet", set_booklet }, { "outputorder", set_reverse },
	{ "collate", set_collate },
	{ "multiple-document-handling", set_collate },
	{ "media", set_media }, { "PageSize", set_media },
	{ "media-source", set_tray }, { "InputSlot", set_tray },
	{ "finishings", set_finishings },
	{ "StapleLocation", set_staple }, { "PunchMedia", set_punch },
	{ "FoldType", set_fold },
	{ "output-bin", set_bin }, { "OutputBin", set_bin },
	{ "print-quality", set_quality }, { "cupsPrintQuality", set_quality },
	{ "job-account-id", set_account }, { "AccountCode", set_account },
};

/* Those that change what is on a page, and the values that change nothing. */
static const struct {
	const char *name, *nothing[3];
} on_page[] = {
	{ "fit-to-page", { "false", "no", NULL } },
	{ "fitplot", { "false", "no", NULL } },
	{ "fill", { "false", "no", NULL } },
	{ "crop-to-fit", { "false", "no", NULL } },
	{ "print-scaling", { "auto", "none", NULL } },
	{ "scaling", { "100", NULL, NULL } },
	{ "natural-scaling", { "100", NULL, NULL } },
	{ "orientation-requested", { "3", "none", NULL } },
	{ "landscape", { "false", "no", NULL } },
	{ "mirror", { "false", "no", NULL } },
	{ "page-border", { "none", NULL, NULL } },
	{ "position", { "center", NULL, NULL } },
};

/* The other options: one of a name, the last one counts. */
static void
rest_put(struct rel_ticket *t, const char *name, const char *value)
{
	char now[sizeof t->rest] = "";
	struct rel_option o;
	size_t len = 0;

	for (const char *p = t->rest; rel_option_next(p, &o); p = o.end) {
		size_t n = (size_t)(o.end - o.start);

		if (rel_option_is(&o, name))
			continue;
		len += (size_t)snprintf(now + len, sizeof now - len, "%s%.*s",
		    len > 0 ? " " : "", (int)n, o.start);
	}
	if (value != NULL &&
	    len + strlen(name) + strlen(value) + 3 <= sizeof now)
		snprintf(now + len, sizeof now - len, "%s%s=%s",
		    len > 0 ? " " : "", name, value);
	memcpy(t->rest, now, sizeof now);
}

static void
overlay_rest(struct rel_ticket *t, const struct rel_option *o, const char *v)
{
	char plain[64];

	for (size_t i = 0; i < sizeof on_page / sizeof on_page[0]; i++) {
		if (!rel_option_is(o, on_page[i].name))
			continue;
		for (size_t k = 0; k < 3 && on_page[i].nothing[k]; k++)
			if (strcasecmp(on_page[i].nothing[k], v) == 0) {
				rest_put(t, on_page[i].name, NULL);
				return;
			}
		if (set_name(plain, sizeof plain, v))
			rest_put(t, on_page[i].name, plain);
		return;
	}
}

/* A boolean has no value: "name" is true. */
static void
option_value(const struct rel_option *o, char *v, size_t size)
{
	if (o->value != NULL)
		(void)rel_option_value(o, v, size);
	else
		snprintf(v, size, "true");
}

void
rel_ticket_overlay(struct rel_ticket *t, const char *options)
{
	struct rel_option o;
	char v[512];

	for (const char *p = options; rel_option_next(p, &o); p = o.end) {
		size_t i = 0, n = sizeof by_name / sizeof by_name[0];

		option_value(&o, v, sizeof v);
		/* A boolean that is off is written "noname". */
		if (o.value == NULL && o.name_len > 2 &&
		    strncasecmp(o.name, "no", 2) == 0) {
			o.name += 2;
			o.name_len -= 2;
			snprintf(v, sizeof v, "false");
		}
		while (i < n && !rel_option_is(&o, by_name[i].name))
			i++;
		if (i < n)
			(void)by_name[i].set(t, v);
		else
			overlay_rest(t, &o, v);
	}
}

/* ---- changes by OPDP's names */

int
rel_ticket_change(struct rel_ticket *t, const char *name, const char *value,
    struct rel_err *err)
{
	static const struct {
		const char *name;
		bool (*set)(struct rel_ticket *t, const char *v);
		const char *what;
	} all[] = {
		{ "copies", set_copies, "a number from 1 to 999" },
		{ "color", set_colour, "mono or color" },
		{ "sides", set_sides, "one-sided, two-sided-long-edge or "
		    "two-sided-short-edge" },
		{ "pages", set_pages, "pages such as 1-3,7 in rising order, "
		    "or nothing for all" },
		{ "number_up", set_number_up, "1, 2, 4, 6, 9 or 16" },
		{ "media", set_media, "the name of a size of paper" },
		{ "tray", set_tray, "the name of a tray" },
		{ "finishings", set_finishings, "names such as staple,punch" },
		{ "output_bin", set_bin, "the name of a bin" },
		{ "quality", set_quality, "draft, normal or high" },
		{ "account", set_account, "the name of an account" },
	};

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (strcmp(all[i].name, name) == 0)
			return all[i].set(t, value) ? 0 : rel_err_set(err,
			    REL_E_LIMIT, "%s must be %s", name, all[i].what);
	return rel_err_set(err, REL_E_NOTFOUND, "there is no option \"%.40s\"",
	    name);
}

/* ---- as text */

bool
rel_ticket_is_plain(const struct rel_ticket *t)
{
	return t->number_up == 1 && t->page_set == REL_PAGES_ALL &&
	    !t->booklet && !t->reverse && t->pages[0] == '\0' &&
	    t->rest[0] == '\0';
}

static const char *
word_of(const struct ticket_word *words, int value)
{
	for (; words->text != NULL; words++)
		if (words->value == value)
			return words->text;
	return "";
}

/* An account as one value: everything that could end it is escaped. */
static void
quote(char *out, size_t size, const char *v)
{
	size_t n = 0;

	for (; *v != '\0' && n + 3 < size; v++) {
		if (strchr(" \t'\"\\{}<>", *v) != NULL)
			out[n++] = '\\';
		out[n++] = *v;
	}
	out[n] = '\0';
}

int
rel_ticket_text(const struct rel_ticket *t, char *out, size_t size)
{
	char account[2 * sizeof t->account + 2];
	int n;

	quote(account, sizeof account, t->account);
	n = snprintf(out, size, "copies=%u%s%s%s%s number-up=%u "
	    "number-up-layout=%s page-ranges=%s page-set=%s booklet=%s "
	    "outputorder=%s collate=%s media=%s media-source=%s finishings=%s "
	    "output-bin=%s print-quality=%s job-account-id=%s%s%s",
	    t->copies, t->sides != 0 ? " sides=" : "",
	    t->sides != 0 ? word_of(sides_words, t->sides) : "",
	    t->colour != 0 ? " print-color-mode=" : "",
	    t->colour != 0 ? word_of(colour_words, t->colour) : "",
	    t->number_up, t->layout, t->pages,
	    word_of(set_words, t->page_set), t->booklet ? "true" : "false",
	    t->reverse ? "reverse" : "normal", t->collate ? "true" : "false",
	    t->media, t->tray, t->finishings, t->output_bin, t->quality,
	    account, t->rest[0] != '\0' ? " " : "", t->rest);
	if (n < 0 || (size_t)n >= size) {
		out[0] = '\0';
		return -REL_E_LIMIT;
	}
	return 0;
}

void
rel_ticket_pdftopdf(const struct rel_ticket *t, char *out, size_t size)
{
	bool duplex = t->sides == REL_DUPLEX_LONG ||
	    t->sides == REL_DUPLEX_SHORT;

	snprintf(out, size, "page-logging=true number-up=%u%s%s%s%s%s%s%s%s%s"
	    "%s%s%s%s%s", t->number_up,
	    t->layout[0] != '\0' ? " number-up-layout=" : "", t->layout,
	    t->pages[0] != '\0' ? " page-ranges=" : "", t->pages,
	    t->page_set != REL_PAGES_ALL ? " page-set=" : "",
	    t->page_set != REL_PAGES_ALL ?
	    word_of(set_words, t->page_set) : "",
	    t->booklet ? " booklet=true" : "",
	    t->reverse ? " outputorder=reverse" : "",
	    duplex ? " sides=" : "",
	    duplex ? word_of(sides_words, t->sides) : "",
	    t->media[0] != '\0' ? " media=" : "", t->media,
	    t->rest[0] != '\0' ? " " : "", t->rest);
}
