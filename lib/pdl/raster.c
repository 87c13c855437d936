/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Raster that is a page after the other: CUPS raster versions 1 to 3 (CUPS
 * Raster Format), PWG raster (PWG 5102.4) and Apple raster (UNIRAST).  Every
 * number is in the header of its page; colour is in the pixels.
 */
#include <string.h>

#include "lib/pdl/pdl_priv.h"

#define HEADER_V1 420u
#define HEADER_V2 1796u
#define HEADER_URF 32u
#define LINE_MAX (1u << 28)
#define CHROMA 10		/* of 255: less is not seen as colour */

enum kind { KIND_PWG, KIND_URF, KIND_CUPS };

/* How colour is looked for in a pixel. */
enum looks { LOOK_NEVER, LOOK_RGB8, LOOK_CMYK8, LOOK_RGB16, LOOK_CANNOT };

struct raster {
	struct pdl_sink *sink;
	enum kind kind;
	enum { SYNC, FILE_HEAD, HEADER, REPEAT, CODE, SAME, LITERAL, PLAIN,
	    LOST } in;
	bool big, packed;
	uint8_t head[HEADER_V2];
	uint32_t have, want;
	/* the page */
	struct pdl_side side;
	enum looks looks;
	bool colour;
	uint32_t lines;			/* still to come */
	uint32_t line_bytes, line_have;
	uint32_t pixel;			/* bytes of a unit, 1..16 */
	uint64_t left;			/* bytes of a run or of the page */
	uint32_t repeat;		/* of the run */
	uint8_t unit[16];
	uint32_t unit_have;
};

/* ---- colour */

static bool
spread(unsigned a, unsigned b, unsigned c)
{
	unsigned most = a > b ? a : b, least = a < b ? a : b;

	most = most > c ? most : c;
	least = least < c ? least : c;
	return most - least > CHROMA;
}

static bool
pixel_is_colour(const struct raster *s, const uint8_t *p)
{
	switch (s->looks) {
	case LOOK_RGB8:
	case LOOK_CMYK8:
		return spread(p[0], p[1], p[2]);
	case LOOK_RGB16:
		return s->big ? spread(p[0], p[2], p[4]) :
		    spread(p[1], p[3], p[5]);
	default:
		return false;
	}
}

#define BLOCK 24u			/* 8 pixels of three bytes */

/* Are 8 pixels each three times the same byte? p[BLOCK] is there, too. */
static bool
block_is_gray(const uint8_t *p)
{
	static const uint8_t same[BLOCK] = {
		255, 255, 0, 255, 255, 0, 255, 255, 0, 255, 255, 0,
		255, 255, 0, 255, 255, 0, 255, 255, 0, 255, 255, 0
	};
	uint64_t here, next, mask, differs = 0;

	for (unsigned i = 0; i < BLOCK; i += 8) {
		memcpy(&here, p + i, 8);
		memcpy(&next, p + i + 1, 8);
		memcpy(&mask, same + i, 8);
		differs |= (here ^ next) & mask;
	}
	return differs == 0;
}

/* Bytes at the beginning that are gray, of most pages nearly all. */
static size_t
gray_bytes(const struct raster *s, const uint8_t *p, size_t n)
{
	size_t i = 0;

	if (s->looks == LOOK_RGB8 && s->pixel == 3)
		while (n - i > BLOCK && block_is_gray(p + i))
			i += BLOCK;
	return i;
}

/* Whole pixels in a row; those that began in an earlier piece are kept. */
static void
look_at(struct raster *s, const uint8_t *p, size_t n)
{
	uint32_t size = s->pixel;

	if (s->colour || s->looks == LOOK_NEVER || s->looks == LOOK_CANNOT)
		return;
	while (n > 0 && s->unit_have > 0) {
		s->unit[s->unit_have++] = *p++;
		n--;
		if (s->unit_have == size) {
			s->colour = pixel_is_colour(s, s->unit);
			s->unit_have = 0;
		}
	}
	while (n >= size && !s->colour) {
		size_t gray = gray_bytes(s, p, n);
		unsigned look = BLOCK / 3;	/* then at these one by one */

		p += gray;
		n -= gray;
		for (; look > 0 && n >= size && !s->colour; look--) {
			s->colour = pixel_is_colour(s, p);
			p += size;
			n -= size;
		}
	}
	if (n > 0 && n < size) {
		memcpy(s->unit, p, n);
		s->unit_have = (uint32_t)n;
	}
}

/* ---- pages */

static uint32_t
word(const struct raster *s, unsigned at)
{
	return s->big ? pdl_be32(s->head + at) : pdl_le32(s->head + at);
}

static void
lost(struct raster *s, const char *why)
{
	pdl_bound(s->sink, why);
	s->in = LOST;
}

static void
page_end(struct raster *s)
{
	s->side.colour = s->looks == LOOK_CANNOT ? PDL_MAYBE :
	    s->colour ? PDL_COLOUR : PDL_MONO;
	pdl_side(s->sink, &s->side);
	s->in = HEADER;
	s->have = 0;
}

