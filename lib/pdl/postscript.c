/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * PostScript by its comments: Adobe 5001, Document Structuring Conventions
 * 3.0.  A program without them says nothing of its pages before it is run
 * (Ghostscript at 36 dpi does that for the closer look).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/pdl/pdl_priv.h"

#define LINE 256u
#define SAID_MAX 10000u		/* pages only %%Pages: tells of */

struct postscript {
	struct pdl_sink *sink;
	struct pdl_uel uel;
	char line[LINE];
	size_t len;
	bool long_line;			/* the rest of it does not matter */
	uint64_t skip;			/* bytes of binary data */
	uint64_t skip_lines;
	uint32_t nested;		/* documents in the document */
	bool dsc, eps, at_end, mono;
	uint32_t pages, said, copies;
	bool has_said;
	enum rel_duplex duplex;
	uint32_t width, height;
	/* DOS EPS: where the PostScript is */
	uint8_t dos[30];
	unsigned dos_have;
	bool is_dos, first;
	uint64_t at, dos_from, dos_to;
};

static int
postscript_sniff(const uint8_t *head, size_t n)
{
	while (n > 0 && (*head == 4 || *head == '\r' || *head == '\n')) {
		head++;
		n--;
	}
	if (n >= 4 && memcmp(head, "%!PS", 4) == 0)
		return 100;
	if (n >= 4 && memcmp(head, "\xc5\xd0\xd3\xc6", 4) == 0)
		return 100;
	return n >= 2 && memcmp(head, "%!", 2) == 0 ? 80 : 0;
}

static void
postscript_begin(void *state, struct pdl_sink *sink)
{
	struct postscript *s = state;

	s->sink = sink;
	s->first = true;
}

/* ---- lines */

static const char *
after(const char *line, const char *key)
{
	size_t n = strlen(key);

	if (strncmp(line, key, n) != 0)
		return NULL;
	return line + n + strspn(line + n, " \t");
}

/* "%%BeginData: 1234 Hex Bytes" (or Lines), "%%BeginBinary: 1234". */
static void
binary(struct postscript *s, const char *v)
{
	uint64_t n = strtoull(v, NULL, 10);

	if (n > (uint64_t)1 << 40)
		n = (uint64_t)1 << 40;
	if (strstr(v, "Lines") != NULL)
		s->skip_lines = n;
	else
		s->skip = n;
}

static void
pages_said(struct postscript *s, const char *v)
{
	if (strncmp(v, "(atend)", 7) == 0) {
		s->at_end = true;
	} else if (*v >= '0' && *v <= '9') {
		s->said = (uint32_t)strtoul(v, NULL, 10);
		s->has_said = true;
	}
}

static void
copies_said(struct postscript *s, const char *v)
{
	unsigned long n = strtoul(v, NULL, 10);

	if (n >= 1 && n <= 9999)
		s->copies = (uint32_t)n;
}

static void
size_said(struct postscript *s, const char *v)
{
	double w = 0, h = 0;

	if (sscanf(v, "%lf %lf", &w, &h) == 2 && w > 0 && h > 0 &&
	    w < 100000 && h < 100000) {
		s->width = (uint32_t)(w * 2540 / 72 + 0.5);
		s->height = (uint32_t)(h * 2540 / 72 + 0.5);
	}
}

/* Text of a comment, which may stand in parentheses as PostScript's does. */
static void
text_said(char out[LINE], const char *v)
{
	size_t n = strlen(v), len = 0;

	while (n > 0 && (v[n - 1] == ' ' || v[n - 1] == '\t'))
		n--;
	if (n < 2 || v[0] != '(' || v[n - 1] != ')') {
		memcpy(out, v, n);
		out[n] = '\0';
		return;
	}
	for (size_t i = 1; i < n - 1; i++) {
		if (v[i] == '\\' && i + 1 < n - 1)
			i++;
		out[len++] = v[i];
	}
	out[len] = '\0';
}

/* "(atend)": it stands in the trailer. */
static void
creator(struct postscript *s, const char *v)
{
	char text[LINE];

	text_said(text, v);
	if (strcmp(text, "atend") != 0)
		rel_application_set(&s->sink->f.app, REL_APP_POSTSCRIPT,
		    text);
}

static void
title(struct postscript *s, const char *v)
{
	char text[LINE];

	text_said(text, v);
	rel_application_set_title(&s->sink->f.app, text);
}

