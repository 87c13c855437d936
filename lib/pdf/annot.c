/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Annotations (ISO 32000-1 section 12.5) that come out on paper. */
#include "lib/pdf/pdf_priv.h"

#include <math.h>
#include <string.h>

#define ANNOTS_MAX 4000		/* of one page; more: the renderer looks */
#define FLAG_HIDDEN 2
#define FLAG_PRINT 4
#define FLAG_NO_VIEW 32

/* The appearance for the state it is in; false when there is none. */
static bool
appearance_of(struct pdf_doc *d, qpdf_oh annot, qpdf_oh *out)
{
	qpdf_oh ap = pdf_entry(d, annot, "/AP");
	char state[128];

	if (!pdf_has(d, ap, "/N", out))
		return false;
	if (qpdf_oh_is_stream(d->q, *out))
		return true;
	if (!pdf_name(d, pdf_entry(d, annot, "/AS"), state, sizeof state))
		return false;
	*out = pdf_entry(d, *out, state);
	return true;
}

/* Algorithm 8.1: its box goes onto its rectangle. */
static void
place(struct pdf_doc *d, qpdf_oh annot, qpdf_oh form, double m[6])
{
	static const double one[6] = { 1, 0, 0, 1, 0, 0 };
	double own[6], v[4];
	struct pdf_box box = { 0, 0, 1, 1 }, rect = { 0, 0, 0, 0 };

	memcpy(own, one, sizeof own);
	(void)pdf_numbers(d, pdf_entry(d, form, "/Matrix"), own, 6);
	if (pdf_numbers(d, pdf_entry(d, form, "/BBox"), v, 4) == 4) {
		pdf_box_empty(&box);
		pdf_box_point(&box, v[0], v[1]);
		pdf_box_point(&box, v[2], v[3]);
	}
	box = pdf_box_through(own, &box);
	if (pdf_numbers(d, pdf_entry(d, annot, "/Rect"), v, 4) == 4) {
		pdf_box_empty(&rect);
		pdf_box_point(&rect, v[0], v[1]);
		pdf_box_point(&rect, v[2], v[3]);
	}
	memcpy(m, one, sizeof one);
	if (box.x1 > box.x0 && box.y1 > box.y0) {
		m[0] = (rect.x1 - rect.x0) / (box.x1 - box.x0);
		m[3] = (rect.y1 - rect.y0) / (box.y1 - box.y0);
		m[4] = rect.x0 - box.x0 * m[0];
		m[5] = rect.y0 - box.y0 * m[3];
	}
	pdf_matrix_put(m, own);
}

/* A colour array of an annotation: none, gray, RGB, CMYK by its length. */
static enum pdf_verdict
array_colour(struct pdf_doc *d, qpdf_oh array)
{
	double c[4];
	int n = pdf_numbers(d, array, c, 4);

	if (n == 3)
		return pdf_space_colour(&pdf_rgb, c, 3);
	return n == 4 ? pdf_space_colour(&pdf_cmyk, c, 4) : PDF_MONO;
}

/* A link without appearance is the line around it. */
static enum pdf_verdict
link_look(struct pdf_doc *d, qpdf_oh annot)
{
	double b[3] = { 0, 0, 1 };
	qpdf_oh bs = pdf_entry(d, annot, "/BS"), w;

	if (pdf_has(d, bs, "/W", &w))
		b[2] = pdf_number(d, w, 1);
	else
		(void)pdf_numbers(d, pdf_entry(d, annot, "/Border"), b, 3);
	if (!(b[2] > 0))
		return PDF_MONO;
	return array_colour(d, pdf_entry(d, annot, "/C")) == PDF_MONO ?
	    PDF_MONO : PDF_MAYBE;
}

/* A program may make an appearance for one that has none. */
static enum pdf_verdict
bare_look(struct pdf_doc *d, qpdf_oh annot)
{
	qpdf_oh type = pdf_entry(d, annot, "/Subtype");

	if (pdf_is_name(d, type, "/Popup"))
		return PDF_MONO;
	if (pdf_is_name(d, type, "/Link"))
		return link_look(d, annot);
	return PDF_MAYBE;
}

static enum pdf_verdict
annot_look(struct pdf_doc *d, const struct pdf_page *p, qpdf_oh annot)
{
	int flags = pdf_integer(d, pdf_entry(d, annot, "/F"), 0);
	qpdf_oh form, res;
	enum pdf_verdict v;
	double m[6];

	if ((flags & FLAG_PRINT) == 0 || (flags & FLAG_HIDDEN) != 0 ||
	    pdf_is_name(d, pdf_entry(d, annot, "/Subtype"), "/Popup"))
		return PDF_MONO;
	if (!appearance_of(d, annot, &form)) {
		v = bare_look(d, annot);
	} else if (!qpdf_oh_is_stream(d->q, form)) {
		v = PDF_MONO;		/* a state that shows nothing */
	} else {
		if (!pdf_has(d, form, "/Resources", &res))
			(void)pdf_inherited(d, p->oh, "/Resources", &res);
		pdf_fonts_look(d, res);
		place(d, annot, form, m);
		v = pdf_scan_form(d, form, &p->whole, m, res);
	}
	if (v == PDF_COLOUR && pdf_has(d, annot, "/OC", &res))
		v = PDF_MAYBE;
	/* The renderer draws for the screen and does not show this one. */
	if (v == PDF_MAYBE && (flags & FLAG_NO_VIEW) != 0)
		v = PDF_COLOUR;
	return v;
}

enum pdf_verdict
pdf_annots_look(struct pdf_doc *d, const struct pdf_page *p)
{
	enum pdf_verdict worst = PDF_MONO;
	qpdf_oh list = pdf_entry(d, p->oh, "/Annots");
	int n = qpdf_oh_is_array(d->q, list) ?
	    qpdf_oh_get_array_n_items(d->q, list) : 0;

	if (n > ANNOTS_MAX)
		return PDF_MAYBE;
	for (int i = 0; i < n && worst != PDF_COLOUR; i++) {
		qpdf_oh annot = qpdf_oh_get_array_item(d->q, list, i);
		enum pdf_verdict v;

		if (!qpdf_oh_is_dictionary(d->q, annot))
			continue;
		v = annot_look(d, p, annot);
		worst = v > worst ? v : worst;
	}
	return worst;
}
