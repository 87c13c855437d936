/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* A job in IPP's words (RFC 8011 section 5.2, PWG 5100.3, 5100.7). */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "lib/media.h"
#include "lib/text.h"
#include "releaserd/send/ipp_priv.h"

#define FINISHINGS_MAX 16

static void
put_keyword(ipp_t *m, const char *name, const char *value)
{
	if (value[0] != '\0')
		ippAddString(m, IPP_TAG_JOB, IPP_TAG_KEYWORD, name, NULL,
		    value);
}

/* Words of a ticket ("staple,punch") as the numbers of IPP. */
static void
put_finishings(ipp_t *m, const char *words)
{
	int values[FINISHINGS_MAX], n = 0;
	char word[64];

	for (const char *p = words; *p != '\0' && n < FINISHINGS_MAX;
	    p += strcspn(p, ","), p += *p == ',') {
		int one;

		snprintf(word, sizeof word, "%.*s", (int)strcspn(p, ","), p);
		if ((one = ippEnumValue("finishings", word)) > 3)
			values[n++] = one;
	}
	if (n > 0)
		ippAddIntegers(m, IPP_TAG_JOB, IPP_TAG_ENUM, "finishings", n,
		    values);
}

/* The standard's name of a size, whatever it was called. */
static void
media_name(char *out, size_t size, const char *asked)
{
	uint32_t w, h;

	out[0] = '\0';
	if (rel_media_size(asked, &w, &h))
		rel_media_name(out, size, w, h);
}

static void
put_size(ipp_t *col, const char *asked)
{
	uint32_t w, h;
	ipp_t *size;

	if (!rel_media_size(asked, &w, &h) || (size = ippNew()) == NULL)
		return;
	ippAddInteger(size, IPP_TAG_JOB, IPP_TAG_INTEGER, "x-dimension",
	    (int)w);
	ippAddInteger(size, IPP_TAG_JOB, IPP_TAG_INTEGER, "y-dimension",
	    (int)h);
	ippAddCollection(col, IPP_TAG_JOB, "media-size", size);
	ippDelete(size);
}

/* A tray is told by media-col, a size alone by media: never both. */
static void
put_media(ipp_t *m, const struct rel_ticket *t)
{
	char name[64];
	ipp_t *col;

	media_name(name, sizeof name, t->media);
	if (t->tray[0] == '\0') {
		put_keyword(m, "media", name);
		return;
	}
	if ((col = ippNew()) == NULL)
		return;
	put_size(col, t->media);
	put_keyword(col, "media-source", t->tray);
	ippAddCollection(m, IPP_TAG_JOB, "media-col", col);
	ippDelete(col);
}

static const char *
sides_word(uint8_t sides)
{
	static const char *const words[] = {
		[REL_DUPLEX_NONE] = "one-sided",
		[REL_DUPLEX_LONG] = "two-sided-long-edge",
		[REL_DUPLEX_SHORT] = "two-sided-short-edge"
	};

	return sides <= REL_DUPLEX_SHORT && words[sides] != NULL ?
	    words[sides] : "";
}

static void
put_ticket(ipp_t *m, const struct send_job *job)
{
	const struct rel_ticket *t = &job->ticket;
	int quality = ippEnumValue("print-quality", t->quality);

	if (job->copies > 1) {
		ippAddInteger(m, IPP_TAG_JOB, IPP_TAG_INTEGER, "copies",
		    (int)job->copies);
		put_keyword(m, "multiple-document-handling", t->collate ?
		    "separate-documents-collated-copies" :
		    "separate-documents-uncollated-copies");
	}
	put_keyword(m, "sides", sides_word(t->sides));
	put_keyword(m, "print-color-mode", t->colour == REL_COLOUR_MONO ?
	    "monochrome" : t->colour == REL_COLOUR_COLOUR ? "color" : "");
	put_keyword(m, "output-bin", t->output_bin);
	if (t->quality[0] != '\0' && quality > 0)
		ippAddInteger(m, IPP_TAG_JOB, IPP_TAG_ENUM, "print-quality",
		    quality);
	put_media(m, t);
	put_finishings(m, t->finishings);
}

static void
put_format(ipp_t *m, const struct send_job *job)
{
	ippAddString(m, IPP_TAG_OPERATION, IPP_TAG_MIMETYPE,
	    "document-format", NULL, job->format[0] != '\0' ? job->format :
	    "application/octet-stream");
}

void
ipp_put_job(ipp_t *m, const struct send_job *job, bool with_document)
{
	char both[1200], name[256];

	snprintf(both, sizeof both, "%s%s%s", job->ref,
	    job->ref[0] != '\0' && job->title[0] != '\0' ? " " : "",
	    job->title);
	rel_text_clean(both, sizeof both, both);
	/* name(MAX): 255 bytes (RFC 8011 section 5.1.3). */
	snprintf(name, sizeof name, "%.*s",
	    (int)rel_utf8_cut(both, sizeof name - 1), both);
	ippAddString(m, IPP_TAG_OPERATION, IPP_TAG_NAME, "job-name", NULL,
	    name);
	ippAddBoolean(m, IPP_TAG_OPERATION, "ipp-attribute-fidelity", 0);
	if (with_document)
		put_format(m, job);
	put_ticket(m, job);
}

void
ipp_put_document(ipp_t *m, const struct send_job *job)
{
	put_format(m, job);
	ippAddBoolean(m, IPP_TAG_OPERATION, "last-document", 1);
}
