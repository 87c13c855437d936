/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "cgi/plot.h"

#include "cgi/plot_priv.h"
#include "cgi/svg.h"

#define TIP_VALUES 400		/* with more, single values have no words */
#define TEXT_CHARS 200

static double
y_of(const struct layout *l, double v)
{
	return (double)l->height * (1 - v / l->top);
}

/* ---- words for who does not see it */

/* English words in which %1, %2 ... stand for what is in arg. */
static void
put_words(struct rel_buf *b, const struct layout *l, const char *english,
    const struct rel_buf *arg, size_t n)
{
	const char *s = plot_words(l, english);

	while (*s != '\0') {
		if (*s != '%' || s[1] < '1' || (size_t)(s[1] - '1') >= n) {
			svg_one(b, &s);
			continue;
		}
		rel_put_raw(b, arg[s[1] - '1'].data, arg[s[1] - '1'].len);
		s += 2;
	}
}

static void
each_value(struct rel_buf *b, const struct layout *l, size_t s)
{
	svg_text(b, l->p->series[s].name, TEXT_CHARS);
	for (size_t i = 0; i < l->n; i++) {
		rel_put_fmt(b, "%s", i == 0 ? ": " : "; ");
		svg_text(b, plot_label(l, i), TEXT_CHARS);
		rel_put_u8(b, ' ');
		plot_put_value(b, l, plot_value(l, s, i));
	}
	rel_put_fmt(b, ". ");
}

static void
least_and_most(struct rel_buf *b, const struct layout *l, size_t s)
{
	struct rel_buf arg[6];
	size_t least = 0, most = 0;
	double sum = 0;

	for (size_t i = 0; i < l->n; i++) {
		double v = plot_value(l, s, i);

		sum += v;
		if (v < plot_value(l, s, least))
			least = i;
		if (v > plot_value(l, s, most))
			most = i;
	}
	for (size_t i = 0; i < 6; i++)
		rel_buf_init(&arg[i]);
	svg_text(&arg[0], l->p->series[s].name, TEXT_CHARS);
	plot_put_value(&arg[1], l, plot_value(l, s, least));
	svg_text(&arg[2], plot_label(l, least), TEXT_CHARS);
	plot_put_value(&arg[3], l, plot_value(l, s, most));
	svg_text(&arg[4], plot_label(l, most), TEXT_CHARS);
	plot_put_value(&arg[5], l, sum);
	put_words(b, l, "%1: least %2 (%3), most %4 (%5), together %6.", arg, 6);
	rel_put_u8(b, ' ');
	for (size_t i = 0; i < 6; i++)
		rel_buf_fini(&arg[i]);
}

static void
put_desc(struct rel_buf *b, const struct layout *l)
{
	if (l->n == 0)
		put_words(b, l, "There is nothing to show yet.", NULL, 0);
	if (l->n > 0 && l->p->unit != NULL && *l->p->unit != '\0') {
		svg_text(b, l->p->unit, TEXT_CHARS);
		rel_put_fmt(b, ". ");
	}
	for (size_t s = 0; s < l->nseries && l->n > 0; s++)
		if (l->n <= 12)
			each_value(b, l, s);
		else
			least_and_most(b, l, s);
}

/* What one bar or mark says to who points at it. */
static void
put_tip(struct rel_buf *b, const struct layout *l, size_t s, size_t i)
{
	rel_put_fmt(b, "<title>");
	svg_text(b, plot_label(l, i), TEXT_CHARS);
	rel_put_fmt(b, ": ");
	plot_put_value(b, l, plot_value(l, s, i));
	if (l->p->unit != NULL && *l->p->unit != '\0') {
		rel_put_u8(b, ' ');
		svg_text(b, l->p->unit, TEXT_CHARS);
	}
	if (l->nseries > 1) {
		rel_put_fmt(b, " (");
		svg_text(b, l->p->series[s].name, TEXT_CHARS);
		rel_put_u8(b, ')');
	}
	rel_put_fmt(b, "</title>");
}

/* ---- drawing */

/* name="N%" of a fraction. */
static void
put_percent(struct rel_buf *b, const char *name, double fraction)
{
	rel_put_fmt(b, " %s=\"", name);
	svg_num(b, fraction * 100, 3);
	rel_put_fmt(b, "%%\"");
}

static void
put_px(struct rel_buf *b, const char *name, double px)
{
	rel_put_fmt(b, " %s=\"", name);
	svg_num(b, px, 2);
	rel_put_u8(b, '"');
}

/* How each series looks without colour: a tile for bars, a mark for lines. */
static const char *const tile[PLOT_SERIES] = {
	"", "M-2 2l4-4M0 8l8-8M6 10l4-4", "M2 2h2v2h-2zM6 6h2v2h-2z",
	"M0 0l8 8M8 0l-8 8", "M0 2h8M0 6h8", "M2 0v8"
};
static const char *const mark[PLOT_SERIES] = {
	"M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z", "M-4-4h8v8h-8z", "M0-5l5 9h-10z",
	"M0-5l5 5l-5 5l-5-5z", "M0 5l5-9h-10z",
	"M-5-2h3v-3h4v3h3v4h-3v3h-4v-3h-3z"
};

