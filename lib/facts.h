/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_FACTS_H
#define REL_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/application.h"
#include "lib/buf.h"

/*
 * What is known about the pages of one document.  The words are PWG 5100.3's
 * and RFC 8011's: a *side* (impression) is one face of a sheet after n-up, a
 * *sheet* is paper; an *input page* is a page as the document has it.
 *
 * doc/pages.md says where each number comes from.
 */

/* How far a number can be trusted. */
enum rel_sure {
	REL_SURE_UNKNOWN = 0,	/* the number is 0 and says nothing */
	REL_SURE_BOUND = 1,	/* it is not more than this */
	REL_SURE_EXACT = 2
};

enum rel_duplex {		/* RFC 8011 section 5.2.8, sides */
	REL_DUPLEX_UNSAID = 0,	/* the data leaves it to the device */
	REL_DUPLEX_NONE = 1, REL_DUPLEX_LONG = 2, REL_DUPLEX_SHORT = 3,
	REL_DUPLEX_MIXED = 4
};

/* A size of paper and how many sides ask for it; hundredths of a mm. */
struct rel_facts_media {
	uint32_t width, height;
	uint32_t sides;
	uint32_t colour;		/* those of them in colour */
	uint32_t both;			/* sheets that begin with it when they
					 * are printed on both sides: a sheet
					 * has one size */
};
#define REL_FACTS_MEDIA 8
#define REL_FACTS_FONTS 8
#define REL_FACTS_PAGES_MAX 1000000u	/* a document with more is refused */

struct rel_facts {
	/* "pdf" "postscript" "pcl" "pclxl" "pwg-raster" "apple-raster"
	 * "cups-raster" "escp" "escpr" "jpeg" "tiff" "text" ...; "" unknown */
	char language[24];
	uint8_t pages_sure;		/* enum rel_sure: pages and sheets */
	uint8_t colour_sure;		/* enum rel_sure: colour_sides */
	uint8_t duplex;			/* enum rel_duplex */
	bool encrypted;			/* a PDF with a security handler */
	bool more;			/* a closer look can tell more than
					 * reading once could (PDF, plain
					 * PostScript inside a stream) */
	uint32_t input_pages;
	uint32_t sides, sheets;		/* of one copy */
	uint32_t colour_sides;		/* of one copy; <= sides */
	uint32_t copies;		/* the data itself makes; 1.. */
	uint32_t impressions;		/* all sides of all those copies */
	/* Most used first.  Of sizes beyond the last one the sides count as
	 * of the largest. */
	unsigned nmedia;
	struct rel_facts_media media[REL_FACTS_MEDIA];
	/* While they are added, not told: the paper whose back is free. */
	uint32_t free_width, free_height;
	unsigned nfonts;		/* fonts that are not in the document */
	char fonts[REL_FACTS_FONTS][64];
	/* Ink of the average side, hundredths of a percent: C, M, Y, K;
	 * -1 when nobody measured it. */
	int32_t coverage[4];
	/* Input pages with colour, "1-3,7"; cut at a comma when there are
	 * more of them than fit (colour_cut). */
	char colour_pages[2048];
	bool colour_cut;
	/* Not to be printed: "" or one of the words below, and why. */
	char refused[24];
	char reason[240];		/* plain words; also why unknown */
	struct rel_application app;	/* what it was made with */
};

#define REL_REFUSED_DAMAGED "damaged"	/* cannot be read */
#define REL_REFUSED_LOCKED "locked"	/* needs a password */
#define REL_REFUSED_NO_PRINT "no-print"	/* its author forbids printing */
#define REL_REFUSED_EMPTY "empty"	/* no page, no byte */
#define REL_REFUSED_TOO_MUCH "too-much"	/* time, memory, pages */

/* Nothing known: copies 1, coverage -1. */
void rel_facts_init(struct rel_facts *f);

/* Mark as not printable; returns -REL_E_DENIED. */
int rel_facts_refuse(struct rel_facts *f, const char *word, const char *fmt,
    ...) __attribute__((format(printf, 3, 4)));

/*
 * Another side of this size, in the order of printing.  Returns where it is
 * in media (to count its colour), -1 when the size is none.  The places hold
 * until rel_facts_sort_media(), which is to be called when all are there.
 */
int rel_facts_add_media(struct rel_facts *f, uint32_t width,
    uint32_t height);
void rel_facts_sort_media(struct rel_facts *f);

/* No side is in colour: that is known. */
void rel_facts_no_colour(struct rel_facts *f);

/* Sheets of paper that so many sides need, each as large as its page. */
uint32_t rel_facts_sheets(const struct rel_facts *f, uint32_t sides,
    bool both);

/* Another font that is missing; twice the same counts once. */
void rel_facts_add_font(struct rel_facts *f, const char *name);

/* Pages first..last are in colour; called in rising order. */
void rel_facts_add_colour(struct rel_facts *f, uint32_t first,
    uint32_t last);

/* Is input page n (1..) in colour? True beyond a cut, to be safe. */
bool rel_facts_page_is_colour(const struct rel_facts *f, uint32_t n);

/* The words of JOBSTATE: for a refusal (RFC 8011, PWG 5100.13): e.g.
 * "document-password-error"; "" when not refused. */
const char *rel_facts_jobstate(const struct rel_facts *f);

/*
 * As it travels between processes, and lies in the database; rel_facts_get()
 * checks every bound, and takes what an older release has written.
 */
void rel_facts_put(struct rel_buf *b, const struct rel_facts *f);
int rel_facts_get(struct rel_facts *f, const void *p, size_t n);

/*
 * In front of what the filter hands the backend stands one frame:
 *   "%release-facts1\n"  16 bytes
 *   u32 little endian    length of the body, at most REL_FACTS_WIRE_MAX
 *   body                 rel_facts_put(), then a u8: 1 when the document
 *                        follows, 0 when it is refused and nothing follows
 */
#define REL_FACTS_MAGIC "%release-facts1\n"
#define REL_FACTS_WIRE_MAX 8192u

#endif
