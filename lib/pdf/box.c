/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/pdf/pdf_priv.h"

#include <math.h>

#define FAR 1e9		/* points: nothing is further out */
#define MM_MAX 10000000u

static double
within(double v)
{
	if (!(v > -FAR))
		return -FAR;
	return v < FAR ? v : FAR;
}

void
pdf_box_empty(struct pdf_box *b)
{
	*b = (struct pdf_box){ FAR, FAR, -FAR, -FAR };
}

void
pdf_box_point(struct pdf_box *b, double x, double y)
{
	x = within(x);
	y = within(y);
	b->x0 = fmin(b->x0, x);
	b->y0 = fmin(b->y0, y);
	b->x1 = fmax(b->x1, x);
	b->y1 = fmax(b->y1, y);
}

struct pdf_box
pdf_box_both(const struct pdf_box *a, const struct pdf_box *b)
{
	return (struct pdf_box){ fmax(a->x0, b->x0), fmax(a->y0, b->y0),
	    fmin(a->x1, b->x1), fmin(a->y1, b->y1) };
}

void
pdf_matrix_put(double to[6], const double m[6])
{
	double r[6] = {
		m[0] * to[0] + m[1] * to[2], m[0] * to[1] + m[1] * to[3],
		m[2] * to[0] + m[3] * to[2], m[2] * to[1] + m[3] * to[3],
		m[4] * to[0] + m[5] * to[2] + to[4],
		m[4] * to[1] + m[5] * to[3] + to[5]
	};

	for (int i = 0; i < 6; i++)
		to[i] = within(r[i]);
}

void
pdf_matrix_apply(const double m[6], double *x, double *y)
{
	double u = *x, v = *y;

	*x = within(m[0] * u + m[2] * v + m[4]);
	*y = within(m[1] * u + m[3] * v + m[5]);
}

struct pdf_box
pdf_box_through(const double m[6], const struct pdf_box *b)
{
	struct pdf_box out;

	pdf_box_empty(&out);
	for (int i = 0; i < 4; i++) {
		double x = (i & 1) != 0 ? b->x1 : b->x0;
		double y = (i & 2) != 0 ? b->y1 : b->y0;

		pdf_matrix_apply(m, &x, &y);
		pdf_box_point(&out, x, y);
	}
	return out;
}

/* ---- pages */

static bool
box_of(struct pdf_doc *d, qpdf_oh page, const char *key, struct pdf_box *out)
{
	double v[4];
	qpdf_oh oh;

	if (!pdf_inherited(d, page, key, &oh) ||
	    pdf_numbers(d, oh, v, 4) != 4)
		return false;
	pdf_box_empty(out);
	pdf_box_point(out, v[0], v[1]);
	pdf_box_point(out, v[2], v[3]);
	return out->x1 > out->x0 && out->y1 > out->y0;
}

static void
page_box(struct pdf_doc *d, struct pdf_page *p)
{
	struct pdf_box crop;

	if (!box_of(d, p->oh, "/MediaBox", &p->box))
		p->box = (struct pdf_box){ 0, 0, 612, 792 };
	p->whole = p->box;
	if (!box_of(d, p->oh, "/CropBox", &crop))
		return;
	crop = pdf_box_both(&crop, &p->box);
	if (crop.x1 > crop.x0 && crop.y1 > crop.y0)
		p->box = crop;
}

bool
pdf_page_load(struct pdf_doc *d, uint32_t n, struct pdf_page *p)
{
	qpdf_oh oh;

	*p = (struct pdf_page){ .unit = 1 };
	p->oh = qpdf_get_page_n(d->q, n);
	if (!qpdf_oh_is_dictionary(d->q, p->oh))
		return false;
	page_box(d, p);
	if (pdf_inherited(d, p->oh, "/Rotate", &oh)) {
		double r = fmod(within(pdf_number(d, oh, 0)), 360);

		p->rotate = (int)(r < 0 ? r + 360 : r) / 90 * 90;
	}
	if (pdf_has(d, p->oh, "/UserUnit", &oh)) {
		p->unit = pdf_number(d, oh, 1);
		if (!(p->unit > 0.001 && p->unit < 10000))
			p->unit = 1;
	}
	return true;
}

static uint32_t
hundredths(double points)
{
	double mm = points * 2540 / 72 + 0.5;

	return mm < 1 ? 1 : mm > MM_MAX ? MM_MAX : (uint32_t)mm;
}

void
pdf_page_media(const struct pdf_page *p, uint32_t *width, uint32_t *height)
{
	uint32_t w = hundredths((p->box.x1 - p->box.x0) * p->unit);
	uint32_t h = hundredths((p->box.y1 - p->box.y0) * p->unit);
	bool turned = p->rotate % 180 != 0;

	*width = turned ? h : w;
	*height = turned ? w : h;
}
