/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * PCL XL (PCL 6): HP, PCL XL Feature Reference Protocol Class 2.0.  A stream
 * of typed values, attributes and operators; data that does not follow this
 * rule has its length in front.
 */
#include <string.h>

#include "lib/pdl/pdl_priv.h"

enum {				/* operators */
	OP_BEGIN_PAGE = 0x43, OP_END_PAGE = 0x44, OP_SET_BRUSH = 0x63,
	OP_SET_COLOUR_SPACE = 0x6a, OP_SET_PEN = 0x79, OP_BEGIN_IMAGE = 0xb0,
	OP_BEGIN_PATTERN = 0xb3
};
enum {				/* attributes */
	AT_COLOUR_SPACE = 3, AT_GRAY = 9, AT_RGB = 11, AT_MEDIA_SIZE = 37,
	AT_CUSTOM_SIZE = 47, AT_CUSTOM_UNITS = 48, AT_COPIES = 49, AT_SIMPLEX = 52,
	AT_DUPLEX = 53
};
#define COLOUR_GRAY 1
#define MEDIA_CUSTOM (UINT32_MAX - 1)
#define LONGEST 1000000.0		/* a side, in hundredths of a mm */

struct pclxl {
	struct pdl_sink *sink;
	enum { HEADER, TAG, ARRAY_TYPE, ARRAY_LENGTH, BODY, ATTRIBUTE,
	    DATA_LENGTH, DATA } in;
	struct pdl_uel uel;
	bool big;
	uint8_t type;			/* of the value that is coming */
	uint8_t value[32];		/* its first bytes */
	uint32_t value_bytes;		/* all of it */
	uint32_t have, want;		/* of what is coming */
	uint8_t length[4];
	uint32_t data;			/* bytes still to skip */
	/* attributes of the operator that is coming; -1 unsaid */
	int64_t copies, media, duplex, simplex, space;
	int64_t units;			/* of the custom size */
	double custom[2];
	bool custom_said;
	bool rgb_said, rgb_neutral, gray_said;
	/* the page and what lasts */
	bool page, colour, maybe;
	bool gray_space;
	uint32_t page_media;
	uint32_t page_width, page_height;	/* of MEDIA_CUSTOM */
	enum rel_duplex page_duplex;
};

static int
pclxl_sniff(const uint8_t *head, size_t n)
{
	return n >= 11 && (head[0] == '(' || head[0] == ')' ||
	    head[0] == '\'') && memcmp(head + 1, " HP-PCL XL", 10) == 0 ?
	    100 : 0;
}

static void
attributes_clear(struct pclxl *s)
{
	s->copies = s->media = s->duplex = s->simplex = s->space = -1;
	s->units = -1;
	s->rgb_said = s->gray_said = s->custom_said = false;
}

static void
pclxl_begin(void *state, struct pdl_sink *sink)
{
	struct pclxl *s = state;

	s->sink = sink;
	s->gray_space = true;
	s->page_media = UINT32_MAX;
	attributes_clear(s);
}

/* ---- numbers */

static uint32_t
number(const struct pclxl *s, const uint8_t *p, unsigned bytes)
{
	if (bytes == 1)
		return p[0];
	if (bytes == 2)
		return s->big ? pdl_be16(p) : pdl_le16(p);
	return s->big ? pdl_be32(p) : pdl_le32(p);
}

/* Bytes of one element of a type; 0 for no such type. */
static unsigned
element(uint8_t type)
{
	static const uint8_t bytes[8] = { 1, 2, 4, 2, 4, 4, 0, 0 };

	return bytes[type & 7];
}

/* A part of a value of several, as it stands there. */
static double
part(const struct pclxl *s, unsigned i)
{
	unsigned e = element(s->type);
	uint32_t bits = number(s, s->value + i * e, e);
	float f;

	if ((s->type & 7) != 5)
		return bits;
	memcpy(&f, &bits, sizeof f);
	return f;
}

/* An array of three as a colour: all the same, or nearly? */
static bool
is_neutral(const struct pclxl *s)
{
	unsigned e = element(s->type);
	double v[3], most, least;

	if (s->value_bytes != 3 * e || s->value_bytes > sizeof s->value)
		return false;
	for (unsigned i = 0; i < 3; i++)
		v[i] = part(s, i) / ((s->type & 7) == 5 ? 1.0 : e == 1 ?
		    255.0 : e == 2 ? 65535.0 : 4294967295.0);
	most = v[0] > v[1] ? v[0] : v[1];
	most = most > v[2] ? most : v[2];
	least = v[0] < v[1] ? v[0] : v[1];
	least = least < v[2] ? least : v[2];
	return most - least <= 0.03;	/* false for a NaN */
}

