/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_TICKET_H
#define REL_TICKET_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"
#include "lib/facts.h"
#include "lib/papers.h"

/*
 * What shall be done with a document when it prints: the options it was
 * submitted with, and what its owner changed while it was held.  Both come as
 * text in the syntax of cupsParseOptions(); the later one wins.
 */
enum rel_colour_mode { REL_COLOUR_UNSAID, REL_COLOUR_MONO, REL_COLOUR_COLOUR };
enum rel_page_set { REL_PAGES_ALL, REL_PAGES_ODD, REL_PAGES_EVEN };
enum rel_stamp { REL_STAMP_NONE, REL_STAMP_PAGE /* before n-up */,
	REL_STAMP_SHEET /* after it */ };

struct rel_ticket {
	uint32_t copies;		/* 1..999 */
	uint8_t sides;			/* enum rel_duplex, UNSAID..SHORT */
	uint8_t colour;			/* enum rel_colour_mode */
	uint8_t number_up;		/* 1 2 4 6 9 16; 1 when unsaid */
	uint8_t page_set;		/* enum rel_page_set */
	uint8_t stamp;			/* enum rel_stamp */
	bool booklet, reverse, collate;	/* collate: true when unsaid */
	char pages[256];		/* "1-3,7"; of input pages or, as CUPS
					 * 2.4 does, of sides after n-up:
					 * doc/pages.md; "" all */
	char layout[8];			/* number-up-layout, "lrtb"; "" */
	char media[64];			/* PWG 5101.1 name or PPD's; "" */
	char tray[64], output_bin[64], quality[16], account[84];
	char finishings[128];		/* "staple,punch"; "" none */
	char stamp_text[256];		/* UTF-8; filled at release */
	char rest[1024];		/* other options that change what is on
					 * the page (scaling, orientation,
					 * mirror, border ...), as given */
};

/* Nothing asked for: one copy, everything else unsaid. */
void rel_ticket_init(struct rel_ticket *t);

/*
 * Lay an option text over t.  Knows IPP names (sides, print-color-mode,
 * page-ranges, number-up, page-set, outputorder, page-delivery, booklet,
 * multiple-document-handling, media, finishings, output-bin, print-quality,
 * job-account-id) and their PPD forms of release.drv (Duplex, ColorModel,
 * InputSlot, PageSize, Stapling ...).  Unknown options that cannot change a
 * page are dropped; senseless values are ignored.  Never fails.
 */
void rel_ticket_overlay(struct rel_ticket *t, const char *options);

/*
 * One change a person makes, in the words of OPDP (doc/opdp.md): copies,
 * color, sides, pages, number_up, media, tray, finishings, output_bin,
 * quality, account.  Returns 0; -REL_E_NOTFOUND no such option;
 * -REL_E_LIMIT the value is not possible (err: plain words).
 */
int rel_ticket_change(struct rel_ticket *t, const char *name,
    const char *value, struct rel_err *err);

/* The ticket, but its stamp, as option text that rel_ticket_overlay() reads
 * back onto a new ticket. 0, or -REL_E_LIMIT when it does not fit. */
int rel_ticket_text(const struct rel_ticket *t, char *out, size_t size);

/*
 * The options for CUPS's pdftopdf that carry t out, without copies, colour
 * and what the device does (tray, finishing); size >= 2048.
 */
void rel_ticket_pdftopdf(const struct rel_ticket *t, char *out, size_t size);

/* Do the pages come out as they are in the document? Then no pdftopdf. */
bool rel_ticket_is_plain(const struct rel_ticket *t);

/* Is it a finishing of PWG 5100.1, or do some begin with it and a "-"? */
bool rel_ticket_is_finishing(const char *name);

void rel_ticket_put(struct rel_buf *b, const struct rel_ticket *t);
struct rel_cur;
void rel_ticket_get(struct rel_ticket *t, struct rel_cur *c);

/*
 * What t makes of a document: what pdftopdf of cups-filters 1.28 will do, by
 * arithmetic.  in: facts of the document itself (input pages, colour pages).
 * out: sides, sheets, colour_sides, duplex of one copy and impressions of all
 * t->copies; the rest is copied from in.  mono: no colour side.
 * Returns false when only running it can tell; then out is an upper bound and
 * says so.
 */
bool rel_ticket_count(const struct rel_ticket *t, const struct rel_facts *in,
    struct rel_facts *out);

/*
 * Does everything come out on paper of one size, and of which (its size as it
 * lies before the reader, 0 when nobody knows; paper may be NULL)?  It does when pages
 * are moved, and when the media option names another size than some page has:
 * the one it names, else the one most pages have.  Else each page comes out
 * on paper of its own size.
 */
bool rel_ticket_one_paper(const struct rel_ticket *t,
    const struct rel_facts *in, struct rel_paper *paper);

/* The sides and sheets that were counted, by size of paper; n 0: nobody
 * knows the sizes.  in: facts of the document itself. */
void rel_ticket_papers(const struct rel_ticket *t, const struct rel_facts *in,
    const struct rel_facts *counted, struct rel_papers *out);

#endif
