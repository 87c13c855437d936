/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_PDL_PRIV_H
#define REL_PDL_PRIV_H

#include "lib/pdl/pdl.h"

/* What a language says of one side, in the order of printing. */
struct pdl_side {
	uint32_t copies;		/* of this side; 0 counts as 1 */
	enum { PDL_MONO, PDL_COLOUR, PDL_MAYBE } colour;
	uint32_t width, height;		/* hundredths of a mm; 0 unknown */
	enum rel_duplex duplex;
};

/* Where the sides go (pdl.c): adds up over all parts of a wrapped job. */
struct pdl_sink;
void pdl_side(struct pdl_sink *s, const struct pdl_side *side);
/* Copies said once for the whole document (PJL SET COPIES, NumCopies). */
void pdl_copies(struct pdl_sink *s, uint32_t copies);
void pdl_duplex(struct pdl_sink *s, enum rel_duplex duplex);
/* Everything is mono, whatever else is said (PJL RENDERMODE=GRAYSCALE). */
void pdl_all_mono(struct pdl_sink *s);
/* The pages cannot be counted by reading once; why, in plain words. */
void pdl_unknown(struct pdl_sink *s, bool more, const char *why);
/* Sides so far are an upper bound only (cut or odd data). */
void pdl_bound(struct pdl_sink *s, const char *why);
uint32_t pdl_sides_so_far(const struct pdl_sink *s);

/*
 * One language.  state is state_bytes of zeroes; feed takes n > 0 bytes and
 * returns how many of them were its own: fewer than n means that the language
 * has been left (UEL) and the rest goes to whoever wraps it.
 */
struct pdl_language {
	const char *name;		/* facts.language */
	size_t state_bytes;
	/* How sure it is this language from the first n <= PDL_HEAD bytes:
	 * 0 not, 100 certain. */
	int (*sniff)(const uint8_t *head, size_t n);
	void (*begin)(void *state, struct pdl_sink *sink);
	size_t (*feed)(void *state, const uint8_t *p, size_t n);
	void (*end)(void *state);	/* data is over, or was left */
};
#define PDL_HEAD 4096u

extern const struct pdl_language pdl_pcl, pdl_pclxl, pdl_pwg, pdl_urf,
    pdl_cups_raster, pdl_postscript, pdl_escp, pdl_escpr, pdl_jpeg, pdl_tiff,
    pdl_text, pdl_pdf;

#endif
