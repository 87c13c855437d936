/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef PAGES_H
#define PAGES_H

#include <stdbool.h>
#include <stdio.h>

#include "lib/err.h"
#include "lib/facts.h"
#include "lib/pdf/pdf.h"

/* The parts of release-pages(8). */

/*
 * All that can be known of the document of a descriptor, in any language:
 * read once by lib/pdl; a PDF by libqpdf; what is left by rendering, in
 * children.  named_pdf: what reads like nothing but text is a broken PDF then.
 * Returns 0 (f may still be refused); -REL_E_* when it could not be looked at.
 */
int pages_look(int fd, bool named_pdf, const struct rel_pdf_how *how,
    struct rel_facts *f, struct rel_err *err);

/* pages_render.c: PostScript by Ghostscript, a JPEG by poppler. */
void pages_postscript(int fd, const struct rel_pdf_how *how,
    struct rel_facts *f);
void pages_jpeg(int fd, const struct rel_pdf_how *how, struct rel_facts *f);

/* One object and a newline. Returns 0 or -REL_E_NOMEM. */
int pages_json(FILE *out, const char *file, const struct rel_facts *f);

/* For people: a line of head, a line a document, notes below it. */
void pages_table_head(FILE *out);
void pages_table_row(FILE *out, const char *file, const struct rel_facts *f);

/*
 * PWG raster as Apple raster or, with backs that lie otherwise, as PWG raster.
 * back: a word of pwg-raster-document-sheet-back.  0 or -REL_E_*.
 */
int pages_raster(int in_fd, int out_fd, bool urf, const char *back,
    struct rel_err *err);

#endif
