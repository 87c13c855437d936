/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/pdf/pdf_priv.h"

#define STEPS 64

/*
 * Gray when all its colours are; else the renderer says what of it is seen.
 */
enum pdf_verdict
pdf_shading_look(struct pdf_doc *d, qpdf_oh shading, qpdf_oh resources)
{
	const struct pdf_space *s = pdf_space_of(d, pdf_entry(d, shading,
	    "/ColorSpace"), resources);
	double domain[2] = { 0, 1 }, c[PDF_FN_OUT];
	enum pdf_verdict v = PDF_MONO;
	double type = pdf_number(d, pdf_entry(d, shading, "/ShadingType"), 0);
	struct pdf_fn *f;
	qpdf_oh oh;

	if (s->worst == PDF_MONO && s->kind != PDF_NOTHING)
		return PDF_MONO;
	if ((type != 2 && type != 3) ||
	    !pdf_has(d, shading, "/Function", &oh) ||
	    (f = pdf_fn_new(d, oh)) == NULL)
		return PDF_MAYBE;
	(void)pdf_numbers(d, pdf_entry(d, shading, "/Domain"), domain, 2);
	for (int i = 0; i <= STEPS && v == PDF_MONO; i++) {
		int n = pdf_fn_eval(f, domain[0] + (domain[1] - domain[0]) *
		    i / STEPS, c);

		if (pdf_space_colour(s, c, n) != PDF_MONO)
			v = PDF_MAYBE;
	}
	pdf_fn_free(&f);
	if (v == PDF_MONO && pdf_has(d, shading, "/Background", &oh)) {
		int n = pdf_numbers(d, oh, c, PDF_FN_OUT);

		if (pdf_space_colour(s, c, n) != PDF_MONO)
			v = PDF_MAYBE;
	}
	return v;
}