static void
line_begin(struct raster *s)
{
	s->line_have = 0;
	s->unit_have = 0;
	s->in = REPEAT;
}

static void
page_begin(struct raster *s)
{
	s->colour = false;
	s->unit_have = 0;
	if (s->line_bytes == 0 || s->lines == 0) {
		page_end(s);
	} else if (s->line_bytes > LINE_MAX) {
		lost(s, "its lines are too long");
	} else if (s->packed) {
		line_begin(s);
	} else {
		s->left = (uint64_t)s->line_bytes * s->lines;
		s->in = PLAIN;
	}
}

/* What the pixels of a cups_cspace_e can be looked at as. */
static enum looks
looks_of(uint32_t space, uint32_t bits, uint32_t per_colour, uint32_t order)
{
	bool gray = space == 0 || space == 3 || space == 18 || space == 8 ||
	    space == 11 || space == 12 || space == 13;

	if (gray)
		return LOOK_NEVER;
	if (order != 0)
		return LOOK_CANNOT;
	if (space == 1 || space == 19 || space == 20 || space == 4) {
		if (bits == 24 && per_colour == 8)
			return LOOK_RGB8;
		return bits == 48 && per_colour == 16 ? LOOK_RGB16 :
		    LOOK_CANNOT;
	}
	return space == 6 && bits == 32 ? LOOK_CMYK8 : LOOK_CANNOT;
}

static void
cups_page(struct raster *s)
{
	uint32_t bits = word(s, 388), per = word(s, 384);
	uint32_t order = word(s, 396), xdpi = word(s, 276);
	uint32_t copies = word(s, 340);

	memset(&s->side, 0, sizeof s->side);
	s->side.copies = copies <= 9999 ? copies : 0;
	s->side.duplex = word(s, 272) == 0 ? REL_DUPLEX_NONE :
	    word(s, 368) != 0 ? REL_DUPLEX_SHORT : REL_DUPLEX_LONG;
	s->side.width = pdl_hmm(word(s, 352), 72);
	s->side.height = pdl_hmm(word(s, 356), 72);
	if (s->side.width == 0) {
		s->side.width = pdl_hmm(word(s, 372), xdpi);
		s->side.height = pdl_hmm(word(s, 376), word(s, 280));
	}
	s->line_bytes = word(s, 392);
	s->lines = word(s, 376);
	/* Planes of a colour that come one after the other are lines, too. */
	if (order == 2 && s->want == HEADER_V2 && word(s, 420) <= 16)
		s->lines *= word(s, 420) > 0 ? word(s, 420) : 1;
	s->pixel = order == 0 ? (bits + 7) / 8 : (per + 7) / 8;
	s->looks = looks_of(word(s, 400), bits, per, order);
	if (s->pixel == 0 || s->pixel > sizeof s->unit)
		lost(s, "its pixels are of no known size");
	else
		page_begin(s);
}

static void
urf_page(struct raster *s)
{
	uint32_t bits = s->head[0], dpi = word(s, 20);

	memset(&s->side, 0, sizeof s->side);
	s->side.duplex = s->head[2] == 3 ? REL_DUPLEX_LONG :
	    s->head[2] == 2 ? REL_DUPLEX_SHORT : REL_DUPLEX_NONE;
	s->side.width = pdl_hmm(word(s, 12), dpi);
	s->side.height = pdl_hmm(word(s, 16), dpi);
	s->pixel = (bits + 7) / 8;
	s->lines = word(s, 16);
	s->looks = s->head[1] == 0 || s->head[1] == 4 ? LOOK_NEVER :
	    bits == 24 && s->head[1] != 2 ? LOOK_RGB8 :
	    bits == 32 && s->head[1] == 6 ? LOOK_CMYK8 :
	    bits == 48 ? LOOK_RGB16 : LOOK_CANNOT;
	if (s->pixel == 0 || s->pixel > sizeof s->unit ||
	    word(s, 12) > LINE_MAX / 16) {
		lost(s, "its pixels are of no known size");
		return;
	}
	s->line_bytes = word(s, 12) * s->pixel;
	page_begin(s);
}

/* ---- the beginning */

static int
is_sync(const uint8_t *p, size_t n, const char *a, const char *b)
{
	return n >= 4 && (memcmp(p, a, 4) == 0 || memcmp(p, b, 4) == 0);
}

static int
pwg_sniff(const uint8_t *head, size_t n)
{
	return is_sync(head, n, "RaS2", "2SaR") && n >= 13 &&
	    memcmp(head + 4, "PwgRaster", 9) == 0 ? 100 : 0;
}

static int
cups_sniff(const uint8_t *head, size_t n)
{
	return is_sync(head, n, "RaSt", "tSaR") ||
	    is_sync(head, n, "RaS2", "2SaR") ||
	    is_sync(head, n, "RaS3", "3SaR") ? 95 : 0;
}

static int
urf_sniff(const uint8_t *head, size_t n)
{
	return n >= 8 && memcmp(head, "UNIRAST", 8) == 0 ? 100 : 0;
}

