/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Paths and text: where something is painted, and with which ink. */
#include "lib/pdf/scan_priv.h"

#include <math.h>
#include <string.h>

#define SEEN_SIDE 0.02		/* points: smaller is not certainly seen */
#define SEEN_AREA 0.05

static bool
seen(const struct scan *s, const struct pdf_box *where)
{
	struct pdf_box b = pdf_box_both(where, &s->g->clip);
	double w = b.x1 - b.x0, h = b.y1 - b.y0;

	return w > SEEN_SIDE && h > SEEN_SIDE && w * h > SEEN_AREA;
}

void
scan_paint(struct scan *s, enum pdf_verdict v, const struct pdf_box *where,
    bool clear)
{
	if (v == PDF_MONO)
		return;
	if (v == PDF_COLOUR && (clear || s->g->masked || s->hidden > 0 ||
	    !seen(s, where)))
		v = PDF_MAYBE;
	if (v > s->worst)
		s->worst = v;
}

void
scan_paint_unit(struct scan *s, enum pdf_verdict v, bool clear)
{
	static const struct pdf_box unit = { 0, 0, 1, 1 };
	struct pdf_box b;

	if (v == PDF_MONO)
		return;
	b = pdf_box_through(s->g->ctm, &unit);
	scan_paint(s, v, &b, clear);
}

/* ---- paths */

static void
path_point(struct scan *s, double x, double y)
{
	pdf_matrix_apply(s->g->ctm, &x, &y);
	pdf_box_point(&s->path, x, y);
}

static void
op_point(struct scan *s, struct scan_frame *fr)
{
	path_point(s, scan_arg(fr, 1), scan_arg(fr, 0));
}

static void
op_curve(struct scan *s, struct scan_frame *fr)
{
	for (int i = 0; i + 1 < fr->nargs && i < 6; i += 2)
		path_point(s, scan_arg(fr, i + 1), scan_arg(fr, i));
}

static void
op_re(struct scan *s, struct scan_frame *fr)
{
	double x = scan_arg(fr, 3), y = scan_arg(fr, 2);
	double w = scan_arg(fr, 1), h = scan_arg(fr, 0);

	path_point(s, x, y);
	path_point(s, x + w, y);
	path_point(s, x, y + h);
	path_point(s, x + w, y + h);
}

static void
path_end(struct scan *s)
{
	if (s->clip_next)
		s->g->clip = pdf_box_both(&s->g->clip, &s->path);
	s->clip_next = false;
	pdf_box_empty(&s->path);
}

static void
path_fill(struct scan *s)
{
	scan_paint(s, s->g->fill.v, &s->path, s->g->clear_fill);
}

static void
path_stroke(struct scan *s)
{
	const double *m = s->g->ctm;
	double wide = fabs(s->g->line_width) * sqrt(fabs(m[0] * m[3] -
	    m[1] * m[2])) / 2;
	struct pdf_box b = s->path;

	if (s->g->stroke.v == PDF_MONO || b.x1 < b.x0)
		return;
	if (!(wide > 0.25))
		wide = 0.25;		/* the thinnest line is drawn */
	b.x0 -= wide;
	b.y0 -= wide;
	b.x1 += wide;
	b.y1 += wide;
	scan_paint(s, s->g->stroke.v, &b, s->g->clear_stroke);
}

static void
op_fill(struct scan *s, struct scan_frame *fr)
{
	(void)fr;
	path_fill(s);
	path_end(s);
}

static void
op_stroke(struct scan *s, struct scan_frame *fr)
{
	(void)fr;
	path_stroke(s);
	path_end(s);
}

static void
op_both(struct scan *s, struct scan_frame *fr)
{
	(void)fr;
	path_fill(s);
	path_stroke(s);
	path_end(s);
}

static void
op_n(struct scan *s, struct scan_frame *fr)
{
	(void)fr;
	path_end(s);
}

static void
op_clip(struct scan *s, struct scan_frame *fr)
{
	(void)fr;
	s->clip_next = true;
}

static void
op_none(struct scan *s, struct scan_frame *fr)
{
	(void)s;
	(void)fr;
}

static void
op_w(struct scan *s, struct scan_frame *fr)
{
	s->g->line_width = scan_arg(fr, 0);
}

static void
op_cm(struct scan *s, struct scan_frame *fr)
{
	double m[6];

	for (int i = 0; i < 6; i++)
		m[i] = scan_arg(fr, 5 - i);
	pdf_matrix_put(s->g->ctm, m);
}