/* The comments that are looked at in the document itself. */
static void
comment(struct postscript *s, const char *line)
{
	const char *v;

	if (after(line, "%%Page:") != NULL) {
		s->pages++;
	} else if ((v = after(line, "%%Pages:")) != NULL) {
		pages_said(s, v);
	} else if ((v = after(line, "%%Creator:")) != NULL) {
		creator(s, v);
	} else if ((v = after(line, "%%Title:")) != NULL) {
		title(s, v);
	} else if ((v = after(line, "%%Requirements:")) != NULL) {
		if ((v = strstr(v, "numcopies(")) != NULL)
			copies_said(s, v + 10);
	} else if ((v = after(line, "%%DocumentProcessColors:")) != NULL) {
		s->mono = strncmp(v, "Black", 5) == 0 &&
		    v[5 + strspn(v + 5, " \t")] == '\0';
	} else if ((v = after(line, "%%DocumentMedia:")) != NULL) {
		v += strcspn(v, " ");
		size_said(s, v);
	} else if ((v = after(line, "%%BeginFeature:")) != NULL) {
		if (strncmp(v, "*Duplex", 7) == 0)
			s->duplex = strstr(v, "NoTumble") != NULL ?
			    REL_DUPLEX_LONG : strstr(v, "Tumble") != NULL ?
			    REL_DUPLEX_SHORT : REL_DUPLEX_NONE;
	}
}

/* What the program itself says of copies and duplex. */
static void
code_line(struct postscript *s, const char *line)
{
	const char *v;

	if ((v = strstr(line, "/NumCopies")) != NULL &&
	    strstr(line, "known") == NULL)
		copies_said(s, v + 10 + strspn(v + 10, " "));
	if ((v = strstr(line, "/#copies")) != NULL &&
	    strstr(v, "def") != NULL)
		copies_said(s, v + 8 + strspn(v + 8, " "));
	if (strstr(line, "/Duplex true") != NULL && s->duplex <
	    REL_DUPLEX_LONG)
		s->duplex = REL_DUPLEX_LONG;
	if (strstr(line, "/Tumble true") != NULL && s->duplex ==
	    REL_DUPLEX_LONG)
		s->duplex = REL_DUPLEX_SHORT;
	if ((v = strstr(line, "/PageSize[")) != NULL)
		size_said(s, v + 10);
	else if ((v = strstr(line, "/PageSize [")) != NULL)
		size_said(s, v + 11);
}

static void
first_line(struct postscript *s, const char *line)
{
	s->first = false;
	s->dsc = strncmp(line, "%!PS-Adobe-", 11) == 0;
	s->eps = s->dsc && strstr(line, "EPSF") != NULL;
}

static void
line_end(struct postscript *s)
{
	char *line = s->line;

	line[s->len] = '\0';
	while (*line == 4)
		line++;
	if (s->skip_lines > 0)
		s->skip_lines--;
	else if (s->first && line[0] == '%')
		first_line(s, line);
	else if (after(line, "%%BeginDocument:") != NULL)
		s->nested++;
	else if (after(line, "%%EndDocument") != NULL && s->nested > 0)
		s->nested--;
	else if (after(line, "%%BeginBinary:") != NULL)
		binary(s, after(line, "%%BeginBinary:"));
	else if (after(line, "%%BeginData:") != NULL)
		binary(s, after(line, "%%BeginData:"));
	else if (s->nested == 0 && line[0] == '%' && line[1] == '%')
		comment(s, line);
	else if (s->nested == 0 && strchr(line, '/') != NULL)
		code_line(s, line);
	s->len = 0;
	s->long_line = false;
}

/* ---- bytes */

static size_t
skipped(struct postscript *s, size_t n)
{
	size_t use = n < s->skip ? n : (size_t)s->skip;

	s->skip -= use;
	return use;
}

/* Up to the end of the line; returns the bytes used. */
static size_t
take_line(struct postscript *s, const uint8_t *p, size_t n)
{
	size_t i = 0;

	while (i < n && p[i] != '\n' && p[i] != '\r') {
		if (s->len + 1 < LINE)
			s->line[s->len++] = (char)p[i];
		else
			s->long_line = true;
		i++;
		if (s->long_line)
			break;
	}
	if (s->long_line) {
		const uint8_t *nl = memchr(p + i, '\n', n - i);
		const uint8_t *cr = memchr(p + i, '\r', nl != NULL ?
		    (size_t)(nl - p) - i : n - i);

		i = cr != NULL ? (size_t)(cr - p) : nl != NULL ?
		    (size_t)(nl - p) : n;
	}
	if (i < n) {
		line_end(s);
		i++;
	}
	return i;
}

