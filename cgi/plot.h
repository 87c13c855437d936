/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef PLOT_H
#define PLOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"

/*
 * Bar and line plots as SVG text: axes with round steps, labels, legend, and
 * <title> and <desc> in words for who does not see it.  No inline style, no
 * script: the classes plot-s0..plot-s5, plot-mark, plot-axis, plot-grid and
 * plot-text are coloured by static/plot.css for light, dark and print; series
 * also differ by pattern, dashes and marks, so without colour.
 *
 * The stylesheet lets a plot become as narrow as a phone with letters of the
 * same size: x is in percent, y in pixels, and labels of the class plot-wide
 * give way.
 */
struct plot_series {
	const char *name;		/* in the legend; borrowed */
	const double *value;		/* one a label; borrowed; >= 0 */
};

struct plot {
	const char *title, *unit;	/* "Pages per day", "pages" */
	const char *const *label;	/* under the x axis, one a value */
	size_t n;			/* 0..400 values; more are left out */
	const struct plot_series *series;
	size_t nseries;			/* 1..6; more are left out */
	bool stacked, line;		/* bars on each other; lines, not bars */
	bool amount;			/* of money: 0.50, not 0.5 */
	unsigned width, height;		/* pixels, e.g. 720 x 260; 0: these;
					 * legend and long labels come below */
	const char *(*tr)(const char *english);	/* words; NULL: English */
	char decimal;			/* ',' as in German; 0: '.' */
};

/*
 * Append the whole <svg>.  All text is escaped.  Values that are negative, not
 * a number or infinite count as 0.  The same plot gives the same bytes; two on
 * one page must differ in title, unit or labels (ids are made of them).  Fails
 * only with b->failed.
 */
void plot_svg(struct rel_buf *b, const struct plot *p);

#endif
