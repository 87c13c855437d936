/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* UEL and PJL: HP, PJL Technical Reference Manual. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/pdl/pdl_priv.h"

bool
pdl_uel_step(struct pdl_uel *u, uint8_t b)
{
	static const char uel[] = PDL_UEL;

	if (b == (uint8_t)uel[u->matched])
		u->matched++;
	else
		u->matched = b == 0x1b;
	if (u->matched < PDL_UEL_BYTES)
		return false;
	u->matched = 0;
	return true;
}

size_t
pdl_uel_find(struct pdl_uel *u, const uint8_t *p, size_t n, bool *found)
{
	size_t i = 0;

	*found = false;
	while (i < n) {
		if (u->matched == 0) {
			const uint8_t *esc = memchr(p + i, 0x1b, n - i);

			if (esc == NULL)
				return n;
			i = (size_t)(esc - p);
		}
		if (pdl_uel_step(u, p[i++])) {
			*found = true;
			return i;
		}
	}
	return n;
}

/* ---- the front */

static bool
starts(const uint8_t *p, size_t n, const char *what)
{
	size_t m = strlen(what);

	return n >= m && memcmp(p, what, m) == 0;
}

/* Could what has come be the beginning of this? */
static bool
may_start(const uint8_t *p, size_t n, const char *what)
{
	size_t m = strlen(what);

	return n < m && memcmp(p, what, n) == 0;
}

/* Zeroes in front of a UEL mean nothing: drivers wake printers by them. */
static enum pjl_what
look_at_zeroes(const uint8_t *p, size_t n, bool all, size_t *used)
{
	size_t i = 0;

	while (i < n && p[i] == 0)
		i++;
	if (!all && may_start(p + i, n - i, PDL_UEL))
		return PJL_MORE;
	*used = i;
	return starts(p + i, n - i, PDL_UEL) ? PJL_SKIP : PJL_DATA;
}

enum pjl_what
pjl_look(const uint8_t *p, size_t n, bool all, bool after_uel, size_t *used)
{
	const uint8_t *nl;

	if (starts(p, n, PDL_UEL)) {
		*used = PDL_UEL_BYTES;
		return PJL_UEL;
	}
	if (!all && may_start(p, n, PDL_UEL))
		return PJL_MORE;
	if (!after_uel)
		return p[0] == 0 ? look_at_zeroes(p, n, all, used) : PJL_DATA;
	if (p[0] == '\r' || p[0] == '\n' || p[0] == ' ' || p[0] == '\0' ||
	    p[0] == 4) {
		*used = 1;
		return PJL_SKIP;
	}
	if (!all && may_start(p, n, "@PJL"))
		return PJL_MORE;
	if (!starts(p, n, "@PJL"))
		return PJL_DATA;
	if ((nl = memchr(p, '\n', n)) == NULL) {
		*used = n;		/* the last, or far too long */
		return all ? PJL_LINE : PJL_MORE;
	}
	*used = (size_t)(nl - p) + 1;
	return PJL_LINE;
}

/* The value of "NAME = VALUE" in a line; "" when it is not there. */
static void
value_of(const char *line, const char *name, char *out, size_t size)
{
	const char *p = line;
	size_t n = strlen(name), len = 0;

	out[0] = '\0';
	while ((p = strcasestr(p, name)) != NULL) {
		const char *v = p + n;

		if (p > line && p[-1] != ' ' && p[-1] != '\t') {
			p += n;
			continue;
		}
		v += strspn(v, " \t");
		if (*v == '=') {
			v += 1 + strspn(v + 1, " \t\"");
			while (len + 1 < size && v[len] > ' ' &&
			    v[len] != '"')
				len++;
			memcpy(out, v, len);
			out[len] = '\0';
			return;
		}
		p += n;
	}
}

static void
line_copies(struct pdl_sink *s, const char *text)
{
	char v[32];

	value_of(text, "COPIES", v, sizeof v);
	if (v[0] == '\0')
		value_of(text, "QTY", v, sizeof v);
	if (v[0] >= '0' && v[0] <= '9')
		pdl_copies(s, (uint32_t)strtoul(v, NULL, 10));
}

static void
line_duplex(struct pdl_sink *s, const char *text)
{
	char v[32];

	value_of(text, "DUPLEX", v, sizeof v);
	if (strcasecmp(v, "ON") == 0)
		pdl_duplex(s, s->duplex == REL_DUPLEX_SHORT ?
		    REL_DUPLEX_SHORT : REL_DUPLEX_LONG);
	else if (strcasecmp(v, "OFF") == 0)
		pdl_duplex(s, REL_DUPLEX_NONE);
	value_of(text, "BINDING", v, sizeof v);
	if (strcasecmp(v, "SHORTEDGE") == 0 && s->duplex != REL_DUPLEX_NONE)
		pdl_duplex(s, REL_DUPLEX_SHORT);
}