static void
put_defs(struct rel_buf *b, const struct layout *l)
{
	rel_put_fmt(b, "<defs>");
	for (size_t s = 0; s < l->nseries; s++)
		if (l->p->line)
			rel_put_fmt(b, "<path id=\"p%08x-%zu\" d=\"%s\"/>",
			    (unsigned)l->id, s, mark[s]);
		else
			rel_put_fmt(b, "<pattern id=\"p%08x-%zu\" width=\"8\""
			    " height=\"8\" patternUnits=\"userSpaceOnUse\">"
			    "<rect class=\"plot-s%zu\" width=\"8\" height=\"8\"/>"
			    "<path class=\"plot-mark\" d=\"%s\"/></pattern>",
			    (unsigned)l->id, s, s, tile[s]);
	rel_put_fmt(b, "</defs>\n");
}

/* A line from left to right at a value. */
static void
put_level(struct rel_buf *b, const struct layout *l, const char *class, double v)
{
	rel_put_fmt(b, "<line class=\"%s\" x2=\"100%%\"", class);
	put_px(b, "y1", y_of(l, v));
	put_px(b, "y2", y_of(l, v));
	rel_put_fmt(b, "/>\n");
}

static void
put_axes(struct rel_buf *b, const struct layout *l)
{
	for (double v = 0; v <= l->top * (1 + 1e-9); v += l->step) {
		if (v > 0)
			put_level(b, l, "plot-grid", v);
		rel_put_fmt(b, "<text class=\"plot-text\" x=\"-8\""
		    " text-anchor=\"end\"");
		put_px(b, "y", y_of(l, v) + 4);
		rel_put_u8(b, '>');
		plot_put_tick(b, l, v);
		rel_put_fmt(b, "</text>\n");
	}
	if (l->above > 12) {
		rel_put_fmt(b, "<text class=\"plot-text plot-unit\" y=\"-12\""
		    " x=\"-%u\">", l->left - 2);
		svg_text(b, l->p->unit, 40);
		rel_put_fmt(b, "</text>\n");
	}
}

static void
put_tilted(struct rel_buf *b, const struct layout *l, size_t i)
{
	rel_put_fmt(b, "<svg overflow=\"visible\"");
	put_percent(b, "x", ((double)i + 0.5) / (double)l->n);
	put_px(b, "y", l->height + 14);
	rel_put_fmt(b, "><text class=\"plot-text\" text-anchor=\"end\""
	    " transform=\"rotate(-40)\">");
	svg_text(b, plot_label(l, i), LABEL_CHARS);
	rel_put_fmt(b, "</text></svg>\n");
}

static void
put_labels(struct rel_buf *b, const struct layout *l)
{
	for (size_t i = 0; i < l->n; i += l->every) {
		if (l->tilt) {
			put_tilted(b, l, i);
			continue;
		}
		rel_put_fmt(b, "<text class=\"plot-text%s\""
		    " text-anchor=\"middle\"",
		    i % l->every_phone == 0 ? "" : " plot-wide");
		put_percent(b, "x", ((double)i + 0.5) / (double)l->n);
		put_px(b, "y", l->height + 18);
		rel_put_u8(b, '>');
		svg_text(b, plot_label(l, i), LABEL_CHARS);
		rel_put_fmt(b, "</text>\n");
	}
}

static void
put_bar(struct rel_buf *b, const struct layout *l, size_t s, size_t i)
{
	size_t beside = l->p->stacked ? 1 : l->nseries;
	double slot = 1 / (double)l->n, full = l->n > 100 ? 0.9 : 0.72;
	double least = 64.0 * (double)beside / ((double)l->width * slot);
	double width = slot * (least < full ? least : full);
	double x = slot * ((double)i + 0.5) - width / 2;
	double under = 0, y, to;

	for (size_t k = 0; k < s && l->p->stacked; k++)
		under += plot_value(l, k, i);
	width /= (double)beside;
	if (!l->p->stacked)
		x += width * (double)s;
	to = y_of(l, under);
	y = y_of(l, under + plot_value(l, s, i));
	if (to - y < 1 && !l->p->stacked)
		y = to - 1;
	rel_put_fmt(b, "<rect");
	put_percent(b, "x", x);
	put_px(b, "y", y);
	put_percent(b, "width", width);
	put_px(b, "height", to - y);
	if (l->n * l->nseries <= TIP_VALUES) {
		rel_put_u8(b, '>');
		put_tip(b, l, s, i);
		rel_put_fmt(b, "</rect>\n");
	} else {
		rel_put_fmt(b, "/>\n");
	}
}

static void
put_bars(struct rel_buf *b, const struct layout *l)
{
	for (size_t s = 0; s < l->nseries; s++) {
		rel_put_fmt(b, "<g class=\"plot-bar%s\" fill=\"url(#p%08x-%zu)\">\n",
		    l->n * (l->p->stacked ? 1 : l->nseries) > 70 ?
		    " plot-thin" : "", (unsigned)l->id, s);
		for (size_t i = 0; i < l->n; i++)
			if (plot_value(l, s, i) > 0)
				put_bar(b, l, s, i);
		rel_put_fmt(b, "</g>\n");
	}
}

