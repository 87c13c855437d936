/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * ESC/P, ESC/P 2 and ESC/P raster of matrix printers and inkjets: Epson,
 * ESC/P Reference Manual (1997).  A page ends with a form feed; dots come
 * with their length in front.
 */
#include <string.h>

#include "lib/pdl/pdl_priv.h"

struct escp {
	struct pdl_sink *sink;
	enum { TEXT, ESC, ARGS, DOTS, SKIP, TABS, REMOTE, REMOTE_LENGTH } in;
	struct pdl_uel uel;
	uint8_t cmd;			/* behind ESC */
	uint8_t group;			/* behind ESC ( */
	uint8_t args[8];
	unsigned have, want;
	uint64_t left;			/* bytes of dots or of skipped data */
	bool remote;			/* ESC ( R "REMOTE1" came */
	bool marks, colour;
	uint8_t ink;			/* ESC r, ESC ( r: not black */
	/* run-length coded dots (ESC . 1): lengths are in the data */
	uint64_t rle_left;
	uint8_t rle;
	enum { RLE_CODE, RLE_SAME, RLE_LITERAL } rle_in;
};

static int
escp_sniff(const uint8_t *head, size_t n)
{
	size_t i = 0;

	/* Inkjets are woken by a packet first; EJL may name another language. */
	while (i < n && head[i] == 0)
		i++;
	if (i + 13 < n && memcmp(head + i, "\033\001@EJL 1284", 11) == 0)
		return 85;
	if (i + 2 >= n || head[i] != 0x1b || head[i + 1] != '@')
		return 0;
	i += 2;
	return head[i] >= ' ' || head[i] == 0x1b || (head[i] >= 9 &&
	    head[i] <= 13) || head[i] == 0x18 ? 75 : 0;
}

static void
escp_begin(void *state, struct pdl_sink *sink)
{
	struct escp *s = state;

	s->sink = sink;
}

static void
page(struct escp *s)
{
	struct pdl_side side = { .colour = s->colour ? PDL_MAYBE :
	    PDL_MONO };

	pdl_side(s->sink, &side);
	s->marks = s->colour = false;
}

static void
mark(struct escp *s)
{
	s->marks = true;
	if (s->ink != 0)
		s->colour = true;
}

static void
skip(struct escp *s, uint64_t n)
{
	s->left = n;
	s->in = n > 0 ? SKIP : TEXT;
}

static void
dots(struct escp *s, uint64_t n)
{
	if (n > 0)
		mark(s);
	skip(s, n);
}

/* ---- how many bytes follow ESC x */

static unsigned
args_of(uint8_t cmd)
{
	static const char none[] = "0124567" "89<=>@EFGHMOPT" "\x0e\x0f\x0c";
	static const char two[] = "$\\?cef";	/* ? is IBM's; e, f of 9 pins */

	if (cmd != '\0' && strchr(none, cmd) != NULL)
		return 0;
	switch (cmd) {
	case '.':
		return 6;	/* c v h m nL nH */
	case 'i':
		return 7;	/* colour, coding, bits, bytes, lines */
	case '*':
		return 3;	/* m nL nH */
	case 'K':
	case 'L':
	case 'Y':
	case 'Z':
		return 2;	/* nL nH */
	case '^':
		return 3;
	case '(':
		return 3;	/* group nL nH */
	case 'X':
		return 3;
	case ':':
		return 3;
	case '&':
		return 3;
	case 'B':
	case 'D':
	case 'b':
		return 0;
	case 1:
		return 0;
	default:
		return cmd != '\0' && strchr(two, cmd) != NULL ? 2 : 1;
	}
}

/* Bytes of a column of ESC * m. */
static unsigned
column_of(uint8_t mode)
{
	return mode < 32 ? 1 : mode < 64 ? 3 : 6;
}

static void
raster(struct escp *s)			/* ESC . c v h m nL nH */
{
	uint64_t columns = s->args[4] | (uint64_t)s->args[5] << 8;
	uint64_t row = (columns + 7) / 8 * s->args[3];

	mark(s);
	if (s->args[0] == 1) {
		s->rle_left = row;
		s->rle_in = RLE_CODE;
		s->in = row > 0 ? DOTS : TEXT;
	} else if (s->args[0] == 0) {
		skip(s, row);
	} else {
		pdl_bound(s->sink, "its dots are coded in a way that is not "
		    "known");
		s->in = TEXT;
	}
}

static void
inkjet(struct escp *s)		/* ESC i colour coding bits nL nH mL mH */
{
	uint64_t row = (s->args[3] | (uint64_t)s->args[4] << 8) *
	    (s->args[5] | (uint64_t)s->args[6] << 8);

	s->marks = true;
	/* 0 is black, and so are its other shades. */
	if (s->args[0] != 0 && s->args[0] != 16 && s->args[0] != 48)
		s->colour = true;
	if (s->args[1] == 1) {
		s->rle_left = row;
		s->rle_in = RLE_CODE;
		s->in = row > 0 ? DOTS : TEXT;
	} else {
		skip(s, row);
	}
}

