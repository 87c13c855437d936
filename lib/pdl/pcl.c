/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * PCL 5, PCL 3 and what inkjets of HP make of it: HP, PCL 5 Printer Language
 * Technical Reference Manual, and PCL 5 Color.  A page ends with a form feed,
 * or where a page with marks must end: a reset, another size of paper, a
 * chosen side.
 */
#include <string.h>

#include "lib/pdl/pdl_priv.h"

#define PAYLOAD_MAX (1u << 30)
#define PLANES_MAX 8

struct pcl {
	struct pdl_sink *sink;
	enum { TEXT, ESC, GROUP, VALUE, PAYLOAD, HPGL, HPGL_LABEL } in;
	struct pdl_uel uel;
	/* the escape sequence that is coming: ESC, class, group, value, end */
	uint8_t cls, group, first;
	bool negative, has_value, fraction;
	uint32_t value;
	/* a payload that is being skipped */
	uint32_t left;
	bool payload_ink;		/* it is a plane of colour */
	bool payload_marks;
	uint8_t hpgl[2];		/* the command that is coming */
	/* the page */
	bool marks, colour;
	bool begun;			/* its raster has begun, be it empty */
	uint32_t copies, size;
	enum rel_duplex duplex;
	/* raster and colour */
	int planes;			/* ESC*r#U: 1, 3, -3, -4 */
	unsigned plane;			/* of the row that is coming */
	unsigned method;		/* ESC*b#M */
	bool device_colour;		/* ESC*v#W, ESC*g#W: more than one */
};

static int
pcl_sniff(const uint8_t *head, size_t n)
{
	if (n < 2 || head[0] != 0x1b)
		return 0;
	if (head[1] == 'E')
		return 70;
	if (n < 3)
		return 0;
	if ((head[1] == '&' || head[1] == '*') && head[2] >= 'a' &&
	    head[2] <= 'z')
		return 60;
	/* Into HP-GL/2 and out of it; LIPS begins with a percent, too. */
	if (head[1] == '%' && (head[2] == '-' || (head[2] >= '0' &&
	    head[2] <= '9')))
		return 60;
	return head[1] == '(' || head[1] == ')' ? 30 : 0;
}

static void
pcl_begin(void *state, struct pdl_sink *sink)
{
	struct pcl *s = state;

	s->sink = sink;
	s->planes = 1;
}