/* ---- the program, as drivers tell accounting of it */

/* What stands behind `key`, to the end of the quotes, of the line or `end`. */
static void
words_behind(const char *line, const char *key, char end, char *out,
    size_t size)
{
	const char *p = strcasestr(line, key);
	size_t n = 0;

	out[0] = '\0';
	if (p == NULL)
		return;
	for (p += strlen(key); *p == ' ' || *p == '=' || *p == '"'; p++)
		;
	while (n + 1 < size && p[n] != '\0' && p[n] != '"' && p[n] != '\r' &&
	    p[n] != '\n' && p[n] != end)
		n++;
	memcpy(out, p, n);
	out[n] = '\0';
}

/*
 * HP's drivers: JobAcct6 is the program, JobAcct7 its file (of some others
 * the title), and a comment names both.
 */
static void
line_application(struct pdl_sink *s, const char *text)
{
	static const char *const titles[] = { "App Filename:", " NAME",
	    "JOBNAME", "DOCNAME" };
	char v[256];
	size_t n;

	words_behind(text, "JobAcct6=", '\0', v, sizeof v);
	rel_application_set(&s->f.app, REL_APP_PJL, v);
	words_behind(text, "JobAcct7=", '\0', v, sizeof v);
	n = strlen(v);
	if (n > 4 && strcasecmp(v + n - 4, ".exe") == 0)
		rel_application_set(&s->f.app, REL_APP_PJL, v);
	for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++) {
		words_behind(text, titles[i], ';', v, sizeof v);
		rel_application_set_title(&s->f.app, v);
	}
}

void
pjl_line(struct pdl_sink *s, const char *line, size_t n, char *hint,
    size_t hint_size)
{
	char text[512], v[32];

	if (n >= sizeof text)
		n = sizeof text - 1;
	for (size_t i = 0; i < n; i++)
		text[i] = line[i] == '\0' ? ' ' : line[i];
	text[n] = '\0';
	value_of(text, "LANGUAGE", v, sizeof v);
	if (v[0] != '\0' && strcasestr(text, "ENTER") != NULL)
		snprintf(hint, hint_size, "%.*s", (int)hint_size - 1, v);
	line_application(s, text);
	if (strcasestr(text, " SET ") == NULL)
		return;
	line_copies(s, text);
	line_duplex(s, text);
	value_of(text, "RENDERMODE", v, sizeof v);
	if (strcasecmp(v, "GRAYSCALE") == 0)
		pdl_all_mono(s);
}

const struct pdl_language *
pjl_language(const char *name)
{
	static const struct {
		const char *name;
		const struct pdl_language *lang;
	} t[] = {
		{ "PCL", &pdl_pcl }, { "PCLXL", &pdl_pclxl },
		{ "PCLXL3", &pdl_pclxl }, { "PCL3GUI", &pdl_pcl },
		{ "POSTSCRIPT", &pdl_postscript }, { "PDF", &pdl_pdf },
		{ "PCLSLEEK", &pdl_pcl }
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
		if (strcasecmp(t[i].name, name) == 0)
			return t[i].lang;
	return NULL;
}

/* ---- a language of which nothing is known, and PDF in a stream */

struct opaque {
	struct pdl_uel uel;
	struct pdl_sink *sink;
};

static int
opaque_sniff(const uint8_t *head, size_t n)
{
	(void)head;
	(void)n;
	return 0;
}

static void
unknown_begin(void *state, struct pdl_sink *sink)
{
	struct opaque *o = state;

	o->sink = sink;
	pdl_unknown(sink, false,
	    "it is in a language that cannot be counted here");
}

static size_t
opaque_feed(void *state, const uint8_t *p, size_t n, bool *left)
{
	struct opaque *o = state;

	return pdl_uel_find(&o->uel, p, n, left);
}

static void
opaque_end(void *state)
{
	(void)state;
}

const struct pdl_language pdl_unknown_language = {
	.name = "", .state_bytes = sizeof(struct opaque),
	.sniff = opaque_sniff, .begin = unknown_begin, .feed = opaque_feed,
	.end = opaque_end
};

static int
pdf_sniff(const uint8_t *head, size_t n)
{
	/* Some programs write a few bytes in front (ISO 32000 Annex I). */
	for (size_t i = 0; i + 5 <= n && i < 1024; i++)
		if (memcmp(head + i, "%PDF-", 5) == 0)
			return i == 0 ? 100 : 70;
	return 0;
}

static void
pdf_begin(void *state, struct pdl_sink *sink)
{
	struct opaque *o = state;

	o->sink = sink;
	pdl_unknown(sink, true, "a PDF is counted by a closer look");
}

const struct pdl_language pdl_pdf = {
	.name = "pdf", .state_bytes = sizeof(struct opaque),
	.sniff = pdf_sniff, .begin = pdf_begin, .feed = opaque_feed,
	.end = opaque_end
};
