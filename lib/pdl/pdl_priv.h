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

/* Where the sides go (sink.c): adds up over all parts of a wrapped job. */
struct pdl_sink {
	struct rel_facts f;		/* media, colour pages, reason */
	char language[24];
	uint32_t sides, sheets, colour, maybe;
	uint64_t impressions;
	uint32_t copies;		/* of the whole; 0 unsaid */
	uint32_t most_copies, last_copies;	/* said by the sides */
	bool mixed_copies, back, all_mono, unknown, bound, more;
	int size;			/* of the last side: where in f.media */
	enum rel_duplex duplex;		/* of the whole */
	enum rel_duplex said;		/* by the sides */
};
void pdl_sink_init(struct pdl_sink *s);
void pdl_sink_facts(const struct pdl_sink *s, struct rel_facts *out);
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
/* A closer look can tell more than this count does (of colour, mostly). */
void pdl_more(struct pdl_sink *s);
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
	 * 0 not, 100 certain. A UEL and PJL are off already. */
	int (*sniff)(const uint8_t *head, size_t n);
	void (*begin)(void *state, struct pdl_sink *sink);
	size_t (*feed)(void *state, const uint8_t *p, size_t n, bool *left);
	void (*end)(void *state);	/* data is over, or was left */
};
#define PDL_HEAD 4096u

extern const struct pdl_language pdl_pcl, pdl_pclxl, pdl_pwg, pdl_urf,
    pdl_cups_raster, pdl_postscript, pdl_escp, pdl_escpr, pdl_jpeg, pdl_tiff,
    pdl_text, pdl_pdf, pdl_zpl;

/* Everything until the next UEL, of which nothing is known. */
extern const struct pdl_language pdl_unknown_language;

/* ---- the Universal Exit Language sequence, ESC%-12345X (PJL Technical
 * Reference Manual, chapter 2), over any boundary of pieces */
#define PDL_UEL "\033%-12345X"
#define PDL_UEL_BYTES 9u
struct pdl_uel {
	unsigned matched;
};
/* The next byte; true when the sequence is complete. */
bool pdl_uel_step(struct pdl_uel *u, uint8_t b);
/* Skip to behind the next UEL: bytes used (n when there is none). */
size_t pdl_uel_find(struct pdl_uel *u, const uint8_t *p, size_t n,
    bool *found);

/* ---- pjl.c: what stands in front of a language */
enum pjl_what {
	PJL_MORE,	/* cannot be said yet */
	PJL_UEL,	/* `used` bytes are a UEL */
	PJL_LINE,	/* `used` bytes are an @PJL line */
	PJL_SKIP,	/* `used` bytes mean nothing here */
	PJL_DATA	/* here the language begins */
};
enum pjl_what pjl_look(const uint8_t *p, size_t n, bool all, bool after_uel,
    size_t *used);
/* One @PJL line: copies and the like to the sink, a language to hint. */
void pjl_line(struct pdl_sink *s, const char *line, size_t n, char *hint,
    size_t hint_size);
/* The language of a PJL name; NULL when we have none of that name. */
const struct pdl_language *pjl_language(const char *name);

/* ---- numbers in any order of bytes */
static inline uint32_t
pdl_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

static inline uint32_t
pdl_le32(const uint8_t *p)
{
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 |
	    (uint32_t)p[1] << 8 | p[0];
}

static inline uint16_t
pdl_be16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint16_t
pdl_le16(const uint8_t *p)
{
	return (uint16_t)(p[1] << 8 | p[0]);
}

/* Hundredths of a millimetre of n units of 1/per inch; 0 when senseless. */
static inline uint32_t
pdl_hmm(uint64_t n, uint32_t per)
{
	uint64_t v = per > 0 ? n * 2540 / per : 0;

	return v > 10000000 ? 0 : (uint32_t)v;
}

#endif
