/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Functions of one variable (ISO 32000-1 section 7.10): sampled, exponential,
 * stitched, and arrays of them.  PostScript calculators are left to the
 * renderer.
 */
#include "lib/pdf/pdf_priv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 4
#define PARTS_MAX 64
#define SAMPLES_MAX 65536

enum kind { SAMPLED = 0, EXPONENT = 2, STITCHED = 3, ARRAY = 100 };

struct pdf_fn {
	enum kind kind;
	int n;				/* results */
	double domain[2];
	double c0[PDF_FN_OUT], c1[PDF_FN_OUT], power;
	int parts;
	struct pdf_fn *part[PARTS_MAX];
	double bounds[PARTS_MAX], encode[2 * PARTS_MAX];
	long samples;
	int bits;
	double decode[2 * PDF_FN_OUT];
	struct pdf_bytes data;
};

static struct pdf_fn *fn_new(struct pdf_doc *d, qpdf_oh oh, int depth);

void
pdf_fn_free(struct pdf_fn **fp)
{
	struct pdf_fn *f = *fp;

	if (f == NULL)
		return;
	for (int i = 0; i < f->parts; i++)
		pdf_fn_free(&f->part[i]);
	free(f->data.p);
	free(f);
	*fp = NULL;
}

static bool
load_exponent(struct pdf_doc *d, qpdf_oh oh, struct pdf_fn *f)
{
	int n0 = pdf_numbers(d, pdf_entry(d, oh, "/C0"), f->c0, PDF_FN_OUT);
	int n1 = pdf_numbers(d, pdf_entry(d, oh, "/C1"), f->c1, PDF_FN_OUT);

	if (n0 == 0)
		n0 = 1;
	if (n1 == 0)
		f->c1[n1++] = 1;
	f->n = n0;
	f->power = pdf_number(d, pdf_entry(d, oh, "/N"), 1);
	return n0 == n1 && n0 <= PDF_FN_OUT;
}

static bool
load_parts(struct pdf_doc *d, qpdf_oh list, struct pdf_fn *f, int depth)
{
	int n = qpdf_oh_is_array(d->q, list) ?
	    qpdf_oh_get_array_n_items(d->q, list) : 0;

	if (n < 1 || n > PARTS_MAX)
		return false;
	for (; f->parts < n; f->parts++) {
		qpdf_oh one = qpdf_oh_get_array_item(d->q, list, f->parts);

		f->part[f->parts] = fn_new(d, one, depth + 1);
		if (f->part[f->parts] == NULL)
			return false;
	}
	return true;
}

static bool
load_stitched(struct pdf_doc *d, qpdf_oh oh, struct pdf_fn *f, int depth)
{
	if (!load_parts(d, pdf_entry(d, oh, "/Functions"), f, depth))
		return false;
	if (pdf_numbers(d, pdf_entry(d, oh, "/Bounds"), f->bounds,
	    PARTS_MAX) != f->parts - 1 ||
	    pdf_numbers(d, pdf_entry(d, oh, "/Encode"), f->encode,
	    2 * PARTS_MAX) < 2 * f->parts)
		return false;
	f->n = f->part[0]->n;
	for (int i = 1; i < f->parts; i++)
		if (f->part[i]->n != f->n)
			return false;
	return true;
}

static bool
load_sampled(struct pdf_doc *d, qpdf_oh oh, struct pdf_fn *f)
{
	double size[2], range[2 * PDF_FN_OUT];
	int n = pdf_numbers(d, pdf_entry(d, oh, "/Range"), range,
	    2 * PDF_FN_OUT);

	f->bits = pdf_integer(d, pdf_entry(d, oh, "/BitsPerSample"), 0);
	if (n < 2 || n > 2 * PDF_FN_OUT || (f->bits != 8 && f->bits != 16) ||
	    pdf_numbers(d, pdf_entry(d, oh, "/Size"), size, 2) != 1 ||
	    !(size[0] >= 1 && size[0] <= SAMPLES_MAX))
		return false;
	f->n = n / 2;
	f->samples = (long)size[0];
	memcpy(f->decode, range, sizeof range);
	(void)pdf_numbers(d, pdf_entry(d, oh, "/Decode"), f->decode,
	    2 * PDF_FN_OUT);
	return pdf_stream(d, oh, &f->data) && f->data.n >=
	    (size_t)f->samples * (size_t)f->n * (size_t)(f->bits / 8);
}