static void
extended(struct escp *s)		/* ESC ( X nL nH ... */
{
	s->group = s->args[0];
	skip(s, s->args[1] | (uint64_t)s->args[2] << 8);
	if (s->group == 'R' && s->in == SKIP)
		s->remote = true;
	if (s->group == '^' && s->in == SKIP)
		mark(s);
}

static void
args_done(struct escp *s)
{
	uint64_t n = s->args[0] | (uint64_t)s->args[1] << 8;

	s->in = TEXT;
	switch (s->cmd) {
	case '.':
		raster(s);
		break;
	case 'i':
		inkjet(s);
		break;
	case '*':
		dots(s, (s->args[1] | (uint64_t)s->args[2] << 8) *
		    column_of(s->args[0]));
		break;
	case 'K':
	case 'L':
	case 'Y':
	case 'Z':
		dots(s, n);
		break;
	case '^':
		dots(s, 2 * (s->args[1] | (uint64_t)s->args[2] << 8));
		break;
	case '(':
		extended(s);
		break;
	case 'r':
		s->ink = s->args[0];
		break;
	default:
		break;
	}
}

static void
after_esc(struct escp *s, uint8_t b)
{
	s->cmd = b;
	s->have = 0;
	s->want = args_of(b);
	s->in = TEXT;
	if (b == '@')
		s->ink = 0;
	if (b == 'B' || b == 'D')
		s->in = TABS;		/* up to a zero */
	else if (b == 1)
		skip(s, 25);		/* ESC 01 "@EJL ..." : a known packet */
	else if (s->want > 0)
		s->in = ARGS;
}

/* ---- remote mode: two letters, a length, data; ESC 0 0 0 ends it */

static void
remote(struct escp *s, uint8_t b)
{
	s->args[s->have++] = b;
	if (s->in == REMOTE && s->have == 2) {
		s->in = REMOTE_LENGTH;
	} else if (s->in == REMOTE_LENGTH && s->have == 4) {
		uint64_t n = s->args[2] | (uint64_t)s->args[3] << 8;

		s->remote = !(s->args[0] == 0x1b && s->args[1] == 0);
		s->have = 0;
		skip(s, s->remote ? n : 0);
		if (s->in == TEXT && s->remote)
			s->in = REMOTE;
	}
}

static void
skip_end(struct escp *s)
{
	s->in = s->remote ? REMOTE : TEXT;
	s->have = 0;
}

/* ---- run-length coded dots */

static void
rle(struct escp *s, uint8_t b)
{
	uint64_t n = 0;

	switch (s->rle_in) {
	case RLE_CODE:
		s->rle = b;
		s->rle_in = b > 128 ? RLE_SAME : RLE_LITERAL;
		s->left = (uint64_t)b + 1;
		if (b == 128)
			s->rle_in = RLE_CODE;	/* means nothing */
		return;
	case RLE_SAME:
		n = 257u - s->rle;
		s->rle_in = RLE_CODE;
		break;
	case RLE_LITERAL:
		n = 1;
		if (--s->left == 0)
			s->rle_in = RLE_CODE;
		break;
	}
	s->rle_left -= n < s->rle_left ? n : s->rle_left;
	if (s->rle_left == 0) {
		s->in = TEXT;
		s->left = 0;
	}
}

static void
one_byte(struct escp *s, uint8_t b)
{
	switch (s->in) {
	case TEXT:
		if (b == 0x1b)
			s->in = ESC;
		else if (b == '\f')
			page(s);
		else if (b > ' ' && b != 0x7f)
			mark(s);
		break;
	case ESC:
		after_esc(s, b);
		break;
	case ARGS:
		s->args[s->have++] = b;
		if (s->have == s->want)
			args_done(s);
		break;
	case DOTS:
		rle(s, b);
		break;
	case TABS:
		if (b == 0)
			s->in = TEXT;
		break;
	case REMOTE:
	case REMOTE_LENGTH:
		remote(s, b);
		break;
	case SKIP:
		break;
	}
}

static size_t
escp_feed(void *state, const uint8_t *p, size_t n, bool *left)
{
	struct escp *s = state;

	for (size_t i = 0; i < n;) {
		if (s->in == SKIP) {
			size_t use = n - i < s->left ? n - i :
			    (size_t)s->left;

			s->left -= use;
			i += use;
			if (s->left == 0)
				skip_end(s);
			continue;
		}
		if ((s->in == TEXT || s->in == ESC || s->uel.matched > 0) &&
		    pdl_uel_step(&s->uel, p[i])) {
			*left = true;
			return i + 1;
		}
		one_byte(s, p[i++]);
	}
	return n;
}

static void
escp_end(void *state)
{
	struct escp *s = state;

	if (s->marks)
		page(s);
}

const struct pdl_language pdl_escp = {
	.name = "escp", .state_bytes = sizeof(struct escp),
	.sniff = escp_sniff, .begin = escp_begin, .feed = escp_feed,
	.end = escp_end
};
