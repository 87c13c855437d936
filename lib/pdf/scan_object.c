/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What content calls by name: forms, images, fonts, states, layers. */
#include "lib/pdf/scan_priv.h"

#include <stdlib.h>
#include <string.h>

#define GLYPHS_MAX 512		/* of one Type 3 font */

/* ---- Do */

static bool
on_layer(struct scan *s, qpdf_oh oh)
{
	qpdf_oh oc;

	return pdf_has(s->d, oh, "/OC", &oc);
}

static void
form_place(struct scan *s, qpdf_oh form)
{
	struct pdf_box box;
	double v[6];

	if (pdf_numbers(s->d, pdf_entry(s->d, form, "/Matrix"), v, 6) == 6)
		pdf_matrix_put(s->g->ctm, v);
	if (pdf_numbers(s->d, pdf_entry(s->d, form, "/BBox"), v, 4) != 4)
		return;
	pdf_box_empty(&box);
	pdf_box_point(&box, v[0], v[1]);
	pdf_box_point(&box, v[2], v[3]);
	box = pdf_box_through(s->g->ctm, &box);
	s->g->clip = pdf_box_both(&s->g->clip, &box);
}

/*
 * A form that was gray, or left to the renderer, when it was entered with
 * gray inks is so the next time too.
 */
static void
do_form(struct scan *s, const struct scan_frame *fr, qpdf_oh form)
{
	bool plain = s->g->fill.v == PDF_MONO && s->g->stroke.v == PDF_MONO &&
	    s->g->glyphs == PDF_MONO;
	uint64_t key = plain ? pdf_key(s->d, form, PDF_KNOWN_FORM) : 0;
	uint64_t known;
	enum pdf_verdict v;
	bool layer;
	qpdf_oh res;

	if (pdf_map_get(&s->d->known, key, &known)) {
		if ((enum pdf_verdict)known > s->worst)
			s->worst = (enum pdf_verdict)known;
		return;
	}
	if (!scan_push(s))
		return;
	form_place(s, form);
	if (!pdf_has(s->d, form, "/Resources", &res))
		res = fr->resources;
	layer = on_layer(s, form);
	s->hidden += layer;
	v = scan_inner(s, form, res);
	s->hidden -= layer;
	s->g = &s->states[--s->depth];
	if (v > s->worst)
		s->worst = v;
	if (v != PDF_COLOUR && !s->stop)
		pdf_map_put(&s->d->known, key, (uint64_t)v);
}

#define IMAGE_MASK 16		/* instead of a verdict */

static uint64_t
image_look(struct scan *s, const struct scan_frame *fr, qpdf_oh image)
{
	QPDF_BOOL mask = QPDF_FALSE;
	enum pdf_verdict v;

	(void)qpdf_oh_get_value_as_bool(s->d->q, pdf_entry(s->d, image,
	    "/ImageMask"), &mask);
	if (mask)
		return IMAGE_MASK;
	v = pdf_image_look(s->d, image, fr->resources);
	return v == PDF_COLOUR && on_layer(s, image) ? PDF_MAYBE : v;
}

static void
do_image(struct scan *s, uint64_t image)
{
	enum pdf_verdict v = (enum pdf_verdict)image;

	if (image == IMAGE_MASK)	/* it may have no pixel to paint */
		v = s->g->fill.v == PDF_COLOUR ? PDF_MAYBE : s->g->fill.v;
	scan_paint_unit(s, v, s->g->clear_fill);
}

enum { X_NOTHING, X_IMAGE, X_FORM, X_ODD };	/* and more from bit 2 on */

static uint64_t
object_look(struct scan *s, const struct scan_frame *fr, const char *name)
{
	qpdf_oh x, type;

	if (!scan_resource(s, fr, "/XObject", name, &x) ||
	    !qpdf_oh_is_stream(s->d->q, x))
		return X_NOTHING;
	type = pdf_entry(s->d, x, "/Subtype");
	if (pdf_is_name(s->d, type, "/Image"))
		return X_IMAGE | image_look(s, fr, x) << 2;
	if (pdf_is_name(s->d, type, "/Form"))
		return X_FORM | (uint64_t)x << 2;
	return pdf_is_name(s->d, type, "/PS") ? X_NOTHING : X_ODD;
}

static void
op_Do(struct scan *s, struct scan_frame *fr)
{
	char name[128];
	uint64_t known;

	if (!scan_last_name(fr, name, sizeof name)) {
		s->odd = true;
		return;
	}
	if (!scan_known(fr, 'X', name, &known)) {
		known = object_look(s, fr, name);
		scan_remember(fr, 'X', name, known);
	}
	if ((known & 3) == X_IMAGE)
		do_image(s, known >> 2);
	else if ((known & 3) == X_FORM)
		do_form(s, fr, (qpdf_oh)(known >> 2));
	else if ((known & 3) == X_ODD)
		s->odd = true;
}

/* ---- gs */

enum {			/* what an ExtGState sets */
	GS_CA = 1, GS_CA_ZERO = 2, GS_ca = 4, GS_ca_ZERO = 8, GS_MASK = 16,
	GS_MASK_ON = 32, GS_ODD = 64
};

static bool
transfer_is_odd(struct pdf_doc *d, qpdf_oh gs, const char *key)
{
	qpdf_oh oh;

	return pdf_has(d, gs, key, &oh) && !pdf_is_name(d, oh, "/Identity") &&
	    !pdf_is_name(d, oh, "/Default");
}