static bool
fn_load(struct pdf_doc *d, qpdf_oh oh, struct pdf_fn *f, int depth)
{
	if (qpdf_oh_is_array(d->q, oh)) {
		f->kind = ARRAY;
		if (!load_parts(d, oh, f, depth) || f->parts > PDF_FN_OUT)
			return false;
		f->n = f->parts;
		return true;
	}
	f->domain[1] = 1;
	(void)pdf_numbers(d, pdf_entry(d, oh, "/Domain"), f->domain, 2);
	f->kind = pdf_integer(d, pdf_entry(d, oh, "/FunctionType"), -1);
	switch (f->kind) {
	case SAMPLED:
		return load_sampled(d, oh, f);
	case EXPONENT:
		return load_exponent(d, oh, f);
	case STITCHED:
		return load_stitched(d, oh, f, depth);
	default:
		return false;
	}
}

static struct pdf_fn *
fn_new(struct pdf_doc *d, qpdf_oh oh, int depth)
{
	struct pdf_fn *f;

	if (depth > DEPTH_MAX || (f = calloc(1, sizeof *f)) == NULL)
		return NULL;
	if (!fn_load(d, oh, f, depth))
		pdf_fn_free(&f);
	return f;
}

struct pdf_fn *
pdf_fn_new(struct pdf_doc *d, qpdf_oh oh)
{
	return fn_new(d, oh, 0);
}

/* ---- evaluation */

static double
between(double v, double a, double b)
{
	if (!(v > a))
		return a;
	return v < b ? v : b;
}

static double
sample(const struct pdf_fn *f, long at, int i)
{
	size_t k = (size_t)at * (size_t)f->n + (size_t)i;
	double v = f->bits == 8 ? f->data.p[k] / 255.0 :
	    (f->data.p[2 * k] << 8 | f->data.p[2 * k + 1]) / 65535.0;

	return f->decode[2 * i] + v * (f->decode[2 * i + 1] -
	    f->decode[2 * i]);
}

static void
eval_sampled(const struct pdf_fn *f, double x, double *out)
{
	double span = f->domain[1] - f->domain[0];
	double e = span > 0 ? (x - f->domain[0]) / span *
	    (double)(f->samples - 1) : 0;
	long a = (long)between(e, 0, (double)(f->samples - 1));
	long b = a + 1 < f->samples ? a + 1 : a;

	for (int i = 0; i < f->n; i++) {
		double low = sample(f, a, i);

		out[i] = low + (e - (double)a) * (sample(f, b, i) - low);
	}
}

static int
eval_stitched(const struct pdf_fn *f, double x, double *out)
{
	int k = 0;
	double a, b, v;

	while (k < f->parts - 1 && x >= f->bounds[k])
		k++;
	a = k == 0 ? f->domain[0] : f->bounds[k - 1];
	b = k == f->parts - 1 ? f->domain[1] : f->bounds[k];
	v = b > a ? (x - a) / (b - a) : 0;
	v = f->encode[2 * k] + v * (f->encode[2 * k + 1] - f->encode[2 * k]);
	return pdf_fn_eval(f->part[k], v, out);
}

int
pdf_fn_eval(const struct pdf_fn *f, double x, double *out)
{
	double t[PDF_FN_OUT];

	if (f->kind != ARRAY)
		x = between(x, f->domain[0], f->domain[1]);
	switch (f->kind) {
	case EXPONENT:
		for (int i = 0; i < f->n; i++)
			out[i] = f->c0[i] + pow(x, f->power) *
			    (f->c1[i] - f->c0[i]);
		break;
	case SAMPLED:
		eval_sampled(f, x, out);
		break;
	case STITCHED:
		return eval_stitched(f, x, out);
	case ARRAY:
		for (int i = 0; i < f->n; i++) {
			(void)pdf_fn_eval(f->part[i], x, t);
			out[i] = t[0];
		}
		break;
	}
	return f->n;
}