static void
begin(struct raster *s, struct pdl_sink *sink, enum kind kind)
{
	s->sink = sink;
	s->kind = kind;
	s->in = SYNC;
	s->want = kind == KIND_URF ? 12 : 4;
}

static void
pwg_begin(void *state, struct pdl_sink *sink)
{
	begin(state, sink, KIND_PWG);
}

static void
urf_begin(void *state, struct pdl_sink *sink)
{
	begin(state, sink, KIND_URF);
}

static void
cups_begin(void *state, struct pdl_sink *sink)
{
	begin(state, sink, KIND_CUPS);
}

static void
sync_read(struct raster *s)
{
	s->have = 0;
	s->in = HEADER;
	s->big = s->kind == KIND_URF || s->head[0] == 'R';
	if (s->kind == KIND_URF) {
		s->packed = true;
		s->want = HEADER_URF;
		return;
	}
	s->packed = s->head[3] == '2' || s->head[0] == '2';
	s->want = s->head[3] == 't' || s->head[0] == 't' ? HEADER_V1 :
	    HEADER_V2;
}

/* ---- bytes */

/* Fill the head; returns how many bytes were taken. */
static size_t
fill(struct raster *s, const uint8_t *p, size_t n)
{
	size_t use = s->want - s->have;

	if (use > n)
		use = n;
	memcpy(s->head + s->have, p, use);
	s->have += (uint32_t)use;
	if (s->have < s->want)
		return use;
	if (s->in == SYNC)
		sync_read(s);
	else if (s->kind == KIND_URF)
		urf_page(s);
	else
		cups_page(s);
	return use;
}

/* So many bytes of the line are there now. */
static void
line_add(struct raster *s, uint64_t bytes)
{
	if (bytes > s->line_bytes - s->line_have) {
		lost(s, "a line of it is too long");
		return;
	}
	s->line_have += (uint32_t)bytes;
	if (s->line_have < s->line_bytes)
		s->in = CODE;
	else if (s->lines == 0)
		page_end(s);
	else
		line_begin(s);
}

static void
on_repeat(struct raster *s, uint8_t b)
{
	uint32_t times = (uint32_t)b + 1;

	/* Lines that are the same count, they are not sent again. */
	s->lines -= times < s->lines ? times : s->lines;
	s->in = CODE;
}

static void
on_code(struct raster *s, uint8_t b)
{
	s->unit_have = 0;
	if (b == 128) {			/* the rest of the line is white */
		line_add(s, s->line_bytes - s->line_have);
	} else if (b < 128) {
		s->repeat = (uint32_t)b + 1;
		s->left = s->pixel;
		s->in = SAME;
	} else {
		s->left = (uint64_t)(257 - b) * s->pixel;
		s->repeat = 0;
		s->in = LITERAL;
	}
}

/* Bytes of a run, of a literal or of an unpacked page. */
static size_t
run(struct raster *s, const uint8_t *p, size_t n)
{
	size_t use = n < s->left ? n : (size_t)s->left;

	look_at(s, p, use);
	s->left -= use;
	if (s->left > 0)
		return use;
	if (s->in == PLAIN)
		page_end(s);
	else if (s->in == SAME)
		line_add(s, (uint64_t)s->repeat * s->pixel);
	return use;
}

static size_t
literal(struct raster *s, const uint8_t *p, size_t n)
{
	size_t use = run(s, p, n);

	s->line_have += (uint32_t)use;
	if (s->line_have > s->line_bytes) {
		s->line_have = 0;
		lost(s, "a line of it is too long");
	} else if (s->left == 0) {
		line_add(s, 0);
	}
	return use;
}

static size_t
raster_feed(void *state, const uint8_t *p, size_t n, bool *left)
{
	struct raster *s = state;

	(void)left;
	for (size_t i = 0; i < n;)
		switch (s->in) {
		case REPEAT:
			on_repeat(s, p[i++]);
			break;
		case CODE:
			on_code(s, p[i++]);
			break;
		case LITERAL:
			i += literal(s, p + i, n - i);
			break;
		case SAME:
		case PLAIN:
			i += run(s, p + i, n - i);
			break;
		case LOST:
			return n;
		default:
			i += fill(s, p + i, n - i);
			break;
		}
	return n;
}

static void
raster_end(void *state)
{
	struct raster *s = state;

	if (s->in == LOST || ((s->in == HEADER || s->in == SYNC) &&
	    s->have == 0))
		return;
	pdl_bound(s->sink, "the data ends in the middle of a page");
	if (s->in != HEADER && s->in != SYNC)
		page_end(s);
}

#define RASTER(var, word, sniffer, beginner) \
const struct pdl_language var = { \
	.name = word, .state_bytes = sizeof(struct raster), \
	.sniff = sniffer, .begin = beginner, .feed = raster_feed, \
	.end = raster_end \
}
RASTER(pdl_pwg, "pwg-raster", pwg_sniff, pwg_begin);
RASTER(pdl_urf, "apple-raster", urf_sniff, urf_begin);
RASTER(pdl_cups_raster, "cups-raster", cups_sniff, cups_begin);