static unsigned
gs_look(struct pdf_doc *d, qpdf_oh gs)
{
	unsigned bits = 0;
	qpdf_oh oh;

	if (pdf_has(d, gs, "/CA", &oh))
		bits |= GS_CA | (pdf_number(d, oh, 1) < 0.05 ? GS_CA_ZERO :
		    0);
	if (pdf_has(d, gs, "/ca", &oh))
		bits |= GS_ca | (pdf_number(d, oh, 1) < 0.05 ? GS_ca_ZERO :
		    0);
	if (pdf_has(d, gs, "/SMask", &oh))
		bits |= GS_MASK | (pdf_is_name(d, oh, "/None") ? 0 :
		    GS_MASK_ON);
	if (transfer_is_odd(d, gs, "/TR") || transfer_is_odd(d, gs, "/TR2") ||
	    pdf_has(d, gs, "/Font", &oh))
		bits |= GS_ODD;
	return bits;
}

static void
op_gs(struct scan *s, struct scan_frame *fr)
{
	char name[128];
	uint64_t bits;
	qpdf_oh gs;

	if (!scan_last_name(fr, name, sizeof name)) {
		s->odd = true;
		return;
	}
	if (!scan_known(fr, 'g', name, &bits)) {
		bits = scan_resource(s, fr, "/ExtGState", name, &gs) ?
		    gs_look(s->d, gs) : 0;
		scan_remember(fr, 'g', name, bits);
	}
	if ((bits & GS_CA) != 0)
		s->g->clear_stroke = (bits & GS_CA_ZERO) != 0;
	if ((bits & GS_ca) != 0)
		s->g->clear_fill = (bits & GS_ca_ZERO) != 0;
	if ((bits & GS_MASK) != 0)
		s->g->masked = (bits & GS_MASK_ON) != 0;
	s->odd |= (bits & GS_ODD) != 0;
}

/* ---- fonts */

/* The glyphs of a Type 3 font are content: the worst of them. */
static enum pdf_verdict
glyphs_look(struct scan *s, struct scan_frame *fr, qpdf_oh font)
{
	uint64_t key = pdf_key(s->d, font, PDF_KNOWN_FORM), known;
	enum pdf_verdict worst = PDF_MONO;
	qpdf_oh procs, res;
	char **names;

	if (pdf_map_get(&s->d->known, key, &known))
		return (enum pdf_verdict)known;
	if (!pdf_has(s->d, font, "/Resources", &res))
		res = fr->resources;
	procs = pdf_entry(s->d, font, "/CharProcs");
	if ((names = pdf_keys(s->d, procs, GLYPHS_MAX)) == NULL ||
	    !scan_push(s)) {
		free(names);
		return PDF_MAYBE;
	}
	pdf_map_put(&s->d->known, key, PDF_MAYBE);	/* if it shows itself */
	s->g->fill = s->g->stroke = (struct scan_ink){ .space = &pdf_gray };
	s->g->type3 = false;
	s->g->glyphs = PDF_MONO;
	for (size_t i = 0; names[i] != NULL && worst == PDF_MONO; i++) {
		qpdf_oh proc = pdf_entry(s->d, procs, names[i]);

		if (qpdf_oh_is_stream(s->d->q, proc) &&
		    scan_inner(s, proc, res) != PDF_MONO)
			worst = PDF_MAYBE;
	}
	s->g = &s->states[--s->depth];
	free(names);
	pdf_map_put(&s->d->known, key, (uint64_t)worst);
	return worst;
}

static void
op_Tf(struct scan *s, struct scan_frame *fr)
{
	char name[128];
	uint64_t known = 0;
	qpdf_oh font;

	s->g->font_size = scan_arg(fr, 0);
	s->g->type3 = false;
	s->g->glyphs = PDF_MONO;
	fr->nargs--;
	if (!scan_last_name(fr, name, sizeof name)) {
		s->odd = true;
		return;
	}
	if (!scan_known(fr, 'F', name, &known)) {
		if (scan_resource(s, fr, "/Font", name, &font) &&
		    pdf_is_name(s->d, pdf_entry(s->d, font, "/Subtype"),
		    "/Type3"))
			known = 1 + (uint64_t)glyphs_look(s, fr, font);
		scan_remember(fr, 'F', name, known);
	}
	s->g->type3 = known > 0;
	if (known > 0)
		s->g->glyphs = (enum pdf_verdict)(known - 1);
}

/* ---- marked content */

static void
mark(struct scan *s, bool layer)
{
	if (s->marks < SCAN_MARKS)
		s->mark[s->marks] = layer;
	else
		s->odd |= layer;
	s->hidden += layer && s->marks < SCAN_MARKS;
	s->marks++;
}

static void
op_BMC(struct scan *s, struct scan_frame *fr)
{
	(void)fr;
	mark(s, false);
}

static void
op_BDC(struct scan *s, struct scan_frame *fr)
{
	const struct scan_arg *a = &fr->arg[fr->nargs - 2];

	mark(s, a->type == PDF_TOK_NAME && a->n == 2 &&
	    memcmp(a->s, "OC", 2) == 0);
}

static void
op_EMC(struct scan *s, struct scan_frame *fr)
{
	(void)fr;
	if (s->marks == 0)
		return;
	s->marks--;
	if (s->marks < SCAN_MARKS && s->mark[s->marks])
		s->hidden--;
}

static void
op_point_mark(struct scan *s, struct scan_frame *fr)
{
	(void)s;
	(void)fr;
}

const struct scan_operator scan_object_ops[] = {
	{ "Do", 1, op_Do }, { "gs", 1, op_gs }, { "Tf", 2, op_Tf },
	{ "BMC", 1, op_BMC }, { "BDC", 2, op_BDC }, { "EMC", 0, op_EMC },
	{ "MP", 1, op_point_mark }, { "DP", 2, op_point_mark },
	{ "BI", 0, scan_inline_image }, { "", 0, NULL }
};