/* Sizes of ESC&l#A in hundredths of a millimetre. */
static void
size_of(uint32_t code, struct pdl_side *side)
{
	static const struct {
		uint32_t code, width, height;
	} t[] = {
		{ 1, 18415, 26670 }, { 2, 21590, 27940 }, { 3, 21590, 35560 },
		{ 6, 27940, 43180 }, { 24, 10500, 14800 },
		{ 25, 14800, 21000 }, { 26, 21000, 29700 },
		{ 27, 29700, 42000 }, { 45, 18200, 25700 },
		{ 46, 25700, 36400 }, { 71, 10000, 14800 },
		{ 80, 9843, 19050 }, { 81, 10477, 24130 },
		{ 90, 11000, 22000 }, { 91, 16200, 22900 },
		{ 100, 17600, 25000 }
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
		if (t[i].code == code) {
			side->width = t[i].width;
			side->height = t[i].height;
		}
}

static void
page_end(struct pcl *s)
{
	struct pdl_side side = { .copies = s->copies, .duplex = s->duplex,
	    .colour = s->colour ? PDL_MAYBE : PDL_MONO };

	size_of(s->size, &side);
	pdl_side(s->sink, &side);
	s->marks = s->colour = s->begun = false;
}

static void
page_end_if_marked(struct pcl *s)
{
	if (s->marks)
		page_end(s);
}

static void
reset(struct pcl *s)
{
	page_end_if_marked(s);
	s->copies = 0;
	s->duplex = REL_DUPLEX_UNSAID;
	s->size = 0;
	s->planes = 1;
	s->plane = s->method = 0;
	s->device_colour = false;
}

/* Something is printed with the colours there are now. */
static void
mark(struct pcl *s)
{
	s->marks = true;
	if (s->planes != 1 || s->device_colour)
		s->colour = true;
}

/* ---- commands */

static void
job_command(struct pcl *s, uint8_t end)		/* ESC & l */
{
	switch (end) {
	case 'X':
		s->copies = s->value > 0 ? s->value : 1;
		break;
	case 'S':
		s->duplex = s->value == 0 ? REL_DUPLEX_NONE : s->value == 1 ?
		    REL_DUPLEX_LONG : REL_DUPLEX_SHORT;
		break;
	case 'A':
		if (s->value != s->size)
			page_end_if_marked(s);
		s->size = s->value;
		break;
	case 'H':
		if (s->value == 0 && (s->marks || s->begun))
			page_end(s);
		break;
	default:
		break;
	}
}

static void
payload(struct pcl *s, uint32_t n)
{
	s->left = s->negative ? 0 : n < PAYLOAD_MAX ? n : PAYLOAD_MAX;
	s->payload_ink = s->payload_marks = false;
}

/*
 * A plane of a raster row: V says more planes of it follow.  Colour is in the
 * planes but the black one, which is the first of four; three planes without
 * black may be gray.
 */
static void
raster_row(struct pcl *s, uint8_t end)
{
	payload(s, s->value);
	if (s->planes == 1 && s->device_colour)
		s->payload_ink = true;
	else if (s->planes != 1)
		s->payload_ink = s->planes != -4 || s->plane > 0;
	s->payload_marks = s->left > 0;
	s->plane = end == 'V' && s->plane < PLANES_MAX ? s->plane + 1 : 0;
}

static void
raster_command(struct pcl *s, uint8_t end)	/* ESC * b */
{
	if (end == 'W' || end == 'V')
		raster_row(s, end);
	else if (end == 'M')
		s->method = s->value;
}

static void
star_command(struct pcl *s, uint8_t end)
{
	if (s->group == 'b') {
		raster_command(s, end);
	} else if (s->group == 'r' && end == 'A') {
		s->begun = true;
	} else if (s->group == 'c' && end == 'P') {
		mark(s);		/* a filled area */
	} else if (s->group == 'r' && end == 'U') {
		s->planes = s->negative ? -(int)(s->value % 9) :
		    (int)(s->value % 9);
	} else if (end == 'W') {
		payload(s, s->value);
		/* Image and raster data are described: more than one colour? */
		if ((s->group == 'v' || s->group == 'g') && s->left > 0)
			s->device_colour = true;
	}
}

static void
command(struct pcl *s, uint8_t end)
{
	if (end >= 'a' && end <= 'z')
		end = (uint8_t)(end - 'a' + 'A');
	s->left = 0;
	if (s->cls == '&' && s->group == 'l')
		job_command(s, end);
	else if (s->cls == '&' && s->group == 'a' && end == 'G')
		page_end_if_marked(s);
	else if (s->cls == '&' && s->group == 'p' && end == 'X') {
		payload(s, s->value);
		s->payload_marks = s->left > 0;
	} else if (s->cls == '*')
		star_command(s, end);
	else if (end == 'W')
		payload(s, s->value);
}

/* ---- the way in and out of escape sequences */

static void
value_begin(struct pcl *s)
{
	s->value = 0;
	s->negative = s->has_value = s->fraction = false;
	s->in = VALUE;
}

/* The last byte of a part: capital letters end the sequence. */
static void
part_end(struct pcl *s, uint8_t b)
{
	bool goes_on = b >= '`' && b <= '~';

	if (s->cls == '%' && b == 'B') {
		s->in = HPGL;
		s->hpgl[0] = 0;
		return;
	}
	command(s, b);
	if (s->left > 0) {
		s->in = PAYLOAD;
		s->first = goes_on;
		return;
	}
	value_begin(s);
	if (!goes_on)
		s->in = TEXT;
}

static void
in_value(struct pcl *s, uint8_t b)
{
	if (b >= '0' && b <= '9') {
		if (!s->fraction && s->value < PAYLOAD_MAX)
			s->value = s->value * 10 + (b - '0');
	} else if (b == '-') {
		s->negative = true;
	} else if (b == '.') {
		s->fraction = true;
	} else if (b >= '@' && b <= '~') {
		part_end(s, b);
	} else if (b == 0x1b) {
		s->in = ESC;
	} else if (b != '+' && b != ' ') {
		s->in = TEXT;
	}
}

static void
after_esc(struct pcl *s, uint8_t b)
{
	s->in = TEXT;
	if (b == 'E') {
		reset(s);
	} else if (b >= '!' && b <= '/') {
		s->cls = b;
		s->group = 0;
		s->in = GROUP;
	} else if (b == 0x1b) {
		s->in = ESC;
	}
}

static void
in_group(struct pcl *s, uint8_t b)
{
	value_begin(s);
	if (b >= '`' && b <= '~')
		s->group = b;
	else
		in_value(s, b);
}

/* ---- HP-GL/2 inside PCL */

static bool
draws(uint8_t a, uint8_t b)
{
	static const char *const all = "PDPELBAAARATCIEAERRARREWWGFPEPCPBZBR";

	for (const char *p = all; *p != '\0'; p += 2)
		if (p[0] == a && p[1] == b)
			return true;
	return false;
}

static void
in_hpgl(struct pcl *s, uint8_t b)
{
	if (b == 0x1b) {
		s->in = ESC;
		return;
	}
	if (b >= 'a' && b <= 'z')
		b = (uint8_t)(b - 'a' + 'A');
	if (b < 'A' || b > 'Z') {
		s->hpgl[0] = 0;
	} else if (s->hpgl[0] == 0) {
		s->hpgl[0] = b;
	} else {
		if (draws(s->hpgl[0], b))
			mark(s);
		if (s->hpgl[0] == 'L' && b == 'B')
			s->in = HPGL_LABEL;
		s->hpgl[0] = 0;
	}
}

static void
one_byte(struct pcl *s, uint8_t b)
{
	switch (s->in) {
	case TEXT:
		if (b == 0x1b)
			s->in = ESC;
		else if (b == '\f')
			page_end(s);
		else if (b > ' ')
			mark(s);
		break;
	case ESC:
		after_esc(s, b);
		break;
	case GROUP:
		in_group(s, b);
		break;
	case VALUE:
		in_value(s, b);
		break;
	case HPGL:
		in_hpgl(s, b);
		break;
	case HPGL_LABEL:
		if (b == 3 || b == 0x1b)
			s->in = b == 3 ? HPGL : ESC;
		break;
	case PAYLOAD:
		break;
	}
}

/* ---- payloads */

static bool
any_ink(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] != 0)
			return true;
	return false;
}

