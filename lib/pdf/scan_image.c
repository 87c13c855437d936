/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Images in the content itself (ISO 32000-1 section 8.9.7). */
#include "lib/pdf/scan_priv.h"

#include <stdlib.h>
#include <string.h>

#define INLINE_MAX 5000u	/* looked at closely on one page */
#define DICT_MAX 65536u		/* bytes between BI and ID */

struct inline_image {
	bool mask, filtered, gray;
	double width, height, bits;
	const uint8_t *dict;		/* its text */
	size_t dict_len;
};

static bool
same(const struct pdf_token *t, const char *a, const char *b)
{
	return (t->n == strlen(a) && memcmp(t->s, a, t->n) == 0) ||
	    (t->n == strlen(b) && memcmp(t->s, b, t->n) == 0);
}

static void
take_value(struct inline_image *im, const struct pdf_token *key,
    const struct pdf_token *t)
{
	if (same(key, "IM", "ImageMask"))
		im->mask = same(t, "true", "true");
	else if (same(key, "W", "Width"))
		im->width = t->number;
	else if (same(key, "H", "Height"))
		im->height = t->number;
	else if (same(key, "BPC", "BitsPerComponent"))
		im->bits = t->number;
	else if (same(key, "F", "Filter"))
		im->filtered = true;
	else if (same(key, "CS", "ColorSpace"))
		im->gray = t->type == PDF_TOK_NAME &&
		    same(t, "G", "DeviceGray");
}

/* From BI to ID; false when there is no ID. */
static bool
take_dict(struct scan_frame *fr, struct inline_image *im)
{
	struct pdf_token t, key = { .type = PDF_TOK_END };
	int depth = 0;

	im->dict = fr->lex.p;
	for (;;) {
		pdf_lexer_next(&fr->lex, &t);
		if (t.type == PDF_TOK_END)
			return false;
		if (t.type == PDF_TOK_WORD && same(&t, "ID", "ID"))
			break;
		if (depth == 0 && key.type == PDF_TOK_NAME) {
			take_value(im, &key, &t);
			key.type = PDF_TOK_END;
		} else if (depth == 0) {
			key = t;
		}
		depth += t.type == PDF_TOK_ARRAY || t.type == PDF_TOK_DICT;
		depth -= t.type == PDF_TOK_ARRAY_END ||
		    t.type == PDF_TOK_DICT_END;
	}
	im->dict_len = (size_t)(t.s - im->dict);
	return true;
}

static const struct pdf_space *
space_of(struct scan *s, struct scan_frame *fr, const struct inline_image *im)
{
	qpdf_oh dict, cs;
	char *text;

	if (im->gray)
		return fr->device[0];
	if (s->inline_spaces++ >= INLINE_MAX)
		return &pdf_other;
	if (im->dict_len > DICT_MAX ||
	    memchr(im->dict, 0, im->dict_len) != NULL ||
	    (text = malloc(im->dict_len + 6)) == NULL)
		return &pdf_other;
	memcpy(text, "<< ", 3);
	memcpy(text + 3, im->dict, im->dict_len);
	memcpy(text + 3 + im->dict_len, ">>", 3);
	dict = qpdf_oh_parse(s->d->q, text);
	free(text);
	if (!qpdf_oh_is_dictionary(s->d->q, dict) ||
	    (!pdf_has(s->d, dict, "/CS", &cs) &&
	    !pdf_has(s->d, dict, "/ColorSpace", &cs)))
		return &pdf_other;
	return pdf_space_of(s->d, cs, fr->resources);
}

static size_t
pixels_of(const struct inline_image *im)
{
	if (!(im->width >= 1 && im->width <= 65536 && im->height >= 1 &&
	    im->height <= 65536))
		return 0;
	return (size_t)im->width * (size_t)im->height;
}

/* Bytes the data must have when it is stored as it is; 0 unknown. */
static size_t
size_of(const struct inline_image *im, const struct pdf_space *space)
{
	size_t bits = im->mask ? 1 : (size_t)(im->bits > 0 && im->bits <= 16 ?
	    im->bits : 0) * (size_t)(space->n > 0 ? space->n : 0);

	if (im->filtered || pixels_of(im) == 0)
		return 0;
	return ((size_t)im->width * bits + 7) / 8 * (size_t)im->height;
}

void
scan_inline_image(struct scan *s, struct scan_frame *fr)
{
	struct inline_image im = { 0 };
	const struct pdf_space *space = &pdf_gray;
	enum pdf_verdict v;
	const uint8_t *data;
	size_t n, size;

	if (!take_dict(fr, &im)) {
		s->odd = true;
		return;
	}
	if (!im.mask)
		space = space_of(s, fr, &im);
	size = size_of(&im, space);
	if (!pdf_lexer_image(&fr->lex, size, &data, &n))
		s->odd = true;
	if (im.mask)
		v = s->g->fill.v;
	else if (space->worst == PDF_MONO)
		v = PDF_MONO;
	else if (size > 0 && n >= size && im.bits == 8)
		v = pdf_pixels_look(data, pixels_of(&im), space);
	else
		v = PDF_MAYBE;
	if (im.mask && v == PDF_COLOUR)
		v = PDF_MAYBE;
	scan_paint_unit(s, v, s->g->clear_fill);
}
