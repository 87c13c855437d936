/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_PDF_H
#define REL_PDF_H

#include "lib/err.h"
#include "lib/facts.h"

/*
 * A closer look at a PDF, by libqpdf: pages, sizes, missing fonts, and for
 * each page whether it has colour.  Pages the scan of the content cannot
 * decide are rendered at 36 dpi by a child without network (pdftoppm).
 * For programs that are a process of their own for one document: a hostile
 * PDF may cost time and memory up to the limits set.
 */
struct rel_pdf_how {
	unsigned deadline_ms;		/* for all of it; 0: 60 000 */
	bool no_colour;			/* count only */
	bool no_render;			/* maybe stays maybe: colour_sure BOUND */
	bool coverage;			/* measure ink (renders every page) */
};

/*
 * Look at the file of descriptor fd (seekable, borrowed, read with pread or
 * mapped).  Fills f, always; returns 0, or -REL_E_DENIED when the document is
 * refused (f->refused and f->reason say why), or another -REL_E_* when we
 * could not look (err).
 */
int rel_pdf_look(int fd, const struct rel_pdf_how *how, struct rel_facts *f,
    struct rel_err *err);

/*
 * Write `text` on every page of the PDF in_fd, small at the foot and pale
 * across the page, and the result to out_fd.  Adds one content stream a page
 * and touches nothing else.  text: UTF-8, what the standard fonts cannot show
 * becomes '?'.
 */
int rel_pdf_stamp(int in_fd, int out_fd, const char *text,
    struct rel_err *err);

#endif