static void
attribute(struct pclxl *s, unsigned id)
{
	unsigned e = element(s->type);
	bool scalar = s->type >= 0xc0 && s->type <= 0xc5;
	int64_t v = scalar && e > 0 ?
	    (int64_t)number(s, s->value, e) : -1;

	switch (id) {
	case AT_COLOUR_SPACE:
		s->space = v;
		break;
	case AT_GRAY:
		s->gray_said = true;
		break;
	case AT_RGB:
		s->rgb_said = true;
		s->rgb_neutral = is_neutral(s);
		break;
	case AT_MEDIA_SIZE:
		s->media = v;
		break;
	case AT_CUSTOM_SIZE:
		s->custom_said = s->type >= 0xd0 && s->type <= 0xd5;
		for (unsigned i = 0; i < 2 && s->custom_said; i++)
			s->custom[i] = part(s, i);
		break;
	case AT_CUSTOM_UNITS:
		s->units = v;
		break;
	case AT_COPIES:
		s->copies = v;
		break;
	case AT_DUPLEX:
		s->duplex = v;
		break;
	case AT_SIMPLEX:
		s->simplex = v;
		break;
	default:
		break;
	}
}

/* ---- operators */

static void
media_of(uint32_t code, struct pdl_side *side)
{
	static const uint32_t t[][2] = {
		{ 21590, 27940 }, { 21590, 35560 }, { 21000, 29700 },
		{ 18415, 26670 }, { 27940, 43180 }, { 29700, 42000 },
		{ 10477, 24130 }, { 9843, 19050 }, { 16200, 22900 },
		{ 11000, 22000 }, { 25700, 36400 }, { 18200, 25700 },
		{ 17600, 25000 }, { 0, 0 }, { 10000, 14800 }, { 0, 0 },
		{ 14800, 21000 }, { 10500, 14800 }
	};

	if (code < sizeof t / sizeof t[0]) {
		side->width = t[code][0];
		side->height = t[code][1];
	}
}

/* Inches, millimetres or tenths of them; nobody knows else. */
static uint32_t
custom_side(const struct pclxl *s, double v)
{
	static const double units[] = { 2540, 100, 10 };

	if (s->units < 0 || s->units > 2)
		return 0;
	v *= units[s->units];
	return v > 0 && v < LONGEST ? (uint32_t)(v + 0.5) : 0;
}

static void
begin_page(struct pclxl *s)
{
	s->page = true;
	s->colour = s->maybe = false;
	if (s->media >= 0)
		s->page_media = (uint32_t)s->media;
	if (s->media < 0 && s->custom_said) {
		s->page_media = MEDIA_CUSTOM;
		s->page_width = custom_side(s, s->custom[0]);
		s->page_height = custom_side(s, s->custom[1]);
	}
	if (s->duplex >= 0)
		s->page_duplex = s->duplex == 0 ? REL_DUPLEX_SHORT :
		    REL_DUPLEX_LONG;
	else if (s->simplex >= 0)
		s->page_duplex = REL_DUPLEX_NONE;
}

static void
end_page(struct pclxl *s)
{
	struct pdl_side side = { .duplex = s->page_duplex,
	    .copies = s->copies > 0 && s->copies < 10000 ?
	    (uint32_t)s->copies : 0,
	    .colour = s->colour ? PDL_COLOUR : s->maybe ? PDL_MAYBE :
	    PDL_MONO };

	if (!s->page || s->copies == 0) {
		s->page = false;	/* read, and printed no times */
		return;
	}
	media_of(s->page_media, &side);
	if (s->page_media == MEDIA_CUSTOM && s->page_width > 0 &&
	    s->page_height > 0) {
		side.width = s->page_width;
		side.height = s->page_height;
	}
	pdl_side(s->sink, &side);
	s->page = false;
}

static void
operator(struct pclxl *s, uint8_t op)
{
	switch (op) {
	case OP_BEGIN_PAGE:
		begin_page(s);
		break;
	case OP_END_PAGE:
		end_page(s);
		break;
	case OP_SET_COLOUR_SPACE:
		if (s->space >= 0)
			s->gray_space = s->space == COLOUR_GRAY;
		break;
	case OP_SET_BRUSH:
	case OP_SET_PEN:
		if (s->rgb_said && !s->rgb_neutral)
			s->colour = true;
		break;
	case OP_BEGIN_IMAGE:
	case OP_BEGIN_PATTERN:
		if (!s->gray_space)
			s->maybe = true;
		break;
	default:
		break;
	}
	attributes_clear(s);
}

/* ---- the stream */

static void
value_begin(struct pclxl *s, uint8_t type, uint32_t bytes)
{
	s->type = type;
	s->have = 0;
	s->value_bytes = s->want = bytes;
	s->in = bytes > 0 ? BODY : TAG;
}

static void
bad(struct pclxl *s)
{
	pdl_bound(s->sink, "its PCL XL has an error; what follows was not "
	    "read");
	s->data = UINT32_MAX;
	s->in = DATA;
}

