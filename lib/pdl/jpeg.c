/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* JPEG (ITU-T T.81): one page; its frame header says how many components. */
#include <string.h>

#include "lib/pdl/pdl_priv.h"

struct jpeg {
	struct pdl_sink *sink;
	enum { MARKER, LENGTH, SEGMENT, REST } in;
	bool ff;
	uint8_t code;
	uint8_t buf[16];
	unsigned have;
	uint32_t left;
	bool frame;
	unsigned components;
	uint32_t width, height, xdpi, ydpi;
};

static int
jpeg_sniff(const uint8_t *head, size_t n)
{
	return n >= 3 && head[0] == 0xff && head[1] == 0xd8 &&
	    head[2] == 0xff ? 100 : 0;
}

static void
jpeg_begin(void *state, struct pdl_sink *sink)
{
	struct jpeg *s = state;

	s->sink = sink;
	s->in = MARKER;
}

/* SOF0 to SOF15, but DHT, JPG and DAC. */
static bool
is_frame(uint8_t code)
{
	return code >= 0xc0 && code <= 0xcf && code != 0xc4 && code != 0xc8 &&
	    code != 0xcc;
}

static void
marker(struct jpeg *s, uint8_t b)
{
	if (!s->ff || b == 0xff) {
		s->ff = b == 0xff;
		return;
	}
	s->ff = false;
	s->code = b;
	s->have = 0;
	if (b == 0xd9 || b == 0xda)
		s->in = REST;		/* the picture itself */
	else if (b != 0 && b != 1 && !(b >= 0xd0 && b <= 0xd8))
		s->in = LENGTH;
}

static void
segment_end(struct jpeg *s)
{
	s->in = MARKER;
	if (is_frame(s->code) && s->have >= 6) {
		s->frame = true;
		s->height = pdl_be16(s->buf + 1);
		s->width = pdl_be16(s->buf + 3);
		s->components = s->buf[5];
	} else if (s->code == 0xe0 && s->have >= 12 &&
	    memcmp(s->buf, "JFIF", 5) == 0) {
		uint32_t per = s->buf[7] == 2 ? 254 : 100;

		/* Dots an inch, or a centimetre. */
		s->xdpi = pdl_be16(s->buf + 8) * per / 100;
		s->ydpi = pdl_be16(s->buf + 10) * per / 100;
		if (s->buf[7] == 0)
			s->xdpi = s->ydpi = 0;
	}
}

static size_t
segment(struct jpeg *s, const uint8_t *p, size_t n)
{
	size_t use = n < s->left ? n : s->left;

	for (size_t i = 0; i < use && s->have < sizeof s->buf; i++)
		s->buf[s->have++] = p[i];
	s->left -= (uint32_t)use;
	if (s->left == 0)
		segment_end(s);
	return use;
}

static void
length(struct jpeg *s, uint8_t b)
{
	s->buf[s->have++] = b;
	if (s->have < 2)
		return;
	s->left = pdl_be16(s->buf);
	s->left -= s->left >= 2 ? 2 : s->left;
	s->have = 0;
	s->in = SEGMENT;
	if (s->left == 0)
		segment_end(s);
}

static size_t
jpeg_feed(void *state, const uint8_t *p, size_t n, bool *left)
{
	struct jpeg *s = state;

	(void)left;
	for (size_t i = 0; i < n && s->in != REST;)
		if (s->in == MARKER)
			marker(s, p[i++]);
		else if (s->in == LENGTH)
			length(s, p[i++]);
		else
			i += segment(s, p + i, n - i);
	return n;
}

static void
jpeg_end(void *state)
{
	struct jpeg *s = state;
	struct pdl_side side = { .colour = s->components == 1 ? PDL_MONO :
	    PDL_MAYBE };

	if (!s->frame) {
		pdl_unknown(s->sink, false, "the picture is damaged");
		return;
	}
	if (s->xdpi > 0 && s->ydpi > 0) {
		side.width = pdl_hmm(s->width, s->xdpi);
		side.height = pdl_hmm(s->height, s->ydpi);
	}
	pdl_side(s->sink, &side);
	if (side.colour == PDL_MAYBE)
		pdl_more(s->sink);
}

const struct pdl_language pdl_jpeg = {
	.name = "jpeg", .state_bytes = sizeof(struct jpeg),
	.sniff = jpeg_sniff, .begin = jpeg_begin, .feed = jpeg_feed,
	.end = jpeg_end
};
