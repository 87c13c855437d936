/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * ESC/P-R of Epson's page printers and inkjets: packets "ESC class length
 * name data"; a page ends with the packet "endp".  How its pixels are packed
 * is not looked into, so colour is only a bound.
 */
#include <string.h>

#include "lib/pdl/pdl_priv.h"

static const char mark_bytes[] = "\033(R\006\0\0ESCPR";
#define MARK_BYTES 11u

struct escpr {
	struct pdl_sink *sink;
	enum { SEARCH, PACKET, DATA } in;
	unsigned matched;		/* of the mark */
	uint8_t head[10];		/* ESC, class, length, name */
	unsigned have;
	uint64_t left;
	bool page, mono;
	uint8_t data[8];		/* first bytes of the packet's data */
	unsigned ndata;
};

static int
escpr_sniff(const uint8_t *head, size_t n)
{
	if (n == 0 || (head[0] != 0x1b && head[0] != 0))
		return 0;
	for (size_t i = 0; i + MARK_BYTES <= n; i++)
		if (memcmp(head + i, mark_bytes, MARK_BYTES) == 0)
			return 100;
	return 0;
}

static void
escpr_begin(void *state, struct pdl_sink *sink)
{
	struct escpr *s = state;

	s->sink = sink;
}

static void
page(struct escpr *s)
{
	struct pdl_side side = { .colour = s->mono ? PDL_MONO : PDL_MAYBE };

	pdl_side(s->sink, &side);
	s->page = false;
}

static void
packet_end(struct escpr *s)
{
	const uint8_t *name = s->head + 6;

	/* setq: media, quality, colour (1 mono) ... */
	if (memcmp(name, "setq", 4) == 0 && s->ndata >= 3)
		s->mono = s->data[2] == 1;
	else if (memcmp(name, "sttp", 4) == 0)
		s->page = true;
	else if (memcmp(name, "endp", 4) == 0)
		page(s);
	s->in = PACKET;
	s->have = 0;
}

static void
packet_head(struct escpr *s, uint8_t b)
{
	s->head[s->have++] = b;
	/* Anything but a packet: back to where modes are chosen. */
	if ((s->have == 1 && b != 0x1b) || (s->have == 2 && (b < 'a' ||
	    b > 'z'))) {
		s->in = SEARCH;
		s->matched = s->have == 2 && b == '(' ? 2 : b == 0x1b;
		return;
	}
	if (s->have < sizeof s->head)
		return;
	s->left = pdl_le32(s->head + 2);
	s->ndata = 0;
	s->in = DATA;
	if (s->left == 0)
		packet_end(s);
}

static void
search(struct escpr *s, uint8_t b)
{
	if (b == (uint8_t)mark_bytes[s->matched])
		s->matched++;
	else
		s->matched = b == 0x1b;
	if (s->matched < MARK_BYTES)
		return;
	s->matched = 0;
	s->in = PACKET;
	s->have = 0;
}

static size_t
data(struct escpr *s, const uint8_t *p, size_t n)
{
	size_t use = n < s->left ? n : (size_t)s->left;

	for (size_t i = 0; i < use && s->ndata < sizeof s->data; i++)
		s->data[s->ndata++] = p[i];
	s->left -= use;
	if (s->left == 0)
		packet_end(s);
	return use;
}

static size_t
escpr_feed(void *state, const uint8_t *p, size_t n, bool *left)
{
	struct escpr *s = state;

	(void)left;
	for (size_t i = 0; i < n;)
		if (s->in == DATA)
			i += data(s, p + i, n - i);
		else if (s->in == PACKET)
			packet_head(s, p[i++]);
		else
			search(s, p[i++]);
	return n;
}

static void
escpr_end(void *state)
{
	struct escpr *s = state;

	if (s->page) {
		pdl_bound(s->sink, "the last page has no end");
		page(s);
	}
}

const struct pdl_language pdl_escpr = {
	.name = "escpr", .state_bytes = sizeof(struct escpr),
	.sniff = escpr_sniff, .begin = escpr_begin, .feed = escpr_feed,
	.end = escpr_end
};
