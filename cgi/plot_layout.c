/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "cgi/plot_priv.h"

#include <math.h>
#include <string.h>

#include "cgi/svg.h"

#define PLOT_MAX 400		/* values */
#define PLOT_HUGE 1e300		/* larger values are drawn as this */
#define COLUMN 7		/* pixels of a character, rather too many */
#define PHONE 320		/* the narrowest a plot gets */

const char *
plot_words(const struct layout *l, const char *english)
{
	return l->p->tr != NULL ? l->p->tr(english) : english;
}

/* Values from outside: only what can be drawn. */
double
plot_value(const struct layout *l, size_t series, size_t i)
{
	double v = l->p->series[series].value[i];

	if (!isfinite(v) || v < 0)
		return 0;
	return v > PLOT_HUGE ? PLOT_HUGE : v;
}

const char *
plot_label(const struct layout *l, size_t i)
{
	const char *s = l->p->label != NULL ? l->p->label[i] : NULL;

	return s != NULL ? s : "";
}

/* ---- numbers as people read them */

/* Thousands stand apart by a narrow blank, as in ISO 80000-1. */
static void
put_grouped(struct rel_buf *b, const char *digits, char decimal)
{
	size_t whole = strcspn(digits, ".");

	for (size_t i = 0; digits[i] != '\0'; i++) {
		if (i > 0 && i < whole && whole > 4 && (whole - i) % 3 == 0)
			rel_put_raw(b, "\xe2\x80\xaf", 3);
		rel_put_u8(b, (uint8_t)(i == whole && decimal != '\0' ?
		    decimal : digits[i]));
	}
}

/* 0.5 of an amount is 0.50; nothing where units are thousands. */
static void
pad_amount(struct rel_buf *t, double top)
{
	size_t whole = 0;

	if (t->failed || top >= 1e5)
		return;
	while (whole < t->len && t->data[whole] != '.')
		whole++;
	if (whole == t->len)
		rel_put_u8(t, '.');
	while (!t->failed && t->len < whole + 3)
		rel_put_u8(t, '0');
}

void
plot_put_value(struct rel_buf *b, const struct layout *l, double v)
{
	struct rel_buf t;

	if (v >= 1e12) {
		rel_put_fmt(b, "%.0e", v);
		return;
	}
	rel_buf_init(&t);
	svg_num(&t, v, v < 1 ? 6 : v < 1e6 ? 2 : 0);
	if (l->p->amount)
		pad_amount(&t, l->top);
	rel_put_u8(&t, '\0');
	if (!t.failed)
		put_grouped(b, (const char *)t.data, l->p->decimal);
	else
		b->failed = t.failed;
	rel_buf_fini(&t);
}

/* A mark of the y axis: all of one axis in the same unit. */
void
plot_put_tick(struct rel_buf *b, const struct layout *l, double v)
{
	static const struct { double from, by; char sign; } unit[] = {
		{ 1e12, 1e12, 'T' }, { 1e9, 1e9, 'G' }, { 1e6, 1e6, 'M' },
		{ 1e5, 1e3, 'k' },
	};

	for (size_t i = 0; i < sizeof unit / sizeof *unit; i++)
		if (l->top >= unit[i].from && l->top < 1e15 && v > 0) {
			plot_put_value(b, l, v / unit[i].by);
			rel_put_u8(b, (uint8_t)unit[i].sign);
			return;
		}
	plot_put_value(b, l, v);
}

static unsigned
tick_columns(const struct layout *l, double v)
{
	struct rel_buf t;
	unsigned n = 8;

	rel_buf_init(&t);
	plot_put_tick(&t, l, v);
	rel_put_u8(&t, '\0');
	if (!t.failed)
		n = (unsigned)svg_columns((const char *)t.data);
	rel_buf_fini(&t);
	return n;
}

/* ---- layout */

/* The highest bar, or the highest value of all. */
static double
highest(const struct layout *l, bool *whole)
{
	double most = 0;

	*whole = true;
	for (size_t i = 0; i < l->n; i++) {
		double sum = 0;

		for (size_t s = 0; s < l->nseries; s++) {
			double v = plot_value(l, s, i);

			if (v < 1e9 && v != (double)(long)v)
				*whole = false;
			sum = l->p->stacked && !l->p->line ? sum + v : v;
			if (sum > most)
				most = sum;
		}
	}
	return most;
}

