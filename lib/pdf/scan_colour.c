/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Colour operators, patterns, shadings. */
#include "lib/pdf/scan_priv.h"

#include <string.h>

/* What stands before an operator sets a colour of n numbers. */
static enum pdf_verdict
colour_of(const struct scan_frame *fr, const struct pdf_space *space)
{
	double c[SCAN_ARGS];
	int n = fr->nargs > space->n && space->n > 0 ? space->n : fr->nargs;

	for (int i = 0; i < n; i++)
		c[i] = scan_arg(fr, n - 1 - i);
	return pdf_space_colour(space, c, n);
}

static void
set_device(struct scan_frame *fr, struct scan_ink *ink, int which)
{
	ink->space = fr->device[which];
	ink->v = colour_of(fr, ink->space);
}

static void
op_g(struct scan *s, struct scan_frame *fr)
{
	set_device(fr, &s->g->fill, 0);
}

static void
op_G(struct scan *s, struct scan_frame *fr)
{
	set_device(fr, &s->g->stroke, 0);
}

static void
op_rg(struct scan *s, struct scan_frame *fr)
{
	set_device(fr, &s->g->fill, 1);
}

static void
op_RG(struct scan *s, struct scan_frame *fr)
{
	set_device(fr, &s->g->stroke, 1);
}

static void
op_k(struct scan *s, struct scan_frame *fr)
{
	set_device(fr, &s->g->fill, 2);
}

static void
op_K(struct scan *s, struct scan_frame *fr)
{
	set_device(fr, &s->g->stroke, 2);
}

/* The colour a space begins with (ISO 32000-1 section 8.6.8). */
static enum pdf_verdict
first_colour(const struct pdf_space *space)
{
	switch (space->kind) {
	case PDF_TABLE:
		return space->table[space->indexed ? 0 : 255];
	case PDF_OTHER:
		return PDF_MAYBE;
	default:
		return PDF_MONO;
	}
}

static void
set_space(struct scan *s, struct scan_frame *fr, struct scan_ink *ink)
{
	char name[128];
	uint64_t known;

	if (!scan_last_name(fr, name, sizeof name)) {
		s->odd = true;
		ink->space = &pdf_other;
	} else if (scan_known(fr, 'c', name, &known)) {
		ink->space = (const struct pdf_space *)(uintptr_t)known;
	} else {
		ink->space = pdf_space_named(s->d, name, fr->resources);
		scan_remember(fr, 'c', name, (uint64_t)(uintptr_t)ink->space);
	}
	ink->v = first_colour(ink->space);
}

static void
op_cs(struct scan *s, struct scan_frame *fr)
{
	set_space(s, fr, &s->g->fill);
}

static void
op_CS(struct scan *s, struct scan_frame *fr)
{
	set_space(s, fr, &s->g->stroke);
}

/* ---- patterns */

/* A tile with colours of its own: gray, or the renderer looks. */
static enum pdf_verdict
tile_look(struct scan *s, qpdf_oh pattern, qpdf_oh outer)
{
	uint64_t key = pdf_key(s->d, pattern, PDF_KNOWN_FORM), known;
	enum pdf_verdict v;
	qpdf_oh res;

	if (pdf_map_get(&s->d->known, key, &known))
		return (enum pdf_verdict)known;
	if (!pdf_has(s->d, pattern, "/Resources", &res))
		res = outer;
	if (!scan_push(s))
		return PDF_MAYBE;
	s->g->fill = s->g->stroke =
	    (struct scan_ink){ .space = &pdf_gray };
	v = scan_inner(s, pattern, res);
	s->g = &s->states[--s->depth];
	if (v == PDF_COLOUR)
		v = PDF_MAYBE;
	pdf_map_put(&s->d->known, key, (uint64_t)v);
	return v;
}

#define PATTERN_BARE 16		/* instead of a verdict: as the ink is */

static uint64_t
pattern_look(struct scan *s, const struct scan_frame *fr, const char *name)
{
	qpdf_oh pattern;
	int type;

	if (!scan_resource(s, fr, "/Pattern", name, &pattern))
		return PDF_MAYBE;
	type = pdf_integer(s->d, pdf_entry(s->d, pattern, "/PatternType"), 0);
	if (type == 2)
		return pdf_shading_look(s->d, pdf_entry(s->d, pattern,
		    "/Shading"), fr->resources);
	if (type != 1)
		return PDF_MAYBE;
	if (pdf_integer(s->d, pdf_entry(s->d, pattern, "/PaintType"), 1) == 2)
		return PATTERN_BARE;
	return tile_look(s, pattern, fr->resources);
}

static enum pdf_verdict
pattern_colour(struct scan *s, struct scan_frame *fr, const char *name,
    const struct pdf_space *under)
{
	enum pdf_verdict v;
	uint64_t known;

	if (!scan_known(fr, 'P', name, &known)) {
		known = pattern_look(s, fr, name);
		scan_remember(fr, 'P', name, known);
	}
	if (known != PATTERN_BARE)
		return (enum pdf_verdict)known;
	if (under == NULL)
		return PDF_MAYBE;
	fr->nargs--;		/* the name */
	v = colour_of(fr, under);
	return v == PDF_COLOUR ? PDF_MAYBE : v;
}

static void
set_colour(struct scan *s, struct scan_frame *fr, struct scan_ink *ink)
{
	const struct pdf_space *space = ink->space;
	char name[128];

	if (space->kind != PDF_PATTERN) {
		ink->v = colour_of(fr, space);
	} else if (scan_last_name(fr, name, sizeof name)) {
		ink->v = pattern_colour(s, fr, name, space->under);
	} else {
		s->odd = true;
		ink->v = PDF_MAYBE;
	}
}

static void
op_sc(struct scan *s, struct scan_frame *fr)
{
	set_colour(s, fr, &s->g->fill);
}

static void
op_SC(struct scan *s, struct scan_frame *fr)
{
	set_colour(s, fr, &s->g->stroke);
}

static void
op_sh(struct scan *s, struct scan_frame *fr)
{
	char name[128];
	uint64_t known;
	qpdf_oh shading;

	if (!scan_last_name(fr, name, sizeof name)) {
		s->odd = true;
		return;
	}
	if (!scan_known(fr, 'S', name, &known)) {
		known = scan_resource(s, fr, "/Shading", name, &shading) ?
		    pdf_shading_look(s->d, shading, fr->resources) :
		    PDF_MAYBE;
		scan_remember(fr, 'S', name, known);
	}
	scan_paint(s, (enum pdf_verdict)known, &s->g->clip,
	    s->g->clear_fill);
}

const struct scan_operator scan_colour_ops[] = {
	{ "g", 1, op_g }, { "G", 1, op_G }, { "rg", 3, op_rg },
	{ "RG", 3, op_RG }, { "k", 4, op_k }, { "K", 4, op_K },
	{ "cs", 1, op_cs }, { "CS", 1, op_CS }, { "sc", 1, op_sc },
	{ "SC", 1, op_SC }, { "scn", 1, op_sc }, { "SCN", 1, op_SC },
	{ "sh", 1, op_sh }, { "", 0, NULL }
};
