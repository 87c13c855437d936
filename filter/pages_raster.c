/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * PWG raster (PWG 5102.4) on descriptor 0 as the device takes it: as Apple
 * raster, with the backs of sheets as they must lie for it.  libcups reads and
 * writes both.
 */
#include <stdlib.h>
#include <string.h>

#include <cups/raster.h>

#include "filter/pages.h"

#define PAGE_MAX (768u << 20)	/* bytes of one page that is turned */

/* PWG 5102.4 section 4.3.1.19: where x and y run backwards on backs. */
static const struct {
	const char *name;
	bool long_x, long_y, short_x, short_y;
} backs[] = {
	{ "normal", false, false, false, false },
	{ "flipped", false, true, true, false },
	{ "rotated", true, true, false, false },
	{ "manual-tumble", false, false, true, true }
};

static bool
turn_of(const char *back, const cups_page_header2_t *h, bool *x, bool *y)
{
	for (size_t i = 0; i < sizeof backs / sizeof backs[0]; i++)
		if (strcmp(back, backs[i].name) == 0) {
			*x = h->Tumble ? backs[i].short_x : backs[i].long_x;
			*y = h->Tumble ? backs[i].short_y : backs[i].long_y;
			return true;
		}
	return false;
}

/* The pixels of a line from right to left. */
static void
mirror(uint8_t *line, size_t bytes, size_t pixel)
{
	uint8_t kept[16];

	for (size_t a = 0, b = bytes - pixel; a < b; a += pixel, b -= pixel) {
		memcpy(kept, line + a, pixel);
		memcpy(line + a, line + b, pixel);
		memcpy(line + b, kept, pixel);
	}
}

/* ---- a page */

static int
page_straight(cups_raster_t *in, cups_raster_t *out,
    const cups_page_header2_t *h, uint8_t *line)
{
	for (unsigned y = 0; y < h->cupsHeight; y++)
		if (cupsRasterReadPixels(in, line, h->cupsBytesPerLine) !=
		    h->cupsBytesPerLine ||
		    cupsRasterWritePixels(out, line, h->cupsBytesPerLine) !=
		    h->cupsBytesPerLine)
			return -REL_E_FORMAT;
	return 0;
}

static int
page_turned(cups_raster_t *in, cups_raster_t *out,
    const cups_page_header2_t *h, bool turn_x, bool turn_y)
{
	size_t bytes = h->cupsBytesPerLine, pixel = h->cupsBitsPerPixel / 8;
	uint64_t all = (uint64_t)bytes * h->cupsHeight;
	uint8_t *page = all > 0 && all <= PAGE_MAX ? malloc((size_t)all) :
	    NULL;
	int rc = page != NULL ? 0 : -REL_E_NOMEM;

	for (unsigned y = 0; y < h->cupsHeight && rc == 0; y++)
		if (cupsRasterReadPixels(in, page + y * bytes,
		    (unsigned)bytes) != bytes)
			rc = -REL_E_FORMAT;
	for (unsigned y = 0; y < h->cupsHeight && rc == 0; y++) {
		uint8_t *line = page + (turn_y ? h->cupsHeight - 1 - y : y) *
		    bytes;

		if (turn_x)
			mirror(line, bytes / pixel * pixel, pixel);
		if (cupsRasterWritePixels(out, line, (unsigned)bytes) !=
		    bytes)
			rc = -REL_E_IO;
	}
	free(page);
	return rc;
}

/* Only what can be turned in whole bytes; no line longer than memory. */
static bool
header_ok(const cups_page_header2_t *h)
{
	return h->cupsHeight > 0 && h->cupsWidth > 0 &&
	    h->cupsBytesPerLine > 0 && h->cupsBytesPerLine < (1u << 24) &&
	    h->cupsColorOrder == CUPS_ORDER_CHUNKED &&
	    (h->cupsBitsPerPixel == 8 || h->cupsBitsPerPixel == 16 ||
	    h->cupsBitsPerPixel == 24 || h->cupsBitsPerPixel == 32 ||
	    h->cupsBitsPerPixel == 48) &&
	    h->cupsBytesPerLine == (uint64_t)h->cupsWidth *
	    h->cupsBitsPerPixel / 8;
}

static int
page(cups_raster_t *in, cups_raster_t *out, cups_page_header2_t *h,
    const char *back, unsigned number)
{
	bool turn_x = false, turn_y = false;
	uint8_t *line;
	int rc;

	if (!header_ok(h))
		return -REL_E_FORMAT;
	if (h->Duplex && number % 2 == 0 &&
	    !turn_of(back, h, &turn_x, &turn_y))
		return -REL_E_FORMAT;
	/* PWG 5102.4: CrossFeedTransform and FeedTransform. */
	h->cupsInteger[1] = turn_x ? (unsigned)-1 : 1;
	h->cupsInteger[2] = turn_y ? (unsigned)-1 : 1;
	if (!cupsRasterWriteHeader2(out, h))
		return -REL_E_IO;
	if (turn_x || turn_y)
		return page_turned(in, out, h, turn_x, turn_y);
	if ((line = malloc(h->cupsBytesPerLine)) == NULL)
		return -REL_E_NOMEM;
	rc = page_straight(in, out, h, line);
	free(line);
	return rc;
}

int
pages_raster(int in_fd, int out_fd, bool urf, const char *back,
    struct rel_err *err)
{
	cups_raster_t *in = cupsRasterOpen(in_fd, CUPS_RASTER_READ);
	cups_raster_t *out = cupsRasterOpen(out_fd, urf ?
	    CUPS_RASTER_WRITE_APPLE : CUPS_RASTER_WRITE_PWG);
	cups_page_header2_t h;
	unsigned n = 0;
	int rc = in != NULL && out != NULL ? 0 : -REL_E_FORMAT;

	while (rc == 0 && cupsRasterReadHeader2(in, &h))
		rc = page(in, out, &h, back, ++n);
	if (rc == 0 && n == 0)
		rc = -REL_E_FORMAT;
	if (in != NULL)
		cupsRasterClose(in);
	if (out != NULL)
		cupsRasterClose(out);
	return rc == 0 ? 0 : rel_err_set(err, -rc, rc == -REL_E_NOMEM ?
	    "page %u is too large to be turned" : rc == -REL_E_IO ?
	    "page %u cannot be written" : "page %u is no raster that can be "
	    "worked on", n);
}