/* Binary EPS: a header of 30 bytes says where the PostScript lies. */
static bool
dos_byte(struct postscript *s, uint8_t b)
{
	if (s->at == 0)
		s->is_dos = b == 0xc5;
	if (!s->is_dos)
		return false;
	if (s->dos_have < sizeof s->dos) {
		s->dos[s->dos_have++] = b;
		if (s->dos_have == sizeof s->dos) {
			s->dos_from = pdl_le32(s->dos + 4);
			s->dos_to = s->dos_from + pdl_le32(s->dos + 8);
		}
		return true;
	}
	return s->at < s->dos_from || s->at >= s->dos_to;
}

/*
 * How far the text may be read now: to the end of the line or, if that comes
 * first, of a UEL.  Nothing behind a UEL is PostScript's.
 */
static size_t
line_room(struct postscript *s, const uint8_t *p, size_t n, bool *uel)
{
	const uint8_t *nl = memchr(p, '\n', n), *cr;

	if (nl != NULL)
		n = (size_t)(nl - p) + 1;
	if ((cr = memchr(p, '\r', n)) != NULL)
		n = (size_t)(cr - p) + 1;
	return pdl_uel_find(&s->uel, p, n, uel);
}

/* How many of n bytes are still PostScript: a DOS header says where it ends. */
static size_t
dos_room(const struct postscript *s, size_t n)
{
	if (s->is_dos && s->dos_to - s->at < n)
		return (size_t)(s->dos_to - s->at);
	return n;
}

static size_t
postscript_feed(void *state, const uint8_t *p, size_t n, bool *left)
{
	struct postscript *s = state;
	size_t room = 0;		/* p[i] up to here are text */
	bool uel = false;

	for (size_t i = 0; i < n;) {
		size_t use = 1;

		if ((s->at == 0 || s->is_dos) && dos_byte(s, p[i])) {
			i++;
			s->at++;
			continue;
		}
		if (i >= room && s->skip == 0)
			room = i + line_room(s, p + i, dos_room(s, n - i),
			    &uel);
		use = s->skip > 0 ? skipped(s, dos_room(s, n - i)) :
		    take_line(s, p + i, room - i);
		i += use;
		s->at += use;
		if (uel && i >= room) {
			*left = true;
			return i;
		}
	}
	return n;
}

static void
postscript_end(void *state)
{
	struct postscript *s = state;
	struct pdl_side side = { .copies = s->copies, .duplex = s->duplex,
	    .colour = s->mono ? PDL_MONO : PDL_MAYBE,
	    .width = s->width, .height = s->height };
	uint32_t n = s->pages;

	if (s->len > 0)
		line_end(s);
	n = s->pages;
	if (s->eps && n == 0)
		n = 1;
	if (!s->dsc || n == 0) {
		pdl_unknown(s->sink, true, "PostScript without comments that "
		    "tell its pages");
		return;
	}
	if (s->eps && n > 1) {
		/* Must not be, so its other comments may be wrong, too. */
		pdl_unknown(s->sink, true, "an EPS that has more than one "
		    "page");
		return;
	}
	if (s->has_said && s->said != n && !(s->eps && s->said <= 1)) {
		pdl_bound(s->sink, "its comments name two numbers of pages");
		if (s->said > n && s->said <= SAID_MAX)
			n = s->said;
		else if (s->said > n)
			pdl_unknown(s->sink, true, "its comments name two "
			    "numbers of pages");
	}
	for (uint32_t i = 0; i < n && i < REL_FACTS_PAGES_MAX; i++)
		pdl_side(s->sink, &side);
	/* What a program draws is not known from its comments. */
	pdl_more(s->sink);
}

const struct pdl_language pdl_postscript = {
	.name = "postscript", .state_bytes = sizeof(struct postscript),
	.sniff = postscript_sniff, .begin = postscript_begin,
	.feed = postscript_feed, .end = postscript_end
};
