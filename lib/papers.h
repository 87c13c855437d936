/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_PAPERS_H
#define REL_PAPERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What comes out by size of paper: a document may mix A4 and A3.  Sizes lie
 * the short side first; a millimetre more or less is the same paper.
 */
#define REL_PAPERS 8		/* what goes beyond counts as the largest */
#define REL_PAPERS_TEXT 480u	/* bytes with NUL */

struct rel_paper {
	uint32_t width, height;	/* hundredths of a mm; 0: nobody knows */
	uint32_t sides, colour;	/* all of them; those in colour */
	uint32_t sheets;
};

struct rel_papers {
	unsigned n;		/* the one with most sides first */
	struct rel_paper of[REL_PAPERS];
};

/* More on paper of a size; nothing at all is passed over. */
void rel_papers_add(struct rel_papers *p, const struct rel_paper *more);

/*
 * Make them add up to these: what is missing is on the largest, what is too
 * much is taken off the largest.  Without any paper nothing is done.
 */
void rel_papers_fit(struct rel_papers *p, uint32_t sides, uint32_t colour,
    uint32_t sheets);

/* "21000x29700:3/1/3,29700x42000:2/2/2": sides, colour, sheets; and back,
 * false (and none) when it is none. */
void rel_papers_text(const struct rel_papers *p, char out[REL_PAPERS_TEXT]);
bool rel_papers_read(struct rel_papers *p, const char *text);

#endif
