/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * How fast documents in printers' languages are counted: count FORM [MB].
 * FORM is pcl (rows as a driver makes them), pwg-gray, pwg-white (RGB without
 * colour, so that every pixel is looked at) or cups (not packed).  The peer
 * is one memchr() over the same bytes, the least anyone can do who reads them.
 * Prints bytes a second of both, in MB.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/pdl/pdl.h"
#include "tests/bench/bench.h"

#define PIECE 65536u
#define ROWS 3300u

static uint8_t *doc;
static size_t len, room;

static void
put(const void *p, size_t n)
{
	if (len + n > room)
		return;
	memcpy(doc + len, p, n);
	len += n;
}

/* Bytes that look like a picture: no two rows the same, no ESC missing. */
static void
noise(uint8_t *p, size_t n)
{
	static uint32_t x = 1;

	for (size_t i = 0; i < n; i++) {
		x = x * 1664525u + 1013904223u;
		p[i] = (uint8_t)(x >> 24);
	}
}

/* ---- PCL: A4 at 300 dpi in black, a packed row of 60 to 250 bytes */

static void
pcl_page(const uint8_t *pool, size_t pool_bytes)
{
	char head[32];
	size_t at = 0;

	put("\033E\033&l26A\033*t300R\033*r0A\033*b2M", 25);
	for (unsigned i = 0; i < ROWS; i++) {
		size_t n = 60 + i * 37 % 190;
		int h = snprintf(head, sizeof head, "\033*b%zuW", n);

		put(head, (size_t)h);
		put(pool + at, n);
		at = (at + n) % (pool_bytes - 256);
	}
	put("\033*rB\f", 5);
}

/* ---- PWG and CUPS raster */

static void
be32(uint8_t *p, uint32_t v)
{
	for (int i = 3; i >= 0; i--, v >>= 8)
		p[i] = (uint8_t)v;
}

static void
raster_head(uint32_t width, uint32_t bits, uint32_t space)
{
	uint8_t h[1796] = "PwgRaster";

	be32(h + 276, 300);
	be32(h + 280, 300);
	be32(h + 352, 595);
	be32(h + 356, 842);
	be32(h + 372, width);
	be32(h + 376, ROWS);
	be32(h + 384, 8);
	be32(h + 388, bits);
	be32(h + 392, width * bits / 8);
	be32(h + 400, space);
	put(h, sizeof h);
}

/* A line of literal runs of 128 pixels and runs of one pixel between. */
static void
packed_line(const uint8_t *pool, uint32_t width, uint32_t bytes, bool gray3)
{
	uint8_t line[128 * 3 + 1];

	put("", 1);
	for (uint32_t x = 0; x < width;) {
		uint32_t n = width - x < 128 ? width - x : 128;

		line[0] = (uint8_t)(n == 1 ? 0 : 257 - n);
		for (uint32_t i = 0; i < n; i++)
			for (uint32_t c = 0; c < bytes; c++)
				line[1 + i * bytes + c] = gray3 ?
				    pool[x + i] : pool[(x + i) * bytes + c];
		put(line, 1 + n * bytes);
		x += n;
	}
}

static void
pwg_page(const uint8_t *pool, uint32_t bytes)
{
	uint32_t width = 2480;

	raster_head(width, 8 * bytes, bytes == 1 ? 18 : 19);
	for (unsigned i = 0; i < ROWS; i++)
		packed_line(pool + i * 7 % 4096, width, bytes, true);
}

static void
cups_page(const uint8_t *pool)
{
	static uint8_t line[2480 * 3];

	raster_head(2480, 24, 1);
	for (unsigned i = 0; i < ROWS; i++) {
		for (size_t x = 0; x < sizeof line; x++)
			line[x] = pool[i * 7 % 4096 + x / 3];
		put(line, sizeof line);
	}
}

static bool
make(const char *form)
{
	static uint8_t pool[65536];
	size_t before = 1;

	noise(pool, sizeof pool);
	if (strncmp(form, "pwg", 3) == 0)
		put("RaS2", 4);
	else if (strcmp(form, "cups") == 0)
		put("RaS3", 4);
	while (len > 0 ? before != len && len + (64u << 20) / 2 < room :
	    before == 1) {
		before = len;
		if (strcmp(form, "pcl") == 0)
			pcl_page(pool, sizeof pool);
		else if (strcmp(form, "pwg-gray") == 0)
			pwg_page(pool, 1);
		else if (strcmp(form, "pwg-white") == 0)
			pwg_page(pool, 3);
		else if (strcmp(form, "cups") == 0)
			cups_page(pool);
		else
			return false;
	}
	return true;
}

/* ---- measuring */

static uint32_t
count(void)
{
	struct rel_pdl *p = rel_pdl_new();
	struct rel_facts f;

	if (p == NULL)
		bench_die("no memory");
	for (size_t i = 0; i < len; i += PIECE)
		rel_pdl_feed(p, doc + i, len - i < PIECE ? len - i : PIECE);
	rel_pdl_end(p, &f);
	rel_pdl_free(&p);
	if (f.pages_sure != REL_SURE_EXACT)
		bench_die(f.reason);
	return f.sides;
}

/* Every piece is looked through to its end for what is not in it. */
static uint32_t
peer(void)
{
	uint32_t found = 0;

	for (size_t i = 0; i < len; i += PIECE) {
		size_t n = len - i < PIECE ? len - i : PIECE;
		const uint8_t *p = doc + i, *end = p + n;

		while (p < end && (p = memchr(p, 0x1b, (size_t)(end - p))) !=
		    NULL) {
			found++;
			p++;
		}
	}
	return found;
}

static double
best(uint32_t (*what)(void), uint32_t *result)
{
	double most = 0;

	for (int i = 0; i < 5; i++) {
		int64_t t = bench_ns();
		double mb;

		*result = what();
		mb = (double)len * 1000.0 / (double)(bench_ns() - t);
		most = mb > most ? mb : most;
	}
	return most;
}

int
main(int argc, char **argv)
{
	uint32_t pages, found;
	double ours, theirs;

	room = (size_t)(argc > 2 ? atoi(argv[2]) : 256) << 20;
	if (argc < 2 || room == 0 || (doc = malloc(room)) == NULL ||
	    !make(argv[1])) {
		fprintf(stderr, "usage: count pcl|pwg-gray|pwg-white|cups "
		    "[MB]\n");
		return 2;
	}
	ours = best(count, &pages);
	theirs = best(peer, &found);
	printf("%.0f %.0f %u %zu\n", ours, theirs, pages, len);
	free(doc);
	return 0;
}
