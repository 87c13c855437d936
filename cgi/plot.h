/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef PLOT_H
#define PLOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"

/*
 * Bar and line plots as SVG 1.1 text: axes with round steps, labels, legend,
 * <title> and <desc> for screen readers.  No inline style and no script: the
 * classes plot-s0..plot-s5, plot-axis, plot-grid, plot-text are coloured by
 * static/release.css for light, dark and print (series also differ by
 * pattern, so that they are told apart without colour).
 */
struct plot_series {
	const char *name;		/* in the legend; borrowed */
	const double *value;		/* one a label; borrowed; >= 0 */
};

struct plot {
	const char *title, *unit;	/* "Pages per day", "pages" */
	const char *const *label;	/* under the x axis, one a value */
	size_t n;			/* 0..400 values */
	const struct plot_series *series;
	size_t nseries;			/* 1..6 */
	bool stacked, line;		/* bars on each other; lines, not bars */
	unsigned width, height;		/* viewBox units, e.g. 720 x 260 */
};

/* Append the whole <svg>. All text is escaped. Fails only with b->failed. */
void plot_svg(struct rel_buf *b, const struct plot *p);

#endif
