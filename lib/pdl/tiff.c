/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * TIFF 6.0: a chain of directories, one a page.  They can be read as they
 * come as long as each lies behind the one that names it; else the closer
 * look must tell.
 */
#include <string.h>

#include "lib/pdl/pdl_priv.h"

#define ENTRY 12u
#define TAG_PHOTOMETRIC 262

struct tiff {
	struct pdl_sink *sink;
	enum { HEADER, SKIP, COUNT, ENTRIES, NEXT, DONE } in;
	bool big;
	uint64_t at;			/* bytes read so far */
	uint64_t target;		/* of SKIP */
	uint8_t buf[ENTRY];
	unsigned have, want;
	uint32_t entries;
	int photometric;
};

static int
tiff_sniff(const uint8_t *head, size_t n)
{
	return n >= 8 && (memcmp(head, "II*\0", 4) == 0 ||
	    memcmp(head, "MM\0*", 4) == 0) ? 95 : 0;
}

static void
want(struct tiff *s, unsigned bytes)
{
	s->have = 0;
	s->want = bytes;
}

static void
tiff_begin(void *state, struct pdl_sink *sink)
{
	struct tiff *s = state;

	s->sink = sink;
	s->in = HEADER;
	want(s, 8);
}

static uint32_t
u32(const struct tiff *s, const uint8_t *p)
{
	return s->big ? pdl_be32(p) : pdl_le32(p);
}

static uint16_t
u16(const struct tiff *s, const uint8_t *p)
{
	return s->big ? pdl_be16(p) : pdl_le16(p);
}

/* On to a directory; 0 is the end of the chain. */
static void
directory(struct tiff *s, uint32_t offset)
{
	if (offset == 0) {
		s->in = DONE;
	} else if (offset < s->at) {
		pdl_unknown(s->sink, true, "its directories are in no order "
		    "that can be read in passing");
		s->in = DONE;
	} else {
		s->target = offset;
		s->in = SKIP;
	}
}

static void
directory_end(struct tiff *s)
{
	struct pdl_side side = { .colour = s->photometric == 0 ||
	    s->photometric == 1 ? PDL_MONO : PDL_MAYBE };

	pdl_side(s->sink, &side);
	if (side.colour == PDL_MAYBE)
		pdl_more(s->sink);
	s->in = NEXT;
	want(s, 4);
}

static void
entry(struct tiff *s)
{
	if (u16(s, s->buf) == TAG_PHOTOMETRIC)
		s->photometric = u16(s, s->buf + 8);
	want(s, ENTRY);
	if (--s->entries == 0)
		directory_end(s);
}

/* What was wanted is in buf. */
static void
filled(struct tiff *s)
{
	switch (s->in) {
	case HEADER:
		s->big = s->buf[0] == 'M';
		directory(s, u32(s, s->buf + 4));
		break;
	case COUNT:
		s->entries = u16(s, s->buf);
		s->photometric = -1;
		s->in = ENTRIES;
		want(s, ENTRY);
		if (s->entries == 0)
			directory_end(s);
		break;
	case ENTRIES:
		entry(s);
		break;
	case NEXT:
		directory(s, u32(s, s->buf));
		break;
	default:
		break;
	}
}

static size_t
skip(struct tiff *s, size_t n)
{
	uint64_t gap = s->target - s->at;
	size_t use = n < gap ? n : (size_t)gap;

	if (gap == use) {
		s->in = COUNT;
		want(s, 2);
	}
	return use;
}

static size_t
fill(struct tiff *s, const uint8_t *p, size_t n)
{
	size_t use = s->want - s->have;

	if (use > n)
		use = n;
	memcpy(s->buf + s->have, p, use);
	s->have += (unsigned)use;
	return use;
}

static size_t
tiff_feed(void *state, const uint8_t *p, size_t n, bool *left)
{
	struct tiff *s = state;

	(void)left;
	for (size_t i = 0; i < n && s->in != DONE;) {
		size_t use = s->in == SKIP ? skip(s, n - i) :
		    fill(s, p + i, n - i);
		bool was_skip = s->in == SKIP || use == 0;

		i += use;
		s->at += use;
		if (!was_skip && s->in != SKIP && s->have == s->want)
			filled(s);
	}
	return n;
}

static void
tiff_end(void *state)
{
	struct tiff *s = state;

	if (s->in != DONE)
		pdl_unknown(s->sink, false, "the picture is damaged: it ends "
		    "before its directory");
}

const struct pdl_language pdl_tiff = {
	.name = "tiff", .state_bytes = sizeof(struct tiff),
	.sniff = tiff_sniff, .begin = tiff_begin, .feed = tiff_feed,
	.end = tiff_end
};