/* 1, 2 or 5 times a power of ten, so that about four steps reach the top. */
static void
round_axis(struct layout *l)
{
	static const double part[] = { 1, 2, 5, 10 };
	bool whole;
	double most = highest(l, &whole), power = 1;
	unsigned i = 0;

	if (most < 1e-4)
		most = 1;
	while (power * 50 < most)
		power *= 10;
	while (power * 4 > most && power > 1e-7)
		power /= 10;
	while (i < 3 && part[i] * power * 4.5 < most)
		i++;
	l->step = part[i] * power;
	if (whole && l->step < 1)
		l->step = 1;
	for (l->top = l->step; l->top < most * (1 - 1e-9); )
		l->top += l->step;
}

static size_t
widest_label(const struct layout *l)
{
	size_t most = 1;

	for (size_t i = 0; i < l->n; i++) {
		size_t c = svg_columns(plot_label(l, i));

		if (c > most)
			most = c;
	}
	return most > LABEL_CHARS ? LABEL_CHARS : most;
}

/* The x axis: which labels there is room for, and where. */
static void
fit_labels(struct layout *l)
{
	size_t chars = widest_label(l), n = l->n > 0 ? l->n : 1;
	unsigned px = (unsigned)chars * COLUMN + 8;
	unsigned phone = PHONE - l->left - RIGHT;

	l->below = LABELS;
	l->every = l->every_phone = 1;
	l->tilt = n > 1 && n <= 14 && chars > 8 && px > phone / n;
	if (l->tilt) {		/* at 40 degrees: sine 0.64, cosine 0.77 */
		unsigned reach = px * 77 / 100;

		l->below = 18 + px * 64 / 100;
		if (reach > l->left + phone / n / 2)
			l->left = reach - (unsigned)(phone / n / 2);
		return;
	}
	while (l->width * l->every < px * n)
		l->every++;
	l->every_phone = l->every;
	while (phone * l->every_phone < px * n)
		l->every_phone += l->every;
}

/* Rows of the legend: all in one, two in one, or each in its own. */
unsigned
plot_legend_columns(const struct layout *l)
{
	size_t most = 0;

	for (size_t s = 0; s < l->nseries; s++) {
		size_t c = svg_columns(l->p->series[s].name);

		if (c > most)
			most = c;
	}
	for (unsigned columns = 3; columns > 1; columns--)
		if (columns <= l->nseries &&
		    most * COLUMN + 32 < (PHONE - 10) / columns)
			return columns;
	return 1;
}

void
plot_lay_out(struct layout *l, const struct plot *p)
{
	unsigned width = p->width >= PHONE ? p->width : 720;
	unsigned height = p->height > 0 ? p->height : 260, columns;

	*l = (struct layout){ .p = p };
	l->n = p->n < PLOT_MAX ? p->n : PLOT_MAX;
	l->nseries = p->nseries < PLOT_SERIES ? p->nseries : PLOT_SERIES;
	if (l->nseries == 0)
		l->n = 0;
	if (width > 4000)
		width = 4000;
	if (height > 4000)
		height = 4000;
	l->id = svg_id(svg_id(0, p->title), p->unit);
	for (size_t i = 0; i < l->n; i++)
		l->id = svg_id(l->id, plot_label(l, i));
	round_axis(l);
	for (double v = 0; v <= l->top * (1 + 1e-9); v += l->step)
		if (l->left < tick_columns(l, v) * COLUMN + 12)
			l->left = tick_columns(l, v) * COLUMN + 12;
	l->width = width - l->left - RIGHT;
	fit_labels(l);
	l->left = (l->left + 7) / 8 * 8;	/* a class of plot.css each */
	l->width = width - l->left - RIGHT;
	l->above = p->unit != NULL && *p->unit != '\0' ? 26 : 12;
	columns = plot_legend_columns(l);
	l->legend = l->nseries > 1 ?
	    (unsigned)((l->nseries + columns - 1) / columns) * 22 + 4 : 0;
	l->height = height > l->above + LABELS + 60 ?
	    height - l->above - LABELS : 60;
}