const struct scan_operator scan_paint_ops[] = {
	{ "m", 2, op_point }, { "l", 2, op_point }, { "c", 6, op_curve },
	{ "v", 4, op_curve }, { "y", 4, op_curve }, { "h", 0, op_none },
	{ "re", 4, op_re }, { "f", 0, op_fill }, { "F", 0, op_fill },
	{ "f*", 0, op_fill }, { "S", 0, op_stroke }, { "s", 0, op_stroke },
	{ "B", 0, op_both }, { "B*", 0, op_both }, { "b", 0, op_both },
	{ "b*", 0, op_both }, { "n", 0, op_n }, { "W", 0, op_clip },
	{ "W*", 0, op_clip }, { "w", 1, op_w }, { "cm", 6, op_cm },
	{ "J", 1, op_none }, { "j", 1, op_none }, { "M", 1, op_none },
	{ "d", 2, op_none }, { "ri", 1, op_none }, { "i", 1, op_none },
	{ "d0", 2, op_none }, { "d1", 6, op_none }, { "", 0, NULL }
};

/* ---- text */

static void
show(struct scan *s, bool visible)
{
	const struct scan_state *g = s->g;
	bool fill = g->text_mode % 4 == 0 || g->text_mode % 4 == 2;
	bool stroke = g->text_mode % 4 == 1 || g->text_mode % 4 == 2;
	enum pdf_verdict v = PDF_MONO;
	struct pdf_box em = { 0, 0, g->font_size / 2, g->font_size / 2 };
	double m[6];

	if (g->type3 && g->text_mode != 3)
		v = g->glyphs;
	if (fill && g->fill.v > v)
		v = g->fill.v;
	if (stroke && g->stroke.v > v)
		v = g->stroke.v;
	if (v == PDF_MONO)
		return;
	if (v == PDF_COLOUR && (!visible || g->type3))
		v = PDF_MAYBE;
	memcpy(m, g->ctm, sizeof m);
	pdf_matrix_put(m, s->tm);
	em = pdf_box_through(m, &em);
	scan_paint(s, v, &em, (fill && g->clear_fill) ||
	    (stroke && g->clear_stroke));
}

static void
line_to(struct scan *s, double x, double y)
{
	double m[6] = { 1, 0, 0, 1, x, y };

	pdf_matrix_put(s->line, m);
	memcpy(s->tm, s->line, sizeof s->tm);
}

static void
op_BT(struct scan *s, struct scan_frame *fr)
{
	static const double one[6] = { 1, 0, 0, 1, 0, 0 };

	(void)fr;
	memcpy(s->tm, one, sizeof one);
	memcpy(s->line, one, sizeof one);
}

static void
op_Td(struct scan *s, struct scan_frame *fr)
{
	line_to(s, scan_arg(fr, 1), scan_arg(fr, 0));
}

static void
op_TD(struct scan *s, struct scan_frame *fr)
{
	s->g->leading = -scan_arg(fr, 0);
	op_Td(s, fr);
}

static void
op_TL(struct scan *s, struct scan_frame *fr)
{
	s->g->leading = scan_arg(fr, 0);
}

static void
op_Tstar(struct scan *s, struct scan_frame *fr)
{
	(void)fr;
	line_to(s, 0, -s->g->leading);
}

static void
op_Tm(struct scan *s, struct scan_frame *fr)
{
	for (int i = 0; i < 6; i++)
		s->tm[i] = s->line[i] = scan_arg(fr, 5 - i);
}

static void
op_Tr(struct scan *s, struct scan_frame *fr)
{
	double mode = scan_arg(fr, 0);

	s->odd |= !(mode >= 0 && mode <= 7);
	s->g->text_mode = mode >= 0 && mode <= 7 ? (int)mode : 0;
}

static void
op_Tj(struct scan *s, struct scan_frame *fr)
{
	show(s, fr->arg[fr->nargs - 1].visible);
}

static void
op_quote(struct scan *s, struct scan_frame *fr)
{
	op_Tstar(s, fr);
	op_Tj(s, fr);
}

const struct scan_operator scan_text_ops[] = {
	{ "BT", 0, op_BT }, { "ET", 0, op_none }, { "Tc", 1, op_none },
	{ "Tw", 1, op_none }, { "Tz", 1, op_none }, { "TL", 1, op_TL },
	{ "Tr", 1, op_Tr }, { "Ts", 1, op_none }, { "Td", 2, op_Td },
	{ "TD", 2, op_TD }, { "Tm", 6, op_Tm }, { "T*", 0, op_Tstar },
	{ "Tj", 1, op_Tj }, { "TJ", 1, op_Tj }, { "'", 1, op_quote },
	{ "\"", 3, op_quote }, { "", 0, NULL }
};