/* Skip what there is of a payload; returns the bytes used. */
static size_t
in_payload(struct pcl *s, const uint8_t *p, size_t n)
{
	size_t use = n < s->left ? n : s->left;

	if (s->payload_marks && !s->marks)
		s->marks = true;
	if (s->payload_ink && !s->colour && any_ink(p, use))
		s->colour = true;
	s->left -= (uint32_t)use;
	if (s->left == 0) {
		bool goes_on = s->first;

		value_begin(s);
		s->in = goes_on ? VALUE : TEXT;
	}
	return use;
}

static size_t
pcl_feed(void *state, const uint8_t *p, size_t n, bool *left)
{
	struct pcl *s = state;

	for (size_t i = 0; i < n;) {
		if (s->in == PAYLOAD) {
			i += in_payload(s, p + i, n - i);
			continue;
		}
		if (pdl_uel_step(&s->uel, p[i])) {
			*left = true;
			return i + 1;
		}
		one_byte(s, p[i++]);
	}
	return n;
}

static void
pcl_end(void *state)
{
	struct pcl *s = state;

	if (s->in == PAYLOAD && s->left > 0)
		pdl_bound(s->sink, "the data ends in the middle");
	page_end_if_marked(s);
}

const struct pdl_language pdl_pcl = {
	.name = "pcl", .state_bytes = sizeof(struct pcl), .sniff = pcl_sniff,
	.begin = pcl_begin, .feed = pcl_feed, .end = pcl_end
};