static void
on_tag(struct pclxl *s, uint8_t b)
{
	if (b >= 0x41 && b <= 0xbf) {
		operator(s, b);
	} else if (b >= 0xc0 && b <= 0xc5) {
		value_begin(s, b, element(b));
	} else if (b >= 0xc8 && b <= 0xcd) {
		s->type = b;
		s->in = ARRAY_TYPE;
	} else if (b >= 0xd0 && b <= 0xd5) {
		value_begin(s, b, 2 * element(b));
	} else if (b >= 0xe0 && b <= 0xe5) {
		value_begin(s, b, 4 * element(b));
	} else if (b == 0xf8 || b == 0xf9 || b == 0xfa || b == 0xfb) {
		s->have = 0;
		s->want = b == 0xf8 || b == 0xfb ? 1 : b == 0xf9 ? 2 : 4;
		s->in = b == 0xf8 || b == 0xf9 ? ATTRIBUTE : DATA_LENGTH;
	} else if (b != 0 && b != 0x1b && b != ' ' && !(b >= 9 && b <= 13)) {
		bad(s);
	}
}

/* The bytes of a length or an identifier; true when all are there. */
static bool
small(struct pclxl *s, uint8_t b)
{
	if (s->have < sizeof s->length)
		s->length[s->have] = b;
	return ++s->have == s->want;
}

static void
on_array_type(struct pclxl *s, uint8_t b)
{
	if (b != 0xc0 && b != 0xc1 && b != 0xc2) {
		bad(s);
		return;
	}
	s->have = 0;
	s->want = element(b);
	s->in = ARRAY_LENGTH;
}

static void
on_header(struct pclxl *s, uint8_t b)
{
	if (s->have++ == 0) {
		s->big = b == '(';
		if (b == '\'')
			pdl_unknown(s->sink, false,
			    "PCL XL written as text cannot be counted here");
	}
	if (b == '\n')
		s->in = TAG;
}

static void
one_byte(struct pclxl *s, uint8_t b)
{
	switch (s->in) {
	case HEADER:
		on_header(s, b);
		break;
	case TAG:
		on_tag(s, b);
		break;
	case ARRAY_TYPE:
		on_array_type(s, b);
		break;
	case ARRAY_LENGTH:
		if (small(s, b)) {
			uint64_t n = (uint64_t)number(s, s->length, s->want) *
			    element(s->type);

			value_begin(s, s->type, n > UINT32_MAX ? UINT32_MAX :
			    (uint32_t)n);
		}
		break;
	case BODY:
		if (s->have < sizeof s->value)
			s->value[s->have] = b;
		if (++s->have == s->want)
			s->in = TAG;
		break;
	case ATTRIBUTE:
		if (small(s, b)) {
			/* The value in front of it is what it names. */
			attribute(s, number(s, s->length, s->want));
			s->in = TAG;
		}
		break;
	case DATA_LENGTH:
		if (small(s, b)) {
			s->data = number(s, s->length, s->want);
			s->in = s->data > 0 ? DATA : TAG;
		}
		break;
	case DATA:
		break;
	}
}

/* Bytes that need no look: embedded data, the tail of a long array. */
static size_t
skip(struct pclxl *s, size_t n)
{
	if (s->in == DATA) {
		size_t use = n < s->data ? n : s->data;

		if (s->data != UINT32_MAX)
			s->data -= (uint32_t)use;
		if (s->data == 0)
			s->in = TAG;
		return use;
	}
	if (s->in == BODY && s->have >= sizeof s->value) {
		size_t use = s->want - s->have;

		if (use > n)
			use = n;
		s->have += (uint32_t)use;
		if (s->have == s->want)
			s->in = TAG;
		return use;
	}
	return 0;
}

static size_t
pclxl_feed(void *state, const uint8_t *p, size_t n, bool *left)
{
	struct pclxl *s = state;

	for (size_t i = 0; i < n;) {
		size_t use = s->data == UINT32_MAX ? 0 : skip(s, n - i);

		if (use > 0) {
			i += use;
			continue;
		}
		/* Between tags, or lost: a UEL ends it. */
		if ((s->in == TAG || s->in == DATA) &&
		    pdl_uel_step(&s->uel, p[i])) {
			*left = true;
			return i + 1;
		}
		if (s->uel.matched == 0)
			one_byte(s, p[i]);
		i++;
	}
	return n;
}

static void
pclxl_end(void *state)
{
	struct pclxl *s = state;

	if (s->page) {
		pdl_bound(s->sink, "the last page has no end");
		end_page(s);
	}
}

const struct pdl_language pdl_pclxl = {
	.name = "pclxl", .state_bytes = sizeof(struct pclxl),
	.sniff = pclxl_sniff, .begin = pclxl_begin, .feed = pclxl_feed,
	.end = pclxl_end
};