static void
put_marks(struct rel_buf *b, const struct layout *l, size_t s)
{
	rel_put_fmt(b, "<g class=\"plot-s%zu\">", s);
	for (size_t i = 0; i < l->n; i++) {
		rel_put_fmt(b, "<use href=\"#p%08x-%zu\"", (unsigned)l->id, s);
		put_percent(b, "x", ((double)i + 0.5) / (double)l->n);
		put_px(b, "y", y_of(l, plot_value(l, s, i)));
		rel_put_u8(b, '>');
		put_tip(b, l, s, i);
		rel_put_fmt(b, "</use>\n");
	}
	rel_put_fmt(b, "</g>\n");
}

static void
put_lines(struct rel_buf *b, const struct layout *l)
{
	for (size_t s = 0; s < l->nseries && l->n > 0; s++) {
		rel_put_fmt(b, "<svg width=\"100%%\" height=\"%u\" viewBox=\"0 0"
		    " 1000 %u\" preserveAspectRatio=\"none\""
		    " overflow=\"visible\"><polyline class=\"plot-line plot-s%zu\""
		    " fill=\"none\" vector-effect=\"non-scaling-stroke\""
		    " points=\"", l->height, l->height, s);
		for (size_t i = 0; i < l->n; i++) {
			if (i > 0)
				rel_put_u8(b, ' ');
			svg_num(b, 1000 * ((double)i + 0.5) / (double)l->n, 2);
			rel_put_u8(b, ',');
			svg_num(b, y_of(l, plot_value(l, s, i)), 2);
		}
		rel_put_fmt(b, "\"/></svg>\n");
		if (l->n <= 40)
			put_marks(b, l, s);
	}
}

static void
put_swatch(struct rel_buf *b, const struct layout *l, size_t s)
{
	if (!l->p->line) {
		rel_put_fmt(b, "<rect class=\"plot-bar\" width=\"16\""
		    " height=\"16\" fill=\"url(#p%08x-%zu)\"/>",
		    (unsigned)l->id, s);
		return;
	}
	rel_put_fmt(b, "<path class=\"plot-line plot-s%zu\" d=\"M0 8h22\"/>", s);
	if (l->n <= 40)
		rel_put_fmt(b, "<use class=\"plot-s%zu\" href=\"#p%08x-%zu\""
		    " x=\"11\" y=\"8\"/>", s, (unsigned)l->id, s);
}

static void
put_legend(struct rel_buf *b, const struct layout *l)
{
	unsigned columns = plot_legend_columns(l);

	if (l->nseries < 2)
		return;
	for (size_t s = 0; s < l->nseries; s++) {
		rel_put_fmt(b, "<svg y=\"%zu\" overflow=\"visible\"",
		    l->height + l->below + 6 + s / columns * 22);
		put_percent(b, "x", (double)(s % columns) / columns);
		rel_put_u8(b, '>');
		put_swatch(b, l, s);
		rel_put_fmt(b, "<text class=\"plot-text\" x=\"28\" y=\"12\">");
		svg_text(b, l->p->series[s].name, 40);
		rel_put_fmt(b, "</text></svg>\n");
	}
}

static void
put_empty(struct rel_buf *b, const struct layout *l)
{
	rel_put_fmt(b, "<text class=\"plot-text\" x=\"50%%\""
	    " text-anchor=\"middle\" y=\"%u\">", l->height / 2);
	put_words(b, l, "There is nothing to show yet.", NULL, 0);
	rel_put_fmt(b, "</text>\n");
}

void
plot_svg(struct rel_buf *b, const struct plot *p)
{
	struct layout l;

	plot_lay_out(&l, p);
	rel_put_fmt(b, "<svg class=\"plot plot-left-%u\""
	    " xmlns=\"http://www.w3.org/2000/svg\""
	    " width=\"%u\" height=\"%u\" role=\"img\""
	    " aria-labelledby=\"p%08x-t\" aria-describedby=\"p%08x-d\">\n"
	    "<title id=\"p%08x-t\">", l.left, l.left + l.width + RIGHT,
	    l.above + l.height + l.below + l.legend, (unsigned)l.id,
	    (unsigned)l.id, (unsigned)l.id);
	svg_text(b, p->title, TEXT_CHARS);
	rel_put_fmt(b, "</title>\n<desc id=\"p%08x-d\">", (unsigned)l.id);
	put_desc(b, &l);
	rel_put_fmt(b, "</desc>\n");
	put_defs(b, &l);
	rel_put_fmt(b, "<svg y=\"%u\" width=\"100%%\" height=\"%u\""
	    " overflow=\"visible\">\n", l.above, l.height);
	put_axes(b, &l);
	if (l.n == 0)
		put_empty(b, &l);
	else if (p->line)
		put_lines(b, &l);
	else
		put_bars(b, &l);
	put_level(b, &l, "plot-axis", 0);
	put_labels(b, &l);
	put_legend(b, &l);
	rel_put_fmt(b, "</svg>\n</svg>\n");
}
