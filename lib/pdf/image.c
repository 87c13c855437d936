/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/pdf/pdf_priv.h"

#include <stdlib.h>

#define DECODE_MAX (2u << 20)	/* bytes of pixels that are decoded to know */
#define SIDE_MAX 100000

#define STEP_GRAY 8		/* of 255: a pixel that is as good as gray */
#define STEP_COLOUR 40		/* nobody takes this for gray */

/* Distance of the components of one pixel; CMYK as light. */
static unsigned
spread(const uint8_t *p, int n)
{
	unsigned low = p[0], high = p[0];

	for (int i = 1; i < 3; i++) {
		low = p[i] < low ? p[i] : low;
		high = p[i] > high ? p[i] : high;
	}
	if (n == 4)	/* equal inks are not surely gray, but for none */
		return high == 0 ? 0 : (high - low) * (255u - p[3]) / 255 + 9;
	return high - low;
}

static enum pdf_verdict
by_count(size_t pixels, size_t odd, size_t strong)
{
	if (odd == 0)
		return PDF_MONO;
	return strong >= 16 && strong >= pixels / 100 ? PDF_COLOUR :
	    PDF_MAYBE;
}

enum pdf_verdict
pdf_pixels_look(const uint8_t *p, size_t pixels, const struct pdf_space *s)
{
	size_t odd = 0, strong = 0;

	if (s->kind == PDF_TABLE && s->indexed) {
		for (size_t i = 0; i < pixels; i++) {
			odd += s->table[p[i]] != PDF_MONO;
			strong += s->table[p[i]] == PDF_COLOUR;
		}
		return by_count(pixels, odd, strong);
	}
	if (s->kind != PDF_RGB && s->kind != PDF_CMYK)
		return s->worst == PDF_MONO ? PDF_MONO : PDF_MAYBE;
	for (size_t i = 0; i < pixels; i++) {
		unsigned d = spread(p + i * (size_t)s->n, s->n);

		odd += d > STEP_GRAY;
		strong += d > STEP_COLOUR + 9;
	}
	return by_count(pixels, odd, strong);
}

/* Is it stored as bytes we can have without a picture decoder? */
static bool
plain_filters(struct pdf_doc *d, qpdf_oh image)
{
	qpdf_oh f = pdf_entry(d, image, "/Filter");
	int n = 1;

	if (qpdf_oh_is_null(d->q, f))
		return true;
	if (qpdf_oh_is_array(d->q, f))
		n = qpdf_oh_get_array_n_items(d->q, f);
	for (int i = 0; i < n && i < 8; i++) {
		qpdf_oh one = qpdf_oh_is_array(d->q, f) ?
		    qpdf_oh_get_array_item(d->q, f, i) : f;

		if (!pdf_is_name(d, one, "/FlateDecode") &&
		    !pdf_is_name(d, one, "/LZWDecode") &&
		    !pdf_is_name(d, one, "/RunLengthDecode") &&
		    !pdf_is_name(d, one, "/ASCII85Decode") &&
		    !pdf_is_name(d, one, "/ASCIIHexDecode"))
			return false;
	}
	return true;
}

static bool
is_jpx(struct pdf_doc *d, qpdf_oh image)
{
	qpdf_oh f = pdf_entry(d, image, "/Filter");

	if (qpdf_oh_is_array(d->q, f))
		f = qpdf_oh_get_array_item(d->q, f,
		    qpdf_oh_get_array_n_items(d->q, f) - 1);
	return pdf_is_name(d, f, "/JPXDecode");
}

static enum pdf_verdict
decode(struct pdf_doc *d, qpdf_oh image, const struct pdf_space *s)
{
	double w = pdf_number(d, pdf_entry(d, image, "/Width"), 0);
	double h = pdf_number(d, pdf_entry(d, image, "/Height"), 0);
	double bits = pdf_number(d, pdf_entry(d, image, "/BitsPerComponent"),
	    0);
	enum pdf_verdict v = PDF_MAYBE;
	struct pdf_bytes data;
	qpdf_oh map;
	size_t pixels;

	if (!(w >= 1 && w <= SIDE_MAX && h >= 1 && h <= SIDE_MAX) ||
	    bits != 8 || s->n < 1 || w * h * s->n > DECODE_MAX ||
	    pdf_has(d, image, "/Decode", &map) || !plain_filters(d, image) ||
	    !pdf_stream(d, image, &data))
		return PDF_MAYBE;
	pixels = (size_t)w * (size_t)h;
	if (data.n >= pixels * (size_t)s->n)
		v = pdf_pixels_look(data.p, pixels, s);
	free(data.p);
	return v;
}

enum pdf_verdict
pdf_image_look(struct pdf_doc *d, qpdf_oh image, qpdf_oh resources)
{
	uint64_t key = pdf_key(d, image, PDF_KNOWN_IMAGE), known;
	const struct pdf_space *s;
	enum pdf_verdict v;
	qpdf_oh cs;

	if (pdf_map_get(&d->known, key, &known))
		return (enum pdf_verdict)known;
	if (!pdf_has(d, image, "/ColorSpace", &cs) || is_jpx(d, image)) {
		v = PDF_MAYBE;
	} else {
		s = pdf_space_of(d, cs, resources);
		v = s->kind == PDF_NOTHING || s->worst == PDF_MONO ?
		    PDF_MONO : decode(d, image, s);
	}
	/* Its colours may lie where it is transparent. */
	if (v == PDF_COLOUR && (pdf_has(d, image, "/SMask", &cs) ||
	    pdf_has(d, image, "/Mask", &cs)))
		v = PDF_MAYBE;
	pdf_map_put(&d->known, key, (uint64_t)v);
	return v;
}
