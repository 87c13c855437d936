/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/application.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "lib/text.h"

/* One line without blanks around it: what comes from a document may be long. */
static void
squeeze(char out[REL_APP_BYTES], const char *text)
{
	char s[4 * REL_APP_BYTES];
	size_t n = 0;

	rel_text_clean(s, sizeof s, text);
	for (const char *p = s; *p != '\0'; p++)
		if (*p != ' ' || (n > 0 && s[n - 1] != ' '))
			s[n++] = *p;
	s[n] = '\0';
	n = rel_utf8_cut(s, REL_APP_BYTES - 1);
	while (n > 0 && s[n - 1] == ' ')
		n--;
	memset(out, 0, REL_APP_BYTES);
	memcpy(out, s, n);
}

/* Words that fill the place and say nothing. */
static bool
says_nothing(const char *s)
{
	static const char *const words[] = { "", "-", "?", "unknown",
	    "UnknownApplication", "unspecified", "untitled", "none", "null",
	    "()", "(unspecified)", "(none)", "(null)" };

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strcasecmp(s, words[i]) == 0)
			return true;
	return false;
}

/* A driver, a spooler or a converter: nobody works with it. */
static bool
is_between(const char *s)
{
	static const char *const begin[] = { "PScript5.dll", "Pscript.dll",
	    "AdobePS", "Windows NT 4.0", "Spooler SubSystem App",
	    "splwow64", "HP Linux Printing", "GPL Ghostscript", "cairo ",
	    "Skia/PDF", "gstopdf", "imagetopdf", "texttopdf", "cgpdftops" };

	for (size_t i = 0; i < sizeof begin / sizeof begin[0]; i++)
		if (strncasecmp(s, begin[i], strlen(begin[i])) == 0)
			return true;
	return false;
}

static void
forget_double(struct rel_application *a)
{
	if (strcmp(a->producer, a->name) == 0)
		a->producer[0] = '\0';
}

void
rel_application_set_producer(struct rel_application *a, const char *text)
{
	char s[REL_APP_BYTES];

	squeeze(s, text);
	if (!says_nothing(s))
		memcpy(a->producer, s, sizeof s);
	forget_double(a);
}

void
rel_application_set(struct rel_application *a, enum rel_app_from from,
    const char *text)
{
	char s[REL_APP_BYTES];

	squeeze(s, text);
	if (says_nothing(s) || from == REL_APP_NOBODY ||
	    (a->from != REL_APP_NOBODY && a->from <= from))
		return;
	if (is_between(s)) {
		if (a->producer[0] == '\0')
			rel_application_set_producer(a, s);
		return;
	}
	memcpy(a->name, s, sizeof s);
	a->from = (uint8_t)from;
	forget_double(a);
}

/* ---- titles */

static const char *const microsoft[] = { "Access", "Excel", "OneNote",
    "Outlook", "PowerPoint", "Project", "Publisher", "Visio", "Word" };
static const char *const behind[] = { "Notepad", "WordPad", "Paint",
    "Internet Explorer", "Microsoft Edge", "Google Chrome",
    "Mozilla Firefox" };

void
rel_application_set_title(struct rel_application *a, const char *title)
{
	size_t len = strlen(title);
	char name[32];

	for (size_t i = 0; i < sizeof microsoft / sizeof microsoft[0]; i++) {
		int n = snprintf(name, sizeof name, "Microsoft %s",
		    microsoft[i]);

		if (strncasecmp(title, name, (size_t)n) == 0 &&
		    strncmp(title + n, " - ", 3) == 0)
			rel_application_set(a, REL_APP_TITLE, name);
	}
	for (size_t i = 0; i < sizeof behind / sizeof behind[0]; i++) {
		size_t n = strlen(behind[i]);

		if (len > n + 3 && strcmp(title + len - n, behind[i]) == 0 &&
		    strncmp(title + len - n - 3, " - ", 3) == 0)
			rel_application_set(a, REL_APP_TITLE, behind[i]);
	}
}

/* ---- of several */

void
rel_application_merge(struct rel_application *a,
    const struct rel_application *more)
{
	if (more->name[0] != '\0')
		rel_application_set(a, (enum rel_app_from)more->from,
		    more->name);
	if (a->producer[0] == '\0')
		rel_application_set_producer(a, more->producer);
}

void
rel_application_converted(struct rel_application *a, const char *type)
{
	bool postscript = strcmp(type, "application/postscript") == 0;

	if (strstr(type, "pdf") != NULL || type[0] == '\0')
		return;
	a->producer[0] = '\0';
	if (!postscript) {
		a->name[0] = '\0';
		a->from = REL_APP_NOBODY;
	} else if (a->from != REL_APP_NOBODY) {
		a->from = REL_APP_POSTSCRIPT;
	}
}

static const struct {
	const char *word, *text;
} froms[] = {
	[REL_APP_NOBODY] = { "", "nothing" },
	[REL_APP_PDF_INFO] = { "pdf-info", "the PDF's own Info" },
	[REL_APP_PDF_XMP] = { "pdf-xmp", "the PDF's own metadata" },
	[REL_APP_POSTSCRIPT] = { "postscript", "the PostScript's comments" },
	[REL_APP_PJL] = { "pjl", "the driver" },
	[REL_APP_CLIENT] = { "client", "the computer it came from" },
	[REL_APP_TITLE] = { "title", "the beginning or end of its title" }
};
#define FROMS (sizeof froms / sizeof froms[0])

const char *
rel_application_from_word(unsigned from)
{
	return froms[from < FROMS ? from : 0].word;
}

const char *
rel_application_from_text(unsigned from)
{
	return froms[from < FROMS ? from : 0].text;
}
