/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_APPLICATION_H
#define REL_APPLICATION_H

#include <stdint.h>

/*
 * The program a document was made with, as far as anything says so
 * (doc/pages.md).  All of it is what somebody wrote into a document or a
 * request: whoever prints can write something else.
 */
enum rel_app_from {		/* the better one first */
	REL_APP_NOBODY = 0,
	REL_APP_PDF_INFO,	/* Creator of a PDF's Info (ISO 32000, 14.3.3) */
	REL_APP_PDF_XMP,	/* xmp:CreatorTool of its metadata (ISO 16684) */
	REL_APP_POSTSCRIPT,	/* %%Creator (Adobe 5001) */
	REL_APP_PJL,		/* JobAcct6, JobAcct7 of HP's drivers */
	REL_APP_CLIENT,		/* an option of the job: macOS's printing */
	REL_APP_TITLE		/* "Microsoft Word - x": what drivers write */
};
#define REL_APP_BYTES 128u	/* with NUL */

struct rel_application {
	char name[REL_APP_BYTES];	/* UTF-8, clean; "" unknown */
	/* The library or driver that wrote the file: "cairo 1.16.0"; "" when
	 * nothing says, or when it is called as the program is. */
	char producer[REL_APP_BYTES];
	uint8_t from;			/* enum rel_app_from: of name */
};

/*
 * Somebody says what it was.  Text of any length and bytes is made clean and
 * cut; blank text, and words that say nothing ("unknown"), are passed over,
 * and so is what is worse than what is known already.  What names a printer
 * driver or a converter becomes the producer.
 */
void rel_application_set(struct rel_application *a, enum rel_app_from from,
    const char *text);
void rel_application_set_producer(struct rel_application *a,
    const char *text);

/*
 * What the title of a job gives away: "Microsoft Word - x.docx", "x.txt -
 * Notepad".  Only programs that are known; nothing else of a title is kept.
 */
void rel_application_set_title(struct rel_application *a, const char *title);

/* What is known in `more`, as far as it is better. */
void rel_application_merge(struct rel_application *a,
    const struct rel_application *more);

/*
 * The print server has made this PDF itself, of a document of type (a MIME
 * type): what its converters say of themselves does not count.
 */
void rel_application_converted(struct rel_application *a, const char *type);

/* "pdf-info", "title" ...; "" for nobody. */
const char *rel_application_from_word(unsigned from);

/* "the PDF's own Info"; for people; "nothing" for nobody. */
const char *rel_application_from_text(unsigned from);

#endif
