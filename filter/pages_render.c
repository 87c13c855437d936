/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Pages and colour of what only a renderer understands. */
#include <string.h>
#include <unistd.h>

#include "filter/pages.h"
#include "lib/buf.h"
#include "lib/compat.h"
#include "lib/pdf/pdf_priv.h"
#include "lib/text.h"

#define HEAD 65536u		/* bytes in which PostScript has to begin */
#define PIECE 65536u
#define DEADLINE_MS 60000

static const char uel[] = "\033%-12345X";

/* ---- PostScript */

/* Where the language begins and ends within its wrapping. */
static void
inner(int fd, off_t *begin, off_t *end)
{
	static char buf[HEAD];
	ssize_t n = pread(fd, buf, sizeof buf, 0);
	const char *p = n > 0 ? memmem(buf, (size_t)n, "%!", 2) : NULL;
	off_t size = lseek(fd, 0, SEEK_END);

	*begin = p != NULL ? p - buf : 0;
	*end = size;
	n = size > 256 ? 256 : (ssize_t)size;
	if (*begin > 0 && pread(fd, buf, (size_t)n, size - n) == n &&
	    (p = memmem(buf, (size_t)n, uel, sizeof uel - 1)) != NULL)
		*end = size - n + (p - buf);
}

static bool
append(int out, int fd, off_t begin, off_t end)
{
	static uint8_t buf[PIECE];

	while (begin < end) {
		size_t want = end - begin < (off_t)sizeof buf ?
		    (size_t)(end - begin) : sizeof buf;
		ssize_t n = pread(fd, buf, want, begin);

		if (n <= 0 || write(out, buf, (size_t)n) != n)
			return false;
		begin += n;
	}
	return true;
}

/* The bytes between as a file of their own; -1 when that cannot be. */
static int
cut(int fd, off_t begin, off_t end)
{
	int out = rel_compat_memfile();

	if (out >= 0 && !append(out, fd, begin, end)) {
		close(out);
		return -1;
	}
	return out;
}

/* What was rendered, with the copies and sides the document says. */
static void
take(struct rel_facts *f, const struct rel_facts *seen)
{
	uint32_t copies = f->copies > 0 ? f->copies : 1;
	uint8_t duplex = f->duplex;
	struct rel_application app = f->app;
	char language[sizeof f->language];

	memcpy(language, f->language, sizeof language);
	*f = *seen;
	f->app = app;
	memcpy(f->language, language, sizeof language);
	f->copies = copies;
	f->duplex = duplex;
	if (duplex > REL_DUPLEX_NONE)
		f->sheets = f->sides / 2 + f->sides % 2;
	f->impressions = f->sides * copies;
}

static bool
render(int fd, enum pdf_renderer by, const struct rel_pdf_how *how,
    struct rel_facts *f)
{
	struct pdf_render r = { .fd = fd, .by = by, .deadline = rel_mono_ms() +
	    (how->deadline_ms > 0 ? how->deadline_ms : DEADLINE_MS) };
	struct rel_facts seen;

	rel_facts_init(&seen);
	if (!pdf_facts_by_render(&r, how->coverage, &seen, NULL))
		return false;
	take(f, &seen);
	return true;
}

void
pages_postscript(int fd, const struct rel_pdf_how *how, struct rel_facts *f)
{
	off_t begin, end;
	int doc = fd;

	inner(fd, &begin, &end);
	if (begin > 0 && (doc = cut(fd, begin, end)) < 0)
		return;
	(void)render(doc, PDF_BY_GS, how, f);
	if (doc != fd)
		close(doc);
}

/* ---- JPEG */

struct jpeg {
	unsigned width, height, parts;
};

/* The frame header of a JPEG (ITU T.81 annex B). */
static bool
jpeg_head(int fd, struct jpeg *j)
{
	uint8_t b[10];
	off_t at = 2;

	for (int i = 0; i < 1000; i++) {
		if (pread(fd, b, sizeof b, at) != (ssize_t)sizeof b ||
		    b[0] != 0xff)
			return false;
		if (b[1] == 0xff) {
			at++;
			continue;
		}
		if (b[1] >= 0xc0 && b[1] <= 0xcf && b[1] != 0xc4 &&
		    b[1] != 0xc8 && b[1] != 0xcc) {
			j->height = (unsigned)b[5] << 8 | b[6];
			j->width = (unsigned)b[7] << 8 | b[8];
			j->parts = b[9];
			return j->height > 0 && j->width > 0;
		}
		at += 2 + ((off_t)b[2] << 8 | b[3]);
	}
	return false;
}

static const char *
jpeg_space(const struct jpeg *j)
{
	return j->parts == 1 ? "Gray" : j->parts == 4 ? "CMYK" : "RGB";
}

/* A PDF around it, 144 points wide at most: its colours are the same. */
static bool
wrap(int out, int fd, const struct jpeg *j, off_t bytes)
{
	struct rel_buf b;
	bool ok;
	unsigned long image;
	unsigned w = 144, h = 144;

	if (j->width > j->height)
		h = j->height * 144 / j->width + 1;
	else
		w = j->width * 144 / j->height + 1;
	rel_buf_init(&b);
	rel_put_fmt(&b, "%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>"
	    "endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
	    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 %u %u]/Contents "
	    "5 0 R/Resources<</XObject<</I 4 0 R>>>>>>endobj\n"
	    "5 0 obj<</Length 40>>stream\n%3u 0 0 %3u 0 0 cm /I Do%15s\n"
	    "endstream endobj\n4 0 obj<</Type/XObject/Subtype/Image/Width %u"
	    "/Height %u/BitsPerComponent 8/ColorSpace/Device%s%s/Filter"
	    "/DCTDecode/Length %lld>>stream\n", w, h, w, h, "", j->width,
	    j->height, jpeg_space(j),
	    j->parts == 4 ? "/Decode[1 0 1 0 1 0 1 0]" : "",
	    (long long)bytes);
	image = b.len + (unsigned long)bytes;
	ok = b.failed == 0 && write(out, b.data, b.len) == (ssize_t)b.len &&
	    append(out, fd, 0, bytes);
	rel_buf_reset(&b);
	rel_put_fmt(&b, "\nendstream endobj\ntrailer<</Root 1 0 R/Size 6>>\n"
	    "startxref\n%lu\n%%%%EOF\n", image);
	ok = ok && b.failed == 0 &&
	    write(out, b.data, b.len) == (ssize_t)b.len;
	rel_buf_fini(&b);
	return ok;
}

/* Only its colour is asked: the paper is what the queue makes of it. */
void
pages_jpeg(int fd, const struct rel_pdf_how *how, struct rel_facts *f)
{
	off_t bytes = lseek(fd, 0, SEEK_END);
	struct rel_facts seen = *f;
	struct jpeg j;
	int out;

	if (bytes <= 0 || !jpeg_head(fd, &j) ||
	    (out = rel_compat_memfile()) < 0)
		return;
	if (wrap(out, fd, &j, bytes) && render(out, PDF_BY_POPPLER, how,
	    &seen) && seen.sides == 1) {
		f->colour_sides = seen.colour_sides;
		f->colour_sure = REL_SURE_EXACT;
		memcpy(f->colour_pages, seen.colour_pages,
		    sizeof f->colour_pages);
		memcpy(f->coverage, seen.coverage, sizeof f->coverage);
		f->more = false;
	}
	close(out);
}
