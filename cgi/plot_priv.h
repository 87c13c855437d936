/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef PLOT_PRIV_H
#define PLOT_PRIV_H

#include "cgi/plot.h"

/* The two halves of plots: plot_layout.c measures, plot.c draws. */
#define PLOT_SERIES 6
#define LABEL_CHARS 18		/* of a label, a longer one is cut */
#define LABELS 26		/* room below the axis, for labels */
#define RIGHT 12		/* room on the right */

/* What is worked out before anything is drawn; pixels where not said. */
struct layout {
	const struct plot *p;
	size_t n, nseries;
	uint32_t id;
	double top, step;		/* of the y axis, in values */
	unsigned left, above, below, legend;
	unsigned width, height;		/* of the area between the axes */
	size_t every, every_phone;	/* label; 1: each */
	bool tilt;			/* labels stand askew */
};

void plot_lay_out(struct layout *l, const struct plot *p);

/* A value of the plot, with what cannot be drawn as 0; a label or "". */
double plot_value(const struct layout *l, size_t series, size_t i);
const char *plot_label(const struct layout *l, size_t i);
/* In the visitor's language. */
const char *plot_words(const struct layout *l, const char *english);
/* The same for all rows of the legend: how many entries stand in one. */
unsigned plot_legend_columns(const struct layout *l);
/* A number as people read it, and as it stands at the y axis. */
void plot_put_value(struct rel_buf *b, const struct layout *l, double v);
void plot_put_tick(struct rel_buf *b, const struct layout *l, double v);

#endif
