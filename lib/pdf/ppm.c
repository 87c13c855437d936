/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/pdf/pdf_priv.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define PIXELS_MAX 200000000u	/* of one page */
#define STEP 10			/* of 255: more is a colour */

struct ppm {
	int fd;
	size_t at, len;
	uint8_t buf[65536];
};

/* The next byte; -1 at the end. */
static int
next(struct ppm *r)
{
	if (r->at == r->len) {
		ssize_t n;

		do {
			n = read(r->fd, r->buf, sizeof r->buf);
		} while (n < 0 && errno == EINTR);
		r->at = 0;
		r->len = n > 0 ? (size_t)n : 0;
		if (n <= 0)
			return -1;
	}
	return r->buf[r->at++];
}

static bool
is_space(int c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* A number of the header; the one byte of space behind it is taken. */
static bool
number(struct ppm *r, uint32_t *out)
{
	uint32_t v = 0;
	int c = next(r), digits = 0;

	while (is_space(c) || c == '#') {
		if (c == '#')
			while (c >= 0 && c != '\n')
				c = next(r);
		c = next(r);
	}
	for (; c >= '0' && c <= '9' && digits < 9; c = next(r), digits++)
		v = v * 10 + (uint32_t)(c - '0');
	*out = v;
	return digits > 0 && is_space(c);
}

static void
pixel(struct pdf_pixels *px, const uint8_t *p)
{
	unsigned high = p[0] > p[1] ? p[0] : p[1];
	unsigned low = p[0] < p[1] ? p[0] : p[1];

	high = p[2] > high ? p[2] : high;
	low = p[2] < low ? p[2] : low;
	if (high == 255 && low == 255)
		return;
	px->coloured += high - low > STEP;
	px->ink[0] += high - p[0];
	px->ink[1] += high - p[1];
	px->ink[2] += high - p[2];
	px->ink[3] += 255 - high;
}

static bool
pixels(struct ppm *r, struct pdf_pixels *px)
{
	size_t left = (size_t)px->width * px->height;

	while (left > 0) {
		uint8_t p[3];

		while (left > 0 && r->len - r->at >= 3) {
			pixel(px, r->buf + r->at);
			r->at += 3;
			left--;
		}
		if (left == 0)
			break;
		for (int i = 0; i < 3; i++) {
			int c = next(r);

			if (c < 0)
				return false;
			p[i] = (uint8_t)c;
		}
		pixel(px, p);
		left--;
	}
	return true;
}

uint32_t
pdf_ppm_read(int fd, pdf_pixels_cb cb, void *ctx, bool *whole)
{
	struct ppm r = { .fd = fd };
	uint32_t pages = 0;
	int c;

	*whole = false;
	while ((c = next(&r)) == 'P') {
		struct pdf_pixels px = { 0 };
		uint32_t max;

		if (next(&r) != '6' || !number(&r, &px.width) ||
		    !number(&r, &px.height) || !number(&r, &max) ||
		    max != 255 || px.width == 0 || px.height == 0 ||
		    (uint64_t)px.width * px.height > PIXELS_MAX ||
		    !pixels(&r, &px))
			return pages;
		pages++;
		cb(ctx, &px);
		if (pages == REL_FACTS_PAGES_MAX)
			return pages;
	}
	*whole = c < 0;
	return pages;
}
